import { ACTIVITIES, type Activity, DIVISIONS } from './activities.js';
import { madeIn } from './made-in.js';
import { lexiconSources } from './lexicon.js';
import { type OfficialRow, officialSource } from './official.js';
import { readPacked } from './packed.js';
import { type Query, readQuery } from './query.js';
import { platformsOf, sectorsOf } from './sectors.js';
import { signalsIn } from './signals.js';
import { Spelling } from './spelling.js';
import { fold } from './tokens.js';
import { buildIndex, FLAG, NOT, type TradeIndex } from './trade-index.js';
import { FEATURES, ISIC_FEATURES, WEIGHTS, type Weights } from './weights.js';

/** A code with how sure it is (0..1) and the words of the text that led there. */
export interface Suggestion {
  readonly code: string;
  readonly score: number;
  readonly words: readonly string[];
}

/** What a text is about. Lists are best first; all are empty where nothing is known. */
export interface Classification {
  /** HS codes of 4 or 6 digits, one a heading. */
  readonly hs: readonly Suggestion[];
  /** ISIC Rev.4 divisions. */
  readonly isic: readonly Suggestion[];
  /** Sectors of the statement. */
  readonly sectors: readonly { readonly code: string; readonly score: number }[];
  readonly platforms: readonly string[];
}

/** A class with its evidence, before it becomes a suggestion. */
export interface Candidate {
  readonly cls: number;
  /** Log-odds against the other candidates, up to a constant. */
  readonly score: number;
  /** The phrase that speaks loudest for it, or −1. */
  readonly item: number;
  readonly best: number;
  readonly same: boolean;
  readonly covered: number;
  /** The subheading its own phrases point to, or −1. */
  readonly node: number;
  /** All features, where they are kept for fitting. */
  readonly features: Float32Array | undefined;
}

const F = FEATURES.length;
const FI = F + ISIC_FEATURES.length + ACTIVITIES.length;
const CHAPTERS = 101;
/** Powers of similarities are looked up: they are taken a million times a second. */
const STEPS = 1024;
const powers = (exponent: number): Float32Array => Float32Array.from({ length: STEPS + 1 }, (_, i) => Math.pow(i / STEPS, exponent));
/** Candidates further behind the best one than this (in log-odds) are not looked at. */
const WINDOW = 7;
const MOST_CANDIDATES = 40;

/**
 * Names the goods and activities a text is about, by the trade lexicon alone. Holds the index and its scratch space; a call changes nothing
 * that the next call sees.
 */
export class Classifier {
  private readonly spelling: Spelling;
  private readonly rootWeight: Float32Array;
  /** Four numbers a phrase, side by side so that one look at memory gets all: class and flags, root of its head, node, weight. */
  private readonly facts: Int32Array;
  /** The weights among {@link facts}. */
  private readonly phraseWeight: Float32Array;
  private readonly textPower: Float32Array;
  private readonly phrasePower: Float32Array;
  private readonly divisionOf: Int16Array;
  private readonly classOf: ReadonlyMap<string, number>;
  /** Per activity, whether a division is one of its. */
  private readonly does: ReadonlyMap<Activity, Uint8Array>;
  private readonly industry: Uint8Array;

  // scratch space of one call, clean between calls
  /** Four numbers a phrase: weight of the words found, of the text's and of its own; position last seen, from 1; whether its head was found. */
  private readonly scratch: Float32Array;
  private readonly touched: Int32Array;
  private readonly evidence: Float32Array;
  private readonly bestItem: Int32Array;
  private readonly nodeBest: Float32Array;
  private readonly nodeSecond: Float32Array;
  private readonly nodeItem: Int32Array;
  private readonly ownBest: Float32Array;
  private readonly seen: Uint8Array;
  private readonly score: Float32Array;
  private readonly chapterShare = new Float32Array(CHAPTERS);
  private readonly chapterCovered = new Float32Array(CHAPTERS);
  private readonly chapterPhrase = new Float32Array(CHAPTERS);
  private readonly chapterStamp = new Int32Array(CHAPTERS);
  private readonly made: Float32Array;

