import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** One act, as it is kept for good: ids, states and figures, never a name, an address or free text. */
export interface Act {
  readonly at: Date;
  readonly party: 'firm' | 'counterparty' | 'chamber' | 'clock';
  /** Account or contact; null for a counterparty, who has neither, and for the house itself. */
  readonly actor: string | null;
  readonly act: string;
  readonly subject: string;
  readonly subjectId: string;
  readonly detail?: Readonly<Record<string, string | number | null>>;
}

/**
 * Adds an act to the trail, in the transaction of the act itself. The last thing to do in it: acts wait for each other until their transactions end.
 */
export async function record(manager: EntityManager, { at, party, actor, act, subject, subjectId, detail = {} }: Act): Promise<void> {
  await manager.query('insert into audit (at, party, actor, act, subject, subject_id, detail) values ($1, $2, $3, $4, $5, $6, $7)', [
    at,
    party,
    actor,
    act,
    subject,
    subjectId,
    JSON.stringify(detail),
  ]);
}

/** What became of one thing, first act first. Index: audit_subject. */
export async function actsOn(manager: EntityManager, subject: string, subjectId: string): Promise<(Omit<Act, 'subject' | 'subjectId'> & { seq: string })[]> {
  return manager.query('select seq, at, party, actor, act, detail from audit where subject = $1 and subject_id = $2 order by seq', [subject, subjectId]);
}

/** The end of the trail: whoever has written it down elsewhere can tell whether rows were cut off. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}
export type Verdict =
  { readonly ok: true; readonly head: Head } | { readonly ok: false; readonly seq: number; readonly fault: 'gap' | 'chain' | 'hash' | 'cut-off' };

/** The columns of a row as text, in the order in which they are hashed. */
type Hashed = readonly [
  seq: string,
  at: string,
  party: string,
  actor: string,
  act: string,
  subject: string,
  subjectId: string,
  detail: string,
  previous: string,
];

/** What the database has to have reckoned: each column behind its length in bytes. */
export const hashOf = (parts: Hashed): string =>
  createHash('sha256')
    .update(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''))
    .digest('hex');

const AT_ONCE = 5000;

/**
 * Reckons the whole trail anew, not trusting the database's own function. Index: the key.
 * @param expected an earlier head, which must still be in it
 */
export async function verify(manager: EntityManager, expected?: Head): Promise<Verdict> {
  let head: Head = { seq: 0, hash: '' };
  for (;;) {
    const rows = await manager.query<{ parts: Hashed; hash: string }[]>(
      `select hash, jsonb_build_array(seq::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), party, coalesce(actor::text, ''), act, subject,
                subject_id, detail::text, previous) parts
       from audit where seq > $1 order by seq limit $2`,
      [head.seq, AT_ONCE],
    );
    for (const { parts, hash } of rows) {
      const seq = Number(parts[0]);
      if (seq !== head.seq + 1) return { ok: false, seq: head.seq + 1, fault: 'gap' };
      if (parts[8] !== head.hash) return { ok: false, seq, fault: 'chain' };
      if (hashOf(parts) !== hash) return { ok: false, seq, fault: 'hash' };
      head = { seq, hash };
      if (expected?.seq === seq && expected.hash !== hash) return { ok: false, seq, fault: 'chain' };
    }
    if (rows.length < AT_ONCE) break;
  }
  return expected && expected.seq > head.seq ? { ok: false, seq: head.seq + 1, fault: 'cut-off' } : { ok: true, head };
}
