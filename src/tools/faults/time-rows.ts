import { JOBS, QUEUES, SCHEDULES } from '../../jobs/jobs.js';
import { ENGINE } from '../../matching/scoring/score.js';
import { RIGHT } from './clock.js';
import type { Row } from './row.js';
import { DAY, HOUR, MINUTE, Scene } from './scene.js';

const ended = async (scene: Scene): Promise<string> => `${await scene.states()}; ${scene.sunk()}`;

/** Another published lead that fits everybody, matched already. */
async function lead(scene: Scene, n: number): Promise<void> {
  await scene.rows(
    `with made as (
       insert into opportunity (kind, status, title, summary, hs, sectors, country, counterparty, created_at, published_at, open_until)
       values ('buy_request', 'published', jsonb_build_object('en', 'Chillies of day ' || $1::text), '{"en": "Every month."}', '{090421}', '{agriculture}', 'CN', 'Buyer ' || $1::text, now(), now(),
               current_date + 400) returning id
     ), matched as (
       insert into match (firm_id, opportunity_id, score, evidence, blockers, engine, firm_revision, opportunity_revision, computed_at)
       select f.id, made.id, 90, '[{"rule": "sector", "sector": "agriculture", "paragraph": 12}]', '[]', $2, 1, 1, now() from firm f, made
     )
     insert into match_state (side, id, revision, engine, computed_at) select 'opportunity', id, 1, $2, now() from made`,
    [n, ENGINE],
  );
}

