import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { execFileSync } from 'node:child_process';
import { type Cadence, CADENCES, due, lastScheduled, type Rhythm, starterDue, startOfDay, urgentDue } from './window.js';

const HOUR = 3_600_000;
/** Tuesday, 08:00 in Karachi unless it says otherwise. */
const rhythm = (cadence: Cadence, over: Partial<Rhythm> = {}): Rhythm => ({ cadence, zone: 'Asia/Karachi', weekday: 2, hour: 8, ...over });
const keyAt = (of: Rhythm, instant: string) => lastScheduled(of, new Date(instant))?.key;
const before = (instant: string) => new Date(new Date(instant).getTime() - 1).toISOString();

const SCHEDULED = ['daily', 'weekly', 'fortnightly', 'monthly'] as const;
// half hours, quarter hours, changes at midnight, changes of half an hour
const ZONES = [
  'Asia/Karachi',
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Havana',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Apia',
];
const anyRhythm = fc.record({
  cadence: fc.constantFrom(...SCHEDULED),
  zone: fc.constantFrom(...ZONES),
  weekday: fc.integer({ min: 1, max: 7 }),
  hour: fc.integer({ min: 0, max: 23 }),
});
const anyInstant = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
const RUNS = { numRuns: 200 };

describe('the last scheduled digest', () => {
  it.each<[Cadence, string, string, string]>([
    ['daily', '2026-11-24T03:00:00Z', 'daily:2026-11-23', 'daily:2026-11-24'],
    ['weekly', '2026-11-24T03:00:00Z', 'weekly:2026-11-17', 'weekly:2026-11-24'],
    ['fortnightly', '2026-11-24T03:00:00Z', 'fortnightly:2026-11-10', 'fortnightly:2026-11-24'],
    ['monthly', '2026-12-01T03:00:00Z', 'monthly:2026-11-03', 'monthly:2026-12-01'],
  ])('%s changes at the very hour, not a millisecond sooner or later', (cadence, hour, old, fresh) => {
    expect(keyAt(rhythm(cadence), before(hour))).toBe(old);
    expect(keyAt(rhythm(cadence), hour)).toBe(fresh);
    expect(lastScheduled(rhythm(cadence), new Date(hour))).toEqual({ key: fresh, localDate: fresh.split(':')[1], at: new Date(hour) });
  });

  it('of a week stays the same until the next one', () => {
    for (const instant of ['2026-11-24T03:00:00Z', '2026-11-27T12:00:00Z', '2026-11-30T19:00:00Z', '2026-12-01T02:59:59.999Z']) {
      expect(keyAt(rhythm('weekly'), instant)).toBe('weekly:2026-11-24');
    }
  });

  it('is named by the day at the firm’s place, whatever day it is elsewhere', () => {
    expect(keyAt(rhythm('daily', { zone: 'Pacific/Auckland', hour: 8 }), '2026-11-23T19:00:00Z')).toBe('daily:2026-11-24');
    expect(keyAt(rhythm('daily', { zone: 'America/New_York', hour: 20 }), '2026-11-25T01:00:00Z')).toBe('daily:2026-11-24');
  });

  it('of two weeks is counted from Monday, 5 January 1970', () => {
    expect(keyAt(rhythm('fortnightly'), '1970-01-06T03:00:00Z')).toBe('fortnightly:1970-01-06');
    expect(keyAt(rhythm('fortnightly'), '1970-01-13T03:00:00Z')).toBe('fortnightly:1970-01-06');
    expect(keyAt(rhythm('fortnightly', { weekday: 7 }), '1970-01-18T04:00:00Z')).toBe('fortnightly:1970-01-11');
  });

  it('of a month is its first such weekday', () => {
    expect(keyAt(rhythm('monthly', { weekday: 7 }), '2026-11-30T00:00:00Z')).toBe('monthly:2026-11-01');
    expect(keyAt(rhythm('monthly', { weekday: 6 }), '2026-11-30T00:00:00Z')).toBe('monthly:2026-11-07');
  });

  it('does not exist for urgent mails, and none is scheduled when digests are off', () => {
    for (const cadence of ['urgent', 'off'] as const)
      expect([lastScheduled(rhythm(cadence), new Date(0)), due(rhythm(cadence), new Date(0))]).toEqual([null, null]);
  });
});

