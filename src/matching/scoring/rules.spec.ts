import { describe, expect, it } from '@jest/globals';
import { firm, lead, line, titleOf, TODAY } from '../../../test/support/facts.js';
import type { LineFacts } from './facts.js';
import { blockersOf, countryRule, productRule, sectorRule, WEIGHTS, wordsRule } from './rules.js';

const hs = (theirs: string, ...yours: string[]) => productRule([line('', { hs: yours })], lead({ hs: [theirs] }));
const isic = (theirs: string, ...yours: string[]) => productRule([line('', { isic: yours })], lead({ isic: [theirs] }));

describe('the product', () => {
  it('counts for more the more digits are the same: six, four, two, none', () => {
    const [six, four, two, none] = ['090421', '090411', '091011', '701810'].map((yours) => hs('090421', yours).points) as [number, number, number, number];
    expect(six).toBe(WEIGHTS.product);
    expect(six).toBeGreaterThan(four);
    expect(four).toBeGreaterThan(two);
    expect(two).toBeGreaterThan(none);
    expect(none).toBe(0);
  });

  it('counts less where the firm chose no code and its words were taken for one', () => {
    const guessed = productRule([line('', { guessedHs: ['090421'] })], lead({ hs: ['090421'] })).points;
    expect(guessed).toBeGreaterThan(hs('090421', '0904').points);
    expect(guessed).toBeLessThan(hs('090421', '090421').points);
  });

  it('counts a sibling code as the heading that both stand under', () => {
    expect(hs('090421', '090422').points).toBe(hs('090421', '0904').points);
  });

  it('counts a firm that names the heading or chapter only as the level they share', () => {
    expect(hs('090421', '09').points).toBe(hs('090421', '091011').points);
  });

  it('is nearly whole for a lead that asks for no more than a heading or a chapter', () => {
    expect(hs('0904', '090421').points).toBe(hs('0904', '0904').points);
    expect(hs('09', '090421').points).toBe(hs('09', '09').points);
    expect([hs('090421', '090421'), hs('0904', '090421'), hs('09', '090421')].map(({ points }) => points / WEIGHTS.product)).toEqual([1, 0.9, 0.7]);
    expect(hs('09', '100630').points).toBe(0);
  });

  it('of a service is its division, or deeper', () => {
    expect(isic('6201', '6201').points).toBe(isic('62', '6201').points);
    expect(isic('6201', '62').points).toBe(isic('62', '62').points);
    expect(isic('6201', '6202').points).toBeLessThan(isic('6201', '6201').points);
    expect(isic('6201', '6202').points).toBeGreaterThan(0);
    expect(isic('6201', '4923').points).toBe(0);
  });

  it('is that of the best line and code, and says which', () => {
    const lines = [line('', { hs: ['7018'] }), line('', { hs: ['09', '090422'] }), line('', { hs: ['0904', '090421'], isic: ['62'] })];
    expect(productRule(lines, lead({ hs: ['520512', '090421'], isic: ['4923'] }))).toEqual({
      points: WEIGHTS.product,
      max: WEIGHTS.product,
      evidence: [{ rule: 'product', system: 'hs', theirs: '090421', yours: '090421', digits: 6 }],
    });
    expect(isic('62', '6201').evidence).toEqual([{ rule: 'product', system: 'isic', theirs: '62', yours: '6201', digits: 2 }]);
  });

  it('gives neither points nor reason where nothing fits, and is not asked where the lead names no code', () => {
    expect(hs('090421', '701810')).toEqual({ points: 0, max: WEIGHTS.product, evidence: [] });
    expect(productRule([line('', { hs: ['090421'] })], lead())).toEqual({ points: 0, max: 0, evidence: [] });
  });
});

describe('the words', () => {
  const of = (lines: readonly LineFacts[], ...titles: string[]) => wordsRule(lines, lead({ titles: titles.map(titleOf) }));

  it('are compared in Urdu whatever keyboard they were typed on, and shown as the firm wrote them', () => {
    const found = of([line('كانچ كي چوڑياں')], 'کانچ کی چوڑیاں');
    expect(found).toEqual({ points: WEIGHTS.words, max: WEIGHTS.words, evidence: [{ rule: 'words', words: ['كانچ', 'چوڑياں'] }] });
  });

  it('are compared in Sindhi, Chinese and English as well', () => {
    expect(of([line('سڪل ڳاڙها مرچ')], 'سڪل ڳاڙها مرچ').points).toBe(WEIGHTS.words);
    expect(of([line('干辣椒')], '干辣椒').points).toBe(WEIGHTS.words);
    expect(of([line('CHILLIES, dried')], 'Dried chilli').points).toBe(WEIGHTS.words);
  });

  it('count in the language that says most', () => {
    const lines = [line('کانچ کی چوڑیاں')];
    expect(of(lines, 'Glass bangles').points).toBe(0);
    expect(of(lines, 'Glass bangles', 'کانچ کی چوڑیاں', '玻璃手镯').points).toBe(WEIGHTS.words);
  });

  it('shown are the same in whatever order the lines stand', () => {
    const lines = [line('red onions'), line('Red chillies'), line('dried chillies'), line('chillies')];
    const shown = of(lines, 'Dried red chillies').evidence;
    expect(shown).toEqual([{ rule: 'words', words: ['Red', 'chillies'] }]);
    expect(of(lines.toReversed(), 'Dried red chillies').evidence).toEqual(shown);
  });

  it('are enough when three of a long title are said, in one line', () => {
    const title = 'Dried whole red chillies Dandicut Longi containers Qingdao';
    expect(of([line('dried red chillies')], title).points).toBe(WEIGHTS.words);
    expect(of([line('red chillies')], title).points).toBeCloseTo((WEIGHTS.words * 2) / 3, 9);
    expect(of([line('red'), line('chillies'), line('dried')], title).points).toBeCloseTo(WEIGHTS.words / 3, 9);
  });

  it('are all needed of a short title', () => {
    expect(of([line('mangoes')], 'Mangoes').points).toBe(WEIGHTS.words);
    expect(of([line('mangoes')], 'Mango pulp').points).toBe(WEIGHTS.words / 2);
  });

  it('are no reason where none is shared, nor asked where the title has none', () => {
    expect(of([line('mangoes')], 'Glass bangles')).toEqual({ points: 0, max: WEIGHTS.words, evidence: [] });
    expect(of([line('mangoes')], '2026')).toEqual({ points: 0, max: 0, evidence: [] });
  });

  it('are named in the order of the title, six at most', () => {
    const many = 'red green blue white black yellow brown';
    expect(of([line('brown yellow black white blue green red')], many).evidence).toEqual([
      { rule: 'words', words: ['red', 'green', 'blue', 'white', 'black', 'yellow'] },
    ]);
  });
});

