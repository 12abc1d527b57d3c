import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUnit, PERIODS, share, UNITS } from './units.js';

const amount = fc.integer({ min: 1, max: 1_000_000 });
const unit = fc.constantFrom(...UNITS);
const period = fc.constantFrom(...PERIODS);
const capacity = fc.record({ amount, unit, period });

describe('the share of a wanted quantity that a capacity covers', () => {
  it.each([
    [{ amount: 40, unit: 't', period: 'month' }, { amount: 100, unit: 't', period: 'month' }, 0.4],
    [{ amount: 40_000, unit: 'kg', period: 'month' }, { amount: 100, unit: 't', period: 'month' }, 0.4],
    [{ amount: 25, unit: 'maund', period: 'month' }, { amount: 1, unit: 't', period: 'month' }, 1],
    [{ amount: 2, unit: 'tola', period: 'month' }, { amount: 0.0233276, unit: 'kg', period: 'month' }, 1],
    [{ amount: 100, unit: 'cotton_bale', period: 'month' }, { amount: 34, unit: 't', period: 'month' }, 0.5],
    [{ amount: 2, unit: 'lakh', period: 'month' }, { amount: 400_000, unit: 'piece', period: 'month' }, 0.5],
    [{ amount: 1200, unit: 'piece', period: 'month' }, { amount: 100, unit: 'dozen', period: 'month' }, 1],
    [{ amount: 100, unit: 'sq_m', period: 'month' }, { amount: 1076.391, unit: 'sq_ft', period: 'month' }, 1],
    [{ amount: 120, unit: 't', period: 'year' }, { amount: 10, unit: 't', period: 'month' }, 1],
    [{ amount: 10, unit: 't', period: 'month' }, { amount: 60, unit: 't', period: 'quarter' }, 0.5],
    [{ amount: 30, unit: 't', period: 'quarter' }, { amount: 20, unit: 't', period: null }, 0.5],
  ] as const)('%j of %j is %d', (has, wanted, part) => {
    expect(share(has, wanted)).toBeCloseTo(part, 5);
  });

  it('is unknown where the two cannot be compared', () => {
    const month = { amount: 1, period: 'month' } as const;
    for (const [has, wanted] of [
      ['kg', 'litre'],
      ['piece', 'pair'],
      ['acre', 'sq_m'],
      ['bale', 'kg'],
      ['barrel', 'barrel'],
      ['toString', 'toString'],
    ]) {
      expect(share({ ...month, unit: has ?? '' }, { ...month, unit: wanted ?? '' })).toBeUndefined();
    }
  });

  it('is all of it for itself, and turned round the other way round', () => {
    fc.assert(
      fc.property(capacity, capacity, (a, b) => {
        expect(share(a, a)).toBeCloseTo(1, 9);
        const [there, back] = [share(a, b), share(b, a)];
        expect(there === undefined).toBe(back === undefined);
        expect((there ?? 1) * (back ?? 1)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('grows with the capacity and shrinks with what is wanted', () => {
    fc.assert(
      fc.property(capacity, fc.integer({ min: 2, max: 9 }), (a, times) => {
        const more = { ...a, amount: a.amount * times };
        expect(share(more, a)).toBeCloseTo(times, 6);
        expect(share(a, more)).toBeCloseTo(1 / times, 6);
      }),
    );
  });
});

it('a unit is one of those that forms offer', () => {
  expect(UNITS.every(isUnit)).toBe(true);
  for (const other of ['', 'KG', 'tonne', 'constructor']) expect(isUnit(other)).toBe(false);
});
