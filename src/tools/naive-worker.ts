/** What `npm run torture` compares Rabta with: a job for each recipient that sends by a nodemailer pool, and BullMQ tries again on error. */
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { openQueues } from '../jobs/queues.js';

const [relayUrl, databaseUrl, given, redisUrl] = process.argv.slice(2);
if (!relayUrl || !databaseUrl || process.argv.includes('--help')) {
  console.log('usage: naive-worker RELAY_URL DATABASE_URL CONNECTIONS [REDIS_URL]\nStarted by npm run torture.');
} else {
  const relay = new URL(relayUrl);
  const connections = Number(given);
  const pool = createTransport({ pool: true, maxConnections: connections, host: relay.hostname, port: Number(relay.port), ignoreTLS: true });
  /** About as long as a digest. */
  const text = 'Dried whole red chillies, 20 tonnes a month, for a buyer in China.\n'.repeat(200);
  const queues = await openQueues(databaseUrl, redisUrl || undefined);
  const worker = queues.worker(
    'mail',
    async (job) => {
      const { to } = z.object({ to: z.string() }).parse(job.data);
      await pool.sendMail({ from: 'digest@torture-sink.net', to, subject: 'Your digest', text });
    },
    // noticed sooner than by default, only so that the comparison does not take long
    { concurrency: connections, lockDuration: 10_000, stalledInterval: 3000 },
  );
  worker.on('error', () => undefined);
  const end = async (): Promise<void> => {
    await worker.close();
    pool.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void end());
  process.stdin.on('end', () => process.exit(1)).resume(); // the torture is gone
}
