import type { z } from 'zod';

/** Stable codes of everything that can be refused; the HTTP status follows from the code. */
export const STATUS_OF = {
  Invalid: 422,
  Unreadable: 400,
  NotSignedIn: 401,
  /** Signed in, but the second factor is still to be given. */
  SecondFactor: 403,
  Forbidden: 403,
  NotFound: 404,
  Conflict: 409,
  TooLarge: 413,
  TooMany: 429,
  Internal: 500,
  Unavailable: 503,
} as const;
export type ErrorCode = keyof typeof STATUS_OF;

/**
 * One thing wrong with one field.
 * `reason` is a key of the message catalogues below `error.`, `values` what its text needs.
 */
export interface Issue {
  readonly field: string;
  readonly reason: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** A refusal with a stable code and, for bad input, the field and the reason of each fault. Nothing was saved. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly issues: readonly Issue[] = [],
  ) {
    super(`${code}${issues.length ? ': ' + issues.map((i) => `${i.field} ${i.reason}`).join(', ') : ''}`);
    this.name = 'AppError';
  }
}

export const notFound = (): AppError => new AppError('NotFound');
export const invalid = (field: string, reason: string, values?: Issue['values']): AppError =>
  new AppError('Invalid', [{ field, reason, ...(values ? { values } : {}) }]);
export const conflict = (field: string, reason: string): AppError => new AppError('Conflict', [{ field, reason }]);

/**
 * Validates input of any origin.
 * Schemas give the key of a reason as their error text where the general reasons below do not say enough.
 * @throws AppError Invalid, one issue per fault
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const read = schema.safeParse(input, { reportInput: true });
  if (read.success) return read.data;
  throw new AppError('Invalid', read.error.issues.flatMap(issuesOf));
}

function issuesOf(issue: z.core.$ZodIssue): Issue[] {
  const field = issue.path.join('.') || 'body';
  switch (issue.code) {
    case 'invalid_type':
      return [{ field, reason: issue.input === undefined ? 'required' : 'wrong-type' }];
    case 'too_small':
      if (issue.origin !== 'string') {
        if (issue.origin === 'array' && issue.minimum === 1) return [{ field, reason: 'required' }];
        return [{ field, reason: issue.inclusive === false ? 'more-than' : 'too-small', values: { min: Number(issue.minimum) } }];
      }
      return issue.minimum === 1 ? [{ field, reason: 'required' }] : [{ field, reason: 'too-short', values: { min: Number(issue.minimum) } }];
    case 'too_big':
      return [{ field, reason: issue.origin === 'string' ? 'too-long' : 'too-large', values: { max: Number(issue.maximum) } }];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), reason: 'unknown-field' }));
    case 'invalid_value':
      return [{ field, reason: 'not-one-of' }];
    case 'invalid_format':
      return [{ field, reason: issue.format === 'email' ? 'not-an-email' : isReason(issue.message) ? issue.message : 'wrong-form' }];
    case 'custom':
      return [{ field, reason: isReason(issue.message) ? issue.message : 'wrong-form' }];
    default:
      return [{ field, reason: 'wrong-form' }];
  }
}

const isReason = (message: string): boolean => /^[a-z0-9-]+$/.test(message);

/** Constraint names of the database that stand for a conflict a person can understand. */
const CONFLICTS: Readonly<Record<string, { field: string; reason: string }>> = {
  firm_ntn_admitted: { field: 'ntn', reason: 'ntn-taken' },
  account_email: { field: 'email', reason: 'taken' },
};

/** The database is not to be had at the moment: away, starting, ending, out of connections or of room. */
const UNAVAILABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '53100', '53200', '53300', '57P01', '57P02', '57P03']);
/** What the driver says without a code: no connection came free in time, or the one it had is gone. */
const NO_CONNECTION = /^(timeout exceeded when trying to connect|Connection terminated)/;

/** Turns a unique violation of a named constraint into Conflict, and a database that cannot be had into Unavailable; leaves every other error as it is. */
export function asAppError(error: unknown): unknown {
  const driver = (error as { driverError?: { code?: string; constraint?: string } } | null)?.driverError;
  const { code, message } = (driver ?? error ?? {}) as { code?: unknown; message?: unknown };
  if (UNAVAILABLE.has(String(code)) || NO_CONNECTION.test(String(message))) return new AppError('Unavailable');
  const known = driver?.code === '23505' ? CONFLICTS[driver.constraint ?? ''] : undefined;
  return known ? conflict(known.field, known.reason) : error;
}
