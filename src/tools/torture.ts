/**
 * A digest run against a relay that misbehaves, with workers killed in the middle of it; judged at the relay and at the ledger. The usual way
 * of sending, a job for each recipient that is tried again on error, suffers the same beside it.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { sha256 } from '../common/tokens.js';
import { Sink } from './sink.js';
import { misbehave, planKills } from './torture/chance.js';
import { BACKENDS, CannotTorture, type Ground, openGround } from './torture/ground.js';
import { copiesOf, judge, tally, type Tally } from './torture/judge.js';
import { openNaive } from './torture/naive.js';
import { CONNECTIONS, type Ordeal, ordeal, WORKERS } from './torture/ordeal.js';
import { openRabta } from './torture/rabta.js';

const USAGE = `usage: npm run torture -- [--recipients 400] [--kills 25] [--backend postgres|redis] [--seed 1] [--json]
Runs one digest run with two workers that are killed with SIGKILL and started anew, against a relay that takes 5 % of the mails and
resets the connection instead of answering, answers 451 to 5 % and resets at DATA for 5 %. Starts a PostgreSQL of its own, and for
redis a redis-server; nothing leaves the machine. Ends with 0 only if every line of the promise holds.`;

/** More than enough on a slow machine; a run that takes longer has got stuck. */
const DEADLINE_MS = 240_000;

const settings = z.object({
  recipients: z.coerce.number().int().min(20).max(20_000),
  kills: z.coerce.number().int().min(0).max(1000),
  backend: z.enum(BACKENDS),
  seed: z.coerce.number().int().min(0),
  json: z.boolean(),
});
type Settings = z.infer<typeof settings>;

interface Result extends Tally {
  readonly copies: number;
  /** Of the relay's faults, those that really came. */
  readonly injected: { readonly resets: number; readonly deferrals: number; readonly drops: number };
  /** By the moment of the conversation at which they came. */
  readonly kills: Ordeal['kills'];
  readonly seconds: number;
}
interface RabtaResult extends Result {
  readonly unknown: number;
  readonly unknownDelivered: number;
  readonly mayBeUnknown: number;
  /** Rows by state and reason. */
  readonly states: Readonly<Record<string, number>>;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      recipients: { type: 'string', default: '400' },
      kills: { type: 'string', default: '25' },
      backend: { type: 'string', default: 'postgres' },
      seed: { type: 'string', default: '1' },
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
  const asked = read.data;
  const recipients = Array.from({ length: asked.recipients }, (_, i) => `person${i + 1}@recipients.torture-sink.net`);
  const ground = await openGround(asked.backend);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void ground.close().finally(() => process.exit(130)));
  try {
    const both = [rabtaRun(ground, asked, recipients), naiveRun(ground, asked, recipients)] as const;
    await Promise.allSettled(both); // the ground stays until neither needs it
    const [{ result: rabta, violated }, naive] = await Promise.all(both);
    const holds = violated.length === 0;
    if (asked.json) {
      const { json: _, ...of } = asked;
      console.log(JSON.stringify({ ...of, rabta, naive, holds, violated }));
    } else print(asked, rabta, naive, violated);
    return holds ? 0 : 1;
  } finally {
    await ground.close();
  }
}

