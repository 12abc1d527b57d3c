import type { FirmFacts, LineFacts, OpportunityFacts } from './facts.js';

/** Why a pair may not be matched at all. */
export type Gate = 'not-admitted' | 'not-open' | 'own-lead' | 'excluded' | 'direction';

/** The first gate that is shut for the pair, or null. Lapsed membership is no gate: it stands in the way, and says so. */
export function shutGate(firm: FirmFacts, lead: OpportunityFacts): Gate | null {
  if (!firm.admitted) return 'not-admitted';
  if (!lead.open) return 'not-open';
  if (lead.ownFirmId === firm.id) return 'own-lead';
  if (
    firm.excludedKinds.includes(lead.kind) ||
    (lead.country !== null && firm.excludedCountries.includes(lead.country)) ||
    firm.excludedWords.some((word) => lead.titles.some((title) => title.has(word)))
  ) {
    return 'excluded';
  }
  return fitsDirection(firm, lead) ? null : 'direction';
}

/** Who stands at the other end of a lead of this kind: those who offer, those who need, those who ask for it, or a whole sector. */
function fitsDirection(firm: FirmFacts, lead: OpportunityFacts): boolean {
  switch (lead.kind) {
    case 'buy_request':
    case 'tender':
      return firm.offers.length > 0;
    case 'sell_offer':
      return firm.needs.length > 0;
    case 'technology':
      return firm.needs.length > 0 || firm.seeks.includes('technology');
    case 'joint_venture':
    case 'investment':
    case 'sez_plot':
      return firm.seeks.includes(lead.kind);
    case 'expo_place':
    case 'training':
      return firm.sectors.some((sector) => lead.sectors.includes(sector));
  }
}

/** The lines of the firm that a lead of this kind is held against. */
export function linesFor(firm: FirmFacts, lead: OpportunityFacts): readonly LineFacts[] {
  switch (lead.kind) {
    case 'buy_request':
    case 'tender':
    case 'expo_place':
    case 'training':
      return firm.offers;
    case 'sell_offer':
    case 'technology':
      return firm.needs;
    case 'joint_venture':
    case 'investment':
    case 'sez_plot':
      return allLines(firm);
  }
}

/** Made once for a firm: rules remember what they found out about a list of lines. */
function allLines(firm: FirmFacts): readonly LineFacts[] {
  const known = both.get(firm);
  if (known) return known;
  const lines = [...firm.offers, ...firm.needs];
  both.set(firm, lines);
  return lines;
}
const both = new WeakMap<FirmFacts, readonly LineFacts[]>();
