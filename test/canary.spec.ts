import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Readiness } from '../src/api/readiness.js';
import { CanaryService } from '../src/jobs/canary.service.js';
import { QUEUES } from '../src/jobs/jobs.js';
import { JobsService } from '../src/jobs/jobs.service.js';
import { BACKENDS, chamberAccount, client, type House, memberFirm, openHouse, publishedLead, signedIn, swept, Visitor } from './support/house.js';

let house: House;
afterEach(() => house.close());

const ready = async (): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await new Visitor(house.url).get('/health/ready');
  return { status: answer.status, body: answer.json() };
};
/** As if the process had been up for ten minutes: the time of grace after a start is over. */
const upForLong = (): void => {
  house.get(Readiness).begun -= 600_000;
};
/** As if so many minutes had passed since the canaries sang. */
const minutesPass = (minutes: number): Promise<unknown> => house.source.query(`update canary set sang_at = sang_at - $1 * interval '1 minute'`, [minutes]);
const sung = async (): Promise<string[]> =>
  (await house.source.query<{ queue: string }[]>(`select queue from canary where sang_at > now() - interval '1 minute' order by 1`)).map(({ queue }) => queue);

describe.each(BACKENDS)('on %s', (backend) => {
  it('a canary comes through every queue at the start, and again when a minute has passed', async () => {
    house = await openHouse({ backend });
    await house.until(async () => (await sung()).length === QUEUES.length, 'the canaries');
    expect(await sung()).toEqual([...QUEUES].sort());
    upForLong();
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ok', canaries: true } });
    await minutesPass(1);
    await swept(house, async () => (await sung()).length === QUEUES.length, 'the next canaries');
  });

  it('a job that never ends makes the process not ready, though the worker says that it runs; when it ends, all is well again', async () => {
    house = await openHouse({ backend });
    const firm = await memberFirm(house);
    await house.until(async () => (await sung()).length === QUEUES.length, 'the canaries');
    upForLong();
    // what the only worker of the queue needs is in other hands
    const other = new pg.Client({ connectionString: house.databaseUrl });
    await other.connect();
    try {
      await other.query('begin; lock table match in access exclusive mode');
      await house.get(JobsService).enqueue('matching.firm', { firmId: firm.firmId });
      await house.until(async () => (await house.get(JobsService).counts('matching'))['active'] === 1, 'the job that hangs');
      await minutesPass(1.5);
      expect((await ready()).status).toBe(200);
      await minutesPass(1);
      await house.worker.sweep();
      await house.until(async () => (await sung()).length === QUEUES.length - 1, 'the canaries of the other queues');
      expect(await ready()).toMatchObject({ status: 503, body: { status: 'not ready', database: true, queue: true, canaries: false } });
      expect((await new Visitor(house.url).get('/health/live')).status).toBe(200);
      expect(await sung()).toEqual(['digests', 'mail', 'upkeep']);
      // however long it lasts, one canary waits and no more
      await house.worker.sweep();
      await house.worker.sweep();
      expect((await house.get(JobsService).counts('matching'))['waiting']).toBe(1);
      expect(await house.get(JobsService).waiting('matching')).toBe(0);
    } finally {
      await other.query('rollback');
      await other.end();
    }
    await house.until(async () => (await ready()).status === 200, 'ready again');
  });

  it('goes before whatever else waits: a long queue is no dead one', async () => {
    house = await openHouse({ backend, work: false });
    const jobs = house.get(JobsService);
    await jobs.enqueueAll(
      'mail.security',
      Array.from({ length: 300 }, () => ({})),
    );
    await jobs.enqueue('canary.mail', {});
    expect(await jobs.waiting('mail')).toBe(300);
    const begun: string[] = [];
    const worker = house.queues.worker(
      'mail',
      (job) => {
        begun.push(job.name);
        return Promise.resolve();
      },
      { concurrency: 1 },
    );
    worker.on('error', () => undefined);
    await house.until(() => begun.length > 1, 'two jobs');
    await worker.close();
    expect(begun.slice(0, 2)).toEqual(['canary.mail', 'mail.security']);
  });
});

it('judges nothing within two minutes of a start, however old the canaries are; then a queue that nobody works on counts', async () => {
  house = await openHouse({ work: false });
  expect(await ready()).toMatchObject({ status: 200, body: { canaries: true } });
  for (const queue of QUEUES) await house.get(CanaryService).sing(queue);
  await minutesPass(600);
  expect((await ready()).status).toBe(200);
  upForLong();
  expect((await ready()).status).toBe(503);
  await house.source.query('delete from canary');
  expect((await ready()).status).toBe(503);
  house.worker.start();
  await house.until(async () => (await ready()).status === 200, 'the canaries of a worker');
});

it('tells an administrator what waits and since when, and nobody else', async () => {
  house = await openHouse({ work: false });
  await memberFirm(house);
  await publishedLead(await signedIn(house, 'curator'));
  await house.worker.sweep();
  house.clock.set(new Date(house.clock.now().getTime() + 180_000));
  const of = async (visitor: Visitor) => ((await visitor.get('/health/ready')).json() as { details?: Record<string, unknown> }).details;
  expect(await of(new Visitor(house.url))).toBeUndefined();
  expect(await of(await signedIn(house, 'curator'))).toBeUndefined();
  expect(await of(await client(house, await chamberAccount(house, 'administrator')))).toMatchObject({
    late: [],
    matching: { owed: 2, oldestSeconds: 180 },
    securityMail: { owed: 1, oldestSeconds: 180 },
    introductionMail: { owed: 0, oldestSeconds: null },
    digests: { owed: 0, oldestSeconds: null },
    queues: QUEUES.map((queue) => ({ queue, active: 0, failed: 0, late: true, canarySeconds: null })),
  });
});
