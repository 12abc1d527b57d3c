import { DateTime } from 'luxon';

export const CADENCES = ['daily', 'weekly', 'fortnightly', 'monthly', 'urgent', 'off'] as const;
export type Cadence = (typeof CADENCES)[number];

/** When a subscription wants its digest. */
export interface Rhythm {
  readonly cadence: Cadence;
  /** IANA zone. */
  readonly zone: string;
  /** 1 Monday … 7 Sunday (ISO 8601). */
  readonly weekday: number;
  readonly hour: number;
}

export interface Scheduled {
  /** Cadence and scheduled local date, `weekly:2026-11-24`. */
  readonly key: string;
  /** YYYY-MM-DD. */
  readonly localDate: string;
  readonly at: Date;
}

/** What an occurrence is: a rhythm's own, the first list of a new reader, or what cannot wait. */
export type OccurrenceKind = 'daily' | 'weekly' | 'fortnightly' | 'monthly' | 'starter' | 'urgent';

const HOUR = 3_600_000;
/** Half a cadence, in hours: what is later than this is not made up for, it rolls into the next. */
export const LATE_HOURS: Readonly<Record<OccurrenceKind, number>> = { daily: 12, weekly: 84, fortnightly: 168, monthly: 360, starter: 12, urgent: 12 };

/**
 * The last instant at or before `now` at which a digest was scheduled, whatever the zone of the process.
 * Fortnights are counted from Monday, 5 January 1970; a month's digest comes on the first such weekday of the month.
 * @returns null where the cadence has no schedule
 */
export function lastScheduled(rhythm: Rhythm, now: Date): Scheduled | null {
  const { cadence, zone, weekday, hour } = rhythm;
  if (cadence === 'urgent' || cadence === 'off') return null;
  const local = DateTime.fromJSDate(now, { zone });
  for (let back = 0; back <= 62; back++) {
    const day = firstOf(local.startOf('day').minus({ days: back }).set({ hour }));
    if (day > local) continue;
    if (cadence !== 'daily' && day.weekday !== weekday) continue;
    if (cadence === 'fortnightly' && weekNumber(day) % 2 !== 0) continue;
    if (cadence === 'monthly' && day.day > 7) continue;
    const localDate = day.toISODate() ?? '';
    return { key: `${cadence}:${localDate}`, localDate, at: day.toJSDate() };
  }
  return null;
}

/** {@link lastScheduled}, unless it is so late that it is better left to the next. */
export function due(rhythm: Rhythm, now: Date): Scheduled | null {
  const last = lastScheduled(rhythm, now);
  if (!last || rhythm.cadence === 'urgent' || rhythm.cadence === 'off') return null;
  return now.getTime() - last.at.getTime() <= LATE_HOURS[rhythm.cadence] * HOUR ? last : null;
}

/**
 * The first list of whoever has just become a reader comes at the hour of their digests, on the first day that brings no digest of their rhythm anyway.
 * @returns null where the cadence has no schedule, or today's own digest takes its place
 */
export function starterDue(rhythm: Rhythm, now: Date): Scheduled | null {
  if (rhythm.cadence === 'urgent' || rhythm.cadence === 'off') return null;
  const today = due({ ...rhythm, cadence: 'daily' }, now);
  if (!today || lastScheduled(rhythm, today.at)?.localDate === today.localDate) return null;
  return { ...today, key: `starter:${today.localDate}` };
}

/** Nobody is woken by what cannot wait: it may come from the first of these hours on, until the second, at the reader's place. */
const WAKING = { from: 8, until: 21 } as const;

/**
 * What cannot wait may be mailed at any waking hour, once a local day.
 * @returns null where digests are off, by night, and on a day whose own digest is still to come: it brings them
 */
export function urgentDue(rhythm: Rhythm, now: Date): Scheduled | null {
  if (rhythm.cadence === 'off') return null;
  const local = DateTime.fromJSDate(now, { zone: rhythm.zone });
  if (local.hour < WAKING.from || local.hour >= WAKING.until) return null;
  const last = lastScheduled(rhythm, local.endOf('day').toJSDate());
  if (last && last.at > now) return null;
  const localDate = local.toISODate() ?? '';
  return { key: `urgent:${localDate}`, localDate, at: now };
}

/** When the local day of that instant began. */
export function startOfDay(zone: string, now: Date): Date {
  return firstOf(DateTime.fromJSDate(now, { zone }).startOf('day')).toJSDate();
}

/** The first of the two instants where clocks are put back and a local time comes twice. */
function firstOf(local: DateTime): DateTime {
  return local.getPossibleOffsets()[0] ?? local;
}

/** Weeks since Monday, 5 January 1970, by the calendar alone. */
function weekNumber(day: DateTime): number {
  const days = Date.UTC(day.year, day.month - 1, day.day) / 86_400_000;
  return Math.floor((days - 4) / 7);
}