  constructor(
    readonly index: TradeIndex,
    private readonly weights: Weights = WEIGHTS,
    /** Keeps the features of candidates, for fitting the weights. */
    private readonly keep = false,
  ) {
    const w = weights;
    const items = index.itemClass.length;
    const classes = index.classes.length;
    this.scratch = new Float32Array(items * 4);
    this.facts = new Int32Array(items * 4);
    this.phraseWeight = new Float32Array(this.facts.buffer);
    this.touched = new Int32Array(items);
    this.evidence = new Float32Array(classes * F);
    this.bestItem = new Int32Array(classes).fill(-1);
    this.nodeBest = new Float32Array(classes);
    this.nodeSecond = new Float32Array(classes);
    this.nodeItem = new Int32Array(classes).fill(-1);
    this.ownBest = new Float32Array(classes);
    this.seen = new Uint8Array(classes);
    this.score = new Float32Array(classes);
    this.made = new Float32Array(classes);
    this.textPower = powers(w.textPower);
    this.phrasePower = powers(w.phrasePower);
    this.rootWeight = Float32Array.from(index.rootIdf, (idf) => Math.pow(idf, w.rarity));
    this.spelling = new Spelling(index.forms, index.formNames, (form) => {
      const root = index.rootOfForm[form] as number;
      return (index.postingsAt[root + 1] as number) - (index.postingsAt[root] as number);
    });
    for (let i = 0; i < items; i++) {
      let total = 0;
      const head = index.itemHead[i] as number;
      const headRoot = head < 0 ? -2 : (index.rootOfForm[head] as number);
      for (let k = index.itemFormsAt[i] as number; k < (index.itemFormsAt[i + 1] as number); k++) {
        const root = index.rootOfForm[index.itemForms[k] as number] as number;
        const weight = this.rootWeight[root] as number;
        total += root === headRoot ? weight * w.head : weight;
      }
      this.facts[i * 4] = (((index.itemClass[i] as number) + CHAPTERS) << 8) | (index.itemFlags[i] as number);
      this.facts[i * 4 + 1] = headRoot;
      this.facts[i * 4 + 2] = index.itemNode[i] as number;
      this.phraseWeight[i * 4 + 3] = total;
    }
    this.classOf = new Map(index.classes.map((code, c) => [c < index.firstIsic ? code : `isic ${code}`, c]));
    this.divisionOf = Int16Array.from(index.classes, (code, c) => (c < index.firstIsic ? (this.classOf.get(`isic ${madeIn(code) ?? ''}`) ?? -1) : -1));
    this.does = new Map(ACTIVITIES.map((a) => [a, Uint8Array.from(index.classes, (code, c) => (c >= index.firstIsic && DIVISIONS[a].includes(code) ? 1 : 0))]));
    this.industry = Uint8Array.from(index.classes, (code, c) => (c >= index.firstIsic && code >= '10' && code <= '33' ? 1 : 0));
  }

  /** Reads a text; `top` limits each list. */
  classify(text: string, top = 10): Classification {
    const { query, hs, isic } = this.rank(text);
    return answer(this.index, query, hs, isic, top);
  }

  /** The phrase of the lexicon that spoke loudest for a candidate, as it is compared. */
  phraseOf(candidate: Candidate): string {
    const { text, itemStart, itemEnd } = this.index;
    return candidate.item < 0 ? '' : text.slice(itemStart[candidate.item], itemEnd[candidate.item]).trim();
  }

