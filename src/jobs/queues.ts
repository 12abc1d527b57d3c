import {
  type BackendFactory,
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import pg from 'pg';
import type { QueueName } from './jobs.js';

/** Makes queues and workers on the one backend that the settings chose. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  queue(name: QueueName): Queue;
  worker(
    name: QueueName,
    run: (job: { name: string; data: unknown }) => Promise<void>,
    options: Pick<WorkerOptions, 'concurrency' | 'lockDuration' | 'stalledInterval'>,
  ): Worker;
  close(): Promise<void>;
}

const PREFIX = 'rabta';

/** A worker that died is noticed after a minute; being killed several times is no reason to give a job up. */
const WORKER = { lockDuration: 60_000, stalledInterval: 15_000, maxStalledCount: 10 };

/** Queues on Redis where REDIS_URL is set, else in the schema `bullmq` of the database. */
export async function openQueues(databaseUrl: string, redisUrl: string | undefined): Promise<QueueBackend> {
  return redisUrl ? onRedis(redisUrl) : onPostgres(databaseUrl);
}

async function onPostgres(databaseUrl: string): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    // each worker keeps one connection listening; four workers and as many queues share the rest
    max: 12,
    keepAlive: true,
    application_name: 'rabta queues',
    options: '-c search_path=bullmq',
  });
  pool.setMaxListeners(0);
  pool.on('error', () => undefined); // a lost idle connection is made anew by the pool
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  return {
    kind: 'postgres',
    ...makers(pool, pool, createPostgresBackend as unknown as BackendFactory),
    // a listening client closed in its first moments is never given back, and end() would wait for it for ever
    close: () => Promise.race([pool.end(), new Promise<void>((done) => setTimeout(done, 2000).unref())]),
  };
}

function onRedis(redisUrl: string): QueueBackend {
  const url = new URL(redisUrl);
  const connection = {
    host: url.hostname,
    port: Number(url.port || 6379),
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db: Number(url.pathname.slice(1) || 0),
    tls: url.protocol === 'rediss:' ? {} : undefined,
  };
  // a request must not hang while Redis is away: the row it wrote is found by the sweeper
  const forQueues = { ...connection, maxRetriesPerRequest: 1, enableOfflineQueue: false };
  const forWorkers = { ...connection, maxRetriesPerRequest: null };
  return { kind: 'redis', ...makers(forQueues, forWorkers, createRedisBackend), close: () => Promise.resolve() };
}

function makers(forQueues: ConnectionOptions, forWorkers: ConnectionOptions, factory: BackendFactory): Pick<QueueBackend, 'queue' | 'worker'> {
  return {
    queue: (name) => new Queue(name, { connection: forQueues, prefix: PREFIX }, factory as never),
    worker: (name, run, options) => new Worker(name, run, { connection: forWorkers, prefix: PREFIX, ...WORKER, ...options }, factory as never),
  };
}
