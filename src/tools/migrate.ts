/** Brings the schemas of DATABASE_URL up to date, ours and the queue's, and ends: a deploy step before the new version starts. */
import { readProcessEnv } from '../config/env.js';
import { openQueues } from '../jobs/queues.js';
import { prepareDatabase } from '../prepare.js';

if (process.argv.includes('--help')) {
  console.log('usage: npm run migrate\nRuns the migrations on DATABASE_URL and stores the statement catalogue. Safe to repeat, and to run twice at once.');
} else {
  const { DATABASE_URL, SECRET_KEY } = readProcessEnv();
  if (!DATABASE_URL) throw new Error('Set DATABASE_URL: the embedded database is migrated by npm start.');
  console.log(`${(await prepareDatabase(DATABASE_URL, SECRET_KEY)).migrations} migrations run`);
  await (await openQueues(DATABASE_URL, undefined)).close();
}