  /** All candidates of a text that can still matter, best first. */
  rank(text: string): { query: Query; hs: Candidate[]; isic: Candidate[] } {
    const query = readQuery(text, this.index, this.rootWeight, this.spelling, this.weights);
    const { weightH, weightI } = totals(query);
    const count = this.lookUp(query);
    const classes = this.weighPhrases(query, count, weightH, weightI);
    this.weighWords(query, weightH, weightI);
    this.weighChapters(query, classes);
    const hs = this.rankHs(classes);
    const isic = this.rankIsic(query, hs);
    for (const c of classes) {
      this.bestItem[c] = -1;
      this.nodeItem[c] = -1;
      this.nodeBest[c] = 0;
      this.nodeSecond[c] = 0;
      this.ownBest[c] = 0;
      this.seen[c] = 0;
    }
    this.evidence.fill(0);
    this.chapterShare.fill(0);
    this.chapterCovered.fill(0);
    this.chapterPhrase.fill(0);
    return { query, hs, isic };
  }

  /** Which phrases hold words of the text, and how much of text and phrase that is. */
  private lookUp({ positions }: Query): number {
    const { postings, postingForms, postingsAt } = this.index;
    const { scratch, facts, touched } = this;
    const { otherForm, head } = this.weights;
    let count = 0;
    for (let p = 0; p < positions.length; p++) {
      const position = positions[p] as (typeof positions)[number];
      const at = p + 1;
      for (const { root, form, quality } of position.alternatives) {
        const own = this.rootWeight[root] as number;
        const end = postingsAt[root + 1] as number;
        for (let k = postingsAt[root] as number; k < end; k++) {
          const item = postings[k] as number;
          const s = item * 4;
          const last = scratch[s + 2] as number;
          if (last === at) continue;
          if (last === 0) touched[count++] = item;
          scratch[s + 2] = at;
          const q = postingForms[k] === form ? quality : quality * otherForm;
          let ofOwn = own * q;
          if (facts[s + 1] === root) {
            scratch[s + 3] = 1;
            ofOwn *= head;
          }
          scratch[s] = (scratch[s] as number) + position.weight * q;
          scratch[s + 1] = (scratch[s + 1] as number) + ofOwn;
        }
      }
    }
    return count;
  }

  /** Similarity of the text to each phrase → the best ones of each class. */
  private weighPhrases({ headRoots }: Query, count: number, weightH: number, weightI: number): number[] {
    const { firstIsic, itemNode } = this.index;
    const { scratch, facts, phraseWeight, touched, evidence, bestItem, nodeBest, nodeSecond, nodeItem, ownBest, seen, textPower, phrasePower } = this;
    const { otherHead, noHead, official } = this.weights;
    const classes: number[] = [];
    const headRoot = headRoots[0] ?? -1;
    for (let t = 0; t < count; t++) {
      const item = touched[t] as number;
      const s = item * 4;
      const packed = facts[s] as number;
      const c = (packed >> 8) - CHAPTERS;
      const flags = packed & 0xff;
      let ofText = (scratch[s] as number) / (c < firstIsic ? weightH : weightI);
      let ofPhrase = (scratch[s + 1] as number) / (phraseWeight[s + 3] as number);
      const headFound = scratch[s + 3] === 1;
      scratch[s] = 0;
      scratch[s + 1] = 0;
      scratch[s + 2] = 0;
      scratch[s + 3] = 0;
      if (ofText > 1) ofText = 1;
      if (ofPhrase > 1) ofPhrase = 1;
      const o = c * F;
      if (c >= 0 && !seen[c]) {
        seen[c] = 1;
        classes.push(c);
      }
      if ((flags & FLAG.key) === NOT) {
        if (c >= 0 && ofPhrase > 0.95 && ofText > (evidence[o + 7] as number)) evidence[o + 7] = ofText;
        continue;
      }
      let similar = (textPower[(ofText * STEPS) | 0] as number) * (phrasePower[(ofPhrase * STEPS) | 0] as number);
      const root = facts[s + 1] as number;
      const sameHead = root === headRoot || (headRoots.length > 1 && headRoots.includes(root));
      if (!sameHead) similar *= headFound ? otherHead : noHead;
      if (flags & FLAG.official) similar *= official;
      if (c < 0) {
        const chapter = -1 - c;
        if (similar > (this.chapterPhrase[chapter] as number)) this.chapterPhrase[chapter] = similar;
        continue;
      }
      if (flags & FLAG.node) {
        const known = nodeItem[c] as number;
        const same = known >= 0 && itemNode[known] === facts[s + 2];
        if (similar > (nodeBest[c] as number)) {
          if (!same) nodeSecond[c] = nodeBest[c] as number;
          nodeBest[c] = similar;
          nodeItem[c] = item;
        } else if (!same && similar > (nodeSecond[c] as number)) nodeSecond[c] = similar;
      } else if (similar > (ownBest[c] as number)) ownBest[c] = similar;
      if (similar > (evidence[o] as number)) {
        evidence[o + 1] = evidence[o] as number;
        evidence[o] = similar;
        bestItem[c] = item;
        evidence[o + 8] = ofText;
        evidence[o + 9] = ofPhrase;
        evidence[o + 10] = ofText > 0.98 && ofPhrase > 0.98 ? 1 : 0;
        evidence[o + 11] = sameHead ? 1 : 0;
        evidence[o + 12] = flags & FLAG.node ? 1 : 0;
      } else if (similar > (evidence[o + 1] as number)) evidence[o + 1] = similar;
    }
    return classes;
  }

