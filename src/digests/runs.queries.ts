import type { EntityManager } from 'typeorm';
import type { DigestState, LedgerRow } from './digests.queries.js';
import type { Rhythm } from './window.js';

/** An occurrence while it runs and afterwards. */
export interface RunDetail {
  readonly id: string;
  readonly key: string;
  readonly opened_at: Date;
  readonly completed_at: Date | null;
  readonly halted_at: Date | null;
  readonly halted_reason: string | null;
  /** How many digests have come to each state, for each reason; most first. */
  readonly counts: readonly { readonly state: DigestState; readonly reason: string | null; readonly n: number }[];
  /** Digests that have their end, of all. */
  readonly done: number;
  readonly total: number;
  /** Digests that got their end within the last ten minutes. */
  readonly recent: number;
  /** When the next try of those falls due that the relay put off; null where none is. */
  readonly put_off_until: Date | null;
}

/** One occurrence. Index: digest_once_for_an_occurrence. */
export async function runDetail(manager: EntityManager, id: string, now: Date): Promise<RunDetail | undefined> {
  const [run] = await manager.query<RunDetail[]>(
    `select o.id, o.key, o.opened_at, o.completed_at, o.halted_at, o.halted_reason, x.*
     from occurrence o cross join lateral (
       select coalesce(sum(n), 0)::int total, coalesce(sum(n) filter (where state not in ('queued', 'claimed', 'handing_off')), 0)::int done,
              coalesce(sum(recent), 0)::int recent, min(put_off) put_off_until,
              coalesce(jsonb_agg(jsonb_build_object('state', state, 'reason', reason, 'n', n) order by n desc, state, reason), '[]') counts
       from (select state, reason, count(*)::int n, count(*) filter (where finished_at > $2::timestamptz - interval '10 minutes') recent,
                    min(next_attempt_at) filter (where state = 'queued' and next_attempt_at > $2) put_off
             from digest d where d.occurrence_id = o.id group by 1, 2) c
     ) x where o.id = $1`,
    [id, now],
  );
  return run;
}

/** Digests that are owed, and since when the oldest of them: since it fell due, or since its run began. Index: digest_owed. */
export async function owedBacklog(manager: EntityManager): Promise<{ owed: number; oldest: Date | null }> {
  const [row] = await manager.query<{ owed: number; oldest: Date | null }[]>(
    `select count(*)::int owed, min(greatest(d.due_at, o.opened_at)) oldest from digest d join occurrence o on o.id = d.occurrence_id
     where d.finished_at is null`,
  );
  return row ?? { owed: 0, oldest: null };
}

/**
 * Ledger rows of one occurrence by the name of the firm, a page at a time, those that need a person first.
 * Index: digest_once_for_an_occurrence.
 */
export async function ledgerPage(
  manager: EntityManager,
  occurrenceId: string,
  only: { readonly state?: string | undefined; readonly reason?: string | undefined },
  after: readonly [rank: string, firm: string, id: string] | undefined,
  limit: number,
): Promise<(LedgerRow & { readonly rank: number })[]> {
  return manager.query(
    `select * from (
       select d.id, d.occurrence_id, o.key, f.id firm_id, f.name firm_name, c.name contact_name, d.state, d.reason, d.subject, d.due_at, d.finished_at, d.reply,
              case d.state when 'unknown' then 0 when 'failed' then 1 when 'skipped' then 3 when 'sent' then 4 else 2 end rank,
              (select count(*)::int from digest_item i where i.digest_id = d.id) items
       from digest d join occurrence o on o.id = d.occurrence_id join contact c on c.id = d.contact_id join firm f on f.id = c.firm_id
       where d.occurrence_id = $1 and ($2::text is null or d.state = $2) and ($3::text is null or d.reason = $3)
     ) x where $4::int is null or (rank, firm_name, id) > ($4::int, $5::text, $6::uuid) order by rank, firm_name, id limit $7`,
    [occurrenceId, only.state ?? null, only.reason ?? null, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit],
  );
}

