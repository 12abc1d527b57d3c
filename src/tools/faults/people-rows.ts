import { sha256 } from '../../common/tokens.js';
import { Proxy } from './proxy.js';
import type { Row } from './row.js';
import { idOf, MINUTE, type Scene } from './scene.js';

const ended = async (scene: Scene): Promise<string> => `${await scene.states()}; ${scene.sunk()}`;

/** What people do while a run is going on. */
export const PEOPLE_ROWS: readonly Row[] = [
  {
    number: 24,
    fault: 'suspend/unsubscribe during run',
    expected: 'none after commit time',
    on: 'either',
    scene: { people: 40 },
    play: async (scene) => {
      scene.sink.pause = () => 60;
      await scene.start();
      await scene.plan();
      await scene.until(() => scene.sink.accepted.length >= 8, 'the middle of the run');
      const client = await scene.connect();
      await client.query('begin');
      const suspended = await client.query<{ email: string }>(
        `update firm f set status = 'suspended' from contact c where c.firm_id = f.id and right(f.id::text, 1) < '5' returning c.email`,
      );
      const stopped = await client.query<{ email: string }>(
        `update subscription s set unsubscribed_at = now() from contact c where c.id = s.contact_id and right(c.firm_id::text, 1) between '5' and '9' returning c.email`,
      );
      await client.query('commit');
      const [after] = (await client.query<{ at: Date }>('select clock_timestamp() at')).rows;
      client.release();
      await scene.untilEnded(40_000);
      const out = new Set([...suspended.rows, ...stopped.rows].map(({ email }) => email));
      const late = await scene.rows<{ email: string }>(
        `select c.email from torture.step t join digest d on d.id = t.digest_id join contact c on c.id = d.contact_id where t.became = 'handing_off' and t.at > $1`,
        [after?.at],
      );
      const wrongly = late.filter(({ email }) => out.has(email)).length;
      scene.must(`nobody is handed over after the commit: ${wrongly}`, wrongly === 0);
      const skipped = (await scene.ledger()).filter(({ state }) => state === 'skipped');
      scene.must('some were stopped in time', skipped.length > 0);
      scene.must(
        'and nobody else',
        skipped.every(({ email, reason }) => out.has(email) && (reason === 'suspended' || reason === 'unsubscribed')),
      );
      await scene.promise(0, ({ email }) => out.has(email));
      return `${await ended(scene)}; ${wrongly} after the commit`;
    },
  },
  {
    number: 25,
    fault: 'deploy during run (old + new build)',
    expected: 'same Message-ID, no duplicates',
    on: 'either',
    // more than one worker claims at once: what the old build leaves is written by the new one
    scene: { people: 240 },
    play: async (scene) => {
      // the old build is the same code with other words in its template: what it wrote must go out as it wrote it
      scene.sink.pause = () => 250;
      for (const to of scene.people.slice(0, 15)) scene.sink.answer(to, 'defer');
      const old = await scene.start({ door: 0, env: { CHAMBER_NAME: 'The Chamber as it was' } });
      await scene.plan();
      await scene.until(() => scene.sink.offered.length >= 8, 'the middle of the run');
      await scene.start({ door: 1, env: { CHAMBER_NAME: 'The Chamber as it is' } });
      const asked = Date.now();
      const code = await old.stop();
      const took = Math.round((Date.now() - asked) / 100) / 10;
      scene.must(`the old one ends by itself: ${code} after ${took} s`, code === 0);
      for (let tries = 0; tries < 6 && !(await scene.ended()); tries++) {
        scene.pass(15 * MINUTE);
        await scene.nudge();
        await scene
          .until(
            async () =>
              (await scene.count(`digest where state in ('claimed', 'handing_off') or (state = 'queued' and next_attempt_at < $1)`, [scene.now()])) === 0,
            'the next try',
          )
          .catch(() => undefined);
      }
      await scene.untilEnded();
      const tries = new Map<string, Set<string>>();
      for (const { to, raw } of scene.sink.offered) tries.set(to, (tries.get(to) ?? new Set()).add(`${idOf(raw)} ${sha256(raw)}`));
      scene.must(
        'every try of a digest has the same Message-ID and the same bytes',
        [...tries.values()].every(({ size }) => size === 1),
      );
      const by = (name: string): number => scene.sink.accepted.filter(({ raw }) => raw.toString('latin1').includes(name)).length;
      const [was, is] = [by('The Chamber as it was'), by('The Chamber as it is')];
      scene.must(`both builds wrote some: ${was}, ${is}`, was > 0 && is > 0 && was + is === scene.people.length);
      await scene.promise();
      return `${await ended(scene)}; ${was} in the old words, ${is} in the new; ${scene.sink.offered.length - scene.sink.accepted.length} tried again; SIGTERM took ${took} s`;
    },
  },
  {
    number: 27,
    fault: 'client retries POST on bad link',
    expected: 'one interest, same answer; other body 422',
    on: 'either',
    scene: { people: 1 },
    play: async (scene) => {
      const web = await scene.start({ role: 'web' });
      const link = await Proxy.open(web.port);
      scene.atEnd(() => link.close());
      const { firmId, token } = await scene.member(web.port);
      const [lead] = await scene.rows<{ reference: string }>('select reference from opportunity');
      const say = async (port: number, sentence: string): Promise<string> => {
        const response = await fetch(`http://127.0.0.1:${port}/api/v1/firms/${firmId}/opportunities/${lead?.reference}/interest`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', connection: 'close', authorization: `Bearer ${token}`, 'idempotency-key': 'one press' },
          body: JSON.stringify({ sentence }),
        });
        return `${response.status} ${await response.text()}`;
      };
      link.swallowing = true;
      let cut = 0;
      for (let tries = 0; tries < 3; tries++) {
        await say(link.port, 'From March').catch(() => cut++);
        await scene.until(async () => (await scene.count('interest')) > 0, 'what the client never heard of');
      }
      link.swallowing = false;
      const answers = new Set(await Promise.all(Array.from({ length: 10 }, () => say(link.port, 'From March'))));
      const other = await say(link.port, 'From April');
      const interests = await scene.rows<{ sentence: string }>('select sentence from interest');
      scene.must(`three answers were lost: ${cut}`, cut === 3);
      scene.must(`ten more get one answer: ${[...answers].join(' | ')}`, answers.size === 1 && [...answers].every((answer) => answer.startsWith('201 ')));
      scene.must(`another body with the same key is refused: ${other.slice(0, 3)}`, other.startsWith('422 '));
      scene.must(`one interest: ${interests.length}`, interests.length === 1 && interests[0]?.sentence === 'From March');
      return `${cut} answers cut, 10 more at once: ${interests.length} interest, ${answers.size} answer; another body ${other.slice(0, 3)}`;
    },
  },
  {
    number: 28,
    fault: 'poison profile breaks template',
    expected: 'that row failed, run goes on',
    on: 'each',
    scene: { people: 10 },
    play: async (scene) => {
      const [first = '', second = ''] = scene.people;
      await scene.rows(`update match m set evidence = '[{"rule": "sector", "sector": 7}, null]' from contact c where c.firm_id = m.firm_id and c.email = $1`, [
        first,
      ]);
      await scene.rows(`update contact set language = 'xx' where email = $1`, [second]);
      const worker = await scene.start();
      await scene.plan();
      await scene.untilEnded();
      const poisoned = (await scene.ledger()).filter(({ email }) => email === first || email === second);
      scene.must(
        `the two that cannot be written have failed: ${poisoned.map(({ state, reason }) => `${state} ${reason}`).join(', ')}`,
        poisoned.every(({ state, reason }) => state === 'failed' && reason === 'cannot-be-written'),
      );
      scene.must('the worker lives', worker.alive);
      scene.must('the run is complete', (await scene.count('occurrence where completed_at is not null')) === 1);
      await scene.promise(0, ({ email }) => email === first || email === second);
      return ended(scene);
    },
  },
];
