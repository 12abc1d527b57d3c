import { sharedDigits } from '../../nomenclature/hs.js';
import { codeOfMeaning } from '../../nomenclature/meanings.js';
import { share } from '../../nomenclature/units.js';
import { entryOf } from '../../statement/statement.js';
import { distinctLines, type Epoch, MOST_LINES, SAT, weightOf, wordsPart } from './epoch.js';
import type { Blocker, Evidence, FirmFacts, LineFacts, OpportunityFacts, Verdict } from './facts.js';

/** What each rule is worth, and why. They add up to 100, which a lead that states everything holds a firm to. */
export const WEIGHTS = {
  /** The product decides: a lead for another good is no lead. */
  product: 45,
  /** The statement's sectors say where the two countries want trade; alone they make no match. */
  sector: 15,
  /** Words catch what codes leave open (variety, grade, form), and grow with every line that says the same; but they prove less than a code. */
  words: 15,
  /** Who can deliver the whole quantity comes before who can deliver a tenth; but shares are joined, so it never decides alone. */
  capacity: 8,
  /** A certificate can be had, in weeks or months: those who hold it come first. */
  certificates: 5,
  /** Crops cannot be hurried; stores, advance orders and next year can be talked about. */
  season: 4,
  /** Most firms deal with whoever buys; the few that said where count. */
  country: 4,
  /** An agreement or a fair lowers tariffs and finds buyers for those whose goods it is for. */
  platform: 4,
} as const;
export type Rule = keyof typeof WEIGHTS;

/** What a code is worth that the firm did not choose itself. A guess is of a heading: it is held to no more than four digits. */
export const GUESSED = 0.8;
const GUESSED_DIGITS = 4;

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
  const offer = (part: number, system: ProductEvidence['system'], theirs: string, yours: string, digits: number) => {
    if (part === 0 || (best && part < best.part)) return;
    // of equals the one with the lower codes, so that the order of lines does not show
    const before = !best || part > best.part || theirs + yours < best.evidence.theirs + best.evidence.yours;
    if (before) best = { part, evidence: { rule: 'product', system, theirs, yours, digits } };
  };
  for (const line of lines) {
    for (const theirs of lead.hs) {
      for (const yours of line.hs) {
        const digits = sharedDigits(theirs, yours);
        offer(hsPart(digits, theirs.length), 'hs', theirs, yours, digits);
      }
      for (const yours of line.guessedHs) {
        const digits = sharedDigits(theirs, yours);
        offer(guessedHsPart(digits, theirs.length), 'hs', theirs, yours, digits);
      }
    }
    for (const theirs of lead.isic) {
      for (const yours of line.isic) offer(isicPart(theirs, yours), 'isic', theirs, yours, 2);
      for (const yours of line.guessedIsic) offer(GUESSED * isicPart(theirs, yours), 'isic', theirs, yours, 2);
    }
  }
  return { points: WEIGHTS.product * (best?.part ?? 0), max: WEIGHTS.product, evidence: best ? [best.evidence] : [] };
}

/** How far a code goes that shares so many digits of those asked for. */
export function hsPart(shared: number, asked: number): number {
  if (shared === 0) return 0;
  if (shared === asked) return { 6: 1, 4: 0.9, 2: 0.7 }[asked] ?? 0;
  return { 4: 0.7, 2: 0.3 }[shared] ?? 0;
}

/** The same for a code that was guessed. */
export const guessedHsPart = (shared: number, asked: number): number => GUESSED * hsPart(Math.min(shared, GUESSED_DIGITS), Math.min(asked, GUESSED_DIGITS));

/** The same division counts; a class or group of it that is asked for or offered whole counts nearly all. */
export function isicPart(theirs: string, yours: string): number {
  if (theirs.slice(0, 2) !== yours.slice(0, 2)) return 0;
  return yours.startsWith(theirs) || theirs.startsWith(yours) ? 0.9 : 0.7;
}

