import type { EntityManager } from 'typeorm';
import type { Language } from '../language/language.js';
import type { DigestItem } from './compose.js';
import type { Rhythm, Scheduled } from './window.js';

export const DIGEST_STATES = ['queued', 'claimed', 'handing_off', 'sent', 'failed', 'skipped', 'unknown'] as const;
export type DigestState = (typeof DIGEST_STATES)[number];

/** Why a contact may not be handed a digest now, first reason first; null when it may. Parameter $1 is the local day. */
const REASON = `
  case
    when f.status <> 'admitted' then case f.status when 'suspended' then 'suspended' else 'not-admitted' end
    when f.membership_valid_until < $1::date then 'lapsed'
    when c.confirmed_at is null then 'unconfirmed'
    when c.digest_consent_at is null then 'no-consent'
    when s.unsubscribed_at is not null then 'unsubscribed'
    when s.cadence = 'off' then 'off'
    when exists (select 1 from suppression x where x.address_sha256 = encode(sha256(convert_to(lower(c.email), 'UTF8')), 'hex') and x.stream in ('all', 'digest')) then 'suppressed'
  end`;

/** Everybody who agreed to digests gets a subscription with the defaults, once, counted from when they agreed. */
export async function ensureSubscriptions(manager: EntityManager, zone: string): Promise<void> {
  await manager.query(
    `insert into subscription (contact_id, zone, since)
     select c.id, $1, c.digest_consent_at from contact c where c.digest_consent_at is not null and not exists (select 1 from subscription s where s.contact_id = c.id)
     on conflict do nothing`,
    [zone],
  );
}

/** The rhythms in use; few, however many the subscriptions. */
export async function rhythms(manager: EntityManager): Promise<Rhythm[]> {
  return manager.query(
    `select distinct cadence, zone, weekday, hour from subscription where cadence not in ('off', 'urgent') and unsubscribed_at is null order by cadence, zone, weekday, hour`,
  );
}

/**
 * Opens the occurrence if need be and owes a digest to every subscription of that rhythm that was there when it fell due.
 * However often and from wherever it is called, the ledger has one row for an occurrence and a contact.
 * @returns the occurrence's id, and how many digests were newly owed
 */
export async function openOccurrence(
  manager: EntityManager,
  rhythm: Rhythm,
  scheduled: Scheduled,
  now: Date,
  options: { readonly alsoLater: boolean },
): Promise<{ id: string; owed: number }> {
  const [known] = await manager.query<{ id: string }[]>(
    `insert into occurrence (key, cadence, local_date, opened_at) values ($1, $2, $3, $4)
     on conflict (key) do update set key = excluded.key returning id`,
    [scheduled.key, rhythm.cadence, scheduled.localDate, now],
  );
  const id = known?.id ?? '';
  const rows = await manager.query<unknown[]>(
    `insert into digest (occurrence_id, contact_id, due_at, next_attempt_at)
     select $1, s.contact_id, $2, $2 from subscription s
     where s.cadence = $3 and s.zone = $4 and s.weekday = $5 and s.hour = $6 and s.unsubscribed_at is null and (s.since <= $2 or $7)
     on conflict on constraint digest_once_for_an_occurrence do nothing returning id`,
    [id, scheduled.at, rhythm.cadence, rhythm.zone, rhythm.weekday, rhythm.hour, options.alsoLater],
  );
  if (rows.length) await manager.query('update occurrence set completed_at = null where id = $1', [id]);
  return { id, owed: rows.length };
}

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

export interface RecipientRow {
  readonly contact_id: string;
  readonly name: string;
  readonly email: string;
  readonly language: Language;
  readonly firm_id: string;
  readonly firm_name: string;
  readonly reason: string | null;
}

export async function recipients(manager: EntityManager, contactIds: readonly string[], today: string): Promise<Map<string, RecipientRow>> {
  const rows = await manager.query<RecipientRow[]>(
    `select c.id contact_id, c.name, c.email, c.language, f.id firm_id, f.name firm_name, ${REASON} reason
     from contact c join firm f on f.id = c.firm_id join subscription s on s.contact_id = c.id where c.id = any($2)`,
    [today, contactIds],
  );
  return new Map(rows.map((row) => [row.contact_id, row]));
}

interface CandidateRow extends DigestItem {
  readonly contact_id: string;
  readonly total: string;
}

