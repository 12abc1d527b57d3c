import { describe, expect, it } from '@jest/globals';
import { DIGEST_STATES, type DigestState } from '../../digests/digests.queries.js';
import { judge, tally } from './judge.js';
import type { LedgerEnd } from './rabta.js';

const row = (email: string, state: DigestState | null, rows = 1): LedgerEnd => ({ email, rows, id: state && email, state, reason: null });
const broken = (rows: LedgerEnd[], copies: Record<string, number>, mayBeUnknown = 9) =>
  judge(rows, new Map(Object.entries(copies)), mayBeUnknown).map(({ line, rows: wrong }) => [line, wrong.length]);

describe('the lines of the promise', () => {
  it('hold where ledger and sink agree', () => {
    expect(broken([row('a', 'sent'), row('b', 'unknown'), row('c', 'unknown')], { a: 1, b: 1 })).toEqual([]);
  });

  it.each(DIGEST_STATES)('allow one number of copies for %s and no other', (state) => {
    const held = [0, 1, 2].filter((n) => !broken([row('a', state)], { a: n }).some(([line]) => / means? |any other/.test(String(line))));
    const copies: Partial<Record<DigestState, number[]>> = { sent: [1], failed: [0], skipped: [0], unknown: [0, 1] };
    expect(held).toEqual(copies[state] ?? []);
  });

  it('say so where somebody has no row, or two, or nothing spoke against the mail, or too many are unknown', () => {
    expect(broken([row('a', null, 0), row('b', 'sent', 2), row('b', 'sent', 2)], { b: 1 })).toEqual([['every recipient has one row', 3]]);
    expect(broken([row('a', 'skipped')], {})).toEqual([['nobody is skipped or failed whom nothing speaks against', 1]]);
    expect(broken([row('a', 'unknown'), row('b', 'unknown')], {}, 1)).toHaveLength(1);
    expect(broken([row('a', 'unknown')], {}, 1)).toEqual([]);
  });
});

describe('the tally', () => {
  it('counts recipients by the copies they got, and nobody else', () => {
    expect(tally(new Map(Object.entries({ a: 1, b: 3, stranger: 5 })), ['a', 'b', 'c'])).toEqual({ exactlyOne: 1, twoOrMore: 1, none: 1, maxCopies: 3 });
    expect(tally(new Map(), [])).toEqual({ exactlyOne: 0, twoOrMore: 0, none: 0, maxCopies: 0 });
  });
});
