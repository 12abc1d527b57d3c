import type { EntityManager } from 'typeorm';
import { platformsOf } from '../nomenclature/sectors.js';
import type { Period } from '../nomenclature/units.js';
import { wordsOf } from '../nomenclature/words.js';
import type { Texts } from '../language/language.js';
import type { OpportunityKind } from '../statement/kinds.js';
import { lineFactsOf, textsOf } from './scoring/texts.js';
import type { FirmFacts, LineFacts, OpportunityFacts, Score } from './scoring/facts.js';

/** Only one computation at a time reads facts and writes matches, so what is written was true when it was written. */
const MATCHING_LOCK = 7_263_002;

export const lockMatching = (manager: EntityManager): Promise<unknown> => manager.query('select pg_advisory_xact_lock($1)', [MATCHING_LOCK]);

interface LineRow {
  side: 'offer' | 'need';
  text: string;
  hs: string[];
  isic: string[];
  guessed_hs: string[];
  guessed_isic: string[];
  capacity: number | null;
  unit: string | null;
  period: Period | null;
  months: number[];
  certificates: string[];
}
interface FirmRow {
  id: string;
  revision: number;
  status: string;
  valid_until: string | null;
  sectors: string[];
  seeks: OpportunityKind[];
  markets: string[];
  certificates: string[];
  excluded_countries: string[];
  excluded_kinds: OpportunityKind[];
  excluded_words: string[];
  lines: LineRow[];
}

/** Facts of one firm (primary key) or of all admitted ones (index: firm_status). */
export async function firmFacts(manager: EntityManager, firmId?: string): Promise<FirmFacts[]> {
  const rows = await manager.query<FirmRow[]>(
    `select f.id, f.revision, f.status, f.membership_valid_until::text valid_until, f.sectors, f.seeks, f.markets, f.certificates,
            f.excluded_countries, f.excluded_kinds, f.excluded_words,
            coalesce((select json_agg(l order by l.side, l.position) from firm_line l where l.firm_id = f.id), '[]') lines
     from firm f where ${firmId ? 'f.id = $1' : `f.status = 'admitted' and $1::uuid is null`} order by f.id`,
    [firmId ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    revision: row.revision,
    admitted: row.status === 'admitted',
    validUntil: row.valid_until,
    sectors: row.sectors,
    seeks: row.seeks,
    markets: row.markets,
    platforms: platformsOf({ hs: row.lines.flatMap((l) => [...l.hs, ...l.guessed_hs]), isic: row.lines.flatMap((l) => [...l.isic, ...l.guessed_isic]) }),
    certificates: row.certificates,
    excludedCountries: row.excluded_countries,
    excludedKinds: row.excluded_kinds,
    excludedWords: row.excluded_words.flatMap((word) => [...wordsOf(word).keys()]),
    offers: row.lines.filter((l) => l.side === 'offer').map(lineFacts),
    needs: row.lines.filter((l) => l.side === 'need').map(lineFacts),
  }));
}

const lineFacts = (row: LineRow): LineFacts =>
  lineFactsOf({
    text: row.text,
    hs: row.hs,
    isic: row.isic,
    guessedHs: row.guessed_hs,
    guessedIsic: row.guessed_isic,
    months: row.months,
    certificates: row.certificates,
    ...(row.capacity && row.unit && row.period ? { capacity: { amount: row.capacity, unit: row.unit, period: row.period } } : {}),
  });

interface OpportunityRow {
  id: string;
  revision: number;
  kind: OpportunityKind;
  status: string;
  open_until: string | null;
  firm_id: string | null;
  hs: string[];
  isic: string[];
  guessed_hs: string[];
  guessed_isic: string[];
  sectors: string[];
  country: string;
  platforms: string[];
  certificates: string[];
  delivery_months: number[];
  quantity: number | null;
  unit: string | null;
  period: Period | null;
  title: Texts;
  summary: Texts;
}

