import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { CATALOGUES } from '../language/say.js';
import { AppError, asAppError, conflict, invalid, type Issue, notFound, parse, STATUS_OF } from './errors.js';

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  pin: z.string().min(3).optional(),
  code: z.string().regex(/^\d+$/, { error: 'six-digits' }).optional(),
  mail: z.email().optional(),
  day: z.iso.date().optional(),
  amount: z.number().min(2).max(10).optional(),
  kind: z.enum(['a', 'b']).optional(),
  tags: z
    .array(z.strictObject({ text: z.string() }))
    .max(2)
    .optional(),
  even: z
    .number()
    .refine((n) => n % 2 === 0, { error: 'not-even' })
    .optional(),
  odd: z
    .number()
    .refine((n) => n % 2 === 1, { error: 'Please give an odd number.' })
    .optional(),
  either: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]).optional(),
});

/** What is wrong with an input. */
function issues(input: unknown): readonly Issue[] {
  try {
    parse(schema, input);
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'Invalid') return error.issues;
    throw error;
  }
}

const CASES: [fault: string, input: Record<string, unknown>, issue: Issue][] = [
  ['a field left out', { name: undefined }, { field: 'name', reason: 'required' }],
  ['a field left empty', { name: '' }, { field: 'name', reason: 'required' }],
  ['a text too short', { pin: '12' }, { field: 'pin', reason: 'too-short', values: { min: 3 } }],
  ['a text too long', { name: 'abcdef' }, { field: 'name', reason: 'too-long', values: { max: 5 } }],
  ['a number too small', { amount: 1 }, { field: 'amount', reason: 'too-small', values: { min: 2 } }],
  ['a number too large', { amount: 11 }, { field: 'amount', reason: 'too-large', values: { max: 10 } }],
  ['a choice that is none', { kind: 'c' }, { field: 'kind', reason: 'not-one-of' }],
  ['a mail address that is none', { mail: 'x' }, { field: 'mail', reason: 'not-an-email' }],
  ['a form with a reason of its own', { code: 'x' }, { field: 'code', reason: 'six-digits' }],
  ['a form without one', { day: 'tomorrow' }, { field: 'day', reason: 'wrong-form' }],
  ['a check with a reason of its own', { even: 3 }, { field: 'even', reason: 'not-even' }],
  ['a check whose text is no reason', { odd: 2 }, { field: 'odd', reason: 'wrong-form' }],
  ['a list too long', { tags: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] }, { field: 'tags', reason: 'too-large', values: { max: 2 } }],
  ['something inside a list', { tags: [{ text: 'a' }, {}] }, { field: 'tags.1.text', reason: 'required' }],
  ['an unknown field', { colour: 'red' }, { field: 'colour', reason: 'unknown-field' }],
  ['an unknown field inside a list', { tags: [{ text: 'a', html: 'b' }] }, { field: 'tags.0.html', reason: 'unknown-field' }],
  ['what fits no alternative', { either: { c: 'x' } }, { field: 'either', reason: 'wrong-form' }],
];

describe('parse', () => {
  it('returns what the schema makes of a good input', () => {
    expect(parse(z.strictObject({ n: z.coerce.number() }), { n: '5' })).toEqual({ n: 5 });
  });

  it.each(CASES)('names the field and the reason of %s', (_fault, input, issue) => {
    expect(issues({ name: 'ok', ...input })).toEqual([issue]);
  });

  it('gives one issue for each fault', () => {
    expect(issues({ name: '', kind: 'c', x: 1, y: 2 }).map((issue) => `${issue.field} ${issue.reason}`)).toEqual([
      'name required',
      'kind not-one-of',
      'x unknown-field',
      'y unknown-field',
    ]);
  });

  it('calls the input itself the body', () => {
    for (const nothing of [undefined, null, 'text', 5]) expect(issues(nothing).map((issue) => issue.field)).toEqual(['body']);
  });

  it('gives only reasons that the pages can say', () => {
    const own = ['not-even'];
    for (const reason of CASES.map(([, , issue]) => issue.reason).filter((reason) => !own.includes(reason))) {
      expect(CATALOGUES.en).toHaveProperty([`error.${reason}`]);
    }
  });
});

describe('refusals', () => {
  it('have a code that pages can say, and a status of the client or of the server', () => {
    for (const [code, status] of Object.entries(STATUS_OF)) {
      expect(CATALOGUES.en).toHaveProperty([`error.${code}`]);
      expect(status >= 500).toBe(code === 'Internal' || code === 'Unavailable');
    }
  });

  it('say code, field and reason in their message', () => {
    expect(notFound()).toMatchObject({ code: 'NotFound', issues: [], message: 'NotFound' });
    expect(invalid('deadline', 'in-the-past')).toMatchObject({
      message: 'Invalid: deadline in-the-past',
      issues: [{ field: 'deadline', reason: 'in-the-past' }],
    });
    expect(invalid('name', 'too-long', { max: 5 }).issues).toEqual([{ field: 'name', reason: 'too-long', values: { max: 5 } }]);
    expect(conflict('status', 'already-closed')).toMatchObject({ code: 'Conflict', issues: [{ field: 'status', reason: 'already-closed' }] });
  });

  it('take the place of a unique violation of a known constraint, and of nothing else', () => {
    const violation = (code: string, constraint?: string) => ({ driverError: { code, constraint } });
    expect(asAppError(violation('23505', 'firm_ntn_admitted'))).toMatchObject({ code: 'Conflict', issues: [{ field: 'ntn', reason: 'ntn-taken' }] });
    for (const other of [violation('23505', 'match_pkey'), violation('23505'), violation('23503', 'account_email'), new Error('x'), null, undefined, 'x']) {
      expect(asAppError(other)).toBe(other);
    }
  });

  it('take the place of a database that cannot be had', () => {
    const away = [{ code: 'ECONNREFUSED' }, { driverError: { code: '57P01' } }, { driverError: { code: '53100' } }];
    const silent = [new Error('timeout exceeded when trying to connect'), { driverError: new Error('Connection terminated unexpectedly') }];
    for (const error of [...away, ...silent]) expect(asAppError(error)).toMatchObject({ code: 'Unavailable', issues: [] });
  });
});