async function rabtaRun(ground: Ground, asked: Settings, recipients: readonly string[]): Promise<{ result: RabtaResult; violated: string[] }> {
  const sink = await Sink.open(WORKERS);
  misbehave(sink, asked.seed, recipients);
  const rabta = await openRabta(ground, recipients);
  try {
    const suffered = await ordeal(rabta, sink, planKills(asked.seed, asked.kills, asked.recipients, WORKERS), asked.seed, DEADLINE_MS);
    const ledger = await rabta.ledger();
    const copies = copiesOf(sink);
    const injected = injectedBy(sink);
    const mayBeUnknown = injected.resets + suffered.killed * CONNECTIONS;
    const violated = await Promise.all(
      judge(ledger, copies, mayBeUnknown).map(async ({ line, rows }) => {
        const shown = rows
          .slice(0, 5)
          .map(async (row) => `${row.email} (${copies.get(row.email) ?? 0} copies): ${row.id ? await rabta.history(row.id) : 'no row'}`);
        return `${line}: not so for ${rows.length}\n    ${(await Promise.all(shown)).join('\n    ')}`;
      }),
    );
    const known = new Set(recipients);
    const strangers = [...copies.keys()].filter((to) => !known.has(to));
    if (strangers.length) violated.push(`nobody else gets anything: not so for ${strangers.join(', ')}`);
    const bytes = new Set(sink.offered.map(({ to, raw }) => `${to} ${sha256(raw)}`)).size;
    const offered = new Set(sink.offered.map(({ to }) => to)).size;
    if (bytes !== offered) violated.push(`every try of a digest offers the same bytes: ${offered} recipients, ${bytes} different messages`);
    const { n, complete } = await rabta.occurrences();
    if (n !== 1 || complete !== 1) violated.push(`there is one run, and it is complete: ${n} runs, ${complete} complete`);
    const widest = Math.max(...sink.widest);
    if (widest > CONNECTIONS) violated.push(`a worker has at most ${CONNECTIONS} connections: ${widest} at once`);
    if (suffered.killed !== asked.kills) violated.push(`all kills happen: ${suffered.killed} of ${asked.kills}`);
    if (suffered.timedOut) violated.push(`the run ends within ${DEADLINE_MS / 1000} seconds`);
    for (const crash of suffered.crashes) violated.push(`workers end only when they are told to: ${crash}`);
    const unknown = ledger.filter((row) => row.state === 'unknown');
    const states: Record<string, number> = {};
    for (const row of ledger) {
      const what = [row.state ?? 'no row', ...(row.reason ? [row.reason] : [])].join(' ');
      states[what] = (states[what] ?? 0) + 1;
    }
    return {
      violated,
      result: {
        ...resultOf(sink, copies, recipients, suffered),
        unknown: unknown.length,
        unknownDelivered: unknown.filter((row) => copies.has(row.email)).length,
        mayBeUnknown,
        states,
      },
    };
  } finally {
    await rabta.close();
    await sink.close();
  }
}

async function naiveRun(ground: Ground, asked: Settings, recipients: readonly string[]): Promise<Result> {
  const sink = await Sink.open(WORKERS);
  misbehave(sink, asked.seed, recipients);
  const naive = await openNaive(ground, recipients);
  try {
    const suffered = await ordeal(naive, sink, planKills(asked.seed, asked.kills, asked.recipients, WORKERS), asked.seed, DEADLINE_MS);
    return resultOf(sink, copiesOf(sink), recipients, suffered);
  } finally {
    await naive.close();
    await sink.close();
  }
}

const injectedBy = (sink: Sink): Result['injected'] => ({
  resets: sink.given.get('reset-after-dot') ?? 0,
  deferrals: sink.given.get('defer') ?? 0,
  drops: sink.given.get('reset-at-data') ?? 0,
});

const resultOf = (sink: Sink, copies: ReadonlyMap<string, number>, recipients: readonly string[], suffered: Ordeal): Result => ({
  ...tally(copies, recipients),
  copies: sink.accepted.length,
  injected: injectedBy(sink),
  kills: suffered.kills,
  seconds: suffered.seconds,
});

function print(asked: Settings, rabta: RabtaResult, naive: Result, violated: readonly string[]): void {
  console.log(`${asked.recipients} recipients, ${asked.kills} kills, queues on ${asked.backend}, seed ${asked.seed}`);
  const row = (...cells: (string | number)[]) => console.log(cells.map((cell, i) => (i ? String(cell).padStart(11) : String(cell).padEnd(14))).join(''));
  row('', 'exactly 1', '≥2 copies', '0 copies', 'unknown', 'max copies', 'seconds');
  row('Rabta', rabta.exactlyOne, rabta.twoOrMore, rabta.none, rabta.unknown, rabta.maxCopies, rabta.seconds);
  row('naive retry', naive.exactlyOne, naive.twoOrMore, naive.none, '–', naive.maxCopies, naive.seconds);
  const list = (of: object) =>
    Object.entries(of)
      .map(([what, n]) => `${what} ${String(n)}`)
      .join(', ');
  console.log(`Rabta's ledger: ${list(rabta.states)}; of the unknown ${rabta.unknownDelivered} had arrived; at most ${rabta.mayBeUnknown} might be unknown`);
  for (const [name, of] of [
    ['Rabta', rabta],
    ['naive', naive],
  ] as const)
    console.log(`${name}: injected ${list(of.injected)}; kills at ${list(of.kills)}`);
  for (const line of violated) console.log(`VIOLATED ${line}`);
  console.log(violated.length ? `${violated.length} lines do not hold.` : 'Every line holds.');
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof CannotTorture ? error.message : error);
  process.exitCode = 2;
}
