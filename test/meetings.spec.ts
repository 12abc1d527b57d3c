import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MatchingService } from '../src/matching/matching.service.js';
import { MeetingsService } from '../src/meetings/meetings.service.js';
import {
  browser,
  chamberAccount,
  client,
  type House,
  type MemberFirm,
  memberFirm,
  openHouse,
  type Person,
  publishedLead,
  swept,
  type Visitor,
} from './support/house.js';

interface Timetable {
  readonly state: string;
  readonly repair: boolean;
  readonly score: number;
  readonly bound: number;
  readonly meetings: readonly { firm: string; counterparty: string; slot: number; table: number; interpreter: number | null; score: number }[];
  readonly short: readonly { id: string; meetings: number; possible: number }[];
  readonly changes: readonly { firm: string; counterparty: string; from: { slot: number } | null; to: { slot: number } | null }[];
}
interface Day {
  readonly id: string;
  readonly revision: number;
  readonly publishedAt: string | null;
  readonly slots: readonly { from: string; to: string }[];
  readonly attendees: readonly { id: string; side: string; firmId: string | null; name: string; missing: boolean }[];
  readonly accepted: Timetable | null;
  readonly latest: Timetable | null;
}

const DAY = {
  name: 'Spring meetings',
  date: '2027-03-10',
  venue: 'Chamber Hall, Hyderabad',
  tables: 3,
  opens: '09:00',
  closes: '13:00',
  slotMinutes: 30,
  breaks: [{ from: '11:00', to: '11:30' }],
  interpreters: [{ name: 'Li Na', languages: ['zh', 'ur', 'en'] }],
  least: 2,
};

let house: House;
let curator: Person;
let desk: Visitor;
let firms: MemberFirm[];
let dayId = '';

const read = async (): Promise<Day> => (await desk.get(`/api/v1/desk/meetings/${dayId}`)).json();
const act = (body: object) => desk.post(`/api/v1/desk/meetings/${dayId}/timetable`, body);
const proposed = async (): Promise<Timetable> => {
  await house.until(async () => (await read()).latest?.state !== 'wanted', 'the timetable');
  const { latest } = await read();
  expect(latest?.state).toBe('proposed');
  return latest!;
};
/** Nobody in two places, no table and no interpreter twice. */
function isPossible({ meetings }: Timetable): void {
  for (const what of ['firm', 'counterparty', 'table', 'interpreter'] as const) {
    const taken = meetings.filter((one) => one[what] !== null).map((one) => `${one.slot} ${one[what]}`);
    expect([what, new Set(taken).size]).toEqual([what, taken.length]);
  }
}

beforeAll(async () => {
  house = await openHouse();
  curator = await chamberAccount(house, 'curator');
  desk = await client(house, curator);
  firms = [];
  for (const firmName of ['Kunri One', 'Kunri Two', 'Kunri Three', 'Kunri Four']) firms.push(await memberFirm(house, { firmName }));
  await publishedLead(desk);
  await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
});
afterAll(() => house.close());

