import type { EntityManager } from 'typeorm';
import { ANSWER_RECORD } from '../introductions/introductions.queries.js';
import type { Outcome } from '../introductions/introduction.js';
import type { Texts } from '../language/language.js';

/** Days of the chamber's calendar, the first and the last. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What a funnel can be told apart by. */
export const DIMENSIONS = ['sector', 'paragraph', 'corridor', 'platform', 'route', 'class', 'size', 'women', 'area'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const orNone = (codes: string) => `unnest(case when ${codes} = '{}' then '{""}' else ${codes} end)`;
/** The rows (id, key) of leads, or of firms; an empty key where nothing is said. */
const KEYS: Readonly<Record<Dimension, { readonly of: 'lead' | 'firm'; readonly sql: string }>> = {
  sector: { of: 'lead', sql: `select o.id, ${orNone('o.sectors')} key from opportunity o` },
  // every paragraph that anything of the lead comes from
  paragraph: {
    of: 'lead',
    sql: `select distinct o.id, coalesce(p.number::text, '') key from opportunity o
          left join lateral (select unnest(e.paragraphs) number from statement_entry e where e.code = any(o.sectors || o.corridors || o.platforms || o.instruments)) p on true`,
  },
  corridor: { of: 'lead', sql: `select o.id, ${orNone('o.corridors')} key from opportunity o` },
  platform: { of: 'lead', sql: `select o.id, ${orNone('o.platforms')} key from opportunity o` },
  // the last part of "Yiwu, Zhejiang"
  route: { of: 'lead', sql: `select o.id, o.country || coalesce(', ' || nullif(btrim(regexp_replace(o.place, '^.*,', '')), ''), '') key from opportunity o` },
  class: { of: 'firm', sql: `select f.id, coalesce(f.membership_class, '') key from firm f` },
  size: { of: 'firm', sql: `select f.id, coalesce(f.size, '') key from firm f` },
  women: { of: 'firm', sql: `select f.id, case when f.women_led then 'yes' else 'no' end key from firm f` },
  area: { of: 'firm', sql: `select f.id, coalesce(f.place, '') key from firm f` },
};

/** Where the days of an introduction's steps are taken from: its row, or the audit trail. Both must say the same. */
export const BASES = ['state', 'trail'] as const;
export type Basis = (typeof BASES)[number];

/** Introductions with the day of each step that they have made. `$3` is the chamber's zone. */
const WAY: Readonly<Record<Basis, string>> = {
  state: `select i.id, i.opportunity_id, (i.created_at at time zone $3)::date begun, i.screened_on screened, i.asked_on asked,
            case when i.ending is distinct from 'declined' then i.answered_on end agreed, i.released_on introduced, i.reported_on reported,
            i.outcome, i.outcome_value value, i.outcome_currency currency
          from introduction i`,
  trail: `select i.id, i.opportunity_id, t.begun, t.screened, t.asked, t.agreed, t.introduced, t.reported,
            t.report->>'outcome' outcome, (t.report->>'value')::numeric value, t.report->>'currency' currency
          from (
            select subject_id,
              min(day) filter (where act in ('introduction.express', 'introduction.propose')) begun,
              min(day) filter (where into_state = 'queued') screened, min(day) filter (where into_state = 'asked') asked,
              min(day) filter (where into_state = 'agreed') agreed, min(day) filter (where into_state = 'introduced') introduced,
              max(day) filter (where act = 'introduction.report') reported,
              (array_agg(detail order by seq desc) filter (where act = 'introduction.report'))[1] report
            from (select subject_id, act, seq, detail, detail->>'to' into_state, (at at time zone $3)::date as day from audit
                  where subject = 'introduction' and act like 'introduction.%') a
            group by subject_id
          ) t join introduction i on i.id::text = t.subject_id`,
};

/** The steps of an introduction that a funnel counts. */
export const STEPS = ['begun', 'screened', 'asked', 'agreed', 'introduced', 'reported', 'signed'] as const;
export type Step = (typeof STEPS)[number];
/** What counts as a signed deal: the same as in a side's record of answers. */
const SIGNED = `('order', 'joint-venture')`;

export interface Asked extends Period {
  readonly zone: string;
  readonly basis: Basis;
}
const values = ({ from, to, zone }: Asked) => [from, to, zone];
const inPeriod = (day: string) => `${day} between $1::date and $2::date`;

/**
 * The ways beside the keys of the firms in them. Of a pool whose firms have the same key it is there once: a member that is not the first counts where no
 * earlier one has its key.
 */
const waysOfFirms = ({ basis }: Asked, keys: string) => `
  with k as materialized (${keys}), w as materialized (${WAY[basis]}), keyed as (
    select w.*, k.key from w join introduction_member m on m.introduction_id = w.id join k on k.id = m.firm_id
    where m.position = 0 or not exists (select 1 from introduction_member e join k ke on ke.id = e.firm_id
                                        where e.introduction_id = m.introduction_id and e.position < m.position and ke.key = k.key)
  )`;

/** How many introductions made each step, by key; of the whole, each once, with the key null. No index: all introductions are read. */
export function stepsBy(manager: EntityManager, asked: Asked, by: Dimension | null): Promise<({ key: string | null } & Record<Step, number>)[]> {
  const day = (step: Step) => (step === 'signed' ? `case when w.outcome in ${SIGNED} then w.reported end` : `w.${step}`);
  const counted = STEPS.map((step) => `count(*) filter (where ${inPeriod(day(step))})::int ${step}`).join();
  const summed = STEPS.map((step) => `sum(l.${step})::int ${step}`).join();
  if (by !== null && KEYS[by].of === 'firm')
    return manager.query(
      `${waysOfFirms(asked, KEYS[by].sql)} select w.key, ${counted} from keyed w group by w.key union all select null, ${counted} from w`,
      values(asked),
    );
  // leads are far fewer than introductions: counted for each lead first
  const byKey = by === null ? '' : `select k.key, ${summed} from l join (${KEYS[by].sql}) k on k.id = l.opportunity_id group by k.key union all`;
  return manager.query(
    `with l as materialized (select w.opportunity_id, ${counted} from (${WAY[asked.basis]}) w group by w.opportunity_id)
     ${byKey} select null key, ${STEPS.map((step) => `coalesce(sum(l.${step}), 0)::int ${step}`).join()} from l`,
    values(asked),
  );
}

/** What came of introductions, by key and currency, and of the whole with the key null; a value only of what was signed. */
export async function outcomesBy(
  manager: EntityManager,
  asked: Asked,
  by: Dimension | null,
): Promise<{ key: string | null; outcome: Outcome; currency: string | null; n: number; value: number | null }[]> {
  const told = `where w.outcome is not null and ${inPeriod('w.reported')}`;
  const counted = `w.outcome, w.currency, count(*)::int n, sum(w.value) filter (where w.outcome in ${SIGNED}) "value"`;
  const ofFirms = by !== null && KEYS[by].of === 'firm';
  const byKey =
    by === null
      ? ''
      : `select k.key, l.outcome, l.currency, sum(l.n)::int n, sum(l.value) "value" from l join (${KEYS[by].sql}) k on k.id = l.opportunity_id group by 1, 2, 3 union all`;
  const rows = await manager.query<{ key: string | null; outcome: Outcome; currency: string | null; n: number; value: string | null }[]>(
    ofFirms
      ? `${waysOfFirms(asked, KEYS[by].sql)} select w.key, ${counted} from keyed w ${told} group by 1, 2, 3 union all select null, ${counted} from w ${told} group by 1, 2, 3`
      : `with l as materialized (select w.opportunity_id, ${counted} from (${WAY[asked.basis]}) w ${told} group by 1, 2, 3)
         ${byKey} select null, l.outcome, l.currency, sum(l.n)::int n, sum(l.value) "value" from l group by 1, 2, 3`,
    values(asked),
  );
  return rows.map((row) => ({ ...row, value: row.value === null ? null : Number(row.value) }));
}

/** Leads published in the period, and leads or firms (after what the key is of) that a digest has reached in it, by key; of the whole with the key null. */
export function reachBy(
  manager: EntityManager,
  asked: Asked,
  by: Dimension | null,
): Promise<{ key: string | null; published: number | null; reached: number }[]> {
  const sent = `from digest d join occurrence oc on oc.id = d.occurrence_id and ${inPeriod('oc.local_date')}`;
  // what is sent has something in it; indexes: digest_once_for_an_occurrence, contact's key
  if (by !== null && KEYS[by].of === 'firm')
    return manager.query(
      `with r as materialized (select distinct c.firm_id id ${sent} join contact c on c.id = d.contact_id where d.state = 'sent' and $3 <> '')
       select k.key, null::int published, count(*)::int reached from r join (${KEYS[by].sql}) k on k.id = r.id group by k.key
       union all select null, null, count(*)::int from r`,
      values(asked),
    );
  const byKey =
    by === null
      ? ''
      : `select k.key, count(*) filter (where l.published)::int published, count(*) filter (where l.reached)::int reached
         from l join (${KEYS[by].sql}) k on k.id = l.id group by k.key union all`;
  // indexes: digest_item_opportunity, keys of digest and occurrence
  return manager.query(
    `with r as materialized (
       select o.id from opportunity o where o.published_at is not null and exists (select 1 ${sent} join digest_item i on i.digest_id = d.id
         where d.state = 'sent' and i.opportunity_id = o.id)
     ), l as materialized (
       select o.id, ${inPeriod('(o.published_at at time zone $3)::date')} published, r.id is not null reached from opportunity o left join r on r.id = o.id
       where o.published_at is not null
     )
     ${byKey} select null, count(*) filter (where l.published)::int, count(*) filter (where l.reached)::int from l`,
    values(asked),
  );
}

// who is not served ------------------------------------------------------------------------------------------------

export interface OpenLead {
  readonly id: string;
  readonly reference: string;
  readonly title: Texts;
  readonly sectors: readonly string[];
  readonly country: string;
  readonly wanted: readonly string[];
  readonly best: number | null;
  readonly served: boolean;
  /** What stands in the way of the best who fit, the most frequent first. */
  readonly gaps: readonly string[];
}

/**
 * Every open lead, and whether a member can serve it: fits as well as a digest asks for, and nothing is missing. Indexes: opportunity_open,
 * match_of_opportunity.
 */
export function openLeads(manager: EntityManager, today: string, threshold: number): Promise<OpenLead[]> {
  return manager.query(
    `select o.id, o.reference, o.title, o.sectors, o.country, case when o.hs <> '{}' then o.hs when o.isic <> '{}' then o.isic else o.guessed_hs end wanted,
       best.score best, able.yes is not null served,
       case when able.yes is null and best.score >= $2 then array(
         select b.gap from (select blockers from match m where m.opportunity_id = o.id and m.score >= $2 order by m.score desc, m.firm_id limit 10) m,
           jsonb_to_recordset(m.blockers) as b (gap text) group by b.gap order by count(*) desc, b.gap) else '{}' end gaps
     from opportunity o
     left join lateral (select m.score from match m where m.opportunity_id = o.id order by m.score desc, m.firm_id limit 1) best on true
     left join lateral (select true yes from match m where m.opportunity_id = o.id and m.score >= $2 and m.blockers = '[]' limit 1) able on true
     where o.status = 'published' and o.open_until >= $1 order by o.published_at, o.id`,
    [today, threshold],
  );
}

export interface MemberFit {
  readonly id: string;
  readonly name: string;
  readonly place: string | null;
  readonly class: string;
  readonly sectors: readonly string[];
  readonly best: number | null;
  readonly lapsed: boolean;
  /** An open lead names a sector of the firm. */
  readonly inSector: boolean;
}

/** Every member with the score of the open lead that fits it best. Indexes: firm_status, match_of_firm, opportunity's key. */
export function memberFits(manager: EntityManager, today: string): Promise<MemberFit[]> {
  return manager.query(
    `with asked as (select distinct unnest(sectors) code from opportunity where status = 'published' and open_until >= $1)
     select f.id, f.name, f.place, f.membership_class "class", f.sectors, best.score best, f.membership_valid_until < $1 lapsed,
       f.sectors && (select coalesce(array_agg(code), '{}') from asked) "inSector"
     from firm f
     left join lateral (select m.score from match m join opportunity o on o.id = m.opportunity_id and o.status = 'published' and o.open_until >= $1
                        where m.firm_id = f.id order by m.score desc, m.opportunity_id limit 1) best on true
     where f.status = 'admitted' order by f.name, f.id`,
    [today],
  );
}

// who gets a turn --------------------------------------------------------------------------------------------------

export interface Exposure {
  readonly dimension: 'class' | 'size' | 'women' | 'area';
  readonly key: string;
  readonly members: number;
  readonly shown: number;
  readonly introduced: number;
}

/**
 * How many members of a kind there are, how many leads digests showed them, and how often they were introduced. Indexes: digest_once_for_an_occurrence,
 * digest_item's key, contact's key.
 */
export function exposureOf(manager: EntityManager, { from, to }: Period, zone: string): Promise<Exposure[]> {
  return manager.query(
    `with shown as (
       select c.firm_id, count(*) n from occurrence oc join digest d on d.occurrence_id = oc.id and d.state = 'sent'
       join digest_item i on i.digest_id = d.id join contact c on c.id = d.contact_id where oc.local_date between $1::date and $2::date group by 1
     ), introduced as (
       select m.firm_id, count(*) n from introduction i join introduction_member m on m.introduction_id = i.id
       where i.released_on between $1::date and $2::date group by 1
     )
     select k.dimension, k.key, count(*)::int members, coalesce(sum(s.n), 0)::int shown, coalesce(sum(i.n), 0)::int introduced
     from firm f left join shown s on s.firm_id = f.id left join introduced i on i.firm_id = f.id
     cross join lateral (values ('class', coalesce(f.membership_class, '')), ('size', coalesce(f.size, '')), ('women', case when f.women_led then 'yes' else 'no' end),
                                ('area', coalesce(f.place, ''))) k (dimension, key)
     where f.status = 'admitted' and f.membership_valid_until >= $1::date and (f.admitted_at at time zone $3)::date <= $2::date
     group by 1, 2 order by 1, 3 desc, 2`,
    [from, to, zone],
  );
}

// how well digests choose ------------------------------------------------------------------------------------------

export interface Precision {
  readonly month: string;
  readonly sector: string;
  readonly shown: number;
  readonly interested: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** What digests showed and what firms answered, by month and sector. Indexes: digest_once_for_an_occurrence, digest_item's key. */
export function precisionOf(manager: EntityManager, { from, to }: Period, zone: string): Promise<Precision[]> {
  return manager.query(
    `with said as (
       select date_trunc('month', oc.local_date::timestamp)::date as month, i.opportunity_id, 'shown' what, count(*) n
       from occurrence oc join digest d on d.occurrence_id = oc.id and d.state = 'sent' join digest_item i on i.digest_id = d.id
       where oc.local_date between $1::date and $2::date group by 1, 2
       union all
       select date_trunc('month', at at time zone $3)::date, opportunity_id, 'interested', count(*) from interest
       where state = 'expressed' and (at at time zone $3)::date between $1::date and $2::date group by 1, 2
       union all
       select date_trunc('month', at at time zone $3)::date, opportunity_id, reason, count(*) from feedback
       where (at at time zone $3)::date between $1::date and $2::date group by 1, 2, 3
     ), summed as (
       select s.month, k.key, s.what, sum(s.n)::int n from said s join (${KEYS.sector.sql}) k on k.id = s.opportunity_id group by 1, 2, 3
     )
     select to_char(month, 'YYYY-MM') as month, key sector, coalesce(sum(n) filter (where what = 'shown'), 0)::int shown,
       coalesce(sum(n) filter (where what = 'interested'), 0)::int interested,
       coalesce(jsonb_object_agg(what, n) filter (where what not in ('shown', 'interested')), '{}') reasons
     from summed group by month, key order by summed.month desc, key`,
    [from, to, zone],
  );
}

// how sources answer -----------------------------------------------------------------------------------------------

export interface SourceRecord {
  readonly name: string | null;
  readonly leads: number;
  readonly asked: number;
  readonly answered: number;
  readonly days: number | null;
  readonly deals: number;
  readonly reported: number;
}

/** How those were answered who were asked in the period: by source of the lead, or by counterparty. Index: introduction_asked. */
export function recordsBy(manager: EntityManager, by: 'source' | 'counterparty', { from, to }: Period): Promise<SourceRecord[]> {
  const key = by === 'source' ? 'po.source' : 'lower(po.counterparty)';
  return manager.query(
    `select ${by === 'source' ? 'po.source' : 'max(po.counterparty)'} "name", count(distinct po.id)::int leads, ${ANSWER_RECORD},
       count(*) filter (where p.outcome is not null and p.outcome <> 'no-reply')::int reported
     from introduction p join opportunity po on po.id = p.opportunity_id where p.asked_on between $1::date and $2::date
     group by ${key} order by asked desc, 1`,
    [from, to],
  );
}

// what is asked for every year -------------------------------------------------------------------------------------

/** Firms with their membership as it stood at the end of a day: `$1`, in the zone `$2`. Index: standing_before_firm. */
const MEMBERS = `
  select f.*, case when s.id is null then f.membership_class else s.membership_class end class_then,
    case when s.id is null then f.membership_number else s.membership_number end number_then,
    case when s.id is null then f.membership_valid_until else s.membership_valid_until end valid_then
  from firm f left join (select distinct on (firm_id) * from standing_before where until >= ($1::date + 1)::timestamp at time zone $2 order by firm_id, until) s on s.firm_id = f.id
  where (f.admitted_at at time zone $2)::date <= $1::date and case when s.id is null then f.status else s.status end = 'admitted'
    and case when s.id is null then f.membership_valid_until else s.membership_valid_until end >= $1::date`;

export interface MemberThen {
  readonly id: string;
  readonly number: string | null;
  readonly name: string;
  readonly class: string;
  readonly place: string | null;
  readonly sectors: readonly string[];
  readonly ntn: string | null;
  readonly strn: string | null;
  readonly secp: string | null;
  readonly representative: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly admitted: string;
  readonly valid: string;
  readonly women: 'yes' | 'no';
  readonly size: string | null;
}

/**
 * The members in good standing at the end of a day, by membership number. Index: contact_email_of_firm.
 * @param most null for all
 */
export async function membersOn(manager: EntityManager, day: string, zone: string, most: number | null): Promise<{ members: MemberThen[]; count: number }> {
  const members = await manager.query<(MemberThen & { of: number })[]>(
    `with m as materialized (select m.*, count(*) over ()::int "of" from (${MEMBERS}) m order by number_then, name, id limit $3)
     select m.id, m.number_then "number", m.name, m.class_then "class", m.place, m.sectors, m.ntn, m.strn, m.secp, c.name representative, m.phone, c.email,
       (m.admitted_at at time zone $2)::date::text admitted, m.valid_then::text valid, case when m.women_led then 'yes' else 'no' end women, m.size, m."of"
     from m left join lateral (select name, email from contact where firm_id = m.id and confirmed_at is not null order by created_at, id limit 1) c on true
     order by m.number_then, m.name, m.id`,
    [day, zone, most],
  );
  return { members, count: members[0]?.of ?? 0 };
}

export interface Membership {
  readonly members: number;
  readonly corporate: number;
  readonly associate: number;
  readonly women: number;
  readonly joined: number;
  readonly left: number;
}

/** The membership at the end of a day, and how it changed since another. */
export async function membershipOn(manager: EntityManager, day: string, since: string, zone: string): Promise<Membership> {
  const before = MEMBERS.replaceAll('$1', '$3');
  const [row] = await manager.query<Membership[]>(
    `with members as (${MEMBERS}), earlier as (${before})
     select count(*)::int members, count(*) filter (where class_then = 'corporate')::int corporate, count(*) filter (where class_then = 'associate')::int associate,
       count(*) filter (where women_led)::int women, count(*) filter (where id not in (select id from earlier))::int joined,
       (select count(*)::int from earlier where id not in (select id from members)) "left"
     from members`,
    [day, zone, since],
  );
  return row ?? { members: 0, corporate: 0, associate: 0, women: 0, joined: 0, left: 0 };
}

/** Digests sent and answers given. Index: digest_once_for_an_occurrence. */
export async function mailedIn(manager: EntityManager, { from, to }: Period, zone: string): Promise<{ digests: number; notForMe: number }> {
  const [row] = await manager.query<{ digests: number; notForMe: number }[]>(
    `select (select count(*)::int from occurrence oc join digest d on d.occurrence_id = oc.id and d.state = 'sent' where oc.local_date between $1::date and $2::date) digests,
       (select count(*)::int from feedback where (at at time zone $3)::date between $1::date and $2::date) "notForMe"`,
    [from, to, zone],
  );
  return row ?? { digests: 0, notForMe: 0 };
}
