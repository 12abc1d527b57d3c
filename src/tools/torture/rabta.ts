import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import type { DigestState } from '../../digests/digests.queries.js';
import { JOBS } from '../../jobs/jobs.js';
import { openQueues } from '../../jobs/queues.js';
import { ENGINE } from '../../matching/scoring/score.js';
import { prepareDatabase } from '../../prepare.js';
import type { Ground } from './ground.js';
import { CONNECTIONS, type Contestant } from './ordeal.js';

export const MAIN = path.resolve(import.meta.dirname, '../../main.js');
const ZONE = 'Asia/Karachi';

export interface LedgerEnd {
  readonly email: string;
  readonly rows: number;
  readonly id: string | null;
  readonly state: DigestState | null;
  readonly reason: string | null;
}

/** Rabta itself: `main.js worker` with its ledger, on a database with firms that one opportunity fits. */
export interface Rabta extends Contestant {
  /** How the ledger stands: a row for every recipient, with or without a digest. */
  ledger(): Promise<LedgerEnd[]>;
  occurrences(): Promise<{ n: number; complete: number }>;
  /** What a digest went through, for whoever must find out why a line does not hold. */
  history(digestId: string): Promise<string>;
  close(): Promise<void>;
}

export async function openRabta(ground: Ground, recipients: readonly string[]): Promise<Rabta> {
  const databaseUrl = await ground.database('rabta');
  const redisUrl = ground.redis(0);
  await prepareDatabase(databaseUrl);
  const queues = await openQueues(databaseUrl, redisUrl);
  const queue = queues.queue('digests');
  queue.on('error', () => undefined);
  await queue.waitUntilReady();
  const db = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  db.on('error', () => undefined);
  const client = await db.connect();
  await seed(client, recipients).finally(() => client.release());
  await keepJournal(db);
  let planned = 0;

  return {
    name: 'Rabta',
    start: async (life, relayUrl) => {
      // a name of its own in the database, so that what it has claimed can be told from what others have
      const url = new URL(databaseUrl);
      url.username = nameOf(life);
      url.password = randomBytes(12).toString('hex');
      await db.query(`create role ${url.username} superuser login password '${url.password}'`);
      return spawn(process.execPath, [MAIN, 'worker'], {
        cwd: ground.dir, // where no .env can be
        stdio: ['ignore', 'pipe', 'pipe'],
        env: settingsOf(url.href, relayUrl, redisUrl),
      });
    },
    pass: async (dead) => {
      // The schedule plans every five minutes; here every five seconds, which must make no difference.
      if (Date.now() - planned > 5000) {
        planned = Date.now();
        await queue.add('digests.plan', {}, JOBS['digests.plan'].options);
      }
      // What the clock would do: leases of the dead run out, the time to try again comes.
      await db.query(
        `update digest set lease_until = now() - interval '1 second'
         where state in ('claimed', 'handing_off') and lease_until > now() and claim in (select claim from torture.step where worker = any($1))`,
        [dead.map(nameOf)],
      );
      await db.query(`update digest set next_attempt_at = now() where state = 'queued' and next_attempt_at > now()`);
    },
    done: async () => {
      const { rows } = await db.query<{ open: number }>(
        `select count(*)::int open from contact c left join digest d on d.contact_id = c.id left join occurrence o on o.id = d.occurrence_id
         where d.id is null or d.state in ('queued', 'claimed', 'handing_off') or o.completed_at is null`,
      );
      return rows[0]?.open === 0;
    },
    ledger: () => ledgerEnds(db),
    occurrences: async () =>
      (await db.query<{ n: number; complete: number }>('select count(*)::int n, count(completed_at)::int complete from occurrence')).rows[0] ?? {
        n: 0,
        complete: 0,
      },
    history: async (digestId) =>
      (
        await db.query<{ step: string }>(
          `select concat(was, ' → ', became, coalesce(' (' || reason || ')', ''), ' by ', worker) step from torture.step where digest_id = $1 order by number`,
          [digestId],
        )
      ).rows
        .map(({ step }) => step)
        .join(', '),
    close: async () => {
      await db.end();
      await queue.close();
      await queues.close();
    },
  };
}