describe('the sector', () => {
  it('counts once, with the paragraph that it stands in', () => {
    const both = firm({ sectors: ['agriculture', 'mining'] });
    expect(sectorRule(both, lead({ sectors: ['power', 'mining', 'agriculture'] }))).toEqual({
      points: WEIGHTS.sector,
      max: WEIGHTS.sector,
      evidence: [{ rule: 'sector', sector: 'mining', paragraph: 11 }],
    });
    expect(sectorRule(both, lead({ sectors: ['power'] }))).toEqual({ points: 0, max: WEIGHTS.sector, evidence: [] });
    expect(sectorRule(both, lead()).max).toBe(0);
  });
});

describe('the country', () => {
  it('counts for firms that named it and for those that named none; only the first is a reason', () => {
    expect(countryRule(firm({ markets: ['AE', 'CN'] }), lead())).toEqual({
      points: WEIGHTS.country,
      max: WEIGHTS.country,
      evidence: [{ rule: 'country', country: 'CN' }],
    });
    expect(countryRule(firm(), lead())).toEqual({ points: WEIGHTS.country, max: WEIGHTS.country, evidence: [] });
    expect(countryRule(firm({ markets: ['AE'] }), lead())).toEqual({ points: 0, max: WEIGHTS.country, evidence: [] });
  });
});

describe('what stands in the way', () => {
  const chillies = (amount: number, over: Partial<LineFacts> = {}) =>
    line('chillies', { hs: ['090421'], capacity: { amount, unit: 't', period: 'month' }, ...over });
  const wanted = lead({ hs: ['090421'], quantity: { amount: 100, unit: 't', period: 'month' } });
  const of = (lines: readonly LineFacts[], asked = wanted, of = firm()) => blockersOf(of, lines, asked, TODAY);

  it('is a membership that has lapsed, from 1 April on', () => {
    const lapsed = firm({ validUntil: '2026-03-31' });
    expect(blockersOf(lapsed, [], lead(), '2026-04-01')).toEqual([{ gap: 'membership-lapsed', since: '2026-03-31' }]);
    expect(blockersOf(lapsed, [], lead(), '2026-03-31')).toEqual([]);
    expect(blockersOf(firm({ validUntil: null }), [], lead(), TODAY)).toEqual([]);
  });

  it('is each certificate asked for that neither the firm nor a line holds', () => {
    const asked = lead({ certificates: ['gacc', 'halal', 'haccp'] });
    expect(of([], asked)).toEqual(['gacc', 'halal', 'haccp'].map((certificate) => ({ gap: 'certificate-missing', certificate })));
    expect(of([line('', { certificates: ['haccp'] })], asked, firm({ certificates: ['gacc'] }))).toEqual([
      { gap: 'certificate-missing', certificate: 'halal' },
    ]);
  });

  it('is a capacity that falls short, with how much of it there is', () => {
    expect(of([chillies(40)])).toEqual([{ gap: 'capacity-short', percent: 40 }]);
    expect(of([chillies(0.5)])).toEqual([{ gap: 'capacity-short', percent: 0 }]);
    expect(of([chillies(99.9)])).toEqual([{ gap: 'capacity-short', percent: 99 }]);
    expect(of([chillies(100)])).toEqual([]);
  });

  it('is measured by all lines of the same heading together, in any unit and period', () => {
    const kilos = chillies(75_000, { hs: ['090422'], capacity: { amount: 75_000, unit: 'kg', period: 'quarter' } });
    expect(of([chillies(50), kilos])).toEqual([{ gap: 'capacity-short', percent: 75 }]);
    expect(of([chillies(50), kilos, chillies(25)])).toEqual([]);
    expect(of([chillies(50), chillies(50, { hs: ['091011'] })])).toEqual([{ gap: 'capacity-short', percent: 50 }]);
  });

  it('is no capacity that is not known or cannot be compared, nor one of a lead that asks to be sold to', () => {
    expect(of([line('chillies', { hs: ['090421'] })])).toEqual([]);
    expect(of([chillies(1, { capacity: { amount: 1, unit: 'bale', period: 'month' } })])).toEqual([]);
    expect(of([chillies(1)], { ...wanted, kind: 'sell_offer' })).toEqual([]);
    expect(of([chillies(1)], { ...wanted, kind: 'tender' })).toHaveLength(1);
    expect(of([chillies(1)], { ...wanted, quantity: undefined })).toEqual([]);
  });

  it('is all of it at once', () => {
    const asked = { ...wanted, certificates: ['gacc'] };
    expect(of([chillies(40)], asked, firm({ validUntil: '2026-03-31' })).map(({ gap }) => gap)).toEqual([
      'membership-lapsed',
      'certificate-missing',
      'capacity-short',
    ]);
  });
});
