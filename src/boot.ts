import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import net from 'node:net';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { DataSource as PlainDataSource } from 'typeorm';
import { AccountsService } from './accounts/accounts.service.js';
import { Readiness } from './api/readiness.js';
import { createApp } from './app.js';
import { Clock } from './common/clock.js';
import { BadSetting, type Env, readProcessEnv } from './config/env.js';
import { dataSourceOptions, migrate } from './database/data-source.js';
import { type EmbeddedPostgres, NoPostgres, startEmbeddedPostgres } from './database/embedded-postgres.js';
import { signingSecret } from './database/secret.js';
import { seedDemo, type SignIn } from './demo/seed.js';
import { DigestsService } from './digests/digests.service.js';
import { openQueues } from './jobs/queues.js';
import { Mailbox } from './mail/mailbox.js';
import { MatchingService } from './matching/matching.service.js';
import { NomenclatureService } from './nomenclature/nomenclature.service.js';
import { storeCatalogue } from './statement/statement.js';
import { WorkerService } from './worker/worker.service.js';

/** What went wrong at start, in one line a person can act on. */
class CannotStart extends Error {}

const say = (line: string): void => console.log(line);

/** Things to undo at the end, the last one first. */
class Undo {
  private readonly steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }

  async all(): Promise<void> {
    for (const step of this.steps.splice(0).reverse()) await step().catch((error: unknown) => console.error(`at the end: ${(error as Error).message}`));
  }
}

/** Starts the process in its role and keeps it running until it is told to stop. */
export async function boot(role: string | undefined): Promise<void> {
  const undo = new Undo();
  const state = { ending: false };
  let asked = 0;
  const end = async (code: number): Promise<void> => {
    if (state.ending) return;
    state.ending = true;
    await undo.all();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!state.ending) {
        asked = Date.now();
        say('Stopping …');
        void end(0);
      } else if (Date.now() - asked > 2000) process.exit(130); // asked again; sooner it is npm passing the same signal on
    });
  }
  try {
    const env = readProcessEnv(role);
    if (env.startedByNpm) endWithParent(() => void end(0));
    await start(env, undo);
  } catch (error) {
    if (state.ending) return; // told to stop while starting
    console.error(`Rabta cannot start: ${reasonOf(error)}`);
    await end(1);
  }
}

/** npm killed with -9 leaves its children running; this one then ends in good order. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
}

async function start(env: Env, undo: Undo): Promise<void> {
  const began = Date.now();
  const clock = new Clock();
  if (env.PORT) await portIsFree(env.HOST, env.PORT);

  let embedded: EmbeddedPostgres | undefined;
  if (!env.DATABASE_URL) {
    embedded = await startEmbeddedPostgres({ dir: env.DATA_DIR, database: 'rabta' });
    undo.add(() => embedded?.stop() ?? Promise.resolve());
    say(`  PostgreSQL   embedded, data in ${path.relative('', embedded.dir) || '.'}${embedded.owner ? '' : ' (running already)'}`);
  }
  const databaseUrl = env.DATABASE_URL ?? embedded?.url ?? '';
  const ran = await migrate(databaseUrl);
  const plain = await new PlainDataSource(dataSourceOptions(databaseUrl)).initialize();
  let secret: string;
  try {
    await storeCatalogue(plain);
    secret = await signingSecret(plain, env.SECRET_KEY);
  } finally {
    await plain.destroy();
  }
  say(`  Schema       ${ran ? `${ran} migrations run` : 'up to date'}`);

  const queues = await openQueues(databaseUrl, env.REDIS_URL);
  undo.add(() => queues.close());
  say(`  Queues       BullMQ on ${queues.kind === 'redis' ? 'Redis' : 'PostgreSQL'}`);

  const mailbox = env.SMTP_URL ? null : new Mailbox(path.resolve(env.DATA_DIR, 'mailbox'));
  const relayUrl = env.SMTP_URL ?? (await (mailbox as Mailbox).listen());
  if (mailbox) undo.add(() => mailbox.close());
  say(`  Mail         ${mailbox ? 'caught in the local mailbox' : 'handed to the relay'}`);

  const app = await createApp({ env, databaseUrl, secret, queues, relayUrl, mailbox, clock });
  undo.add(() => app.close());
  await app.listen({ port: env.PORT, host: env.HOST });

  const signIns = embedded ? await seedDemo(sourceOf(app), app.get(AccountsService), app.get(NomenclatureService), clock.now(), env.CHAMBER_TIME_ZONE) : null;
  if (signIns) say('  Demo         chamber loaded: firms, opportunities and their accounts');
  const readiness = app.get(Readiness);
  if (env.ROLE !== 'web') {
    if (embedded?.owner && mailbox) await app.get(DigestsService).resolveAfterRestart(() => mailbox.messageIds());
    const worker = app.get(WorkerService);
    worker.start();
    undo.add(() => worker.stop());
    if (embedded && env.ROLE === 'all') await firstRun(app, readiness);
  }
  readiness.waitingFor = null;
  announce(env, mailbox !== null, signIns, began);
}

/** Matches the demo chamber and runs one digest occurrence, once; after a stop in the middle it goes on where it was. */
async function firstRun(app: NestFastifyApplication, readiness: Readiness): Promise<void> {
  const source = sourceOf(app);
  const demo = await source.query<unknown[]>(`select 1 from setting where key = 'demo' and not exists (select 1 from setting where key = 'first-run')`);
  if (!demo.length) return;
  const matching = app.get(MatchingService);
  const digests = app.get(DigestsService);
  readiness.waitingFor = 'matching';
  await until(async () => (await matching.owed(1)).length === 0);
  const [matches] = await source.query<{ n: number }[]>('select count(*)::int n from match');
  say(`  Matching     ${matches?.n ?? 0} matches found`);
  readiness.waitingFor = 'digests';
  await digests.runNow();
  await until(async () => (await digests.running()) === 0);
  const [run] = await digests.runs(1);
  say(
    `  Digests      ${run?.key}: ${Object.entries(run?.counts ?? {})
      .map(([what, n]) => `${n} ${what}`)
      .join(', ')}`,
  );
  await source.query(`insert into setting (key, value) values ('first-run', now()::text) on conflict do nothing`);
}

