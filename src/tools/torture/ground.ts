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
  /** Address of a new database of that name. */
  database(name: string): Promise<string>;
  /** Address of one of Redis's numbered databases; undefined where the queues are on PostgreSQL. */
  redis(number: number): string | undefined;
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
    const postgres = await startEmbeddedPostgres({ dir, database: 'torture', throwaway: true });
    steps.push(async () => {
      await postgres.stop();
      fs.rmSync(postgres.dir, { recursive: true, force: true });
    });
    const redisUrl = backend === 'redis' ? await startRedis(steps) : undefined;
    return {
      dir,
      database: async (name) => {
        const client = new pg.Client({ connectionString: postgres.url });
        await client.connect();
        await client.query(`create database ${client.escapeIdentifier(name)}`).finally(() => client.end());
        const url = new URL(postgres.url);
        url.pathname = `/${name}`;
        return url.href;
      },
      redis: (number) => redisUrl && `${redisUrl}/${number}`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startRedis(steps: (() => unknown)[]): Promise<string> {
  const port = await freePort();
  // its input is a pipe of ours: `read` returns when we end, however that comes
  const watchdog = '"$@" </dev/null & p=$!; read _; kill $p; wait $p';
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const child: ChildProcess = spawn('/bin/sh', ['-c', watchdog, 'sh', 'redis-server', ...args], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  const exit = once(child, 'exit');
  child.stdin?.on('error', () => undefined);
  steps.push(async () => {
    child.stdin?.end();
    await exit;
  });
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((next) => setTimeout(next, 50))) {
    if (await answers(port)) return `redis://127.0.0.1:${port}`;
  }
  throw new CannotTorture('redis-server is not installed, or does not start: use --backend postgres.');
}

const answers = (port: number): Promise<boolean> =>
  new Promise((known) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => known(true)).once('error', () => known(false));
    socket.once('connect', () => socket.destroy());
  });

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => found(port));
    });
  });
