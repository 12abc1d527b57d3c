/** Numbers that a firm has in `heads`; four firms share a line of the cache. */
export const HEAD = 4;
/** No flags, no firm. */
export const FLAGS = 0;
/** Two sets as bits, sixteen each: sectors, and above them platforms. */
export const SECTORS = 1;
/** Two sets as bits: certificates of the firm and its offers, and above them those of the firm and its needs. */
export const CERTIFICATES = 2;
/** Up to four countries, a byte each. */
export const MARKETS = 3;

/** A word of a firm is term << SHAPE_BITS | shape: in how many lines of which side it stands. */
export const SHAPE_BITS = 12;

/** One firm in numbers. Terms are numbers of codes or words. */
export interface Encoded {
  /** A UUID. */
  readonly id: string;
  readonly revision: number;
  /** {@link HEAD} numbers. */
  readonly head: Int32Array;
  /** Terms of codes and words, each once, with who holds them: term << 8 | holders. */
  readonly terms: Int32Array;
  /** Words, each term once. */
  readonly words: Int32Array;
  /** Its offers: what they carry, when and how much. */
  readonly lines: Int32Array;
  readonly rare: Rare | null;
}

/** What few firms have: countries and words that they want to hear nothing of, or more markets than a head has room for. */
export interface Rare {
  readonly countries: readonly string[];
  readonly words: readonly string[];
  readonly markets: readonly string[];
}

/** Firms as typed arrays that threads can share, inverted by term. A firm is its place; a dead one has an empty head and fits nothing. */
export interface Segment {
  readonly size: number;
  /** Four numbers a firm, which compare as its id does in PostgreSQL. */
  readonly ids: Uint32Array;
  readonly revisions: Int32Array;
  readonly heads: Int32Array;
  /** Where the words of a firm begin; those of the next one end them. */
  readonly wordsAt: Int32Array;
  readonly words: Int32Array;
  readonly linesAt: Int32Array;
  readonly lines: Int32Array;
  readonly postingsAt: Int32Array;
  /** By term: firm << 8 | holders, in the order of places. */
  readonly postings: Int32Array;
  readonly rare: ReadonlyMap<number, Rare>;
}

/** A place takes 24 bits of a posting, one of them the sign. */
const MOST_FIRMS = 2 ** 23;

const ints = (length: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * length));

/** A list of numbers that grows without a copy for each one added. */
class Growing<A extends Int32Array | Uint32Array> {
  length = 0;

  constructor(private array: A) {}

  push(more: ArrayLike<number>): void {
    if (this.length + more.length > this.array.length) {
      const larger = new (this.array.constructor as new (length: number) => A)(2 * (this.length + more.length));
      larger.set(this.array);
      this.array = larger;
    }
    this.array.set(more, this.length);
    this.length += more.length;
  }

  /** What is in it, as shared memory of exactly that size. */
  take(): A {
    const bytes = this.array.BYTES_PER_ELEMENT * this.length;
    const taken = new (this.array.constructor as new (buffer: SharedArrayBuffer) => A)(new SharedArrayBuffer(bytes));
    taken.set(this.array.subarray(0, this.length));
    return taken;
  }
}

/** Puts a segment together, firm by firm. */
export class SegmentBuilder {
  private readonly ids = new Growing(new Uint32Array(64));
  private readonly revisions = new Growing(new Int32Array(64));
  private readonly heads = new Growing(new Int32Array(64));
  private readonly words = new Growing(new Int32Array(64));
  private readonly wordsAt = new Growing(new Int32Array([0]));
  private readonly terms = new Growing(new Int32Array(64));
  private readonly termsAt = new Growing(new Int32Array([0]));
  private readonly lines = new Growing(new Int32Array(64));
  private readonly linesAt = new Growing(new Int32Array([0]));
  private readonly rare = new Map<number, Rare>();
  private size = 0;

  constructor() {
    for (const starts of [this.wordsAt, this.termsAt, this.linesAt]) starts.push([0]);
  }

  add(firm: Encoded): void {
    if (this.size >= MOST_FIRMS) throw new Error(`an index holds at most ${MOST_FIRMS} firms`);
    if (firm.rare) this.rare.set(this.size, firm.rare);
    this.size++;
    this.ids.push(numbersOfId(firm.id));
    this.revisions.push([firm.revision]);
    this.heads.push(firm.head);
    for (const [all, at, more] of [
      [this.words, this.wordsAt, firm.words],
      [this.terms, this.termsAt, firm.terms],
      [this.lines, this.linesAt, firm.lines],
    ] as const) {
      all.push(more);
      at.push([all.length]);
    }
  }

  build(): Segment {
    return {
      size: this.size,
      ids: this.ids.take(),
      revisions: this.revisions.take(),
      heads: this.heads.take(),
      words: this.words.take(),
      wordsAt: this.wordsAt.take(),
      linesAt: this.linesAt.take(),
      lines: this.lines.take(),
      rare: this.rare,
      ...inverted(this.size, this.terms.take(), this.termsAt.take()),
    };
  }
}

/** Terms by firm → postings by term. */
function inverted(size: number, list: Int32Array, at: Int32Array): Pick<Segment, 'postings' | 'postingsAt'> {
  let terms = 0;
  for (const entry of list) if (entry >>> 8 >= terms) terms = (entry >>> 8) + 1;
  const postingsAt = ints(terms + 1);
  for (const entry of list) postingsAt[(entry >>> 8) + 1]!++;
  for (let term = 0; term < terms; term++) postingsAt[term + 1]! += postingsAt[term]!;
  const next = postingsAt.slice();
  const postings = ints(list.length);
  for (let firm = 0; firm < size; firm++) for (let i = at[firm]!; i < at[firm + 1]!; i++) postings[next[list[i]! >>> 8]!++] = (firm << 8) | (list[i]! & 255);
  return { postings, postingsAt };
}

