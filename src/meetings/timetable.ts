import { Board, type Placed } from './board.js';
import type { Day, Edge, Pair } from './day.js';
import { Program } from './program.js';

export interface Meeting extends Pair {
  readonly slot: number;
  /** From 1. */
  readonly table: number;
  /** From 1; null where the two understand each other. */
  readonly interpreter: number | null;
}

export interface Timetable {
  /** By slot, then table. */
  readonly meetings: readonly Meeting[];
  readonly score: number;
  /** No timetable of this day can have a higher score, whatever it does for those with few meetings. */
  readonly bound: number;
  /** Who has fewer than `least`, and how many they could have had at best. */
  readonly short: readonly { readonly id: string; readonly meetings: number; readonly possible: number }[];
}

/** A meeting that everybody can do without is worth less than anybody's lacking one. */
const LACKING = 1000;
const SECONDS = 4;
/** With more the program grows, and takes longer than it gains. */
const PARTS = 4;

/**
 * Who meets whom when, in two steps. First which pairs meet in which part of the day: the set of the highest mutual score in which nobody has more
 * meetings in a part than slots in it, tables and interpreters suffice, and as few meetings as possible are lacking to `least`. Then they are dealt
 * out to the slots, see {@link Board}; what finds no place is replaced by the best that does.
 * The first step without `least`, fractions allowed, is also the upper bound: every timetable is such a set.
 */
export async function timetable(day: Day): Promise<Timetable> {
  const edges = edgesOf(day);
  const { program, cells } = choice(day, edges);
  const { values } = await program.relaxed();
  const board = new Board(day);
  // those first whose meetings leave them the fewest slots to choose from
  const chosen = cells
    .filter(({ variable }) => (values[variable] ?? 0) > 1 - 1e-6)
    .toSorted((a, b) => Number(b.edge.interpreted) - Number(a.edge.interpreted) || a.slots - b.slots || b.edge.score - a.edge.score);
  for (const { edge, part } of chosen) board.place(edge, part, false);
  board.balance();
  fill(day, edges, board);
  if (relieve(day, edges, board)) fill(day, edges, board);
  return finished(day, board.all(), await boundOf(day, edges));
}

/**
 * The same day after somebody turned out to be away: as many meetings as before, and as few of them moved as possible. Whoever comes free is given
 * the best they can have; meetings of others stay as they are.
 * @param before the timetable that everybody has in hand
 * @param day with the new absences in it
 */
export async function repaired(before: readonly Meeting[], day: Day): Promise<Timetable> {
  const edges = edgesOf(day);
  const byPair = new Map(edges.map((edge) => [pairKey(edge), edge]));
  const free = freedom(day);
  const program = new Program();
  const cells: { readonly edge: Edge; readonly slot: number; readonly variable: number }[] = [];
  for (const meeting of before) {
    const edge = byPair.get(pairKey(meeting));
    if (!edge) continue;
    const of: number[] = [];
    for (let slot = 0; slot < day.slots; slot++) {
      if (!free(edge.firm, slot) || !free(edge.counterparty, slot)) continue;
      // where it has to move, rather by an hour than by half a day
      const variable = program.choice(LACKING + (slot === meeting.slot ? 1 : 0) - Math.abs(slot - meeting.slot) / 1000);
      of.push(variable);
      cells.push({ edge, slot, variable });
    }
    program.row({ terms: of.map((v) => [1, v]), high: 1 });
  }
  for (let slot = 0; slot < day.slots; slot++)
    onePlaceEach(
      program,
      day,
      cells.filter((cell) => cell.slot === slot),
    );
  const values = await program.solve(2 * SECONDS);
  const board = new Board(day);
  for (const { edge, slot, variable } of cells) if (values[variable] === 1) board.set(edge, slot);
  fill(day, edges, board);
  return finished(day, board.all(), await boundOf(day, edges), before);
}

const pairKey = ({ firm, counterparty }: Pair): string => `${firm}\n${counterparty}`;

