import type { Row } from './row.js';
import { CONNECTIONS } from '../torture/ordeal.js';
import { DAY, type Hand, idOf, MINUTE, type Scene, sleep } from './scene.js';

const ended = async (scene: Scene): Promise<string> => `${await scene.states()}; ${scene.sunk()}`;

/** A worker that dies at a state of the ledger, before that state is committed. */
async function killedBefore(scene: Scene, state: 'handing_off' | 'sent'): Promise<void> {
  const first = await scene.start();
  const open = await scene.bar(state);
  await scene.plan();
  await scene.atBar();
  await first.killed();
  await scene.dropWaiting();
  await open();
}

/** Leases of the dead have run out, and another worker is there. */
async function afterLeases(scene: Scene): Promise<Hand> {
  scene.pass(15 * MINUTE);
  return scene.start({ door: 1 });
}

/** Faults of the processes that do the work. */
export const WORKER_ROWS: readonly Row[] = [
  {
    number: 9,
    fault: 'SIGKILL before handover',
    expected: 're-claimed after lease',
    on: 'each',
    scene: { people: 8 },
    play: async (scene) => {
      await killedBefore(scene, 'handing_off');
      const claimed = await scene.count(`digest where state = 'claimed'`);
      scene.must('nothing is handed over yet', (await scene.count(`digest where state = 'handing_off'`)) === 0 && scene.sink.offered.length === 0);
      await afterLeases(scene);
      await scene.untilEnded();
      await scene.promise();
      return `${await ended(scene)}; ${claimed} were claimed by the dead`;
    },
  },
  {
    number: 10,
    fault: 'SIGKILL between handover commit and body',
    expected: 'unknown, listed, rolled over',
    on: 'each',
    scene: { people: 8 },
    play: async (scene) => {
      const first = await scene.start();
      scene.sink.watch = (moment) => {
        if (moment !== 'data') return;
        scene.sink.watch = () => undefined;
        first.kill();
      };
      await scene.plan();
      await scene.until(() => !first.alive, 'the kill');
      await afterLeases(scene);
      await scene.untilEnded();
      const unknown = (await scene.ledger()).filter(({ state }) => state === 'unknown');
      scene.must(`one to ${CONNECTIONS} are unknown: ${unknown.length}`, unknown.length >= 1 && unknown.length <= CONNECTIONS);
      scene.must(
        'they are listed with the reason',
        unknown.every(({ reason }) => reason === 'hand-over-lost'),
      );
      // on another connection the whole mail may have been with the relay already
      const arrived = new Set(scene.sink.accepted.map(({ to }) => to));
      scene.must(
        'some of them have not arrived',
        unknown.some(({ email }) => !arrived.has(email)),
      );
      await scene.promise(CONNECTIONS);
      scene.pass(DAY);
      await scene.plan();
      await scene.untilEnded(30_000, 2);
      const next = (await scene.ledger()).slice(scene.people.length);
      scene.must(
        'their opportunities come with the next run, and nobody else is told again',
        next.every(({ email, state }) => (state === 'sent') === unknown.some((lost) => lost.email === email)),
      );
      scene.must(
        'everybody has been told in the end',
        scene.people.every((to) => scene.copies(to) >= 1),
      );
      const mails = new Set(scene.sink.accepted.map(({ raw }) => idOf(raw))).size;
      scene.must(`and nobody by the same mail twice: ${scene.sink.accepted.length} copies of ${mails} mails`, mails === scene.sink.accepted.length);
      return `${await ended(scene)} in two runs; ${unknown.length} rolled over`;
    },
  },
  {
    number: 11,
    fault: 'SIGKILL after 250 before commit',
    expected: 'unknown, 1 copy',
    on: 'each',
    scene: { people: 8 },
    play: async (scene) => {
      await killedBefore(scene, 'sent');
      const taken = scene.sink.accepted.map(({ to }) => to);
      scene.must('the relay had taken it', taken.length >= 1);
      await afterLeases(scene);
      await scene.untilEnded();
      const unknown = (await scene.ledger()).filter(({ state }) => state === 'unknown').map(({ email }) => email);
      scene.must(
        'what the relay had taken is unknown',
        taken.every((to) => unknown.includes(to)),
      );
      await scene.promise(CONNECTIONS);
      return ended(scene);
    },
  },
  {
    number: 12,
    fault: 'SIGSTOP past the leases, then CONT',
    expected: 'token guard: stale write refused',
    on: 'each',
    scene: { people: 12 },
    play: async (scene) => {
      const late = scene.sink;
      late.otherwise = 'hold';
      const first = await scene.start({ door: 0 });
      await scene.plan();
      await scene.until(() => late.holding >= 1, 'a hand-over in hand');
      first.pause();
      late.otherwise = 'accept';
      const claimed = await scene.count(`digest where state = 'claimed'`);
      await afterLeases(scene);
      await scene.untilEnded();
      const before = await scene.rows<{ id: string; claim: string }>(`select id, claim from digest where state = 'sent'`);
      first.resume();
      scene.letGo();
      await scene.nudge();
      await scene.until(async () => (await scene.queue('digests').getJobCountByTypes('waiting', 'active')) === 0, 'idle workers', 30_000);
      await sleep(500);
      const after = new Map((await scene.rows<{ id: string; claim: string }>('select id, claim from digest')).map(({ id, claim }) => [id, claim]));
      scene.must(
        'no row that another has finished is written again',
        before.every(({ id, claim }) => after.get(id) === claim),
      );
      scene.must('the sleeper lives on', first.alive);
      await scene.promise(CONNECTIONS);
      return `${await ended(scene)}; ${claimed} of the sleeper's claims done by another`;
    },
  },
  {
    number: 13,
    fault: 'event loop blocked > lock',
    expected: 'run twice, mail once',
    on: 'each',
    scene: { people: 12 },
    play: async (scene) => {
      scene.sink.otherwise = 'hold';
      const first = await scene.start({ door: 0 });
      await scene.plan();
      await scene.until(() => scene.sink.holding >= 1, 'a hand-over in hand');
      scene.go({ block: 45_000 });
      first.block();
      await sleep(100);
      scene.pass(70_000);
      await scene.expireJobLocks();
      scene.sink.otherwise = 'accept';
      await scene.start({ door: 1 });
      const twice = async (): Promise<number> =>
        (await scene.queue('digests').getJobs(['active', 'waiting', 'completed', 'failed'])).filter(
          (job) => job.name === 'digests.deliver' && job.stalledCounter > 0,
        ).length;
      await scene.until(async () => (await twice()) > 0, 'a job that is run again', 44_000);
      scene.letGo();
      await scene.untilEnded(40_000);
      await scene.until(async () => (await scene.queue('digests').getJobCountByTypes('waiting', 'active')) === 0, 'idle workers', 30_000);
      scene.must('the blocked one lives on', first.alive);
      await scene.promise(CONNECTIONS);
      return `${await ended(scene)}; ${await twice()} job run twice`;
    },
  },
  {
    number: 14,
    fault: 'worker killed ×3 in one job',
    expected: 'still completes',
    on: 'each',
    scene: { people: 1 },
    play: async (scene) => {
      await scene.rows('update opportunity set open_until = current_date - 2');
      const locked = await scene.connect();
      await locked.query('begin');
      await locked.query('lock table opportunity in exclusive mode');
      const id = await scene.enqueue('opportunities.expire', {});
      const blocked = `pg_locks where not granted and relation = 'opportunity'::regclass`;
      let kills = 0;
      for (; kills < 3; kills++) {
        const worker = await scene.start();
        await scene.until(async () => (await scene.count(blocked)) > 0, `the job in hand for the ${kills + 1}. time`, 40_000);
        await worker.killed();
        await scene.rows(`select pg_terminate_backend(pid) from ${blocked}`);
        scene.pass(70_000);
        await scene.expireJobLocks();
      }
      await locked.query('commit');
      locked.release();
      await scene.start();
      const job = async () => scene.queue('upkeep').getJob(id);
      await scene.until(async () => Boolean((await job())?.finishedOn), 'the end of the job', 40_000);
      const done = await job();
      scene.must(`it completes: ${done?.failedReason ?? 'no reason'}`, (await done?.getState()) === 'completed');
      scene.must('its work is done', (await scene.count(`opportunity where closed_as = 'expired'`)) === 1);
      return `completed after ${kills} kills, found stalled ${done?.stalledCounter} times`;
    },
  },
];
