/**
 * What a text means in no language: keys beside its words by which an Urdu line and a Chinese lead have something in common. Headings of HS (`#0904`)
 * and divisions of ISIC (`@62`): what a word can be trusted to tell.
 */
export function meaningsOf(codes: { readonly hs: readonly string[]; readonly isic: readonly string[] }): string[] {
  return [...new Set([...codes.hs.map((code) => `#${code.slice(0, 4)}`), ...codes.isic.map((code) => `@${code.slice(0, 2)}`)])];
}

/** The code of such a key; null for the key of a word. */
export function codeOfMeaning(key: string): { system: 'hs' | 'isic'; code: string } | null {
  if (key.startsWith('#')) return { system: 'hs', code: key.slice(1) };
  return key.startsWith('@') ? { system: 'isic', code: key.slice(1) } : null;
}
