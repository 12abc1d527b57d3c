import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLapsed, nextMembershipEnd } from './membership.js';

const DAY = 86_400_000;
const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const anyDay = fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

describe('membership', () => {
  it.each([
    ['2026-01-01', '2026-03-31'],
    ['2026-03-31', '2026-03-31'],
    ['2026-04-01', '2027-03-31'],
    ['2026-11-24', '2027-03-31'],
    ['2028-02-29', '2028-03-31'],
  ])('granted on %s holds until %s', (today, end) => {
    expect(nextMembershipEnd(today)).toBe(end);
  });

  it('ends on the next 31 March, never in the past and never more than a year away', () => {
    fc.assert(
      fc.property(anyDay, (at) => {
        const end = nextMembershipEnd(dayOf(at));
        expect(end).toMatch(/^\d{4}-03-31$/);
        expect(end >= dayOf(at)).toBe(true);
        expect(end < dayOf(new Date(at.getTime() + 367 * DAY))).toBe(true);
        expect(isLapsed(end, dayOf(at))).toBe(false);
      }),
    );
  });

  it('holds on its last day and has lapsed on 1 April', () => {
    expect(isLapsed('2026-03-31', '2026-03-31')).toBe(false);
    expect(isLapsed('2026-03-31', '2026-04-01')).toBe(true);
    expect(isLapsed('2026-03-31', '2027-01-01')).toBe(true);
  });

  it('has not lapsed where there is none yet', () => {
    expect(isLapsed(null, '2026-04-01')).toBe(false);
  });
});