/**
 * What each contact should be told: open opportunities of at least its threshold that no digest *sent* to it, or written and still on its way, has
 * mentioned since their last material change. Best first, cut to its limit, with the whole number. Indexes: match_of_firm, digest_of_contact, digest_item's key.
 */
export async function candidates(
  manager: EntityManager,
  contactIds: readonly string[],
  today: string,
): Promise<Map<string, { items: DigestItem[]; total: number }>> {
  const rows = await manager.query<CandidateRow[]>(
    `select s.contact_id, x.* from subscription s join contact c on c.id = s.contact_id
     cross join lateral (
       select o.id "opportunityId", o.reference, o.kind, o.title, o.sectors, o.quantity, o.unit, o.period, o.value_usd::float8 "valueUsd", o.country, o.place,
              o.open_until::text "openUntil", o.material_revision "materialRevision", m.score, m.evidence, m.blockers, count(*) over () total
       from match m join opportunity o on o.id = m.opportunity_id
       where m.firm_id = c.firm_id and m.score >= s.threshold and o.status = 'published' and o.open_until >= $2::date
         and not exists (select 1 from digest d join digest_item i on i.digest_id = d.id
                         where d.contact_id = s.contact_id and i.opportunity_id = o.id and i.material_revision >= o.material_revision
                           and (d.state in ('sent', 'handing_off') or (d.state in ('queued', 'claimed') and d.message is not null)))
       order by m.score desc, o.open_until, o.id limit s.max_items
     ) x where s.contact_id = any($1)`,
    [contactIds, today],
  );
  const found = new Map<string, { items: DigestItem[]; total: number }>();
  for (const { contact_id, total, ...item } of rows) {
    const of = found.get(contact_id) ?? { items: [], total: Number(total) };
    of.items.push(item);
    found.set(contact_id, of);
  }
  return found;
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
 * its own hand-over, given up as unknown, it may still resolve. A digest that a person had handed over again was unknown before: where this time it is
 * certain that it did not arrive, the first time it may have, and unknown it stays.
 */
export async function finishDigest(
  manager: EntityManager,
  id: string,
  claim: string,
  end: { readonly state: DigestState; readonly reason?: string; readonly reply?: string; readonly retryAt?: Date },
  now: Date,
): Promise<void> {
  await manager.query(
    `update digest set state = case when resends > 0 and $3 in ('failed', 'skipped') then 'unknown' else $3 end,
            reason = case when resends > 0 and $3 in ('failed', 'skipped') then 'resend-' || $3 else $4 end, reply = coalesce($5, reply), lease_until = null, next_attempt_at = coalesce($6::timestamptz, next_attempt_at),
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

export interface RunRow {
  readonly id: string;
  readonly key: string;
  readonly opened_at: Date;
  readonly completed_at: Date | null;
  /** State, or state and reason, to number: `{ "sent": 22, "skipped nothing-new": 3 }`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The latest occurrences with how their digests ended. */
export async function runs(manager: EntityManager, limit: number): Promise<RunRow[]> {
  return manager.query(
    `select o.id, o.key, o.opened_at, o.completed_at,
            coalesce((select jsonb_object_agg(what, n) from
              (select concat_ws(' ', state, reason) what, count(*)::int n from digest d where d.occurrence_id = o.id group by 1) c), '{}') counts
     from occurrence o order by o.opened_at desc, o.id limit $1`,
    [limit],
  );
}

export interface LedgerRow {
  readonly id: string;
  readonly occurrence_id: string;
  readonly key: string;
  readonly firm_id: string;
  readonly firm_name: string;
  readonly contact_name: string;
  readonly state: DigestState;
  readonly reason: string | null;
  readonly subject: string | null;
  readonly items: number;
  readonly due_at: Date;
  readonly finished_at: Date | null;
  readonly reply: string | null;
}

/** Ledger rows of one firm, latest first. Index: digest_of_contact. */
export async function ledger(manager: EntityManager, firmId: string, limit: number): Promise<LedgerRow[]> {
  return manager.query(
    `select d.id, d.occurrence_id, o.key, f.id firm_id, f.name firm_name, c.name contact_name, d.state, d.reason, d.subject, d.due_at, d.finished_at, d.reply,
            (select count(*)::int from digest_item i where i.digest_id = d.id) items
     from digest d join occurrence o on o.id = d.occurrence_id join contact c on c.id = d.contact_id join firm f on f.id = c.firm_id
     where c.firm_id = $1 order by d.due_at desc, f.name, d.id limit $2`,
    [firmId, limit],
  );
}
