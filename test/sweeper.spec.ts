import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DigestsService } from '../src/digests/digests.service.js';
import { JOBS, QUEUES, type QueueName, SCHEDULES } from '../src/jobs/jobs.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { BACKENDS, type House, openHouse, publishedLead, registration, signedIn, swept, Visitor } from './support/house.js';
import { Sink } from './support/sink.js';

const EIGHT = new Date('2026-11-24T03:05:00Z');

let sink: Sink;
let house: House;
const opened: Queue[] = [];

beforeEach(async () => {
  sink = await Sink.open();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.close()));
  await house.close();
  await sink.close();
});

/** A queue as another process would see it. */
function queue(name: QueueName): Queue {
  const made = house.queues.queue(name);
  opened.push(made);
  return made;
}

/** Everything that any queue knows is gone. */
async function loseTheQueues(): Promise<void> {
  if (house.redisUrl) {
    const client = new Redis(house.redisUrl);
    await client.flushdb();
    client.disconnect();
    return;
  }
  const client = new pg.Client({ connectionString: house.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ names: string }>(
      `select string_agg(format('bullmq.%I', tablename), ', ') names from pg_tables where schemaname = 'bullmq'`,
    );
    await client.query(`truncate ${rows[0]?.names}`);
  } finally {
    await client.end();
  }
}

const jobs = async (): Promise<number> => {
  const counts = await Promise.all(QUEUES.map((name) => queue(name).getJobCounts('waiting', 'active', 'delayed')));
  return counts.flatMap((count) => Object.values(count)).reduce((sum, n) => sum + n, 0);
};
const number = async (sql: string): Promise<number> => (await house.source.query<{ n: number }[]>(`select count(*)::int n from ${sql}`))[0]?.n ?? -1;
const owedMatching = async (): Promise<number> => (await house.get(MatchingService).owed(1000)).length;
const running = (): Promise<number> => house.get(DigestsService).running();

/** Many members at once, past the pages: admitted, confirmed and agreed. */
async function members(howMany: number): Promise<void> {
  await house.source.query(
    `with made as (
       insert into firm (name, status, membership_class, membership_valid_until, sectors, language, applied_at)
       select 'Firm ' || n, 'admitted', 'associate', '2027-03-31', '{agriculture}', 'en', $2 from generate_series(1, $1::int) n returning id, name
     ), lines as (
       insert into firm_line (firm_id, side, position, text, hs) select id, 'offer', 0, 'Dried whole red chillies', '{090421}' from made
     )
     insert into contact (firm_id, name, email, language, nonce, confirm_sent_at, confirmed_at, digest_consent_at, created_at)
     select id, name, 'person' || substr(name, 6) || '@firm.example', 'en', 'n', $2, $2, $2, $2 from made`,
    [howMany, house.clock.now()],
  );
}

