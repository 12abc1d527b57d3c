import { type Period, PERIODS, share, UNITS } from '../../nomenclature/units.js';
import { OPPORTUNITY_KINDS, type OpportunityKind } from '../../statement/kinds.js';
import { distinctLines, type Epoch, MOST_LINES, NO_EPOCH, SAT, weightOf, wordsPart } from '../scoring/epoch.js';
import type { FirmFacts, LineFacts, OpportunityFacts } from '../scoring/facts.js';
import { capacityPart, GUESSED, guessedHsPart, hsPart, isicPart, lineKey, WEIGHTS } from '../scoring/rules.js';
import {
  bury,
  bytesOf,
  CERTIFICATES,
  EMPTY,
  type Encoded,
  FLAGS,
  HEAD,
  idOf,
  MARKETS,
  merged,
  numbersOfId,
  Places,
  type Rare,
  SECTORS,
  type Segment,
  SegmentBuilder,
  SHAPE_BITS,
} from './segment.js';

/** One answer of the index: the other side's id and the score of the pair, unrounded. */
export interface Found {
  readonly id: string;
  readonly score: number;
}

/** A lead that a firm fits, and the score of the pair, unrounded. */
export interface Fit {
  readonly lead: Lead;
  readonly score: number;
}

/** Bits of `FLAGS`: has offers, has needs, names no market, has something rare, states a capacity; nine for kinds it seeks, nine for those it excludes. */
const OFFERS = 1;
const NEEDS = 2;
const ANY_MARKET = 4;
const IS_RARE = 8;
const CAPACITY = 16;
const SEEKS = 5;
const EXCLUDES = 14;
/** Then, three bits each, how many different offers and needs, seven meaning seven or more. */
const OFFERS_SAID = 23;
const NEEDS_SAID = 26;
const MANY = 7;
const ALIVE = 1 << 29;
/** Where the second of two sets begins that share a number. */
const SECOND = 16;

/** Holders of a code or word: bits of its postings. */
const CHOSEN_OFFER = 1;
const GUESSED_OFFER = 2;
const CHOSEN_NEED = 4;
const GUESSED_NEED = 8;

/** Terms of words take the bits that the shape leaves. */
const MOST_TERMS = 2 ** (32 - SHAPE_BITS);
const SHAPES = 2 ** SHAPE_BITS;

/**
 * An offer among `lines`: its months, its capacity's unit (counted from 1) and period, whether it supplies the same as the one before it, how many keys; then
 * its keys and, if any, the 64 bits of its amount.
 */
const ALL_YEAR = 0xfff;
const UNIT_AT = 12;
const PERIOD_AT = 17;
const AGAIN = 1 << 19;
const KEYS_AT = 20;
const NO_UNIT = 31;

/** Changed firms wait in a segment of their own, made anew with each change, until they are this many, or this part of all. */
const WAITING = 512;
const WAITING_PART = 0.02;

/** Strings ↔ small numbers. */
class Numbers {
  private readonly known = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** The number of a string; a new one where it has none. */
  of(string: string): number {
    let number = this.known.get(string);
    if (number === undefined) {
      number = this.known.size;
      if (number >= this.most) throw new Error(`the index has no room for ${string}: there are ${this.most} such already`);
      this.known.set(string, number);
    }
    return number;
  }

  /** A set of them as the bits of one number. */
  bits(strings: Iterable<string>): number {
    let bits = 0;
    for (const string of strings) bits |= 1 << this.of(string);
    return bits;
  }

  get size(): number {
    return this.known.size;
  }
}

/** A lead made ready to be held against firms. */
export interface Lead {
  readonly facts: OpportunityFacts;
  readonly kind: number;
  /** Offers, needs or both: the lines it is held against. */
  readonly side: number;
  /** Flags of which a firm must have one, if it is not for a whole sector. */
  readonly asks: number;
  readonly bySector: boolean;
  readonly sectors: number;
  readonly platforms: number;
  readonly certificates: number;
  readonly certificatesAsked: number;
  /** Counted from 1; -1 where it names none. */
  readonly country: number;
  /** Codes that a firm may have, with what each earns of the product's points, best first. */
  readonly codes: readonly { readonly term: number; readonly holders: number; readonly part: number }[];
  /** Terms of which a firm must have one whatever it says: those who ask for such leads, or are of its sectors. Undefined where most firms will do. */
  readonly among?: readonly number[];
  /** Terms of which a line must have one to carry what the lead is about. */
  readonly carriers: readonly number[];
  readonly isOrder: boolean;
  /** Months of the delivery window as bits, and how many. */
  readonly months: number;
  readonly monthsAsked: number;
  readonly texts: readonly Words[];
  /** By number of lines, what words can earn at most. */
  readonly wordsMost: readonly number[];
  /** The most that each rule can give; 0 where the lead states nothing that it could hold a firm to. */
  readonly max: Readonly<Record<keyof typeof WEIGHTS, number>>;
  readonly maxOfAll: number;
}

/** The words of one text of a lead. */
interface Words {
  readonly terms: readonly number[];
  readonly weights: readonly number[];
  readonly norm: number;
}

/** In how many different lines a word stands. */
interface Shape {
  readonly offers: number;
  readonly needs: number;
  readonly both: number;
}

