import { fold, formOf, isPlural, isPreposition, isQualifier, isStop, KIND, type Kind, rootOf, scan } from './tokens.js';

/** Where a text of the lexicon comes from: our own goods, our own activities, or official rows that only add weak evidence. */
export type SourceKind = 'hs' | 'isic' | 'official';
export interface Source {
  readonly kind: SourceKind;
  /** In the form of the lexicon's files. */
  readonly text: string;
}

const LINE_KEYS: Readonly<Record<string, number>> = { en: 0, zh: 1, ur: 2, ro: 3, sd: 4, not: 5 };
/** The line of words that point away from a code. */
export const NOT = 5;

/** Damps how much more a word counts that is one class's own. */
const OWN = 5;

/** Grows as items come in; typed arrays are cut from it at the end. */
class Ints {
  private data = new Int32Array(1 << 16);
  length = 0;
  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new Int32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }
  done(): Int32Array {
    return this.data.slice(0, this.length);
  }
}

/**
 * Everything the classifier looks up, in flat arrays. A *class* is what is ranked: an HS heading or an ISIC division.
 * An *item* is one phrase of the lexicon; a *root* is a word without its endings, a *form* the word itself.
 */
export interface TradeIndex {
  readonly classes: readonly string[];
  /** Classes from this one on are ISIC divisions. */
  readonly firstIsic: number;
  /** Codes below or above the classes that items stand under: subheadings, groups, chapters. */
  readonly nodes: readonly string[];
  readonly forms: ReadonlyMap<string, number>;
  readonly formNames: readonly string[];
  readonly roots: ReadonlyMap<string, number>;
  readonly rootOfForm: Int32Array;
  /** Items: class (or −1 − chapter), node, line key, whether it is the short name, whether official. */
  readonly itemClass: Int32Array;
  readonly itemNode: Int32Array;
  readonly itemFlags: Uint8Array;
  readonly itemStart: Int32Array;
  readonly itemEnd: Int32Array;
  readonly itemForms: Int32Array;
  readonly itemFormsAt: Int32Array;
  /** The form of the word an item is about, or −1. */
  readonly itemHead: Int32Array;
  /** The folded text that itemStart and itemEnd point into. */
  readonly text: string;
  readonly postings: Int32Array;
  readonly postingForms: Int32Array;
  readonly postingsAt: Int32Array;
  readonly rootIdf: Float32Array;
  readonly chapterOf: Uint8Array;
  /** For each root the classes it occurs in, and the share of it each has. */
  readonly bagClass: Uint16Array;
  readonly bagShare: Float32Array;
  /** The share, damped: 0..1. */
  readonly bagDamped: Float32Array;
  readonly bagAt: Int32Array;
}

export const FLAG = { key: 7, name: 8, official: 16, node: 32, chapter: 64 } as const;

