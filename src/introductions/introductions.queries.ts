import type { EntityManager } from 'typeorm';
import type { Language, Texts } from '../language/language.js';
import type { Holiday } from './holidays.js';
import { HOLDING, type Introduction, type Member, type Owed, PLACES, type Report, type State } from './introduction.js';

/** An introduction as it is stored. */
export interface Stored extends Introduction {
  readonly id: string;
  readonly opportunityId: string;
  readonly sentence: string;
  readonly version: number;
}

interface StoredRow extends Omit<Stored, 'report'> {
  readonly outcome: Report['outcome'] | null;
  readonly value: string | null;
  readonly currency: string | null;
  readonly proof: string | null;
}

const COLUMNS = `
  i.id, i.opportunity_id "opportunityId", i.state, i.ending, i.ended_by "endedBy", i.reason, i.sentence, i.since::text, i.nudges, i.next_on::text "nextOn",
  i.asked_on::text "askedOn", i.answered_on::text "answeredOn", i.released_on::text "releasedOn", i.outcome, i.outcome_value value, i.outcome_currency currency,
  i.outcome_proof proof, i.outcome_by "reportedBy", i.version,
  (select jsonb_agg(jsonb_build_object('firmId', m.firm_id, 'agreed', m.agreed) order by m.position) from introduction_member m where m.introduction_id = i.id) members`;

function storedOf<R extends StoredRow>({ outcome, value, currency, proof, ...row }: R) {
  const report: Report | null = outcome && {
    outcome,
    ...(value !== null && currency !== null ? { value: Number(value), currency } : {}),
    ...(proof ? { proof } : {}),
  };
  return { ...row, report };
}

/** One introduction; null where there is none. */
export async function introductionOf(manager: EntityManager, id: string): Promise<Stored | null> {
  const [row] = await manager.query<StoredRow[]>(`select ${COLUMNS} from introduction i where i.id = $1`, [id]);
  return row ? storedOf(row) : null;
}

/** One lead's steps are made one after the other: its places are counted, and two sides that answer at once find each other. Until the transaction ends. */
export async function lockLead(manager: EntityManager, opportunityId: string): Promise<void> {
  await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`introduce ${opportunityId}`]);
}

/** The introductions of a lead and a firm, as a member of a pool too: the one on the way first, if there is one. Indexes: introduction_of_opportunity, introduction_member's key. */
export async function ofPair(manager: EntityManager, opportunityId: string, firmId: string): Promise<Stored[]> {
  const rows = await manager.query<StoredRow[]>(
    `select ${COLUMNS} from introduction i join introduction_member me on me.introduction_id = i.id and me.firm_id = $2
     where i.opportunity_id = $1 order by i.state = 'closed', i.created_at desc, i.id`,
    [opportunityId, firmId],
  );
  return rows.map(storedOf);
}

/** What waits for nobody but the house, in the order of its turn. Index: introduction_of_opportunity. */
export async function waitingOf(manager: EntityManager, opportunityId: string): Promise<Stored[]> {
  const rows = await manager.query<StoredRow[]>(
    `select ${COLUMNS} from introduction i where i.opportunity_id = $1 and i.state in ('agreed', 'queued') order by i.state, i.since, i.created_at, i.id`,
    [opportunityId],
  );
  return rows.map(storedOf);
}

const places = (i: string) =>
  `(select count(*)::int from introduction h where h.opportunity_id = ${i}.opportunity_id and h.state = any('{${HOLDING.join()}}') and h.id <> ${i}.id)`;
/** Nothing about the firms or the lead forbids the next step. `$1` is the chamber's day. */
const standing = (i: string, o: string) =>
  `(${o}.status <> 'in_review' and not exists (select 1 from introduction_member sm join firm sf on sf.id = sm.firm_id
     where sm.introduction_id = ${i}.id and (sf.status <> 'admitted' or sf.membership_valid_until < $1::date)))`;
const lead = (o: string) =>
  `(case when ${o}.closed_as in ('filled', 'withdrawn', 'fraud') then 'gone' when ${o}.status = 'closed' or ${o}.open_until < $1::date then 'expired' else 'open' end)`;

export interface Circumstances {
  readonly standing: boolean;
  readonly lead: 'open' | 'expired' | 'gone';
  readonly held: number;
  readonly country: string;
}

