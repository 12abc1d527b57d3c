import { LANGUAGES, type Texts } from '../../language/language.js';
import { meaningsOf } from '../../nomenclature/meanings.js';
import { wordsOf } from '../../nomenclature/words.js';
import type { LineFacts } from './facts.js';

/** Codes that a text was given, by its writer or by a guess. */
interface Codes {
  readonly hs: readonly string[];
  readonly isic: readonly string[];
}

const NONE: Codes = { hs: [], isic: [] };

/** What a meaning counts beside the words of a language: a hint, for the words themselves know better. */
const BESIDE = 0.25;
/** What it counts where it is all that two languages share: naming the good is worth three words, unless it was only guessed. */
const ALONE = 3;

/** Words of a firm's line with what it means. */
export function lineWords(text: string, codes: Codes): ReadonlyMap<string, string> {
  const words = wordsOf(text);
  for (const key of meaningsOf(codes)) words.set(key, '');
  return words;
}

/** A line as the rules see it. */
export const lineFactsOf = ({ text, ...line }: Omit<LineFacts, 'words'> & { readonly text: string }): LineFacts => ({
  ...line,
  words: lineWords(text, { hs: [...line.hs, ...line.guessedHs], isic: [...line.isic, ...line.guessedIsic] }),
});

/**
 * The texts a lead is compared by: one a language, of title and summary, and one of its meaning alone.
 * @param guess what it is taken to mean where it names no code: on its own it must not outdo words that both say
 */
export function textsOf(lead: { readonly title: Texts; readonly summary: Texts } & Codes, guess: Codes = NONE): ReadonlyMap<string, number>[] {
  const chosen = meaningsOf(lead);
  const meanings = chosen.length ? chosen : meaningsOf(guess);
  const alone = chosen.length ? ALONE : BESIDE;
  const spoken = LANGUAGES.flatMap((language) => {
    const text = new Map([...wordsOf(`${lead.title[language] ?? ''}\n${lead.summary[language] ?? ''}`).keys()].map((word) => [word, 1]));
    if (!text.size) return [];
    for (const key of meanings) text.set(key, BESIDE);
    return [text];
  });
  return meanings.length ? [...spoken, new Map(meanings.map((key) => [key, alone]))] : spoken;
}
