import fs from 'node:fs';

export default async function tearDown() {
  const { postgres, redis, dir } = globalThis.__rabta;
  redis?.kill('SIGTERM');
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