/** What the next step of an introduction depends on. Indexes: keys, introduction_of_opportunity. */
export async function circumstances(manager: EntityManager, id: string, today: string): Promise<Circumstances> {
  const [row] = await manager.query<Circumstances[]>(
    `select ${standing('i', 'o')} standing, ${lead('o')} lead, ${places('i')} held, o.country
     from introduction i join opportunity o on o.id = i.opportunity_id where i.id = $2`,
    [today, id],
  );
  if (!row) throw new Error(`introduction ${id} is gone`);
  return row;
}

/**
 * Introductions that time or circumstances may have moved. Indexes: introduction_next, introduction_by_state.
 * @returns at most `limit`, those with the lowest ids
 */
export async function dueIntroductions(manager: EntityManager, today: string, limit: number): Promise<{ id: string; opportunityId: string }[]> {
  return manager.query(
    `select i.id, i.opportunity_id "opportunityId" from introduction i join opportunity o on o.id = i.opportunity_id
     where i.next_on <= $1::date
        or (i.state in ('proposed', 'interested', 'queued') and ${lead('o')} <> 'open')
        or (i.state in ('asked', 'agreed') and ${lead('o')} = 'gone')
        or (i.state = 'agreed' and ${standing('i', 'o')})
        or (i.state = 'queued' and ${standing('i', 'o')} and ${places('i')} < ${PLACES})
     order by i.since, i.id limit $2`,
    [today, limit],
  );
}

/** Writes a new introduction with its firms. */
export async function insertIntroduction(
  manager: EntityManager,
  opportunityId: string,
  { state, members, since, nextOn }: Introduction,
  said: { readonly sentence: string; readonly contactId: string | null; readonly at: Date },
): Promise<string> {
  const [row] = await manager.query<{ id: string }[]>(
    `insert into introduction (opportunity_id, firm_id, state, sentence, since, next_on, created_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $7) returning id`,
    [opportunityId, members[0]?.firmId, state, said.sentence, since, nextOn, said.at],
  );
  if (!row) throw new Error('an introduction was not stored');
  for (const [position, { firmId, agreed }] of members.entries()) {
    await manager.query('insert into introduction_member (introduction_id, firm_id, position, contact_id, agreed) values ($1, $2, $3, $4, $5)', [
      row.id,
      firmId,
      position,
      said.contactId,
      agreed,
    ]);
  }
  return row.id;
}

/**
 * Writes what a step has made of an introduction, if it is still as it was read.
 * @returns false where somebody else was quicker
 */
export async function writeStep(manager: EntityManager, before: Stored, after: Introduction, at: Date): Promise<boolean> {
  const { report } = after;
  const [, changed] = await manager.query<[unknown, number]>(
    `update introduction set state = $3, ending = $4, ended_by = $5, reason = $6, since = $7, nudges = $8, next_on = $9, asked_on = $10, answered_on = $11,
       released_on = $12, outcome = $13, outcome_value = $14, outcome_currency = $15, outcome_proof = $16, outcome_by = $17, changed_at = $18, version = version + 1
     where id = $1 and version = $2`,
    [
      before.id,
      before.version,
      after.state,
      after.ending,
      after.endedBy,
      after.reason,
      after.since,
      after.nudges,
      after.nextOn,
      after.askedOn,
      after.answeredOn,
      after.releasedOn,
      report?.outcome ?? null,
      report?.value ?? null,
      report?.currency ?? null,
      report?.proof ?? null,
      after.reportedBy,
      at,
    ],
  );
  if (changed !== 1) return false;
  const agreed = (all: readonly Member[]) => all.filter((member) => member.agreed).map((member) => member.firmId);
  if (agreed(after.members).length !== agreed(before.members).length)
    await manager.query('update introduction_member set agreed = true where introduction_id = $1 and firm_id = any($2)', [before.id, agreed(after.members)]);
  return true;
}

/** Owes the mails of a step; one that is owed or sent already is not owed again. Index: introduction_mail_once. */
export async function oweMails(manager: EntityManager, id: string, members: readonly Member[], mails: readonly Owed[], at: Date): Promise<void> {
  for (const { what, to, again } of mails) {
    const firms = to === 'counterparty' ? [null] : (to === 'firm' ? members.slice(0, 1) : members).map(({ firmId }) => firmId);
    for (const firmId of firms) {
      await manager.query(
        'insert into introduction_mail (introduction_id, what, firm_id, again, created_at, next_attempt_at) values ($1, $2, $3, $4, $5, $5) on conflict do nothing',
        [id, what, firmId, again, at],
      );
    }
  }
}

// what people see --------------------------------------------------------------------------------------------------

/** How often a side has been asked, and how often it answered; of a source, what came of its leads too. */
export interface AnswerRecord {
  readonly asked: number;
  readonly answered: number;
  /** Typical days that an answer took; null where there was none. */
  readonly days: number | null;
  readonly deals: number;
}

