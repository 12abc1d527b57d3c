import { z } from 'zod';
import { isZone } from '../common/clock.js';
import { hasContactDetails } from '../common/contact-details.js';
import { emptyIsMissing, line, whole } from '../common/text.js';
import { LANGUAGES } from '../language/language.js';
import { slotsOf } from './hours.js';

/** How many of one side may come: what the solver plans within seconds. */
export const AT_MOST = 250;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'not-a-time', abort: true });
const optionalTime = z.preprocess(emptyIsMissing, time.nullish()).transform((at) => at ?? null);
const languages = z.array(z.enum(LANGUAGES)).max(LANGUAGES.length).default([]);
/** What everybody reads: never where somebody can be reached. */
const nameForAll = (max: number) => line(max).refine((text) => !hasContactDetails(text), { error: 'no-contact' });

/** A meeting day as the desk says it. */
export const daySchema = z
  .strictObject({
    name: nameForAll(120),
    date: z.iso.date(),
    venue: line(200),
    zone: z.string().max(60).refine(isZone, { error: 'not-a-zone' }).optional(),
    tables: whole(1, 100),
    opens: time,
    closes: time,
    slotMinutes: whole(10, 120),
    breaks: z
      .array(z.strictObject({ from: time, to: time }).refine(({ from, to }) => from < to, { path: ['to'], error: 'ends-before-it-begins' }))
      .max(10)
      .default([]),
    interpreters: z
      .array(z.strictObject({ name: nameForAll(80), languages: z.array(z.enum(LANGUAGES)).min(2).max(LANGUAGES.length) }))
      .max(100)
      .default([]),
    least: whole(0, 12).default(4),
  })
  .refine(({ opens, closes }) => opens < closes, { path: ['closes'], error: 'ends-before-it-begins', abort: true })
  .refine((day) => slotsOf(day).length > 0, { path: ['slotMinutes'], error: 'no-slot-left' });

const comes = { languages, arrives: optionalTime, leaves: optionalTime };
const inOrder = ({ arrives, leaves }: { arrives: string | null; leaves: string | null }): boolean => arrives === null || leaves === null || arrives < leaves;
const ORDER = { path: ['leaves'], error: 'ends-before-it-begins' };

/** Somebody who comes: a member firm, who is behind a lead, or a counterparty by name. */
export const attendeeSchema = z
  .strictObject({
    firmId: z.uuid().optional(),
    opportunityId: z.uuid().optional(),
    name: z.preprocess(emptyIsMissing, nameForAll(120).optional()),
    ...comes,
  })
  .refine(({ firmId, opportunityId, name }) => [firmId, opportunityId, name].filter((one) => one !== undefined).length === 1, {
    path: ['name'],
    error: 'one-of-three',
  })
  .refine(inOrder, ORDER);

/** When somebody who comes is there, what they speak, and whom of the other side they ask for. */
export const attendanceSchema = z
  .strictObject({ ...comes, missing: z.boolean().default(false), wants: z.array(z.uuid()).max(AT_MOST).default([]) })
  .refine(inOrder, ORDER);

/** What the desk does with a day: have a timetable made, accept the one proposed, show it to the people; or have it repaired, perhaps because of somebody. */
export const dayActSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('propose') }),
  z.strictObject({ do: z.literal('accept') }),
  z.strictObject({ do: z.literal('publish') }),
  z
    .strictObject({
      do: z.literal('repair'),
      attendeeId: z.uuid().optional(),
      missing: z.boolean().default(false),
      arrives: optionalTime,
      leaves: optionalTime,
    })
    .refine(inOrder, ORDER),
]);
