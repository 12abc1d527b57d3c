// One PostgreSQL and, where it is installed, one Redis for all suites. CI=true makes Redis and Chromium obligatory.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const found = (names) => names.find((name) => fs.existsSync(name) || tried(name));
const tried = (name) => {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

export default async function setUp() {
  process.env.NODE_ENV = 'production';
  const { startEmbeddedPostgres } = await import('../../dist/database/embedded-postgres.js');
  const { prepareDatabase } = await import('../../dist/prepare.js');
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-test-'));
  fs.chmodSync(dir, 0o755);
  const postgres = await startEmbeddedPostgres({ dir, database: 'template', throwaway: true });
  await prepareDatabase(postgres.url);
  process.env.TEST_DATABASE_URL = postgres.url;

  let redis;
  if (found(['redis-server'])) {
    const port = await freePort();
    redis = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'], { stdio: 'ignore' });
    process.env.TEST_REDIS_URL = `redis://127.0.0.1:${port}`;
  } else if (process.env.CI === 'true') throw new Error('CI=true, but redis-server is not installed');
  const chromium = found(['/usr/bin/chromium', 'chromium', 'google-chrome', 'chromium-browser']);
  if (chromium) process.env.TEST_CHROMIUM = chromium;
  else if (process.env.CI === 'true' || process.env.NEEDS_CHROMIUM) throw new Error('Chromium is not installed');
  globalThis.__rabta = { postgres, redis, dir };
}
