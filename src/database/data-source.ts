import pg from 'pg';
import { DataSource, type DataSourceOptions, DefaultNamingStrategy, EntityManager, type EntityTarget, type ObjectLiteral, type QueryRunner } from 'typeorm';
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
  // a pool that is used up answers soon: whoever asked can come again, a page that hangs cannot
  extra: { connectionTimeoutMillis: 5000, options: '-c timezone=UTC' },
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

/** PostgreSQL gave up a transaction that another was in the way of (serialization_failure, deadlock_detected): done again it may well succeed. */
const CLASHES = new Set(['40001', '40P01']);
const TRIES = 4;

/** Tries a transaction again when it clashes with others, a few times; what a transaction does must therefore lie in the database alone. */
class PatientManager extends EntityManager {
  override async transaction<T>(...given: unknown[]): Promise<T> {
    const run = (): Promise<T> => (super.transaction as (...args: unknown[]) => Promise<T>)(...given);
    for (let tries = 1; ; tries++) {
      try {
        return await run();
      } catch (error) {
        if (tries >= TRIES || !CLASHES.has(sqlStateOf(error))) throw error;
        await new Promise((next) => setTimeout(next, 20 * 2 ** tries * (0.5 + Math.random())));
      }
    }
  }
}

/** Its managers are patient, but for those within a transaction: there the whole has failed. */
export class PatientDataSource extends DataSource {
  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    return queryRunner ? super.createEntityManager(queryRunner) : new PatientManager(this);
  }
}

const sqlStateOf = (error: unknown): string => (error as { driverError?: { code?: string } } | null)?.driverError?.code ?? '';

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