function edgesOf(day: Day): Edge[] {
  const people = new Map([...day.firms, ...day.counterparties].map((person) => [person.id, person]));
  return day.pairs.flatMap((pair) => {
    const [firm, counterparty] = [people.get(pair.firm), people.get(pair.counterparty)];
    if (!firm || !counterparty || !(pair.score > 0)) return [];
    const [ours, theirs] = [firm.languages ?? [], counterparty.languages ?? []];
    return [{ ...pair, interpreted: ours.length > 0 && theirs.length > 0 && !ours.some((language) => theirs.includes(language)) }];
  });
}

function freedom(day: Day): (id: string, slot: number) => boolean {
  const away = new Map([...day.firms, ...day.counterparties].map(({ id, away }) => [id, new Set(away)]));
  return (id, slot) => !away.get(id)?.has(slot);
}

/** Variables with the edges they stand for, grouped by the people in them. */
function byPerson<T extends { readonly edge: Edge }>(cells: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const cell of cells) {
    for (const id of [cell.edge.firm, cell.edge.counterparty]) {
      const of = found.get(id);
      if (of) of.push(cell);
      else found.set(id, [cell]);
    }
  }
  return found;
}

/** In one slot: everybody in one place, no more meetings than tables, no more interpreted ones than interpreters. */
function onePlaceEach(program: Program, day: Day, cells: readonly { readonly edge: Edge; readonly variable: number }[]): void {
  for (const of of byPerson(cells).values()) program.row({ terms: of.map(({ variable }) => [1, variable]), high: 1 });
  program.row({ terms: cells.map(({ variable }) => [1, variable]), high: day.tables });
  program.row({ terms: cells.filter(({ edge }) => edge.interpreted).map(({ variable }) => [1, variable]), high: day.interpreters });
}

/** The slots of the day, those together in which the same people are there; where everybody comes and goes as they like, a few stretches of it. */
function partsOf(day: Day): number[][] {
  const people = [...day.firms, ...day.counterparties];
  const parts = new Map<string, number[]>();
  for (const slot of slotsOf(day)) {
    const there = people.map(({ away }) => (away?.includes(slot) ? '-' : '+')).join('');
    parts.set(there, [...(parts.get(there) ?? []), slot]);
  }
  if (parts.size <= PARTS) return [...parts.values()];
  return Array.from({ length: PARTS }, (_, i) => slotsOf(day).filter((slot) => Math.floor((slot * PARTS) / day.slots) === i));
}

interface Cell {
  readonly edge: Edge;
  readonly part: readonly number[];
  /** In so many of them both are there. */
  readonly slots: number;
  readonly variable: number;
}

/** Which pairs may meet in which part of the day: each once, nobody more often than they are there in it, tables and interpreters for all. */
function choice(day: Day, edges: readonly Edge[]): { readonly program: Program; readonly cells: readonly Cell[] } {
  const free = freedom(day);
  const program = new Program();
  const parts = partsOf(day);
  /** Meetings of a part for which there are places and people: at noon there is neither. */
  const room = (part: readonly number[], places: number): number =>
    part.reduce((sum, slot) => sum + Math.min(places, ...[day.firms, day.counterparties].map((side) => side.filter(({ id }) => free(id, slot)).length)), 0);
  const cells: Cell[] = [];
  for (const edge of edges) {
    const mine = parts
      .map((part) => ({ edge, part, slots: part.filter((slot) => free(edge.firm, slot) && free(edge.counterparty, slot)).length }))
      .filter(({ slots }) => slots)
      .map((cell) => ({ ...cell, variable: program.choice(edge.score) }));
    if (mine.length > 1) program.row({ terms: mine.map(one), high: 1 });
    cells.push(...mine);
  }
  for (const part of parts) {
    const here = cells.filter((cell) => cell.part === part);
    const limit = (of: readonly Cell[], most: number): void => {
      if (of.length > most) program.row({ terms: of.map(one), high: most });
    };
    for (const [id, of] of byPerson(here)) limit(of, part.filter((slot) => free(id, slot)).length);
    limit(here, room(part, day.tables));
    limit(
      here.filter(({ edge }) => edge.interpreted),
      room(part, day.interpreters),
    );
  }
  for (const [id, of] of byPerson(cells)) {
    const wanted = Math.min(day.least, new Set(of.map(({ edge }) => edge)).size, slotsOf(day).filter((slot) => free(id, slot)).length);
    if (wanted > 0) program.row({ terms: [...of.map(one), [1, program.upTo(wanted, -LACKING)]], low: wanted });
  }
  return { program, cells };
}

