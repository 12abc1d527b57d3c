import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { DigestState } from '../../digests/digests.queries.js';
import { JOBS, type JobName, type Payload, type QueueName } from '../../jobs/jobs.js';
import { openQueues, type QueueBackend } from '../../jobs/queues.js';
import { prepareDatabase } from '../../prepare.js';
import { Sink } from '../sink.js';
import { type Backend, freePort, type Ground } from '../torture/ground.js';
import { copiesOf, judge } from '../torture/judge.js';
import { keepJournal, type LedgerEnd, ledgerEnds, MAIN, seed, settingsOf } from '../torture/rabta.js';
import { type Fault, RIGHT } from './clock.js';
import { Proxy } from './proxy.js';

const CLOCK = path.resolve(import.meta.dirname, 'clock.js');
const TEMPLATE = 'faults_template';
/** Advisory locks that stand before each state of the ledger; whoever holds one keeps all digests out of that state. */
const BARRIER = 7_263_900;
const STATES: readonly DigestState[] = ['queued', 'claimed', 'handing_off', 'sent', 'failed', 'skipped', 'unknown'];
const DOMAINS = ['indus-sink.net', 'kotri-sink.net', 'latif-sink.net', 'tando-sink.net', 'mirpur-sink.net', 'hala-sink.net'];
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The machine lacks what the row needs; the message says what. Not the same as holding. */
export class NotPossibleHere extends Error {}

export interface LedgerRow {
  readonly id: string;
  readonly email: string;
  readonly key: string;
  readonly state: DigestState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly message_id: string | null;
  readonly message_sha256: string | null;
  readonly items: number;
}

/** The Message-ID of a mail. */
export const idOf = (raw: Buffer): string => /^Message-ID:\s*<([^>]+)>/im.exec(raw.toString('latin1'))?.[1] ?? '';

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
/** The same, without keeping the process alive for it. */
const atMost = (ms: number): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, ms).unref();
  });

/** A process of Rabta. */
export class Hand {
  said = '';
  /** How it ended, when nobody had told it to. */
  crashed: string | undefined;
  private told = false;