/**
 * The score of these parts, 0 to 1 each. The order of the sum is that of the rules, so that the result is the same to the last bit; it only grows with each
 * part, also to the last bit, so that larger parts give a bound.
 */
function total(
  lead: Lead,
  product: number,
  sector: number,
  words: number,
  capacity: number,
  held: number,
  months: number,
  country: number,
  platform: number,
): number {
  const { max } = lead;
  const points =
    max.product * product +
    max.sector * sector +
    max.words * words +
    max.capacity * capacity +
    (lead.certificatesAsked ? (max.certificates * held) / lead.certificatesAsked : 0) +
    (lead.monthsAsked ? (max.season * months) / lead.monthsAsked : 0) +
    max.country * country +
    max.platform * platform;
  return lead.maxOfAll ? (100 * points) / lead.maxOfAll : 0;
}

/** What no firm can surpass whose product earns `product`, and its words `words`. */
export const most = (lead: Lead, product: number, words: number): number => total(lead, product, 1, words, 1, lead.certificatesAsked, lead.monthsAsked, 1, 1);

/**
 * The score of a firm by its head, or the bound of it where the parts are the most there can be. -1 where a gate is shut that the head shows.
 * @param heads where its head begins at `head`
 * @param far the countries of a firm that names more than a head has room for
 */
function headScore(
  heads: Int32Array,
  head: number,
  far: Rare | undefined,
  lead: Lead,
  product: number,
  words: number,
  capacity: number,
  months: number,
): number {
  const flags = heads[head + FLAGS]!;
  if ((flags & (1 << (EXCLUDES + lead.kind))) !== 0) return -1;
  const sets = heads[head + SECTORS]!;
  const sector = (sets & lead.sectors) !== 0 ? 1 : 0;
  if (lead.bySector ? sector === 0 : (flags & lead.asks) === 0) return -1;
  const platform = (sets & lead.platforms) !== 0 ? 1 : 0;
  const country = (flags & ANY_MARKET) !== 0 || hasByte(heads[head + MARKETS]!, lead.country) || (far !== undefined && isMarket(far, lead)) ? 1 : 0;
  const certificates = heads[head + CERTIFICATES]!;
  const held = lead.certificates & ((lead.side & OFFERS ? certificates : 0) | (lead.side & NEEDS ? certificates >>> SECOND : 0));
  return total(lead, product, sector, words, capacity, ones(held), months, country, platform);
}

/**
 * {@link headScore} with the most that words, capacity and season can add.
 * @param wordsMost what words can earn at most, by number of lines
 */
function headBound(heads: Int32Array, head: number, far: Rare | undefined, lead: Lead, product: number, wordsMost: readonly number[]): number {
  const flags = heads[head + FLAGS]!;
  const lines = (lead.side & OFFERS ? (flags >>> OFFERS_SAID) & MANY : 0) + (lead.side & NEEDS ? (flags >>> NEEDS_SAID) & MANY : 0);
  return headScore(heads, head, far, lead, product, wordsMost[lines]!, flags & CAPACITY ? 1 : 0, lead.monthsAsked);
}

/** What a firm can come to whose best code earns `product`; -1 where a gate is shut that its head shows. */
export const boundOf = (segment: Segment, firm: number, lead: Lead, product: number): number =>
  headBound(segment.heads, HEAD * firm, segment.heads[HEAD * firm + FLAGS]! & IS_RARE ? segment.rare.get(firm) : undefined, lead, product, lead.wordsMost);

/** By number of lines, what words of these texts can earn at most. */
const mostByLines = (texts: readonly { sum: number; norm: number }[]): number[] =>
  Array.from({ length: 2 * MANY + 1 }, (_, lines) =>
    texts.reduce((most, { sum, norm }) => Math.max(most, wordsPart(sum * SAT[lines < MANY ? lines : MOST_LINES]!, norm)), 0),
  );
const NO_WORDS = mostByLines([]);

const hasByte = (four: number, byte: number): boolean =>
  (four & 255) === byte || ((four >>> 8) & 255) === byte || ((four >>> 16) & 255) === byte || four >>> 24 === byte;

const isMarket = ({ markets }: Rare, { facts }: Lead): boolean => facts.country !== null && markets.includes(facts.country);

const isExcluded = (rare: Rare | undefined, lead: OpportunityFacts): boolean =>
  rare !== undefined &&
  ((lead.country !== null && rare.countries.includes(lead.country)) || rare.words.some((word) => lead.titles.some((title) => title.has(word))));

function ones(bits: number): number {
  let n = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) n++;
  return n;
}

/** The best of what has been found so far, the worst of it on top. */
class Best {
  private readonly heap: Scored[] = [];
  /** Whoever has less cannot come in any more. */
  least: number;

  constructor(
    private readonly most: number,
    floor: number,
  ) {
    this.least = floor;
  }

