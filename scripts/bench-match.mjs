#!/usr/bin/env node
// How fast the best fifty firms of an opportunity are found, exactly, beside other ways of finding them on the same data in the same run.
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import pg from 'pg';

const USAGE = `usage: npm run -s bench:match [-- --firms 100000 --opportunities 2000 --seed 1]
  --scale                  a table for 10,000, 100,000 and 1,000,000 firms instead
  --stored-firms           firms of the part that matches all and stores the results in the service's own tables    default 20000
  --stored-opportunities   opportunities of that part; 0 leaves out what is stored                                  default 2000
Prints JSON. Everything runs here, on an embedded PostgreSQL of its own; peers take turns, the slow ones with fewer opportunities.`;

const { values } = parseArgs({
  options: {
    firms: { type: 'string', default: '100000' },
    opportunities: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'boolean', default: false },
    'stored-firms': { type: 'string', default: '20000' },
    'stored-opportunities': { type: 'string', default: '2000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [FIRMS, OPPORTUNITIES, SEED] = [values.firms, values.opportunities, values.seed].map(Number);
const [STORED_FIRMS, STORED_OPPORTUNITIES] = [values['stored-firms'], values['stored-opportunities']].map(Number);
if ([FIRMS, OPPORTUNITIES, SEED, STORED_FIRMS, STORED_OPPORTUNITIES].some((n) => !Number.isInteger(n) || n < 0) || !FIRMS || !OPPORTUNITIES) {
  console.error(USAGE);
  process.exit(2);
}
const TOP = 50;
const ROUNDS = 5;

const { chamber } = await import('./bench-match/chamber.mjs');
const { FirmIndex } = await import('../dist/matching/index/firm-index.js');
const { EpochMaker } = await import('../dist/matching/scoring/epoch.js');
const { score } = await import('../dist/matching/scoring/score.js');
const TODAY = '2026-11-24';

const rounded = (n, digits = 1) => Number(n.toFixed(digits));
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
const tell = (text) => process.stderr.write(`${text}\n`);

/** An index of so many firms, with leads ready; `meet` sees every firm as it passes. */
async function build(firms, opportunities, meet = () => undefined) {
  const leads = (({ opportunity }) => Array.from({ length: opportunities }, opportunity))(chamber(SEED + 1));
  const maker = new EpochMaker();
  for (const lead of leads) maker.lead(lead);
  const some = chamber(SEED);
  for (let i = 0; i < Math.min(firms, 20_000); i++) maker.firm(some.firm());
  const epoch = maker.made();
  const index = new FirmIndex();
  index.setEpoch(epoch);
  globalThis.gc?.();
  const rss = process.memoryUsage().rss;
  let making = 0;
  const began = performance.now();
  const made = chamber(SEED);
  await index.fill(
    (async function* () {
      for (let i = 0; i < firms; i += 1000) {
        const start = performance.now();
        const page = Array.from({ length: Math.min(1000, firms - i) }, made.firm);
        page.forEach((firm, n) => meet(firm, i + n));
        making += performance.now() - start;
        yield page;
      }
    })(),
  );
  const buildMs = performance.now() - began - making;
  index.firmsOf(index.compile(leads[0]), TOP, 0);
  globalThis.gc?.();
  return {
    index,
    leads,
    epoch,
    buildMs: Math.round(buildMs),
    indexMb: rounded(index.bytes / 2 ** 20),
    rssMb: rounded((process.memoryUsage().rss - rss) / 2 ** 20),
  };
}

/** Milliseconds for each opportunity, from its facts to the best fifty. */
function ours({ index, leads }) {
  return leads.map((lead) => {
    const began = performance.now();
    index.firmsOf(index.compile(lead), TOP, 0);
    return performance.now() - began;
  });
}

async function scale() {
  const table = [];
  for (const firms of [10_000, 100_000, 1_000_000]) {
    const built = await build(firms, OPPORTUNITIES);
    ours(built);
    const times = [];
    for (let round = 0; round < 3; round++) times.push(...ours(built));
    times.sort((a, b) => a - b);
    const mean = times.reduce((a, b) => a + b, 0) / times.length;
    const row = { firms, msMean: rounded(mean, 3), msP50: rounded(at(times, 0.5), 3), msP99: rounded(at(times, 0.99), 3) };
    table.push({ ...row, perSecond: Math.round(1000 / mean), buildMs: built.buildMs, indexMb: built.indexMb });
    tell(JSON.stringify(table.at(-1)));
  }
  const [, hundred, million] = table;
  console.log(JSON.stringify({ seed: SEED, opportunities: OPPORTUNITIES, table, growth1mTo100k: rounded(million.msMean / hundred.msMean, 2) }, null, 2));
}

/** Of these leads, how many have the same best fifty, to the last bit, when every firm is scored by the rules. */
function agreement({ index, epoch }, leads, firms) {
  const found = leads.map(() => []);
  const made = chamber(SEED);
  const best = (list) => list.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, TOP);
  for (let i = 0; i < firms; i++) {
    const firm = made.firm();
    leads.forEach((lead, l) => {
      const account = score(firm, lead, epoch, TODAY);
      if (account) found[l].push({ id: firm.id, score: account.score });
      if (found[l].length > 20 * TOP) found[l] = best(found[l]);
    });
  }
  return leads.filter((lead, l) => same(index.firmsOf(index.compile(lead), TOP, 0), best(found[l]))).length / leads.length;
}
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** How much faster two threads go through all leads than one, on the same memory; each takes the next few when it is done with the last ones. */
async function threads({ index, leads }) {
  const compiled = leads.map((lead) => index.compile(lead));
  const { segments, terms, shapes } = index.searched;
  const next = new Int32Array(new SharedArrayBuffer(4));
  const file = new URL('./bench-match/thread.mjs', import.meta.url);
  const start = async () => {
    const worker = new Worker(file, { workerData: { segments, terms, shapes, leads: compiled, next } });
    await once(worker, 'message');
    return worker;
  };
  const run = async (workers) => {
    next[0] = 0;
    const began = performance.now();
    await Promise.all(workers.map((worker) => (worker.postMessage('go'), once(worker, 'message'))));
    return performance.now() - began;
  };
  const [one, other] = [await start(), await start()];
  const ratios = [];
  for (let round = 0; round < 2 * ROUNDS; round++) ratios.push((await run([one])) / (await run([one, other])));
  await Promise.all([one, other].map((worker) => worker.terminate()));
  ratios.sort((a, b) => a - b);
  return rounded(at(ratios, 0.5), 2);
}

async function compare() {
  const { saidBy, plainLoop, miniSearch, fillPostgres, bySets, byText } = await import('./bench-match/peers.mjs');
  const { startEmbeddedPostgres } = await import('../dist/database/embedded-postgres.js');
  const documents = [];
  const built = await build(FIRMS, OPPORTUNITIES, (firm, id) =>
    documents.push({ id, said: [...firm.offers, ...firm.needs].flatMap((line) => saidBy(line.words.keys(), [...line.hs, ...line.guessedHs])).join(' ') }),
  );
  const { index, leads } = built;
  tell(`${FIRMS} firms indexed`);
  const sample = (n) => leads.filter((_, i) => i % Math.max(1, Math.floor(leads.length / n)) === 0).slice(0, n);
  const agreed = agreement(built, sample(20), FIRMS);
  tell(`agreement with the double loop: ${agreed}`);
  const twoThreads = await threads(built);

  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-bench-match-'));
  fs.chmodSync(dir, 0o755);
  const postgres = await startEmbeddedPostgres({ dir, database: 'bench', throwaway: true });
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await client.connect();
    await fillPostgres(client, index, documents);
    tell('PostgreSQL filled');
    const mini = await miniSearch(documents);
    tell('minisearch filled');
    const loop = plainLoop(index);
    const sets = bySets(client);
    const text = byText(client);
    const words = (lead) => [
      ...new Set(
        saidBy(
          lead.texts.flatMap((t) => [...t.keys()]),
          lead.hs,
        ),
      ),
    ];
    // name → how many leads a round, and how one is answered
    const peers = {
      sqlSets: [40, (lead) => sets(index.compile(lead), TOP)],
      fullText: [20, (lead) => text(words(lead), TOP)],
      minisearch: [20, (lead) => mini(words(lead).join(' '), TOP)],
      plainLoop: [40, (lead) => loop(index.compile(lead), TOP)],
    };
    const checked = sample(60);
    let sqlSame = 0;
    let loopSame = 0;
    for (const lead of checked) {
      const ids = index.firmsOf(index.compile(lead), TOP, 0);
      if (same(await peers.sqlSets[1](lead), ids)) sqlSame++;
      if (same(peers.plainLoop[1](lead), ids)) loopSame++;
    }
    ours(built);
    const times = [];
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const mine = ours(built);
      times.push(...mine);
      const pace = { index: mean(mine) };
      for (const [name, [n, answer]] of Object.entries(peers)) {
        // each round other leads, the same for all
        const some = leads.filter((_, i) => i % Math.floor(leads.length / n) === round % Math.floor(leads.length / n)).slice(0, n);
        const spent = [];
        for (const lead of some) {
          const began = performance.now();
          await answer(lead);
          spent.push(performance.now() - began);
        }
        pace[name] = mean(spent);
      }
      rounds.push(pace);
      tell(JSON.stringify(Object.fromEntries(Object.entries(pace).map(([name, ms]) => [name, rounded(ms, 3)]))));
    }
    times.sort((a, b) => a - b);
    const middle = (pick) =>
      at(
        rounds.map(pick).sort((a, b) => a - b),
        0.5,
      );
    const peersSaid = Object.fromEntries(
      Object.keys(peers).map((name) => [name, { perSecond: rounded(1000 / middle((r) => r[name]), 2), ratio: rounded(middle((r) => r[name] / r.index)) }]),
    );
    peersSaid.sqlSets.identical = sqlSame / checked.length;
    peersSaid.plainLoop.identical = loopSame / checked.length;
    let stored;
    if (STORED_OPPORTUNITIES) {
      const { measureStored } = await import('./bench-match/stored.mjs');
      stored = await measureStored(postgres.url, {
        incremental: { firms: FIRMS, opportunities: OPPORTUNITIES },
        rebuild: { firms: STORED_FIRMS, opportunities: STORED_OPPORTUNITIES },
        seed: SEED,
      });
    }
    console.log(
      JSON.stringify(
        {
          firms: FIRMS,
          opportunities: OPPORTUNITIES,
          seed: SEED,
          top: TOP,
          opportunitiesPerSecond: Math.round(1000 / middle((r) => r.index)),
          msP50: rounded(at(times, 0.5), 3),
          msP99: rounded(at(times, 0.99), 3),
          buildMs: built.buildMs,
          peakMb: { index: built.indexMb, rss: built.rssMb },
          agreement: agreed,
          peers: peersSaid,
          twoThreads,
          ...(stored ? { stored } : {}),
        },
        null,
        2,
      ),
    );
  } finally {
    await client.end().catch(() => undefined);
    await postgres.stop();
    fs.rmSync(postgres.dir, { recursive: true, force: true });
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

await (values.scale ? scale() : compare());
