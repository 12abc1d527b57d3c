/** Timetables of a meeting day: how good, how fast, beside the greedy way and the upper bound. */
import { parseArgs } from 'node:util';
import { type Attendee, type Day, mutualScore, type Pair } from '../meetings/day.js';
import { possibleOf, timetable } from '../meetings/timetable.js';
import { chance } from './torture/chance.js';

const HELP = `usage: npm run -s bench:meetings -- [--firms 120] [--counterparties 60] [--slots 16] [--tables N] [--interpreters N] [--seed 1] [--json]

Makes up a meeting day from the seed, and plans it. In it
  trades         there are eight, unevenly filled; everybody is of one or two, and fits the others of it more or less (50 to 100, as matches do)
  wishes         each firm names 4 to 10 counterparties, each counterparty 6 to 16 firms: by how well they fit, and some are wanted by many
  score          6 tenths of the fit, and 20 for the wish of each side: as the house reckons it
  hours          two owners in three come for half a day; one guest in five comes late, one in five leaves early; nobody meets at noon
  languages      3 firms in 10 and half the counterparties speak no English, and need an interpreter between them
The total mutual score is compared with
  greedy         the best pairs first, each in the first slot in which both, a table and an interpreter are free
  greedyForAll   the same, but first for whoever has fewer meetings than everybody should
  bound          what no timetable can exceed, even one that leaves somebody without any meeting
Without --tables there is one for each counterparty; without --interpreters one for every three tables.`;

