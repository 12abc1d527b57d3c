import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { AccountsService } from './accounts/accounts.service.js';
import { Readiness } from './api/readiness.js';
import { createApp } from './app.js';
import { Clock } from './common/clock.js';
import type { Undo } from './common/undo.js';
import type { Env } from './config/env.js';
import type { EmbeddedPostgres } from './database/embedded-postgres.js';
import { sayDemoSignIns, seedDemo, type SignIn } from './demo/seed.js';
import { DeliveryService } from './digests/delivery.service.js';
import { DigestsService } from './digests/digests.service.js';
import { ReportsService } from './digests/reports.service.js';
import { openQueues } from './jobs/queues.js';
import { BounceListener } from './mail/bounce-listener.js';
import { Mailbox } from './mail/mailbox.js';
import { MatchIndex } from './matching/index/match-index.js';
import { MatchingService } from './matching/matching.service.js';
import { NomenclatureService } from './nomenclature/nomenclature.service.js';
import { prepareDatabase } from './prepare.js';
import { WorkerService } from './worker/worker.service.js';

const say = (line: string): void => console.log(line);

/**
 * Opens the house in the role that the settings name: database, queues, mail, pages, worker, and on the very first start the demo chamber.
 * @param embedded the PostgreSQL that was started for it, where DATABASE_URL names none
 * @param began when the start began, in milliseconds of the epoch
 */
export async function open(env: Env, undo: Undo, embedded: EmbeddedPostgres | undefined, began: number): Promise<void> {
  const clock = new Clock();
  if (embedded) say(`  PostgreSQL   embedded, data in ${path.relative('', embedded.dir) || '.'}${embedded.owner ? '' : ' (running already)'}`);
  const databaseUrl = env.DATABASE_URL ?? embedded?.url ?? '';
  const [{ migrations, secret }, queues] = await Promise.all([prepareDatabase(databaseUrl, env.SECRET_KEY), openQueues(databaseUrl, env.REDIS_URL)]);
  undo.add(() => queues.close());
  say(`  Schema       ${migrations ? `${migrations} migrations run` : 'up to date'}`);
  say(`  Queues       BullMQ on ${queues.kind === 'redis' ? 'Redis' : 'PostgreSQL'}`);

  const mailbox = env.SMTP_URL ? null : new Mailbox(path.resolve(env.DATA_DIR, 'mailbox'));
  const relayUrl = env.SMTP_URL ?? (await (mailbox as Mailbox).listen());
  if (mailbox) undo.add(() => mailbox.close());
  say(`  Mail         ${mailbox ? 'caught in the local mailbox' : 'handed to the relay'}`);

  const app = await createApp({ env, databaseUrl, secret, queues, relayUrl, mailbox, clock });
  undo.add(() => app.close());
  await app.listen({ port: env.PORT, host: env.HOST });

  if (env.BOUNCE_PORT !== undefined && env.BOUNCE_DOMAIN && env.ROLE !== 'worker') {
    const listener = new BounceListener(env.BOUNCE_DOMAIN, app.get(ReportsService));
    undo.add(() => listener.close());
    say(`  Bounces      taken by SMTP on port ${await listener.listen(env.BOUNCE_PORT, env.BOUNCE_HOST ?? env.HOST)}`);
  }

  const signIns = embedded ? await seedDemo(sourceOf(app), app.get(AccountsService), app.get(NomenclatureService), clock.now(), env.CHAMBER_TIME_ZONE) : null;
  if (signIns) say('  Demo         chamber loaded: firms, opportunities and their accounts');
  const readiness = app.get(Readiness);
  if (env.ROLE !== 'web') {
    if (embedded?.owner && mailbox) await app.get(DeliveryService).resolveAfterRestart(() => mailbox.messageIds());
    const worker = app.get(WorkerService);
    worker.start();
    undo.add(() => worker.stop());
    if (embedded && env.ROLE === 'all') await firstRun(app, readiness);
  }
  readiness.waitingFor = null;
  // whoever asks before it is done waits for it
  void app
    .get(MatchIndex)
    .warm()
    .catch(() => undefined);
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
    for (const line of sayDemoSignIns(signIns)) say(`    ${line}`);
  } else if (!env.DATABASE_URL) {
    say(`  Sign-ins     as printed at the first start; npm run account:password -- ADDRESS sets a new password`);
  }
  say('  Stop with Ctrl-C.');
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((next) => setTimeout(next, 60));
}

const sourceOf = (app: NestFastifyApplication): DataSource => app.get<DataSource>(getDataSourceToken());
