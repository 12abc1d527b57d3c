import fs from 'node:fs';
import { LANGUAGES, type Language } from '../language/language.js';
import type { Source } from './trade-index.js';

/** Languages of the lexicon: those of the portal, and Urdu (or Sindhi) in Latin letters. */
export const LEXICON_LANGUAGES = ['en', 'zh', 'ur', 'ro', 'sd'] as const;
export type LexiconLanguage = (typeof LEXICON_LANGUAGES)[number];
/** What a line of the lexicon begins with: a language, or `not` for words that point away. */
export type LineKey = LexiconLanguage | 'not';

/** One code with the words traders use for it; the first of each language is the short name shown to people. */
export interface Entry {
  readonly code: string;
  readonly line: number;
  readonly items: Readonly<Partial<Record<LineKey, readonly string[]>>>;
}

/** A file of the lexicon: its name, and its text. */
export interface LexiconFile {
  readonly name: string;
  readonly text: string;
}

const HERE = new URL('./lexicon/', import.meta.url);

/** The files with HS chapters, in order. */
export function readHsFiles(): LexiconFile[] {
  const folder = new URL('hs/', HERE);
  return fs
    .readdirSync(folder)
    .filter((name) => /^\d\d\.txt$/.test(name))
    .sort()
    .map((name) => ({ name: `hs/${name}`, text: fs.readFileSync(new URL(name, folder), 'utf8') }));
}

/** The file with ISIC divisions and groups. */
export const readIsicFile = (): LexiconFile => ({ name: 'isic.txt', text: fs.readFileSync(new URL('isic.txt', HERE), 'utf8') });

/** The file with the 21 sections of the HS, under Roman numerals. */
export const readSectionsFile = (): LexiconFile => ({ name: 'hs/sections.txt', text: fs.readFileSync(new URL('hs/sections.txt', HERE), 'utf8') });

/** Every 4 and 6 digit code of HS 2022: facts, to hold the lexicon against. */
export const readHsCodes = (): ReadonlySet<string> =>
  new Set(
    fs
      .readFileSync(new URL('hs-codes.txt', HERE), 'utf8')
      .split(/\s+/)
      .filter((code) => code !== ''),
  );

/** The lexicon as the classifier wants it. */
export function lexiconSources(): Source[] {
  return [
    {
      kind: 'hs',
      text: readHsFiles()
        .map((f) => f.text)
        .join('\n\n'),
    },
    { kind: 'isic', text: readIsicFile().text },
  ];
}

const CODE = /^(?:\d{2,6}|[IVX]+)$/;
const LINE = /^(en|zh|ur|ro|sd|not): (.+)$/;