  constructor(
    private readonly child: ChildProcess,
    private readonly clock: string,
    readonly port: number,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-6000)));
    child.once('exit', (code, signal) => {
      if (!this.told) this.crashed = `ended by itself (${signal ?? code}): ${this.said.trim().split('\n').slice(-3).join(' / ')}`;
    });
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async ready(): Promise<void> {
    await until(() => /is ready \(/.test(this.said) || !this.alive, 'a process of Rabta that is ready', 120_000).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}: ${this.said.trim().split('\n').slice(-3).join(' / ')}`, { cause: error });
    });
    if (!this.alive) throw new Error(`it did not start: ${this.said}`);
  }

  setClock(fault: Fault): void {
    fs.writeFileSync(`${this.clock}.new`, JSON.stringify(fault));
    fs.renameSync(`${this.clock}.new`, this.clock);
  }

  /** At once, within the caller's own turn. */
  kill(): void {
    this.told = true;
    if (this.alive) this.child.kill('SIGKILL');
  }

  async killed(): Promise<void> {
    this.kill();
    await this.ended();
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Its event loop stands still for as long as its clock's file says. */
  block(): void {
    this.child.kill('SIGUSR2');
  }

  /**
   * As a deploy does it.
   * @returns with what code it ended; null where it took more than 30 seconds and was killed
   */
  async stop(): Promise<number | null> {
    this.told = true;
    if (this.alive) {
      this.child.kill('SIGTERM');
      const late = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
      await this.ended();
      clearTimeout(late);
    }
    return this.child.exitCode;
  }

  private async ended(): Promise<void> {
    if (this.alive) await once(this.child, 'exit');
  }
}

export interface SceneOptions {
  readonly people: number;
  readonly doors?: number;
}

/** Where a row is played: a chamber of its own, its relay, its queues, and processes of Rabta that live until the end of it. */
export class Scene {
  /** What does not hold. */
  readonly wrong: string[] = [];
  readonly people: string[];
  readonly hands: Hand[] = [];
  fault: Fault = RIGHT;
  private readonly opened = new Map<QueueName, Queue>();
  private readonly closing: (() => unknown)[] = [];
  private clocks = 0;
  private readonly lent: (() => void)[] = [];

  private constructor(
    readonly ground: Ground,
    readonly backend: Backend,
    readonly sink: Sink,
    readonly name: string,
    readonly line: Proxy,
    readonly databaseUrl: string,
    readonly redisUrl: string | undefined,
    readonly db: pg.Pool,
    private readonly queues: QueueBackend,
    people: number,
  ) {
    this.people = Array.from({ length: people }, (_, i) => `person${i + 1}@${DOMAINS[i % DOMAINS.length]}`);
  }

  /** Once for all rows: a database with everything but people. */
  static async prepare(ground: Ground): Promise<void> {
    const url = await ground.database(TEMPLATE);
    await prepareDatabase(url);
    const queues = await openQueues(url, undefined);
    await queues.close();
    await setUp(url);
  }

  static async open(ground: Ground, backend: Backend, name: string, options: SceneOptions): Promise<Scene> {
    return this.on(ground, backend, name, await ground.database(name, TEMPLATE), options);
  }

  /** On a database that is there, which may lie on another server than the ground's. */
  static async on(ground: Ground, backend: Backend, name: string, url: string, options: SceneOptions): Promise<Scene> {
    const redisUrl = backend === 'redis' ? ground.redis(0) : undefined;
    if (redisUrl) await withRedis(redisUrl, (redis) => redis.flushdb());
    const line = await Proxy.open(Number(new URL(url).port));
    const databaseUrl = line.through(url);
    const queues = await openQueues(databaseUrl, redisUrl);
    const db = new pg.Pool({ connectionString: databaseUrl, max: 6, connectionTimeoutMillis: 5000 });
    db.on('error', () => undefined);
    const sink = await Sink.open(options.doors ?? 2);
    const scene = new Scene(ground, backend, sink, name, line, databaseUrl, redisUrl, db, queues, options.people);
    if (options.people) {
      const client = await db.connect();
      await seed(client, scene.people).finally(() => client.release());
      await db.query(`update opportunity set open_until = current_date + 400`);
      await db.query(`update firm set membership_valid_until = current_date + 400`);
    }
    return scene;
  }

  /** Says what must be so; the row holds only if all of it is. */
  must(what: string, holds: boolean): void {
    if (!holds) this.wrong.push(what);
  }

  // processes ---------------------------------------------------------------------------------------------------------------------------------------

  /** Starts a worker, or another role, and waits until it is ready. */
  async start(options: { door?: number; role?: 'worker' | 'web'; env?: Record<string, string>; fault?: Fault } = {}): Promise<Hand> {
    const hand = await this.spawn(options);
    await hand.ready();
    return hand;
  }

  async spawn({ door = 0, role = 'worker', env = {}, fault = this.fault }: Parameters<Scene['start']>[0] = {}): Promise<Hand> {
    const file = path.join(this.ground.dir, `${this.name}-${++this.clocks}.clock`);
    fs.writeFileSync(file, JSON.stringify(fault));
    const preload = `${pathToFileURL(CLOCK).href}?file=${encodeURIComponent(file)}`;
    const port = role === 'web' ? await freePort() : 0;
    const child = spawn(process.execPath, ['--import', preload, MAIN, role], {
      cwd: this.ground.dir, // where no .env can be
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...settingsOf(this.databaseUrl, this.sink.urlOf(door), this.redisUrl),
        ...(port ? { PORT: String(port), APP_URL: `http://127.0.0.1:${port}` } : {}),
        ...env,
      },
    });
    const hand = new Hand(child, file, port);
    this.hands.push(hand);
    return hand;
  }

  /** A firm that has registered by the API, been confirmed and admitted, and is signed in. */
  async member(port: number): Promise<{ firmId: string; token: string }> {
    const post = async (address: string, body: unknown): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/${address}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    await post('firms', registration(0));
    const { email, password } = registration(0);
    await this.rows('update contact set confirmed_at = $2 where email = $1', [email, this.now()]);
    const [firm] = await this.rows<{ id: string }>(
      `update firm f set status = 'admitted', admitted_at = $2, membership_class = 'associate', membership_number = 'A-1', membership_valid_until = current_date + 400
       from contact c where c.firm_id = f.id and c.email = $1 returning f.id`,
      [email, this.now()],
    );
    const { token } = (await post('session', { email, password })) as { token: string };
    return { firmId: firm?.id ?? '', token };
  }

  /** What time it is for the processes. */
  now(): Date {
    return new Date(Date.now() + this.fault.ahead);
  }

  /** Time passes, for all processes that live and those that come. */
  pass(ms: number): void {
    this.go({ ahead: this.fault.ahead + ms });
  }

  /** All clocks are set. */
  setTime(at: number): void {
    this.go({ ahead: at - Date.now() });
  }

  /** What goes wrong with all processes from now on. */
  go(wrong: Partial<Fault>): void {
    this.fault = { ...this.fault, ...wrong };
    for (const hand of this.hands) hand.setClock(this.fault);
  }

  /** The relay takes what it held back, and what was on its way to be held back. */
  letGo(): void {
    this.sink.otherwise = 'accept';
    const timer = setInterval(() => this.sink.release(), 20);
    this.atEnd(() => clearInterval(timer));
  }

  // queues ------------------------------------------------------------------------------------------------------------------------------------------

  queue(name: QueueName): Queue {
    let queue = this.opened.get(name);
    if (!queue) {
      queue = this.queues.queue(name);
      queue.on('error', () => undefined);
      this.opened.set(name, queue);
    }
    return queue;
  }

  async enqueue<N extends JobName>(name: N, payload: Payload<N>): Promise<string> {
    const job = await this.queue(JOBS[name].queue).add(name, payload, JOBS[name].options);
    return job.id ?? '';
  }

  /** As the schedule does every five minutes. */
  async plan(): Promise<void> {
    await this.enqueue('digests.plan', {});
  }

  /** Somebody is woken for each run, as the sweeper does; whatever is owed by now is taken up. */
  async nudge(): Promise<void> {
    for (const { id } of await this.rows<{ id: string }>('select id from occurrence')) await this.enqueue('digests.deliver', { occurrenceId: id, chunk: 0 });
  }

  /** Everything that any queue knows is gone. */
  async loseQueues(): Promise<void> {
    if (this.redisUrl) await withRedis(this.redisUrl, (redis) => redis.flushall());
    else {
      const [of] = await this.rows<{ names: string }>(
        `select string_agg(format('bullmq.%I', tablename), ', ') names from pg_tables where schemaname = 'bullmq' and tablename not like '%migration%'`,
      );
      await this.rows(`truncate ${of?.names}`);
    }
  }

  /** The locks of jobs that are in hand run out at once: on Redis no clock of ours can do that. */
  async expireJobLocks(): Promise<void> {
    if (!this.redisUrl) return;
    await withRedis(this.redisUrl, async (redis) => {
      const keys = (await redis.keys('*')).filter((key) => key.endsWith(':lock') || key.endsWith(':stalled-check'));
      if (keys.length) await redis.del(...keys);
    });
  }

  // database ----------------------------------------------------------------------------------------------------------------------------------------

  async rows<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.db.query<T>(sql, values)).rows;
  }

  async count(of: string, values: unknown[] = []): Promise<number> {
    return (await this.rows<{ n: number }>(`select count(*)::int n from ${of}`, values))[0]?.n ?? -1;
  }

  /** A connection of one's own, given back at the end of the row at the latest. */
  async connect(): Promise<pg.PoolClient> {
    const client = await this.db.connect();
    client.on('error', () => undefined);
    // the pool gives each loan a function of its own; given back twice it would throw
    const giveBack = client.release.bind(client);
    let out = true;
    client.release = (...args) => {
      if (out) giveBack(...args);
      out = false;
    };
    this.lent.push(client.release.bind(client, true));
    return client;
  }

  /** Keeps every digest out of that state, from before its commit on, until the returned function is called. */
  async bar(state: DigestState): Promise<() => Promise<void>> {
    const client = await this.connect();
    await client.query('select pg_advisory_lock($1, $2)', [BARRIER, STATES.indexOf(state)]);
    return async () => {
      await client.query('select pg_advisory_unlock_all()');
      client.release();
    };
  }

  /** Sessions that stand before the barrier. */
  private waiting = `pg_locks where locktype = 'advisory' and classid = ${BARRIER} and not granted`;

  async atBar(): Promise<void> {
    await until(async () => (await this.count(this.waiting)) > 0, 'somebody at the barrier');
  }

  /** What the dead had asked for is not done any more, as if the server had noticed at once. */
  async dropWaiting(): Promise<void> {
    await this.rows(`select pg_terminate_backend(pid) from ${this.waiting}`);
    await until(async () => (await this.count(this.waiting)) === 0, 'an empty barrier');
  }

  // the ledger --------------------------------------------------------------------------------------------------------------------------------------

  ledger(): Promise<LedgerRow[]> {
    return this.rows<LedgerRow>(
      `select d.id, c.email, o.key, d.state, d.reason, d.attempts, d.message_id, d.message_sha256,
              (select count(*)::int from digest_item i where i.digest_id = d.id) items
       from digest d join contact c on c.id = d.contact_id join occurrence o on o.id = d.occurrence_id order by d.due_at, c.created_at, c.email`,
    );
  }

  /** Everybody has a row, and every row has its end. */
  async ended(rowsEach = 1): Promise<boolean> {
    const [row] = await this.rows<{ n: number; open: number }>(
      `select count(*)::int n, (count(*) filter (where state in ('queued', 'claimed', 'handing_off')))::int open from digest`,
    );
    return row?.open === 0 && row.n >= rowsEach * this.people.length;
  }

  /** Waits for the end of the run. */
  untilEnded(ms = 30_000, rowsEach = 1): Promise<void> {
    return this.until(() => this.ended(rowsEach), 'the end of the run', ms);
  }

  async until(holds: () => Promise<boolean> | boolean, what: string, ms = 20_000): Promise<void> {
    try {
      await until(holds, what, ms);
    } catch (error) {
      throw new Error(`${(error as Error).message}; ledger: ${await this.states().catch(() => 'not to be had')}`, { cause: error });
    }
  }

  /** `sent 11, unknown answer-lost 1` */
  async states(): Promise<string> {
    const counts = new Map<string, number>();
    for (const { state, reason } of await this.ledger()) {
      const what = [state, reason].filter(Boolean).join(' ');
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    return [...counts].map(([what, n]) => `${n} ${what}`).join(', ') || 'no rows';
  }

  copies(email: string): number {
    return copiesOf(this.sink).get(email) ?? 0;
  }

  /**
   * The promise, for one run: sent means one copy, failed and skipped none, unknown one at most; every row has its end; nobody has two rows.
   * @param unknown how many may be unknown
   * @param except who has a reason to be failed or skipped
   */
  async promise(unknown = 0, except: (row: LedgerEnd) => boolean = () => false): Promise<void> {
    const rows = await ledgerEnds(this.db);
    const copies = copiesOf(this.sink);
    for (const { line, rows: wrong } of judge(
      rows.filter((row) => !except(row)),
      copies,
      unknown,
    ))
      this.wrong.push(
        `${line}: not so for ${wrong.length}, as ${wrong[0]?.email} (${copies.get(wrong[0]?.email ?? '') ?? 0} copies, ${wrong[0]?.state} ${wrong[0]?.reason ?? ''})`,
      );
    for (const row of rows.filter((of) => except(of) && (of.state === 'failed' || of.state === 'skipped')))
      this.must(`${row.state} means no copy: not so for ${row.email}`, !copies.has(row.email));
    const bodies = new Map<string, string>();
    for (const { to, raw } of this.sink.offered) {
      const known = bodies.get(to);
      this.must(`every try offers the same bytes: not so for ${to}`, known === undefined || known === raw.toString('latin1'));
      bodies.set(to, raw.toString('latin1'));
    }
  }

  /** `12 copies to 12 people` */
  sunk(): string {
    const copies = copiesOf(this.sink);
    const most = Math.max(0, ...copies.values());
    return `${this.sink.accepted.length} copies, ${most} a person at most`;
  }

  atEnd(step: () => unknown): void {
    this.closing.push(step);
  }

  /** Closes our own connections: from then on the database can be copied. */
  async leaveDatabase(): Promise<void> {
    if (this.db.ended) return;
    const late = atMost(5000);
    for (const giveBack of this.lent) giveBack();
    await Promise.race([Promise.allSettled([...this.opened.values()].map((queue) => queue.close())), late]);
    await Promise.race([this.queues.close(), late]);
    await Promise.race([this.db.end(), late]);
  }

  /** Ends everything that this row started, by its own handles. */
  async close(): Promise<void> {
    for (const hand of this.hands) {
      if (hand.crashed) this.wrong.push(`a process ${hand.crashed}`);
      hand.kill();
    }
    await Promise.all(this.hands.map((hand) => hand.killed()));
    await this.leaveDatabase();
    await this.sink.close().catch(() => undefined);
    await this.line.close();
    for (const step of this.closing.reverse()) await step();
  }
}

/** What a firm sends to register. */
export const registration = (n: number) => ({
  firmName: `Kunri Sun Chillies ${n}`,
  contactName: 'Naila Arain',
  email: `naila${n}@indus-sink.net`,
  password: 'chillies dry in the sun',
  language: 'en',
  digestConsent: true,
  offers: [{ text: 'Whole dried red chillies, Longi' }],
});

/** @throws Error saying what was waited for in vain */
export async function until(holds: () => Promise<boolean> | boolean, what: string, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await holds()) return;
    await sleep(40);
  }
  throw new Error(`waited ${Math.round(ms / 1000)} seconds in vain for ${what}`);
}

export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** A journal of every step of every digest, and a barrier before each state. */
export async function setUp(url: string): Promise<void> {
  const db = new pg.Pool({ connectionString: url, max: 1 });
  try {
    await keepJournal(db);
    await db.query(`
      create function torture.wait() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock_shared(${BARRIER}, array_position(array['${STATES.join("', '")}'], new.state) - 1);
        return new;
      end $$;
      create trigger wait before update on digest for each row when (old.state <> new.state) execute function torture.wait();
    `);
  } finally {
    await db.end();
  }
}
