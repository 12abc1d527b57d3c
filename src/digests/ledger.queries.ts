import type { EntityManager } from 'typeorm';
import type { Language } from '../language/language.js';
import type { DigestItem } from './compose.js';
import { type DigestState, lateness, REASON } from './digests.queries.js';

export interface ClaimedDigest {
  readonly id: string;
  readonly contact_id: string;
  readonly due_at: Date;
  readonly attempts: number;
  /** Written at an earlier try. */
  readonly written: boolean;
  /** How often a person had it handed over again. */
  readonly resends: number;
}

/** Takes up to `limit` owed digests of an occurrence for one worker, oldest attempt first; none while the occurrence is halted. Index: digest_owed. */
export async function claimDigests(
  manager: EntityManager,
  occurrenceId: string,
  claim: string,
  now: Date,
  leaseUntil: Date,
  limit: number,
): Promise<ClaimedDigest[]> {
  const [rows] = await manager.query<[ClaimedDigest[], number]>(
    `update digest set state = 'claimed', claim = $2, lease_until = $4
     where id in (select d.id from digest d join occurrence o on o.id = d.occurrence_id
                  where d.occurrence_id = $1 and d.state = 'queued' and d.next_attempt_at <= $3 and o.halted_at is null
                    and (d.due_at >= $3::timestamptz - ${lateness('o.cadence')} or d.resends > 0)
                  order by d.next_attempt_at, d.id limit $5 for update of d skip locked)
     returning id, contact_id, due_at, attempts, message is not null written, resends`,
    [occurrenceId, claim, now, leaseUntil, limit],
  );
  return rows;
}

/** A digest as it goes out. */
export interface HandOver {
  readonly messageId: string;
  readonly subject: string;
  readonly language: Language;
  readonly message: Buffer;
  readonly sha256: string;
  readonly total: number;
  readonly items: readonly Pick<DigestItem, 'opportunityId' | 'score' | 'materialRevision'>[];
}

/** What an earlier try wrote: a second one sends the same bytes. Index: digest_pkey. */
export async function written(manager: EntityManager, ids: readonly string[]): Promise<Map<string, HandOver>> {
  if (!ids.length) return new Map();
  const rows = await manager.query<
    { id: string; message_id: string; subject: string; language: Language; message: Buffer; message_sha256: string; items_total: number }[]
  >('select id, message_id, subject, language, message, message_sha256, items_total from digest where id = any($1) and message is not null', [ids]);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        messageId: row.message_id,
        subject: row.subject,
        language: row.language,
        message: row.message,
        sha256: row.message_sha256,
        total: row.items_total,
        items: [],
      },
    ]),
  );
}

/** The end of one try, or of the digest. */
export interface End {
  readonly id: string;
  readonly claim: string;
  readonly state: DigestState;
  readonly reason?: string;
  readonly reply?: string;
  /** For what is owed again. */
  readonly retryAt?: Date;
}

export interface Gate {
  readonly id: string;
  readonly claim: string;
  readonly given: HandOver;
}

/** One statement of the ledger; named, so that PostgreSQL plans it once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/**
 * The ledger's one step between relay and relay: ends what came back and opens the gate for what goes next, committed before the next first byte goes out.
 *
 * An end is guarded by its claim: a worker that was taken for dead cannot overwrite what came after it; only its own hand-over, given up as unknown, it
 * may still resolve. A digest that a person had handed over again was unknown before: where this time it is certain that it did not arrive, the first
 * time it may have, and unknown it stays.
 *
 * The gate: *claimed* becomes *handing off* only while the claim is ours, the occurrence is not halted, the firm is admitted and not lapsed, the contact
 * confirmed, consenting, not unsubscribed, not suppressed and not paused; looked at for each row by itself, in the statement that makes the step.
 * Returns the ids whose gate was open. Indexes: digest_pkey, subscription_pkey, suppression_pkey.
 * @param today the chamber's local day
 * @param leaseUntil when a hand-over begun now counts as unknown
 */
export function settle(ends: readonly End[], gates: readonly Gate[], now: Date, today: string, leaseUntil: Date): Statement {
  let at = 1;
  const asked = gates.map(({ id, claim, given }) => {
    const { message, items, ...rest } = given;
    const from = at;
    at += message.length;
    return {
      id,
      claim,
      ...rest,
      from,
      size: message.length,
      items: items.map(({ opportunityId, score, materialRevision }) => ({ opportunityId, score, materialRevision })),
    };
  });
  // states are compared as expressions, so that rows are found by their key alone: the index of what is in hand is full of what was in hand a moment ago
  return {
    name: 'settle',
    text: `
      with ended as (
        update digest d set state = case when d.resends > 0 and e.state in ('failed', 'skipped') then 'unknown' else e.state end,
               reason = case when d.resends > 0 and e.state in ('failed', 'skipped') then 'resend-' || e.state else e.reason end, reply = coalesce(e.reply, d.reply), lease_until = null,
               claim = case when e.state = 'queued' then null else d.claim end,
               next_attempt_at = coalesce(e."retryAt", d.next_attempt_at), finished_at = case when e.state = 'queued' then null else $3::timestamptz end
        from jsonb_to_recordset($1) as e (id uuid, claim uuid, state text, reason text, reply text, "retryAt" timestamptz)
        where d.id = any($7::uuid[]) and d.id = e.id and d.claim = e.claim and d.state || '' in ('claimed', 'handing_off', 'unknown')
      ), gates as (
        select * from jsonb_to_recordset($2) as g (id uuid, claim uuid, "messageId" text, subject text, language text, sha256 text, total int, "from" int, size int, items jsonb)
      ), opened as (
        update digest d set state = 'handing_off', lease_until = $5, attempts = d.attempts + 1, message_id = g."messageId", subject = g.subject,
               language = g.language, message_sha256 = g.sha256, items_total = g.total, message = substring($6::bytea from g."from" for g.size)
        from gates g
        where d.id = any($8::uuid[]) and d.id = g.id and d.claim = g.claim and d.state || '' = 'claimed' and exists (
          select 1 from contact c join firm f on f.id = c.firm_id join subscription s on s.contact_id = c.id join occurrence o on o.id = d.occurrence_id
          where c.id = d.contact_id and o.halted_at is null and (${REASON.replaceAll('$1', '$4')}) is null)
        returning d.id
      ), noted as (
        insert into digest_item (digest_id, opportunity_id, position, score, material_revision)
        select o.id, (i.item->>'opportunityId')::uuid, i.position, (i.item->>'score')::real, (i.item->>'materialRevision')::int
        from opened o join gates g on g.id = o.id cross join lateral jsonb_array_elements(g.items) with ordinality as i (item, position)
        on conflict do nothing
      )
      select id from opened`,
    values: [
      JSON.stringify(ends),
      JSON.stringify(asked),
      now,
      today,
      leaseUntil,
      Buffer.concat(gates.map(({ given }) => given.message)),
      ends.map(({ id }) => id),
      gates.map(({ id }) => id),
    ],
  };
}