const { values } = parseArgs({
  options: {
    firms: { type: 'string', default: '120' },
    counterparties: { type: 'string', default: '60' },
    slots: { type: 'string', default: '16' },
    tables: { type: 'string' },
    interpreters: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  const whole = (name: string, text: string, least: number): number => {
    const n = Number(text);
    if (!Number.isInteger(n) || n < least) throw new Error(`--${name} must be a whole number from ${least} on`);
    return n;
  };
  const firms = whole('firms', values.firms, 1);
  const counterparties = whole('counterparties', values.counterparties, 1);
  const tables = whole('tables', values.tables ?? String(counterparties), 1);
  const day = madeUp({
    firms,
    counterparties,
    slots: whole('slots', values.slots, 1),
    tables,
    interpreters: whole('interpreters', values.interpreters ?? String(Math.ceil(tables / 3)), 0),
    seed: whole('seed', values.seed, 0),
  });
  await timetable({ ...day, firms: day.firms.slice(0, 2), counterparties: day.counterparties.slice(0, 2), pairs: [] }); // the solver is loaded before the clock runs
  const began = performance.now();
  const planned = await timetable(day);
  const seconds = (performance.now() - began) / 1000;
  const [first, forAll] = [greedy(day, false), greedy(day, true)];
  const round = (n: number) => Math.round(n * 1000) / 1000;
  const said = {
    firms,
    counterparties,
    slots: day.slots,
    tables: day.tables,
    interpreters: day.interpreters,
    pairs: day.pairs.length,
    meetings: planned.meetings.length,
    score: round(planned.score),
    greedy: round(first.score),
    greedyForAll: round(forAll.score),
    bound: round(planned.bound),
    overGreedy: round(planned.score / first.score),
    overGreedyForAll: round(planned.score / forAll.score),
    ofBound: round(planned.score / planned.bound),
    fewerThanLeast: planned.short.filter(({ meetings, possible }) => meetings < Math.min(day.least, possible)).length,
    fewerThanLeastGreedy: first.short,
    fewerThanLeastGreedyForAll: forAll.short,
    seconds: round(seconds),
  };
  if (values.json) console.log(JSON.stringify(said));
  else console.table(said);
}

interface Size {
  readonly firms: number;
  readonly counterparties: number;
  readonly slots: number;
  readonly tables: number;
  readonly interpreters: number;
  readonly seed: number;
}

/** A day as the help describes it. */
function madeUp({ seed, slots, tables, interpreters, ...size }: Size): Day {
  const TRADES = 8;
  const HALF_DAY = 2 / 3;
  const LATE_OR_EARLY = 0.2;
  const next = chance(seed);
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const people = (n: number, letter: string, languages: () => string[]) =>
    Array.from({ length: n }, (_, i) => ({
      id: `${letter}${i + 1}`,
      languages: languages(),
      trades: new Set(Array.from({ length: between(1, 2) }, () => Math.floor(TRADES * next() ** 1.7))),
      good: next(),
      pull: Math.exp(0.7 * normal()),
    }));
  const firms = people(size.firms, 'F', () => (next() < 0.7 ? ['ur', 'en'] : ['ur']));
  const counterparties = people(size.counterparties, 'C', () => (next() < 0.5 ? ['zh', 'en'] : ['zh']));
  const matches = firms.flatMap((firm) =>
    counterparties.flatMap((counterparty) => {
      const shared = [...firm.trades].filter((trade) => counterparty.trades.has(trade)).length;
      if (!shared) return [];
      const near = 1 - Math.abs(firm.good - counterparty.good);
      return [{ firm, counterparty, match: Math.min(100, 40 + 10 * shared + 40 * near ** 2 + 10 * next()) }];
    }),
  );
  type Match = (typeof matches)[number];
  /** Whom each of these names, by lot: by how well the other fits, and by what draws everybody. */
  const named = (
    sides: readonly { readonly id: string }[],
    from: 'firm' | 'counterparty',
    to: 'firm' | 'counterparty',
    least: number,
    most: number,
  ): Set<Match> =>
    new Set(
      sides.flatMap(({ id }) =>
        matches
          .filter((one) => one[from].id === id)
          .map((one) => ({ one, lot: next() ** (1 / ((one.match / 100) ** 3 * one[to].pull)) }))
          .sort((a, b) => b.lot - a.lot)
          .slice(0, between(least, most))
          .map(({ one }) => one),
      ),
    );
  const ours = named(firms, 'firm', 'counterparty', 4, 10);
  const theirs = named(counterparties, 'counterparty', 'firm', 6, 16);
  const pairs: Pair[] = matches.map((one) => ({
    firm: one.firm.id,
    counterparty: one.counterparty.id,
    score: mutualScore({ match: one.match, firmWants: ours.has(one), counterpartyWants: theirs.has(one) }),
  }));
  const all = Array.from({ length: slots }, (_, slot) => slot);
  const noon = Math.floor(slots / 2);
  const lunch = slots >= 8 ? [noon] : [];
  const attendee = ({ id, languages }: Attendee, away: (slot: number) => boolean): Attendee => ({
    id,
    languages: languages ?? [],
    away: all.filter((slot) => lunch.includes(slot) || away(slot)),
  });
  const owner = (one: Attendee): Attendee => {
    const comes = next();
    return attendee(one, (slot) => (comes < HALF_DAY / 2 ? slot > noon : comes < HALF_DAY ? slot < noon : false));
  };
  const guest = (one: Attendee): Attendee => {
    const [comes, by] = [next(), between(1, Math.max(1, Math.floor(slots / 4)))];
    return attendee(one, (slot) => (comes < LATE_OR_EARLY ? slot < by : comes < 2 * LATE_OR_EARLY ? slot >= slots - by : false));
  };
  return { slots, tables, interpreters, least: 4, firms: firms.map(owner), counterparties: counterparties.map(guest), pairs };
}

/**
 * What a secretary does with a list and a pencil.
 * @param forAll whether whoever has fewer than the least meetings is seen to first
 */
function greedy(day: Day, forAll: boolean): { score: number; short: number } {
  const speaks = new Map([...day.firms, ...day.counterparties].map(({ id, languages }) => [id, languages ?? []]));
  const busy = new Set([...day.firms, ...day.counterparties].flatMap(({ id, away = [] }) => away.map((slot) => `${slot} ${id}`)));
  const tables = Array.from({ length: day.slots }, () => 0);
  const interpreted = Array.from({ length: day.slots }, () => 0);
  const meetings = new Map<string, number>();
  const has = (id: string): number => meetings.get(id) ?? 0;
  const lacks = (id: string): boolean => has(id) < day.least;
  let score = 0;
  let waiting = [...day.pairs].sort((a, b) => b.score - a.score);
  const place = (pair: Pair): boolean => {
    const needs = !speaks.get(pair.firm)?.some((language) => speaks.get(pair.counterparty)?.includes(language));
    for (let slot = 0; slot < day.slots; slot++) {
      if (busy.has(`${slot} ${pair.firm}`) || busy.has(`${slot} ${pair.counterparty}`)) continue;
      if ((tables[slot] ?? 0) >= day.tables || (needs && (interpreted[slot] ?? 0) >= day.interpreters)) continue;
      for (const id of [pair.firm, pair.counterparty]) {
        busy.add(`${slot} ${id}`);
        meetings.set(id, has(id) + 1);
      }
      tables[slot] = (tables[slot] ?? 0) + 1;
      if (needs) interpreted[slot] = (interpreted[slot] ?? 0) + 1;
      score += pair.score;
      return true;
    }
    return false;
  };
  if (forAll) waiting = waiting.filter((pair) => !((lacks(pair.firm) || lacks(pair.counterparty)) && place(pair)));
  waiting.forEach(place);
  const short = [...day.firms, ...day.counterparties].filter(({ id }) => has(id) < Math.min(day.least, possibleOf(day, id))).length;
  return { score, short };
}
