import type { FirmFacts, OpportunityFacts } from './scoring/facts.js';
import { linesFor } from './scoring/gates.js';
import { capacityShare } from './scoring/rules.js';

/** Firms that together can supply what none of them can alone. */
export interface Pool {
  /** The HS code that the lead asks for. */
  readonly code: string;
  readonly members: readonly Member[];
}

/** A firm and the part of the wanted quantity that it can supply, 1 being all of it. */
export interface Member {
  readonly firmId: string;
  readonly share: number;
}

/** So many pools of a product are proposed. */
const PROPOSED = 3;
/** Sums of fractions are a hair off. */
const ENOUGH = 1 - 1e-9;

/**
 * The smallest sets of firms that together reach the whole; the strongest members first, then by id.
 * @param members at most one entry a firm
 * @param most so many sets at most, those with the strongest first members
 * @returns nothing where one firm can do it alone, or all together cannot
 */
export function smallestSets(members: readonly Member[], most: number): Member[][] {
  const sorted = members.filter((m) => m.share > 0).toSorted((a, b) => b.share - a.share || (a.firmId < b.firmId ? -1 : 1));
  if ((sorted[0]?.share ?? 0) >= ENOUGH) return [];
  const upTo = [0];
  for (const { share: part } of sorted) upTo.push((upTo.at(-1) ?? 0) + part);
  const size = upTo.findIndex((sum) => sum >= ENOUGH);
  if (size < 0) return [];
  const found: Member[][] = [];
  const choose = (from: number, chosen: readonly Member[], sum: number): void => {
    const missing = size - chosen.length;
    if (missing === 0) {
      found.push([...chosen]);
      return;
    }
    for (let i = from; i + missing <= sorted.length && found.length < most; i++) {
      // even the strongest that are left would not do
      if (sum + (upTo[i + missing] ?? 0) - (upTo[i] ?? 0) < ENOUGH) return;
      const next = sorted[i];
      if (next) choose(i + 1, [...chosen, next], sum + next.share);
    }
  };
  choose(0, [], 0);
  return found;
}

/** The smallest pools for what a buyer or tender wants a quantity of, for each code that it asks for; shares are those of the rule of capacity. */
export const poolsOf = (firms: readonly FirmFacts[], lead: OpportunityFacts): Pool[] =>
  [...new Set(lead.hs)].flatMap((code) => {
    const members = firms.map((firm): Member => ({ firmId: firm.id, share: capacityShare(linesFor(firm, lead), { ...lead, hs: [code], isic: [] }) ?? 0 }));
    return smallestSets(members, PROPOSED).map((set) => ({ code, members: set }));
  });
