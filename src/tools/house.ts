import { getDataSourceToken } from '@nestjs/typeorm';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service.js';
import { createApp } from '../app.js';
import { Clock } from '../common/clock.js';
import { type Env, readProcessEnv } from '../config/env.js';
import { startEmbeddedPostgres } from '../database/embedded-postgres.js';
import { openQueues } from '../jobs/queues.js';
import { MatchingService } from '../matching/matching.service.js';
import { NomenclatureService } from '../nomenclature/nomenclature.service.js';
import { prepareDatabase } from '../prepare.js';

export interface Inside {
  readonly env: Env;
  readonly source: DataSource;
  readonly accounts: AccountsService;
  readonly nomenclature: NomenclatureService;
  readonly matching: MatchingService;
}

/** Runs a tool inside the house, on the database that the settings name, without listening or working. */
export async function inside(work: (house: Inside) => Promise<void>): Promise<void> {
  const env = readProcessEnv('worker');
  const embedded = env.DATABASE_URL ? undefined : await startEmbeddedPostgres({ dir: path.resolve(env.DATA_DIR), database: 'rabta' });
  const databaseUrl = env.DATABASE_URL ?? embedded?.url ?? '';
  const { secret } = await prepareDatabase(databaseUrl, env.SECRET_KEY);
  const queues = await openQueues(databaseUrl, env.REDIS_URL);
  const app = await createApp({ env, databaseUrl, secret, queues, relayUrl: env.SMTP_URL ?? 'smtp://127.0.0.1:25', mailbox: null, clock: new Clock() });
  try {
    await work({
      env,
      source: app.get<DataSource>(getDataSourceToken()),
      accounts: app.get(AccountsService),
      nomenclature: app.get(NomenclatureService),
      matching: app.get(MatchingService),
    });
  } finally {
    await app.close();
    await queues.close();
    await embedded?.stop();
  }
}
