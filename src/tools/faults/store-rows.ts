import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../database/embedded-postgres.js';
import { prepareDatabase } from '../../prepare.js';
import { crashPostgres } from '../torture/ground.js';
import { CONNECTIONS } from '../torture/ordeal.js';
import type { Row } from './row.js';
import { MINUTE, NotPossibleHere, registration, Scene, setUp, sleep } from './scene.js';

const ended = async (scene: Scene): Promise<string> => `${await scene.states()}; ${scene.sunk()}`;

/** Faults of PostgreSQL and Redis. */
export const STORE_ROWS: readonly Row[] = [
  {
    number: 15,
    fault: 'PG restart mid-run',
    expected: 'reconnect, exact counts',
    on: 'each',
    scene: { people: 60 },
    play: async (scene, ground) => {
      scene.sink.pause = () => 40;
      await scene.start({ door: 0 });
      await scene.start({ door: 1 });
      await scene.plan();
      await scene.until(() => scene.sink.accepted.length >= 15, 'the middle of the run');
      await ground.crashPostgres();
      const before = scene.sink.accepted.length;
      await sleep(2000);
      scene.line.target = Number((await ground.startPostgres()).port);
      await scene.until(
        () =>
          scene.rows('select 1').then(
            () => true,
            () => false,
          ),
        'PostgreSQL',
      );
      scene.pass(15 * MINUTE);
      await scene.untilEnded(40_000);
      await scene.promise(2 * CONNECTIONS);
      return `${await ended(scene)}; ${before} were sent before the crash`;
    },
  },
  {
    number: 16,
    fault: 'LISTEN terminated',
    expected: 'pickup < 5 s',
    on: 'postgres',
    scene: { people: 6 },
    play: async (scene) => {
      await scene.start();
      await scene.plan();
      await scene.untilEnded();
      await sleep(1500); // all hands asleep, listening
      const cut = await scene.rows<{ n: number }>(
        `select count(pg_terminate_backend(pid))::int n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ilike '%listen bullmq%'`,
      );
      scene.must('there was somebody listening', (cut[0]?.n ?? 0) > 0);
      const began = Date.now();
      const id = await scene.enqueue('digests.plan', {});
      await scene.until(async () => Boolean((await scene.queue('digests').getJob(id))?.processedOn), 'the pick-up', 15_000);
      const job = await scene.queue('digests').getJob(id);
      const ms = (job?.processedOn ?? Date.now()) - began;
      scene.must(`picked up within five seconds: ${ms} ms`, ms < 5000);
      await scene.promise();
      return `${cut[0]?.n} listeners cut, picked up after ${ms} ms`;
    },
  },
  {
    number: 17,
    fault: 'PG pool exhausted',
    expected: '503 fast, no deadlock',
    on: 'either',
    scene: { people: 1 },
    play: async (scene) => {
      const web = await scene.start({ role: 'web' });
      const ask = async (address: string): Promise<{ status: number; ms: number }> => {
        const began = Date.now();
        const response = await fetch(`http://127.0.0.1:${web.port}${address}`);
        await response.text();
        return { status: response.status, ms: Date.now() - began };
      };
      const locked = await scene.connect();
      await locked.query('begin');
      await locked.query('lock table opportunity in access exclusive mode');
      const held = Array.from({ length: 12 }, () => ask('/api/v1/opportunities'));
      await scene.until(async () => (await scene.count(`pg_locks where not granted and relation = 'opportunity'::regclass`)) >= 10, 'a pool that is used up');
      const refused = await Promise.all(Array.from({ length: 8 }, () => ask('/api/v1/opportunities')));
      const ready = await ask('/health/ready');
      const live = await ask('/health/live');
      const slowest = Math.max(...refused.map(({ ms }) => ms));
      const statuses = [...new Set(refused.map(({ status }) => status))].join(', ');
      scene.must(`the others are refused with 503: ${statuses}`, statuses === '503');
      scene.must(`within six seconds: ${slowest} ms`, slowest < 6000);
      scene.must(`/health/ready says so: ${ready.status}`, ready.status === 503);
      scene.must('/health/live answers', live.status === 200);
      await locked.query('rollback');
      locked.release();
      const after = await Promise.all(held);
      const served = after.filter(({ status }) => status === 200).length;
      scene.must(
        `whoever had a connection gets an answer, nobody hangs: ${after.map(({ status }) => status).join(', ')}`,
        served >= 10 && after.every(({ status }) => [200, 503].includes(status)),
      );
      // requests that need a transaction each, far more than there are connections
      const began = Date.now();
      const register = (n: number) =>
        fetch(`http://127.0.0.1:${web.port}/api/v1/firms`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(registration(n)),
        }).then(({ status }) => status);
      const registered = await Promise.all(Array.from({ length: 28 }, (_, n) => register(n)));
      scene.must(
        `28 at once all end well: ${[...new Set(registered)].join(', ')}`,
        registered.every((status) => status === 202),
      );
      return `8 of 8 refused with ${statuses} after ${slowest} ms at most; ${served} that held the pool answered after; 28 registrations at once in ${Date.now() - began} ms`;
    },
  },
  {
    number: 18,
    fault: 'deadlock / 40001',
    expected: 'retried, bounded',
    on: 'either',
    scene: { people: 6 },
    play: async (scene) => {
      await scene.rows(`
        create table torture.clash (digest_id uuid, code text);
        create function torture.clash() returns trigger language plpgsql as $$
        begin
          if (select count(*) from torture.clash) < 2 then raise exception 'a clash' using errcode = '40001'; end if;
          return new;
        end $$;
        create trigger clash before insert on digest for each row execute function torture.clash();`);
      const worker = await scene.start();
      // planning meets a serialisation failure each time, for as long as it lasts: it must give up, say so, and live
      await scene.plan();
      await scene.until(async () => (await scene.queue('digests').getJobCountByTypes('failed')) >= 1, 'a plan that gives up');
      scene.must('a clash that lasts is given up, and nothing is half done', (await scene.count('digest')) === 0 && (await scene.count('occurrence')) === 0);
      await scene.rows(`insert into torture.clash values (null, 'enough'), (null, 'enough')`);
      // two transactions in each other's way: the run hands over, and we hold what it needs next
      const other = await scene.connect();
      await other.query(`set deadlock_timeout = '20s'`);
      await other.query('begin');
      await other.query('select id from opportunity for update');
      await scene.plan();
      const waits = `pg_locks where not granted and locktype in ('transactionid', 'tuple')`;
      await scene.until(async () => (await scene.count(waits)) > 0, 'the run in our way');
      await other.query(`update digest set reply = reply where state <> 'sent'`);
      await other.query('rollback');
      other.release();
      const [seen] = await scene.rows<{ n: number }>('select deadlocks::int n from pg_stat_database where datname = current_database()');
      const began = Date.now();
      await scene.untilEnded(40_000);
      scene.must('the worker lives', worker.alive);
      await scene.promise();
      return `${await ended(scene)}; ${seen?.n ?? 0} deadlocks, over after ${Date.now() - began} ms`;
    },
  },
  {
    number: 19,
    fault: 'queue store lost; Redis down 60 s',
    expected: 'sweeper rebuilds',
    on: 'each',
    scene: { people: 240 },
    deadlineMs: 150_000,
    play: async (scene, ground) => {
      scene.sink.otherwise = 'hold';
      const worker = await scene.start();
      await scene.plan();
      await scene.until(() => scene.sink.holding >= 1, 'a run in hand');
      await scene.until(async () => (await scene.count(`digest where state = 'queued'`)) > 0, 'digests that nobody has taken up');
      await scene.loseQueues();
      if (scene.redisUrl) {
        await ground.killRedis();
        await sleep(60_000);
        await ground.startRedis();
      }
      scene.letGo();
      await scene.untilEnded(60_000);
      scene.must('the worker lives', worker.alive);
      await scene.until(async () => (await scene.queue('digests').getJobSchedulersCount()) === 1, 'the schedule');
      await scene.promise();
      return `${await ended(scene)}; the schedule is there again`;
    },
  },
  {
    number: 20,
    fault: 'disk full on PG',
    expected: 'fail closed, no half state',
    on: 'postgres',
    scene: { people: 0 },
    play: async (outer, ground) => {
      const dir = path.join(ground.dir, 'small-disk');
      fs.mkdirSync(dir);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', dir], { stdio: 'ignore' });
      } catch {
        throw new NotPossibleHere('mounting a small disk is not permitted');
      }
      outer.atEnd(() => execFileSync('umount', [dir], { stdio: 'ignore' }));
      const server = { dir, database: 'rabta' };
      let postgres = await startEmbeddedPostgres(server);
      outer.atEnd(() => postgres.stop());
      await prepareDatabase(postgres.url);
      await setUp(postgres.url);
      const scene = await Scene.on(ground, 'postgres', 'row_20_small', postgres.url, { people: 60 });
      outer.atEnd(async () => {
        await scene.close();
      });
      scene.sink.pause = () => 30;
      await scene.start();
      await scene.plan();
      await scene.until(() => scene.sink.accepted.length >= 10, 'the middle of the run');
      const ballast = path.join(dir, 'ballast');
      const file = fs.openSync(ballast, 'w');
      const block = Buffer.alloc(64 * 1024);
      try {
        for (;;) fs.writeSync(file, block);
      } catch {
        fs.closeSync(file); // no space left
      }
      // something that needs room, as a day's work would
      const big = await scene.db.query(`create table torture.ballast as select repeat('x', 500) from generate_series(1, 100000)`).then(
        () => '',
        (error: unknown) => (error as { code?: string }).code ?? 'lost',
      );
      scene.must(`what needs room is refused: ${big}`, big !== '');
      await sleep(3000);
      fs.rmSync(ballast);
      await scene
        .until(
          () =>
            scene.rows('select 1').then(
              () => true,
              () => false,
            ),
          'PostgreSQL',
          5000,
        )
        .catch(async () => {
          await crashPostgres(dir).catch(() => undefined);
          postgres = await startEmbeddedPostgres(server);
          scene.line.target = Number(new URL(postgres.url).port);
        });
      scene.pass(15 * MINUTE);
      await scene.untilEnded(40_000);
      const unknown = await scene.count(`digest where state = 'unknown'`);
      scene.must(`no more unknown than connections: ${unknown}`, unknown <= CONNECTIONS);
      const halves = await scene.count(
        `digest d where d.state = 'sent' and (d.message is null or not exists (select 1 from digest_item i where i.digest_id = d.id))`,
      );
      scene.must(`no half state: ${halves} sent without what was sent`, halves === 0);
      await scene.promise(CONNECTIONS);
      outer.wrong.push(...scene.wrong.splice(0));
      return `${await ended(scene)}; the server said ${big}`;
    },
  },
];