/** The settings of a process that is put to the test. */
export const settingsOf = (databaseUrl: string, relayUrl: string, redisUrl: string | undefined): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  SMTP_URL: relayUrl,
  ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
  HOST: '127.0.0.1',
  MAIL_FROM: 'digest@torture-sink.net',
  MAIL_CONNECTIONS: String(CONNECTIONS),
  npm_lifecycle_event: 'start', // ends with its parent, however that ends
});

/** How the ledger stands for everybody. */
export async function ledgerEnds(db: pg.Pool): Promise<LedgerEnd[]> {
  const { rows } = await db.query<LedgerEnd>(
    `select c.email, d.id, d.state, d.reason, count(d.id) over (partition by c.id)::int rows
     from contact c left join digest d on d.contact_id = c.id order by c.created_at, c.email`,
  );
  return rows;
}

const nameOf = (life: number): string => `worker_${life}`;

/** Firms that one published opportunity fits, matched already, whose daily digest fell due within the last hour. */
export async function seed(db: pg.PoolClient, recipients: readonly string[]): Promise<void> {
  await db.query('begin');
  await db.query(
    `create temporary table person on commit drop as
     select n, email, gen_random_uuid() firm_id, (array['en', 'ur', 'sd', 'zh'])[1 + n % 4] language from unnest($1::text[]) with ordinality as given (email, n)`,
    [recipients],
  );
  await db.query(
    `insert into firm (id, name, status, membership_class, membership_number, membership_valid_until, sectors, language, applied_at, admitted_at)
     select firm_id, 'Firm ' || n, 'admitted', 'associate', 'T-' || n, current_date + 200, '{agriculture}', language, now() - interval '3 days', now() - interval '3 days' from person`,
  );
  await db.query(
    `insert into contact (firm_id, name, email, language, nonce, confirm_sent_at, confirmed_at, digest_consent_at, created_at)
     select firm_id, 'Person ' || n, email, language, 'n', t, t, t, t from person, (select now() - interval '3 days' t) past`,
  );
  await db.query(
    `insert into subscription (contact_id, cadence, zone, hour, since)
     select id, 'daily', $1, extract(hour from now() at time zone $1), digest_consent_at from contact`,
    [ZONE],
  );
  const lead = await db.query<{ id: string }>(
    `insert into opportunity (kind, status, title, summary, hs, sectors, quantity, unit, period, country, counterparty, created_at, published_at, open_until)
     values ('buy_request', 'published', '{"en": "Dried whole red chillies", "ur": "ثابت خشک سرخ مرچ"}', '{"en": "Every month, by container."}', '{090421}', '{agriculture}',
             20, 't', 'month', 'CN', 'Lantern Foods', now(), now(), current_date + 60) returning id`,
  );
  await db.query(
    `insert into match (firm_id, opportunity_id, score, evidence, blockers, engine, firm_revision, opportunity_revision, computed_at)
     select firm_id, $1, 90, '[{"rule": "sector", "sector": "agriculture", "paragraph": 12}]', '[]', $2, 1, 1, now() from person`,
    [lead.rows[0]?.id, ENGINE],
  );
  // nobody is to match anew: the run is about the mail
  await db.query(
    `insert into match_state (side, id, revision, engine, computed_at)
     select 'firm', id, revision, $1, now() from firm union all select 'opportunity', id, revision, $1, now() from opportunity`,
    [ENGINE],
  );
  await db.query('commit');
}

/** Writes down every step of every digest with the worker that made it. */
export async function keepJournal(db: pg.Pool): Promise<void> {
  await db.query(`
    create schema torture;
    create table torture.step (number bigserial, digest_id uuid not null, was text not null, became text not null, reason text, claim uuid, worker text not null,
      at timestamptz not null default clock_timestamp());
    create index on torture.step (worker);
    create index on torture.step (digest_id);
    create function torture.note() returns trigger language plpgsql as $$
    begin
      insert into torture.step (digest_id, was, became, reason, claim, worker) values (new.id, old.state, new.state, new.reason, new.claim, session_user);
      return null;
    end $$;
    create trigger note after update on digest for each row when (old.state <> new.state) execute function torture.note();
  `);
}
