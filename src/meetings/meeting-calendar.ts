import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator';
import { DateTime } from 'luxon';
import type { Language } from '../language/language.js';
import { say } from '../language/say.js';
import type { WholeDay } from './meetings.service.js';
import { entriesFor, entriesOf, labelOf } from './sheets.js';

/**
 * The meetings of one who comes as a calendar file (RFC 5545). A meeting's UID is the pair's, and its SEQUENCE goes up with the day's: a calendar that takes
 * the file again after a repair moves it. It holds what their sheet says.
 * @param domain makes the UIDs the chamber's own
 */
export function meetingCalendar(language: Language, whole: WholeDay, attendeeId: string, domain: string): string {
  const { day, accepted } = whole;
  const calendar = ical({ prodId: { company: 'Rabta', product: 'Meetings', language: 'EN' }, method: ICalCalendarMethod.PUBLISH, name: day.name });
  const instant = (time: string): Date => DateTime.fromISO(`${day.date}T${time}`, { zone: day.zone }).toJSDate();
  for (const { slot, table, firm, counterparty, interpreter } of entriesFor(entriesOf(whole, accepted), attendeeId)) {
    const place = say(language, 'meeting.table', { table });
    const event = calendar.createEvent({
      id: `${day.id}.${firm.id}.${counterparty.id}@${domain}`,
      sequence: day.revision,
      stamp: accepted?.finishedAt ?? day.createdAt,
      start: instant(slot.from),
      end: instant(slot.to),
      summary: labelOf(language, firm.id === attendeeId ? counterparty : firm),
      location: `${day.venue}, ${place}`,
      description: [day.name, place, ...(interpreter === null ? [] : [say(language, 'meeting.with-interpreter', { name: interpreter })])].join('\n'),
    });
    event.createAlarm({ type: ICalAlarmType.display, triggerBefore: 600, description: day.name });
  }
  return calendar.toString();
}
