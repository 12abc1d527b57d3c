import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import fs from 'node:fs';
import { type Classifier, openClassifier } from './classify.js';
import { parseLexicon, readHsFiles } from './lexicon.js';

let classifier: Classifier;
beforeAll(() => {
  classifier = openClassifier();
});
const heading = (text: string): string | undefined => classifier.classify(text).hs[0]?.code.slice(0, 4);
const division = (text: string): string | undefined => classifier.classify(text).isic[0]?.code;

describe('goods in any language', () => {
  it.each([
    ['0904', 'dried whole red chillies', 'surkh mirch sabit', 'ثابت سرخ مرچ', 'ڳاڙها مرچ', '干辣椒'],
    ['1006', 'IRRI-6 long grain rice', 'basmati chawal', 'باسمتی چاول', 'چانور', '大米'],
    ['0703', 'fresh red onions', 'taza pyaz', 'تازہ پیاز', 'بصر', '新鲜洋葱'],
    ['0804', 'fresh Sindhri mangoes', 'taza aam', 'تازہ آم', 'انب', '新鲜芒果'],
    ['7018', 'glass bangles', 'kanch ki churiyan', 'کانچ کی چوڑیاں', 'شيشي جون چوڙيون', '玻璃手镯'],
    ['8541', 'solar panels 550W mono', 'solar panel', 'سولر پینل', 'سولر پينل', '太阳能板'],
  ])('%s', (code, ...texts) => {
    for (const text of texts) expect([text, heading(text)]).toEqual([text, code]);
  });

  it.each([
    ['a typo', 'solar pannels', '8541'],
    ['two typos', 'dryed red chilies', '0904'],
    ['another romanisation', 'basmatee chaaval', '1006'],
    ['brand, number, unit and packing', 'Best quality basmati rice 25 kg bags x 1000', '1006'],
    ['a mixed text', 'red chilli لال مرچ 干辣椒', '0904'],
    ['capitals and dashes', 'ABRASIVE-POTATO-PEELING MACHINES', '8438'],
  ])('%s', (_what, text, code) => expect(heading(text)).toBe(code));

  it('are as deep as the words go', () => {
    expect(classifier.classify('dried red chillies whole').hs[0]?.code).toBe('090421');
    expect(classifier.classify('red chilli powder').hs[0]?.code).toBe('090422');
  });

  it('depend on the order of the words', () => {
    const [leather, shoes] = ['shoe leather', 'leather shoes'].map((text) => classifier.classify(text).hs.find((s) => s.code.startsWith('4107'))?.score ?? 0);
    expect(heading('leather shoes')).toBe('6403');
    expect(leather).toBeGreaterThan((shoes ?? 0) * 2);
  });

  it('say which words led there', () => {
    expect(classifier.classify('sabit surkh mirch, Kunri').hs[0]?.words).toEqual(expect.arrayContaining(['surkh', 'mirch']));
    expect(classifier.classify('ثابت سرخ مرچ').hs[0]?.words).toEqual(['ثابت', 'سرخ', 'مرچ']);
  });

  it('have sectors and platforms', () => {
    const { sectors, platforms } = classifier.classify('surkh mirch');
    expect(sectors[0]?.code).toBe('agriculture');
    expect(platforms).toContain('china-south-asia-expo');
  });
});

describe('services and activities', () => {
  it.each([
    ['web development', '62'],
    ['clearing and forwarding', '52'],
    ['customs clearing agent', '52'],
    ['truck transport of goods', '49'],
    ['vocational training institute', '85'],
    ['garment manufacturing', '14'],
    ['retail shop of shoes', '47'],
    ['ویب ڈویلپمنٹ', '62'],
    ['软件开发', '62'],
    ['اسپتال', '86'],
  ])('%s', (text, code) => expect(division(text)).toBe(code));

  it('get no goods that they are not', () => {
    for (const text of ['web development', 'clearing and forwarding', 'vocational training institute', 'legal advice']) {
      expect([text, (classifier.classify(text).hs[0]?.score ?? 0) < 0.3]).toEqual([text, true]);
    }
  });

  it('of goods are what the goods are made in', () => expect(division('potato peeling machine')).toBe('28'));
});

describe('what the classifier does not know', () => {
  it.each(['', '   ', '12345', '25 kg', '!!!', 'xqzvw', 'ڪخغ', 'the best of all for you'])('"%s"', (text) => {
    expect(classifier.classify(text)).toEqual({ hs: [], isic: [], sectors: [], platforms: [] });
  });
});

