import type { EntityManager } from 'typeorm';
import type { Language } from '../language/language.js';
import type { DigestItem } from './compose.js';
import { type DigestState, REASON } from './digests.queries.js';

export interface ClaimedDigest {
  readonly id: string;
  readonly contact_id: string;
  readonly due_at: Date;
  readonly attempts: number;
  readonly message: Buffer | null;
  readonly message_id: string | null;
}

/** Takes up to `limit` owed digests of an occurrence for one worker, oldest attempt first. Index: digest_owed. */
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
     where id in (select id from digest where occurrence_id = $1 and state = 'queued' and next_attempt_at <= $3
                  order by next_attempt_at, id limit $5 for update skip locked)
     returning id, contact_id, due_at, attempts, message, message_id`,
    [occurrenceId, claim, now, leaseUntil, limit],
  );
  return rows;
}

export interface HandOver {
  readonly messageId: string;
  readonly subject: string;
  readonly language: Language;
  readonly message: Buffer;
  readonly sha256: string;
  readonly total: number;
  readonly items: readonly DigestItem[];
}

/**
 * The gate: *claimed* becomes *handing off* only while the firm is admitted and not lapsed, the contact confirmed, consenting, not unsubscribed and
 * not suppressed; one UPDATE, committed before the first byte goes to the relay.
 * @returns whether the gate was open and the claim still ours
 */
export async function handOver(manager: EntityManager, id: string, claim: string, today: string, leaseUntil: Date, given: HandOver): Promise<boolean> {
  return manager.transaction(async (tx) => {
    const [, passed] = await tx.query<[unknown[], number]>(
      `update digest d set state = 'handing_off', lease_until = $4, attempts = attempts + 1, message_id = $5, subject = $6, language = $7,
              message = $8, message_sha256 = $9, items_total = $10
       where d.id = $2 and d.claim = $3 and d.state = 'claimed' and exists (
         select 1 from contact c join firm f on f.id = c.firm_id join subscription s on s.contact_id = c.id where c.id = d.contact_id and (${REASON}) is null
       ) returning d.id`,
      [today, id, claim, leaseUntil, given.messageId, given.subject, given.language, given.message, given.sha256, given.total],
    );
    if (!passed) return false;
    await tx.query(
      `insert into digest_item (digest_id, opportunity_id, position, score, material_revision)
       select $1, "opportunityId", row_number() over (), score, "materialRevision" from jsonb_to_recordset($2) as i ("opportunityId" uuid, score real, "materialRevision" int)
       on conflict do nothing`,
      [id, JSON.stringify(given.items)],
    );
    return true;
  });
}

/**
 * The end of one try, or of the digest. Guarded by the claim: a worker that was taken for dead cannot overwrite what came after it; only
 * its own hand-over, given up as unknown, it may still resolve.
 */
export async function finishDigest(
  manager: EntityManager,
  id: string,
  claim: string,
  end: { readonly state: DigestState; readonly reason?: string; readonly reply?: string; readonly retryAt?: Date },
  now: Date,
): Promise<void> {
  await manager.query(
    `update digest set state = $3, reason = $4, reply = coalesce($5, reply), lease_until = null, next_attempt_at = coalesce($6::timestamptz, next_attempt_at),
            finished_at = case when $3 = 'queued' then null else $7::timestamptz end
     where id = $1 and claim = $2 and state in ('claimed', 'handing_off', 'unknown')`,
    [id, claim, end.state, end.reason ?? null, end.reply ?? null, end.retryAt ?? null, now],
  );
}

/** Leases that ran out: what was only claimed is owed again, what was being handed over is unknown and never sent again blindly. Index: digest_owed. */
export async function lapseLeases(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(`update digest set state = 'queued', claim = null, lease_until = null where state = 'claimed' and lease_until < $1`, [now]);
  await manager.query(
    `update digest set state = 'unknown', reason = 'hand-over-lost', lease_until = null, finished_at = $1 where state = 'handing_off' and lease_until < $1`,
    [now],
  );
}

/** Occurrences with digests that are owed and in nobody's hands, and how many. Index: digest_owed. */
export async function owedDigests(manager: EntityManager, now: Date): Promise<{ occurrence_id: string; owed: number }[]> {
  return manager.query(
    `select occurrence_id, count(*)::int owed from digest where state = 'queued' and next_attempt_at <= $1 group by occurrence_id order by occurrence_id`,
    [now],
  );
}

/** An occurrence is complete when every digest of it has its end. Index: occurrence_running. */
export async function completeOccurrences(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `update occurrence o set completed_at = $1 where completed_at is null
     and not exists (select 1 from digest d where d.occurrence_id = o.id and d.state in ('queued', 'claimed', 'handing_off'))`,
    [now],
  );
}
