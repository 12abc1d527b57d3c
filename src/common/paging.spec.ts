import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { BY_TIME, cursor, pageOf, pageQuery } from './paging.js';

interface Row {
  readonly at: string;
  readonly id: string;
}
const PAIR = z.tuple([z.string(), z.string()]);
const key = (row: Row) => [row.at, row.id];
const after = (row: Row, [at = '', id = '']: string[]) => row.at > at || (row.at === at && row.id > id);

describe('a page', () => {
  it('has a next one exactly when there is one row more', () => {
    const rows = ['1', '2', '3'].map((id) => ({ at: 'x', id }));
    expect(pageOf(rows, 3, key)).toEqual({ items: rows, next: null });
    expect(pageOf(rows, 2, key)).toMatchObject({ items: rows.slice(0, 2), next: expect.any(String) });
    expect(pageOf([], 2, key)).toEqual({ items: [], next: null });
  });

  it('after page shows every row once, in order, however long the pages are', () => {
    const keys = fc.uniqueArray(fc.tuple(fc.constantFrom('2026-01-01', '2026-01-02', 'ہفتہ'), fc.string({ maxLength: 6 })), {
      selector: (k) => k.join('|'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 7 }), (pairs, limit) => {
        const rows = pairs.map(([at, id]) => ({ at, id })).sort((a, b) => (after(a, key(b)) ? 1 : -1));
        const seen: Row[] = [];
        for (let next: string | null | undefined; next !== null;) {
          const from = cursor(next, PAIR);
          const page = pageOf(rows.filter((row) => !from || after(row, from)).slice(0, limit + 1), limit, key);
          seen.push(...page.items);
          next = page.next;
        }
        expect(seen).toEqual(rows);
      }),
    );
  });

  it('hands out a cursor that needs no escaping in an address', () => {
    const { next } = pageOf(
      [
        { at: '?&/+', id: 'چوڑی' },
        { at: 'b', id: 'b' },
      ],
      1,
      key,
    );
    expect(next).toMatch(/^[\w-]+$/);
    expect(cursor(next ?? '', PAIR)).toEqual(['?&/+', 'چوڑی']);
  });
});

describe('a cursor', () => {
  it('that is not given is the start', () => {
    expect(cursor(undefined, PAIR)).toBeUndefined();
  });

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    '',
    'x',
    '!!!',
    encoded(null),
    encoded('ab'),
    encoded([]),
    encoded(['a']),
    encoded(['a', 'b', 'c']),
    encoded(['a', 1]),
    encoded({ 0: 'a', 1: 'b' }),
  ])('that no list hands out is refused: %j', (bad) => {
    expect(() => cursor(bad, PAIR)).toThrow(expect.objectContaining({ code: 'Invalid', issues: [{ field: 'after', reason: 'wrong-form' }] }));
  });
});

describe('a cursor by time', () => {
  it('is refused where it holds no instant', () => {
    const forged = Buffer.from(JSON.stringify(['x', 'y'])).toString('base64url');
    expect(() => cursor(forged, BY_TIME)).toThrow(expect.objectContaining({ code: 'Invalid' }));
  });
});

describe('the query of a list', () => {
  it('asks for 20 rows unless it says how many, up to 100', () => {
    expect(pageQuery.parse({})).toEqual({ limit: 20 });
    expect(pageQuery.parse({ limit: '100', after: 'abc' })).toEqual({ limit: 100, after: 'abc' });
    for (const limit of ['0', '101', '-1', '1.5', 'all', '1e9']) expect(pageQuery.safeParse({ limit }).success).toBe(false);
  });

  it('holds nothing else', () => {
    expect(pageQuery.safeParse({ offset: '5' }).success).toBe(false);
    expect(pageQuery.safeParse({ after: 'x'.repeat(201) }).success).toBe(false);
  });
});