/** Faults of clocks and of those who look at them. */
export const TIME_ROWS: readonly Row[] = [
  {
    number: 21,
    fault: 'clock +60 s / −1 h',
    expected: 'no 2nd handover',
    on: 'each',
    scene: { people: 60, doors: 3 },
    play: async (scene) => {
      scene.sink.pause = () => 30;
      const [right, fast, slow] = await Promise.all([
        scene.start({ door: 0 }),
        scene.start({ door: 1, fault: { ...RIGHT, ahead: MINUTE } }),
        scene.start({ door: 2, fault: { ...RIGHT, ahead: -HOUR } }),
      ]);
      await scene.plan();
      await scene.until(async () => (await scene.count('digest')) === scene.people.length, 'the plan');
      for (let more = 0; more < 8; more++) await scene.nudge();
      await scene.until(() => scene.sink.offered.length >= 40, 'the middle of the run').catch(() => undefined);
      for (let more = 0; more < 4; more++) await scene.nudge();
      scene.setTime(Date.now() + 15 * MINUTE); // set right again, and later
      await scene.untilEnded(40_000);
      scene.must('all live', right.alive && fast.alive && slow.alive);
      await scene.promise(0);
      const handed = await scene.count(`(select digest_id from torture.step where became = 'handing_off' group by digest_id having count(*) > 1) x`);
      scene.must(`no digest is handed over twice: ${handed}`, handed === 0);
      return ended(scene);
    },
  },
  {
    number: 22,
    fault: '10 schedulers boot at once',
    expected: 'one run row, one scheduler, no crash',
    on: 'each',
    deadlineMs: 240_000,
    scene: { people: 10 },
    play: async (scene) => {
      const hands = await Promise.all(Array.from({ length: 10 }, () => scene.spawn()));
      await Promise.all(hands.map((hand) => hand.ready()));
      await Promise.all(hands.map(() => scene.plan()));
      await scene.untilEnded(40_000);
      scene.must(
        'all ten live',
        hands.every(({ alive }) => alive),
      );
      scene.must('there is one run', (await scene.count('occurrence')) === 1);
      // the schedules are gone, and ten sweepers may bring them back
      await scene.loseQueues();
      await scene.until(async () => (await scene.queue('upkeep').getJobSchedulersCount()) === 2, 'the schedules', 30_000);
      const counted: string[] = [];
      for (const name of QUEUES) {
        const wanted = Object.keys(SCHEDULES).filter((of) => JOBS[of as keyof typeof SCHEDULES].queue === name);
        const known = (await scene.queue(name).getJobSchedulers()).map(({ key }) => key);
        const delayed = await scene.queue(name).getDelayedCount();
        scene.must(
          `${name} has each schedule once, with one job: ${known.join(', ')}; ${delayed} jobs`,
          new Set(known).size === delayed && wanted.every((of) => known.includes(of)),
        );
        if (known.length) counted.push(`${known.length} ${name}`);
      }
      await scene.promise();
      return `${await ended(scene)}; ten lived; schedules ${counted.join(', ')}`;
    },
  },
  {
    number: 23,
    fault: 'scheduler down 3 days',
    expected: 'one rolled-up digest',
    on: 'either',
    scene: { people: 6 },
    play: async (scene) => {
      const first = await scene.start();
      await scene.plan();
      await scene.untilEnded();
      await first.stop();
      for (let day = 1; day <= 3; day++) await lead(scene, day);
      scene.pass(3 * DAY);
      await scene.start();
      await scene.plan();
      await scene.untilEnded(30_000, 2);
      const runs = await scene.rows<{ key: string }>('select key from occurrence order by key');
      scene.must(`two runs, none made up for: ${runs.map(({ key }) => key).join(', ')}`, runs.length === 2);
      const rolled = (await scene.ledger()).slice(scene.people.length);
      scene.must(
        'each digest holds what three days brought',
        rolled.every(({ items, state }) => state === 'sent' && items === 3),
      );
      scene.must(
        'one mail then, one now',
        scene.people.every((to) => scene.copies(to) === 2),
      );
      return `${await ended(scene)}; ${runs.length} runs, the second with ${rolled[0]?.items} opportunities each`;
    },
  },
  {
    number: 26,
    fault: 'restored old backup',
    expected: 'past occurrences closed, 0 mails',
    on: 'either',
    scene: { people: 8 },
    play: async (scene, ground) => {
      await scene.rows(`update subscription set cadence = 'weekly', weekday = extract(isodow from now() at time zone zone)`);
      // in the middle of a run, everything stands still, and a backup is made
      const first = await scene.start();
      const open = await scene.bar('sent');
      await scene.plan();
      await scene.atBar();
      await first.killed();
      await scene.dropWaiting();
      await open();
      const before = await scene.states();
      const name = new URL(scene.databaseUrl).pathname.slice(1);
      await scene.leaveDatabase();
      const url = await whenAlone(() => ground.database(`${name}_restored`, name));
      // 33 days later it is restored: the next weekly run is two days away, the last one too late to be made up for
      const restored = await Scene.on(ground, scene.backend, `${name}_restored`, url, { people: 0 });
      scene.atEnd(() => restored.close());
      restored.pass(33 * DAY);
      await restored.start();
      await restored.plan();
      await restored.nudge();
      const left = async (): Promise<number> => restored.count(`digest where state in ('queued', 'claimed', 'handing_off')`);
      const running = async (): Promise<number> => restored.count('occurrence where completed_at is null');
      await restored.until(async () => (await left()) + (await running()) === 0, 'runs that are closed', 40_000).catch(() => undefined);
      scene.must(`all past runs are closed: ${await left()} rows and ${await running()} runs are open`, (await left()) + (await running()) === 0);
      scene.must(`no mail goes out: ${restored.sink.offered.length}`, restored.sink.offered.length === 0);
      scene.wrong.push(...restored.wrong.splice(0));
      return `backup: ${before}; 33 days later: ${await restored.states()}; ${restored.sunk()}`;
    },
  },
  {
    number: 29,
    fault: '31 March mass lapse',
    expected: 'digests stop, skipped as lapsed once a run',
    on: 'either',
    scene: { people: 12 },
    play: async (scene) => {
      const year = new Date().getUTCFullYear() + 1;
      await scene.rows('update firm set membership_valid_until = $1', [`${year}-03-31`]);
      // the same hour of 31 March in Karachi, then of 1 and 2 April
      const at = new Date();
      scene.setTime(Date.UTC(year, 2, at.getUTCHours() < 19 ? 31 : 30, at.getUTCHours(), at.getUTCMinutes()));
      await scene.start();
      await scene.plan();
      await scene.untilEnded();
      const onTheLastDay = scene.sink.accepted.length;
      await lead(scene, 1);
      scene.pass(DAY);
      await scene.plan();
      await scene.untilEnded(30_000, 2);
      scene.pass(DAY);
      await scene.plan();
      await scene.untilEnded(30_000, 3);
      const after = (await scene.ledger()).slice(scene.people.length);
      scene.must('on the last day everybody got a digest', onTheLastDay === scene.people.length);
      scene.must('from then on nobody does', scene.sink.offered.length === onTheLastDay);
      scene.must(
        'each is skipped as lapsed',
        after.every(({ state, reason }) => state === 'skipped' && reason === 'lapsed'),
      );
      scene.must('once a run', after.length === 2 * scene.people.length);
      return ended(scene);
    },
  },
];

/** Works as soon as nobody is connected any more. */
async function whenAlone<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((next) => setTimeout(next, 200));
    }
  }
}