  /** How much of each class's own the words of the text are. */
  private weighWords({ positions }: Query, weightH: number, weightI: number): void {
    const { bagAt, bagClass, bagShare, bagDamped, firstIsic, chapterOf } = this.index;
    const { evidence, chapterShare, chapterCovered, chapterStamp } = this;
    chapterStamp.fill(-1);
    for (let p = 0; p < positions.length; p++) {
      const { joined, weight, activity, alternatives } = positions[p] as (typeof positions)[number];
      if (joined) continue;
      let sum = 0;
      const own = alternatives[0]?.quality === 1 ? alternatives.slice(0, 1) : alternatives;
      for (const { quality } of own) sum += quality;
      for (const { root, quality } of own) {
        // several guesses share what one would have
        const q = (quality * quality) / sum;
        const shareI = (weight / weightI) * q;
        const shareH = activity && weightH < weightI ? 0 : (weight / weightH) * q;
        const end = bagAt[root + 1] as number;
        for (let k = bagAt[root] as number; k < end; k++) {
          const c = bagClass[k] as number;
          const o = c * F;
          const share = c < firstIsic ? shareH : shareI;
          const own = share * (bagShare[k] as number);
          evidence[o + 2] = (evidence[o + 2] as number) + own;
          evidence[o + 3] = (evidence[o + 3] as number) + share * (bagDamped[k] as number);
          evidence[o + 4] = (evidence[o + 4] as number) + share;
          const chapter = chapterOf[c] as number;
          chapterShare[chapter] = (chapterShare[chapter] as number) + own;
          if (chapterStamp[chapter] !== p) {
            chapterStamp[chapter] = p;
            chapterCovered[chapter] = (chapterCovered[chapter] as number) + share;
          }
        }
      }
    }
  }

  /** What the chapter says for its headings, and the materials and states that the text names. */
  private weighChapters(query: Query, classes: readonly number[]): void {
    const { chapterOf, firstIsic } = this.index;
    const { evidence } = this;
    const signals = signalsIn(query);
    const pro = new Float32Array(CHAPTERS);
    const contra = new Float32Array(CHAPTERS);
    for (const signal of signals) {
      for (let chapter = 1; chapter < CHAPTERS; chapter++) {
        if (signal.chapters.has(chapter)) pro[chapter] = (pro[chapter] as number) + 1 / signals.length;
        else if (chapter >= signal.against[0] && chapter <= signal.against[1]) contra[chapter] = (contra[chapter] as number) + 1 / signals.length;
      }
    }
    for (const c of classes) {
      if (c >= firstIsic) continue;
      const o = c * F;
      const chapter = chapterOf[c] as number;
      evidence[o + 5] = this.chapterShare[chapter] as number;
      evidence[o + 6] = this.chapterPhrase[chapter] as number;
      evidence[o + 13] = this.chapterCovered[chapter] as number;
      evidence[o + 14] = pro[chapter] as number;
      evidence[o + 15] = contra[chapter] as number;
    }
    for (const signal of signals) {
      signal.rest.forEach((code, at) => {
        const c = this.classOf.get(code);
        if (c !== undefined && this.seen[c]) evidence[c * F + (at === 0 ? 16 : 17)] = 1;
      });
    }
  }

