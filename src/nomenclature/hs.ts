import { z } from 'zod';

/** Chapters of HS 2022; 77 is kept free by the convention, 98 and 99 are for national use. */
const isChapter = (chapter: number): boolean => chapter >= 1 && chapter <= 97 && chapter !== 77;

/** An HS code of 2, 4 or 6 digits as people write it (0904.21, 09 04); stored without dots. */
export const hsCode = z
  .string()
  .max(20)
  .transform((code) => code.replace(/[.\s-]/g, ''))
  .pipe(
    z
      .string()
      .regex(/^\d{2}(\d{2}){0,2}$/, { error: 'not-an-hs-code' })
      .refine((code) => isChapter(Number(code.slice(0, 2))), { error: 'not-an-hs-code' }),
  );

/** An ISIC Rev.4 division, group or class: 2 to 4 digits. */
export const isicCode = z.string().regex(/^(0[1-9]|[1-9]\d)\d{0,2}$/, { error: 'not-an-isic-code' });

/** 090421 → 0904.21 */
export const writeHs = (code: string): string => (code.length > 4 ? `${code.slice(0, 4)}.${code.slice(4)}` : code);

/** How many leading digits (in steps of two) two HS codes share: 0, 2, 4 or 6. */
export function sharedDigits(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let digits = 0;
  while (digits < most && a.charCodeAt(digits) === b.charCodeAt(digits) && a.charCodeAt(digits + 1) === b.charCodeAt(digits + 1)) digits += 2;
  return digits;
}
