import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** What the sink has seen since it was told what to expect. */
export interface Counted {
  /** When the last of them was accepted, in milliseconds of the epoch. */
  readonly at: number;
  readonly messages: number;
  readonly bytes: number;
  readonly recipients: number;
}

export interface SinkProcess {
  readonly url: string;
  /** Starts to count; the promise holds when so many have come. */
  expect(messages: number): Promise<Counted>;
  close(): void;
}

/** Of the outside nothing but this: no setting of whoever runs it may change what is measured. */
const ENV = { NODE_ENV: 'production' };
const child = (name: string, args: string[] = []): ChildProcess =>
  fork(path.join(import.meta.dirname, name), args, { env: ENV, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

export async function openSink(): Promise<SinkProcess> {
  const process_ = child('sink.js');
  const [{ port }] = (await once(process_, 'message')) as [{ port: number }];
  return {
    url: `smtp://127.0.0.1:${port}`,
    expect: async (messages) => {
      process_.send({ expect: messages });
      const [counted] = (await once(process_, 'message')) as [Counted];
      return counted;
    },
    close: () => process_.disconnect(),
  };
}

/** One of the other ways; it says when it is ready, works when told to, says how much processor time that took, in milliseconds, and ends. */
export async function openPeer(name: 'stock' | 'bare', args: string[]): Promise<{ run(): Promise<number> }> {
  const process_ = child(`${name}.js`, args);
  await once(process_, 'message');
  return {
    run: async () => {
      const ended = once(process_, 'exit');
      const told = once(process_, 'message');
      process_.send('go');
      const [code] = (await ended) as [number];
      if (code) throw new Error(`${name} ended with ${code}`);
      const [{ cpuMs }] = (await told) as [{ cpuMs: number }];
      return cpuMs;
    },
  };
}

/** The end of a peer: tells the bench what it used since `from`. */
export function tellAndEnd(from: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(from);
  process.send?.({ cpuMs: (user + system) / 1000 }, () => process.exit(0));
}

export interface WorkerProcess {
  readonly pid: number;
  /** Most megabytes that were in use in its heap after a full collection. */
  readonly mostHeapMb: () => number;
  stop(): Promise<void>;
}

/**
 * Rabta's own worker, as in production.
 * @param flags for Node.js, to look at it closely
 */
export async function openWorker(cwd: string, env: Record<string, string>, flags: readonly string[] = []): Promise<WorkerProcess> {
  const process_ = spawn(process.execPath, [...flags, path.resolve(import.meta.dirname, '../../main.js'), 'worker'], {
    cwd, // where no .env can be
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...ENV, HOST: '127.0.0.1', npm_lifecycle_event: 'start', ...env },
  });
  const ended = once(process_, 'exit');
  let heapMb = 0;
  process_.stdout.on('data', (said: Buffer) => {
    for (const [, mb] of said.toString().matchAll(/Mark-Compact.*?-> ([\d.]+)/g)) heapMb = Math.max(heapMb, Number(mb)); // --trace-gc
  });
  await new Promise<void>((ready, failed) => {
    process_.stdout.on('data', (said: Buffer) => said.includes('ready') && ready());
    process_.once('exit', (code) => failed(new Error(`the worker ended with ${code}`)));
  });
  return {
    pid: process_.pid ?? 0,
    mostHeapMb: () => heapMb,
    stop: async () => {
      process_.kill('SIGTERM');
      await ended;
    },
  };
}