  private rankHs(classes: readonly number[]): Candidate[] {
    const { firstIsic } = this.index;
    const { evidence, score } = this;
    const { hs } = this.weights;
    let best = -Infinity;
    for (const c of classes) {
      if (c >= firstIsic || this.bestItem[c] === -1) continue;
      const o = c * F;
      let sum = 0;
      for (let i = 0; i < F; i++) sum += (evidence[o + i] as number) * (hs[i] as number);
      score[c] = sum;
      if (sum > best) best = sum;
    }
    const found: Candidate[] = [];
    for (const c of classes)
      if (c < firstIsic && this.bestItem[c] !== -1 && (score[c] as number) > best - WINDOW) found.push(this.candidate(c, score[c] as number));
    return found.sort(byScore).slice(0, MOST_CANDIDATES);
  }

  private candidate(c: number, score: number, features?: Float32Array): Candidate {
    const o = c * F;
    const nodeItem = this.nodeItem[c] as number;
    const clear =
      nodeItem >= 0 &&
      (this.nodeBest[c] as number) >= (this.ownBest[c] as number) * 0.95 &&
      (this.nodeBest[c] as number) > (this.nodeSecond[c] as number) * 1.1;
    return {
      cls: c,
      score,
      item: this.bestItem[c] as number,
      best: this.evidence[o] as number,
      same: this.evidence[o + 10] === 1,
      covered: this.evidence[o + 4] as number,
      node: clear ? (this.index.itemNode[nodeItem] as number) : -1,
      features: this.keep ? (features ?? this.evidence.slice(o, o + F)) : undefined,
    };
  }

  /** Divisions: by their own phrases, by the activities named, and by what goods of these headings are made in. */
  private rankIsic({ activities }: Query, hs: readonly Candidate[]): Candidate[] {
    const { index, evidence, made, industry } = this;
    const weights = this.weights.isic;
    const likely = hs.slice(0, 12);
    const top = likely[0]?.score ?? 0;
    let sum = 0;
    for (const h of likely) sum += Math.exp(h.score - top);
    let vehicles = 0;
    for (const h of likely) {
      const division = this.divisionOf[h.cls] as number;
      const p = (Math.exp(h.score - top) / sum) * h.best;
      if (division >= 0) made[division] = (made[division] as number) + p;
      if (index.chapterOf[h.cls] === 87) vehicles += p;
    }
    const makes = activities.has('make');
    const trades = activities.has('wholesale') || activities.has('retail') || activities.has('repair');
    const found: Candidate[] = [];
    const doing = [...activities].map((a) => ({
      does: this.does.get(a) ?? industry,
      weight: weights[F + ISIC_FEATURES.length + ACTIVITIES.indexOf(a)] as number,
    }));
    const [perMade, perMadeAndSaid, perMadeOnly, perIndustry, perVehicles, perNotIndustry] = weights.slice(F) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const perShare = perMade + (makes ? perMadeAndSaid : 0) + (activities.size === 0 ? perMadeOnly : 0);
    const forIndustry = makes ? perIndustry : activities.size ? perNotIndustry : 0;
    for (let c = index.firstIsic; c < index.classes.length; c++) {
      const m = made[c] as number;
      made[c] = 0;
      let any = m > 0 || this.bestItem[c] !== -1;
      let score = m * perShare;
      const o = c * F;
      for (let i = 0; i < F; i++) score += (evidence[o + i] as number) * (weights[i] as number);
      if (industry[c]) score += forIndustry;
      if (trades && index.classes[c] === '45') score += vehicles * perVehicles;
      for (const { does, weight } of doing) {
        if (!does[c]) continue;
        score += weight;
        any = true;
      }
      if (any) found.push(this.candidate(c, score, this.keep ? this.isicFeatures(c, m, makes, trades ? vehicles : 0, activities) : undefined));
    }
    return found.sort(byScore).slice(0, MOST_CANDIDATES);
  }

