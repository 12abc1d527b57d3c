/** Brings the schemas of DATABASE_URL up to date, ours and the queue's, and ends: a deploy step before the new version starts. */
import { DataSource } from 'typeorm';
import { readProcessEnv } from '../config/env.js';
import { dataSourceOptions, migrate } from '../database/data-source.js';
import { openQueues } from '../jobs/queues.js';
import { storeCatalogue } from '../statement/statement.js';

if (process.argv.includes('--help')) {
  console.log('usage: npm run migrate\nRuns the migrations on DATABASE_URL and stores the statement catalogue. Safe to repeat, and to run twice at once.');
} else {
  const { DATABASE_URL } = readProcessEnv();
  if (!DATABASE_URL) throw new Error('Set DATABASE_URL: the embedded database is migrated by npm start.');
  console.log(`${await migrate(DATABASE_URL)} migrations run`);
  const source = await new DataSource(dataSourceOptions(DATABASE_URL)).initialize();
  await storeCatalogue(source);
  await source.destroy();
  await (await openQueues(DATABASE_URL, undefined)).close();
}
