import pg from 'pg';
import { type DataSource, type DataSourceOptions, DefaultNamingStrategy, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { MIGRATIONS } from './migrations/index.js';

/** firmId → firm_id */
class SnakeCase extends DefaultNamingStrategy {
  override columnName(property: string, given: string | undefined, prefixes: string[]): string {
    const name = given ?? property.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
    return [...prefixes, name].join('_');
  }
}

/** Options of the one data source; `entities` is empty where only SQL is run. */
export const dataSourceOptions = (url: string, entities: EntityTarget<ObjectLiteral>[] = []): DataSourceOptions => ({
  type: 'postgres',
  url,
  entities: entities as (new () => ObjectLiteral)[],
  migrations: MIGRATIONS,
  migrationsTableName: 'migration',
  namingStrategy: new SnakeCase(),
  applicationName: 'rabta',
  poolSize: 12,
  extra: { connectionTimeoutMillis: 10_000, options: '-c timezone=UTC' },
});

/** Plans are made once a connection and go from key to key. */
const BY_KEY = ['plan_cache_mode=force_generic_plan', 'enable_seqscan=off', 'enable_bitmapscan=off', 'enable_hashjoin=off', 'enable_mergejoin=off'];

/**
 * Two connections for named statements that find a few rows by their keys, over and over, in tables that grow from nothing meanwhile: statistics are never up
 * to date there, and what PostgreSQL makes of them costs up to three times as much. The caller ends the pool.
 */
export function keyedPool(source: DataSource): pg.Pool {
  const { options } = (source.driver as PostgresDriver).master as pg.Pool;
  const pool = new pg.Pool({ ...options, max: 2, options: `${options.options ?? ''} ${BY_KEY.map((setting) => `-c ${setting}`).join(' ')}` });
  pool.on('error', () => undefined); // a lost idle connection is made anew by the pool
  return pool;
}

/** Serialises the migrations of replicas that start together (an arbitrary number, ours alone). */
const MIGRATION_LOCK = 7_263_001;

/**
 * Brings the schema up to date; safe to call from several processes at once.
 * @returns how many migrations ran
 */
export async function migrate(source: DataSource): Promise<number> {
  const runner = source.createQueryRunner();
  await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    return (await source.runMigrations({ transaction: 'each' })).length;
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.release();
  }
}
