import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, businessDaysAfter, isBusinessDay } from './business-days.js';
import { daysOff, HOLIDAYS } from './holidays.js';

const china = daysOff(HOLIDAYS, 'CN');
const emirates = daysOff(HOLIDAYS, 'AE');

describe('five business days of both countries', () => {
  it.each([
    // a plain week: Tuesday to the next Tuesday
    ['2026-11-24', '2026-12-01'],
    // over a weekend and Quaid-e-Azam Day, a Friday in Pakistan alone
    ['2026-12-21', '2026-12-29'],
    // the Spring Festival in China, with Kashmir Day before it in Pakistan
    ['2027-02-03', '2027-02-18'],
    // both Eids fall on days on which China works
    ['2027-03-08', '2027-03-18'],
    ['2027-05-14', '2027-05-26'],
    // the national week in China
    ['2026-09-30', '2026-10-14'],
  ])('from %s end on %s', (from, to) => {
    expect(businessDaysAfter(from, 5, china)).toBe(to);
  });

  it('know only Pakistan’s holidays where those of the other side are not known', () => {
    expect(businessDaysAfter('2026-09-30', 5, emirates)).toBe('2026-10-07');
    expect(businessDaysAfter('2026-12-21', 5, emirates)).toBe('2026-12-29');
  });

  it('are as many as asked for, none of them a weekend or a holiday, from any day on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 20 }), (offset, n) => {
        const from = addDays('2026-01-01', offset);
        const to = businessDaysAfter(from, n, china);
        let counted = 0;
        for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isBusinessDay(day, china)) counted++;
        expect([counted, isBusinessDay(to, china)]).toEqual([n, true]);
      }),
    );
  });

  it('every year has all holidays of both countries, and those of the moon wait to be confirmed', () => {
    const of = (country: string, year: string) => HOLIDAYS.filter((one) => one.id.startsWith(`${country}-${year}-`)).map(({ name }) => name);
    for (const country of ['PK', 'CN']) expect(of(country, '2027')).toEqual(of(country, '2026'));
    expect(new Set(HOLIDAYS.map(({ id }) => id)).size).toBe(HOLIDAYS.length);
    for (const { firstDay, lastDay } of HOLIDAYS) expect(firstDay <= lastDay).toBe(true);
    const unsure = HOLIDAYS.filter(({ confirmed, country }) => !confirmed && country === 'PK').map(({ name }) => name);
    expect(unsure).toEqual(['eid-ul-fitr', 'eid-ul-azha', 'ashura', 'milad-un-nabi']);
  });
});
