import type { DataSource, EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { answered } from '../interests/interests.queries.js';
import type { Language } from '../language/language.js';
import type { DigestItem, Occasion } from './compose.js';
import type { SilenceFacts } from './silence.js';
import { LATE_HOURS, type OccurrenceKind, type Rhythm, type Scheduled, startOfDay } from './window.js';

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
    else (select case when bool_or(x.until is null) then 'suppressed' when bool_or(x.until > $1::date) then 'paused' end from suppression x
          where x.address_sha256 = encode(sha256(convert_to(lower(c.email), 'UTF8')), 'hex') and x.stream in ('all', 'digest'))
  end`;

/**
 * SQL: contact s has been handed a mail since that instant. With the start of its local day ({@link startOfDay}) this is the rule "at most one mail a
 * day", for every kind of occurrence; asked when a digest is owed and again before it is written. Index: digest_of_contact.
 */
export const mailedSince = (instant: string): string =>
  `exists (select 1 from digest e where e.contact_id = s.contact_id and e.state in ('handing_off', 'sent', 'unknown') and coalesce(e.finished_at, e.lease_until) >= ${instant})`;

/** SQL: contact s has a digest that is still owed. */
const ON_ITS_WAY = `exists (select 1 from digest e where e.contact_id = s.contact_id and e.state in ('queued', 'claimed'))`;

/** SQL: how late a digest of an occurrence's cadence may still be begun. */
export const lateness = (cadence: string): string =>
  `(case ${cadence} ${Object.entries(LATE_HOURS)
    .map(([kind, hours]) => `when '${kind}' then interval '${hours} hours'`)
    .join(' ')} end)`;

/** SQL: the revision of o that was last mailed to contact s, or is written and on its way; 0 for none. Indexes: digest_of_contact, digest_item's key. */
const MAILED_REVISION = `
  (select coalesce(max(i.material_revision), 0) from digest d join digest_item i on i.digest_id = d.id
   where d.contact_id = s.contact_id and i.opportunity_id = o.id
     and (d.state in ('sent', 'handing_off') or (d.state in ('queued', 'claimed') and d.message is not null)))`;

/** SQL: when contact c of firm f with subscription s became a reader. */
const READER_SINCE = 'greatest(f.admitted_at, c.confirmed_at, c.digest_consent_at, s.since)';

/** Urgent is what fits at least so well … */
export const URGENT_SCORE = 80;
/** … and has its deadline within so many days. */
export const URGENT_DAYS = 7;
/** SQL: o, matched as m to the firm of contact s, cannot wait. $1 is the local day. */
const URGENT = `m.score >= ${URGENT_SCORE} and o.deadline between $1::date and $1::date + ${URGENT_DAYS}`;
/** SQL: o is open and fits contact s well enough as match m. $1 is the local day. */
const WANTED = `m.score >= s.threshold and o.status = 'published' and o.open_until >= $1::date and not ${answered('m.firm_id', 'o')}`;

/**
 * Whoever agreed to digests gets a subscription with the defaults, once, counted from when they agreed. Indexes: contact_pkey for one, none for all.
 * @param contactId null for everybody
 */
export async function ensureSubscriptions(manager: EntityManager, zone: string, contactId: string | null): Promise<void> {
  await manager.query(
    `insert into subscription (contact_id, zone, since)
     select c.id, $1, c.digest_consent_at from contact c
     where ${contactId === null ? '$2::uuid is null' : 'c.id = $2'} and c.digest_consent_at is not null
       and not exists (select 1 from subscription s where s.contact_id = c.id)
     on conflict do nothing`,
    [zone, contactId],
  );
}

/** The rhythms in use; few, however many the subscriptions. Index: subscription_rhythm. */
export async function rhythms(manager: EntityManager): Promise<Rhythm[]> {
  return manager.query(
    `select distinct cadence, zone, weekday, hour from subscription where cadence not in ('off', 'urgent') and unsubscribed_at is null order by cadence, zone, weekday, hour`,
  );
}

/** A reader for longer than that, in days, has had a digest of any rhythm fall due, if only to be skipped: the longest cadence and half of it again. */
const NEW_DAYS = 50;
/** SQL: the new readers with something to read, from the contacts of a rhythm: no digest fell due for them since they became readers. $2 is the hour. */
const NEW_READER = `
  ${READER_SINCE} between $2::timestamptz - interval '${NEW_DAYS} days' and $2::timestamptz and (${REASON}) is null
  and not exists (select 1 from digest e join occurrence k on k.id = e.occurrence_id
                  where e.contact_id = s.contact_id and k.cadence <> 'urgent' and (e.state <> 'skipped' or e.due_at >= ${READER_SINCE}))
  and exists (select 1 from match m join opportunity o on o.id = m.opportunity_id where m.firm_id = f.id and ${WANTED})`;

/** The rhythms with new readers who wait for their first list. Indexes: digest_of_contact, match_of_firm. */
export async function rhythmsOfNewReaders(manager: EntityManager, today: string, now: Date): Promise<Rhythm[]> {
  return manager.query(
    `select distinct s.cadence, s.zone, s.weekday, s.hour from subscription s join contact c on c.id = s.contact_id join firm f on f.id = c.firm_id
     where s.cadence not in ('off', 'urgent') and s.unsubscribed_at is null and ${NEW_READER}`,
    [today, now],
  );
}

/** SQL: contact s has something that cannot wait, and may be mailed. $2 is not read. */
const HURRIES = `
  (${REASON}) is null
  and exists (select 1 from match m join opportunity o on o.id = m.opportunity_id
              where m.firm_id = f.id and ${WANTED} and ${URGENT} and ${MAILED_REVISION} < o.material_revision)`;

/**
 * The rhythms with readers for whom something cannot wait. Begins with the few leads that close soon.
 * Indexes: opportunity_open, match_of_opportunity, digest_of_contact.
 */
export async function rhythmsInAHurry(manager: EntityManager, today: string): Promise<Rhythm[]> {
  return manager.query(
    `select distinct s.cadence, s.zone, s.weekday, s.hour
     from opportunity o join match m on m.opportunity_id = o.id join contact c on c.firm_id = m.firm_id join firm f on f.id = c.firm_id
       join subscription s on s.contact_id = c.id
     where ${WANTED} and ${URGENT} and s.unsubscribed_at is null and (${REASON}) is null and ${MAILED_REVISION} < o.material_revision`,
    [today],
  );
}

/** Whom an occurrence is for, among the contacts of a rhythm: the readers of then, the new ones, those in a hurry, or all of now. */
const WHOM = { regular: 's.since <= $2', starter: NEW_READER, urgent: HURRIES, everybody: 'true' } as const;

/**
 * Opens the occurrence if need be and owes a digest to the contacts of that rhythm that it is for, unless they were handed a mail since `dayStart` or
 * one is still on its way. However often and from wherever it is called, the ledger has one row for an occurrence and a contact.
 * Indexes: subscription_rhythm, digest_once_for_an_occurrence, digest_of_contact.
 * @param whom `regular`: who subscribed before it fell due; `everybody`: later ones too
 * @param dayStart when the local day of the rhythm's zone began
 * @returns the occurrence's id, and how many digests were newly owed; null where none was
 */
export async function openOccurrence(
  manager: EntityManager,
  rhythm: Rhythm,
  scheduled: Scheduled,
  times: { readonly today: string; readonly dueAt: Date; readonly dayStart: Date; readonly now: Date },
  whom: keyof typeof WHOM,
): Promise<{ id: string; owed: number } | null> {
  const cadence = whom === 'starter' || whom === 'urgent' ? whom : rhythm.cadence;
  const rows = await manager.query<{ occurrence_id: string }[]>(
    `with whom as (
       select s.contact_id from subscription s join contact c on c.id = s.contact_id join firm f on f.id = c.firm_id
       where s.cadence = $3 and s.zone = $4 and s.weekday = $5 and s.hour = $6 and s.unsubscribed_at is null and $1::date is not null
         and not exists (select 1 from digest e where e.contact_id = s.contact_id and e.occurrence_id = (select id from occurrence where key = $8))
         and not ${ON_ITS_WAY} and not ${mailedSince('$7::timestamptz')} and ${WHOM[whom]}
     ), opened as (
       insert into occurrence (key, cadence, local_date, opened_at) select $8, $9, $10::date, $11::timestamptz where exists (select 1 from whom)
       on conflict (key) do update set completed_at = null returning id
     )
     insert into digest (occurrence_id, contact_id, due_at, next_attempt_at) select id, contact_id, $2::timestamptz, $2::timestamptz from opened, whom
     on conflict on constraint digest_once_for_an_occurrence do nothing returning occurrence_id`,
    [
      ...[times.today, times.dueAt, rhythm.cadence, rhythm.zone, rhythm.weekday, rhythm.hour, times.dayStart],
      ...[scheduled.key, cadence, scheduled.localDate, times.now],
    ],
  );
  return rows[0] ? { id: rows[0].occurrence_id, owed: rows.length } : null;
}

/**
 * Digests that nobody began within half of their cadence, be it that every worker was down or that the database is a restored backup, are skipped: what
 * they would have held comes with the next one. What a person had handed over again is never too late. Index: digest_owed.
 */
export async function skipLate(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `update digest d set state = 'skipped', reason = 'too-late', claim = null, lease_until = null, finished_at = $1 from occurrence o
     where o.id = d.occurrence_id and d.state = 'queued' and d.resends = 0 and d.due_at < $1::timestamptz - ${lateness('o.cadence')}`,
    [now],
  );
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

/** Who they are, and why they may not be handed a mail now; a second one on the same local day is such a reason. */
export async function recipients(manager: EntityManager, contactIds: readonly string[], today: string, now: Date): Promise<Map<string, RecipientRow>> {
  const rows = await manager.query<(RecipientRow & { zone: string; mailed_at: Date | null })[]>(
    `select c.id contact_id, c.name, c.email, c.language, f.id firm_id, f.name firm_name, ${REASON} reason, s.zone,
            (select max(coalesce(e.finished_at, e.lease_until)) from digest e where e.contact_id = c.id and e.state in ('handing_off', 'sent', 'unknown')) mailed_at
     from contact c join firm f on f.id = c.firm_id join subscription s on s.contact_id = c.id where c.id = any($2)`,
    [today, contactIds],
  );
  const starts = new Map<string, Date>();
  const dayStart = (zone: string): Date => {
    const start = starts.get(zone) ?? startOfDay(zone, now);
    starts.set(zone, start);
    return start;
  };
  return new Map(
    rows.map((row) => {
      const again = row.mailed_at !== null && row.mailed_at >= dayStart(row.zone);
      return [row.contact_id, again && !row.reason ? { ...row, reason: 'one-a-day' } : row];
    }),
  );
}

/** What a contact should be told, best first and cut to its limit. */
export interface Wanted {
  readonly occasion: Occasion;
  readonly items: DigestItem[];
  /** How many there were before the cut. */
  readonly total: number;
}

/** What a match adds to its lead, and what the lead said when it was last mailed. */
type OfMatch = Pick<DigestItem, 'opportunityId' | 'score' | 'evidence' | 'blockers' | 'before'>;
type Lead = Omit<DigestItem, keyof OfMatch>;

interface CandidateRow {
  readonly contact_id: string;
  readonly first: boolean;
  readonly total: number;
  readonly items: readonly OfMatch[];
}

/**
 * What each contact should be told: open opportunities of at least its threshold that its firm has not answered and no digest *sent* to it, or written and still on its way, has
 * mentioned since their last material change, each with what it said then. The leads are read once, however many contacts they go to.
 * Indexes: match_of_firm, digest_of_contact, digest_item's key, opportunity_pkey.
 * @param occurrenceId only what cannot wait is for an urgent one; null for a preview of the next ordinary one
 */
export async function candidates(
  manager: EntityManager,
  contactIds: readonly string[],
  today: string,
  occurrenceId: string | null,
): Promise<Map<string, Wanted>> {
  const [of] = occurrenceId ? await manager.query<{ cadence: OccurrenceKind }[]>('select cadence from occurrence where id = $1', [occurrenceId]) : [];
  const urgent = of?.cadence === 'urgent';
  const rows = await manager.query<CandidateRow[]>(
    `select s.contact_id, not exists (select 1 from digest d where d.contact_id = s.contact_id and d.state in ('sent', 'handing_off', 'unknown')) "first", x.total, x.items
     from subscription s join contact c on c.id = s.contact_id
     cross join lateral (
       select max(y.total)::int total, json_agg(json_build_object('opportunityId', y.id, 'score', y.score, 'evidence', y.evidence, 'blockers', y.blockers, 'before', b.before)
                order by y.score desc, y.open_until, y.id) items
       from (
         select o.id, o.open_until, m.score, m.evidence, m.blockers, k.mailed, count(*) over () total
         from match m join opportunity o on o.id = m.opportunity_id cross join lateral (select ${MAILED_REVISION} mailed offset 0) k
         where m.firm_id = c.firm_id and ${WANTED} and ${urgent ? URGENT : 'true'} and k.mailed < o.material_revision
         order by m.score desc, o.open_until, o.id limit s.max_items
       ) y
       left join lateral (
         select jsonb_build_object('openUntil', h.open_until, 'quantity', h.quantity, 'unit', h.unit, 'period', h.period, 'held', bool_or(h.held) over ()) before
         from opportunity_change h where y.mailed > 0 and h.opportunity_id = y.id and h.material_revision > y.mailed order by h.material_revision limit 1
       ) b on true
     ) x
     where s.contact_id = any($2) and x.items is not null`,
    [today, contactIds],
  );
  const leads = await leadsOf(manager, [...new Set(rows.flatMap(({ items }) => items.map(({ opportunityId }) => opportunityId)))]);
  return new Map(
    rows.map(({ contact_id, first, total, items }) => [
      contact_id,
      {
        occasion: urgent ? 'urgent' : first ? 'starter' : 'regular',
        items: items.flatMap((item) => {
          const lead = leads.get(item.opportunityId);
          return lead ? [told(lead, item)] : [];
        }),
        total,
      },
    ]),
  );
}

/** Field by field: there is one for each line of each mail, and spreading two objects takes fifty times as long. */
const told = (lead: Lead, { opportunityId, score, evidence, blockers, before }: OfMatch): DigestItem => ({
  opportunityId,
  reference: lead.reference,
  kind: lead.kind,
  title: lead.title,
  sectors: lead.sectors,
  quantity: lead.quantity,
  unit: lead.unit,
  period: lead.period,
  valueUsd: lead.valueUsd,
  country: lead.country,
  place: lead.place,
  deadline: lead.deadline,
  openUntil: lead.openUntil,
  materialRevision: lead.materialRevision,
  score,
  evidence,
  blockers,
  before,
});

/** What a digest says of each lead, whoever reads it. Index: opportunity_pkey. */
async function leadsOf(manager: EntityManager, ids: readonly string[]): Promise<Map<string, Lead>> {
  const rows = await manager.query<(Lead & { id: string })[]>(
    `select id, reference, kind, title, sectors, quantity, unit, period, value_usd::float8 "valueUsd", country, place, deadline::text, open_until::text "openUntil",
            material_revision "materialRevision"
     from opportunity where id = any($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Scores that a firm's matches had among the leads published in the last eight weeks, closed ones that were mailed to it included. */
export interface Flow {
  /** How many weeks leads have been published at all, parts of one included; from one to eight. */
  readonly weeks: number;
  readonly scores: readonly number[];
}

/** Indexes: match_of_firm, contact_email_of_firm, digest_of_contact. */
export async function flowOf(manager: EntityManager, firmId: string, now: Date): Promise<Flow> {
  const [row] = await manager.query<{ weeks: number; scores: number[] }[]>(
    `with seen as (
       select opportunity_id, max(score) score from (
         select opportunity_id, score from match where firm_id = $1
         union all
         select i.opportunity_id, i.score from digest_item i join digest d on d.id = i.digest_id join contact c on c.id = d.contact_id where c.firm_id = $1
       ) both_ways group by opportunity_id
     )
     select greatest(1, least(8, extract(epoch from $2::timestamptz - (select min(published_at) from opportunity)) / 604800))::float8 weeks,
            array(select s.score from seen s join opportunity o on o.id = s.opportunity_id
                  where o.published_at > $2::timestamptz - interval '8 weeks' and o.published_at <= $2) scores`,
    [firmId, now],
  );
  return row ?? { weeks: 1, scores: [] };
}

export interface RunRow {
  readonly id: string;
  readonly key: string;
  readonly opened_at: Date;
  readonly completed_at: Date | null;
  /** Since when nothing more is handed over, and what the relay said; until an administrator resumes it. */
  readonly halted_at: Date | null;
  readonly halted_reason: string | null;
  /** State, or state and reason, to number: `{ "sent": 22, "skipped nothing-new": 3 }`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The latest occurrences with how their digests ended. */
export async function runs(manager: EntityManager, limit: number): Promise<RunRow[]> {
  return manager.query(
    `select o.id, o.key, o.opened_at, o.completed_at, o.halted_at, o.halted_reason,
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
export function ledger(source: DataSource, firmId: string, limit: number): Promise<LedgerRow[]> {
  return prepared(
    source,
    `select d.id, d.occurrence_id, o.key, f.id firm_id, f.name firm_name, c.name contact_name, d.state, d.reason, d.subject, d.due_at, d.finished_at, d.reply,
            (select count(*)::int from digest_item i where i.digest_id = d.id) items
     from digest d join occurrence o on o.id = d.occurrence_id join contact c on c.id = d.contact_id join firm f on f.id = c.firm_id
     where c.firm_id = $1 order by d.due_at desc, f.name, d.id limit $2`,
    [firmId, limit],
  );
}

/**
 * What bears on whether digests reach the contacts of a firm, the oldest contact first; `fresh` is left at 0, {@link candidates} knows it.
 * Indexes: contact_email_of_firm, suppression's key, match_of_firm, digest_of_contact.
 */
export async function silenceOf(manager: EntityManager, firmId: string, today: string, zone: string): Promise<SilenceFacts[]> {
  return manager.query(
    `select c.id "contactId", c.name, c.email, f.status, f.membership_valid_until::text "validUntil", coalesce(f.membership_valid_until < $2::date, false) lapsed,
            c.confirmed_at is not null confirmed, c.digest_consent_at is not null consent, s.unsubscribed_at is not null unsubscribed,
            coalesce(s.cadence, 'weekly') cadence, coalesce(s.threshold, 60)::int threshold,
            (select case when bool_or(x.kind = 'complaint') then 'complaint'
                         when bool_or(x.until is null and x.kind <> 'by-hand') then 'suppressed'
                         when bool_or(x.until is null and x.reason = 'asked') then 'asked'
                         when bool_or(x.until is null) then 'by-hand'
                         when bool_or(x.until > $2::date) then 'paused' end
             from suppression x where x.address_sha256 = encode(sha256(convert_to(lower(c.email), 'UTF8')), 'hex') and x.stream in ('all', 'digest')) mailbox,
            m.open, m.unanswered, m.reaching, m.best, 0 fresh,
            (select jsonb_build_object('state', d.state, 'reason', d.reason, 'day', (coalesce(d.finished_at, d.due_at) at time zone $3)::date)
             from digest d where d.contact_id = c.id and d.finished_at is not null order by d.due_at desc, d.id limit 1) "last"
     from contact c join firm f on f.id = c.firm_id left join subscription s on s.contact_id = c.id
     cross join lateral (
       select count(*)::int open, (count(*) filter (where not answered))::int unanswered,
              (count(*) filter (where not answered and score >= coalesce(s.threshold, 60)))::int reaching, max(score) filter (where not answered) best
       from (select m.score, ${answered('m.firm_id', 'o')} answered from match m join opportunity o on o.id = m.opportunity_id
             where m.firm_id = f.id and o.status = 'published' and o.open_until >= $2::date) k
     ) m
     where c.firm_id = $1 order by c.created_at, c.id`,
    [firmId, today, zone],
  );
}
