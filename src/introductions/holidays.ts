import type { DayOff } from './business-days.js';

/** One public holiday of one year; first and last day, YYYY-MM-DD. */
export interface Holiday {
  /** `PK-2027-eid-ul-fitr` */
  readonly id: string;
  readonly country: string;
  /** Code of its name. */
  readonly name: string;
  readonly firstDay: string;
  readonly lastDay: string;
  /** False where the moon or a later notice decides; the desk confirms or moves it. */
  readonly confirmed: boolean;
}

type Line = readonly [name: string, first: string, last: string, sure: boolean];

/**
 * Pakistan 2026: circular of the Cabinet Division on public and optional holidays, January 2026 (those of the whole country; Ashura and both Eids by the
 * moon). 2027: the fixed days of that circular, and the moon-dependent ones a day after the calendar of Umm al-Qura, as Pakistan sees the moon.
 */
const PAKISTAN: readonly Line[] = [
  ['kashmir-day', '2026-02-05', '2026-02-05', true],
  ['eid-ul-fitr', '2026-03-21', '2026-03-23', true],
  ['pakistan-day', '2026-03-23', '2026-03-23', true],
  ['labour-day', '2026-05-01', '2026-05-01', true],
  ['eid-ul-azha', '2026-05-27', '2026-05-29', true],
  ['youm-e-takbeer', '2026-05-28', '2026-05-28', true],
  ['ashura', '2026-06-24', '2026-06-25', true],
  ['independence-day', '2026-08-14', '2026-08-14', true],
  ['milad-un-nabi', '2026-08-25', '2026-08-25', true],
  ['iqbal-day', '2026-11-09', '2026-11-09', true],
  ['quaid-day', '2026-12-25', '2026-12-25', true],
  ['kashmir-day', '2027-02-05', '2027-02-05', true],
  ['eid-ul-fitr', '2027-03-10', '2027-03-12', false],
  ['pakistan-day', '2027-03-23', '2027-03-23', true],
  ['labour-day', '2027-05-01', '2027-05-01', true],
  ['eid-ul-azha', '2027-05-17', '2027-05-19', false],
  ['youm-e-takbeer', '2027-05-28', '2027-05-28', true],
  ['ashura', '2027-06-15', '2027-06-16', false],
  ['independence-day', '2027-08-14', '2027-08-14', true],
  ['milad-un-nabi', '2027-08-15', '2027-08-15', false],
  ['iqbal-day', '2027-11-09', '2027-11-09', true],
  ['quaid-day', '2027-12-25', '2027-12-25', true],
];

/**
 * China 2026: notice of the General Office of the State Council of 4 November 2025. 2027: the days of the Regulation on Public Holidays for National
 * Annual Festivals and Memorial Days (2024) with the usual bridges; each year's notice decides.
 */
const CHINA: readonly Line[] = [
  ['new-year', '2026-01-01', '2026-01-03', true],
  ['spring-festival', '2026-02-15', '2026-02-23', true],
  ['qingming', '2026-04-04', '2026-04-06', true],
  ['labour-day', '2026-05-01', '2026-05-05', true],
  ['dragon-boat', '2026-06-19', '2026-06-21', true],
  ['mid-autumn', '2026-09-25', '2026-09-27', true],
  ['national-day', '2026-10-01', '2026-10-07', true],
  ['new-year', '2027-01-01', '2027-01-03', false],
  ['spring-festival', '2027-02-05', '2027-02-12', false],
  ['qingming', '2027-04-03', '2027-04-05', false],
  ['labour-day', '2027-05-01', '2027-05-05', false],
  ['dragon-boat', '2027-06-09', '2027-06-09', false],
  ['mid-autumn', '2027-09-15', '2027-09-15', false],
  ['national-day', '2027-10-01', '2027-10-07', false],
];

const of = (country: string, lines: readonly Line[]): Holiday[] =>
  lines.map(([name, firstDay, lastDay, confirmed]) => ({ id: `${country}-${firstDay.slice(0, 4)}-${name}`, country, name, firstDay, lastDay, confirmed }));

/** What is known before the desk says more. */
export const HOLIDAYS: readonly Holiday[] = [...of('PK', PAKISTAN), ...of('CN', CHINA)];

/** The home of the chamber, whose calendar always counts. */
const HOME = 'PK';

/**
 * The days on which one side or the other is not at work.
 * @param country the counterparty's; one whose holidays are not known has weekends only
 */
export const daysOff =
  (holidays: readonly Pick<Holiday, 'country' | 'firstDay' | 'lastDay'>[], country: string): DayOff =>
  (day) =>
    holidays.some((one) => (one.country === HOME || one.country === country) && one.firstDay <= day && day <= one.lastDay);
