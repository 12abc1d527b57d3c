import type { EntityManager } from 'typeorm';
import { clientOf, copyLines, escaped } from '../database/copy.js';
import type { Epoch } from './scoring/epoch.js';
import type { Score } from './scoring/facts.js';

/** A computed pair, with the revisions of both sides it was computed from. */
export interface Computed extends Score {
  readonly firmId: string;
  readonly firmRevision: number;
  readonly opportunityId: string;
  readonly opportunityRevision: number;
}

/** One side whose pairs have all been computed. */
export interface Done {
  readonly id: string;
  readonly revision: number;
  /** Pairs that are worth keeping, but are among the best of neither side. */
  readonly leftOut: number;
}

/** What a computation was made with; recorded with every match. */
export interface Made {
  readonly engine: string;
  readonly epoch: number;
  readonly at: Date;
}

/** How many matches are kept for each firm and for each opportunity. */
export const KEPT = 200;

/** What has changed since an earlier look, and up to where this look has seen everything. */
export interface Changes {
  /** Every transaction below this has ended and been seen. */
  readonly seen: string;
  readonly epoch: number;
  readonly changed: readonly { readonly side: 'firm' | 'opportunity'; readonly id: string; readonly revision: number | null }[];
}

/**
 * What any transaction touched that had not ended at the earlier look: late commits are not missed, some rows come twice. A revision of null is
 * a row that is gone. Index: match_change_since; then primary keys.
 */
export async function changesSince(manager: EntityManager, seen: string): Promise<Changes> {
  const [row] = await manager.query<[Changes]>(
    `select pg_snapshot_xmin(pg_current_snapshot())::text seen, (select coalesce(max(id), 0) from match_epoch) epoch,
       coalesce((select json_agg(json_build_object('side', c.side, 'id', c.id, 'revision',
           case c.side when 'firm' then (select revision from firm where id = c.id) else (select revision from opportunity where id = c.id) end))
         from match_change c where c.changed >= $1::xid8), '[]') changed`,
    [seen],
  );
  return row;
}

/** The weights that are frozen now; null before the first time. Primary key. */
export async function latestEpoch(manager: EntityManager): Promise<Epoch | null> {
  const [row] = await manager.query<{ weights: Epoch }[]>('select weights from match_epoch order by id desc limit 1');
  return row?.weights ?? null;
}

/** @returns its number */
export async function saveEpoch(manager: EntityManager, epoch: Epoch, now: Date): Promise<number> {
  const [row] = await manager.query<[{ id: number }]>('insert into match_epoch (weights, made_at) values ($1, $2) returning id', [JSON.stringify(epoch), now]);
  return row.id;
}

/** After a restore from a dump the marks may lie in the future of this server's transactions: they are brought back to the present, once. */
export const changesOfThisServer = (manager: EntityManager): Promise<unknown> =>
  manager.query('update match_change set changed = pg_current_xact_id() where changed > pg_current_xact_id()');