  /** What {@link rankIsic} sums up, one by one: for fitting the weights. */
  private isicFeatures(c: number, m: number, makes: boolean, vehicles: number, activities: ReadonlySet<Activity>): Float32Array {
    const f = new Float32Array(FI);
    f.set(this.evidence.subarray(c * F, c * F + F));
    f[F] = m;
    f[F + 1] = makes ? m : 0;
    f[F + 2] = activities.size === 0 ? m : 0;
    f[F + 3] = this.industry[c] && makes ? 1 : 0;
    f[F + 4] = this.index.classes[c] === '45' ? vehicles : 0;
    f[F + 5] = this.industry[c] && !makes && activities.size ? 1 : 0;
    for (const a of activities) f[F + ISIC_FEATURES.length + ACTIVITIES.indexOf(a)] = this.does.get(a)?.[c] ? 1 : 0;
    return f;
  }
}

/**
 * The classifier over our lexicon, and over the rows of an official nomenclature if there are any.
 * Without them it takes the index that was made at compile time.
 */
export function openClassifier(official: readonly OfficialRow[] = []): Classifier {
  if (official.length === 0) return new Classifier(readPacked() ?? buildIndex(lexiconSources()));
  return new Classifier(buildIndex([...lexiconSources(), officialSource(official)]));
}

const byScore = (a: Candidate, b: Candidate): number => b.score - a.score || a.cls - b.cls;

/** Weight of the whole text, without and with the words for activities. */
function totals({ positions }: Query): { weightH: number; weightI: number } {
  let weightH = 0;
  let weightI = 0;
  for (const { joined, activity, weight } of positions) {
    if (joined) continue;
    weightI += weight;
    if (!activity) weightH += weight;
  }
  return { weightH: weightH || weightI, weightI };
}

/** Chance of each candidate among all, by its log-odds. */
function chances(candidates: readonly Candidate[]): number[] {
  const top = candidates[0]?.score ?? 0;
  let sum = 0;
  for (const c of candidates) sum += Math.exp(c.score - top);
  return candidates.map((c) => Math.exp(c.score - top) / sum);
}
/** How much of a text stands on guesses, 0..1. */
function guessed({ positions }: Query): number {
  let doubt = 0;
  let all = 0;
  for (const { joined, weight, alternatives } of positions) {
    const [best] = alternatives;
    if (joined || !best) continue;
    all += weight;
    doubt += weight * (1 - best.quality);
  }
  return all === 0 ? 0 : doubt / all;
}
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const round = (n: number): number => Math.round(n * 1000) / 1000;

/** Activities that have to do with goods of their own; a text about any other is about a service. */
const ABOUT_GOODS: ReadonlySet<Activity> = new Set<Activity>(['make', 'grow', 'fish', 'mine', 'wholesale']);
/** Below this a text that speaks of activities gets no goods at all. */
const NO_GOODS = 0.12;
/** The same for a text that is word for word an activity of the lexicon. */
const NO_GOODS_BESIDE = 0.35;

/**
 * Candidates → suggestions. The score of the first says how often such an answer is right, by a logistic regression over the same sets that the
 * weights were fitted on; the others share what is left in proportion to their chances.
 */