/** Own phrases of the lexicon, in all languages: what properties are tried on. */
const PHRASES = readHsFiles()
  .flatMap(({ text }) => parseLexicon(text))
  .flatMap(({ items }) => (['en', 'zh', 'ur', 'ro', 'sd'] as const).flatMap((language) => items[language] ?? []));
const phrase = fc.nat(PHRASES.length - 1).map((i) => PHRASES[i] as string);
const codesOf = (text: string) => {
  const { hs, isic, sectors } = classifier.classify(text);
  return { hs: hs.map(({ code, score }) => ({ code, score })), isic: isic.map(({ code, score }) => ({ code, score })), sectors };
};

describe('what changes nothing', () => {
  const expectSame = (change: (text: string) => string) =>
    fc.assert(
      fc.property(phrase, (text) => {
        expect(codesOf(change(text))).toEqual(codesOf(text));
      }),
      { numRuns: 300 },
    );
  it('capitals', () => expectSame((text) => text.toUpperCase()));
  it('spaces around and between words', () => expectSame((text) => `  ${text.replace(/ /g, '   ')}\n`));
  it('punctuation around and between words', () => expectSame((text) => `“${text.replace(/ /g, ', ')}”!`));
  it('spaces between Chinese characters', () => expectSame((text) => text.replace(/(?<=\p{Script=Han})(?=\p{Script=Han})/gu, ' ')));
  it('Arabic yeh, kaf and heh', () => expectSame((text) => text.replace(/ی/g, 'ي').replace(/ک/g, 'ك').replace(/ہ/g, 'ه')));
  it('Urdu yeh, kaf and heh', () => expectSame((text) => text.replace(/ي/g, 'ی').replace(/ك/g, 'ک').replace(/ه/g, 'ہ')));
  it('vowel signs', () => expectSame((text) => text.replace(/(?<=[\u0627-\u064A])(?=[\u0627-\u064A])/g, '\u064E')));
  it('full-width letters', () => expectSame((text) => text.replace(/[a-z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))));
  it('the script of digits', () => {
    fc.assert(
      fc.property(phrase, fc.nat(9999), (text, n) => {
        const urdu = String(n).replace(/\d/g, (d) => String.fromCharCode(0x6f0 + Number(d)));
        expect(codesOf(`${text} ${urdu}`)).toEqual(codesOf(`${text} ${n}`));
      }),
    );
  });
  it('what was asked before', () => {
    fc.assert(
      fc.property(phrase, phrase, (one, other) => {
        const before = codesOf(one);
        codesOf(other);
        expect(codesOf(one)).toEqual(before);
      }),
    );
  });
});

describe('the answers', () => {
  it('have scores between 0 and 1, best first, each heading once', () => {
    fc.assert(
      fc.property(fc.oneof(phrase, fc.string()), fc.integer({ min: 1, max: 12 }), (text, top) => {
        const { hs, isic, sectors } = classifier.classify(text, top);
        for (const list of [hs, isic, sectors]) {
          expect(list.length).toBeLessThanOrEqual(top);
          list.forEach(({ score }, i) => {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1);
            expect(score).toBeLessThanOrEqual(list[i - 1]?.score ?? 1);
          });
        }
        const headings = hs.map(({ code }) => code.slice(0, 4));
        expect(new Set(headings).size).toBe(headings.length);
      }),
    );
  });
});

describe('250 everyday goods', () => {
  const [header = '', ...lines] = fs.readFileSync('test/data/everyday-goods.tsv', 'utf8').trimEnd().split('\n');
  const columns = header.split('\t');
  const rows = lines.map((line) => line.split('\t'));

  it.each(['en', 'zh', 'ur', 'sd', 'ro'])('in %s: the right heading first in 90 of 100, and sure of itself where it is right', (language) => {
    const at = columns.indexOf(language);
    let right = 0;
    let sure = 0;
    let sureAndRight = 0;
    const asked = rows.filter((row) => row[at]?.trim());
    for (const row of asked) {
      const [best] = classifier.classify(row[at] ?? '').hs;
      const correct = best?.code.slice(0, 4) === row[columns.indexOf('heading')];
      if (correct) right++;
      if ((best?.score ?? 0) < 0.8) continue;
      sure++;
      if (correct) sureAndRight++;
    }
    expect(asked.length).toBeGreaterThanOrEqual(240);
    expect(right / asked.length).toBeGreaterThanOrEqual(0.9);
    expect(sure / asked.length).toBeGreaterThanOrEqual(0.5);
    expect(sureAndRight / sure).toBeGreaterThanOrEqual(0.8);
  });
});
