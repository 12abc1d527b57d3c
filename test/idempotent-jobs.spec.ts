import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DigestsService } from '../src/digests/digests.service.js';
import { type JobName, JOBS } from '../src/jobs/jobs.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { type House, MEETING_DAY, memberFirm, openHouse, publishedLead, signedIn } from './support/house.js';
import { Sink } from './support/sink.js';

/** Five past eight in Karachi on a Tuesday: the weekly digest has just fallen due. */
const EIGHT = new Date('2026-11-24T03:05:00Z');

let sink: Sink;
let house: House;

beforeEach(async () => {
  sink = await Sink.open();
});
afterEach(async () => {
  await house.close();
  await sink.close();
});

/** A chamber in which every job has something to do; no worker runs. */
async function chamber(name: JobName): Promise<Readonly<Record<string, unknown>>> {
  house = await openHouse({ relayUrl: sink.url, work: false });
  const { firmId, member } = await memberFirm(house);
  await memberFirm(house);
  const curator = await signedIn(house, 'curator');
  const opportunityId = await publishedLead(curator);
  house.clock.set(EIGHT);
  await house.source.query(`insert into session (id_hash, data, expires_at) values ('old', '{}', '2026-01-01')`);
  let occurrenceId = randomUUID();
  if (name === 'digests.deliver') {
    await house.get(MatchingService).matchOpportunity(opportunityId);
    await house.get(DigestsService).plan();
    occurrenceId = (await house.source.query<{ id: typeof occurrenceId }[]>('select id from occurrence'))[0]!.id;
  }
  if (name === 'mail.introductions' || name === 'introductions.clock') {
    const { reference } = (await curator.get(`/api/v1/desk/opportunities/${opportunityId}`)).json() as { reference: string };
    await member.post(`/api/v1/firms/${firmId}/opportunities/${reference}/interest`, {});
    const [introduction] = await house.source.query<{ id: string }[]>('select id from introduction');
    await curator.post(`/api/v1/desk/introductions/${introduction!.id}`, { do: 'approve' });
    // half of the time to answer has gone by
    if (name === 'introductions.clock') house.clock.set(new Date(EIGHT.getTime() + 4 * 86_400_000));
  }
  if (name === 'opportunities.expire') await house.source.query(`update opportunity set open_until = '2026-11-01'`);
  let dayId = randomUUID();
  if (name === 'meetings.plan') {
    ({ id: dayId } = (await curator.post('/api/v1/desk/meetings', MEETING_DAY)).json());
    for (const attendee of [{ firmId }, { opportunityId }]) await curator.post(`/api/v1/desk/meetings/${dayId}/attendees`, attendee);
    await curator.post(`/api/v1/desk/meetings/${dayId}/timetable`, { do: 'propose' });
  }
  return { firmId, opportunityId, occurrenceId, chunk: 0, dayId };
}

/** Every row of every table but the queues', which carry wake-ups and nothing else; of a canary only that it sang, for the time is all that it leaves. */
async function everything(): Promise<Record<string, unknown>> {
  const tables = await house.source.query<{ name: string }[]>(`select tablename "name" from pg_tables where schemaname = 'public' order by 1`);
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [row] = await house.source.query<{ rows: unknown }[]>(
      `select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text), '[]') rows from "${name}" t`,
    );
    found[name] = name === 'canary' ? (row?.rows as { queue: string }[]).map(({ queue }) => queue) : row?.rows;
  }
  return found;
}

describe('a job run three times does what it does once', () => {
  it.each(Object.keys(JOBS) as JobName[])('%s', async (name) => {
    const ids = await chamber(name);
    const wanted = Object.keys(JOBS[name].payload.shape);
    expect(Object.keys(ids)).toEqual(expect.arrayContaining(wanted));
    const job = { name, data: Object.fromEntries(wanted.map((key) => [key, ids[key]])) };
    const before = await everything();

    await house.worker.run(job);
    const once = await everything();
    const mails = sink.offered.length;
    expect(once).not.toEqual(before);
    for (let again = 2; again <= 3; again++) {
      await house.worker.run(job);
      expect(await everything()).toEqual(once);
      expect(sink.offered).toHaveLength(mails);
    }
  });
});
