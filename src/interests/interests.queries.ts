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
const JOINS = `
  left join interest i on i.firm_id = $1 and i.opportunity_id = o.id and i.state = 'expressed'
  left join feedback f on f.firm_id = $1 and f.opportunity_id = o.id
  left join saved s on s.firm_id = $1 and s.opportunity_id = o.id`;

/**
 * What a firm has answered to these opportunities; those without an answer are not in the map. Indexes: interest_once, keys of feedback and saved.
 * @param query runs it: in a transaction, or prepared
 */
export async function answersAbout(
  query: <Row>(text: string, values: unknown[]) => Promise<Row[]>,
  firmId: string,
  opportunityIds: readonly string[],
): Promise<Map<string, Answers>> {
  const rows = await query<AnswersRow>(
    `select o.id opportunity_id, ${COLUMNS} from opportunity o ${JOINS}
     where o.id = any($2) and (i.at is not null or f.at is not null or s.at is not null)`,
    [firmId, opportunityIds],
  );
  return new Map(rows.map((row) => [row.opportunity_id, answersOf(row)]));
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
       select o.id opportunity_id, greatest(i.at, f.at, s.at) latest, ${COLUMNS} from opportunity o ${JOINS}
       where o.id in (select opportunity_id from interest where firm_id = $1 and state = 'expressed'
                      union select opportunity_id from feedback where firm_id = $1 union select opportunity_id from saved where firm_id = $1)
     ) a
     where $2::timestamptz is null or latest < $2 or (latest = $2 and opportunity_id > $3)
     order by latest desc, opportunity_id limit $4`,
    [firmId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map((row) => ({ opportunityId: row.opportunity_id, latest: row.latest, answers: answersOf(row) }));
}

/** Everything a firm has answered with yes or no, as facts about the opportunities. Indexes: interest_once, feedback's key. */
export async function answeredFacts(source: DataSource, firmId: string): Promise<Answered[]> {
  return prepared(
    source,
    `select f.reason, o.country, o.hs from feedback f join opportunity o on o.id = f.opportunity_id where f.firm_id = $1
     union all
     select null, o.country, o.hs from interest i join opportunity o on o.id = i.opportunity_id where i.firm_id = $1 and i.state = 'expressed'`,
    [firmId],
  );
}
