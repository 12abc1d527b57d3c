import { meaningsOf } from '../nomenclature/meanings.js';
import { wordsOf } from '../nomenclature/words.js';
import type { Opportunity } from './opportunity.entity.js';

type Searched = Pick<Opportunity, 'title' | 'summary' | 'place' | 'hs' | 'isic' | 'guessedHs' | 'guessedIsic'>;

/** HS codes by which a lead is found: its own, and those above them. */
export const hsKey = (code: string): string => `#${code}`;
/** What a lead is about in no language, whether it was said or guessed: a search in another language finds it by this. */
const meaningKeys = (codes: Parameters<typeof meaningsOf>[0]): string[] => meaningsOf(codes).map((key) => `~${key}`);

/**
 * Everything the public search can find a lead by: words of all its languages in the spelling they are compared in, codes and meanings. Never who is
 * behind it. When this changes, a migration empties the column `search`, and the next start fills it.
 */
export function searchKeysOf(lead: Searched): string[] {
  const texts = [...Object.values(lead.title), ...Object.values(lead.summary), lead.place ?? ''];
  return [
    ...new Set([
      ...texts.flatMap((text) => [...wordsOf(text).keys()]),
      ...lead.hs.flatMap((code) => [2, 4, 6].map((digits) => hsKey(code.slice(0, digits)))),
      ...meaningKeys({ hs: [...lead.hs, ...lead.guessedHs], isic: [...lead.isic, ...lead.guessedIsic] }),
    ]),
  ];
}

/** What is looked for: all of the words, or any of the meanings. */
export interface Sought {
  readonly words: readonly string[];
  readonly meanings: readonly string[];
}

/** @param meant codes that the text is taken to mean */
export const soughtOf = (text: string, meant: { readonly guessedHs: readonly string[]; readonly guessedIsic: readonly string[] }): Sought => ({
  words: [...wordsOf(text).keys()],
  meanings: meaningKeys({ hs: meant.guessedHs, isic: meant.guessedIsic }),
});
