import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '../language/language.js';
import {
  type LexiconFile,
  parseLexicon,
  readHsCodes,
  readHsFiles,
  readIsicFile,
  readNames,
  readSectionsFile,
  scriptFault,
  validateLexicon,
} from './lexicon.js';

const CODES = readHsCodes();
const file = (text: string, name = 'hs/09.txt'): LexiconFile => ({ name, text });
const WHOLE = 'en: Tea; black tea\nzh: 茶; 红茶\nur: چائے; کالی چائے\nro: chai; kali chai\nsd: چانهه; ڪاري چانهه\n';
/** Faults of one file, without those about what else is missing. */
const faultsOf = (text: string, name?: string) => validateLexicon([file(text, name)], CODES).faults.filter((f) => !/missing|wanted/.test(f));

describe('the lexicon', () => {
  const { faults, coverage } = validateLexicon([...readHsFiles(), readIsicFile(), readSectionsFile()], CODES);

  it('keeps its own rules', () => expect(faults).toEqual([]));

  it('covers the nomenclature', () => {
    expect(coverage.chapters).toBe(96);
    expect(coverage.headings).toBe([...CODES].filter((code) => code.length === 4).length);
    expect(coverage.headings).toBeGreaterThanOrEqual(1228);
    expect(coverage.headingsInSindhi).toBeGreaterThanOrEqual(600);
    expect(coverage.subheadings).toBeGreaterThanOrEqual(1200);
    expect(coverage.divisions).toBe(88);
  });

  it('names every heading, division and section in every language', () => {
    const names = readNames();
    for (const language of LANGUAGES) {
      for (const code of CODES) expect(names.hs(code, language)).toBeTruthy();
      for (const numeral of ['I', 'IV', 'IX', 'XIV', 'XXI']) expect(names.section(numeral, language)).toBeTruthy();
      expect(names.isic('6201', language)).toBeTruthy();
    }
    expect(names.hs('090421', 'en')).toMatch(/chil/i);
    expect(names.hs('999999', 'en')).toBeUndefined();
  });
});

describe('the validator', () => {
  it('is content with a proper entry', () => expect(faultsOf(`# a comment\n0902\n${WHOLE}not: tea set\n`)).toEqual([]));

  it.each([
    ['a code that is none', `0999\n${WHOLE}`, /:1: 0999 is not an HS 2022 code/],
    ['a code of another chapter', `1006\n${WHOLE}`, /1006 belongs into another file/],
    ['a code twice', `0902\n${WHOLE}\n0902\n${WHOLE}`, /:8: 0902 twice/],
    ['a phrase twice', `0902\n${WHOLE.replace('black tea', 'TEA')}`, /"TEA" twice/],
    ['an empty phrase', `0902\n${WHOLE.replace('black tea', ' ; x')}`, /empty item/],
    ['a missing language', `0902\n${WHOLE.replace(/zh: .*\n/, '')}`, /0902 says nothing in zh/],
    ['a Sindhi letter in Urdu', `0902\n${WHOLE.replace('کالی', 'ڪالی')}`, /a Sindhi letter in Urdu/],
    ['Arabic letters in Urdu', `0902\n${WHOLE.replace('کالی', 'كالي')}`, /an Arabic/],
    ['an Urdu letter in Sindhi', `0902\n${WHOLE.replace('ڪاري', 'ڪاری')}`, /an Urdu letter in Sindhi/],
    ['Latin in Urdu', `0902\n${WHOLE.replace('کالی چائے', 'tea')}`, /ur: not in Arabic script/],
    ['Urdu in English', `0902\n${WHOLE.replace('black tea', 'چائے')}`, /en: a letter outside Latin/],
    ['a name too long', `0902\n${WHOLE.replace('Tea;', `${'Tea '.repeat(20)};`)}`, /longer than 70/],
    ['a line that says nothing', `0902\n${WHOLE}black tea\n`, /neither a code/],
    ['words before a code', `en: Tea\n0902\n${WHOLE}`, /words before any code/],
    ['a language twice', `0902\n${WHOLE}en: Tea\n`, /two lines en/],
    ['space at the end', `0902\n${WHOLE}not: tea set \n`, /space at the end/],
  ])('finds %s', (_what, text, fault) => {
    expect(faultsOf(text).join('\n')).toMatch(fault);
  });

  it('misses what is not covered', () => {
    const { faults } = validateLexicon([file(`0902\n${WHOLE}`)], CODES);
    expect(faults).toEqual(expect.arrayContaining(['heading 0901 is missing', 'chapter 01 is missing']));
    expect(faults.join('\n')).toMatch(/only 1 headings in Sindhi[^]*only 0 subheadings/);
  });

  it('knows the sections and the divisions by their own codes', () => {
    expect(faultsOf(`IIII\n${WHOLE}`, 'hs/sections.txt').join()).toMatch(/IIII is no section/);
    expect(faultsOf(`00\n${WHOLE}`, 'isic.txt').join()).toMatch(/00 is not an ISIC code/);
  });

  it('reads entries with their line', () => {
    expect(parseLexicon(`# tea\n\n0902\nen: Tea; black tea\n`)).toEqual([{ code: '0902', line: 3, items: { en: ['Tea', 'black tea'] } }]);
    expect(scriptFault('zh', 'T恤')).toBeUndefined();
    expect(scriptFault('zh', 'LED')).toBeUndefined();
    expect(scriptFault('zh', 'چائے')).toBe('not Chinese');
  });
});
