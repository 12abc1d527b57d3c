import { describe, expect, it } from '@jest/globals';
import { slotsOf } from './hours.js';
import { changesBetween, dayOf } from './room.js';
import { timetable } from './timetable.js';

const HOURS = { opens: '09:00', closes: '12:00', slotMinutes: 30, breaks: [{ from: '10:15', to: '10:45' }] };
const someone = (id: string, side: 'firm' | 'counterparty', over: object = {}) => ({
  id,
  side,
  languages: [],
  arrives: null,
  leaves: null,
  missing: false,
  wants: [],
  ...over,
});

describe('the slots of a day', () => {
  it('follow each other, and one that would run into a break begins after it', () => {
    expect(slotsOf(HOURS).map(({ from, to }) => `${from}-${to}`)).toEqual(['09:00-09:30', '09:30-10:00', '10:45-11:15', '11:15-11:45']);
    expect(slotsOf({ ...HOURS, breaks: [], closes: '09:20' })).toEqual([]);
  });
});

describe('what a timetable is made for', () => {
  const slots = slotsOf({ ...HOURS, breaks: [] });
  const day = { tables: 2, interpreters: [{ name: 'Li Na', languages: ['zh', 'ur'] as const }], least: 4 };

  it('is away whoever is not there from a slot’s beginning to its end, and all day who is missing', () => {
    const { firms } = dayOf(day, slots, [someone('late', 'firm', { arrives: '09:40', leaves: '11:10' }), someone('missing', 'firm', { missing: true })], []);
    expect(firms.map(({ away }) => away)).toEqual([
      [0, 1, 4, 5],
      [0, 1, 2, 3, 4, 5],
    ]);
  });

  it('has a pair for who fits or is asked for, worth most where both ask, and none that nobody can interpret for', () => {
    const attendees = [
      someone('f', 'firm', { languages: ['ur'], wants: ['c', 'd', 'e'] }),
      someone('c', 'counterparty', { languages: ['zh'], wants: ['f'] }),
      someone('d', 'counterparty', { languages: ['en'] }),
      someone('e', 'counterparty', { languages: ['ur'] }),
      someone('g', 'counterparty'),
    ];
    const { pairs } = dayOf(day, slots, attendees, [{ firm: 'f', counterparty: 'c', score: 80 }]);
    expect(pairs).toEqual([
      { firm: 'f', counterparty: 'c', score: 88, helpers: [1] },
      { firm: 'f', counterparty: 'e', score: 20 },
    ]);
  });

  it('gives each meeting an interpreter who speaks with both, never one to two at once', async () => {
    const interpreters = [
      { name: 'both', languages: ['zh', 'ur', 'sd'] as const },
      { name: 'one', languages: ['zh', 'ur'] as const },
    ];
    const attendees = [
      someone('urdu', 'firm', { languages: ['ur'], wants: ['c', 'd'] }),
      someone('sindhi', 'firm', { languages: ['sd'], wants: ['c', 'd'] }),
      someone('c', 'counterparty', { languages: ['zh'] }),
      someone('d', 'counterparty', { languages: ['zh'] }),
    ];
    const { meetings } = await timetable(dayOf({ ...day, interpreters }, slots.slice(0, 2), attendees, []));
    expect(meetings).toHaveLength(4);
    for (const { firm, interpreter } of meetings) expect(interpreter).toBe(firm === 'sindhi' ? 1 : 2);
  });
});

describe('what changes from one timetable to the next', () => {
  const at = (counterparty: string, slot: number, table = 1) => ({ firm: 'f', counterparty, slot, table, score: 50, interpreter: null });

  it('is what moves, what is given up and what is new, by the hour', () => {
    const changes = changesBetween([at('same', 0), at('moves', 3), at('falls out', 2)], [at('same', 0), at('moves', 1, 2), at('new', 4)]);
    expect(changes).toEqual([
      { firm: 'f', counterparty: 'moves', from: { slot: 3, table: 1 }, to: { slot: 1, table: 2 } },
      { firm: 'f', counterparty: 'falls out', from: { slot: 2, table: 1 }, to: null },
      { firm: 'f', counterparty: 'new', from: null, to: { slot: 4, table: 1 } },
    ]);
  });
});
