import { activitiesIn, type Activity } from './activities.js';
import type { Spelling } from './spelling.js';
import {
  fold,
  formOf,
  HAN_NOISE,
  HAN_QUANTITY,
  isNoise,
  isPacking,
  isPlural,
  isPreposition,
  isQualifier,
  isStop,
  isUnitWord,
  KIND,
  rootOf,
  scan,
} from './tokens.js';
import { synonymsOf } from './synonyms.js';
import type { TradeIndex } from './trade-index.js';
import type { Weights } from './weights.js';

/** A word of the lexicon that a word of the text may be. */
export interface Alternative {
  readonly root: number;
  /** −1: only the root is known. */
  readonly form: number;
  /** 1, or less for a guess. */
  readonly quality: number;
}

/** A word of the text, with what it may be. */
export interface Position {
  readonly word: string;
  weight: number;
  readonly alternatives: readonly Alternative[];
  /** Two neighbours written as one (air bed → airbed): counts beside them. */
  readonly joined: boolean;
  readonly afterPreposition: boolean;
  /** Says what is done with the goods, not which they are. */
  readonly activity: boolean;
}

/** A text as the classifier reads it. */
export interface Query {
  readonly positions: readonly Position[];
  /** Roots of the word the text is about. */
  readonly headRoots: readonly number[];
  readonly activities: ReadonlySet<Activity>;
  readonly folded: string;
  /** The text as it was written. */
  readonly text: string;
}

/** Text → query: units, packing and praise dropped, unknown words guessed or cut in two, the head found. */
export function readQuery(text: string, index: TradeIndex, rootWeight: Float32Array, spelling: Spelling, w: Weights): Query {
  const folded = fold(text);
  const { found: activities, words: activityWords } = activitiesIn(folded);
  const positions: Position[] = [];
  const weightOf = (root: number): number => rootWeight[root] as number;
  const frequency = (root: number): number => (index.postingsAt[root + 1] as number) - (index.postingsAt[root] as number);
  const unknown = w.unknown * Math.pow(7, w.rarity);
  let afterPreposition = false;

  const lookup = (word: string): Alternative | undefined => {
    const name = formOf(word);
    const form = index.forms.get(name);
    if (form !== undefined) return { root: index.rootOfForm[form] as number, form, quality: 1 };
    const root = index.roots.get(rootOf(name));
    return root === undefined ? undefined : { root, form: -1, quality: 1 };
  };
  const push = (word: string, weight: number, alternatives: readonly Alternative[], joined = false): void => {
    positions.push({
      word,
      weight: afterPreposition ? weight * w.afterPreposition : weight,
      alternatives,
      joined,
      afterPreposition,
      activity: activityWords.has(word),
    });
  };
  /** airbeds → air beds, at the place where both parts are commonest */
  const cut = (word: string): readonly [number, Alternative, Alternative] | undefined => {
    let best: readonly [number, Alternative, Alternative] | undefined;
    let most = 4;
    for (let i = 3; i <= word.length - 3; i++) {
      const form = index.forms.get(word.slice(0, i));
      if (form === undefined) continue;
      const second = lookup(word.slice(i));
      if (!second) continue;
      const first = { root: index.rootOfForm[form] as number, form, quality: 1 };
      const common = Math.min(frequency(first.root), frequency(second.root));
      if (common > most) {
        most = common;
        best = [i, first, second];
      }
    }
    return best;
  };
  const alike = function* (others: ReadonlySet<string>): Generator<Alternative> {
    for (const other of others) {
      const form = index.forms.get(other);
      if (form !== undefined) yield { root: index.rootOfForm[form] as number, form, quality: w.synonym };
    }
  };
  const add = (word: string): void => {
    const hit = lookup(word);
    if (hit) {
      const others = synonymsOf(formOf(word));
      push(word, weightOf(hit.root), others ? [hit, ...alike(others)] : [hit]);
      return;
    }
    const guesses = spelling.guesses(formOf(word));
    if (/^[a-z]{6,}$/.test(word) && !((guesses[0]?.quality ?? 0) >= 0.8 && word.length < 8)) {
      const parts = cut(word);
      if (parts) {
        push(word.slice(0, parts[0]), weightOf(parts[1].root) * w.split, [parts[1]]);
        push(word.slice(parts[0]), weightOf(parts[2].root) * w.split, [parts[2]]);
        return;
      }
    }
    const [best] = guesses;
    push(
      word,
      best ? weightOf(index.rootOfForm[best.form] as number) * best.quality : unknown,
      guesses.map((g) => ({ root: index.rootOfForm[g.form] as number, form: g.form, quality: g.quality })),
    );
  };
  const known = (word: string): void => {
    const hit = lookup(word);
    if (hit) push(word, weightOf(hit.root), [hit]);
  };

  let letter = '';
  let before = '';
  let afterQuantity = false;
  scan(folded, 0, folded.length, (written, kind) => {
    let word = written;
    const quantity = afterQuantity;
    afterQuantity = (kind !== KIND.han && /^\d/.test(word)) || (quantity && isUnitWord(word));
    if (kind === KIND.han) {
      before = '';
      word = word.replace(HAN_NOISE, '');
      if (quantity) word = word.replace(HAN_QUANTITY, '');
      for (let k = 0; k < word.length; k++) {
        known(word.charAt(k));
        if (k + 1 < word.length) known(word.slice(k, k + 2));
      }
      return;
    }
    if (kind === KIND.digit && !(/[a-z]/.test(word) && index.forms.has(word))) {
      for (const [letters] of word.matchAll(/[a-z]{2,}/g)) if (!isStop(letters)) add(letters);
      return;
    }
    if (word.length === 1) {
      letter = word;
      return;
    }
    if (isPreposition(word) && positions.some((p) => !isQualifier(p.word))) afterPreposition = true;
    if (letter !== '' && index.forms.has(formOf(letter + word))) add(letter + word);
    letter = '';
    if (isStop(word) || isNoise(word) || (quantity && isPacking(word))) {
      before = '';
      return;
    }
    const first = positions.length;
    add(word);
    if (before !== '') {
      const joined = lookup(before + word);
      if (joined) push(before + word, (positions[first]?.weight ?? 0) + (positions[first - 1]?.weight ?? 0), [joined], true);
    }
    before = word;
  });

  // "radiators for cars", "radiators, motor vehicle", "shoe leather": the last plural before a preposition, else the last word that names a thing
  const free = positions.filter((p) => !p.joined && !p.afterPreposition);
  const things = free.filter((p) => !p.activity && !isQualifier(p.word));
  const head = things.findLast((p) => isPlural(p.word)) ?? things.at(-1) ?? free.at(-1);
  if (head) head.weight *= w.head;
  return { positions, headRoots: head?.alternatives.map((a) => a.root) ?? [], activities, folded, text };
}