/** The living firms of both, the first one's before the second one's. */
export function merged(first: Segment, second: Segment): Segment {
  const segments = [first, second] as const;
  const ids = new Growing(new Uint32Array(64));
  const revisions = new Growing(new Int32Array(64));
  const heads = new Growing(new Int32Array(64));
  const words = new Growing(new Int32Array(64));
  const wordsAt = new Growing(new Int32Array(64));
  const lines = new Growing(new Int32Array(64));
  const linesAt = new Growing(new Int32Array(64));
  const rare = new Map<number, Rare>();
  wordsAt.push([0]);
  linesAt.push([0]);
  let size = 0;
  const places = segments.map((segment) => {
    const place = new Int32Array(segment.size).fill(-1);
    for (let firm = 0; firm < segment.size; firm++) {
      if (!isAlive(segment, firm)) continue;
      place[firm] = size;
      ids.push(segment.ids.subarray(4 * firm, 4 * firm + 4));
      revisions.push([segment.revisions[firm]!]);
      heads.push(segment.heads.subarray(HEAD * firm, HEAD * firm + HEAD));
      words.push(segment.words.subarray(segment.wordsAt[firm], segment.wordsAt[firm + 1]));
      wordsAt.push([words.length]);
      lines.push(segment.lines.subarray(segment.linesAt[firm], segment.linesAt[firm + 1]));
      linesAt.push([lines.length]);
      const details = segment.rare.get(firm);
      if (details) rare.set(size, details);
      size++;
    }
    return place;
  });
  const terms = Math.max(first.postingsAt.length, second.postingsAt.length) - 1;
  const postings = new Growing(new Int32Array(first.postings.length + second.postings.length));
  const postingsAt = ints(terms + 1);
  for (let term = 0; term < terms; term++) {
    segments.forEach((segment, s) => {
      const kept: number[] = [];
      for (let i = segment.postingsAt[term] ?? 0; i < (segment.postingsAt[term + 1] ?? 0); i++) {
        const place = places[s]![segment.postings[i]! >>> 8]!;
        if (place >= 0) kept.push((place << 8) | (segment.postings[i]! & 255));
      }
      postings.push(kept);
    });
    postingsAt[term + 1] = postings.length;
  }
  return {
    size,
    ids: ids.take(),
    revisions: revisions.take(),
    heads: heads.take(),
    words: words.take(),
    wordsAt: wordsAt.take(),
    lines: lines.take(),
    linesAt: linesAt.take(),
    postings: postings.take(),
    postingsAt,
    rare,
  };
}

export const EMPTY = new SegmentBuilder().build();

/** Makes a firm one that fits nothing; its postings go with the next merge. */
export const bury = (segment: Segment, firm: number): unknown => segment.heads.fill(0, HEAD * firm, HEAD * firm + HEAD);

export const isAlive = (segment: Segment, firm: number): boolean => segment.heads[HEAD * firm + FLAGS] !== 0;

/** Bytes of all its arrays. */
export const bytesOf = (segment: Segment): number =>
  Object.values(segment as unknown as Record<string, unknown>).reduce<number>((sum, part) => sum + (ArrayBuffer.isView(part) ? part.byteLength : 0), 0);

/** A UUID as four numbers. */
export function numbersOfId(id: string): Uint32Array {
  const digits = id.replaceAll('-', '');
  return Uint32Array.from([0, 8, 16, 24], (from) => Number.parseInt(digits.slice(from, from + 8), 16));
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const bytes = (n: number, upper: boolean): string => (upper ? HEX[n >>> 24]! + HEX[(n >>> 16) & 255]! : HEX[(n >>> 8) & 255]! + HEX[n & 255]!);

export function idOf({ ids }: Segment, firm: number): string {
  const at = 4 * firm;
  const [a, b, c, d] = [ids[at]!, ids[at + 1]!, ids[at + 2]!, ids[at + 3]!];
  return `${bytes(a, true)}${bytes(a, false)}-${bytes(b, true)}-${bytes(b, false)}-${bytes(c, true)}-${bytes(c, false)}${bytes(d, true)}${bytes(d, false)}`;
}

/** Where firms of a segment are found by their id: an open table of places, by the id's first number. */
export class Places {
  private table: Int32Array;

  constructor(private readonly segment: Segment) {
    this.table = new Int32Array(2 ** Math.ceil(Math.log2(2 * segment.size + 2))).fill(-1);
    for (let firm = 0; firm < segment.size; firm++) {
      let slot = segment.ids[4 * firm]! & (this.table.length - 1);
      while (this.table[slot] !== -1) slot = (slot + 1) & (this.table.length - 1);
      this.table[slot] = firm;
    }
  }

  /** The living firm's place, or -1. */
  of(id: Uint32Array): number {
    let slot = id[0]! & (this.table.length - 1);
    for (let firm = this.table[slot]!; firm !== -1; slot = (slot + 1) & (this.table.length - 1), firm = this.table[slot]!) {
      const at = 4 * firm;
      const { ids } = this.segment;
      if (ids[at] === id[0] && ids[at + 1] === id[1] && ids[at + 2] === id[2] && ids[at + 3] === id[3] && isAlive(this.segment, firm)) return firm;
    }
    return -1;
  }

  get bytes(): number {
    return this.table.byteLength;
  }
}
