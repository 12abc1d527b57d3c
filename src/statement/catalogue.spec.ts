import { describe, expect, it } from '@jest/globals';
import { type InAllLanguages, LANGUAGES } from '../language/language.js';
import { ENTRIES, PARAGRAPHS } from './catalogue.js';
import { ENTRY_KINDS } from './catalogue.types.js';
import { codesOf, entriesOf, entryOf } from './statement.js';

const texts: (readonly [where: string, text: InAllLanguages])[] = [
  ...PARAGRAPHS.flatMap((p) => [[`${p.number} title`, p.title] as const, [`${p.number} summary`, p.summary] as const]),
  ...ENTRIES.flatMap((e) => [[`${e.code} name`, e.name] as const, [`${e.code} summary`, e.summary] as const]),
];
/** Where a text breaks a rule; a list, so that a failure names all of them. */
const breaking = (rule: (text: InAllLanguages) => boolean) => texts.filter(([, text]) => !rule(text)).map(([where]) => where);
const codes = (kind: (typeof ENTRY_KINDS)[number]) => entriesOf(kind).map((entry) => entry.code);

describe('the paragraphs of the statement', () => {
  it('are 24, in order', () => {
    expect(PARAGRAPHS.map((paragraph) => paragraph.number)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  });

  it('have titles short enough for a heading', () => {
    expect(PARAGRAPHS.flatMap(({ title }) => LANGUAGES.map((language) => title[language])).filter((title) => title.length > 60)).toEqual([]);
  });
});

describe('the entries of the catalogue', () => {
  it('are those that the product is built on', () => {
    expect(ENTRY_KINDS.map((kind) => codes(kind).length)).toEqual([13, 5, 6, 7]);
    expect(
      entriesOf('sector')
        .filter((entry) => entry.priority)
        .map((entry) => entry.paragraphs[0]),
    ).toEqual([12, 11, 14, 10, 10]);
    expect(ENTRIES.filter((entry) => entry.priority && entry.kind !== 'sector')).toEqual([]);
  });

  it('have codes that are unique and can stand in an address', () => {
    const all = ENTRIES.map((entry) => entry.code);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code))).toEqual([]);
  });

  it('come from paragraphs that exist, each named once', () => {
    for (const { code, paragraphs } of ENTRIES) {
      expect([code, paragraphs.length > 0, new Set(paragraphs).size === paragraphs.length]).toEqual([code, true, true]);
      expect([code, ...paragraphs.map((number) => PARAGRAPHS.find((paragraph) => paragraph.number === number)?.number)]).toEqual([code, ...paragraphs]);
    }
  });

  it('are found by their code, and nothing else is', () => {
    for (const entry of ENTRIES) expect(entryOf(entry.code)).toBe(entry);
    for (const unknown of ['', 'Agriculture', 'constructor']) expect(entryOf(unknown)).toBeUndefined();
  });
});

describe('every text of the catalogue', () => {
  it('is said in all four languages, without spaces around it', () => {
    expect(breaking((text) => LANGUAGES.every((language) => /^\S(.*\S)?$/s.test(text[language])))).toEqual([]);
    expect(breaking((text) => Object.keys(text).length === 4)).toEqual([]);
  });

  it('is translated; Urdu and Sindhi alone may share a word', () => {
    expect(breaking(({ en, ur, sd, zh }) => new Set([en, ur, zh]).size === 3 && new Set([en, sd, zh]).size === 3)).toEqual([]);
  });

  it('is written in the letters of its language', () => {
    expect(breaking(({ ur }) => /[\u0600-\u06ff]/.test(ur) && !/[يكهٻڀٺٽٿڃڇڄڌڍڏڊڙڦڪڳڱڻ۽۾]/.test(ur))).toEqual([]);
    expect(breaking(({ sd }) => /[\u0600-\u06ff]/.test(sd) && !/[یہےںٹڈڑ]/.test(sd))).toEqual([]);
    expect(breaking(({ zh }) => /\p{Script=Han}/u.test(zh) && !/[\u0600-\u06ff]/.test(zh))).toEqual([]);
    expect(breaking(({ en }) => /^[\x20-\x7e’“”–]+$/.test(en))).toEqual([]);
  });
});

describe('a list of codes', () => {
  it('holds codes of one kind, each once', () => {
    expect(codesOf('sector').parse(['mining', 'agriculture', 'mining'])).toEqual(['mining', 'agriculture']);
    for (const bad of [['growth'], ['fishing'], [''], ['constructor'], Array.from({ length: 21 }, () => 'mining')])
      expect(codesOf('sector').safeParse(bad).success).toBe(false);
  });

  it('takes every code under its own kind and under no other', () => {
    for (const entry of ENTRIES) {
      expect(ENTRY_KINDS.filter((kind) => codesOf(kind).safeParse([entry.code]).success)).toEqual([entry.kind]);
    }
  });
});
