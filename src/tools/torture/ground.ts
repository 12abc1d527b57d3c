import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../database/embedded-postgres.js';

export const BACKENDS = ['postgres', 'redis'] as const;
export type Backend = (typeof BACKENDS)[number];

/** Servers of this run alone, gone with it. */
export interface Ground {
  /** An empty folder that workers may use. */
  readonly dir: string;
  /** Address of a new database of that name, empty or a copy of another that nobody uses now. */
  database(name: string, template?: string): Promise<string>;
  /** Address of one of Redis's numbered databases; undefined where the queues are on PostgreSQL. */
  redis(number: number): string | undefined;
  /** Ends PostgreSQL as `pg_ctl stop -m immediate` does, without a word to its clients. */
  crashPostgres(): Promise<void>;
  /** Starts it again; {@link database}'s addresses then have another port. */
  startPostgres(): Promise<URL>;
  /** Ends Redis with SIGKILL: what it knew is gone. */
  killRedis(): Promise<void>;
  /** Starts it again, empty, where it was. */
  startRedis(): Promise<void>;
  close(): Promise<void>;
}

/** Something that the machine lacks; the message says what. */
export class CannotTorture extends Error {}

export async function openGround(backend: Backend): Promise<Ground> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-torture-'));
  fs.chmodSync(dir, 0o755); // the account that runs PostgreSQL must get in
  const steps: (() => unknown)[] = [() => fs.rmSync(dir, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  try {
    // what it has said is safe must be so even when it is killed: the ledger rests on that
    const start = () => startEmbeddedPostgres({ dir, database: 'torture' });
    let postgres = await start();
    steps.push(async () => {
      await postgres.stop();
      fs.rmSync(postgres.dir, { recursive: true, force: true });
    });
    const redisPort = backend === 'redis' ? await freePort() : 0;
    let redis = redisPort ? await startRedis(redisPort) : undefined;
    steps.push(() => redis?.kill('SIGTERM'));
    return {
      dir,
      database: async (name, template) => {
        const client = new pg.Client({ connectionString: postgres.url });
        await client.connect();
        const like = template ? ` template ${client.escapeIdentifier(template)}` : '';
        await client.query(`create database ${client.escapeIdentifier(name)}${like}`).finally(() => client.end());
        const url = new URL(postgres.url);
        url.pathname = `/${name}`;
        return url.href;
      },
      redis: (number) => (redisPort ? `redis://127.0.0.1:${redisPort}/${number}` : undefined),
      crashPostgres: () => crashPostgres(postgres.dir),
      startPostgres: async () => {
        postgres = await start();
        return new URL(postgres.url);
      },
      killRedis: async () => {
        await redis?.kill('SIGKILL');
      },
      startRedis: async () => {
        redis = redisPort ? await startRedis(redisPort) : undefined;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The server on this folder gets SIGQUIT; returns when it is gone. */
export async function crashPostgres(dir: string): Promise<void> {
  const pid = Number(fs.readFileSync(path.join(dir, 'pgdata/postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGQUIT');
  while (lives(pid)) await new Promise((next) => setTimeout(next, 50));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** @returns how to end it; it ends with us in any case */
async function startRedis(port: number): Promise<{ kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> }> {
  // its input is a pipe of ours: `read` returns when we end, however that comes
  const watchdog = '"$@" </dev/null & p=$!; read how; kill -${how:-TERM} $p; wait $p';
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const child: ChildProcess = spawn('/bin/sh', ['-c', watchdog, 'sh', 'redis-server', ...args], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  const exit = once(child, 'exit');
  child.stdin?.on('error', () => undefined);
  const kill = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.stdin?.end(`${signal.slice(3)}\n`);
    await exit;
  };
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((next) => setTimeout(next, 50))) {
    if (await answers(port)) return { kill };
  }
  await kill('SIGTERM');
  throw new CannotTorture('redis-server is not installed, or does not start: use --backend postgres.');
}

const answers = (port: number): Promise<boolean> =>
  new Promise((known) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => known(true)).once('error', () => known(false));
    socket.once('connect', () => socket.destroy());
  });

export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => found(port));
    });
  });
