import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator';
import type { Language } from '../language/language.js';
import { inLanguage, say } from '../language/say.js';
import type { DigestItem } from './compose.js';
import { factsOf } from './compose.js';

/** What the file is made of: a published lead, which has both days. */
export type CalendarLead = Parameters<typeof factsOf>[1] &
  Pick<DigestItem, 'reference' | 'kind' | 'title' | 'materialRevision'> & { readonly publishedAt: Date | null };

/**
 * The last day of a lead as a calendar file (RFC 5545): a whole day in any zone, with a reminder three days before. Its UID stays the same and its
 * SEQUENCE goes up with each change, so that a calendar that takes the file again moves the day. It holds what the public page says, nothing more.
 * @param domain makes the UID the chamber's own
 */
export function calendarOf(language: Language, lead: CalendarLead, appUrl: string, domain: string): string {
  const url = `${appUrl}/opportunities/${lead.reference}`;
  const title = inLanguage(lead.title, language).text;
  const day = new Date(`${lead.openUntil ?? ''}T00:00:00Z`);
  const calendar = ical({ prodId: { company: 'Rabta', product: 'Opportunities', language: 'EN' }, method: ICalCalendarMethod.PUBLISH });
  const event = calendar.createEvent({
    id: `${lead.reference}@${domain}`,
    sequence: lead.materialRevision,
    stamp: lead.publishedAt ?? day,
    start: day,
    end: new Date(day.getTime() + 86_400_000),
    allDay: true,
    summary: say(language, lead.kind === 'expo_place' ? 'calendar.expo' : 'calendar.last-day', { title }),
    description: [...factsOf(language, lead).map(([label, value]) => `${label}: ${value}`), url].join('\n'),
    url,
  });
  event.createAlarm({ type: ICalAlarmType.display, triggerBefore: 3 * 86_400, description: title });
  return calendar.toString();
}
