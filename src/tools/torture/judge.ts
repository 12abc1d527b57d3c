import type { Sink } from '../sink.js';
import type { LedgerEnd } from './rabta.js';

/** How often each recipient got the digest, as the sink saw it. */
export interface Tally {
  readonly exactlyOne: number;
  readonly twoOrMore: number;
  readonly none: number;
  readonly maxCopies: number;
}

/** Copies that the sink took, by recipient. */
export function copiesOf(sink: Sink): Map<string, number> {
  const copies = new Map<string, number>();
  for (const { to } of sink.accepted) copies.set(to, (copies.get(to) ?? 0) + 1);
  return copies;
}

export function tally(copies: ReadonlyMap<string, number>, recipients: readonly string[]): Tally {
  const counts = recipients.map((to) => copies.get(to) ?? 0);
  return {
    exactlyOne: counts.filter((n) => n === 1).length,
    twoOrMore: counts.filter((n) => n > 1).length,
    none: counts.filter((n) => n === 0).length,
    maxCopies: Math.max(0, ...counts),
  };
}

/** What a line of the promise must hold, and the rows for which it does not. */
export interface Violation {
  readonly line: string;
  readonly rows: readonly LedgerEnd[];
}

const ENDS = ['sent', 'failed', 'skipped', 'unknown'];

/** Holds the ledger against the sink, row by row. */
export function judge(ledger: readonly LedgerEnd[], copies: ReadonlyMap<string, number>, mayBeUnknown: number): Violation[] {
  const got = (row: LedgerEnd): number => copies.get(row.email) ?? 0;
  const unknown = ledger.filter((row) => row.state === 'unknown');
  const lines: [line: string, wrong: readonly LedgerEnd[]][] = [
    ['sent means exactly one copy', ledger.filter((row) => row.state === 'sent' && got(row) !== 1)],
    ['failed and skipped mean no copy', ledger.filter((row) => (row.state === 'failed' || row.state === 'skipped') && got(row) !== 0)],
    ['unknown means one copy at most', unknown.filter((row) => got(row) > 1)],
    [`unknown are at most ${mayBeUnknown}: resets and, for each kill, the open connections`, unknown.length > mayBeUnknown ? unknown : []],
    ['no row in any other state', ledger.filter((row) => row.state !== null && !ENDS.includes(row.state))],
    ['every recipient has one row', ledger.filter((row) => row.rows !== 1)],
    ['nobody is skipped or failed whom nothing speaks against', ledger.filter((row) => row.state === 'failed' || row.state === 'skipped')],
  ];
  return lines.filter(([, rows]) => rows.length).map(([line, rows]) => ({ line, rows }));
}