function announce(env: Env, hasMailbox: boolean, signIns: readonly SignIn[] | null, began: number): void {
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (env.ROLE === 'worker') return say(`\nRabta's worker is ready (${seconds} s).`);
  say(`\nRabta is ready (${seconds} s).`);
  say(`  Portal       ${env.APP_URL}`);
  if (hasMailbox) say(`  Mailbox      ${env.APP_URL}/mailbox`);
  if (signIns) {
    say(`  Sign in at   ${env.APP_URL}/sign-in (these passwords are shown only now)`);
    for (const { what, email, password } of signIns) say(`    ${email.padEnd(38)} ${password}   ${what}`);
  } else if (!env.DATABASE_URL) {
    say(`  Sign-ins     as printed at the first start; npm run account:password -- ADDRESS sets a new password`);
  }
  say('  Stop with Ctrl-C.');
}

async function portIsFree(host: string, port: number): Promise<void> {
  const probe = net.createServer();
  await new Promise<void>((free, taken) => {
    probe.once('error', taken);
    probe.listen(port, host, () => probe.close(() => free()));
  });
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((next) => setTimeout(next, 60));
}

const sourceOf = (app: NestFastifyApplication): DataSource => app.get<DataSource>(getDataSourceToken());

/** One clear line; addresses with passwords inside never appear in it. */
function reasonOf(error: unknown): string {
  if (error instanceof BadSetting || error instanceof NoPostgres || error instanceof CannotStart) return error.message;
  const { code, message, port, path: file, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port ?? ''} is in use. Stop the other program, or set PORT to another one.`;
    case 'EACCES':
      return `no permission for ${file ?? (port ? `port ${port}` : 'a file')}. Set ${port ? 'PORT' : 'DATA_DIR'} to one you may use.`;
    case 'ENOSPC':
    case '53100':
      return 'the disk is full. Make room, or set DATA_DIR to another disk.';
    case 'ECONNREFUSED':
      return `nothing answers at ${address ?? 'the address'}:${port ?? ''}. Is the database or Redis of DATABASE_URL or REDIS_URL running?`;
    case 'ENOTFOUND':
      return 'the host in DATABASE_URL, REDIS_URL or SMTP_URL is not known.';
    case '28P01':
    case '28000':
      return 'the database refused the user or password in DATABASE_URL.';
    case '3D000':
      return 'the database named in DATABASE_URL does not exist.';
    default:
      return message || String(error);
  }
}