describe.each(BACKENDS)('with the queues on %s', (backend) => {
  it('matching and mail that nobody was woken for are done after a sweep', async () => {
    house = await openHouse({ backend, relayUrl: sink.url, work: false });
    const curator = await signedIn(house, 'curator');
    await members(3);
    const given = registration();
    await new Visitor(house.url).post('/api/v1/firms', given);
    await publishedLead(curator);
    expect(await jobs()).toBeGreaterThan(0);
    await loseTheQueues();
    expect(await jobs()).toBe(0);
    expect([await owedMatching(), await number(`security_mail where state = 'queued'`)]).toEqual([5, 1]);

    house.worker.start();
    await swept(house, async () => (await owedMatching()) === 0, 'the matching');
    await house.until(async () => (await number(`security_mail where state = 'sent'`)) === 1, 'the mail');
    expect(await number('match')).toBe(3);
    expect(sink.accepted.map(({ to }) => to)).toEqual([given.email]);
  });

  it('runs whose queue is lost in the middle go on to their end, with one mail each', async () => {
    house = await openHouse({ backend, relayUrl: sink.url, env: { MAIL_CONNECTIONS: '2' } });
    const curator = await signedIn(house, 'curator');
    await members(9);
    await house.source.query(
      `insert into subscription (contact_id, cadence, zone, since)
       select id, (array['daily', 'weekly', 'fortnightly'])[1 + (row_number() over ()) % 3], 'Asia/Karachi', created_at from contact`,
    );
    await publishedLead(curator);
    await house.until(async () => (await number('match')) === 9, 'the matching');
    sink.otherwise = 'hold';
    house.clock.set(EIGHT);
    await house.get(DigestsService).plan();
    // two runs are in hand, the third waits
    await house.until(async () => sink.holding === 2 && (await number(`digest where state = 'queued'`)) === 3, 'two hand-overs at once');
    await loseTheQueues();
    sink.otherwise = 'accept';
    sink.release();
    await swept(house, async () => (await number(`occurrence where completed_at is not null`)) === 3, 'the runs');
    expect(await running()).toBe(0);
    expect(await number(`digest where state = 'sent' and attempts = 1`)).toBe(9);
    const people = sink.accepted.map(({ to }) => to);
    expect([people.length, new Set(people).size]).toEqual([9, 9]);
  });

  it('what was owed at the stop of a worker is done by the next, even without its queue', async () => {
    house = await openHouse({ backend, relayUrl: sink.url });
    const curator = await signedIn(house, 'curator');
    await members(2);
    await publishedLead(curator);
    await house.until(async () => (await number('match')) === 2, 'the matching');
    await house.worker.stop();
    house.clock.set(EIGHT);
    await house.get(DigestsService).plan();
    await house.get(DigestsService).plan();
    await loseTheQueues();
    expect(await running()).toBe(2);
    house.worker.start();
    await swept(house, async () => (await running()) === 0, 'the run');
    expect(sink.accepted.map(({ to }) => to).sort()).toEqual(['person1@firm.example', 'person2@firm.example']);
    await house.worker.sweep();
    expect(await number('occurrence where completed_at is not null')).toBe(1);
  });

  it('the schedules come back with the time zone of the chamber', async () => {
    house = await openHouse({ backend, relayUrl: sink.url, work: false });
    const names = Object.keys(SCHEDULES) as (keyof typeof SCHEDULES)[];
    const schedules = () => Promise.all(names.map((name) => queue(JOBS[name].queue).getJobScheduler(name)));
    const wanted = names.map((name) => ({ key: name, pattern: SCHEDULES[name], tz: 'Asia/Karachi' }));
    await house.worker.sweep();
    expect(await schedules()).toMatchObject(wanted);
    await loseTheQueues();
    expect((await schedules()).map((schedule) => schedule ?? null)).toEqual(names.map(() => null));
    await house.worker.sweep();
    await house.worker.sweep();
    expect(await schedules()).toMatchObject(wanted);
    // five past midnight in Karachi
    const expiry = await queue('upkeep').getJobScheduler('opportunities.expire');
    expect(new Date(expiry?.next ?? 0).toISOString()).toMatch(/T19:05:00\.000Z$/);
    for (const name of QUEUES) {
      const n = names.filter((of) => JOBS[of].queue === name).length;
      expect([name, await queue(name).getJobSchedulersCount(), await queue(name).getDelayedCount()]).toEqual([name, n, n]);
    }
  });

  it('a job that nobody understands fails without hurting the others', async () => {
    house = await openHouse({ backend, relayUrl: sink.url });
    await members(1);
    const [digests, matching] = [queue('digests'), queue('matching')];
    await digests.addBulk([
      { name: 'digests.deliver', data: { occurrenceId: 'the one of Tuesday', chunk: 0 } },
      { name: 'digests.deliver', data: { occurrenceId: randomUUID(), chunk: 0, to: 'everybody@firm.example' } },
      { name: 'digests.of-an-older-version', data: {} },
      { name: 'constructor', data: {} },
      { name: 'digests.deliver', data: { occurrenceId: randomUUID(), chunk: 0 } },
    ]);
    await matching.add('matching.firm', null);
    await house.until(async () => (await digests.getFailedCount()) === 4 && (await matching.getFailedCount()) === 1, 'the failures');
    house.clock.set(EIGHT);
    await digests.add('digests.plan', {});
    await swept(house, async () => (await number('digest')) === 1 && (await running()) === 0, 'the run');
    await house.until(async () => (await owedMatching()) === 0, 'the matching');
    expect(await digests.getFailedCount()).toBe(4);
  });
});
