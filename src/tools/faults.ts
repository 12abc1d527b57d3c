/** The fault matrix, row by row: each row is played with real processes of Rabta, and judged at the relay and at the ledger. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { PEOPLE_ROWS } from './faults/people-rows.js';
import { RELAY_ROWS } from './faults/relay-rows.js';
import type { Row } from './faults/row.js';
import { NotPossibleHere, Scene } from './faults/scene.js';
import { STORE_ROWS } from './faults/store-rows.js';
import { TIME_ROWS } from './faults/time-rows.js';
import { WORKER_ROWS } from './faults/worker-rows.js';
import { type Backend, BACKENDS, CannotTorture, type Ground, openGround } from './torture/ground.js';

const USAGE = `usage: npm run faults -- [--rows 1,4,15] [--backend postgres|redis|both] [--quick] [--json]
Plays each row of the fault matrix with real processes, against a relay that misbehaves, with a PostgreSQL and a redis-server of its own;
nothing leaves the machine. A row for which it matters where the queues are is played on each backend. All take a quarter of an hour or less;
--quick plays only some that together take less than two minutes, with the queues on PostgreSQL.
Ends with 0 only if every row holds; a row that cannot be run on this machine is told so, and does not hold.`;

/** All rows, in the order of the matrix. */
const ROWS: readonly Row[] = [...RELAY_ROWS, ...WORKER_ROWS, ...STORE_ROWS, ...TIME_ROWS, ...PEOPLE_ROWS].sort((a, b) => a.number - b.number);
const DEADLINE_MS = 120_000;
/** One or two of each kind, played with the queues on PostgreSQL: less than two minutes. */
const QUICK = [1, 2, 6, 9, 11, 16, 24, 27, 28];

const settings = z.object({
  rows: z
    .string()
    .optional()
    .transform((list) => list?.split(',').map(Number))
    .refine((list) => list?.every((n) => ROWS.some(({ number }) => number === n)) ?? true, { error: 'no such row' }),
  backend: z.enum([...BACKENDS, 'both']),
  quick: z.boolean(),
  json: z.boolean(),
});

interface Result {
  readonly number: number;
  readonly backend: Backend;
  readonly fault: string;
  readonly expected: string;
  readonly measured: string;
  readonly outcome: 'holds' | 'does not hold' | 'not run';
  readonly wrong: readonly string[];
  readonly seconds: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string' },
      backend: { type: 'string', default: 'both' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const read = settings.safeParse(values);
  if (!read.success) {
    console.error(USAGE);
    return 2;
  }
  const { rows: only, backend, quick, json } = read.data;
  const wanted: readonly Backend[] = quick ? ['postgres'] : backend === 'both' ? BACKENDS : [backend];
  const plays = ROWS.filter((row) => (only ?? (quick ? QUICK : undefined))?.includes(row.number) ?? true).flatMap((row) => {
    if (row.on === 'each') return wanted.map((on) => ({ row, on }));
    return row.on === 'either' || wanted.includes('postgres')
      ? [{ row, on: row.on === 'postgres' || wanted.includes('postgres') ? 'postgres' : 'redis' } as const]
      : [];
  });
  const began = Date.now();
  let noRedis = '';
  const ground = await openGround(plays.some(({ on }) => on === 'redis') ? 'redis' : 'postgres').catch(async (error: unknown) => {
    if (!(error instanceof CannotTorture)) throw error;
    noRedis = error.message;
    return openGround('postgres');
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void ground.close().finally(() => process.exit(130)));
  const results: Result[] = [];
  try {
    await Scene.prepare(ground);
    if (!json) heading();
    for (const { row, on } of plays) {
      const result = on === 'redis' && noRedis ? impossible(row, on, noRedis) : await play(row, on, ground);
      results.push(result);
      if (!json) print(result);
    }
  } finally {
    await ground.close();
  }
  const n = (outcome: Result['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  const seconds = Math.round((Date.now() - began) / 1000);
  const holds = results.length > 0 && n('holds') === results.length;
  if (json) console.log(JSON.stringify({ rows: results, holds, seconds }));
  else console.log(`\n${n('holds')} hold, ${n('does not hold')} do not, ${n('not run')} were not run; ${seconds} s`);
  return holds ? 0 : 1;
}

async function play(row: Row, backend: Backend, ground: Ground): Promise<Result> {
  const began = Date.now();
  let scene: Scene | undefined;
  let measured = '';
  const wrong: string[] = [];
  let possible = true;
  try {
    scene = await Scene.open(ground, backend, `row_${row.number}_${backend}`, row.scene);
    measured = await inTime(row.play(scene, ground), row.deadlineMs ?? DEADLINE_MS);
  } catch (error) {
    if (error instanceof NotPossibleHere) possible = false;
    wrong.push((error as Error).message);
    measured ||= possible ? '–' : (error as Error).message;
  }
  await scene?.close();
  wrong.push(...(scene?.wrong ?? []));
  return {
    number: row.number,
    backend,
    fault: row.fault,
    expected: row.expected,
    measured,
    outcome: !possible ? 'not run' : wrong.length ? 'does not hold' : 'holds',
    wrong: possible ? wrong : [],
    seconds: Math.round((Date.now() - began) / 100) / 10,
  };
}

function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`it did not end within ${ms / 1000} s`)), ms);
    void work.then(done, failed).finally(() => clearTimeout(late));
  });
}

const impossible = ({ number, fault, expected }: Row, backend: Backend, why: string): Result => ({
  number,
  backend,
  fault,
  expected,
  measured: why,
  outcome: 'not run',
  wrong: [],
  seconds: 0,
});

const line = (number: string, fault: string, expected: string, outcome: string, seconds: string, measured: string): void =>
  console.log(`${number.padStart(2)}  ${fault.padEnd(40)} ${expected.padEnd(42)} ${outcome.padEnd(17)} ${seconds.padStart(5)}  ${measured}`);

function heading(): void {
  line('#', 'fault', 'expected', 'holds', 's', 'measured');
}

function print({ number, backend, fault, expected, measured, outcome, wrong, seconds }: Result): void {
  const on = ROWS.find((row) => row.number === number)?.on === 'each' ? ` (${backend})` : '';
  line(String(number), fault + on, expected, outcome === 'holds' ? 'yes' : outcome === 'does not hold' ? 'NO' : outcome, seconds.toFixed(1), measured);
  for (const what of wrong) console.log(`      ✗ ${what}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof CannotTorture ? error.message : error);
  process.exitCode = 2;
}