const one = ({ variable }: { readonly variable: number }): readonly [number, number] => [1, variable];

/** Every timetable is such a choice, hence none is better than the best of them. */
const boundOf = (day: Day, edges: readonly Edge[]): Promise<number> =>
  choice({ ...day, least: 0 }, edges)
    .program.relaxed()
    .then(({ worth }) => worth);

const slotsOf = (day: Day): number[] => Array.from({ length: day.slots }, (_, slot) => slot);

const total = (pairs: readonly Pair[]): number => pairs.reduce((sum, { score }) => sum + score, 0);

/** Puts pairs that do not meet yet wherever there is still a place: first for those who lack meetings, then by score. */
function fill(day: Day, edges: readonly Edge[], board: Board): void {
  const placed = board.all();
  const met = new Set(placed.map(({ edge }) => edge));
  const meetings = new Map([...byPerson(placed)].map(([id, of]) => [id, of.length]));
  const lacking = ({ firm, counterparty }: Edge): number => [firm, counterparty].filter((id) => (meetings.get(id) ?? 0) < day.least).length;
  const waiting = edges
    .filter((edge) => !met.has(edge))
    .map((edge) => ({ edge, lacking: lacking(edge) }))
    .sort((a, b) => b.lacking - a.lacking || b.edge.score - a.edge.score || (pairKey(a.edge) < pairKey(b.edge) ? -1 : 1));
  for (const { edge } of waiting) board.place(edge, slotsOf(day), true);
}

/**
 * Who still lacks meetings gets one in the place of another that both of its people can spare, the least of those first.
 * @returns whether anything was changed
 */
function relieve(day: Day, edges: readonly Edge[], board: Board): boolean {
  let changed = false;
  const placed = () => board.all().toSorted((a, b) => a.edge.score - b.edge.score);
  const count = (all: readonly Placed[], id: string): number => all.filter(({ edge }) => edge.firm === id || edge.counterparty === id).length;
  for (const { id } of [...day.firms, ...day.counterparties]) {
    for (let all = placed(); count(all, id) < Math.min(day.least, possibleOf(day, id)); all = placed()) {
      const met = new Set(all.map(({ edge }) => edge));
      const wanted = edges.filter((edge) => (edge.firm === id || edge.counterparty === id) && !met.has(edge)).toSorted((a, b) => b.score - a.score);
      const found = wanted.some((edge) => {
        const spare = (one: string): boolean => one === edge.firm || one === edge.counterparty || count(all, one) > day.least;
        return all.some((other) => {
          if (other.edge.firm === id || other.edge.counterparty === id || !spare(other.edge.firm) || !spare(other.edge.counterparty)) return false;
          board.clear(other.edge, other.slot);
          if (board.place(edge, slotsOf(day), true)) return true;
          board.set(other.edge, other.slot);
          return false;
        });
      });
      if (!found) break;
      changed = true;
    }
  }
  return changed;
}

