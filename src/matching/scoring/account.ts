import type { OpportunityKind } from '../../statement/kinds.js';
import type { Epoch } from './epoch.js';
import type { Blocker, FirmFacts, LineFacts, OpportunityFacts, Verdict } from './facts.js';
import { type Gate, linesFor, shutGate } from './gates.js';
import { blockersOf, productLines, type Rule } from './rules.js';
import { score, scoreOf, verdictsOf } from './score.js';
import { lineFactsOf } from './texts.js';

/** Everything the matcher has to say of a pair: "matched because, held back by". */
export interface Account {
  /** The gate that is shut, which makes it no match whatever the rules say; null where all are open. */
  readonly gate: Gate | null;
  /** 0-100: what the rules come to; with a shut gate, what they would come to. */
  readonly score: number;
  /** The rules that the opportunity states anything for. */
  readonly rules: readonly (Verdict & { readonly rule: Rule })[];
  readonly blockers: readonly Blocker[];
}

/** The full account of a pair, matched or not. Pure. */
export function accountOf(firm: FirmFacts, lead: OpportunityFacts, epoch: Epoch, today: string): Account {
  const verdicts = verdictsOf(firm, lead, epoch);
  return {
    gate: shutGate(firm, lead),
    score: scoreOf(verdicts),
    rules: verdicts.filter(({ max }) => max > 0),
    blockers: blockersOf(firm, linesFor(firm, lead), lead, today),
  };
}

/** One thing that a firm can do, in codes. */
export type Change =
  | { readonly change: 'renew' }
  | { readonly change: 'include-country'; readonly country: string }
  | { readonly change: 'include-kind'; readonly kind: OpportunityKind }
  /** Keys of the words that it excluded and the title holds. */
  | { readonly change: 'include-words'; readonly words: readonly string[] }
  | { readonly change: 'seek'; readonly kind: OpportunityKind }
  | { readonly change: 'market'; readonly country: string }
  | { readonly change: 'sector'; readonly sector: string }
  /** `line`: which of its offers, counted from 0; null where it is a need of its. */
  | { readonly change: 'season'; readonly months: readonly number[]; readonly line: number | null }
  | { readonly change: 'capacity'; readonly line: number | null }
  | { readonly change: 'certificate'; readonly certificate: string }
  | { readonly change: 'offer' | 'need'; readonly system: 'hs' | 'isic'; readonly code: string };

/** A change with what it would bring. */
export interface Brings {
  readonly change: Change;
  /** 0-100, unrounded. */
  readonly score: number;
}

/**
 * The one change that would bring a firm a lead it nearly got: of those that alone reach the threshold the easiest, from a renewal or a tick in a form to
 * a certificate or another product. Pure.
 * @param threshold the score that the firm wants to be told of
 * @returns null where it gets the lead already, or no single change is enough
 */
export function oneChange(firm: FirmFacts, lead: OpportunityFacts, epoch: Epoch, today: string, threshold = 60): Brings | null {
  const reached = (of: FirmFacts): number | null => {
    const found = score(of, lead, epoch, today);
    const lapsed = of.validUntil !== null && of.validUntil < today;
    return found && !lapsed && found.score >= threshold ? found.score : null;
  };
  if (reached(firm) !== null) return null;
  for (const [change, after] of changesFor(firm, lead)) {
    const would = reached(after);
    if (would !== null) return { change, score: would };
  }
  return null;
}

/** Single changes that bear on the lead, the easiest first, each with the firm as it would be then. */
function* changesFor(firm: FirmFacts, lead: OpportunityFacts): Generator<readonly [Change, FirmFacts]> {
  yield [{ change: 'renew' }, { ...firm, validUntil: null }];
  const { country, kind } = lead;
  if (country !== null && firm.excludedCountries.includes(country)) {
    yield [
      { change: 'include-country', country },
      { ...firm, excludedCountries: firm.excludedCountries.filter((one) => one !== country) },
    ];
  }
  if (firm.excludedKinds.includes(kind))
    yield [
      { change: 'include-kind', kind },
      { ...firm, excludedKinds: firm.excludedKinds.filter((one) => one !== kind) },
    ];
  const words = [...new Set(firm.excludedWords.filter((word) => lead.titles.some((title) => title.has(word))))].sort();
  if (words.length)
    yield [
      { change: 'include-words', words },
      { ...firm, excludedWords: firm.excludedWords.filter((word) => !words.includes(word)) },
    ];
  if (!firm.seeks.includes(kind))
    yield [
      { change: 'seek', kind },
      { ...firm, seeks: [...firm.seeks, kind] },
    ];
  if (country !== null && firm.markets.length && !firm.markets.includes(country)) {
    yield [
      { change: 'market', country },
      { ...firm, markets: [...firm.markets, country] },
    ];
  }
  for (const sector of lead.sectors)
    if (!firm.sectors.includes(sector))
      yield [
        { change: 'sector', sector },
        { ...firm, sectors: [...firm.sectors, sector] },
      ];
  const [carrying] = productLines(linesFor(firm, lead), lead);
  const at = carrying ? firm.offers.indexOf(carrying) : -1;
  const position = at < 0 ? null : at;
  if (carrying && lead.deliveryMonths.length) {
    const months = [...new Set(lead.deliveryMonths)].sort((a, b) => a - b);
    yield [{ change: 'season', months, line: position }, withOffer(firm, { ...carrying, months })];
  }
  if (carrying && lead.quantity) {
    const { amount, unit, period } = lead.quantity;
    yield [{ change: 'capacity', line: position }, withOffer(firm, { ...carrying, capacity: { amount, unit, period: period ?? 'month' } })];
  }
  for (const certificate of [...new Set(lead.certificates)].sort()) {
    yield [
      { change: 'certificate', certificate },
      { ...firm, certificates: [...firm.certificates, certificate] },
    ];
  }
  const side = kind === 'sell_offer' || kind === 'technology' ? 'need' : 'offer';
  for (const [system, codes] of [
    ['hs', lead.hs],
    ['isic', lead.isic],
  ] as const) {
    for (const code of [...new Set(codes)].sort()) {
      const line = lineFactsOf({ text: '', hs: [], isic: [], guessedHs: [], guessedIsic: [], months: [], certificates: [], [system]: [code] });
      yield [{ change: side, system, code }, side === 'need' ? { ...firm, needs: [...firm.needs, line] } : withOffer(firm, line)];
    }
  }
}

const withOffer = (firm: FirmFacts, line: LineFacts): FirmFacts => ({ ...firm, offers: [...firm.offers, line] });
