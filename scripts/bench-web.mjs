#!/usr/bin/env node
// How many pages a second Rabta draws, each beside a bare NestJS page of the same bytes from memory, in the same run.
import autocannon from 'autocannon';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { randomToken } from '../dist/common/tokens.js';
import { fillSearch } from '../dist/opportunities/opportunities.queries.js';
import { prepareDatabase } from '../dist/prepare.js';
import { openGround } from '../dist/tools/torture/ground.js';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../dist/database/data-source.js';
import { cookieOf, seedPortal } from './bench-web/portal.mjs';

const USAGE = `usage: npm run -s bench:web -- [--firms 10000] [--leads 2000] [--readers 50] [--seconds 4] [--rounds 3] [--page NAME] [--json]
Starts a PostgreSQL and a web process of its own; nothing leaves the machine. Each round asks for each page for so many seconds, of Rabta and of a bare
NestJS (Fastify) page that has the same bytes in memory, in turn; every reader goes through the same addresses in an order of their own:
  home      the first page, in four languages
  list      searches by sector, kind, country, code, words and days, and further pages
  lead      one lead
  matches   a firm's matches, signed in
Printed are requests a second and milliseconds, medians of the rounds. Nothing that was answered is kept for the next request.`;

const { values } = parseArgs({
  options: {
    firms: { type: 'string', default: '10000' },
    leads: { type: 'string', default: '2000' },
    readers: { type: 'string', default: '50' },
    matches: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    page: { type: 'string' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const asked = Object.fromEntries(['firms', 'leads', 'readers', 'matches', 'seconds', 'rounds'].map((name) => [name, Number(values[name])]));
if (Object.values(asked).some((n) => !Number.isInteger(n) || n < 1)) {
  console.error(USAGE);
  process.exit(2);
}
/** No round is begun after so long: a busy machine must not make it endless. */
const ENOUGH_MS = 150_000;
const LANGUAGES = ['en', 'ur', 'sd', 'zh'];
/** So many different requests a page. */
const VARIANTS = 240;

const steps = [];
const close = async () => {
  for (const step of steps.splice(0).reverse()) await step();
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close().finally(() => process.exit(130)));

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

/** Rabta's own web process, as in production. */
async function openRabta(cwd, databaseUrl, secret) {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [...(values.profile ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(values.profile)}`] : []), path.resolve('dist/main.js'), 'web'],
    {
      cwd, // where no .env can be
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), DATABASE_URL: databaseUrl, SECRET_KEY: secret, SMTP_URL: 'smtp://127.0.0.1:9' },
    },
  );
  const ended = once(child, 'exit');
  await new Promise((ready, failed) => {
    child.stdout.on('data', (said) => said.includes('ready') && ready());
    child.once('exit', (code) => failed(new Error(`the web process ended with ${code}`)));
  });
  steps.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { url: `http://127.0.0.1:${port}`, pid: child.pid };
}

async function openBare() {
  const child = fork(path.resolve('scripts/bench-web/bare.mjs'), { env: { NODE_ENV: 'production' }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  steps.push(() => child.disconnect());
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    hold: async (bodies) => {
      child.send(bodies);
      await once(child, 'message');
    },
  };
}

/** Everything that is asked of a page, in a fixed order. */
function requestsOf({ references, sessions }, secret, more) {
  const language = (n) => ({ 'accept-language': LANGUAGES[n % 4] });
  const pick = (list, n) => list[n % list.length];
  const searches = [
    (n) => `sector=${pick(['agriculture', 'export-industry', 'mining', 'power', 'information-technology'], n)}`,
    (n) => `kind=${pick(['buy_request', 'sell_offer', 'joint_venture', 'tender', 'investment'], n)}`,
    (n) => `country=${pick(['CN', 'PK', 'AE'], n)}&within=${pick([7, 30, 90], n)}`,
    (n) => `hs=${pick(['09', '0904', '52', '7018', '2515'], n)}`,
    (n) => `q=${encodeURIComponent(pick(['chillies', 'مرچ', '辣椒', 'cotton yarn', 'چوڙيون', 'machine'], n))}`,
    (n) => `after=${pick(more, n)}`,
    () => '',
  ];
  const each = (make) => Array.from({ length: VARIANTS }, (_, n) => ({ method: 'GET', ...make(n) }));
  return {
    home: each((n) => ({ path: '/', headers: language(n) })),
    list: each((n) => ({ path: `/opportunities?${searches[n % searches.length](Math.floor(n / searches.length))}`, headers: language(n) })),
    lead: each((n) => ({ path: `/opportunities/${pick(references, n * 97)}`, headers: language(n) })),
    matches: each((n) => ({ path: '/firm', headers: { cookie: cookieOf(secret, pick(sessions, n)) } })),
  };
}

async function bodiesOf(url, requests) {
  const bodies = [];
  for (const { path: address, headers } of requests) {
    const answer = await fetch(url + address, { headers, redirect: 'manual' });
    if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}`);
    bodies.push(await answer.text());
  }
  return bodies;
}

/** Processor time in milliseconds, by a clock of 100 ticks a second; 0 where the system does not tell (other than Linux). */
function cpuMsOf(pid) {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** So many readers, each through all requests, beginning elsewhere. */
async function readers({ url, pid }, requests, seconds) {
  let readers = 0;
  const numbered = requests.map((request, n) => ({ ...request, headers: { ...request.headers, 'x-page': String(n) } }));
  const before = cpuMsOf(pid);
  const result = await autocannon({
    url,
    connections: asked.readers,
    duration: seconds,
    setupClient: (client) => {
      const from = (readers++ * 131) % numbered.length;
      client.setRequests([...numbered.slice(from), ...numbered.slice(0, from)]);
    },
  });
  if (result.non2xx || result.errors) throw new Error(`${result.non2xx} of ${result.requests.total} answers were none, ${result.errors} failed`);
  const { total } = result.requests;
  const cpuMicros = Math.round(((cpuMsOf(pid) - before) * 1000) / total);
  return { perSecond: Math.round(total / result.duration), p50: result.latency.p50, p99: result.latency.p99, cpuMicros };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const round = (n, digits = 3) => Number(n.toFixed(digits));

try {
  const began = Date.now();
  const ground = await openGround('postgres');
  steps.push(() => ground.close());
  const databaseUrl = await ground.database('bench');
  const secret = randomToken();
  await prepareDatabase(databaseUrl, secret);
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  db.on('error', () => undefined);
  steps.push(() => db.end());
  const seeded = await seedPortal(db, { ...asked, readers: Math.min(VARIANTS, asked.firms) });
  const source = await new DataSource(dataSourceOptions(databaseUrl)).initialize();
  await fillSearch(source);
  await source.destroy();
  await db.query('vacuum analyze opportunity');
  const rabta = await openRabta(ground.dir, databaseUrl, secret);
  const bare = await openBare();
  const more = [];
  for (let after = ''; more.length < 20;) {
    const { next } = await (await fetch(`${rabta.url}/api/v1/opportunities?limit=20${after && `&after=${after}`}`)).json();
    if (!next) break;
    more.push((after = next));
  }
  const requests = requestsOf(seeded, secret, more);
  const pages = Object.keys(requests).filter((page) => !values.page || page === values.page);
  const runs = Object.fromEntries(pages.map((page) => [page, { rabta: [], bare: [], bytes: 0 }]));
  console.error(`  ${asked.firms} firms and ${asked.leads} leads after ${Math.round((Date.now() - began) / 1000)} s`);
  for (let n = 0; n <= asked.rounds && (n <= 1 || Date.now() - began < ENOUGH_MS); n++) {
    for (const page of pages) {
      const bodies = await bodiesOf(rabta.url, requests[page]);
      await bare.hold(bodies);
      runs[page].bytes = Math.round(bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / bodies.length);
      // the first round warms up and does not count
      for (const [name, server] of n % 2
        ? [
            ['rabta', rabta],
            ['bare', bare],
          ]
        : [
            ['bare', bare],
            ['rabta', rabta],
          ]) {
        const run = await readers(server, requests[page], n ? asked.seconds : 1);
        if (n) runs[page][name].push(run);
        if (n) console.error(`  round ${n}: ${page} ${name} ${run.perSecond} a second, p99 ${run.p99} ms, ${run.cpuMicros} µs of the processor`);
      }
    }
  }
  const result = {
    ...asked,
    pages: Object.fromEntries(
      pages.map((page) => {
        const of = (name, what) => median(runs[page][name].map((run) => run[what]));
        return [
          page,
          {
            bytes: runs[page].bytes,
            perSecond: { rabta: of('rabta', 'perSecond'), bare: of('bare', 'perSecond') },
            ofBare: round(of('rabta', 'perSecond') / of('bare', 'perSecond')),
            cpuMicros: { rabta: of('rabta', 'cpuMicros'), bare: of('bare', 'cpuMicros') },
            p99Ms: { rabta: of('rabta', 'p99'), bare: of('bare', 'p99') },
            timesP99: round(of('rabta', 'p99') / of('bare', 'p99'), 1),
          },
        ];
      }),
    ),
    runs,
    seconds: Math.round((Date.now() - began) / 1000),
  };
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await close();
}