/** In how many different lines each word stands, and how it is written there (of several ways the first by the alphabet). */
interface Said {
  readonly lines: number;
  readonly written: string;
}
const saidIn = new WeakMap<readonly LineFacts[], ReadonlyMap<string, Said>>();
function saidBy(lines: readonly LineFacts[]): ReadonlyMap<string, Said> {
  const known = saidIn.get(lines);
  if (known) return known;
  const said = new Map<string, Said>();
  for (const line of distinctLines(lines)) {
    for (const [word, written] of line.words) {
      const before = said.get(word);
      said.set(word, { lines: (before?.lines ?? 0) + 1, written: before && before.written < written ? before.written : written });
    }
  }
  saidIn.set(lines, said);
  return said;
}

/** The words of a text, how often each counts times its weight, and the sum of these. */
interface Weighed {
  readonly epoch: Epoch;
  readonly words: readonly string[];
  readonly weights: readonly number[];
  readonly norm: number;
}
const weighed = new WeakMap<ReadonlyMap<string, number>, Weighed>();
function weigh(text: ReadonlyMap<string, number>, epoch: Epoch): Weighed {
  const known = weighed.get(text);
  if (known?.epoch === epoch) return known;
  const words = [...text.keys()];
  const weights = [...text].map(([word, times]) => times * weightOf(epoch, word));
  const made = { epoch, words, weights, norm: weights.reduce((a, b) => a + b, 0) };
  weighed.set(text, made);
  return made;
}

/** What the lines say of a text. */
interface FoundWords {
  readonly part: number;
  /** Whether they share words, not only what the words mean. */
  readonly isSaid: boolean;
  readonly found: readonly { readonly word: string; readonly written: string; readonly worth: number }[];
}

/** The words of a text that the lines say, and what they are worth. Sums are exact, so they come out the same in any order. */
function wordsFound(said: ReadonlyMap<string, Said>, text: ReadonlyMap<string, number>, epoch: Epoch): FoundWords | undefined {
  const { words, weights, norm } = weigh(text, epoch);
  const found: { word: string; written: string; worth: number }[] = [];
  let sum = 0;
  let isSaid = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const own = said.get(word);
    if (!own) continue;
    const worth = (weights[i] as number) * (SAT[Math.min(own.lines, MOST_LINES)] as number);
    sum += worth;
    isSaid ||= codeOfMeaning(word) === null;
    found.push({ word, written: own.written, worth });
  }
  const part = wordsPart(sum, norm);
  return part > 0 ? { part, isSaid, found } : undefined;
}

/** How many words are named as a reason, the weightiest, in the order of the lead. */
const NAMED = 6;

/**
 * How much of the lead the firm's lines say: in the language in which they say most, or by what they mean. Every word counts by its weight in the epoch and
 * by how many of the lines say it.
 */
export function wordsRule(lines: readonly LineFacts[], lead: OpportunityFacts, epoch: Epoch): Verdict {
  const texts = lead.texts.filter((text) => text.size > 0);
  if (!texts.length) return nothing;
  const said = saidBy(lines);
  const found = texts.flatMap((text) => wordsFound(said, text, epoch) ?? []);
  let [best] = found;
  let most = 0;
  for (const one of found) {
    most = Math.max(most, one.part);
    if (best && one !== best && isBetter(one, best)) best = one;
  }
  return { points: WEIGHTS.words * most, max: WEIGHTS.words, evidence: best ? reasonsIn(best) : [] };
}

/** Words that both say convince more than what they mean; which of equals is named must not hang on the order of the texts. */
function isBetter(a: FoundWords, b: FoundWords): boolean {
  if (a.isSaid !== b.isSaid) return a.isSaid;
  if (a.part !== b.part) return a.part > b.part;
  return JSON.stringify(reasonsIn(a)) < JSON.stringify(reasonsIn(b));
}