/** Ids of admitted firms, a page at a time. Index: primary key of firm. */
export async function admittedFirms(manager: EntityManager, after: string | null, limit: number): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `select id from firm where status = 'admitted' and id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by id limit $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/** How many admitted firms there are, and how many of them are computed with this engine and epoch at their revision. Index: firm_status. */
export async function howFar(manager: EntityManager, engine: string, epoch: number): Promise<{ total: number; done: number }> {
  const [row] = await manager.query<[{ total: number; done: number }]>(
    `select count(*)::int total, count(*) filter (where s.revision = f.revision and s.engine = $1 and s.epoch = $2)::int done
     from firm f left join match_state s on s.side = 'firm' and s.id = f.id where f.status = 'admitted'`,
    [engine, epoch],
  );
  return row;
}

/** Ids of firms that are behind, a page at a time, in the order of ids. Primary keys. */
export async function firmsBehind(manager: EntityManager, engine: string, epoch: number, after: string, limit: number): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `select f.id from firm f left join match_state s on s.side = 'firm' and s.id = f.id
     where f.id > $3 and (s.id is null or s.revision <> f.revision or s.engine <> $1 or s.epoch <> $2) order by f.id limit $4`,
    [engine, epoch, after, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Notes, before all firms are computed, which revision of an opportunity that is behind they will find: below zero, so that it stays owed until
 * {@link markHeld}. Primary keys.
 */
export const beginAnew = (manager: EntityManager): Promise<unknown> =>
  manager.query(
    `insert into match_state as s (side, id, revision, engine, computed_at)
     select 'opportunity', id, -revision, '', now() from opportunity where status in ('published', 'closed')
     on conflict (side, id) do update set revision = excluded.revision where s.revision <> -excluded.revision`,
  );

/** An opportunity that is behind. */
export interface OpportunityBehind {
  readonly id: string;
  readonly revision: number;
  /** Whether every firm has been held against it at this revision. */
  readonly held: boolean;
  /** How many matches it has. */
  readonly stored: number;
}

/** All opportunities that are behind, when all firms have been computed. Primary key; index: match_of_opportunity. */
export const opportunitiesBehind = (manager: EntityManager, engine: string, epoch: number): Promise<OpportunityBehind[]> =>
  manager.query(
    `select o.id, o.revision, coalesce(abs(s.revision) = o.revision, false) held, (select count(*)::int from match m where m.opportunity_id = o.id) stored
     from opportunity o left join match_state s on s.side = 'opportunity' and s.id = o.id
     where o.status in ('published', 'closed') and (s.id is null or s.revision <> o.revision or s.engine <> $1 or s.epoch <> $2) order by o.id`,
    [engine, epoch],
  );

/** Ids of published opportunities. Index: opportunity_open. */
export async function publishedOpportunities(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(`select id from opportunity where status = 'published' order by id`);
  return rows.map(({ id }) => id);
}

/**
 * Keeps both sides as they are until the transaction ends; one that has changed since its snapshot fails it (40001), to be tried anew.
 * Primary keys, firms first, in the order of ids.
 */
export async function holdSides(manager: EntityManager, firms: readonly string[], opportunities: readonly string[]): Promise<void> {
  await manager.query('select 1 from firm where id = any($1::uuid[]) order by id for share', [firms]);
  await manager.query('select 1 from opportunity where id = any($1::uuid[]) order by id for share', [opportunities]);
}

/**
 * Of these pairs, those that are not among the firm's best {@link KEPT}, by what is stored. Index: match_of_firm.
 * @returns positions in the list
 */
export async function beyondFirmsBest(
  manager: EntityManager,
  pairs: readonly { readonly firmId: string; readonly opportunityId: string; readonly score: number }[],
): Promise<Set<number>> {
  const rows = await manager.query<{ at: number }[]>(
    `select (g.at - 1)::int at from unnest($1::uuid[], $2::float8[], $3::uuid[]) with ordinality g (firm_id, score, opportunity_id, at)
     where (select count(*) from (select 1 from match m where m.firm_id = g.firm_id and m.score >= g.score and m.opportunity_id <> g.opportunity_id
              and (m.score > g.score or m.opportunity_id < g.opportunity_id) limit $4) better) >= $4`,
    [pairs.map((p) => p.firmId), pairs.map((p) => p.score), pairs.map((p) => p.opportunityId), KEPT],
  );
  return new Set(rows.map(({ at }) => at));
}

/**
 * Puts computed pairs where {@link storeMatches} finds them: in a table of this transaction's own. They are computed as they are asked for, so that no more
 * than one is there at a time.
 */
export async function giveMatches(manager: EntityManager, matches: Iterable<Computed>): Promise<void> {
  await manager.query(
    `create temp table if not exists match_given
       (firm_id uuid, opportunity_id uuid, score float8, evidence jsonb, blockers jsonb, firm_revision int, opportunity_revision int) on commit delete rows`,
  );
  await copyLines(await clientOf(manager), 'match_given', linesOf(matches));
}

function* linesOf(matches: Iterable<Computed>): Iterable<string> {
  for (const m of matches)
    yield `${m.firmId}\t${m.opportunityId}\t${m.score}\t${escaped(JSON.stringify(m.evidence))}\t${escaped(JSON.stringify(m.blockers))}\t${m.firmRevision}\t${m.opportunityRevision}`;
}

/**
 * Replaces all matches of these firms, or of this opportunity, by the given ones, and notes up to where they are computed; what is stored already stays. A
 * side that thereby loses one of its own, or has it worth less, and leaves pairs out is owed again; not so if nothing has changed but the engine or the epoch,
 * for then it is owed anyway, or has been computed by the same weights. Primary keys; indexes: match_of_firm, match_of_opportunity.
 * @param leftOut the other sides of pairs that were left out: they have to know, too
 */
export async function storeMatches(
  manager: EntityManager,
  side: 'firm' | 'opportunity',
  of: readonly Done[],
  leftOut: readonly string[],
  made: Made,
): Promise<void> {
  const other = side === 'firm' ? 'opportunity' : 'firm';
  // nobody knows how many rows a temporary table has: left alone, the planner reads all matches
  await manager.query('set local enable_seqscan = off');
  await manager.query(
    `with changed as materialized (
       select g.id from unnest($1::uuid[], $5::int[]) as g (id, revision) left join match_state s on s.side = '${side}' and s.id = g.id
       where abs(s.revision) is distinct from g.revision
     ), gone as (
       delete from match m where m.${side}_id = any($1::uuid[])
         and not exists (select 1 from match_given g where g.firm_id = m.firm_id and g.opportunity_id = m.opportunity_id)
       returning m.*
     ), fresh as materialized (
       select g.*, m.score was, m.engine, m.epoch
       from match_given g left join match m on m.firm_id = g.firm_id and m.opportunity_id = g.opportunity_id and m.${side}_id = any($1::uuid[])
       where (m.score, m.evidence, m.blockers, m.engine, m.epoch, m.firm_revision, m.opportunity_revision)
         is distinct from (g.score, g.evidence, g.blockers, $2, $3, g.firm_revision, g.opportunity_revision)
     ), lost as (
       select ${other}_id id, ${side}_id by, engine, epoch from gone union all select ${other}_id, ${side}_id, engine, epoch from fresh where was > score
     ), fewer as (
       update match_state set revision = 0 where side = '${other}' and revision <> 0 and (left_out > 0 or engine <> $2 or epoch <> $3)
         and id in (select id from lost where (engine = $2 and epoch = $3) or by in (select id from changed))
     )
     insert into match as m (firm_id, opportunity_id, score, evidence, blockers, engine, epoch, firm_revision, opportunity_revision, computed_at)
     select firm_id, opportunity_id, score, evidence, blockers, $2, $3, firm_revision, opportunity_revision, $4 from fresh
     on conflict (firm_id, opportunity_id) do update set score = excluded.score, evidence = excluded.evidence, blockers = excluded.blockers, engine = excluded.engine,
       epoch = excluded.epoch, firm_revision = excluded.firm_revision, opportunity_revision = excluded.opportunity_revision, computed_at = excluded.computed_at`,
    [of.map(({ id }) => id), made.engine, made.epoch, made.at, of.map(({ revision }) => revision)],
  );
  if (leftOut.length)
    await manager.query(`update match_state set left_out = 1 where side = $1 and id = any($2::uuid[]) and left_out = 0 and engine = $3 and epoch = $4`, [
      other,
      leftOut,
      made.engine,
      made.epoch,
    ]);
  await markMatched(manager, side, of, made);
}

/** Notes up to which revision, engine and epoch the matches of these are computed. Primary key. */
async function markMatched(manager: EntityManager, side: 'firm' | 'opportunity', of: readonly Done[], made: Made): Promise<void> {
  await manager.query(
    `insert into match_state (side, id, revision, left_out, engine, epoch, computed_at)
     select $1, id, revision, left_out, $5, $6, $7 from unnest($2::uuid[], $3::int[], $4::int[]) as g (id, revision, left_out)
     on conflict (side, id) do update set revision = excluded.revision, left_out = excluded.left_out, engine = excluded.engine, epoch = excluded.epoch,
       computed_at = excluded.computed_at`,
    [side, of.map((d) => d.id), of.map((d) => d.revision), of.map((d) => d.leftOut), made.engine, made.epoch, made.at],
  );
}

/** The same of opportunities with which all firms have been held; one that has lost a match meanwhile stays owed. Primary key. */
export async function markHeld(manager: EntityManager, of: readonly Done[], made: Made): Promise<void> {
  await manager.query(
    `update match_state s set revision = g.revision, left_out = g.left_out, engine = $4, epoch = $5, computed_at = $6
     from unnest($1::uuid[], $2::int[], $3::int[]) as g (id, revision, left_out) where s.side = 'opportunity' and s.id = g.id and abs(s.revision) = g.revision`,
    [of.map((d) => d.id), of.map((d) => d.revision), of.map((d) => d.leftOut), made.engine, made.epoch, made.at],
  );
}

/**
 * Firms and opportunities whose matches are behind their revision, the engine or the epoch, and firms whose membership has lapsed since: their
 * matches must say so. Primary keys on both sides.
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
    `with current as (select coalesce(max(id), 0) epoch from match_epoch)
     select 'firm' side, f.id from current cross join firm f left join match_state s on s.side = 'firm' and s.id = f.id
       where s.id is null or s.revision <> f.revision or s.engine <> $1 or s.epoch <> current.epoch
         or (f.membership_valid_until < $3::date and (s.computed_at at time zone $4)::date <= f.membership_valid_until)
     union all
     select 'opportunity', o.id from current cross join opportunity o left join match_state s on s.side = 'opportunity' and s.id = o.id
       where o.status in ('published', 'closed') and (s.id is null or s.revision <> o.revision or s.engine <> $1 or s.epoch <> current.epoch)
     order by 1, 2 limit $2`,
    [engine, limit, today, zone],
  );
}

/** Keeps the list of what is owed in step: what is new on it is dated, what is off it forgotten. Primary key. */
export async function seeOwedMatching(manager: EntityManager, owed: readonly { side: string; id: string }[], now: Date): Promise<void> {
  await manager.query(
    `with owed as (select side, id from jsonb_to_recordset($1) as o (side text, id uuid)),
          gone as (delete from matching_owed m where not exists (select 1 from owed o where o.side = m.side and o.id = m.id))
     insert into matching_owed (side, id, seen_at) select side, id, $2 from owed on conflict do nothing`,
    [JSON.stringify(owed), now],
  );
}
