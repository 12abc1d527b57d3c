#!/usr/bin/env node
// The migrations make exactly the tables and columns that the entities describe: what TypeORM would still change must be nothing.
// Constraints and indexes belong to the migrations alone and are left out of the comparison.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

if (process.argv.includes('--help')) {
  console.log('usage: node scripts/check-drift.mjs\nRuns the migrations on a throw-away PostgreSQL and compares the result with the entities.');
  process.exit(0);
}
const { DataSource } = await import('typeorm');
const { startEmbeddedPostgres } = await import('../dist/database/embedded-postgres.js');
const { dataSourceOptions, migrate } = await import('../dist/database/data-source.js');

const entities = [];
for (const file of fs.readdirSync('dist', { recursive: true })) {
  if (!file.endsWith('.entity.js')) continue;
  for (const value of Object.values(await import(path.resolve('dist', file))))
    if (typeof value === 'function' && /^class /.test(String(value))) entities.push(value);
}
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-drift-'));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dir, database: 'drift', throwaway: true });
let drift;
try {
  const source = await new DataSource(dataSourceOptions(postgres.url, entities)).initialize();
  await migrate(source);
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  drift = upQueries.map(({ query }) => query).filter((sql) => !/DROP INDEX|CREATE (UNIQUE )?INDEX|(ADD|DROP) CONSTRAINT/.test(sql));
  await source.destroy();
} finally {
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
for (const sql of drift) console.error(sql);
console.log(`${entities.length} entities, ${drift.length} differences`);
process.exit(drift.length ? 1 : 0);