/** A digest as it was handed over, with whom it was for. */
export interface SentDigest {
  readonly id: string;
  readonly occurrence_id: string;
  readonly key: string;
  readonly contact_id: string;
  readonly contact_name: string;
  readonly email: string;
  readonly firm_id: string;
  readonly firm_name: string;
  readonly state: DigestState;
  readonly reason: string | null;
  readonly subject: string;
  readonly language: string;
  readonly message: Buffer;
  readonly message_id: string;
  readonly message_sha256: string;
  readonly attempts: number;
  readonly resends: number;
  readonly due_at: Date;
  readonly finished_at: Date | null;
  readonly reply: string | null;
  /** What the mail names, and how much of it a later digest to the same contact has named since. */
  readonly items: number;
  readonly named_since: number;
}

/** A digest that was written; primary key, then digest_of_contact. */
export async function sentDigest(manager: EntityManager, id: string): Promise<SentDigest | undefined> {
  const [row] = await manager.query<SentDigest[]>(
    `select d.id, d.occurrence_id, o.key, d.contact_id, c.name contact_name, c.email, f.id firm_id, f.name firm_name, d.state, d.reason, d.subject, d.language,
            d.message, d.message_id, d.message_sha256, d.attempts, d.resends, d.due_at, d.finished_at, d.reply,
            (select count(*)::int from digest_item i where i.digest_id = d.id) items,
            (select count(distinct i.opportunity_id)::int from digest_item i
               join digest l on l.contact_id = d.contact_id and l.id <> d.id and l.due_at >= d.due_at and l.state in ('sent', 'handing_off')
               join digest_item li on li.digest_id = l.id and li.opportunity_id = i.opportunity_id
             where i.digest_id = d.id) named_since
     from digest d join occurrence o on o.id = d.occurrence_id join contact c on c.id = d.contact_id join firm f on f.id = c.firm_id
     where d.id = $1 and d.message is not null`,
    [id],
  );
  return row;
}

export interface Resend {
  readonly number: number;
  readonly asked_at: Date;
  readonly asked_by: string | null;
  readonly reason: string | null;
}

/** When and by whom a digest was sent again. Primary key. */
export async function resendsOf(manager: EntityManager, digestId: string): Promise<Resend[]> {
  return manager.query(
    `select r.number, r.asked_at, a.name asked_by, r.reason from digest_resend r left join account a on a.id = r.asked_by where r.digest_id = $1 order by r.number`,
    [digestId],
  );
}

/**
 * A person's decision that an unknown digest goes out once more: *unknown* becomes *queued*, with the message that is there, and nothing else does.
 * `seen` is how often it had been sent again when the person looked: of two presses only one is right.
 * @returns whether this call did it
 */
export async function requeueUnknown(manager: EntityManager, id: string, seen: number, by: string, now: Date): Promise<boolean> {
  return manager.transaction(async (tx) => {
    const [was] = await tx.query<{ reason: string | null; occurrence_id: string }[]>(
      `select reason, occurrence_id from digest where id = $1 and state = 'unknown' and resends = $2 and message is not null for update`,
      [id, seen],
    );
    if (!was) return false;
    await tx.query(
      `update digest set state = 'queued', reason = null, claim = null, lease_until = null, next_attempt_at = $2, finished_at = null, resends = resends + 1 where id = $1`,
      [id, now],
    );
    await tx.query('insert into digest_resend (digest_id, number, asked_by, asked_at, reason) values ($1, $2, $3, $4, $5)', [
      id,
      seen + 1,
      by,
      now,
      was.reason,
    ]);
    await tx.query('update occurrence set completed_at = null where id = $1', [was.occurrence_id]);
    return true;
  });
}

/** Whoever has this rhythm and has not stopped, and whether the occurrence of that key owes them nothing yet. Index: digest_once_for_an_occurrence. */
export async function subscribersOf(manager: EntityManager, rhythm: Rhythm, key: string): Promise<{ contact_id: string; fresh: boolean }[]> {
  return manager.query(
    `select s.contact_id, not exists (select 1 from digest d join occurrence o on o.id = d.occurrence_id where o.key = $5 and d.contact_id = s.contact_id) fresh
     from subscription s where s.cadence = $1 and s.zone = $2 and s.weekday = $3 and s.hour = $4 and s.unsubscribed_at is null order by s.contact_id`,
    [rhythm.cadence, rhythm.zone, rhythm.weekday, rhythm.hour, key],
  );
}
