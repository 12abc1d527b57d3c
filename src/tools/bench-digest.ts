/**
 * How many digests a second one worker brings from *due* to *accepted by the relay*, ledger and all, beside the stock way and the bare limit
 * in the same run, against the same relay.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { readEnv } from '../config/env.js';
import { JOBS } from '../jobs/jobs.js';
import { openQueues } from '../jobs/queues.js';
import { prepareDatabase } from '../prepare.js';
import { fallDue, nobodyDue, owe, seedChamber } from './bench/chamber.js';
import { openPeer, openSink, openWorker, type SinkProcess } from './bench/processes.js';
import { openGround } from './torture/ground.js';

const USAGE = `usage: npm run -s bench:digest -- [--firms 20000] [--rounds 3] [--matches 5] [--profile DIR] [--json]
       npm run -s bench:digest -- --memory [--firms 200000] [--json]
Starts a PostgreSQL and a relay of its own (smtp-server, in a process of its own); nothing leaves the machine. Each round runs, in turn:
  rabta   one worker (main.js worker, queues on PostgreSQL): all firms, from the moment they fall due until the relay has taken the last
  stock   a transaction a firm, nodemailer's pool and composer, the same queries and words (on a part of the firms: it is slow)
  bare    messages that are there already through as many SMTP connections of nodemailer
and at the end two workers of Rabta once. DKIM is off for all. Printed are digests a second, medians of the rounds.
--memory runs Rabta alone on 2,000 firms, ten times as many and so on up to --firms, and prints the most memory that the worker had (resident, and in
  use in its heap after a full collection), in megabytes.
--profile runs Rabta alone, once, and leaves a profile of the worker's processor time in DIR.`;

/** No round is begun after so long: a busy machine must not make it endless. */
const ENOUGH_MS = 240_000;
const CONNECTIONS = readEnv({}).MAIL_CONNECTIONS;

const settings = z.object({
  firms: z.coerce.number().int().min(100).max(1_000_000),
  rounds: z.coerce.number().int().min(1).max(20),
  matches: z.coerce.number().int().min(1).max(15),
  json: z.boolean(),
  memory: z.boolean(),
  profile: z.string().optional(),
});

interface Run {
  readonly digests: number;
  readonly seconds: number;
  /** Digests a second. */
  readonly rate: number;
  readonly messageBytes: number;
  /** Of the process that sends, microseconds a digest; undefined where the system does not tell (other than Linux). */
  readonly cpuMicros: number | undefined;
}

interface Stage {
  readonly dir: string;
  readonly db: pg.Pool;
  readonly databaseUrl: string;
  readonly sink: SinkProcess;
  /** Wakes a worker to plan. */
  plan(): Promise<void>;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      firms: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      matches: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const read = settings.safeParse({ ...values, firms: values.firms ?? (values.memory ? '200000' : '20000') });
  if (!read.success) {
    console.error(USAGE);
    return 2;
  }
  const asked = read.data;
  const ground = await openGround('postgres');
  const steps: (() => unknown)[] = [() => ground.close()];
  const close = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close().finally(() => process.exit(130)));
  try {
    const databaseUrl = await ground.database('bench');
    await prepareDatabase(databaseUrl);
    const db = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    db.on('error', () => undefined);
    steps.push(() => db.end());
    const queues = await openQueues(databaseUrl, undefined);
    const queue = queues.queue('digests');
    queue.on('error', () => undefined);
    await queue.waitUntilReady();
    steps.push(async () => {
      await queue.close();
      await queues.close();
    });
    const sink = await openSink();
    steps.push(() => sink.close());
    const stage: Stage = {
      dir: ground.dir,
      db,
      databaseUrl,
      sink,
      plan: async () => {
        await queue.add('digests.plan', {}, JOBS['digests.plan'].options);
      },
    };
    const result = asked.memory ? await memory(stage, asked.firms) : asked.profile ? await profile(stage, asked) : await compare(stage, asked);
    if (asked.json) console.log(JSON.stringify(result));
    else console.log(JSON.stringify(result, null, 2));
    return 0;
  } finally {
    await close();
  }
}

async function compare(stage: Stage, asked: z.infer<typeof settings>): Promise<object> {
  const began = Date.now();
  await seedChamber(stage.db, asked.firms, asked.matches);
  const runs: Record<'rabta' | 'stock' | 'bare', Run[]> = { rabta: [], stock: [], bare: [] };
  const part = Math.min(asked.firms, Math.max(500, Math.round(asked.firms / 8)));
  const peers = {
    rabta: async () => (await rabta(stage, asked.firms, 1)).run,
    stock: () => stock(stage, part),
    bare: () => bare(stage, Math.min(asked.firms, part * 4)),
  };
  for (let round = 0; round < asked.rounds && (round === 0 || Date.now() - began < ENOUGH_MS); round++) {
    // bare needs the messages of the run before it; the others take turns
    for (const name of round % 2 ? (['stock', 'rabta', 'bare'] as const) : (['rabta', 'bare', 'stock'] as const)) {
      const run = await peers[name]();
      runs[name].push(run);
      console.error(`  round ${round + 1}: ${name} ${run.digests} in ${run.seconds} s`);
    }
  }
  const two = (await rabta(stage, asked.firms, 2)).run;
  const rate = (name: keyof typeof runs): number => median(runs[name].map((run) => run.rate));
  const cpu = (name: keyof typeof runs): number => median(runs[name].map((run) => run.cpuMicros ?? 0));
  return {
    firms: asked.firms,
    matches: asked.matches,
    connections: CONNECTIONS,
    messageBytes: runs.rabta[0]?.messageBytes,
    digestsPerSecond: { rabta: rate('rabta'), stock: rate('stock'), bare: rate('bare'), twoWorkers: two.rate },
    cpuMicros: { rabta: cpu('rabta'), stock: cpu('stock'), bare: cpu('bare') },
    timesStock: round2(rate('rabta') / rate('stock')),
    ofBare: round2(rate('rabta') / rate('bare')),
    runs,
    seconds: Math.round((Date.now() - began) / 1000),
  };
}

