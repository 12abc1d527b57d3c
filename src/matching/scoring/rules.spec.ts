import { describe, expect, it } from '@jest/globals';
import { firm, lead, line, titled, TODAY } from '../../../test/support/facts.js';
import { makeEpoch, NO_EPOCH, weightOf } from './epoch.js';
import type { LineFacts } from './facts.js';
import { blockersOf, capacityRule, certificatesRule, countryRule, platformRule, productRule, seasonRule, sectorRule, WEIGHTS, wordsRule } from './rules.js';
import { lineWords, textsOf } from './texts.js';

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
    const guessed = (code: string) => productRule([line('', { guessedHs: [code] })], lead({ hs: ['090421'] })).points;
    expect(guessed('090421')).toBeGreaterThan(hs('090421', '0904').points);
    expect(guessed('090421')).toBeLessThan(hs('090421', '090421').points);
    // a guess is of a heading: two languages are not told apart by their luck with the last two digits
    expect(guessed('0904')).toBe(guessed('090421'));
    expect(guessed('091011')).toBeLessThan(hs('090421', '0910').points);
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
  const of = (lines: readonly LineFacts[], ...titles: string[]) => wordsRule(lines, lead(titled(...titles)), NO_EPOCH);
  const share = (lines: readonly LineFacts[], ...titles: string[]) => of(lines, ...titles).points / WEIGHTS.words;

  it('are compared in Urdu whatever keyboard they were typed on, and shown as the firm wrote them', () => {
    expect(of([line('كانچ كي چوڑياں')], 'کانچ کی چوڑیاں')).toEqual({
      ...of([line('کانچ کی چوڑیاں')], 'کانچ کی چوڑیاں'),
      evidence: [{ rule: 'words', words: ['كانچ', 'چوڑياں'] }],
    });
  });

  it('are compared in Sindhi, Chinese and English as well', () => {
    const whole = share([line('red chillies')], 'Red chilli');
    expect(whole).toBeGreaterThan(0.6);
    expect(share([line('ڳاڙها مرچ')], 'ڳاڙها مرچ')).toBe(whole);
    expect(share([line('辣椒')], '辣椒')).toBeGreaterThan(0.5);
    expect(share([line('CHILLIES, dried')], 'Dried chilli')).toBe(whole);
  });

  it('count in the language that says most', () => {
    const lines = [line('کانچ کی چوڑیاں')];
    expect(of(lines, 'Glass bangles').points).toBe(0);
    expect(share(lines, 'Glass bangles', 'کانچ کی چوڑیاں', '玻璃手镯')).toBe(share(lines, 'کانچ کی چوڑیاں'));
  });

  it('shown are the same in whatever order the lines stand', () => {
    const lines = [line('red onions'), line('Red chillies'), line('dried chillies'), line('chillies')];
    const shown = of(lines, 'Dried red chillies').evidence;
    expect(shown).toEqual([{ rule: 'words', words: ['dried', 'Red', 'chillies'] }]);
    expect(of(lines.toReversed(), 'Dried red chillies').evidence).toEqual(shown);
  });

  it('count more the more of the lead is said, and need not be all of a long one', () => {
    const title = 'Dried whole red chillies Dandicut Longi containers Qingdao';
    const [one, two, three] = ['chillies', 'red chillies', 'dried red chillies'].map((text) => share([line(text)], title)) as [number, number, number];
    expect([one < two, two < three, three > 0.6]).toEqual([true, true, true]);
    expect(share([line('mangoes')], 'Mangoes')).toBeGreaterThan(share([line('mangoes')], 'Mango pulp'));
  });

  it('count more the more different lines say them, and not by being repeated', () => {
    const title = 'Hospital beds';
    const once = share([line('hospital beds')], title);
    expect(share([line('hospital beds'), line('Hospital BEDS'), line('beds, hospital')], title)).toBe(once);
    const twice = share([line('hospital beds'), line('hospital beds with side rails')], title);
    expect(twice).toBeGreaterThan(once);
    expect(share([line('hospital beds'), line('hospital beds with side rails'), line('beds')], title)).toBeGreaterThan(twice);
  });

  it('count by their rarity in the epoch, and a word nobody knew as much as the rarest', () => {
    const lines = ['supply of chillies', 'supply of cotton', 'supply of glass', 'supply of rice'].map((text) => firm({ offers: [line(text)] }));
    const epoch = makeEpoch(lines, []);
    expect(weightOf(epoch, 'nobody-says-it')).toBe(1);
    const asked = lead({
      texts: [
        new Map([
          ['chilli', 1],
          ['glass', 1],
        ]),
      ],
    });
    const often = makeEpoch([...lines, ...lines.map((f, i) => ({ ...f, offers: [line(`glass ${'abcd'.charAt(i)}x`)] }))], []);
    expect(wordsRule([line('chilli')], asked, often).points).toBeGreaterThan(wordsRule([line('glass')], asked, often).points);
    expect(wordsRule([line('chilli')], asked, epoch).points).toBe(wordsRule([line('glass')], asked, epoch).points);
  });

  it('say across languages what they mean, and that is the reason then', () => {
    const urdu = line('کانچ کی چوڑیاں', { words: lineWords('کانچ کی چوڑیاں', { hs: ['7018'], isic: [] }) });
    const asked = lead({ hs: ['701810'], texts: textsOf({ title: { zh: '玻璃手镯' }, summary: {}, hs: ['701810'], isic: [] }) });
    expect(wordsRule([urdu], asked, NO_EPOCH)).toEqual({
      points: expect.closeTo(WEIGHTS.words * 0.743, 1),
      max: WEIGHTS.words,
      evidence: [{ rule: 'meaning', system: 'hs', code: '7018' }],
    });
  });

  it('are no reason where none is shared, nor asked where the title has none', () => {
    expect(of([line('mangoes')], 'Glass bangles')).toEqual({ points: 0, max: WEIGHTS.words, evidence: [] });
    expect(of([line('mangoes')], '2026')).toEqual({ points: 0, max: 0, evidence: [] });
  });

  it('are named in the order of the title, six at most', () => {
    const many = 'red green blue white black yellow brown';
    const [reason] = of([line('brown yellow black white blue green red')], many).evidence;
    expect(reason).toEqual({ rule: 'words', words: ['red', 'green', 'blue', 'white', 'black', 'brown'] });
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

describe('the capacity', () => {
  const able = (amount: number, unit: string, over: Partial<LineFacts> = {}) =>
    line('chillies', { hs: ['090421'], capacity: { amount, unit, period: 'month' }, ...over });
  const wanted = lead({ hs: ['090421'], quantity: { amount: 100, unit: 't', period: 'month' } });
  const of = (...lines: LineFacts[]) => capacityRule(lines, wanted);

  it('counts by the share of the quantity that the lines of the product supply together, in any unit', () => {
    expect(of(able(1000, 'maund'))).toEqual({ points: WEIGHTS.capacity * 0.4, max: WEIGHTS.capacity, evidence: [{ rule: 'capacity', percent: 40 }] });
    expect(of(able(1000, 'maund'), able(60, 't')).points).toBe(WEIGHTS.capacity);
    expect(of(able(500, 't')).evidence).toEqual([{ rule: 'capacity', percent: 100 }]);
  });

  it('counts once where a line is repeated, and for the product only', () => {
    expect(of(able(40, 't'), able(40, 't'))).toEqual(of(able(40, 't')));
    expect(of(able(40, 't'), able(60, 't', { hs: ['701810'] }))).toEqual(of(able(40, 't')));
    expect(of(able(40, 't', { hs: [], guessedHs: ['0904'] }))).toEqual(of(able(40, 't')));
  });

  it('gives nothing where it is not stated, and is not asked where the lead names no quantity, no product or sells', () => {
    expect(of(line('chillies', { hs: ['090421'] }))).toEqual({ points: 0, max: WEIGHTS.capacity, evidence: [] });
    for (const over of [{ quantity: undefined }, { hs: [] }, { kind: 'sell_offer' as const }])
      expect(capacityRule([able(40, 't')], { ...wanted, ...over }).max).toBe(0);
  });
});

describe('the season', () => {
  const crop = (...months: number[]) => line('mangoes', { hs: ['080450'], months });
  const wanted = lead({ hs: ['080450'], deliveryMonths: [6, 7] });

  it('counts by the months of the delivery window in which a line of the product supplies', () => {
    expect(seasonRule([crop(6, 7, 8, 9)], wanted)).toEqual({ points: WEIGHTS.season, max: WEIGHTS.season, evidence: [{ rule: 'season', months: [6, 7] }] });
    expect(seasonRule([crop(7, 8)], wanted).points).toBe(WEIGHTS.season / 2);
    expect(seasonRule([crop(7, 8), crop(6)], wanted).points).toBe(WEIGHTS.season);
    expect(seasonRule([crop(1)], wanted)).toEqual({ points: 0, max: WEIGHTS.season, evidence: [] });
    expect(seasonRule([line('onions', { hs: ['070310'] })], wanted).points).toBe(0);
  });

  it('of a line that names none is all year, and a lead that names none asks nothing', () => {
    expect(seasonRule([crop()], wanted).points).toBe(WEIGHTS.season);
    expect(seasonRule([crop()], lead({ hs: ['080450'] })).max).toBe(0);
  });

  it('missed stands in the way, with the months', () => {
    expect(blockersOf(firm(), [crop(7, 8)], wanted, TODAY)).toEqual([{ gap: 'out-of-season', months: [6] }]);
    expect(blockersOf(firm(), [crop()], wanted, TODAY)).toEqual([]);
    expect(blockersOf(firm(), [line('onions', { hs: ['070310'], months: [1] })], wanted, TODAY)).toEqual([]);
  });
});

describe('platform and certificates', () => {
  it('count a platform that the goods are offered through, with its paragraph', () => {
    const asked = lead({ platforms: ['b2b', 'cpfta-2'] });
    expect(platformRule(firm({ platforms: ['cpfta-2'] }), asked)).toEqual({
      points: WEIGHTS.platform,
      max: WEIGHTS.platform,
      evidence: [{ rule: 'platform', platform: 'cpfta-2', paragraph: 15 }],
    });
    expect(platformRule(firm(), asked)).toEqual({ points: 0, max: WEIGHTS.platform, evidence: [] });
    expect(platformRule(firm({ platforms: ['cpfta-2'] }), lead()).max).toBe(0);
  });

  it('count each certificate that is asked for and held, by the firm or a line', () => {
    const asked = lead({ certificates: ['gacc', 'halal'] });
    expect(certificatesRule(firm(), [line('', { certificates: ['halal'] })], asked)).toEqual({
      points: WEIGHTS.certificates / 2,
      max: WEIGHTS.certificates,
      evidence: [{ rule: 'certificates', certificates: ['halal'] }],
    });
    expect(certificatesRule(firm({ certificates: ['gacc'] }), [line('', { certificates: ['halal'] })], asked).points).toBe(WEIGHTS.certificates);
    expect(certificatesRule(firm(), [], asked)).toEqual({ points: 0, max: WEIGHTS.certificates, evidence: [] });
    expect(certificatesRule(firm(), [], lead()).max).toBe(0);
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
    expect(of([], asked)).toEqual(['gacc', 'haccp', 'halal'].map((certificate) => ({ gap: 'certificate-missing', certificate })));
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
