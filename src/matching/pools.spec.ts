import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firm, lead, line } from '../../test/support/facts.js';
import { type Member, poolsOf, smallestSets } from './pools.js';

const ids = (sets: readonly (readonly Member[])[]) => sets.map((set) => set.map((m) => m.firmId).join(''));

describe('the smallest sets of firms that together can', () => {
  it('are all there are of the least size, as trying every set finds them', () => {
    const members = fc
      .array(fc.integer({ min: 0, max: 12 }), { maxLength: 9 })
      .map((parts) => parts.map((part, i): Member => ({ firmId: String.fromCharCode(97 + i), share: part / 10 })));
    fc.assert(
      fc.property(members, (given) => {
        let least: Member[][] = [];
        for (let bits = 1; bits < 2 ** given.length; bits++) {
          const set = given.filter((_, i) => bits & (2 ** i));
          if (set.some((m) => m.share === 0) || set.reduce((sum, m) => sum + m.share, 0) < 1 - 1e-9) continue;
          if (!least[0] || set.length < least[0].length) least = [set];
          else if (set.length === least[0].length) least.push(set);
        }
        if (least[0]?.length === 1) least = [];
        const sorted = (sets: readonly (readonly Member[])[]) => ids(sets.map((set) => set.toSorted((a, b) => (a.firmId < b.firmId ? -1 : 1)))).sort();
        const found = smallestSets(given, Infinity);
        expect(sorted(found)).toEqual(sorted(least));
        expect(ids(smallestSets(given, 2))).toEqual(ids(found).slice(0, 2));
      }),
      { numRuns: 500 },
    );
  });

  it('come with the strongest first, and are few though very many would do', () => {
    const many = Array.from({ length: 200 }, (_, i): Member => ({ firmId: String(i).padStart(3, '0'), share: 0.1 }));
    expect(smallestSets(many, 3).map((set) => set.map((m) => Number(m.firmId)))).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 10],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 11],
    ]);
    const two: Member[] = [
      { firmId: 'weak', share: 0.4 },
      { firmId: 'strong', share: 0.7 },
      { firmId: 'also', share: 0.4 },
    ];
    expect(smallestSets(two, 3).map((set) => set.map((m) => m.firmId))).toEqual([
      ['strong', 'also'],
      ['strong', 'weak'],
    ]);
  });
});

describe('the pools for a lead', () => {
  const wanted = lead({ hs: ['701810'], quantity: { amount: 100, unit: 'dozen', period: 'month' } });
  const able = (id: string, amount: number, hs = '701810') =>
    firm({ id, offers: [line('bangles', { hs: [hs], capacity: { amount, unit: 'dozen', period: 'month' } })] });

  it('are made of firms of the same heading, with their shares', () => {
    expect(poolsOf([able('a', 60), able('b', 45), able('c', 90, '090421'), able('d', 10)], wanted)).toEqual([
      {
        code: '701810',
        members: [
          { firmId: 'a', share: 0.6 },
          { firmId: 'b', share: 0.45 },
        ],
      },
    ]);
  });

  it('are none where one firm can alone, where all cannot, and where nobody asks for a quantity', () => {
    expect(poolsOf([able('a', 60), able('b', 100)], wanted)).toEqual([]);
    expect(poolsOf([able('a', 60), able('b', 39)], wanted)).toEqual([]);
    expect(poolsOf([able('a', 60), able('b', 45)], { ...wanted, kind: 'sell_offer' })).toEqual([]);
    expect(poolsOf([able('a', 60), able('b', 45)], { ...wanted, quantity: undefined })).toEqual([]);
  });
});