/** Gives out tables and interpreters: a counterparty stays where it sits as long as it can, and so does what was in everybody's hand before. */
function finished(day: Day, placed: readonly Placed[], bound: number, before: readonly Meeting[] = []): Timetable {
  const known = new Map(before.map((meeting) => [`${meeting.slot}\n${pairKey(meeting)}`, meeting]));
  const home = new Map(day.counterparties.map(({ id }, i) => [id, (i % day.tables) + 1]));
  const meetings: Meeting[] = [];
  for (let slot = 0; slot < day.slots; slot++) {
    const here = placed.filter((one) => one.slot === slot).map(({ edge }) => ({ edge, was: known.get(`${slot}\n${pairKey(edge)}`) }));
    const tables = seats(
      here.map(({ edge, was }) => [was?.table, home.get(edge.counterparty)]),
      day.tables,
    );
    const interpreted = here.filter(({ edge }) => edge.interpreted);
    const interpreters = helped(
      interpreted.map(({ edge, was }) => [was?.interpreter ?? undefined, home.get(edge.counterparty)]),
      interpreted.map(({ edge }) => edge.helpers),
      day.interpreters,
    );
    here.forEach(({ edge: { firm, counterparty, score, interpreted: needed } }, i) => {
      const at = needed ? interpreted.findIndex(({ edge }) => edge.firm === firm && edge.counterparty === counterparty) : -1;
      const interpreter = at < 0 ? null : (interpreters[at] ?? null);
      // the others of this slot leave nobody free who speaks with both
      if (needed && interpreter === null) return;
      meetings.push({ firm, counterparty, score, slot, table: tables[i] ?? 0, interpreter });
    });
  }
  meetings.sort((a, b) => a.slot - b.slot || a.table - b.table);
  const short = [...day.firms, ...day.counterparties].flatMap(({ id }) => {
    const has = meetings.filter((m) => m.firm === id || m.counterparty === id).length;
    const possible = possibleOf(day, id);
    return has < day.least ? [{ id, meetings: has, possible }] : [];
  });
  return { meetings, score: total(meetings), bound, short };
}

/** An interpreter for as many as possible who speaks with both, one whom they wish for where that costs nobody theirs (augmenting paths); else null. */
function helped(
  wishes: readonly (readonly (number | undefined)[])[],
  able: readonly (readonly number[] | undefined)[],
  interpreters: number,
): (number | null)[] {
  const all = Array.from({ length: interpreters }, (_, i) => i + 1);
  const choices = able.map((of, i) => {
    const mine = of ?? all;
    const wished = (wishes[i] ?? []).filter((one) => one !== undefined && mine.includes(one));
    return [...new Set([...wished, ...mine])] as number[];
  });
  const at = new Map<number, number>();
  const give = (i: number, asked: Set<number>): boolean =>
    (choices[i] ?? []).some((one) => {
      if (asked.has(one)) return false;
      asked.add(one);
      const holder = at.get(one);
      if (holder !== undefined && !give(holder, asked)) return false;
      at.set(one, i);
      return true;
    });
  const free = (i: number): boolean => {
    const one = choices[i]?.find((of) => !at.has(of));
    if (one !== undefined) at.set(one, i);
    return one !== undefined;
  };
  choices.forEach((_, i) => free(i) || give(i, new Set()));
  const given = choices.map((): number | null => null);
  for (const [one, i] of at) given[i] = one;
  return given;
}

/** How many meetings somebody could have if nobody else were in the way: one with each, in slots in which both are there. */
export function possibleOf(day: Day, id: string): number {
  const free = freedom(day);
  const mine = slotsOf(day).filter((slot) => free(id, slot));
  const others = day.pairs
    .filter(({ firm, counterparty, score }) => score > 0 && (firm === id || counterparty === id))
    .map(({ firm, counterparty }) => (firm === id ? counterparty : firm));
  const slots = mine.filter((slot) => others.some((other) => free(other, slot)));
  return Math.min(slots.length, others.filter((other) => mine.some((slot) => free(other, slot))).length);
}

/** A place from 1 to `places` for each, the first of its wishes that nobody has, else any. */
function seats(wishes: readonly (readonly (number | undefined)[])[], places: number): number[] {
  const taken = new Set<number>();
  const given = wishes.map(() => 0);
  for (let nth = 0; nth < Math.max(0, ...wishes.map((w) => w.length)); nth++) {
    wishes.forEach((wish, i) => {
      const place = wish[nth];
      if (given[i] || place === undefined || place > places || taken.has(place)) return;
      given[i] = place;
      taken.add(place);
    });
  }
  let next = 1;
  return given.map((place) => {
    if (place) return place;
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  });
}