/** An introduction with what a list of them shows. Nothing in it says where anybody can be reached. */
export interface Listed extends Stored {
  readonly reference: string;
  readonly title: Texts;
  readonly country: string;
  readonly firms: readonly { readonly id: string; readonly name: string; readonly standing: boolean }[];
  readonly createdAt: Date;
  /** Of the other side. */
  readonly counterparty: AnswerRecord;
}
type ListedRow = StoredRow & Omit<Listed, keyof Stored>;

/** Of a party's earlier introductions: both sides' answers are in time or not at all, for a late one finds the introduction closed. */
const recordWhere = (which: string) => `
  (select jsonb_build_object('asked', count(*) filter (where p.answered_on is not null or p.ending = 'no-reply'), 'answered', count(p.answered_on),
     'days', percentile_cont(0.5) within group (order by p.answered_on - p.asked_on), 'deals', count(*) filter (where p.outcome in ('order', 'joint-venture')))
   from introduction p join opportunity po on po.id = p.opportunity_id where p.asked_on is not null and ${which})`;
const sameParty = (o: string) =>
  recordWhere(`(lower(po.counterparty) = lower(${o}.counterparty) or lower(po.counterparty_email) = lower(${o}.counterparty_email))`);

const LISTED = `${COLUMNS}, i.created_at "createdAt", o.reference, o.title, o.country, ${sameParty('o')} counterparty,
  (select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'standing', f.status = 'admitted' and f.membership_valid_until >= $1::date) order by m.position)
   from introduction_member m join firm f on f.id = m.firm_id where m.introduction_id = i.id) firms`;

