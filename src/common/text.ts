import { z } from 'zod';

/** Characters that turn the direction of text around them, or that nobody sees; never wanted inside a name or a line. Joiners stay: Urdu needs them. */
const UNSEEN = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C\u200B\u2060\uFEFF\u3164\u00AD]/g;
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

/** What every text of a person goes through: NFC, no control or unseen characters, single spaces. */
export function tidy(text: string): string {
  return text
    .replace(UNSEEN, '')
    .replace(CONTROLS, '')
    .replace(/\p{Surrogate}/gu, '') // halves of characters, which UTF-8 cannot hold
    .normalize('NFC')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Urdu and Arabic digits as Latin ones. */
export const latinDigits = (text: string): string => text.replace(/[٠-٩۰-۹]/g, (d) => String(d.charCodeAt(0) & 15));

/** A CNIC in its three groups, whatever the digits and the dashes. None is ever stored. */
const CNIC = /(?<!\d)\d{5}[-\s\u2010-\u2015]\d{7}[-\s\u2010-\u2015]\d(?!\d)/;

const plain = (max: number) =>
  z
    .string()
    .transform(tidy)
    .pipe(
      z
        .string()
        .max(max)
        .refine((t) => !CNIC.test(latinDigits(t)), { error: 'no-cnic' })
        .refine((t) => !/<\/?[a-z!]/i.test(t), { error: 'no-html' }),
    );

/** One line of plain text. A Chinese name may be two characters, so the only lower bound is one. */
export const line = (max: number) =>
  plain(max).pipe(
    z
      .string()
      .min(1)
      .regex(/^[^\n]*$/, { error: 'one-line' }),
  );
/** A paragraph or more of plain text; may be empty. */
export const prose = (max: number) => plain(max);
/** An optional line: an empty field of a form counts as not given. */
export const optionalLine = (max: number) => z.preprocess(emptyIsMissing, line(max).optional());

export function emptyIsMissing(value: unknown): unknown {
  return typeof value === 'string' && tidy(value) === '' ? undefined : value;
}

/** One mailbox, as an addr-spec without display name, in lower case. */
export const email = z
  .string()
  .max(254)
  .transform((t) => tidy(t).toLowerCase())
  .pipe(z.email());

/** E.164; spaces, dashes and brackets are forgiven, and 0 in front means Pakistan. */
export const phone = z.preprocess(
  (v) => {
    if (typeof v !== 'string') return v;
    const digits = latinDigits(tidy(v)).replace(/[\s()-]/g, '');
    if (digits === '') return undefined;
    return digits.startsWith('00') ? '+' + digits.slice(2) : digits.startsWith('0') ? '+92' + digits.slice(1) : digits;
  },
  z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'not-a-phone' })
    .optional(),
);

/** A whole number, from a form or from JSON; an empty field is no number. */
export const whole = (min: number, max: number) =>
  z.preprocess((v) => (typeof v === 'string' && /^-?\d{1,9}$/.test(v.trim()) ? Number(v) : v), z.int().min(min).max(max));
