import { z } from 'zod';
import { invalid } from './errors.js';

/** Keyset paging: `after` is the opaque cursor of the last row seen. */
export const pageQuery = z.strictObject({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type PageQuery = z.infer<typeof pageQuery>;

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it as `after` for the next page; null on the last one. */
  readonly next: string | null;
}

/** `rows` holds one more than `limit` when there is a next page; `key` names the total order's columns. */
export function pageOf<T>(rows: readonly T[], limit: number, key: (row: T) => readonly string[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? Buffer.from(JSON.stringify(key(last))).toString('base64url') : null };
}

/**
 * @param shape what the list's total order is made of
 * @throws AppError Invalid for a cursor that this list did not hand out
 */
export function cursor<S extends z.ZodType>(after: string | undefined, shape: S): z.output<S> | undefined {
  if (after === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
  } catch {
    throw invalid('after', 'wrong-form');
  }
}

/** Cursor of a list ordered by an instant, then by id. */
export const BY_TIME = z.tuple([z.iso.datetime(), z.uuid()]);
