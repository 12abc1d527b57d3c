import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entryOf } from '../statement/statement.js';
import { corridorsOf, platformsOf, sectorsOf } from './sectors.js';

const two = (n: number) => String(n).padStart(2, '0');
const CHAPTERS = Array.from({ length: 97 }, (_, i) => i + 1).filter((n) => n !== 77);

describe('the sectors of goods and services', () => {
  it.each([
    ['dried chillies', { hs: ['090421'], isic: [] }, ['agriculture']],
    ['cement', { hs: ['252329'], isic: [] }, ['export-industry', 'mining']],
    ['china clay', { hs: ['250700'], isic: [] }, ['mining']],
    ['solar panels', { hs: ['854143'], isic: [] }, ['power', 'climate-resilience', 'export-industry']],
    ['a rice mill', { hs: ['843780'], isic: [] }, ['agriculture', 'export-industry']],
    ['herbs', { hs: ['121190'], isic: [] }, ['agriculture', 'health-herbal']],
    ['medicine', { hs: ['300490'], isic: [] }, ['health-herbal', 'export-industry']],
    ['glass bangles', { hs: ['701810'], isic: [] }, ['export-industry']],
    ['software', { hs: [], isic: ['6201'] }, ['information-technology']],
    ['haulage', { hs: [], isic: ['49'] }, ['transport-logistics']],
    ['vocational training', { hs: [], isic: ['8522'] }, ['education-vocational']],
    ['rice and the mill for it', { hs: ['1006', '843780'], isic: [] }, ['agriculture', 'export-industry']],
    ['laundry', { hs: [], isic: ['96'] }, []],
    ['nothing', { hs: [], isic: [] }, []],
  ])('%s', (_what, codes, sectors) => {
    expect(sectorsOf(codes)).toEqual(sectors);
  });

  it('are sectors of the statement, and every good stands under one', () => {
    for (const n of CHAPTERS) {
      const sectors = sectorsOf({ hs: [two(n)], isic: [] });
      expect(sectors.length).toBeGreaterThan(0);
      for (const sector of sectors) expect(entryOf(sector)?.kind).toBe('sector');
    }
    for (let division = 1; division <= 99; division++) {
      for (const sector of sectorsOf({ hs: [], isic: [two(division)] })) expect(entryOf(sector)?.kind).toBe('sector');
    }
  });

  it('are found however deep the code', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHAPTERS), fc.nat(9999), (n, rest) => {
        expect(sectorsOf({ hs: [two(n) + String(rest).padStart(4, '0')], isic: [] }).length).toBeGreaterThan(0);
      }),
    );
  });

  it('are each named once, whatever the order and repetition of codes, and more codes take none away', () => {
    const codes = fc.array(fc.constantFrom(...CHAPTERS.map(two)), { maxLength: 8 });
    fc.assert(
      fc.property(codes, codes, (hs, isic) => {
        const sectors = sectorsOf({ hs, isic });
        expect(new Set(sectors).size).toBe(sectors.length);
        expect(sectorsOf({ hs: [...hs, ...hs].reverse(), isic: isic.toReversed() }).sort()).toEqual(sectors.toSorted());
        expect(sectorsOf({ hs: [...hs, '09'], isic })).toEqual(expect.arrayContaining(sectors));
      }),
    );
  });
});

describe('the corridors and platforms of goods and services', () => {
  it('are entries of the statement of that kind, and every good has both', () => {
    for (const n of CHAPTERS) {
      const codes = { hs: [two(n)], isic: [] };
      expect(corridorsOf(codes).map((code) => entryOf(code)?.kind)).toEqual(expect.arrayContaining(['corridor']));
      expect(new Set(corridorsOf(codes).map((code) => entryOf(code)?.kind)).size).toBe(1);
      expect(new Set(platformsOf(codes).map((code) => entryOf(code)?.kind))).toEqual(new Set(['platform']));
    }
  });

  it('follow from what the goods are', () => {
    expect(corridorsOf({ hs: ['854143'], isic: [] })).toContain('green');
    expect(corridorsOf({ hs: [], isic: ['62'] })).toEqual(['innovation']);
    expect(platformsOf({ hs: ['701810'], isic: [] })[0]).toBe('china-south-asia-expo');
  });
});
