import { z } from 'zod';

/** Characters that turn the direction of text around them; never wanted inside a name or a line. */
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g;
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

/** What every text of a person goes through: NFC, no control or direction characters, single spaces. */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(BIDI_CONTROLS, '')
    .replace(CONTROLS, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** A CNIC written with its dashes, in Latin or Urdu digits. None is ever stored. */
const CNIC = /(?<![\d۰-۹])[\d۰-۹]{5}-[\d۰-۹]{7}-[\d۰-۹](?![\d۰-۹])/;

const plain = (max: number) =>
  z
    .string()
    .max(max * 2)
    .transform(tidy)
    .pipe(
      z
        .string()
        .max(max)
        .refine((t) => !CNIC.test(t), { error: 'no-cnic' })
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
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
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
    if (typeof v !== 'string' || v.trim() === '') return undefined;
    const digits = tidy(v).replace(/[\s()-]/g, '');
    return digits.startsWith('00') ? '+' + digits.slice(2) : digits.startsWith('0') ? '+92' + digits.slice(1) : digits;
  },
  z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'not-a-phone' })
    .optional(),
);