describe('where clocks change', () => {
  const berlin = (cadence: Cadence, hour: number) => rhythm(cadence, { zone: 'Europe/Berlin', hour });

  it('the hour of the firm’s clock is kept, in winter and in summer', () => {
    expect(keyAt(berlin('weekly', 8), '2026-03-24T07:00:00Z')).toBe('weekly:2026-03-24');
    expect(keyAt(berlin('weekly', 8), before('2026-03-24T07:00:00Z'))).toBe('weekly:2026-03-17');
    expect(keyAt(berlin('weekly', 8), '2026-03-31T06:00:00Z')).toBe('weekly:2026-03-31');
    expect(keyAt(berlin('weekly', 8), before('2026-03-31T06:00:00Z'))).toBe('weekly:2026-03-24');
  });

  it('an hour that is left out comes an hour later, once', () => {
    expect(keyAt(berlin('daily', 2), before('2026-03-29T01:00:00Z'))).toBe('daily:2026-03-28');
    expect(keyAt(berlin('daily', 2), '2026-03-29T01:00:00Z')).toBe('daily:2026-03-29');
    expect(keyAt(berlin('daily', 2), before('2026-03-30T00:00:00Z'))).toBe('daily:2026-03-29');
    expect(keyAt(berlin('daily', 2), '2026-03-30T00:00:00Z')).toBe('daily:2026-03-30');
  });

  it('an hour that comes twice counts the first time only', () => {
    expect(keyAt(berlin('daily', 2), before('2026-10-25T00:00:00Z'))).toBe('daily:2026-10-24');
    for (const instant of ['2026-10-25T00:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z', '2026-10-26T00:59:00Z']) {
      expect(lastScheduled(berlin('daily', 2), new Date(instant))).toMatchObject({ key: 'daily:2026-10-25', at: new Date('2026-10-25T00:00:00Z') });
    }
    expect(keyAt(berlin('daily', 2), '2026-10-26T01:00:00Z')).toBe('daily:2026-10-26');
  });
});

describe('the schedule of every rhythm, at every instant', () => {
  it('has a last digest: not in the future, on its weekday, at its hour', () => {
    fc.assert(
      fc.property(anyRhythm, anyInstant, (of, now) => {
        const last = lastScheduled(of, now);
        const local = DateTime.fromJSDate(last?.at ?? new Date(NaN), { zone: of.zone });
        expect(last?.key).toBe(`${of.cadence}:${last?.localDate}`);
        expect(last?.localDate).toBe(local.toISODate());
        expect(local.toMillis()).toBeLessThanOrEqual(now.getTime());
        if (of.cadence !== 'daily') expect(local.weekday).toBe(of.weekday);
        // an hour that is left out on the day of a change comes with the change
        expect(local.hour === of.hour || local.minus({ minutes: 1 }).offset !== local.offset).toBe(true);
      }),
      RUNS,
    );
  });

  it('goes forward only: a later instant never has an earlier key, nor the same digest another', () => {
    fc.assert(
      fc.property(anyRhythm, anyInstant, fc.integer({ min: 0, max: 40 * 24 * 60 }), (of, now, minutes) => {
        const then = lastScheduled(of, new Date(now.getTime() + minutes * 60_000));
        const last = lastScheduled(of, now);
        expect((then?.localDate ?? '') >= (last?.localDate ?? 'none')).toBe(true);
        expect(then?.key === last?.key).toBe(then?.localDate === last?.localDate);
      }),
      RUNS,
    );
  });

  it('leaves none out: the digest before is exactly one cadence away', () => {
    const days = { daily: 1, weekly: 7, fortnightly: 14, monthly: 35 };
    fc.assert(
      fc.property(anyRhythm, anyInstant, (of, now) => {
        const last = lastScheduled(of, now);
        // 22 hours: less than the shortest day, more than the hour that comes twice
        const previous = lastScheduled(of, new Date((last?.at.getTime() ?? NaN) - 22 * HOUR));
        const gap = (Date.parse(last?.localDate ?? '') - Date.parse(previous?.localDate ?? '')) / (24 * HOUR);
        if (of.cadence === 'monthly') expect([28, 35]).toContain(gap);
        else expect(gap).toBe(days[of.cadence]);
      }),
      RUNS,
    );
  });
});

