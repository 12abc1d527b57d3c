import type { EntityManager } from 'typeorm';
import type { Language } from '../language/language.js';
import type { DigestItem } from './compose.js';
import type { Rhythm, Scheduled } from './window.js';

export const DIGEST_STATES = ['queued', 'claimed', 'handing_off', 'sent', 'failed', 'skipped', 'unknown'] as const;
export type DigestState = (typeof DIGEST_STATES)[number];

/** Why a contact may not be handed a digest now, first reason first; null when it may. Parameter $1 is the local day. */
export const REASON = `
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

/** Ledger rows of one occurrence, or of one firm, latest first. Indexes: digest_once_for_an_occurrence, digest_of_contact. */
export async function ledger(manager: EntityManager, of: { readonly occurrenceId: string } | { readonly firmId: string }, limit: number): Promise<LedgerRow[]> {
  const [where, id] = 'firmId' in of ? ['c.firm_id', of.firmId] : ['d.occurrence_id', of.occurrenceId];
  return manager.query(
    `select d.id, d.occurrence_id, o.key, f.id firm_id, f.name firm_name, c.name contact_name, d.state, d.reason, d.subject, d.due_at, d.finished_at, d.reply,
            (select count(*)::int from digest_item i where i.digest_id = d.id) items
     from digest d join occurrence o on o.id = d.occurrence_id join contact c on c.id = d.contact_id join firm f on f.id = c.firm_id
     where ${where} = $1 order by d.due_at desc, f.name, d.id limit $2`,
    [id, limit],
  );
}
