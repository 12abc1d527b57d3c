import { sharedDigits } from '../../nomenclature/hs.js';
import { share } from '../../nomenclature/units.js';
import { entryOf } from '../../statement/statement.js';
import type { Blocker, Evidence, FirmFacts, LineFacts, OpportunityFacts, Verdict } from './facts.js';

/** What each rule is worth, and why. */
export const WEIGHTS = {
  /** The product decides: a lead for another good is no lead. */
  product: 50,
  /** The statement's sectors say where the two countries want trade; alone they make no match. */
  sector: 20,
  /** Words catch what codes leave open (variety, grade, form), but a few shared words prove little. */
  words: 20,
  /** Most firms deal with whoever buys; the few that said where count. */
  country: 10,
} as const;

/** What a code is worth that the firm did not choose itself. */
const GUESSED = 0.8;

/** So many words of a title are as good as all of them: titles also hold terms and quantities. */
const ENOUGH_WORDS = 3;

type ProductEvidence = Extract<Evidence, { rule: 'product' }>;

const nothing: Verdict = { points: 0, max: 0, evidence: [] };

export function sectorRule(firm: FirmFacts, lead: OpportunityFacts): Verdict {
  if (!lead.sectors.length) return nothing;
  const shared = lead.sectors.filter((sector) => firm.sectors.includes(sector));
  return {
    points: shared.length ? WEIGHTS.sector : 0,
    max: WEIGHTS.sector,
    evidence: shared.slice(0, 1).map((sector): Evidence => ({ rule: 'sector', sector, paragraph: entryOf(sector)?.paragraphs[0] ?? 0 })),
  };
}

/**
 * HS: equal six digits are worth more than the same heading, that more than the same chapter; a code one level up or down counts as the
 * level they share. A lead that names only a heading or a chapter asks for no more, so meeting it whole is worth nearly all.
 * ISIC: the same division, or deeper. The best line counts; further ones never take away.
 */
export function productRule(lines: readonly LineFacts[], lead: OpportunityFacts): Verdict {
  if (!lead.hs.length && !lead.isic.length) return nothing;
  let best: { part: number; evidence: ProductEvidence } | undefined;
  const offer = (part: number, evidence: ProductEvidence) => {
    if (part === 0) return;
    // of equals the one with the lower codes, so that the order of lines does not show
    const before = !best || part > best.part || (part === best.part && evidence.theirs + evidence.yours < best.evidence.theirs + best.evidence.yours);
    if (before) best = { part, evidence };
  };
  for (const line of lines) {
    for (const theirs of lead.hs) {
      const hold = (yours: string, worth: number) => {
        const digits = sharedDigits(theirs, yours);
        offer(worth * hsPart(digits, theirs.length), { rule: 'product', system: 'hs', theirs, yours, digits });
      };
      line.hs.forEach((yours) => hold(yours, 1));
      line.guessedHs.forEach((yours) => hold(yours, GUESSED));
    }
    for (const theirs of lead.isic) {
      const hold = (yours: string, worth: number) => {
        if (theirs.slice(0, 2) !== yours.slice(0, 2)) return;
        const whole = yours.startsWith(theirs) || theirs.startsWith(yours);
        offer(worth * (whole ? 0.9 : 0.7), { rule: 'product', system: 'isic', theirs, yours, digits: 2 });
      };
      line.isic.forEach((yours) => hold(yours, 1));
      line.guessedIsic.forEach((yours) => hold(yours, GUESSED));
    }
  }
  return { points: WEIGHTS.product * (best?.part ?? 0), max: WEIGHTS.product, evidence: best ? [best.evidence] : [] };
}

function hsPart(shared: number, asked: number): number {
  if (shared === 0) return 0;
  if (shared === asked) return { 6: 1, 4: 0.9, 2: 0.7 }[asked] ?? 0;
  return { 4: 0.7, 2: 0.3 }[shared] ?? 0;
}

/** How much of the lead's title a line says, in whichever language says most. Titles and lines of the same language share words. */
export function wordsRule(lines: readonly LineFacts[], lead: OpportunityFacts): Verdict {
  const titles = lead.titles.filter((title) => title.size > 0);
  if (!titles.length) return nothing;
  let part = 0;
  let words: string[] = [];
  for (const title of titles) {
    const enough = Math.min(ENOUGH_WORDS, title.size);
    for (const line of lines) {
      const shared = [...title].flatMap((word) => line.words.get(word) ?? []);
      const covered = Math.min(1, shared.length / enough);
      // which line is named must not hang on the order of the lines
      const nearer = shared.length - words.length || (shared.join() < words.join() ? 1 : -1);
      if (covered > part || (covered === part && nearer > 0)) [part, words] = [covered, shared];
    }
  }
  return { points: WEIGHTS.words * part, max: WEIGHTS.words, evidence: words.length ? [{ rule: 'words', words: words.slice(0, 6) }] : [] };
}

export function countryRule(firm: FirmFacts, lead: OpportunityFacts): Verdict {
  const wanted = firm.markets.includes(lead.country);
  return {
    points: wanted || firm.markets.length === 0 ? WEIGHTS.country : 0,
    max: WEIGHTS.country,
    evidence: wanted ? [{ rule: 'country', country: lead.country }] : [],
  };
}

/** What stands in the way. Blockers explain; they hide nothing and cost no points. */
export function blockersOf(firm: FirmFacts, lines: readonly LineFacts[], lead: OpportunityFacts, today: string): Blocker[] {
  const found: Blocker[] = [];
  if (firm.validUntil !== null && firm.validUntil < today) found.push({ gap: 'membership-lapsed', since: firm.validUntil });
  const held = new Set([...firm.certificates, ...lines.flatMap((line) => line.certificates)]);
  for (const certificate of lead.certificates) if (!held.has(certificate)) found.push({ gap: 'certificate-missing', certificate });
  const { quantity } = lead;
  if (quantity && (lead.kind === 'buy_request' || lead.kind === 'tender')) {
    const product = lines.filter((line) => line.capacity && line.hs.some((yours) => lead.hs.some((theirs) => sharedDigits(yours, theirs) >= 4)));
    const shares = product.flatMap((line) => (line.capacity ? (share(line.capacity, quantity) ?? []) : []));
    const together = shares.reduce((a, b) => a + b, 0);
    // sums of fractions are a hair off
    if (shares.length && together < 1 - 1e-9) found.push({ gap: 'capacity-short', percent: Math.floor(together * 100 + 1e-9) });
  }
  return found;
}