/** Reads the lexicon's texts into one index. Time and memory matter here: about 150,000 phrases at every start. */
export function buildIndex(sources: readonly Source[]): TradeIndex {
  const text = sources.map((s) => fold(s.text)).join('\n\u0000\n');
  const kinds = sources.map((s) => s.kind);
  const forms = new Map<string, number>();
  const formNames: string[] = [];
  const roots = new Map<string, number>();
  const rootOfForm = new Ints();
  /** Written words → form, so that each is stemmed once. */
  const written = new Map<string, number>();
  const formId = (word: string): number => {
    let id = written.get(word);
    if (id !== undefined) return id;
    const form = formOf(word);
    id = forms.get(form);
    if (id === undefined) {
      id = formNames.length;
      forms.set(form, id);
      formNames.push(form);
      const rootName = rootOf(form);
      let root = roots.get(rootName);
      if (root === undefined) {
        root = roots.size;
        roots.set(rootName, root);
      }
      rootOfForm.push(root);
    }
    written.set(word, id);
    return id;
  };

  const headings = new Set<string>();
  const divisions = new Set<string>();
  {
    let source = 0;
    for (const m of text.matchAll(/^(?:\u0000|\d+)$/gm)) {
      if (m[0] === '\u0000') source++;
      else if (kinds[source] === 'isic') divisions.add(m[0].slice(0, 2));
      else if (m[0].length >= 4) headings.add(m[0].slice(0, 4));
    }
  }
  const hs = [...headings].sort();
  const isic = [...divisions].sort();
  const classes = [...hs, ...isic];
  const firstIsic = hs.length;
  const hsClass = new Map(hs.map((code, i) => [code, i]));
  const isicClass = new Map(isic.map((code, i) => [code, firstIsic + i]));
  const chapterOf = Uint8Array.from(classes, (code, i) => (i < firstIsic ? Number(code.slice(0, 2)) : 100));

  const nodes: string[] = [];
  const itemClass = new Ints();
  const itemNode = new Ints();
  const itemFlags = new Ints();
  const itemStart = new Ints();
  const itemEnd = new Ints();
  const itemForms = new Ints();
  const itemFormsAt = new Ints();
  const itemHead = new Ints();
  let head = -1;
  let afterPreposition = false;
  let headIsPlural = false;

  let pending = ''; // a single letter that may belong to the word after it: t-shirt
  const onWord = (word: string, kind: Kind): void => {
    if (kind === KIND.han) {
      pending = '';
      for (let k = 0; k < word.length; k++) {
        itemForms.push(formId(word.charAt(k)));
        if (k + 1 < word.length) itemForms.push(formId(word.slice(k, k + 2)));
      }
      if (!afterPreposition) head = formId(word.slice(-2));
      return;
    }
    if (kind === KIND.digit && !/[a-z]/.test(word)) return;
    if (word.length === 1) {
      pending = word;
      return;
    }
    if (pending !== '') {
      if (kind === KIND.latin) itemForms.push(formId(pending + word));
      pending = '';
    }
    if (isPreposition(word)) afterPreposition = head >= 0;
    if (isStop(word)) return;
    const form = formId(word);
    itemForms.push(form);
    if (afterPreposition || (head >= 0 && isQualifier(word))) return;
    const plural = isPlural(word);
    if (plural || !headIsPlural) head = form;
    headIsPlural ||= plural;
  };

  let source = 0;
  let cls = -1;
  let node = -1;
  let level = 0;
  let at = 0;
  while (at < text.length) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const first = text.charCodeAt(at);
    if (first === 0) source++;
    else if (first >= 0x30 && first <= 0x39) {
      const code = text.slice(at, end);
      const ours = kinds[source] === 'isic';
      node = nodes.length;
      nodes.push(code);
      if (ours) {
        cls = isicClass.get(code.slice(0, 2)) ?? -1;
        level = code.length > 2 ? FLAG.node : 0;
      } else if (code.length === 2) {
        cls = -1 - Number(code);
        level = FLAG.chapter;
      } else {
        cls = hsClass.get(code.slice(0, 4)) ?? -1;
        level = code.length > 4 ? FLAG.node : 0;
      }
    } else if (first > 0x60 && end > at + 4) {
      const colon = text.indexOf(':', at);
      const key = colon > 0 && colon < at + 5 ? LINE_KEYS[text.slice(at, colon)] : undefined;
      if (key !== undefined && node >= 0) {
        let from = colon + 1;
        let name: number = FLAG.name;
        const flags = key | level | (kinds[source] === 'official' ? FLAG.official : 0);
        while (from < end) {
          let to = text.indexOf(';', from);
          if (to < 0 || to > end) to = end;
          itemFormsAt.push(itemForms.length);
          pending = '';
          head = -1;
          afterPreposition = false;
          headIsPlural = false;
          scan(text, from, to, onWord);
          itemHead.push(head);
          itemClass.push(cls);
          itemNode.push(node);
          itemFlags.push(flags | name);
          itemStart.push(from);
          itemEnd.push(to);
          name = 0;
          from = to + 1;
        }
      }
    }
    at = end + 1;
  }
  itemFormsAt.push(itemForms.length);

  const allForms = itemForms.done();
  const formsAt = itemFormsAt.done();
  const rootOfFormDone = rootOfForm.done();
  const classOfItem = itemClass.done();
  const flagsOfItem = Uint8Array.from(itemFlags.done());
  const rootCount = roots.size;
  const postingsAt = new Int32Array(rootCount + 1);
  for (const form of allForms) {
    const r = (rootOfFormDone[form] as number) + 1;
    postingsAt[r] = (postingsAt[r] as number) + 1;
  }
  for (let r = 0; r < rootCount; r++) postingsAt[r + 1] = (postingsAt[r + 1] as number) + (postingsAt[r] as number);
  const next = postingsAt.slice();
  const postings = new Int32Array(allForms.length);
  const postingForms = new Int32Array(allForms.length);
  for (let item = 0; item + 1 < formsAt.length; item++) {
    for (let k = formsAt[item] as number; k < (formsAt[item + 1] as number); k++) {
      const form = allForms[k] as number;
      const r = rootOfFormDone[form] as number;
      const p = next[r] as number;
      postings[p] = item;
      postingForms[p] = form;
      next[r] = p + 1;
    }
  }

  // shares of each root among the classes, damped: a word said thirty times under one heading is not thirty times as much its own
  const rootIdf = new Float32Array(rootCount);
  const bagAt = new Int32Array(rootCount + 1);
  const bagClass = new Ints();
  const count = new Float32Array(classes.length);
  const bagShares: number[] = [];
  const touched: number[] = [];
  for (let r = 0; r < rootCount; r++) {
    touched.length = 0;
    for (let p = postingsAt[r] as number; p < (postingsAt[r + 1] as number); p++) {
      const item = postings[p] as number;
      const c = classOfItem[item] as number;
      const flags = flagsOfItem[item] as number;
      if (c < 0 || (flags & FLAG.key) === NOT) continue;
      if (count[c] === 0) touched.push(c);
      count[c] = (count[c] as number) + (flags & FLAG.official ? 0.5 : 1);
    }
    let sum = 0;
    for (const c of touched) sum += Math.sqrt(count[c] as number);
    for (const c of touched) {
      bagClass.push(c);
      bagShares.push(Math.sqrt(count[c] as number) / sum);
      count[c] = 0;
    }
    bagAt[r + 1] = bagShares.length;
    rootIdf[r] = Math.log(1 + classes.length / (touched.length + 0.5));
  }

  const bagShare = Float32Array.from(bagShares);
  return {
    classes,
    firstIsic,
    nodes,
    forms,
    formNames,
    roots,
    rootOfForm: rootOfFormDone,
    itemClass: classOfItem,
    itemNode: itemNode.done(),
    itemFlags: flagsOfItem,
    itemStart: itemStart.done(),
    itemEnd: itemEnd.done(),
    itemForms: allForms,
    itemFormsAt: formsAt,
    itemHead: itemHead.done(),
    text,
    postings,
    postingForms,
    postingsAt,
    rootIdf,
    chapterOf,
    bagClass: Uint16Array.from(bagClass.done()),
    bagShare,
    bagDamped: bagShare.map((share) => Math.log(1 + OWN * share) / Math.log(1 + OWN)),
    bagAt,
  };
}