it('the zone of the process changes nothing', () => {
  const rhythms = SCHEDULED.flatMap((cadence) =>
    ['Asia/Karachi', 'Europe/Berlin'].flatMap((zone) => [0, 2, 8, 23].map((hour) => rhythm(cadence, { zone, hour }))),
  );
  const instants = [
    '2026-03-29T00:59:59Z',
    '2026-03-29T01:00:00Z',
    '2026-10-25T00:30:00Z',
    '2026-11-03T02:59:59Z',
    '2026-11-24T03:00:00Z',
    '2026-12-31T20:00:00Z',
  ];
  const expected = rhythms.map((of) => instants.map((instant) => lastScheduled(of, new Date(instant))));
  const program = `import { lastScheduled } from ${JSON.stringify(new URL('../../dist/digests/window.js', import.meta.url).href)};
    const [rhythms, instants] = ${JSON.stringify([rhythms, instants])};
    console.log(JSON.stringify([new Date(0).getTimezoneOffset(), rhythms.map((of) => instants.map((instant) => lastScheduled(of, new Date(instant))))]));`;
  const offsets = ['UTC', 'Asia/Karachi', 'America/New_York', 'Pacific/Kiritimati'].map((TZ) => {
    const [offset, found] = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { env: { TZ }, encoding: 'utf8' })) as [
      number,
      unknown,
    ];
    expect(found).toEqual(JSON.parse(JSON.stringify(expected)));
    return offset;
  });
  expect(new Set(offsets).size).toBe(4);
});

describe('a digest that is late', () => {
  it.each([
    ['daily', 12],
    ['weekly', 84],
    ['fortnightly', 168],
    ['monthly', 360],
  ] as const)('is still due after half of its cadence (%s: %i hours), and then left to the next', (cadence, hours) => {
    const of = rhythm(cadence);
    const at = lastScheduled(of, new Date('2026-11-10T03:00:00Z'))?.at.getTime() ?? NaN;
    expect(due(of, new Date(at))?.at).toEqual(new Date(at));
    expect(due(of, new Date(at + hours * HOUR))?.at).toEqual(new Date(at));
    expect(due(of, new Date(at + hours * HOUR + 1))).toBeNull();
  });

  it('is never another than the last scheduled one', () => {
    fc.assert(
      fc.property(anyRhythm, anyInstant, (of, now) => {
        const found = due(of, now);
        expect([null, lastScheduled(of, now)]).toContainEqual(found);
      }),
    );
  });
});

it('every cadence is either scheduled or known not to be', () => {
  expect(CADENCES.filter((cadence) => lastScheduled(rhythm(cadence), new Date('2026-11-24T03:00:00Z')) === null)).toEqual(['urgent', 'off']);
});