/** The desk's list of one state, those that wait longest first. Index: introduction_by_state. */
export async function listByState(
  manager: EntityManager,
  today: string,
  state: State,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<Listed[]> {
  const rows = await manager.query<ListedRow[]>(
    `select ${LISTED} from introduction i join opportunity o on o.id = i.opportunity_id
     where i.state = $2 and ($3::timestamptz is null or (i.created_at, i.id) > ($3, $4::uuid)) order by i.created_at, i.id limit $5`,
    [today, state, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map(storedOf);
}

/** Of one firm, the latest first; of those ids, where they are given. Indexes: introduction_member_firm, keys. */
export async function listOfFirm(manager: EntityManager, today: string, firmId: string, limit: number): Promise<Listed[]> {
  const rows = await manager.query<ListedRow[]>(
    `select ${LISTED} from introduction_member me join introduction i on i.id = me.introduction_id join opportunity o on o.id = i.opportunity_id
     where me.firm_id = $2 order by i.state = 'closed', i.changed_at desc, i.id limit $3`,
    [today, firmId, limit],
  );
  return rows.map(storedOf);
}

/** One, with what a list shows. */
export async function listed(manager: EntityManager, today: string, id: string): Promise<Listed | null> {
  const [row] = await manager.query<ListedRow[]>(`select ${LISTED} from introduction i join opportunity o on o.id = i.opportunity_id where i.id = $2`, [
    today,
    id,
  ]);
  return row ? storedOf(row) : null;
}

/** How many there are of each state. Index: introduction_by_state. */
export async function countStates(manager: EntityManager): Promise<Partial<Record<State, number>>> {
  const rows = await manager.query<{ state: State; n: number }[]>('select state, count(*)::int n from introduction group by state');
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** How the other side of a lead, and the source that the lead came from, have answered so far. */
export async function recordsOf(manager: EntityManager, opportunityId: string): Promise<{ counterparty: AnswerRecord; source: AnswerRecord }> {
  const [row] = await manager.query<{ counterparty: AnswerRecord; source: AnswerRecord }[]>(
    `select ${sameParty('o')} counterparty, ${recordWhere('po.source = o.source')} source from opportunity o where o.id = $1`,
    [opportunityId],
  );
  const none = { asked: 0, answered: 0, days: null, deals: 0 };
  return row ?? { counterparty: none, source: none };
}

/** How a firm has answered: what it was asked (proposals to it, outcomes of its introductions), and what of that it answered. Index: introduction_member_firm. */
export async function recordOfFirm(manager: EntityManager, firmId: string): Promise<AnswerRecord> {
  const [row] = await manager.query<AnswerRecord[]>(
    `select count(*)::int asked, count(*) filter (where answered)::int answered, null::int days, count(*) filter (where deal)::int deals from (
       select i.outcome in ('order', 'joint-venture') deal, i.outcome_by = 'firm' or i.ended_by = 'firm' and i.ending <> 'no-reply' answered
       from introduction_member m join introduction i on i.id = m.introduction_id
       where m.firm_id = $1 and (i.released_on is not null and (i.nudges > 0 or i.outcome is not null or i.state = 'closed')
                                 or i.ended_by = 'firm' and i.ending in ('no-reply', 'declined'))
     ) asked`,
    [firmId],
  );
  return row ?? { asked: 0, answered: 0, days: null, deals: 0 };
}

/** Where somebody can be reached. */
export interface Reach {
  readonly name: string;
  readonly firm: string;
  readonly email: string | null;
  readonly phones: readonly string[];
}

/**
 * The contacts of both sides of those introductions whose contacts are released, and of no other: the only way to them outside the desk's own pages of
 * firms and leads. Indexes: keys.
 */
export async function releasedContacts(manager: EntityManager, ids: readonly string[]): Promise<Map<string, { firm: Reach; counterparty: Reach }>> {
  const rows = await manager.query<{ id: string; firm: Reach; counterparty: Reach }[]>(
    `select i.id,
       jsonb_build_object('name', coalesce(c.name, ''), 'firm', f.name, 'email', c.email, 'phones', to_jsonb(array_remove(array[f.phone, f.whatsapp], null))) firm,
       jsonb_build_object('name', '', 'firm', o.counterparty, 'email', o.counterparty_email, 'phones', to_jsonb(array_remove(array[o.counterparty_phone], null))) counterparty
     from introduction i join firm f on f.id = i.firm_id join opportunity o on o.id = i.opportunity_id
     join introduction_member m on m.introduction_id = i.id and m.firm_id = i.firm_id
     left join lateral (select name, email from contact where firm_id = i.firm_id and confirmed_at is not null
                        order by id is not distinct from m.contact_id desc, created_at, id limit 1) c on true
     where i.released_on is not null and i.id = any($1)`,
    [ids],
  );
  return new Map(rows.map(({ id, ...both }) => [id, both]));
}

/** What an owed mail is about, and to whom it goes; the address is looked up now. */
export interface Addressed {
  readonly name: string;
  readonly email: string | null;
  readonly language: Language | null;
}

/** The contact of a firm that an introduction's mail goes to: who said it, else the first confirmed one. Index: contact_email_of_firm. */
export async function addresseeOf(manager: EntityManager, id: string, firmId: string): Promise<Addressed | null> {
  const [row] = await manager.query<Addressed[]>(
    `select c.name, c.email, c.language from introduction_member m join contact c on c.firm_id = m.firm_id and c.confirmed_at is not null
     where m.introduction_id = $1 and m.firm_id = $2 order by c.id is not distinct from m.contact_id desc, c.created_at, c.id limit 1`,
    [id, firmId],
  );
  return row ?? null;
}

/** Whether whoever has this address has asked for no mail at all. Index: suppression's key. */
export async function wantsNoMail(manager: EntityManager, email: string, today: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `select 1 from suppression where address_sha256 = encode(sha256(convert_to(lower($1), 'UTF8')), 'hex') and stream = 'all' and (until is null or until > $2::date)`,
    [email, today],
  );
  return rows.length > 0;
}

// the calendar -----------------------------------------------------------------------------------------------------

/** Public holidays, from the chamber's day on for the desk, all of them for the clocks. */
export async function holidays(manager: EntityManager, from = '0001-01-01'): Promise<Holiday[]> {
  return manager.query(
    `select id, country, name, first_day::text "firstDay", last_day::text "lastDay", confirmed from holiday where last_day >= $1::date order by first_day, country, id`,
    [from],
  );
}

/** Adds the holidays that this version of the program knows; what the desk has said of one stays. */
export async function storeHolidays(manager: Pick<EntityManager, 'query'>, known: readonly Holiday[]): Promise<void> {
  await manager.query(
    `insert into holiday (id, country, name, first_day, last_day, confirmed)
     select id, country, name, "firstDay", "lastDay", confirmed
     from jsonb_to_recordset($1) as given (id text, country text, name text, "firstDay" date, "lastDay" date, confirmed boolean) on conflict (id) do nothing`,
    [JSON.stringify(known)],
  );
}

/** Introductions that wait for an answer: their clocks depend on the calendar. Index: introduction_next. */
export async function running(manager: EntityManager): Promise<Stored[]> {
  const rows = await manager.query<StoredRow[]>(
    `select ${COLUMNS} from introduction i where i.next_on is not null and i.state in ('proposed', 'asked', 'agreed')`,
  );
  return rows.map(storedOf);
}