/** Facts of one opportunity (primary key) or of all that are open (index: opportunity_open). */
export async function opportunityFacts(manager: EntityManager, today: string, opportunityId?: string): Promise<OpportunityFacts[]> {
  const rows = await manager.query<OpportunityRow[]>(
    `select id, revision, kind, status, open_until::text, firm_id, hs, isic, guessed_hs, guessed_isic, sectors, country, platforms, certificates, delivery_months,
            quantity, unit, period, title, summary
     from opportunity where ${opportunityId ? 'id = $1' : `status = 'published' and $1::uuid is null`} order by id`,
    [opportunityId ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    revision: row.revision,
    kind: row.kind,
    open: row.status === 'published' && row.open_until !== null && row.open_until >= today,
    ownFirmId: row.firm_id,
    hs: row.hs,
    isic: row.isic,
    sectors: row.sectors,
    country: row.country,
    platforms: row.platforms,
    certificates: row.certificates,
    deliveryMonths: row.delivery_months,
    titles: Object.values(row.title).map((title) => new Set(wordsOf(title).keys())),
    texts: textsOf({ title: row.title, summary: row.summary, hs: [...row.hs, ...row.guessed_hs], isic: [...row.isic, ...row.guessed_isic] }),
    ...(row.quantity && row.unit ? { quantity: { amount: row.quantity, unit: row.unit, period: row.period } } : {}),
  }));
}

/** A computed pair, with the revisions of both sides it was computed from. */
export interface Computed extends Score {
  readonly firmId: string;
  readonly firmRevision: number;
  readonly opportunityId: string;
  readonly opportunityRevision: number;
}

/** How many matches are kept for each firm and for each opportunity. */
export const KEPT = 200;

/**
 * Replaces all matches of one side by the computed ones, then drops what is beyond the best {@link KEPT} of both its firm and its opportunity.
 * Indexes: match_of_firm, match_of_opportunity.
 */
export async function storeMatches(
  manager: EntityManager,
  side: 'firm' | 'opportunity',
  of: { id: string; revision: number },
  matches: readonly Computed[],
  engine: string,
  now: Date,
): Promise<void> {
  const other = side === 'firm' ? 'opportunity' : 'firm';
  await manager.query(
    `with given as (
       select * from jsonb_to_recordset($2) as g ("firmId" uuid, "opportunityId" uuid, score real, evidence jsonb, blockers jsonb, "firmRevision" int, "opportunityRevision" int)
     ), gone as (
       delete from match where ${side}_id = $1 and ${other}_id not in (select "${other}Id" from given)
     )
     insert into match (firm_id, opportunity_id, score, evidence, blockers, engine, firm_revision, opportunity_revision, computed_at)
     select "firmId", "opportunityId", score, evidence, blockers, $3, "firmRevision", "opportunityRevision", $4 from given
     on conflict (firm_id, opportunity_id) do update set score = excluded.score, evidence = excluded.evidence, blockers = excluded.blockers,
       engine = excluded.engine, firm_revision = excluded.firm_revision, opportunity_revision = excluded.opportunity_revision, computed_at = excluded.computed_at`,
    [of.id, JSON.stringify(matches), engine, now],
  );
  await manager.query(
    `with near as (
       select m.firm_id, m.opportunity_id,
         row_number() over (partition by m.firm_id order by m.score desc, m.opportunity_id) of_firm,
         row_number() over (partition by m.opportunity_id order by m.score desc, m.firm_id) of_opportunity
       from match m where m.${side}_id = $1 or m.${other}_id in (select ${other}_id from match where ${side}_id = $1)
     )
     delete from match m using near n
     where m.firm_id = n.firm_id and m.opportunity_id = n.opportunity_id and n.of_firm > $2 and n.of_opportunity > $2 and m.${side}_id = $1`,
    [of.id, KEPT],
  );
  await manager.query(
    `insert into match_state (side, id, revision, engine, computed_at) values ($1, $2, $3, $4, $5)
     on conflict (side, id) do update set revision = excluded.revision, engine = excluded.engine, computed_at = excluded.computed_at`,
    [side, of.id, of.revision, engine, now],
  );
}

/**
 * Firms and opportunities whose matches are behind their revision or the engine, and firms whose membership has lapsed since: their matches
 * must say so. Primary keys on both sides.
 * @param today local calendar day in `zone`
 */
export async function owedMatching(
  manager: EntityManager,
  engine: string,
  today: string,
  zone: string,
  limit: number,
): Promise<{ side: 'firm' | 'opportunity'; id: string }[]> {
  return manager.query(
    `select 'firm' side, f.id from firm f left join match_state s on s.side = 'firm' and s.id = f.id
       where s.id is null or s.revision <> f.revision or s.engine <> $1
         or (f.membership_valid_until < $3::date and (s.computed_at at time zone $4)::date <= f.membership_valid_until)
     union all
     select 'opportunity', o.id from opportunity o left join match_state s on s.side = 'opportunity' and s.id = o.id
       where o.status in ('published', 'closed') and (s.id is null or s.revision <> o.revision or s.engine <> $1)
     order by 1, 2 limit $2`,
    [engine, limit, today, zone],
  );
}
