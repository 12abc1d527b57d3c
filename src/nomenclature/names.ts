import type { Language } from '../language/language.js';
import { type Names, readNames } from './lexicon.js';

let names: Names | undefined;

/** The short name of a code, or of the nearest code above it, in the reader's language; the code itself where there is none. Read once, when first asked. */
export function nameOf(system: 'hs' | 'isic', code: string, language: Language): string {
  names ??= readNames();
  return names[system](code, language) ?? names[system](code, 'en') ?? code;
}
