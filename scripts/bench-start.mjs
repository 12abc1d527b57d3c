#!/usr/bin/env node
// How long `npm start` takes until /health/ready answers 200: the first time on nothing, and then again on what it left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { warm: { type: 'string', default: '5' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('usage: npm run -s bench:start [-- --warm 5]\nPrints as JSON the milliseconds of a cold start (compiling too) and of so many warm ones.');
  process.exit(0);
}
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-bench-'));
fs.chmodSync(dir, 0o755);
const probe = net.createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();

/** One start, waited for and stopped again. */
async function start() {
  const began = Date.now();
  const child = spawn('npm', ['start', '--silent'], { env: { ...process.env, PORT: String(port), DATA_DIR: dir }, stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  while ((await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined))?.status !== 200) {
    if (Date.now() - began > 120_000) throw new Error('not ready after two minutes');
    await new Promise((next) => setTimeout(next, 20));
  }
  const took = Date.now() - began;
  process.kill(-child.pid, 'SIGTERM');
  await ended;
  return took;
}

try {
  fs.rmSync('dist', { recursive: true, force: true });
  const cold = await start();
  const warm = [];
  for (let i = 0; i < Number(values.warm); i++) warm.push(await start());
  console.log(JSON.stringify({ coldMs: cold, warmMs: warm, warmMedianMs: warm.toSorted((a, b) => a - b)[Math.floor(warm.length / 2)] }));
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}