function reasonsIn({ found }: FoundWords): Evidence[] {
  const words = found.filter(({ word }) => codeOfMeaning(word) === null);
  if (words.length) {
    const named = words.length > NAMED ? new Set([...words].sort((a, b) => b.worth - a.worth || (a.word < b.word ? -1 : 1)).slice(0, NAMED)) : undefined;
    return [{ rule: 'words', words: words.filter((one) => named?.has(one) ?? true).map(({ written }) => written) }];
  }
  const [first] = found.map(({ word }) => word).sort();
  const meaning = first === undefined ? null : codeOfMeaning(first);
  return meaning ? [{ rule: 'meaning', ...meaning }] : [];
}

/** The lines that carry what the lead is about: the same heading (or chapter, where no more is asked), or the same division; a guess is enough. */
export function productLines(lines: readonly LineFacts[], lead: OpportunityFacts): LineFacts[] {
  const known = carrying.get(lines);
  if (known?.lead === lead) return known.found;
  const carries = (yours: string) => lead.hs.some((theirs) => sharedDigits(theirs, yours) >= Math.min(4, theirs.length));
  const does = (yours: string) => lead.isic.some((theirs) => theirs.slice(0, 2) === yours.slice(0, 2));
  const found = lines.filter((line) => line.hs.some(carries) || line.guessedHs.some(carries) || line.isic.some(does) || line.guessedIsic.some(does));
  carrying.set(lines, { lead, found });
  return found;
}
/** The last answer for these lines: three rules ask for it, one after the other. */
const carrying = new WeakMap<readonly LineFacts[], { readonly lead: OpportunityFacts; readonly found: LineFacts[] }>();

/** Whether the lead holds its makers to what they can deliver, and when: only where it says of what. */
const isOrder = (lead: OpportunityFacts): boolean => (lead.kind === 'buy_request' || lead.kind === 'tender') && (lead.hs.length > 0 || lead.isic.length > 0);

/** What the lines of the product can supply together, of the quantity: 1 means all; undefined where none states a capacity that can be compared. */
export function capacityShare(lines: readonly LineFacts[], lead: OpportunityFacts): number | undefined {
  const { quantity } = lead;
  if (!quantity || !isOrder(lead)) return undefined;
  const able = productLines(lines, lead).filter((line) => line.capacity);
  // one line cannot repeat itself
  const once = able.length > 1 ? [...new Map(able.map((line) => [lineKey(line), line])).values()] : able;
  const shares = once.flatMap((line) => (line.capacity ? (share(line.capacity, quantity) ?? []) : []));
  // the smallest first, so that the order of lines does not show in the last digit
  return shares.length ? shares.sort((a, b) => a - b).reduce((a, b) => a + b, 0) : undefined;
}

/** A line repeated word for word, with the same codes and capacity, supplies nothing more. */
export function lineKey(line: LineFacts): string {
  let key = lineKeys.get(line);
  if (key === undefined) {
    key = JSON.stringify([[...line.words.keys()].sort(), [...new Set(line.hs)].sort(), [...new Set(line.isic)].sort(), line.capacity ?? null]);
    lineKeys.set(line, key);
  }
  return key;
}
const lineKeys = new WeakMap<LineFacts, string>();

/** Sums of fractions are a hair off. */
const whole = (part: number): boolean => part >= 1 - 1e-9;

/** A share of the quantity → share of the points: more than all of it earns no more. */
export const capacityPart = (share: number): number => (whole(share) ? 1 : share);

export function capacityRule(lines: readonly LineFacts[], lead: OpportunityFacts): Verdict {
  if (!lead.quantity || !isOrder(lead)) return nothing;
  const part = capacityPart(capacityShare(lines, lead) ?? 0);
  return {
    points: WEIGHTS.capacity * part,
    max: WEIGHTS.capacity,
    evidence: part > 0 ? [{ rule: 'capacity', percent: Math.min(100, Math.floor(part * 100 + 1e-9)) }] : [],
  };
}

