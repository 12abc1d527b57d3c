import { sha256 } from '../../common/tokens.js';
import { CONNECTIONS } from '../torture/ordeal.js';
import type { Row } from './row.js';
import { HOUR, MINUTE, type Scene } from './scene.js';

const [FIRST, SECOND, THIRD] = [0, 1, 2];
const person = (scene: Scene, n: number): string => scene.people[n] ?? '';
const ended = async (scene: Scene): Promise<string> => `${await scene.states()}; ${scene.sunk()}`;
const rowOf = async (scene: Scene, email: string) => (await scene.ledger()).findLast((row) => row.email === email);

/** The run goes to its end, and then much later nothing more comes of it. */
async function lostAnswer(scene: Scene): Promise<string> {
  await scene.plan();
  await scene.untilEnded();
  const lost = await rowOf(scene, person(scene, FIRST));
  scene.must('the one whose answer was lost is unknown', lost?.state === 'unknown');
  scene.must('it was handed over once', scene.copies(person(scene, FIRST)) === 1);
  await scene.promise(1);
  const before = scene.sink.offered.length;
  scene.pass(2 * HOUR);
  await scene.plan();
  await scene.nudge();
  await scene.until(async () => (await scene.queue('digests').getJobCountByTypes('waiting', 'active')) === 0, 'idle workers');
  scene.must('two hours later nothing is sent again', scene.sink.offered.length === before);
  return ended(scene);
}

