import { spawn } from 'node:child_process';
import path from 'node:path';
import { openQueues } from '../../jobs/queues.js';
import type { Ground } from './ground.js';
import { CONNECTIONS, type Contestant } from './ordeal.js';

const MAIN = path.resolve(import.meta.dirname, '../naive-worker.js');

/** The usual way: a job for each recipient, tried again on error. */
export interface Naive extends Contestant {
  close(): Promise<void>;
}

export async function openNaive(ground: Ground, recipients: readonly string[]): Promise<Naive> {
  const databaseUrl = await ground.database('naive');
  const redisUrl = ground.redis(1);
  const queues = await openQueues(databaseUrl, redisUrl);
  const queue = queues.queue('mail');
  queue.on('error', () => undefined);
  await queue.waitUntilReady();
  await queue.addBulk(recipients.map((to) => ({ name: 'send', data: { to }, opts: { attempts: 10, backoff: { type: 'fixed', delay: 1000 } } })));
  return {
    name: 'naive retry',
    start: (_, relayUrl) =>
      Promise.resolve(
        spawn(process.execPath, [MAIN, relayUrl, databaseUrl, String(CONNECTIONS), redisUrl ?? ''], {
          cwd: ground.dir,
          stdio: ['pipe', 'pipe', 'pipe'],
          env: {},
        }),
      ),
    pass: () => Promise.resolve(),
    done: async () => {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
      return Object.values(counts).every((n) => n === 0);
    },
    close: async () => {
      await queue.close();
      await queues.close();
    },
  };
}