/** Reads a file of the lexicon; lines that are neither a code, words nor a comment go to `fault` with their number. */
export function parseLexicon(text: string, fault: (line: number, what: string) => void = () => undefined): Entry[] {
  const entries: Entry[] = [];
  let items: Partial<Record<LineKey, readonly string[]>> | undefined;
  text.split('\n').forEach((content, i) => {
    if (/^\s*(?:#|$)/.test(content)) return;
    if (/\s$/.test(content)) fault(i + 1, 'space at the end');
    if (CODE.test(content)) {
      items = {};
      entries.push({ code: content, line: i + 1, items });
      return;
    }
    const [, key, words] = LINE.exec(content) ?? [];
    if (key === undefined || words === undefined) fault(i + 1, `neither a code, a comment nor "en: …": ${content.slice(0, 40)}`);
    else if (!items) fault(i + 1, 'words before any code');
    else if (items[key as LineKey]) fault(i + 1, `two lines ${key}`);
    else items[key as LineKey] = words.split(';').map((item) => item.trim());
  });
  return entries;
}

const SINDHI_ONLY = /[ٻڀٺٽٿڃڇڄڌڍڏڊڙڦڪڳڱڻ]/u;
const ARABIC_ONLY = /[يكه]/u;
const URDU_ONLY = /[ٹڈڑںےۓیہ]/u;
const ARABIC_SCRIPT = /[\u0600-\u06FF]/u;
const NOT_LATIN = /[^\x20-\x7e×éèêôüöäçñ½°µ]/u;

/** What is wrong with the spelling of one item, if anything. */
export function scriptFault(key: LineKey, item: string): string | undefined {
  switch (key) {
    case 'ur':
      if (SINDHI_ONLY.test(item)) return 'a Sindhi letter in Urdu';
      if (ARABIC_ONLY.test(item)) return 'an Arabic ي ك ه in Urdu (ی ک ہ or ھ)';
      return ARABIC_SCRIPT.test(item) ? undefined : 'not in Arabic script';
    case 'sd':
      if (URDU_ONLY.test(item)) return 'an Urdu letter in Sindhi (ٽ ڊ ڙ ن ي ه)';
      return ARABIC_SCRIPT.test(item) ? undefined : 'not in Arabic script';
    case 'zh':
      return /\p{Script=Han}/u.test(item) || /^[A-Za-z0-9 .+-]+$/.test(item) ? undefined : 'not Chinese';
    case 'en':
    case 'ro':
    case 'not':
      return NOT_LATIN.test(item) ? 'a letter outside Latin' : undefined;
  }
}

/** How much of the nomenclature the lexicon covers. */
export interface Coverage {
  readonly chapters: number;
  readonly headings: number;
  readonly headingsInSindhi: number;
  readonly subheadings: number;
  readonly divisions: number;
  readonly items: Readonly<Record<LineKey, number>>;
}

/** Longest short name, in characters. */
const LONGEST_NAME = 70;

/**
 * Holds the lexicon against the codes of HS 2022 and its own rules.
 * @returns the faults, each with file and line, and what is covered
 */
export function validateLexicon(
  files: readonly LexiconFile[],
  hsCodes: ReadonlySet<string>,
  least: Pick<Coverage, 'headingsInSindhi' | 'subheadings'> = { headingsInSindhi: 600, subheadings: 1200 },
): { faults: string[]; coverage: Coverage } {
  const faults: string[] = [];
  const chapters = new Set([...hsCodes].map((code) => code.slice(0, 2)));
  const seen = new Set<string>();
  const count = { chapters: 0, headings: 0, headingsInSindhi: 0, subheadings: 0, divisions: 0, items: { en: 0, zh: 0, ur: 0, ro: 0, sd: 0, not: 0 } };
  for (const file of files) {
    const sections = file.name.endsWith('sections.txt');
    const isic = file.name.endsWith('isic.txt');
    const fault = (line: number, what: string) => faults.push(`${file.name}:${line}: ${what}`);
    for (const { code, line, items } of parseLexicon(file.text, fault)) {
      const key = `${isic ? 'isic ' : ''}${code}`;
      if (seen.has(key)) fault(line, `${code} twice`);
      seen.add(key);
      if (sections) {
        if (!/^(?:X{0,2}(?:IX|IV|V?I{0,3}))$/.test(code)) fault(line, `${code} is no section`);
      } else if (isic) {
        if (!/^(?:0[1-9]|[1-9]\d)\d{0,2}$/.test(code)) fault(line, `${code} is not an ISIC code`);
        if (code.length === 2) count.divisions++;
      } else {
        if (!(code.length === 2 ? chapters : hsCodes).has(code)) fault(line, `${code} is not an HS 2022 code`);
        if (!file.name.endsWith(`${code.slice(0, 2)}.txt`)) fault(line, `${code} belongs into another file`);
        if (code.length === 2) count.chapters++;
        if (code.length === 4) {
          count.headings++;
          if (items.sd) count.headingsInSindhi++;
        }
        if (code.length === 6) count.subheadings++;
      }
      for (const language of ['en', 'zh', 'ur', 'ro'] as const) if (!items[language]) fault(line, `${code} says nothing in ${language}`);
      for (const [language, list] of Object.entries(items) as [LineKey, readonly string[]][]) {
        count.items[language] += list.length;
        const once = new Set<string>();
        for (const item of list) {
          if (item === '') fault(line, `${code} ${language}: an empty item`);
          const low = item.toLowerCase();
          if (once.has(low)) fault(line, `${code} ${language}: "${item}" twice`);
          once.add(low);
          const odd = scriptFault(language, item);
          if (odd) fault(line, `${code} ${language}: ${odd}: "${item}"`);
        }
        const [name] = list;
        if (language !== 'not' && name !== undefined && name.length > LONGEST_NAME)
          fault(line, `${code} ${language}: the name is longer than ${LONGEST_NAME} characters`);
      }
    }
  }
  for (const code of hsCodes) if (code.length === 4 && !seen.has(code)) faults.push(`heading ${code} is missing`);
  for (const chapter of chapters) if (!seen.has(chapter)) faults.push(`chapter ${chapter} is missing`);
  if (count.headingsInSindhi < least.headingsInSindhi) faults.push(`only ${count.headingsInSindhi} headings in Sindhi, ${least.headingsInSindhi} wanted`);
  if (count.subheadings < least.subheadings) faults.push(`only ${count.subheadings} subheadings, ${least.subheadings} wanted`);
  return { faults, coverage: count };
}

/** Short names of codes, in the reader's language. */
export interface Names {
  /** The name of an HS code, or of the nearest code above it that has one; Sindhi falls back to Urdu. */
  hs(code: string, language: Language): string | undefined;
  isic(code: string, language: Language): string | undefined;
  section(numeral: string, language: Language): string | undefined;
}

/** Reads the short names of all codes: about 5,000 a language. */
export function readNames(): Names {
  const table = (files: readonly LexiconFile[]) => {
    const names = new Map<string, Partial<Record<Language, string>>>();
    for (const { text } of files) {
      for (const { code, items } of parseLexicon(text)) {
        const own: Partial<Record<Language, string>> = {};
        for (const language of LANGUAGES) {
          const name = items[language]?.[0] ?? (language === 'sd' ? items.ur?.[0] : undefined);
          if (name !== undefined) own[language] = name;
        }
        names.set(code, own);
      }
    }
    return names;
  };
  const hs = table(readHsFiles());
  const isic = table([readIsicFile()]);
  const sections = table([readSectionsFile()]);
  const climb = (names: typeof hs, code: string, step: number, language: Language): string | undefined => {
    for (let c = code; c.length >= 2; c = c.slice(0, -step)) {
      const name = names.get(c)?.[language];
      if (name !== undefined) return name;
    }
    return undefined;
  };
  return {
    hs: (code, language) => climb(hs, code, 2, language),
    isic: (code, language) => climb(isic, code, 1, language),
    section: (numeral, language) => sections.get(numeral)?.[language],
  };
}
