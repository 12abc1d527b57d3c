import type { Language } from '../language/language.js';
import { say } from '../language/say.js';
import type { Flow } from './digests.queries.js';

/** How many opportunities of at least that score came in a week lately. */
export function perWeek(flow: Flow, threshold: number): number {
  return flow.scores.filter((score) => score >= threshold).length / flow.weeks;
}

/** A rate in words that claim no more than they know: whole numbers by the week, by the month where it is less, and "less than one" below. */
export function sayRate(language: Language, weekly: number): string {
  if (weekly >= 1) return say(language, 'digest.rate.week', { count: Math.round(weekly) });
  const monthly = Math.round((weekly * 52) / 12);
  if (monthly >= 1) return say(language, 'digest.rate.month', { count: monthly });
  return say(language, weekly > 0 ? 'digest.rate.seldom' : 'digest.rate.none');
}