  offer(score: number, segment: Segment, firm: number): void {
    const { heap } = this;
    const one = { score, segment, firm };
    if (heap.length < this.most) {
      heap.push(one);
      if (heap.length < this.most) return;
      heap.sort((a, b) => (isBefore(a, b) ? 1 : -1));
    } else {
      if (!isBefore(one, heap[0]!)) return;
      let at = 0;
      for (let child = 1; child < heap.length; child = 2 * at + 1) {
        if (child + 1 < heap.length && isBefore(heap[child]!, heap[child + 1]!)) child++;
        if (!isBefore(one, heap[child]!)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = one;
    }
    this.least = heap[0]!.score;
  }

  get found(): readonly Scored[] {
    return this.heap;
  }

  sorted(): Found[] {
    return this.heap.sort((a, b) => (isBefore(a, b) ? -1 : 1)).map(({ score, segment, firm }) => ({ id: idOf(segment, firm), score }));
  }
}

interface Scored {
  readonly score: number;
  readonly segment: Segment;
  readonly firm: number;
}

/** Score descending, then id ascending. */
function isBefore(a: Scored, b: Scored): boolean {
  if (a.score !== b.score) return a.score > b.score;
  for (let i = 0; i < 4; i++) {
    const [x, y] = [a.segment.ids[4 * a.firm + i]!, b.segment.ids[4 * b.firm + i]!];
    if (x !== y) return x < y;
  }
  return false;
}

/** An amount as two whole numbers and back, bit by bit. */
const amount = new Float64Array(1);
const amountBits = new Int32Array(amount.buffer);
const capacity = { amount: 0, unit: '', period: 'month' as Period };

/** Firms whose heads are copied at once. */
const BATCH = 1024;
/** So many firms are fetched from memory together: waiting for one after the other takes ten times as long. */
const TOGETHER = 32;

/** Looks for the best firms of a lead in segments; a thread may have its own on shared ones. */
export class Search {
  /** The last look in which a firm was seen, by place; 0 is none. */
  private readonly seen: Uint8Array[];
  private look = 0;
  /** Firms met under one code or word, the heads of those, the bounds of those that can come in, and in which order they are weighed. */
  private readonly places: Int32Array;
  private readonly heads: Int32Array;
  private readonly bounds: Float64Array;
  private readonly order: Int32Array;
  private readonly buckets = new Int32Array(102);
  private touched = 0;
  /** By term: the first of its entries, counted from 1; 0 where the lead has no such word. */
  private readonly entries: Int32Array;
  /** The same as bits, which stay in the nearest cache: of a firm's words most are not the lead's. */
  private readonly asked: Int32Array;
  private readonly entryText: number[] = [];
  private readonly entryWeight: number[] = [];
  private readonly entryNext: number[] = [];
  private readonly sums = new Float64Array(64);

  /**
   * @param terms how many terms there are
   * @param shapes shape → its numbers of lines
   * @param isFew whether meeting all firms is quicker than looking for those that say something
   */
  constructor(
    readonly segments: readonly Segment[],
    readonly terms: number,
    readonly shapes: readonly Shape[],
    private readonly isFew = false,
  ) {
    const largest = Math.max(1, ...segments.map(({ size }) => size));
    this.seen = segments.map(({ size }) => new Uint8Array(size));
    this.places = new Int32Array(largest);
    this.heads = new Int32Array(HEAD * BATCH);
    this.bounds = new Float64Array(largest);
    this.order = new Int32Array(largest);
    this.entries = new Int32Array(terms);
    this.asked = new Int32Array((terms >>> 5) + 1);
  }

  get bytes(): number {
    return [...this.seen, this.places, this.bounds, this.order, this.entries, this.asked].reduce((sum, array) => sum + array.byteLength, 0);
  }

  /** Exactly what scoring every firm and sorting by score and id would give, down to `floor`. */
  best(lead: Lead, howMany: number, floor: number): Found[] {
    return this.find(lead, howMany, floor).sorted();
  }

  /** All that have at least `floor`, in no order. */
  all(lead: Lead, floor: number): readonly Scored[] {
    return this.find(lead, Infinity, floor).found;
  }

  private find(lead: Lead, howMany: number, floor: number): Best {
    const best = new Best(howMany, floor);
    if (++this.look === 256) {
      this.look = 1;
      for (const seen of this.seen) seen.fill(0);
    }
    this.open(lead);
    // a firm is first met under the code that earns it most, so its product's part is then known
    for (const { term, holders, part } of lead.codes) {
      if (most(lead, part, lead.wordsMost.at(-1)!) < best.least) break;
      for (let s = 0; s < this.segments.length; s++) this.holders(s, lead, term, holders, part, best, lead.wordsMost);
    }
    if (most(lead, 0, lead.wordsMost.at(-1)!) >= best.least) this.others(lead, best);
    this.close(lead);
    return best;
  }

  /**
   * The firms that no code speaks for: those that say enough of the lead's words; where less than words would do, all. Heavy words come first, of the text
   * of which most is left: a firm that is first met under a word says none of those before it.
   */
  private others(lead: Lead, best: Best): void {
    if (this.isFew) return this.rest(lead, best, lead.wordsMost);
    const left = lead.texts.map(({ terms, weights, norm }) => {
      const order = terms.map((_, i) => i).sort((a, b) => weights[a]! - weights[b]!);
      let sum = 0;
      return { norm, terms: order.map((i) => terms[i]!), upTo: order.map((i) => (sum += weights[i]!)) };
    });
    for (;;) {
      let [widest, widestPart] = [left[0], -1];
      for (const text of left) {
        const part = wordsPart((text.upTo.at(-1) ?? 0) * SAT[MOST_LINES]!, text.norm);
        if (part > widestPart) [widest, widestPart] = [text, part];
      }
      if (!widest?.terms.length || most(lead, 0, widestPart) < best.least) break;
      const wordsMost = mostByLines(left.map(({ upTo, norm }) => ({ sum: upTo.at(-1) ?? 0, norm })));
      const term = widest.terms.pop()!;
      widest.upTo.pop();
      for (let s = 0; s < this.segments.length; s++) this.holders(s, lead, term, ~0, 0, best, wordsMost);
    }
    if (most(lead, 0, 0) >= best.least) this.rest(lead, best, NO_WORDS);
  }

  /** Weighs all firms that have not been seen yet. */
  private rest(lead: Lead, best: Best, wordsMost: readonly number[]): void {
    if (lead.among) {
      for (const term of lead.among) for (let s = 0; s < this.segments.length; s++) this.holders(s, lead, term, ~0, 0, best, wordsMost);
      return;
    }
    this.segments.forEach((segment, s) => {
      const seen = this.seen[s]!;
      let n = 0;
      for (let firm = 0; firm < segment.size; firm++) if (seen[firm] !== this.look) this.places[n++] = firm;
      this.weigh(segment, n, lead, 0, best, wordsMost);
    });
  }

  /** Weighs the firms of one posting list that have not been seen yet. */
  private holders(s: number, lead: Lead, term: number, holders: number, part: number, best: Best, wordsMost: readonly number[]): void {
    const segment = this.segments[s]!;
    const { postings, postingsAt } = segment;
    const { places, look } = this;
    const seen = this.seen[s]!;
    const end = postingsAt[term + 1] ?? 0;
    let n = 0;
    for (let i = postingsAt[term] ?? 0; i < end; i++) {
      const posting = postings[i]!;
      const firm = posting >>> 8;
      if ((posting & holders & 255) === 0 || seen[firm] === look) continue;
      seen[firm] = look;
      places[n++] = firm;
    }
    this.weigh(segment, n, lead, part, best, wordsMost);
  }

  /** Finds the exact scores of the first `met` places, by whole points of their bounds, high ones first: soon nobody else can come in. */
  private weigh(segment: Segment, met: number, lead: Lead, part: number, best: Best, wordsMost: readonly number[]): void {
    const { places, bounds, order, buckets } = this;
    const n = this.hopeful(segment, met, lead, part, best.least, wordsMost);
    if (n === 0) return;
    buckets.fill(0);
    for (let i = 0; i < n; i++) buckets[100 - Math.floor(bounds[i]!)]!++;
    for (let b = 1; b < buckets.length; b++) buckets[b]! += buckets[b - 1]!;
    for (let i = n - 1; i >= 0; i--) order[--buckets[100 - Math.floor(bounds[i]!)]!] = i;
    for (let from = 0; from < n; from += TOGETHER) {
      const to = Math.min(n, from + TOGETHER);
      if (Math.floor(bounds[order[from]!]!) < Math.floor(best.least)) return;
      this.touch(segment, from, to);
      for (let i = from; i < to; i++) {
        const at = order[i]!;
        if (bounds[at]! < best.least) continue;
        const score = this.score(segment, places[at]!, lead, part, best.least);
        if (score >= 0 && score >= best.least) best.offer(score, segment, places[at]!);
      }
    }
  }

  /** Keeps of the first `met` places those that can come in, with their bounds. */
  private hopeful(segment: Segment, met: number, lead: Lead, part: number, least: number, wordsMost: readonly number[]): number {
    const { places, bounds, heads } = this;
    let n = 0;
    for (let from = 0; from < met; from += BATCH) {
      const to = Math.min(met, from + BATCH);
      for (let i = from, h = 0; i < to; i++) {
        const head = HEAD * places[i]!;
        heads[h++] = segment.heads[head]!;
        heads[h++] = segment.heads[head + 1]!;
        heads[h++] = segment.heads[head + 2]!;
        heads[h++] = segment.heads[head + 3]!;
      }
      for (let i = from, h = 0; i < to; i++, h += HEAD) {
        const bound = headBound(heads, h, heads[h + FLAGS]! & IS_RARE ? segment.rare.get(places[i]!) : undefined, lead, part, wordsMost);
        if (bound < 0 || bound < least) continue;
        places[n] = places[i]!;
        bounds[n++] = bound;
      }
    }
    return n;
  }

  /** Brings the words of firms near, all at once. */
  private touch({ words, wordsAt }: Segment, from: number, to: number): void {
    let touched = 0;
    for (let i = from; i < to; i++) {
      const at = wordsAt[this.places[this.order[i]!]!]!;
      touched ^= words[at]! ^ words[at + 16]!;
    }
    this.touched = touched;
  }

  /**
   * The score of one pair, or -1 where a gate is shut or it is less than `least`; between {@link open} and {@link close} of the lead.
   * @param product what the firm's best code earns
   */
  score(segment: Segment, firm: number, lead: Lead, product: number, least: number): number {
    const head = HEAD * firm;
    const rare = segment.heads[head + FLAGS]! & IS_RARE ? segment.rare.get(firm) : undefined;
    if (rare && isExcluded(rare, lead.facts)) return -1;
    if (lead.facts.ownFirmId !== null && idOf(segment, firm) === lead.facts.ownFirmId) return -1;
    const words = this.words(segment, firm, lead);
    if (lead.max.capacity === 0 && lead.max.season === 0) return headScore(segment.heads, head, rare, lead, product, words, 0, 0);
    if (headScore(segment.heads, head, rare, lead, product, words, 1, lead.monthsAsked) < least) return -1;
    const { share: able, months } = this.lines(segment, firm, lead);
    return headScore(segment.heads, head, rare, lead, product, words, capacityPart(able), months);
  }

  private words(segment: Segment, firm: number, lead: Lead): number {
    const { entries, asked, sums } = this;
    const { words } = segment;
    for (let t = 0; t < lead.texts.length; t++) sums[t] = 0;
    const end = segment.wordsAt[firm + 1]!;
    for (let i = segment.wordsAt[firm]!; i < end; i++) {
      const word = words[i]!;
      const term = word >>> SHAPE_BITS;
      if ((asked[term >>> 5]! & (1 << (term & 31))) === 0) continue;
      let entry = entries[term]!;
      const { offers, needs, both } = this.shapes[word & (SHAPES - 1)]!;
      const n = lead.side === OFFERS ? offers : lead.side === NEEDS ? needs : both;
      for (; entry !== 0; entry = this.entryNext[entry - 1]!) sums[this.entryText[entry - 1]!]! += this.entryWeight[entry - 1]! * SAT[n]!;
    }
    let part = 0;
    for (let t = 0; t < lead.texts.length; t++) part = Math.max(part, wordsPart(sums[t]!, lead.texts[t]!.norm));
    return part;
  }

  /** What the lines of the product can deliver together, of the quantity, and in how many months of the window. */
  private lines(segment: Segment, firm: number, lead: Lead): { share: number; months: number } {
    const { lines, linesAt } = segment;
    const { quantity } = lead.facts;
    const shares: number[] = [];
    let months = 0;
    let counted = false;
    for (let i = linesAt[firm]!, end = linesAt[firm + 1]!; i < end;) {
      const line = lines[i++]!;
      const unit = (line >>> UNIT_AT) & NO_UNIT;
      let carries = false;
      for (let keys = line >>> KEYS_AT; keys > 0; keys--) if (lead.carriers.includes(lines[i++]!)) carries = true;
      if (carries) months |= line & ALL_YEAR;
      if ((line & AGAIN) === 0) counted = false;
      if (unit === 0) continue;
      amountBits[0] = lines[i++]!;
      amountBits[1] = lines[i++]!;
      if (!carries || counted || unit === NO_UNIT || !quantity) continue;
      counted = true;
      capacity.amount = amount[0]!;
      capacity.unit = UNITS[unit - 1]!;
      capacity.period = PERIODS[(line >>> PERIOD_AT) & 3]!;
      const part = share(capacity, quantity);
      if (part !== undefined) shares.push(part);
    }
    if (shares.length > 1) shares.sort((a, b) => a - b);
    return { share: shares.reduce((a, b) => a + b, 0), months: ones(months & lead.months) };
  }

  /** Makes the lead's words known to {@link score}. */
  open(lead: Lead): void {
    this.entryText.length = this.entryWeight.length = this.entryNext.length = 0;
    for (let t = 0; t < lead.texts.length; t++) {
      const { terms, weights } = lead.texts[t]!;
      for (let i = 0; i < terms.length; i++) {
        this.entryText.push(t);
        this.entryWeight.push(weights[i]!);
        this.entryNext.push(this.entries[terms[i]!]!);
        this.entries[terms[i]!] = this.entryNext.length;
        this.asked[terms[i]! >>> 5]! |= 1 << (terms[i]! & 31);
      }
    }
  }

  close(lead: Lead): void {
    for (const { terms } of lead.texts) for (const term of terms) this.entries[term] = this.asked[term >>> 5] = 0;
  }
}

/**
 * All admitted firms, ready to be searched: one large segment and a small one of firms changed since, what they replace struck out of the large one. Answers
 * are exactly those of `score` over every firm.
 */
export class FirmIndex {
  private main = EMPTY;
  private places = new Places(EMPTY);
  private readonly waiting = new Map<string, Encoded>();
  private search: Search | undefined;
  private last = new Map<Lead, Found | undefined>();
  /** Words as they are; codes, sectors and kinds of leads, which have a space. */
  private readonly terms = new Numbers(MOST_TERMS);
  private readonly shapeNumbers = new Numbers(SHAPES);
  private readonly shapes: Shape[] = [];
  private readonly sectors = new Numbers(SECOND);
  private readonly platforms = new Numbers(SECOND);
  private readonly certificates = new Numbers(SECOND);
  private readonly countries = new Numbers(254);
  private alive = 0;
  epoch: Epoch = NO_EPOCH;

  /** Leads have to be compiled anew with it. */
  setEpoch(epoch: Epoch): void {
    this.epoch = epoch;
    this.last.clear();
  }

  get size(): number {
    return this.alive + this.waiting.size;
  }

  /** Bytes of the arrays that it keeps, with those that a search works in. */
  get bytes(): number {
    return bytesOf(this.main) + this.places.bytes + (this.search?.bytes ?? 0);
  }

  /** The revision at which it knows the firm; undefined where it does not. */
  revisionOf(id: string): number | undefined {
    const waits = this.waiting.get(id);
    if (waits) return waits.revision;
    const place = this.places.of(numbersOfId(id));
    return place < 0 ? undefined : this.main.revisions[place];
  }

  /** Fills it anew with admitted firms, each once, page by page; until then it stays what it was. */
  async fill(pages: AsyncIterable<readonly FirmFacts[]>): Promise<void> {
    const builder = new SegmentBuilder();
    for await (const page of pages) for (const firm of page) builder.add(this.encode(firm));
    this.waiting.clear();
    this.become(builder.build());
  }

  /** Adds an admitted firm, or replaces what is known of it. */
  put(firm: FirmFacts): void {
    this.remove(firm.id);
    this.waiting.set(firm.id, this.encode(firm));
    this.search = undefined;
    this.last.clear();
    if (this.waiting.size > Math.max(WAITING, WAITING_PART * this.alive)) this.compact();
  }

  remove(id: string): void {
    this.last.clear();
    if (this.waiting.delete(id)) this.search = undefined;
    const place = this.places.of(numbersOfId(id));
    if (place < 0) return;
    bury(this.main, place);
    this.alive--;
  }

  /** Makes one segment of both. */
  compact(): void {
    const both = merged(this.main, this.changed());
    this.waiting.clear();
    this.become(both);
  }

  private become(segment: Segment): void {
    this.main = segment;
    this.places = new Places(segment);
    this.alive = segment.size;
    this.search = undefined;
    this.last.clear();
  }

  private changed(): Segment {
    const builder = new SegmentBuilder();
    for (const firm of this.waiting.values()) builder.add(firm);
    return builder.build();
  }

  /** Searches in it as it stands; a thread may make one of its own on the same segments. */
  get searched(): Search {
    if (this.search?.terms !== this.terms.size)
      this.search = new Search(this.search?.segments ?? (this.waiting.size ? [this.main, this.changed()] : [this.main]), this.terms.size, this.shapes);
    return this.search;
  }

  /** The best firms of a lead, as scoring every firm would give them: score descending, then id. */
  firmsOf(lead: Lead, howMany: number, floor: number): Found[] {
    return lead.facts.open ? this.searched.best(lead, howMany, floor) : [];
  }

  /** How many firms a lead has of at least `floor`. */
  howMany(lead: Lead, floor: number): number {
    return lead.facts.open ? this.searched.all(lead, floor).length : 0;
  }

  /** The last of a lead's best firms, undefined where it has fewer than so many; remembered until the index changes. */
  lastOf(lead: Lead, howMany: number, floor: number): Found | undefined {
    if (!this.last.has(lead)) this.last.set(lead, this.firmsOf(lead, howMany, floor)[howMany - 1]);
    return this.last.get(lead);
  }

  /** Of each of these firms all leads of at least `floor`, score descending, then id. The firms need not be in the index. */
  leadsOf(firms: readonly FirmFacts[], leads: Iterable<Lead>, floor: number): Fit[][] {
    const builder = new SegmentBuilder();
    const fits = firms.map((): Fit[] => []);
    const placed = fits.filter((_, i) => firms[i]!.admitted);
    for (const firm of firms) if (firm.admitted) builder.add(this.encode(firm));
    const search = new Search([builder.build()], this.terms.size, this.shapes, true);
    for (const lead of leads) {
      if (!lead.facts.open) continue;
      for (const { firm, score } of search.all(lead, floor)) placed[firm]!.push({ lead, score });
    }
    for (const list of fits) list.sort((a, b) => b.score - a.score || (a.lead.facts.id < b.lead.facts.id ? -1 : 1));
    return fits;
  }

  /** A lead ready to be held against firms; to be made anew when the epoch changes. */
  compile(lead: OpportunityFacts): Lead {
    const kind = OPPORTUNITY_KINDS.indexOf(lead.kind);
    const { side, asks } = DIRECTIONS[lead.kind];
    const has = (offer: number, need: number) => (side & OFFERS ? offer : 0) | (side & NEEDS ? need : 0);
    const codes: { term: number; holders: number; part: number }[] = [];
    const earns = (term: string, chosen: number, guessed: number) => {
      if (chosen > 0) codes.push({ term: this.terms.of(term), holders: has(CHOSEN_OFFER, CHOSEN_NEED), part: chosen });
      if (guessed > 0) codes.push({ term: this.terms.of(term), holders: has(GUESSED_OFFER, GUESSED_NEED), part: guessed });
    };
    for (const code of lead.hs)
      for (let digits = 2; digits <= code.length; digits += 2)
        earns(`hs ${code.slice(0, digits)}`, hsPart(digits, code.length), guessedHsPart(digits, code.length));
    for (const code of lead.isic) {
      // what begins with the code, what it begins with, and what shares its division
      for (const [term, part] of [
        [`isic ${code}`, ISIC_WHOLE],
        ...Array.from({ length: code.length - 2 }, (_, i) => [`isic =${code.slice(0, 2 + i)}`, ISIC_WHOLE] as const),
        [`isic ${code.slice(0, 2)}`, ISIC_DIVISION],
      ] as const)
        earns(term, part, GUESSED * part);
    }
    codes.sort((a, b) => b.part - a.part);
    const texts = lead.texts
      .filter((text) => text.size > 0)
      .map((text): Words => {
        const weights = [...text].map(([word, times]) => times * weightOf(this.epoch, word));
        return { terms: Array.from(text.keys(), (word) => this.terms.of(word)), weights, norm: weights.reduce((a, b) => a + b, 0) };
      });
    const bySector = lead.kind === 'expo_place' || lead.kind === 'training';
    const among = bySector ? lead.sectors.map((sector) => `sector ${sector}`) : asks === 0 ? [`kind ${lead.kind}`] : undefined;
    const isOrder = (lead.kind === 'buy_request' || lead.kind === 'tender') && lead.hs.length + lead.isic.length > 0;
    const months = new Set(lead.deliveryMonths);
    const max: Lead['max'] = {
      product: lead.hs.length + lead.isic.length ? WEIGHTS.product : 0,
      sector: lead.sectors.length ? WEIGHTS.sector : 0,
      words: texts.length ? WEIGHTS.words : 0,
      capacity: lead.quantity && isOrder ? WEIGHTS.capacity : 0,
      certificates: lead.certificates.length ? WEIGHTS.certificates : 0,
      season: months.size && isOrder ? WEIGHTS.season : 0,
      country: lead.country === null ? 0 : WEIGHTS.country,
      platform: lead.platforms.length ? WEIGHTS.platform : 0,
    };
    return {
      facts: lead,
      kind,
      side,
      asks: asks | (SOUGHT.has(lead.kind) ? 1 << (SEEKS + kind) : 0),
      bySector,
      sectors: this.sectors.bits(lead.sectors),
      platforms: this.platforms.bits(lead.platforms) << SECOND,
      certificates: this.certificates.bits(lead.certificates),
      certificatesAsked: new Set(lead.certificates).size,
      country: lead.country === null ? -1 : this.countries.of(lead.country) + 1,
      codes,
      ...(among ? { among: among.map((term) => this.terms.of(term)) } : {}),
      carriers: [
        ...lead.hs.map((code) => this.terms.of(`hs ${code.slice(0, CARRIES)}`)),
        ...lead.isic.map((code) => this.terms.of(`isic ${code.slice(0, 2)}`)),
      ],
      isOrder,
      months: bitsOfMonths(lead.deliveryMonths),
      monthsAsked: max.season ? months.size : 0,
      texts,
      wordsMost: mostByLines(texts.map(({ norm }) => ({ sum: norm, norm }))),
      max,
      maxOfAll: max.product + max.sector + max.words + max.capacity + max.certificates + max.season + max.country + max.platform,
    };
  }

  private encode(firm: FirmFacts): Encoded {
    const terms = new Map<number, number>();
    const holds = (term: string, holder: number): number => {
      const number = this.terms.of(term);
      terms.set(number, (terms.get(number) ?? 0) | holder);
      return number;
    };
    for (const [lines, chosen, guessed] of [
      [firm.offers, CHOSEN_OFFER, GUESSED_OFFER],
      [firm.needs, CHOSEN_NEED, GUESSED_NEED],
    ] as const) {
      for (const line of lines) {
        for (const term of termsOf(line.hs, line.isic)) holds(term, chosen);
        for (const term of termsOf(line.guessedHs, line.guessedIsic)) holds(term, guessed);
        for (const word of line.words.keys()) holds(word, chosen);
      }
    }
    for (const kind of firm.seeks) if (SOUGHT.has(kind)) holds(`kind ${kind}`, CHOSEN_OFFER);
    for (const sector of firm.sectors) holds(`sector ${sector}`, CHOSEN_OFFER);
    const offers = distinctLines(firm.offers);
    const needs = distinctLines(firm.needs);
    const markets = [...new Set(firm.markets)];
    const rare =
      firm.excludedCountries.length + firm.excludedWords.length > 0 || markets.length > ROOM
        ? { countries: firm.excludedCountries, words: firm.excludedWords, markets: markets.length > ROOM ? markets : [] }
        : null;
    const kinds = (list: readonly OpportunityKind[], at: number) => list.reduce((bits, kind) => bits | (1 << (at + OPPORTUNITY_KINDS.indexOf(kind))), 0);
    const head = new Int32Array(HEAD);
    head[FLAGS] =
      ALIVE |
      (firm.offers.length ? OFFERS : 0) |
      (firm.needs.length ? NEEDS : 0) |
      (markets.length ? 0 : ANY_MARKET) |
      (rare ? IS_RARE : 0) |
      (firm.offers.some((line) => line.capacity) ? CAPACITY : 0) |
      kinds(firm.seeks, SEEKS) |
      kinds(firm.excludedKinds, EXCLUDES) |
      (Math.min(MANY, offers.length) << OFFERS_SAID) |
      (Math.min(MANY, needs.length) << NEEDS_SAID);
    head[SECTORS] = this.sectors.bits(firm.sectors) | (this.platforms.bits(firm.platforms) << SECOND);
    const certificates = (lines: readonly LineFacts[]) => this.certificates.bits([...firm.certificates, ...lines.flatMap((line) => line.certificates)]);
    head[CERTIFICATES] = certificates(firm.offers) | (certificates(firm.needs) << SECOND);
    if (markets.length <= ROOM) head[MARKETS] = markets.reduce((bytes, country, i) => bytes | ((this.countries.of(country) + 1) << (8 * i)), 0);
    return {
      id: firm.id,
      revision: firm.revision,
      head,
      terms: Int32Array.from(terms, ([term, holders]) => (term << 8) | holders),
      words: this.wordsOf(offers, needs, firm),
      lines: this.linesOf(firm),
      rare,
    };
  }

  private wordsOf(offers: readonly LineFacts[], needs: readonly LineFacts[], firm: FirmFacts): Int32Array {
    const counts = new Map<string, [offers: number, needs: number, both: number]>();
    const both = firm.offers.length && firm.needs.length ? distinctLines([...firm.offers, ...firm.needs]) : [...offers, ...needs];
    [offers, needs, both].forEach((lines, which) => {
      for (const line of lines) {
        for (const word of line.words.keys()) {
          const count = counts.get(word) ?? [0, 0, 0];
          count[which] = Math.min(MOST_LINES, count[which]! + 1);
          counts.set(word, count);
        }
      }
    });
    return Int32Array.from(counts, ([word, [inOffers, inNeeds, inBoth]]) => {
      const shape = this.shapeNumbers.of(`${inOffers} ${inNeeds} ${inBoth}`);
      this.shapes[shape] ??= { offers: inOffers, needs: inNeeds, both: inBoth };
      return (this.terms.of(word) << SHAPE_BITS) | shape;
    });
  }

  /** Offers with what they carry, when and how much; those that the rule of capacity counts once stand together. */
  private linesOf(firm: FirmFacts): Int32Array {
    const numbers: number[] = [];
    const alike = new Map<string, LineFacts[]>();
    for (const line of firm.offers) {
      const key = firm.offers.length > 1 ? lineKey(line) : '';
      alike.set(key, [...(alike.get(key) ?? []), line]);
    }
    for (const lines of alike.values()) {
      lines.forEach((line, i) => {
        const keys = new Set<number>();
        for (const code of [...line.hs, ...line.guessedHs])
          for (let digits = 2; digits <= Math.min(CARRIES, code.length); digits += 2) keys.add(this.terms.of(`hs ${code.slice(0, digits)}`));
        for (const code of [...line.isic, ...line.guessedIsic]) keys.add(this.terms.of(`isic ${code.slice(0, 2)}`));
        const able = line.capacity;
        const unit = able ? (UNITS as readonly string[]).indexOf(able.unit) + 1 || NO_UNIT : 0;
        const period = able ? PERIODS.indexOf(able.period) : 0;
        const months = line.months.length ? bitsOfMonths(line.months) : ALL_YEAR;
        numbers.push(months | (unit << UNIT_AT) | (period << PERIOD_AT) | (i > 0 ? AGAIN : 0) | (keys.size << KEYS_AT), ...keys);
        if (able) {
          amount[0] = able.amount;
          numbers.push(amountBits[0]!, amountBits[1]!);
        }
      });
    }
    return Int32Array.from(numbers);
  }
}

/** Countries for which a head has room. */
const ROOM = 4;
/** Digits of a code that a line must share to carry what a lead is about. */
const CARRIES = 4;
const ISIC_WHOLE = isicPart('10', '10');
const ISIC_DIVISION = isicPart('101', '102');

/** Which lines a lead of the kind is held against, and what a firm must have. */
const DIRECTIONS: Readonly<Record<OpportunityKind, { readonly side: number; readonly asks: number }>> = {
  buy_request: { side: OFFERS, asks: OFFERS },
  tender: { side: OFFERS, asks: OFFERS },
  expo_place: { side: OFFERS, asks: 0 },
  training: { side: OFFERS, asks: 0 },
  sell_offer: { side: NEEDS, asks: NEEDS },
  technology: { side: NEEDS, asks: NEEDS },
  joint_venture: { side: OFFERS | NEEDS, asks: 0 },
  investment: { side: OFFERS | NEEDS, asks: 0 },
  sez_plot: { side: OFFERS | NEEDS, asks: 0 },
};
/** Kinds that a firm is held for if it asks for them. */
const SOUGHT: ReadonlySet<OpportunityKind> = new Set(['technology', 'joint_venture', 'investment', 'sez_plot']);

/** The terms under which codes are found: all that they begin with, and ISIC codes also whole. */
function* termsOf(hs: readonly string[], isic: readonly string[]): Iterable<string> {
  for (const code of hs) for (let digits = 2; digits <= code.length; digits += 2) yield `hs ${code.slice(0, digits)}`;
  for (const code of isic) {
    yield `isic =${code}`;
    for (let digits = 2; digits <= code.length; digits++) yield `isic ${code.slice(0, digits)}`;
  }
}

const bitsOfMonths = (months: readonly number[]): number => months.reduce((bits, month) => bits | (1 << (month - 1)), 0);
