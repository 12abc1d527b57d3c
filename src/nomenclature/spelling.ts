import { consonantsOf, skeletonOf, soundOf } from './tokens.js';

const LATIN = 'abcdefghijklmnopqrstuvwxyz';
const ARABIC = 'ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنوہی';

/** Of equally good guesses the one that begins and ends alike is the better one. */
const likeness = (a: string, b: string): number =>
  (a.charCodeAt(0) === b.charCodeAt(0) ? 0.03 : 0) +
  (a.charCodeAt(a.length - 1) === b.charCodeAt(b.length - 1) ? 0.02 : 0) -
  (Math.abs(a.length - b.length) > 1 ? 0.03 : 0);

/** Longer words are no words: a guess would only cost time. */
const LONGEST = 30;

/** A known word that an unknown one may stand for. */
export interface Guess {
  readonly form: number;
  /** 0..1: how sure the spelling is. */
  readonly quality: number;
}

/** Finds the words of the lexicon that a misspelt or differently romanised word stands for. Its tables are made when the first such word comes. */
export class Spelling {
  private keys: Map<string, number[]> | undefined;
  private sounds: Map<string, number[]> | undefined;
  private readonly known = new Map<string, readonly Guess[]>();

  constructor(
    private readonly forms: ReadonlyMap<string, number>,
    private readonly names: readonly string[],
    /** How common a form is: of several guesses the commonest is the likeliest. */
    private readonly weight: (form: number) => number,
  ) {}

  /** Up to four guesses, best first. */
  guesses(word: string): readonly Guess[] {
    const known = this.known.get(word);
    if (known) return known;
    const found = this.look(word);
    // marketplaces repeat themselves, but an endless stream of unknown words must not fill the memory
    if (this.known.size > 20_000) this.known.clear();
    this.known.set(word, found);
    return found;
  }

  private look(word: string): readonly Guess[] {
    const latin = /^[a-z]+$/.test(word);
    if (word.length > LONGEST) return [];
    if (!latin && !/^[\u0600-\u06ff]+$/.test(word)) return [];
    const best = new Map<number, number>();
    const offer = (form: number | undefined, quality: number): void => {
      if (form !== undefined && quality > (best.get(form) ?? 0)) best.set(form, quality);
    };
    if (word.length >= 3) for (const form of this.byKey(latin ? skeletonOf(word) : consonantsOf(word))) offer(form, latin ? 0.8 : word.length > 3 ? 0.7 : 0.6);
    if (word.length >= 4) {
      const letters = latin ? LATIN : ARABIC;
      for (let i = 0; i <= word.length; i++) {
        const before = word.slice(0, i);
        const after = word.slice(i + 1);
        // the first letter is seldom wrong
        const sure = i === 0 ? 0.55 : word.length > 5 ? 0.8 : 0.65;
        if (i < word.length) offer(this.forms.get(before + after), sure);
        if (i + 1 < word.length) offer(this.forms.get(before + word.charAt(i + 1) + word.charAt(i) + word.slice(i + 2)), sure);
        for (const letter of letters) {
          offer(this.forms.get(before + letter + word.slice(i)), sure);
          if (i < word.length) offer(this.forms.get(before + letter + after), sure * 0.95);
        }
      }
    }
    // a word known in the other script only
    if (word.length >= 4 && (!latin || /[aeiou]/.test(word)) && Math.max(0, ...best.values()) < 0.75) {
      const sound = soundOf(word);
      for (const form of this.bySound(sound, latin)) offer(form, sound.length >= 4 ? 0.7 : 0.55);
    }
    return [...best]
      .filter(([form, quality]) => quality > 0 && (this.names[form] as string).length > 2)
      .map(([form, quality]) => ({ form, quality: quality + likeness(word, this.names[form] as string) }))
      .sort((a, b) => b.quality - a.quality || this.weight(b.form) - this.weight(a.form) || a.form - b.form)
      .slice(0, 4);
  }

  private bySound(sound: string, latin: boolean): readonly number[] {
    if (sound.length < 3) return [];
    if (!this.sounds) {
      this.sounds = new Map();
      for (let form = 0; form < this.names.length; form++) {
        const name = this.names[form] as string;
        const first = name.charCodeAt(0);
        if (name.length < 3 || !((first >= 0x61 && first <= 0x7a) || (first >= 0x600 && first <= 0x6ff))) continue;
        const key = (first < 0x80 ? 'l' : 'a') + soundOf(name);
        if (key.length < 4) continue;
        const same = this.sounds.get(key);
        if (same) same.push(form);
        else this.sounds.set(key, [form]);
      }
    }
    return this.sounds.get((latin ? 'a' : 'l') + sound) ?? [];
  }

  private byKey(key: string): readonly number[] {
    if (!this.keys) {
      this.keys = new Map();
      for (let form = 0; form < this.names.length; form++) {
        const name = this.names[form] as string;
        const first = name.charCodeAt(0);
        if (first > 0x6ff || name.length < 3) continue;
        const k = first < 0x80 ? skeletonOf(name) : consonantsOf(name);
        const same = this.keys.get(k);
        if (same) same.push(form);
        else this.keys.set(k, [form]);
      }
    }
    return this.keys.get(key) ?? [];
  }
}
