import net from 'node:net';
import { Undo } from './common/undo.js';
import { BadSetting, type Env, readProcessEnv } from './config/env.js';
import { type EmbeddedPostgres, NoPostgres, startEmbeddedPostgres } from './database/embedded-postgres.js';

/** Starts the process in its role and keeps it running until it is told to stop. */
export async function boot(role: string | undefined): Promise<void> {
  const began = Date.now();
  const undo = new Undo((error) => console.error(`at the end: ${(error as Error).message}`));
  const state = { ending: false };
  let asked = 0;
  const end = async (code: number): Promise<void> => {
    if (state.ending) return;
    state.ending = true;
    await undo.all();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!state.ending) {
        asked = Date.now();
        console.log('Stopping …');
        void end(0);
      } else if (Date.now() - asked > 2000) process.exit(130); // asked again; sooner it is npm passing the same signal on
    });
  }
  try {
    const env = readProcessEnv(role);
    if (env.startedByNpm) endWithParent(() => void end(0));
    if (env.PORT) await portIsFree(env.HOST, env.PORT);
    // PostgreSQL starts while the rest of the program is still being read
    const [{ open }, embedded] = await Promise.all([import('./open.js'), env.DATABASE_URL ? undefined : startPostgres(env, undo)]);
    await open(env, undo, embedded, began);
  } catch (error) {
    if (state.ending) return; // told to stop while starting
    console.error(`Rabta cannot start: ${reasonOf(error)}`);
    await end(1);
  }
}

/** npm killed with -9 leaves its children running; this one then ends in good order. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
}

async function startPostgres(env: Env, undo: Undo): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({ dir: env.DATA_DIR, database: 'rabta' });
  undo.add(() => embedded.stop());
  return embedded;
}

async function portIsFree(host: string, port: number): Promise<void> {
  const probe = net.createServer();
  await new Promise<void>((free, taken) => {
    probe.once('error', taken);
    probe.listen(port, host, () => probe.close(() => free()));
  });
}

/** One clear line; addresses with passwords inside never appear in it. */
function reasonOf(error: unknown): string {
  if (error instanceof BadSetting || error instanceof NoPostgres) return error.message;
  const { code, message, port, path: file, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port ?? ''} is in use. Stop the other program, or set PORT to another one.`;
    case 'EACCES':
      return `no permission for ${file ?? (port ? `port ${port}` : 'a file')}. Set ${port ? 'PORT' : 'DATA_DIR'} to one you may use.`;
    case 'ENOSPC':
    case '53100':
      return 'the disk is full. Make room, or set DATA_DIR to another disk.';
    case 'ECONNREFUSED':
      return `nothing answers at ${address ?? 'the address'}:${port ?? ''}. Is the database or Redis of DATABASE_URL or REDIS_URL running?`;
    case 'ENOTFOUND':
      return 'the host in DATABASE_URL, REDIS_URL or SMTP_URL is not known.';
    case '28P01':
    case '28000':
      return 'the database refused the user or password in DATABASE_URL.';
    case '3D000':
      return 'the database named in DATABASE_URL does not exist.';
    default:
      return message || String(error);
  }
}
