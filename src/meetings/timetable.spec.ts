import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Attendee, Day, Pair } from './day.js';
import { type Meeting, repaired, timetable } from './timetable.js';

const people = (n: number, letter: string): Attendee[] => Array.from({ length: n }, (_, i) => ({ id: `${letter}${i + 1}` }));
const everyPair = (firms: readonly Attendee[], counterparties: readonly Attendee[], score: (f: number, c: number) => number): Pair[] =>
  firms.flatMap((firm, f) => counterparties.map((counterparty, c) => ({ firm: firm.id, counterparty: counterparty.id, score: score(f, c) })));

/** Nobody is in two places or where they are not, tables and interpreters suffice, and no pair meets twice. */
function expectPossible(day: Day, meetings: readonly Meeting[]): void {
  const speaks = new Map([...day.firms, ...day.counterparties].map(({ id, languages = [] }) => [id, languages]));
  const unique = (keys: readonly string[]) => expect(new Set(keys).size).toBe(keys.length);
  unique(meetings.flatMap(({ slot, firm, counterparty }) => [`${slot} ${firm}`, `${slot} ${counterparty}`]));
  unique(meetings.map(({ firm, counterparty }) => `${firm} ${counterparty}`));
  unique(meetings.map(({ slot, table }) => `${slot} ${table}`));
  const interpreted = meetings.filter(({ interpreter }) => interpreter !== null);
  unique(interpreted.map(({ slot, interpreter }) => `${slot} ${interpreter}`));
  for (const { table } of meetings) expect(table >= 1 && table <= day.tables).toBe(true);
  for (const { interpreter } of interpreted) expect(interpreter).toBeLessThanOrEqual(day.interpreters);
  for (const { id, away = [] } of [...day.firms, ...day.counterparties])
    expect(meetings.filter((m) => (m.firm === id || m.counterparty === id) && away.includes(m.slot))).toEqual([]);
  for (const { firm, counterparty, interpreter } of meetings) {
    const [ours, theirs] = [speaks.get(firm) ?? [], speaks.get(counterparty) ?? []];
    expect(interpreter !== null).toBe(ours.length > 0 && theirs.length > 0 && !ours.some((language) => theirs.includes(language)));
  }
}

const days = fc
  .record({
    firms: fc.integer({ min: 1, max: 8 }),
    counterparties: fc.integer({ min: 1, max: 6 }),
    slots: fc.integer({ min: 1, max: 6 }),
    tables: fc.integer({ min: 1, max: 4 }),
    interpreters: fc.integer({ min: 0, max: 3 }),
    seed: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 48, maxLength: 48 }),
  })
  .map(({ seed, ...size }): Day => {
    const draw = (i: number) => seed[i % seed.length] ?? 0;
    const with_ = (all: Attendee[], from: number, own: string): Attendee[] =>
      all.map(({ id }, i) => ({
        id,
        languages: draw(from + i) % 2 ? [own] : [own, 'en'],
        away: Array.from({ length: size.slots }, (_, slot) => slot).filter((slot) => draw(from + 7 * i + slot) % 4 === 0),
      }));
    const firms = with_(people(size.firms, 'F'), 0, 'ur');
    const counterparties = with_(people(size.counterparties, 'C'), 20, 'zh');
    return { ...size, least: 2, firms, counterparties, pairs: everyPair(firms, counterparties, (f, c) => draw(6 * f + c)).filter(({ score }) => score > 20) };
  });

describe('a timetable', () => {
  it('is possible, whatever the day, and never better than its bound', async () => {
    await fc.assert(
      fc.asyncProperty(days, async (day) => {
        const { meetings, score, bound } = await timetable(day);
        expectPossible(day, meetings);
        expect(score).toBe(meetings.reduce((sum, meeting) => sum + meeting.score, 0));
        expect(score).toBeLessThanOrEqual(bound + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('fills every place of a day on which everybody can meet everybody', async () => {
    const [firms, counterparties] = [people(6, 'F'), people(6, 'C')];
    const day: Day = {
      slots: 6,
      tables: 6,
      interpreters: 0,
      least: 4,
      firms,
      counterparties,
      pairs: everyPair(firms, counterparties, (f, c) => 40 + ((7 * f + 5 * c) % 11)),
    };
    const { meetings, score, bound, short } = await timetable(day);
    expect(meetings).toHaveLength(36);
    expect(score).toBeCloseTo(bound);
    expect(short).toEqual([]);
  });

  it('gives the best pair up where somebody would otherwise meet nobody', async () => {
    const pair = (firm: string, counterparty: string, score: number): Pair => ({ firm, counterparty, score });
    const day: Day = {
      slots: 1,
      tables: 2,
      interpreters: 0,
      least: 1,
      firms: people(2, 'F'),
      counterparties: people(2, 'C'),
      pairs: [pair('F1', 'C1', 100), pair('F1', 'C2', 30), pair('F2', 'C1', 30)],
    };
    const { meetings, bound, short } = await timetable(day);
    expect(meetings.map(({ firm, counterparty }) => `${firm}${counterparty}`).sort()).toEqual(['F1C2', 'F2C1']);
    expect(bound).toBeCloseTo(100);
    expect(short).toEqual([]);
  });

  it('says who has fewer meetings than everybody should, and how many they could have had', async () => {
    const [firms, counterparties] = [people(1, 'F'), people(3, 'C')];
    const { short } = await timetable({
      slots: 2,
      tables: 1,
      interpreters: 0,
      least: 2,
      firms,
      counterparties,
      pairs: everyPair(firms, counterparties, () => 50),
    });
    expect(short.filter(({ id }) => id === 'F1')).toEqual([]);
    expect(short).toHaveLength(3);
    for (const one of short) expect(one.possible).toBe(1);
  });

  it('is empty on a day without pairs', async () => {
    const day: Day = { slots: 3, tables: 2, interpreters: 1, least: 4, firms: people(2, 'F'), counterparties: [], pairs: [] };
    expect(await timetable(day)).toEqual({
      meetings: [],
      score: 0,
      bound: 0,
      short: [
        { id: 'F1', meetings: 0, possible: 0 },
        { id: 'F2', meetings: 0, possible: 0 },
      ],
    });
  });
});

describe('a repaired timetable', () => {
  it('moves only what somebody’s absence touches', async () => {
    const [firms, counterparties] = [people(10, 'F'), people(6, 'C')];
    const day: Day = {
      slots: 8,
      tables: 6,
      interpreters: 0,
      least: 4,
      firms,
      counterparties,
      pairs: everyPair(firms, counterparties, (f, c) => 40 + ((7 * f + 5 * c) % 13)),
    };
    const before = await timetable(day);
    const late = { ...day, firms: firms.map((firm) => (firm.id === 'F1' ? { ...firm, away: [0, 1] } : firm)) };
    const after = await repaired(before.meetings, late);
    expectPossible(late, after.meetings);
    const key = ({ firm, counterparty, slot, table }: Meeting) => `${firm} ${counterparty} ${slot} ${table}`;
    const kept = new Set(before.meetings.map(key));
    const stayed = after.meetings.filter((meeting) => kept.has(key(meeting))).length;
    const lost = before.meetings.filter(({ firm, slot }) => firm === 'F1' && slot < 2).length;
    // each meeting that is in the way may push out one other
    expect(stayed).toBeGreaterThanOrEqual(before.meetings.length - 3 * lost);
    expect(after.meetings.length).toBeGreaterThanOrEqual(before.meetings.length - lost);
  });
});
