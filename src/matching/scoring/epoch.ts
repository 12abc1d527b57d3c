import type { FirmFacts, LineFacts, OpportunityFacts } from './facts.js';

/**
 * What words weigh, frozen: made from the firms and leads of one moment, kept and recorded with every match, renewed by `rematch` only. So one
 * firm's saving never changes what another's words are worth. Plain data.
 */
export interface Epoch {
  /** Word or meaning → weight: 1 for the rarest, towards 0 for what everybody says. Multiples of 1/1024, so that sums come out the same in any order. */
  readonly weights: Readonly<Record<string, number>>;
}

/** The epoch before the first one: every word is as good as any other. */
export const NO_EPOCH: Epoch = { weights: {} };

const STEPS = 1024;
const inSteps = (n: number): number => Math.round(n * STEPS) / STEPS;

/** How often words stand in texts of one kind. */
class Frequencies {
  private readonly seen = new Map<string, number>();
  private texts = 0;

  add(words: Iterable<string>): void {
    this.texts++;
    for (const word of words) this.seen.set(word, (this.seen.get(word) ?? 0) + 1);
  }

  words(): Iterable<string> {
    return this.seen.keys();
  }

  /** The idf of BM25, as a share of the rarest possible. */
  rarity(word: string): number {
    const n = this.seen.get(word) ?? 0;
    return Math.log(1 + (this.texts - n + 0.5) / (n + 0.5)) / Math.log(2 * this.texts + 2);
  }
}

/** Firms and leads, one after the other → what their words weigh: how rare a word is in a line, and how rare in a lead, on average. */
export class EpochMaker {
  private readonly lines = new Frequencies();
  private readonly leads = new Frequencies();

  firm(firm: FirmFacts): void {
    for (const side of [firm.offers, firm.needs]) for (const line of distinctLines(side)) this.lines.add(line.words.keys());
  }

  lead(lead: OpportunityFacts): void {
    this.leads.add(new Set(lead.texts.flatMap((text) => [...text.keys()])));
  }

  made(): Epoch {
    const weight = (word: string): number => Math.max(1 / STEPS, inSteps((this.lines.rarity(word) + this.leads.rarity(word)) / 2));
    const words = [...new Set([...this.lines.words(), ...this.leads.words()])].sort();
    return { weights: Object.fromEntries(words.map((word) => [word, weight(word)])) };
  }
}

/** The epoch of these firms and leads, in any order. */
export function makeEpoch(firms: Iterable<FirmFacts>, leads: Iterable<OpportunityFacts>): Epoch {
  const maker = new EpochMaker();
  for (const firm of firms) maker.firm(firm);
  for (const lead of leads) maker.lead(lead);
  return maker.made();
}

/** A word nobody had said when the epoch was made weighs as much as the rarest. */
export const weightOf = (epoch: Epoch, word: string): number => (Object.hasOwn(epoch.weights, word) ? (epoch.weights[word] as number) : 1);

/** Lines that say different things; the same words said twice are one line, wherever they stand. */
export function distinctLines(lines: readonly LineFacts[]): LineFacts[] {
  return [...new Map(lines.map((line) => [[...line.words.keys()].sort().join(' '), line])).values()];
}

/**
 * What a word is worth that so many of a firm's lines say, as a share of its weight: a sixth for one line, half for five, and so on. Firms that say a
 * thing again and again in different lines live by it.
 */
export const SAT: readonly number[] = Array.from({ length: 64 }, (_, n) => inSteps(n / (n + 5)));
/** Beyond this many lines one more says nothing new. */
export const MOST_LINES = SAT.length - 1;

/** Where half of the words' points are reached. */
export const HALF = 0.1;

/**
 * Words found → share of the points, 0 to 1 (never quite). Only the order of leads and firms follows from the sum; the curve spreads it over the
 * points, so that saying all of a short lead in one line is worth about four fifths.
 * @param sum Σ times × weight × SAT over the words of the lead that the firm's lines hold
 * @param norm Σ times × weight over all words of the lead: by its root, for the more a lead says, the less of it a firm need say
 */
export function wordsPart(sum: number, norm: number): number {
  if (sum <= 0) return 0;
  const found = sum / Math.sqrt(norm);
  return found / (found + HALF);
}
