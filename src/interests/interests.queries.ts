import type { DataSource, EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import type { FeedbackReason } from './interest.entity.js';
import type { Answered } from './proposals.js';

/**
 * SQL: whether a firm has answered an opportunity, so that it need not be told of it again. Interest settles it for good; so does *not for me*, except
 * where quantity or time was in the way and that is what has changed since. Indexes: interest_once, feedback's key.
 * @param firm an expression for the firm's id
 * @param o the alias of the opportunity
 */
export const answered = (firm: string, o: string): string =>
  `(exists (select 1 from interest a where a.firm_id = ${firm} and a.opportunity_id = ${o}.id and a.state = 'expressed')
    or exists (select 1 from feedback a where a.firm_id = ${firm} and a.opportunity_id = ${o}.id
               and (a.reason not in ('quantity', 'too-late') or a.material_revision >= ${o}.material_revision)))`;

/** All that a firm has answered to one opportunity. Interest and feedback exclude each other. */
export interface Answers {
  readonly interest: { readonly sentence: string; readonly at: Date } | null;
  readonly feedback: { readonly reason: FeedbackReason; readonly text: string; readonly at: Date } | null;
  readonly savedAt: Date | null;
}
export const NO_ANSWERS: Answers = { interest: null, feedback: null, savedAt: null };

interface AnswersRow {
  readonly opportunity_id: string;
  readonly latest: Date;
  readonly sentence: string | null;
  readonly interest_at: Date | null;
  readonly reason: FeedbackReason | null;
  readonly text: string | null;
  readonly feedback_at: Date | null;
  readonly saved_at: Date | null;
}

const answersOf = (row: AnswersRow): Answers => ({
  interest: row.interest_at && { sentence: row.sentence ?? '', at: row.interest_at },
  feedback: row.feedback_at && row.reason && { reason: row.reason, text: row.text ?? '', at: row.feedback_at },
  savedAt: row.saved_at,
});

const COLUMNS = `i.sentence, i.at interest_at, f.reason, f.text, f.at feedback_at, s.at saved_at`;
const joins = (firm: string, opportunity: string): string => `
  left join interest i on i.firm_id = ${firm} and i.opportunity_id = ${opportunity} and i.state = 'expressed'
  left join feedback f on f.firm_id = ${firm} and f.opportunity_id = ${opportunity}
  left join saved s on s.firm_id = ${firm} and s.opportunity_id = ${opportunity}`;

/** A firm and an opportunity. */
export type Pair = readonly [firmId: string, opportunityId: string];

/**
 * What firms have answered to opportunities, pair by pair; undefined where nothing. Indexes: interest_once, keys of feedback and saved.
 * @param query runs it: in a transaction, or prepared
 */
export async function answersAbout(query: <Row>(text: string, values: unknown[]) => Promise<Row[]>, pairs: readonly Pair[]): Promise<(Answers | undefined)[]> {
  const rows = await query<AnswersRow & { readonly n: number }>(
    `select k.n::int, ${COLUMNS} from unnest($1::uuid[], $2::uuid[]) with ordinality k (firm_id, opportunity_id, n) ${joins('k.firm_id', 'k.opportunity_id')}
     where i.at is not null or f.at is not null or s.at is not null`,
    [pairs.map(([firmId]) => firmId), pairs.map(([, opportunityId]) => opportunityId)],
  );
  const answers: (Answers | undefined)[] = pairs.map(() => undefined);
  for (const row of rows) answers[row.n - 1] = answersOf(row);
  return answers;
}

/** The opportunities that a firm has answered, latest answer first. Indexes: interest_once, keys of feedback and saved. */
export async function answersOfFirm(
  manager: EntityManager,
  firmId: string,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<{ opportunityId: string; latest: Date; answers: Answers }[]> {
  const rows = await manager.query<AnswersRow[]>(
    `select * from (
       select o.id opportunity_id, greatest(i.at, f.at, s.at) latest, ${COLUMNS} from opportunity o ${joins('$1', 'o.id')}
       where o.id in (select opportunity_id from interest where firm_id = $1 and state = 'expressed'
                      union select opportunity_id from feedback where firm_id = $1 union select opportunity_id from saved where firm_id = $1)
     ) a
     where $2::timestamptz is null or latest < $2 or (latest = $2 and opportunity_id > $3)
     order by latest desc, opportunity_id limit $4`,
    [firmId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map((row) => ({ opportunityId: row.opportunity_id, latest: row.latest, answers: answersOf(row) }));
}

/** Everything that firms have answered with yes or no, as facts about the opportunities. Indexes: interest_once, feedback's key. */
export async function answeredFacts(source: DataSource, firmIds: readonly string[]): Promise<Map<string, Answered[]>> {
  const rows = await prepared<Answered & { readonly firmId: string }>(
    source,
    `select f.firm_id "firmId", f.reason, o.country, o.hs from feedback f join opportunity o on o.id = f.opportunity_id where f.firm_id = any($1)
     union all
     select i.firm_id, null, o.country, o.hs from interest i join opportunity o on o.id = i.opportunity_id where i.firm_id = any($1) and i.state = 'expressed'`,
    [firmIds],
  );
  const byFirm = new Map<string, Answered[]>(firmIds.map((id) => [id, []]));
  for (const row of rows) byFirm.get(row.firmId)?.push(row);
  return byFirm;
}
