import { z } from 'zod';
import { email, emptyIsMissing, line, optionalLine, phone, prose, whole } from '../common/text.js';
import { pageQuery } from '../common/paging.js';
import { LANGUAGES, type Texts } from '../language/language.js';
import { CERTIFICATES } from '../nomenclature/certificates.js';
import { hsCode, isicCode } from '../nomenclature/hs.js';
import { PERIODS, UNITS } from '../nomenclature/units.js';
import { OPPORTUNITY_KINDS } from '../statement/kinds.js';
import { codesOf, entriesOf } from '../statement/statement.js';
import { CLOSED_AS, OPPORTUNITY_STATUSES } from './opportunity.entity.js';

const unique = <T>(items: T[]): T[] => [...new Set(items)];
const said = (texts: Texts): boolean => Object.values(texts).some(Boolean);

const texts = (one: z.ZodType<string | undefined>) =>
  z
    .strictObject({ en: one, ur: one, sd: one, zh: one })
    .partial()
    .transform((given): Texts => Object.fromEntries(LANGUAGES.flatMap((l) => (given[l] ? [[l, given[l]]] : []))));

export const opportunitySchema = z.strictObject({
  kind: z.enum(OPPORTUNITY_KINDS),
  /** In at least one of the four languages. */
  title: texts(optionalLine(120)).refine(said, { error: 'one-language' }),
  summary: texts(z.preprocess(emptyIsMissing, prose(1500).optional())).default({}),
  hs: z.array(hsCode).max(20).transform(unique).default([]),
  isic: z.array(isicCode).max(10).transform(unique).default([]),
  sectors: codesOf('sector').refine((codes) => codes.length > 0, { error: 'required' }),
  corridors: codesOf('corridor').default([]),
  platforms: codesOf('platform').default([]),
  instruments: codesOf('instrument').default([]),
  certificates: z.array(z.enum(CERTIFICATES)).transform(unique).default([]),
  quantity: z.strictObject({ amount: z.number().positive().max(1e12), unit: z.enum(UNITS), period: z.enum(PERIODS).optional() }).optional(),
  /** Whole US dollars. */
  valueUsd: z.int().positive().max(1e12).optional(),
  /** Where the deal is (ISO 3166-1 alpha-2). */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'not-a-country' })
    .default('CN'),
  place: optionalLine(80),
  deliveryMonths: z.array(z.int().min(1).max(12)).max(12).transform(unique).default([]),
  deadline: z.preprocess(emptyIsMissing, z.iso.date().optional()),
  counterparty: line(120),
  counterpartyEmail: z.preprocess(emptyIsMissing, email.optional()),
  counterpartyPhone: phone,
  source: optionalLine(200),
});
export type OpportunityInput = z.output<typeof opportunitySchema>;

const mark = whole(0, 5);
export const publicationSchema = z.strictObject({
  clear: mark,
  complete: mark,
  source: mark,
  wanted: mark,
  /** The curator has looked at every concern and found it unfounded. */
  concernsCleared: z.boolean().default(false),
});

export const returnSchema = z.strictObject({ reason: line(300) });
export const closingSchema = z.strictObject({ as: z.enum(CLOSED_AS) });

/** Days within which a lead closes, for those who want to see what cannot wait. */
export const WITHIN_DAYS = ['7', '30', '90'] as const;

const optional = <T extends z.ZodType>(schema: T) => z.preprocess(emptyIsMissing, schema.optional());

/** What readers can look for; a field left empty in a form is not asked about. */
export const opportunityFilter = z.strictObject({
  /** Words in any of the four languages. */
  q: optionalLine(100),
  sector: optional(z.enum(entriesOf('sector').map(({ code }) => code))),
  kind: optional(z.enum(OPPORTUNITY_KINDS)),
  country: optional(z.string().regex(/^[A-Z]{2}$/, { error: 'not-a-country' })),
  hs: optional(hsCode),
  within: optional(z.enum(WITHIN_DAYS)),
});
export type OpportunityFilter = z.output<typeof opportunityFilter>;

export const opportunityQuery = pageQuery.extend(opportunityFilter.shape);
export const deskQuery = pageQuery.extend({ status: z.enum(OPPORTUNITY_STATUSES).default('in_review') });
