import { z } from 'zod';
import { password } from '../accounts/accounts.service.js';
import { email, emptyIsMissing, latinDigits, line, optionalLine, phone, prose } from '../common/text.js';
import { LANGUAGES } from '../language/language.js';
import { CERTIFICATES } from '../nomenclature/certificates.js';
import { hsCode, isicCode } from '../nomenclature/hs.js';
import { PERIODS, UNITS } from '../nomenclature/units.js';
import { OPPORTUNITY_KINDS } from '../statement/kinds.js';
import { codesOf } from '../statement/statement.js';
import { FIRM_SIZES, MEMBERSHIP_CLASSES } from './firm.entity.js';

const unique = <T>(items: T[]): T[] => [...new Set(items)];

/** An offer or a need: plain words, and codes where the firm knows them. */
export const lineSchema = z.strictObject({
  text: line(300),
  hs: z.array(hsCode).max(12).transform(unique).default([]),
  isic: z.array(isicCode).max(6).transform(unique).default([]),
  capacity: z.strictObject({ amount: z.number().positive().max(1e12), unit: z.enum(UNITS), period: z.enum(PERIODS) }).optional(),
  months: z.array(z.int().min(1).max(12)).max(12).transform(unique).default([]),
  certificates: z.array(z.enum(CERTIFICATES)).transform(unique).default([]),
});
export type LineInput = z.input<typeof lineSchema>;

const lines = z.array(lineSchema).max(40).default([]);
const country = z.string().regex(/^[A-Z]{2}$/, { error: 'not-a-country' });

/**
 * NTN: seven digits, perhaps a check digit behind a dash. Only the shape is checked, for the published check-digit rules
 * contradict the published examples. An individual's NTN is the CNIC, which is never stored: 13 digits are refused with that reason.
 */
export const ntn = z.preprocess(
  emptyIsMissing,
  z
    .string()
    .max(40)
    .transform((t) => latinDigits(t).replace(/\s/g, ''))
    .pipe(
      z
        .string()
        .refine((t) => t.replace(/\D/g, '').length !== 13, { error: 'ntn-is-cnic', abort: true })
        .regex(/^\d{7}(-?\d)?$/, { error: 'not-an-ntn' })
        .transform((t) => (t.length === 8 ? `${t.slice(0, 7)}-${t.slice(7)}` : t)),
    )
    .optional(),
);

/** What a firm says of itself and may change at any time. */
export const profileFields = {
  place: optionalLine(80),
  about: prose(1000).default(''),
  phone,
  whatsapp: phone,
  womenLed: z.boolean().default(false),
  size: z.preprocess(emptyIsMissing, z.enum(FIRM_SIZES).optional()),
  offers: lines,
  needs: lines,
  seeks: z.array(z.enum(OPPORTUNITY_KINDS)).transform(unique).default([]),
  sectors: codesOf('sector').default([]),
  markets: z.array(country).max(60).transform(unique).default([]),
  certificates: z.array(z.enum(CERTIFICATES)).transform(unique).default([]),
  excludedCountries: z.array(country).max(60).transform(unique).default([]),
  excludedKinds: z.array(z.enum(OPPORTUNITY_KINDS)).transform(unique).default([]),
  excludedWords: z.array(line(60)).max(30).default([]),
};
const saysSomething = (profile: { offers: unknown[]; needs: unknown[] }): boolean => profile.offers.length + profile.needs.length > 0;

export const profileSchema = z.strictObject(profileFields).refine(saysSomething, { error: 'offer-or-need', path: ['offers'] });
export type ProfileInput = z.output<typeof profileSchema>;

export const registrationSchema = z
  .strictObject({
    firmName: line(120),
    contactName: line(80),
    email,
    password,
    language: z.enum(LANGUAGES),
    ntn,
    strn: optionalLine(30),
    secp: optionalLine(30),
    /** Yes to digests by mail; a separate box, never ticked beforehand. */
    digestConsent: z.boolean().default(false),
    ...profileFields,
  })
  .refine(saysSomething, { error: 'offer-or-need', path: ['offers'] });
export type Registration = z.output<typeof registrationSchema>;

/** Either the token of the mailed link, or the address with the six digits. */
export const confirmationSchema = z.union([
  z.strictObject({ token: z.string().max(100) }),
  z.strictObject({ email, code: z.string().regex(/^\d{6}$/, { error: 'six-digits' }) }),
]);

export const admissionSchema = z.strictObject({
  membershipClass: z.enum(MEMBERSHIP_CLASSES),
  membershipNumber: line(30),
  /** A 31 March; the next one where nothing is said. */
  validUntil: z.preprocess(
    emptyIsMissing,
    z.iso
      .date()
      .regex(/-03-31$/, { error: 'not-31-march' })
      .optional(),
  ),
});

export const statusSchema = z.strictObject({ status: z.enum(['admitted', 'suspended', 'refused']), reason: line(200) });
