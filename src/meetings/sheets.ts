import type { Language } from '../language/language.js';
import { inLanguage, sayCountry } from '../language/say.js';
import type { Slot } from './hours.js';
import type { Attending } from './meetings.queries.js';
import type { WholeDay } from './meetings.service.js';

/** What others are told of somebody who comes: a firm's name; of who is behind a lead only what the lead is about, as before an introduction. */
export function labelOf(language: Language, { name, title, country, reference }: Pick<Attending, 'name' | 'title' | 'country' | 'reference'>): string {
  if (!title || country === null) return name;
  return `${inLanguage(title, language).text} · ${sayCountry(language, country)} · ${reference ?? ''}`;
}

/** One meeting as a sheet says it. */
export interface Entry {
  readonly slot: Slot;
  readonly at: number;
  readonly table: number;
  readonly firm: Attending;
  readonly counterparty: Attending;
  /** Their name. */
  readonly interpreter: string | null;
  /** Where they stand in the day's list of interpreters. */
  readonly interpreterAt: number | null;
  readonly score: number;
}

/** The meetings that people have in hand, by slot and table; those of people who have been taken off the list are no more. */
export function entriesOf({ day, slots, attendees }: Pick<WholeDay, 'day' | 'slots' | 'attendees'>, timetable: WholeDay['accepted']): Entry[] {
  const known = new Map(attendees.map((one) => [one.id, one]));
  return (timetable?.meetings ?? []).flatMap((meeting) => {
    const [firm, counterparty, slot] = [known.get(meeting.firm), known.get(meeting.counterparty), slots[meeting.slot]];
    if (!firm || !counterparty || !slot) return [];
    const interpreterAt = meeting.interpreter === null ? null : meeting.interpreter - 1;
    const interpreter = interpreterAt === null ? null : (day.interpreters[interpreterAt]?.name ?? null);
    return [{ slot, at: meeting.slot, table: meeting.table, firm, counterparty, interpreter, interpreterAt, score: meeting.score }];
  });
}

/** One person's own: those of an attendee. */
export const entriesFor = (entries: readonly Entry[], attendeeId: string): Entry[] =>
  entries.filter(({ firm, counterparty }) => firm.id === attendeeId || counterparty.id === attendeeId);