async function memory(stage: Stage, most: number): Promise<object> {
  const sizes: { firms: number; mostMb: number; mostHeapMb: number; digestsPerSecond: number }[] = [];
  for (let firms = 2000; firms <= most; firms *= 10) {
    await seedChamber(stage.db, firms, 3);
    const { run, mostMb, mostHeapMb } = await rabta(stage, firms, 1, ['--trace-gc']);
    const size = { firms, mostMb, mostHeapMb, digestsPerSecond: run.rate };
    console.error(`  ${JSON.stringify(size)}`);
    sizes.push(size);
  }
  return { sizes };
}

async function profile(stage: Stage, { firms, matches, profile: dir = '.' }: z.infer<typeof settings>): Promise<object> {
  await seedChamber(stage.db, firms, matches);
  return (await rabta(stage, firms, 1, ['--cpu-prof', `--cpu-prof-dir=${path.resolve(dir)}`])).run;
}

/** Workers that are up and idle; everybody falls due; the time runs until the relay has taken the last. */
async function rabta(stage: Stage, firms: number, workers: number, flags: readonly string[] = []): Promise<{ run: Run; mostMb: number; mostHeapMb: number }> {
  const { db, sink } = stage;
  await nobodyDue(db);
  const up = await Promise.all(
    Array.from({ length: workers }, () =>
      openWorker(
        stage.dir,
        { DATABASE_URL: stage.databaseUrl, SMTP_URL: sink.url, MAIL_FROM: 'digest@bench-sink.net', MAIL_CONNECTIONS: String(CONNECTIONS) },
        flags,
      ),
    ),
  );
  let mostMb = 0;
  const look = setInterval(() => {
    for (const { pid } of up) mostMb = Math.max(mostMb, Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024));
  }, 1000);
  try {
    await new Promise((rest) => setTimeout(rest, 1000));
    await fallDue(db);
    const all = sink.expect(firms);
    const before = up.map(({ pid }) => cpuMsOf(pid));
    const began = Date.now();
    await stage.plan();
    const counted = await Promise.race([all, whole(db)]);
    if (!counted) throw new Error('the run ended and not everybody got a digest');
    const used = up.reduce<number | undefined>((sum, { pid }, i) => {
      const [now, then] = [cpuMsOf(pid), before[i]];
      return sum === undefined || now === undefined || then === undefined ? undefined : sum + now - then;
    }, 0);
    await whole(db);
    const { rows } = await db.query<{ what: string; n: number }>(`select concat_ws(' ', state, reason) what, count(*)::int n from digest group by 1`);
    const [only] = rows;
    if (rows.length !== 1 || only?.what !== 'sent' || only.n !== firms || counted.recipients !== firms)
      throw new Error(`not everybody got exactly one: ${JSON.stringify(rows)}, ${counted.recipients} recipients`);
    return { run: ran(firms, counted.at - began, counted.bytes, used), mostMb, mostHeapMb: Math.max(...up.map((worker) => worker.mostHeapMb())) };
  } finally {
    clearInterval(look);
    await Promise.all(up.map((worker) => worker.stop()));
  }
}

/** Until the run is complete in the ledger, and three seconds more for what is still on its way to us. */
async function whole(db: pg.Pool): Promise<undefined> {
  for (;;) {
    const { rows } = await db.query('select 1 from occurrence having count(*) > 0 and count(*) = count(completed_at)');
    if (rows.length) break;
    await new Promise((next) => setTimeout(next, 250));
  }
  await new Promise((next) => setTimeout(next, 3000));
  return undefined;
}

async function stock({ db, sink, databaseUrl }: Stage, digests: number): Promise<Run> {
  await owe(db, digests);
  const peer = await openPeer('stock', [databaseUrl, sink.url, String(CONNECTIONS)]);
  const all = sink.expect(digests);
  const began = Date.now();
  const [counted, cpuMs] = await Promise.all([all, peer.run()]);
  return ran(digests, counted.at - began, counted.bytes, cpuMs);
}

async function bare({ sink, databaseUrl }: Stage, messages: number): Promise<Run> {
  const peer = await openPeer('bare', [databaseUrl, sink.url, String(CONNECTIONS), String(messages)]);
  const all = sink.expect(messages);
  const began = Date.now();
  const [counted, cpuMs] = await Promise.all([all, peer.run()]);
  return ran(messages, counted.at - began, counted.bytes, cpuMs);
}

/** Processor time of another process in milliseconds, by a clock of 100 ticks a second. */
function cpuMsOf(pid: number): number | undefined {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

const ran = (digests: number, ms: number, bytes: number, cpuMs: number | undefined): Run => ({
  digests,
  seconds: round2(ms / 1000),
  rate: Math.round((digests / ms) * 1000),
  messageBytes: Math.round(bytes / digests),
  cpuMicros: cpuMs === undefined ? undefined : Math.round((cpuMs * 1000) / digests),
});
const round2 = (n: number): number => Math.round(n * 100) / 100;
const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
