/** Whether a calendar day (YYYY-MM-DD) is a public holiday where either side works. */
export type DayOff = (day: string) => boolean;

/** The calendar day that many days later. */
export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/**
 * A day on which both sides are at work. Saturday is none in either country's offices, so that the Saturdays and Sundays on which China makes up for a
 * holiday need not be known: they are free in Pakistan.
 */
export function isBusinessDay(day: string, off: DayOff): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !off(day);
}

/** The nth business day after a day, which itself does not count. */
export function businessDaysAfter(day: string, n: number, off: DayOff): string {
  let at = day;
  for (let left = n; left > 0;) {
    at = addDays(at, 1);
    if (isBusinessDay(at, off)) left--;
  }
  return at;
}