/** Leases that ran out: what was only claimed is owed again, what was being handed over is unknown and never sent again blindly. Index: digest_leased. */
export async function lapseLeases(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(`update digest set state = 'queued', claim = null, lease_until = null where state = 'claimed' and lease_until < $1`, [now]);
  await manager.query(
    `update digest set state = 'unknown', reason = 'hand-over-lost', lease_until = null, finished_at = $1 where state = 'handing_off' and lease_until < $1`,
    [now],
  );
}

/** Occurrences with digests that are owed and in nobody's hands, and how many; not those that are halted. Index: digest_owed. */
export async function owedDigests(manager: EntityManager, now: Date): Promise<{ occurrence_id: string; owed: number }[]> {
  return manager.query(
    `select occurrence_id, count(*)::int owed from digest d where state = 'queued' and next_attempt_at <= $1
       and not exists (select 1 from occurrence o where o.id = d.occurrence_id and o.halted_at is not null)
     group by occurrence_id order by occurrence_id`,
    [now],
  );
}

/** An occurrence is complete when every digest of it has its end. Indexes: occurrence_running, digest_owed, digest_leased. */
export async function completeOccurrences(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `update occurrence o set completed_at = $1 where completed_at is null
     and not exists (select 1 from digest d where d.occurrence_id = o.id and d.state = 'queued')
     and not exists (select 1 from digest d where d.occurrence_id = o.id and d.state in ('claimed', 'handing_off'))`,
    [now],
  );
}

/** Domains of different recipients of the occurrence that refused by policy. Index: digest_once_for_an_occurrence. */
export async function domainsRefusing(manager: EntityManager, occurrenceId: string): Promise<number> {
  const [row] = await manager.query<{ n: number }[]>(
    `select count(distinct lower(split_part(c.email, '@', -1)))::int n from digest d join contact c on c.id = d.contact_id
     where d.occurrence_id = $1 and d.state = 'failed' and d.reason = 'refused-by-policy'`,
    [occurrenceId],
  );
  return row?.n ?? 0;
}

/** Halts the occurrence unless it is halted already; its owed digests wait. @returns whether it was this call that did. Index: occurrence_pkey. */
export async function halt(manager: EntityManager, occurrenceId: string, reason: string, now: Date): Promise<boolean> {
  const [, halted] = await manager.query<[unknown[], number]>(
    'update occurrence set halted_at = $2, halted_reason = $3 where id = $1 and halted_at is null returning id',
    [occurrenceId, now, reason],
  );
  return halted > 0;
}

/**
 * Counts the digests of a chunk that ask to be sent in this minute of the database's clock, the same for all workers: the n-th asked of a scope
 * that may send m goes in minute floor((n - 1) / m) from now.
 * @param scopes a scope for each that asks, in order; the same one several times
 * @returns for each the number it has, from 1. Index: mail_rate_pkey.
 */
export async function numbered(manager: EntityManager, scopes: readonly string[]): Promise<number[]> {
  const each = new Map<string, number>();
  for (const scope of scopes) each.set(scope, (each.get(scope) ?? 0) + 1);
  // in one order, so that two workers never wait for each other
  const names = [...each.keys()].sort();
  const rows = await manager.query<{ scope: string; asked: number }[]>(
    `insert into mail_rate as r (scope, minute, asked)
     select scope, date_trunc('minute', now()), asked from unnest($1::text[], $2::int[]) as a (scope, asked)
     on conflict (scope, minute) do update set asked = r.asked + excluded.asked returning scope, asked`,
    [names, names.map((name) => each.get(name))],
  );
  const last = new Map(rows.map(({ scope, asked }) => [scope, asked - (each.get(scope) ?? 0)]));
  return scopes.map((scope) => {
    const number = (last.get(scope) ?? 0) + 1;
    last.set(scope, number);
    return number;
  });
}

/** Minutes long gone. Index: mail_rate_pkey; few rows. */
export async function forgetRates(manager: EntityManager): Promise<void> {
  await manager.query(`delete from mail_rate where minute < now() - interval '1 hour'`);
}