function answer(index: TradeIndex, query: Query, hs: readonly Candidate[], isic: readonly Candidate[], top: number): Classification {
  const [goods] = hs;
  const [service] = isic;
  const p = chances(hs);
  const q = chances(isic);
  const serves = [...query.activities].some((a) => !ABOUT_GOODS.has(a));
  const betterService = service !== undefined && goods !== undefined && service.best > goods.best;
  const exactService = service?.same === true && goods?.same !== true;
  let sureHs = 0;
  if (goods) {
    const z =
      -3.7 +
      3.31 * (p[0] as number) +
      1.1 * goods.best +
      1.4 * Math.min(1, goods.covered) +
      (goods.same ? 0.34 : 0) -
      (exactService ? 2 : 0) -
      (serves ? 4.1 : 0) -
      2.5 * guessed(query) +
      1.46 * Math.min(1, query.positions.length / 6);
    sureHs = sigmoid(z);
  }
  let sureIsic = 0;
  if (service) {
    const z =
      -1.97 +
      4.25 * (q[0] as number) -
      0.93 * service.best -
      0.44 * Math.min(1, service.covered) +
      (service.same ? 2.09 : 0) +
      (query.activities.size ? 0.78 : 0);
    sureIsic = sigmoid(z);
  }
  // "import export trading company" names no goods at all
  const onlyActivities = query.positions.every((p) => p.activity || p.joined) && goods?.same !== true;
  const noGoods = onlyActivities || (sureHs < NO_GOODS && (serves || betterService)) || (sureHs < NO_GOODS_BESIDE && exactService);
  const suggest = (c: Candidate, score: number, code: string): Suggestion => ({ code, score: round(score), words: wordsFor(index, query, c.item) });
  const hsList = noGoods
    ? []
    : hs
        .slice(0, top)
        .map((c, i) =>
          suggest(c, (sureHs * (p[i] as number)) / (p[0] as number), (c.node >= 0 ? index.nodes[c.node] : undefined) ?? (index.classes[c.cls] as string)),
        )
        .filter(({ score }) => score > 0);
  const isicList = isic
    .slice(0, top)
    .map((c, i) => suggest(c, (sureIsic * (q[i] as number)) / (q[0] as number), index.classes[c.cls] as string))
    .filter(({ score }) => score > 0);
  // goods say their sector better than the industry that makes them does
  const aboutGoods = hsList.length > 0 && sureHs >= (serves ? sureIsic : 0);
  const sectors = new Map<string, number>();
  let whole = 0;
  for (const { code, score } of aboutGoods ? hsList : isicList) {
    whole += score;
    for (const sector of sectorsOf(aboutGoods ? { hs: [code], isic: [] } : { hs: [], isic: [code] })) sectors.set(sector, (sectors.get(sector) ?? 0) + score);
  }
  const sure = aboutGoods ? sureHs : sureIsic;
  const sectorList = [...sectors]
    .map(([code, score]) => ({ code, score: round(whole > 0 ? Math.min(1, (score / whole) * Math.max(sure, Math.min(1, whole))) : 0) }))
    .filter((sector) => sector.score >= 0.05)
    .sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1));
  return {
    hs: hsList,
    isic: isicList,
    sectors: sectorList.slice(0, top),
    platforms: platformsOf({ hs: aboutGoods ? hsList.slice(0, 1).map((s) => s.code) : [], isic: aboutGoods ? [] : isicList.slice(0, 1).map((s) => s.code) }),
  };
}

/** The words of the text that a phrase shares. */
function wordsFor(index: TradeIndex, { positions, text }: Query, item: number): string[] {
  if (item < 0) return [];
  const roots = new Set<number>();
  for (let k = index.itemFormsAt[item] as number; k < (index.itemFormsAt[item + 1] as number); k++) {
    roots.add(index.rootOfForm[index.itemForms[k] as number] as number);
  }
  const shared = positions.filter((p) => p.alternatives.some((a) => roots.has(a.root)));
  // of neighbouring pairs of Chinese characters the single ones say nothing more
  const longest = shared.some((p) => p.word.length > 1) ? shared.filter((p) => p.word.length > 1) : shared;
  const written = new Map<string, string>();
  for (const [word] of text.normalize('NFKC').matchAll(/[\p{L}\p{M}\p{N}]+/gu)) written.set(fold(word), word);
  return [...new Set(longest.map((p) => written.get(p.word) ?? p.word))];
}