/** Faults of the relay. */
export const RELAY_ROWS: readonly Row[] = [
  {
    number: 1,
    fault: 'RST after accept',
    expected: 'unknown, 1 copy',
    on: 'either',
    scene: { people: 6 },
    play: async (scene) => {
      scene.sink.answer(person(scene, FIRST), 'reset-after-dot');
      await scene.start();
      return lostAnswer(scene);
    },
  },
  {
    number: 2,
    fault: 'FIN after dot',
    expected: 'unknown',
    on: 'either',
    scene: { people: 6 },
    play: async (scene) => {
      scene.sink.answer(person(scene, FIRST), 'fin-after-dot');
      await scene.start();
      return lostAnswer(scene);
    },
  },
  {
    number: 3,
    fault: 'hang after dot',
    expected: 'unknown at timeout, worker free',
    on: 'either',
    scene: { people: 6 },
    play: async (scene) => {
      scene.go({ haste: 60 }); // five minutes of patience in five seconds
      scene.sink.answer(person(scene, FIRST), 'hang-after-dot');
      const worker = await scene.start();
      await scene.plan();
      await scene.until(() => scene.copies(person(scene, FIRST)) === 1, 'the mail that gets no answer');
      const began = Date.now();
      const others = scene.people.slice(1);
      await scene.until(() => others.every((to) => scene.copies(to) === 1), 'the others');
      await scene.untilEnded();
      const patience = Math.round(((Date.now() - began) * 60) / MINUTE);
      scene.must('the one without an answer is unknown', (await rowOf(scene, person(scene, FIRST)))?.state === 'unknown');
      scene.must('the worker lives', worker.alive);
      await scene.promise(1);
      return `${await ended(scene)}; given up after ${patience} min of its time`;
    },
  },
  {
    number: 4,
    fault: 'RST at greeting/MAIL/RCPT/DATA',
    expected: 'retry, 1 copy',
    on: 'either',
    scene: { people: 8 },
    play: async (scene) => {
      scene.sink.answer(person(scene, FIRST), 'reset-at-rcpt');
      scene.sink.answer(person(scene, SECOND), 'reset-at-data');
      let [greetings, mails] = [1, 2];
      scene.sink.watch = (moment, _door, reset) => {
        if ((moment === 'connect' && greetings-- > 0) || (moment === 'mail' && mails-- > 0)) reset();
      };
      await scene.start();
      await scene.plan();
      await scene.until(async () => (await scene.count('digest where reply is not null')) === scene.people.length, 'the first tries');
      const waiting = await scene.count(`digest where state = 'queued' and attempts = 1`);
      scene.must('whoever was cut before the first word waits for another try', waiting >= 1);
      for (let tries = 0; tries < 4 && !(await scene.ended()); tries++) {
        scene.pass(20 * MINUTE);
        await scene.nudge();
        await scene.until(
          async () =>
            (await scene.count(`digest where state in ('claimed', 'handing_off') or (state = 'queued' and next_attempt_at < $1)`, [scene.now()])) === 0,
          'the next try',
        );
      }
      await scene.untilEnded();
      const [all] = await scene.rows<{ tries: number }>('select sum(attempts)::int tries from digest');
      const more = (all?.tries ?? 0) - scene.people.length;
      // a connection that was kept from the message before is made anew at once, which is no try of its own
      scene.must(`five cuts cost five more tries at most: ${more}`, more >= waiting && more <= 5);
      await scene.promise();
      return `${await ended(scene)}; ${more} tries more for 5 cuts`;
    },
  },
  {
    number: 5,
    fault: '451 for 1 h',
    expected: 'deferred, later sent',
    on: 'either',
    scene: { people: 6 },
    play: async (scene) => {
      const began = scene.now().getTime();
      scene.sink.otherwise = 'defer';
      await scene.start();
      await scene.plan();
      let tries = 0;
      while (!(await scene.ended())) {
        const past = (): Promise<number> => scene.count(`digest where state <> 'queued' or reply is null or next_attempt_at <= $1`, [scene.now()]);
        if (scene.sink.otherwise === 'defer') {
          await scene.until(async () => (await past()) === 0 && (await scene.count('digest')) === 6, `try ${++tries}`);
          const [next] = await scene.rows<{ at: Date }>('select max(next_attempt_at) at from digest');
          scene.setTime((next?.at.getTime() ?? 0) + 1000);
          if (scene.now().getTime() - began > HOUR) scene.sink.otherwise = 'accept';
        }
        if (tries > 10) break;
        await scene.nudge();
        if (scene.sink.otherwise === 'accept') await scene.untilEnded();
      }
      const late = Math.round((scene.now().getTime() - began) / MINUTE);
      scene.must('everybody is sent', (await scene.count(`digest where state = 'sent'`)) === 6);
      scene.must(`at least three tries in that hour: ${tries}`, tries >= 3);
      scene.must(`not more than eight: ${tries}`, tries <= 8);
      await scene.promise();
      const hashes = new Set((await scene.ledger()).map(({ message_sha256 }) => message_sha256));
      scene.must(
        'what was sent is what the ledger keeps',
        scene.sink.accepted.every(({ raw }) => hashes.has(sha256(raw))),
      );
      return `${await ended(scene)}; ${tries} deferrals, sent after ${late} min`;
    },
  },
  {
    number: 6,
    fault: '550 on one recipient',
    expected: 'failed + suppressed, others sent',
    on: 'either',
    scene: { people: 6 },
    play: async (scene) => {
      const bad = person(scene, THIRD);
      scene.sink.answer(bad, 'no-such-mailbox');
      await scene.start();
      await scene.plan();
      await scene.untilEnded();
      const row = await rowOf(scene, bad);
      scene.must(`it has failed: ${row?.state}`, row?.state === 'failed' && row.reason === 'bad-address');
      await scene.until(async () => (await scene.count('suppression where address_sha256 = $1', [sha256(bad)])) > 0, 'the suppression');
      await scene.promise(0, ({ email }) => email === bad);
      return `${await ended(scene)}; ${await scene.count('suppression')} suppressed`;
    },
  },
  {
    number: 7,
    fault: '5.7.26 on all',
    expected: 'run halts after K, alert',
    on: 'either',
    scene: { people: 60 },
    play: async (scene) => {
      scene.sink.otherwise = 'not-ours';
      await scene.start();
      await scene.plan();
      await scene.until(async () => (await scene.count('occurrence where halted_at is not null')) === 1, 'the halt');
      await scene.until(async () => (await scene.count(`digest where state in ('claimed', 'handing_off')`)) === 0, 'hands that rest');
      const [halt] = await scene.rows<{ halted_reason: string | null }>('select halted_reason from occurrence');
      const tried = new Set(scene.sink.offered.map(({ to }) => to)).size;
      scene.must(`no more than three and what was on its way: ${tried}`, tried <= 3 + 2 * CONNECTIONS);
      scene.must('the reason is kept for the desk', Boolean(halt?.halted_reason));
      scene.must('nobody is suppressed for what is our fault', (await scene.count('suppression')) === 0);
      const before = scene.sink.offered.length;
      scene.pass(20 * MINUTE);
      await scene.nudge();
      await scene.until(async () => (await scene.queue('digests').getJobCountByTypes('waiting', 'active')) === 0, 'idle workers');
      scene.must('it stays halted', scene.sink.offered.length === before);
      scene.must('nobody got anything', scene.sink.accepted.length === 0);
      return `${await scene.states()}; halted after ${tried} tries: ${halt?.halted_reason}`;
    },
  },
  {
    number: 8,
    fault: 'SMTP refused 30 min',
    expected: 'nothing lost, resumes',
    on: 'either',
    scene: { people: 12 },
    play: async (scene) => {
      const began = scene.now().getTime();
      await scene.sink.close();
      await scene.start();
      await scene.plan();
      let tries = 0;
      for (let open = false; !(await scene.ended());) {
        if (!open) {
          await scene.until(
            async () =>
              (await scene.count(`digest where state <> 'queued' or next_attempt_at <= $1`, [scene.now()])) === 0 &&
              (await scene.count('digest')) === scene.people.length,
            `try ${++tries}`,
          );
          const [next] = await scene.rows<{ at: Date }>('select max(next_attempt_at) at from digest');
          scene.setTime((next?.at.getTime() ?? 0) + 1000);
          open = scene.now().getTime() - began > 30 * MINUTE;
          if (open) await scene.sink.reopen();
        }
        await scene.nudge();
        if (open) await scene.untilEnded();
        if (tries > 20) break;
      }
      scene.must('everybody is sent', (await scene.count(`digest where state = 'sent'`)) === scene.people.length);
      await scene.promise();
      return `${await ended(scene)}; refused ${tries} times, sent after ${Math.round((scene.now().getTime() - began) / MINUTE)} min`;
    },
  },
];