/** Months of the delivery window in which a line of the product supplies; a line that names no months supplies all year. */
function monthsMet(lines: readonly LineFacts[], lead: OpportunityFacts): number[] {
  const carrying = productLines(lines, lead);
  return wanted(lead).filter((month) => carrying.some(({ months }) => months.length === 0 || months.includes(month)));
}
const wanted = (lead: OpportunityFacts): number[] => [...new Set(lead.deliveryMonths)].sort((a, b) => a - b);

export function seasonRule(lines: readonly LineFacts[], lead: OpportunityFacts): Verdict {
  if (!lead.deliveryMonths.length || !isOrder(lead)) return nothing;
  const met = monthsMet(lines, lead);
  return {
    points: (WEIGHTS.season * met.length) / wanted(lead).length,
    max: WEIGHTS.season,
    evidence: met.length ? [{ rule: 'season', months: met }] : [],
  };
}

export function countryRule(firm: FirmFacts, lead: OpportunityFacts): Verdict {
  const { country } = lead;
  if (country === null) return nothing;
  const named = firm.markets.includes(country);
  return {
    points: named || firm.markets.length === 0 ? WEIGHTS.country : 0,
    max: WEIGHTS.country,
    evidence: named ? [{ rule: 'country', country }] : [],
  };
}

export function platformRule(firm: FirmFacts, lead: OpportunityFacts): Verdict {
  if (!lead.platforms.length) return nothing;
  const [shared] = lead.platforms.filter((platform) => firm.platforms.includes(platform)).sort();
  return {
    points: shared === undefined ? 0 : WEIGHTS.platform,
    max: WEIGHTS.platform,
    evidence: shared === undefined ? [] : [{ rule: 'platform', platform: shared, paragraph: entryOf(shared)?.paragraphs[0] ?? 0 }],
  };
}

/** The certificates the lead asks for, held or not by the firm or by one of its lines. */
function certificates(firm: FirmFacts, lines: readonly LineFacts[], lead: OpportunityFacts): { held: string[]; missing: string[] } {
  if (!lead.certificates.length) return { held: [], missing: [] };
  const own = new Set([...firm.certificates, ...lines.flatMap((line) => line.certificates)]);
  const asked = [...new Set(lead.certificates)].sort();
  return { held: asked.filter((one) => own.has(one)), missing: asked.filter((one) => !own.has(one)) };
}

export function certificatesRule(firm: FirmFacts, lines: readonly LineFacts[], lead: OpportunityFacts): Verdict {
  if (!lead.certificates.length) return nothing;
  const { held, missing } = certificates(firm, lines, lead);
  return {
    points: (WEIGHTS.certificates * held.length) / (held.length + missing.length),
    max: WEIGHTS.certificates,
    evidence: held.length ? [{ rule: 'certificates', certificates: held }] : [],
  };
}

/** What stands in the way, each with one thing to do about it. Blockers explain and hide nothing. */
export function blockersOf(firm: FirmFacts, lines: readonly LineFacts[], lead: OpportunityFacts, today: string): Blocker[] {
  const found: Blocker[] = [];
  if (firm.validUntil !== null && firm.validUntil < today) found.push({ gap: 'membership-lapsed', since: firm.validUntil });
  for (const certificate of certificates(firm, lines, lead).missing) found.push({ gap: 'certificate-missing', certificate });
  const together = capacityShare(lines, lead);
  if (together !== undefined && !whole(together)) found.push({ gap: 'capacity-short', percent: Math.floor(together * 100 + 1e-9) });
  if (lead.deliveryMonths.length && isOrder(lead) && productLines(lines, lead).length) {
    const met = new Set(monthsMet(lines, lead));
    const months = wanted(lead).filter((month) => !met.has(month));
    if (months.length) found.push({ gap: 'out-of-season', months });
  }
  return found;
}