describe('a meeting day', () => {
  it('is made by the desk, with member firms, who is behind a lead, and a counterparty by name', async () => {
    const made = await desk.post('/api/v1/desk/meetings', DAY);
    expect(made.status).toBe(201);
    dayId = (made.json() as Day).id;
    // the break is left out
    expect((made.json() as Day).slots.map(({ from }) => from)).toEqual(['09:00', '09:30', '10:00', '10:30', '11:30', '12:00', '12:30']);
    const add = (body: object) => desk.post(`/api/v1/desk/meetings/${dayId}/attendees`, body);
    for (const { firmId } of firms) expect((await add({ firmId, languages: ['ur'] })).status).toBe(201);
    const [lead] = await house.source.query<{ id: string }[]>('select id from opportunity');
    expect((await add({ opportunityId: lead?.id, languages: ['zh'] })).status).toBe(201);
    expect((await add({ name: 'Blue River Machines', languages: ['en', 'ur'] })).status).toBe(201);
    expect((await add({ name: 'Green Hill Spices', languages: ['ur'] })).status).toBe(201);
    const day = await read();
    expect(day.attendees.map(({ side, name }) => `${side} ${name}`)).toEqual([
      ...['firm Kunri Four', 'firm Kunri One', 'firm Kunri Three', 'firm Kunri Two'],
      ...['counterparty Blue River Machines', 'counterparty Green Hill Spices', 'counterparty Lantern Foods'],
    ]);
    // everybody asks for the two that have no lead here
    const named = day.attendees.filter(({ name }) => /Machines|Spices/.test(name)).map(({ id }) => id);
    for (const one of day.attendees.filter(({ side }) => side === 'firm'))
      expect((await desk.send('PUT', `/api/v1/desk/meetings/${dayId}/attendees/${one.id}`, { body: { languages: ['ur'], wants: named } })).status).toBe(200);
  });

  it('refuses what cannot be, and says which field is wrong', async () => {
    const refused = async (body: object, path = '/api/v1/desk/meetings') => {
      const answer = await desk.post(path, body);
      return [answer.status, ...(answer.json() as { errors: { field: string; reason: string }[] }).errors.map(({ field, reason }) => `${field} ${reason}`)];
    };
    expect(await refused({ ...DAY, closes: '08:00' })).toEqual([422, 'closes ends-before-it-begins']);
    expect(await refused({ ...DAY, opens: '9 o’clock' })).toEqual([422, 'opens not-a-time']);
    expect(await refused({ ...DAY, breaks: [{ from: '09:00', to: '13:00' }] })).toEqual([422, 'slotMinutes no-slot-left']);
    expect(await refused({ ...DAY, tables: 0 })).toEqual([422, 'tables too-small']);
    const attendees = `/api/v1/desk/meetings/${dayId}/attendees`;
    expect(await refused({ firmId: firms[0]?.firmId }, attendees)).toEqual([409, 'status comes-already']);
    expect(await refused({ name: 'wang@blue-river.example' }, attendees)).toEqual([422, 'name no-contact']);
    expect(await refused({ name: 'A', firmId: firms[0]?.firmId }, attendees)).toEqual([422, 'name one-of-three']);
    expect(await refused({ name: 'Late', arrives: '12:00', leaves: '10:00' }, attendees)).toEqual([422, 'leaves ends-before-it-begins']);
    const timetable = `/api/v1/desk/meetings/${dayId}/timetable`;
    expect(await refused({ do: 'accept' }, timetable)).toEqual([409, 'status nothing-proposed']);
    expect(await refused({ do: 'repair' }, timetable)).toEqual([409, 'status nothing-accepted']);
    expect(await refused({ do: 'publish' }, timetable)).toEqual([409, 'status nothing-accepted']);
    const { attendees: known } = await read();
    const [firm, other] = known;
    const wants = await desk.send('PUT', `${attendees}/${firm?.id}`, { body: { wants: [other?.id] } });
    expect([wants.status, wants.text]).toEqual([422, expect.stringContaining('not-one-of')]);
    const empty = (await desk.post('/api/v1/desk/meetings', DAY)).json() as Day;
    expect(await refused({ do: 'propose' }, `/api/v1/desk/meetings/${empty.id}/timetable`)).toEqual([409, 'status nobody-comes']);
  });

  it('has a timetable made by a job, in which everybody has meetings enough and nobody is in two places', async () => {
    expect((await act({ do: 'propose' })).status).toBe(200);
    const timetable = await proposed();
    isPossible(timetable);
    // four firms, and three counterparties that each of them fits or asks for
    expect(timetable.meetings).toHaveLength(12);
    expect(timetable.short).toEqual([]);
    expect(timetable.score).toBeCloseTo(timetable.bound, 6);
    // who speaks Chinese alone is interpreted for, the others are not
    const lantern = (await read()).attendees.find(({ name }) => name === 'Lantern Foods')?.id;
    for (const meeting of timetable.meetings) expect(meeting.interpreter).toBe(meeting.counterparty === lantern ? 1 : null);
  });

  it('is accepted for the day as it was, not for one that has changed since', async () => {
    await desk.send('PUT', `/api/v1/desk/meetings/${dayId}`, { body: { ...DAY, name: 'Spring meetings 2027' } });
    expect((await act({ do: 'accept' })).status).toBe(409);
    await act({ do: 'propose' });
    await proposed();
    const accepted = await act({ do: 'accept' });
    expect([accepted.status, (accepted.json() as Day).accepted?.state, (accepted.json() as Day).latest]).toEqual([200, 'accepted', null]);
  });

  it('shows a firm its meetings once it is published, and never who is behind a lead', async () => {
    const [firm] = firms;
    const mine = async () => ((await firm!.member.get(`/api/v1/firms/${firm!.firmId}/meetings`)).json() as { items: { meetings: { with: string }[] }[] }).items;
    const member = await browser(house, firm!);
    expect(await mine()).toEqual([]);
    expect((await member.get(`/firm/meetings/${dayId}/sheet`)).status).toBe(404);
    expect((await act({ do: 'publish' })).status).toBe(200);
    expect((await mine())[0]?.meetings.map((one) => one.with).sort()).toEqual([
      'Blue River Machines',
      'Dried whole red chillies · China · RB-0001',
      'Green Hill Spices',
    ]);
    for (const address of [
      '/firm/meetings',
      `/firm/meetings/${dayId}/sheet`,
      `/firm/meetings/${dayId}/calendar.ics`,
      `/api/v1/firms/${firm!.firmId}/meetings`,
    ]) {
      const { status, text } = await (address.startsWith('/api') ? firm!.member : member).get(address);
      expect([address, status]).toEqual([address, 200]);
      expect(text).toContain('Dried whole red chillies');
      expect(text).not.toMatch(/Lantern|lantern-foods/);
      // nobody else's day
      expect(text).not.toContain('Kunri Two');
    }
    const calendar = (await member.get(`/firm/meetings/${dayId}/calendar.ics?lang=en`)).text;
    expect(calendar.match(/^BEGIN:VEVENT/gm)).toHaveLength(3);
    const slots = (await read()).slots.map(({ from }) => from);
    // nine o'clock in Karachi
    for (const [, at = ''] of calendar.matchAll(/^DTSTART:20270310T(\d{4})00Z/gm))
      expect(slots).toContain(`${String(Number(at.slice(0, 2)) + 5).padStart(2, '0')}:${at.slice(2)}`);
  });

  it('is repaired when somebody is late, by moving as little as possible', async () => {
    const { accepted, attendees } = await read();
    const first = accepted!.meetings.find(({ slot }) => slot === 0)!;
    const late = attendees.find(({ id }) => id === first.firm)!;
    expect((await act({ do: 'repair', attendeeId: late.id, arrives: '09:30' })).status).toBe(200);
    const timetable = await proposed();
    isPossible(timetable);
    expect(timetable.meetings).toHaveLength(12);
    expect(timetable.meetings.filter(({ firm, slot }) => firm === late.id && slot === 0)).toEqual([]);
    // the one that cannot be held, and at most one that makes room for it
    const moved = timetable.changes.filter(({ from, to }) => from?.slot !== to?.slot);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThanOrEqual(2);
    expect((await act({ do: 'accept' })).status).toBe(200);
  });

  it('asks what about whoever is late, and refuses hours that end before they begin', async () => {
    const { attendees } = await read();
    const attendeeId = attendees.find(({ name }) => name === 'Green Hill Spices')?.id;
    const why = async (body: object) => ((await act({ do: 'repair', attendeeId, ...body })).json() as { errors: object[] }).errors;
    expect(await why({ attendeeId: undefined, missing: true })).toMatchObject([{ field: 'attendeeId', reason: 'required' }]);
    expect(await why({})).toMatchObject([{ field: 'arrives', reason: 'required' }]);
    expect(await why({ arrives: '12:00', leaves: '11:00' })).toMatchObject([{ field: 'leaves', reason: 'ends-before-it-begins' }]);
    expect((await act({ do: 'repair', attendeeId: '6b1f0d0a-3a8e-4a0b-9d0a-0a0a0a0a0a0a', missing: true })).status).toBe(404);
    expect((await read()).latest).toBeNull();
  });

  it('is repaired when somebody does not come: their meetings fall out, everybody else keeps theirs', async () => {
    const { accepted, attendees } = await read();
    const missing = attendees.find(({ name }) => name === 'Blue River Machines')!;
    const page = await browser(house, curator);
    const pressed = await page.submit(`/desk/meetings/${dayId}`, `/desk/meetings/${dayId}/timetable`, { do: 'repair', attendeeId: missing.id, missing: 'yes' });
    expect(pressed.status).toBe(303);
    const timetable = await proposed();
    const rest = (of: Timetable) =>
      of.meetings.filter(({ counterparty }) => counterparty !== missing.id).map(({ firm, counterparty, slot }) => `${slot} ${firm} ${counterparty}`);
    expect(rest(timetable)).toEqual(rest(accepted!));
    expect(timetable.meetings).toHaveLength(8);
    expect(timetable.changes).toHaveLength(4);
    const { text } = await page.get(`/desk/meetings/${dayId}?lang=en`);
    expect(text).toContain('4 meetings change:');
    expect(text.match(/does not take place/g)).toHaveLength(4);
    await act({ do: 'accept' });
  });

  it('is printed for each person, table and interpreter, in four languages', async () => {
    const page = await browser(house, curator);
    const { attendees, accepted } = await read();
    const tables = new Set(accepted!.meetings.map(({ table }) => table));
    for (const [lang, word] of [
      ['en', 'Table'],
      ['ur', 'میز'],
      ['sd', 'ميز'],
      ['zh', '号桌'],
    ] as const) {
      for (const [sheets, n] of [
        ['persons', attendees.length],
        ['tables', tables.size],
        ['interpreters', 1],
      ] as const) {
        const { status, text } = await page.get(`/desk/meetings/${dayId}/sheets/${sheets}?lang=${lang}`);
        expect([lang, sheets, status, text.match(/class="sheet"/g)?.length]).toEqual([lang, sheets, 200, n]);
        expect(text).toContain(word);
        // what lies about on a table says no more than a firm may know
        if (sheets !== 'persons') expect(text).not.toContain('Lantern');
      }
    }
    expect((await page.get(`/desk/meetings/${dayId}/sheets/others`)).status).toBe(404);
  });

  it('is taken back where the hours change, for it was made for others', async () => {
    const changed = await desk.send('PUT', `/api/v1/desk/meetings/${dayId}`, { body: { ...DAY, tables: 4 } });
    expect((changed.json() as Day).accepted?.state).toBe('accepted');
    const moved = await desk.send('PUT', `/api/v1/desk/meetings/${dayId}`, { body: { ...DAY, opens: '08:30' } });
    expect([moved.status, (moved.json() as Day).accepted]).toEqual([200, null]);
  });

  it('stands in the audit trail, step by step', async () => {
    const acts = await house.source.query<{ act: string }[]>(
      `select act from audit where subject = 'meeting-day' and subject_id = $1 and act like 'meeting-day.%' order by seq`,
      [dayId],
    );
    const named = acts.map(({ act: one }) => one.replace('meeting-day.', ''));
    expect(named.slice(-10)).toEqual(['repair', 'late', 'plan', 'accept', 'repair', 'missing', 'plan', 'accept', 'change', 'change']);
    expect(named.filter((one) => one === 'invite')).toHaveLength(7);
    expect(named).toContain('publish');
  });

  it('is planned by the sweeper where the wake-up was lost', async () => {
    const other = await openHouse({ work: false });
    try {
      const meetings = other.get(MeetingsService);
      const account = await chamberAccount(other, 'curator');
      const [{ id } = { id: '' }] = await other.source.query<{ id: string }[]>('select id from account where email = $1', [account.email]);
      const day = await meetings.create(DAY, id);
      const firm = await memberFirm(other);
      const theirs = await meetings.invite(day, { name: 'Blue River Machines' }, id);
      const ours = await meetings.invite(day, { firmId: firm.firmId }, id);
      await meetings.attend(day, ours, { wants: [theirs] }, id);
      await meetings.act(day, { do: 'propose' }, id);
      await other.queues.queue('upkeep').drain();
      other.worker.start();
      await swept(other, async () => (await meetings.get(day)).latest?.state === 'proposed', 'the timetable');
      expect((await meetings.get(day)).latest?.meetings).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});
