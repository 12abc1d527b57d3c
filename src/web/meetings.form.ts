import { latinDigits } from '../common/text.js';
import type { MeetingDay } from '../meetings/meeting-day.entity.js';
import type { Attending } from '../meetings/meetings.queries.js';
import { codes, type FormBody, given, many, one, ticked } from './form.js';

const linesOf = (text: string): string[] =>
  latinDigits(text)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** What the form of a day says, as the service takes it; a line that is none of a break or an interpreter goes through, for the schema to refuse. */
export const dayOfForm = (body: FormBody): Record<string, unknown> => ({
  name: one(body, 'name'),
  date: one(body, 'date'),
  venue: one(body, 'venue'),
  zone: given(body, 'zone'),
  tables: one(body, 'tables'),
  opens: one(body, 'opens'),
  closes: one(body, 'closes'),
  slotMinutes: one(body, 'slotMinutes'),
  breaks: linesOf(one(body, 'breaks')).map((line) => {
    const [from = '', to = ''] = line.split(/\s*[-–—]\s*/);
    return { from, to };
  }),
  interpreters: linesOf(one(body, 'interpreters')).map((line) => {
    const [name = '', languages = ''] = line.split(/[:：]/, 2);
    return { name, languages: codes(languages) };
  }),
  least: given(body, 'least'),
});

/** The form as it stands for a day. */
export const bodyOfDay = (day: MeetingDay): FormBody => ({
  name: day.name,
  date: day.date,
  venue: day.venue,
  zone: day.zone,
  tables: String(day.tables),
  opens: day.opens,
  closes: day.closes,
  slotMinutes: String(day.slotMinutes),
  breaks: day.breaks.map(({ from, to }) => `${from}-${to}`).join('\n'),
  interpreters: day.interpreters.map(({ name, languages }) => `${name}: ${languages.join(', ')}`).join('\n'),
  least: String(day.least),
});

/** What an empty form suggests: a morning and an afternoon. */
export const EMPTY_DAY: FormBody = { tables: '10', opens: '09:00', closes: '17:00', slotMinutes: '30', breaks: '13:00-14:00', least: '4' };

export const inviteeOfForm = (body: FormBody): Record<string, unknown> => ({
  firmId: given(body, 'firmId'),
  opportunityId: given(body, 'opportunityId'),
  name: given(body, 'name'),
  languages: many(body, 'languages'),
  ...hoursOfForm(body),
});

export const attendanceOfForm = (body: FormBody): Record<string, unknown> => ({
  languages: many(body, 'languages'),
  ...hoursOfForm(body),
  missing: ticked(body, 'missing'),
  wants: many(body, 'wants'),
});

export const bodyOfAttendee = ({ languages, arrives, leaves, missing, wants }: Attending): FormBody => ({
  languages: [...languages],
  arrives: arrives ?? '',
  leaves: leaves ?? '',
  missing: missing ? 'yes' : '',
  wants: [...wants],
});

export function dayActOfForm(body: FormBody): Record<string, unknown> {
  const did = one(body, 'do');
  if (did !== 'repair') return { do: did };
  return { do: did, attendeeId: given(body, 'attendeeId'), missing: ticked(body, 'missing'), ...hoursOfForm(body) };
}

const hoursOfForm = (body: FormBody) => ({ arrives: one(body, 'arrives'), leaves: one(body, 'leaves') });