describe('a first list', () => {
  it('falls due at the hour of the digests on days without one, and is not made up for after half a day', () => {
    const wednesday = '2026-11-25T03:00:00Z';
    for (const cadence of ['weekly', 'fortnightly', 'monthly'] as const) {
      expect(starterDue(rhythm(cadence), new Date(wednesday))).toEqual({ key: 'starter:2026-11-25', localDate: '2026-11-25', at: new Date(wednesday) });
      expect(starterDue(rhythm(cadence), new Date('2026-11-25T15:00:01Z'))).toBeNull();
    }
    expect(starterDue(rhythm('weekly'), new Date('2026-11-24T03:00:00Z'))).toBeNull();
    for (const cadence of ['daily', 'urgent', 'off'] as const) expect(starterDue(rhythm(cadence), new Date(wednesday))).toBeNull();
  });
});

describe('what cannot wait', () => {
  it('is named by the local day at every waking hour of it, except before the digest of that day', () => {
    const at = (instant: string, over: Partial<Rhythm> = {}) => urgentDue(rhythm('weekly', over), new Date(instant))?.key;
    expect(at('2026-11-24T06:59:59Z', { hour: 12 })).toBeUndefined();
    expect(at('2026-11-24T07:00:00Z', { hour: 12 })).toBe('urgent:2026-11-24');
    expect(at('2026-11-24T15:59:59Z')).toBe('urgent:2026-11-24');
    expect(urgentDue(rhythm('urgent'), new Date('2026-11-24T04:00:00Z'))?.key).toBe('urgent:2026-11-24');
    expect(urgentDue(rhythm('off'), new Date('2026-11-24T04:00:00Z'))).toBeNull();
  });

  it('waits for 08:00 at the reader’s place from 21:00 on, whenever their digests come', () => {
    for (const hour of [5, 8, 22])
      for (const [zone, night, morning] of [
        ['Asia/Karachi', '2026-11-25T16:00:00Z', '2026-11-26T03:00:00Z'],
        ['America/New_York', '2026-11-26T02:00:00Z', '2026-11-26T13:00:00Z'],
      ] as const) {
        const of = rhythm('weekly', { zone, hour });
        expect(urgentDue(of, new Date(before(night)))).not.toBeNull();
        for (let at = new Date(night).getTime(); at < new Date(morning).getTime(); at += HOUR / 4) expect(urgentDue(of, new Date(at))).toBeNull();
        expect(urgentDue(of, new Date(before(morning)))).toBeNull();
        expect(urgentDue(of, new Date(morning))?.key).toBe('urgent:2026-11-26');
      }
  });
});

it('first lists and what cannot wait go forward only too, and are of the day on which they fall due', () => {
  fc.assert(
    fc.property(anyRhythm, anyInstant, fc.integer({ min: 0, max: 3 * 24 * 60 }), (of, now, minutes) => {
      const soon = new Date(now.getTime() + minutes * 60_000);
      for (const when of [starterDue, urgentDue]) {
        const [first, then] = [when(of, now), when(of, soon)];
        if (first && then) expect(then.localDate >= first.localDate).toBe(true);
        if (!first) continue;
        expect(first.at.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(first.localDate).toBe(DateTime.fromJSDate(first.at, { zone: of.zone }).toISODate());
        expect(first.at.getTime()).toBeGreaterThanOrEqual(startOfDay(of.zone, first.at).getTime());
      }
    }),
    RUNS,
  );
});

it('the local day begins with its first instant, where midnight is left out or comes twice too', () => {
  const begins = (zone: string, instant: string) => startOfDay(zone, new Date(instant)).toISOString();
  expect(begins('Asia/Karachi', '2026-11-24T18:59:59Z')).toBe('2026-11-23T19:00:00.000Z');
  // 24 April 2026 begins at one o'clock in Cairo
  expect(begins('Africa/Cairo', '2026-04-24T12:00:00Z')).toBe('2026-04-23T22:00:00.000Z');
  // one o'clock turns back to midnight in Havana on 1 November 2026
  expect(begins('America/Havana', '2026-11-01T12:00:00Z')).toBe('2026-11-01T04:00:00.000Z');
  expect(begins('Pacific/Chatham', '2026-11-24T12:00:00Z')).toBe('2026-11-24T10:15:00.000Z');
});
