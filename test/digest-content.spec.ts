import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ParsedMail, simpleParser } from 'mailparser';
import { Signer } from '../src/common/tokens.js';
import { DeliveryService } from '../src/digests/delivery.service.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import {
  browser,
  type House,
  type HouseOptions,
  lead,
  type MemberFirm,
  memberFirm,
  openHouse,
  publishedLead,
  signedIn,
  type Visitor,
} from './support/house.js';
import { Sink } from './support/sink.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let sink: Sink;
let house: House;
let curator: Visitor;
let parties = 0;

beforeEach(async () => {
  sink = await Sink.open();
});
afterEach(async () => {
  await house.close();
  await sink.close();
});

/** Without a worker: the tests plan and deliver themselves. The clock stands at Tuesday, 07:00 in Karachi. */
async function open(options: HouseOptions = {}): Promise<void> {
  house = await openHouse({ relayUrl: sink.url, work: false, ...options });
  curator = await signedIn(house, 'curator');
}
const digests = (): DigestsService => house.get(DigestsService);
const delivery = (): DeliveryService => house.get(DeliveryService);
const at = (instant: string): void => house.clock.set(new Date(instant));

/** A published lead of a party of its own, with its matches. */
async function matched(over: Record<string, unknown> = {}): Promise<string> {
  const id = await publishedLead(curator, { counterparty: `Buyer ${++parties}`, counterpartyEmail: undefined, ...over });
  await house.get(MatchingService).matchOpportunity(id);
  return id;
}

async function changed(id: string, over: Record<string, unknown>): Promise<void> {
  const { counterparty } = (await curator.get(`/api/v1/desk/opportunities/${id}`)).json() as { counterparty: string };
  const answer = await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: lead({ counterparty, counterpartyEmail: undefined, ...over }) });
  if (answer.status !== 200) throw new Error(answer.text);
  await house.get(MatchingService).matchOpportunity(id);
}

/** What the five-minute job does, and the jobs that it wakes. */
async function tick(): Promise<void> {
  await digests().plan();
  const owed = await house.source.query<{ occurrence_id: string }[]>(`select distinct occurrence_id from digest where state = 'queued' order by 1`);
  for (const { occurrence_id } of owed) await delivery().deliver(occurrence_id);
}

/** Ticks every hour from one instant to the other. */
async function hourly(from: string, to: string): Promise<void> {
  for (let t = Date.parse(from); t <= Date.parse(to); t += HOUR) {
    house.clock.set(new Date(t));
    await tick();
  }
}

/** Occurrence, end and references of every digest, in the order in which they fell due. */
const ledger = async (): Promise<[string, string, string[]][]> =>
  (
    await house.source.query<{ key: string; ended: string; items: string[] }[]>(
      `select o.key, concat_ws(' ', d.state, d.reason) ended,
              array(select l.reference from digest_item i join opportunity l on l.id = i.opportunity_id where i.digest_id = d.id order by i.position) items
       from digest d join occurrence o on o.id = d.occurrence_id order by d.due_at, o.key`,
    )
  ).map(({ key, ended, items }) => [key, ended, items]);
const subscribe = (firm: MemberFirm, over: Record<string, unknown> = {}): Promise<void> =>
  digests().subscribe(firm.contactId, { cadence: 'weekly', weekday: 2, hour: 8, zone: 'Asia/Karachi', threshold: 60, maxItems: 10, ...over });
const mails = (): Promise<ParsedMail[]> =>
  Promise.all(sink.accepted.filter(({ raw }) => /^List-ID:/im.test(raw.toString())).map(({ raw }) => simpleParser(raw)));

describe('a first list', () => {
  it('comes once, at the hour of the digests on the next day, says so, holds no more than the reader wants, and the rhythm follows', async () => {
    await open({ at: new Date('2026-11-25T10:00:00Z') });
    const firm = await memberFirm(house);
    await subscribe(firm, { maxItems: 2 });
    for (let n = 0; n < 3; n++) await matched();
    await hourly('2026-11-25T10:10:00Z', '2026-11-26T02:10:00Z');
    expect(await ledger()).toEqual([]);
    await hourly('2026-11-26T03:10:00Z', '2026-11-30T20:10:00Z');
    expect(await ledger()).toEqual([['starter:2026-11-26', 'sent', [expect.any(String), expect.any(String)]]]);
    const [mail] = await mails();
    expect(mail?.subject).toMatch(/^Welcome: 2 opportunities/);
    expect(mail?.text).toContain('This is your first list');
    await hourly('2026-12-01T02:10:00Z', '2026-12-03T20:10:00Z');
    expect((await ledger()).map(([key, ended, items]) => [key, ended, items.length])).toEqual([
      ['starter:2026-11-26', 'sent', 2],
      ['weekly:2026-12-01', 'sent', 1],
    ]);
    expect((await mails())[1]?.subject).toMatch(/^1 opportunity/);
  });

  it('is the digest of the day where there is one, and is labelled then too', async () => {
    await open();
    await memberFirm(house);
    await matched();
    await hourly('2026-11-24T03:10:00Z', '2026-11-27T03:10:00Z');
    expect(await ledger()).toEqual([['weekly:2026-11-24', 'sent', ['RB-0001']]]);
    expect((await mails())[0]?.subject).toMatch(/^Welcome: /);
  });

  it('waits for something to say and for everything that a mail needs, and is not for those who want none', async () => {
    await open({ at: new Date('2026-11-25T10:00:00Z') });
    const firm = await memberFirm(house);
    await hourly('2026-11-26T03:10:00Z', '2026-11-26T05:10:00Z');
    expect(await ledger()).toEqual([]);
    await house.source.query('update contact set confirmed_at = null');
    await matched();
    await hourly('2026-11-27T03:10:00Z', '2026-11-27T05:10:00Z');
    await subscribe(firm, { cadence: 'off' });
    await house.source.query('update contact set confirmed_at = $1', [house.clock.now()]);
    await hourly('2026-11-28T03:10:00Z', '2026-11-28T05:10:00Z');
    expect(await ledger()).toEqual([]);
    await subscribe(firm);
    await hourly('2026-11-29T03:10:00Z', '2026-11-29T05:10:00Z');
    expect((await ledger()).map(([key, ended]) => [key, ended])).toEqual([['starter:2026-11-29', 'sent']]);
  });

  it('is not made of a run by hand: whoever was in that has had the first', async () => {
    await open({ at: new Date('2026-11-25T10:00:00Z') });
    await memberFirm(house);
    await matched();
    expect(await digests().runNow()).toBe(1);
    await hourly('2026-11-25T10:10:00Z', '2026-11-27T10:10:00Z');
    expect((await ledger()).map(([key, ended]) => [key, ended])).toEqual([['weekly:2026-11-24', 'sent']]);
  });
});

describe('what cannot wait', () => {
  /** A reader who has had its first list, on a Wednesday. */
  async function reader(over: Record<string, unknown> = {}): Promise<MemberFirm> {
    await open();
    const firm = await memberFirm(house);
    await matched();
    await subscribe(firm, over);
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    at('2026-11-25T09:00:00Z');
    return firm;
  }
  const keys = async () => (await ledger()).map(([key, ended, items]) => [key, ended, items]);
  const FIRST = ['weekly:2026-11-24', 'sent', ['RB-0001']];

  it('is mailed within minutes, labelled, alone, and at most once a day', async () => {
    await reader();
    await matched({ title: { en: 'Chillies in ten days' }, deadline: '2026-12-05' });
    await tick();
    expect(await keys()).toEqual([FIRST]);
    await matched({ title: { en: 'Chillies in a week' }, deadline: '2026-12-02' });
    await tick();
    await matched({ title: { en: 'Chillies tomorrow' }, deadline: '2026-11-26' });
    await hourly('2026-11-25T09:10:00Z', '2026-11-25T18:10:00Z');
    expect(await keys()).toEqual([FIRST, ['urgent:2026-11-25', 'sent', ['RB-0003']]]);
    const last = (await mails()).at(-1);
    expect(last?.subject).toBe('Urgent, open until 2 December 2026: Chillies in a week');
    expect(last?.text).toContain('does not wait for your next list');
    await hourly('2026-11-25T19:10:00Z', '2026-11-26T18:10:00Z');
    expect(await keys()).toEqual([FIRST, ['urgent:2026-11-25', 'sent', ['RB-0003']], ['urgent:2026-11-26', 'sent', ['RB-0004']]]);
  });

  it('waits for the digest of its day, which brings it', async () => {
    await reader();
    at('2026-12-01T01:00:00Z');
    await matched({ deadline: '2026-12-04' });
    await hourly('2026-12-01T01:10:00Z', '2026-12-02T01:10:00Z');
    expect(await keys()).toEqual([FIRST, ['weekly:2026-12-01', 'sent', ['RB-0002']]]);
  });

  it('is all that a reader of urgent ones gets', async () => {
    const firm = await reader();
    await subscribe(firm, { cadence: 'urgent' });
    await matched();
    await hourly('2026-12-01T01:10:00Z', '2026-12-01T16:10:00Z');
    expect(await keys()).toEqual([FIRST]);
    await matched({ deadline: '2026-12-04' });
    // nobody is woken by it
    await hourly('2026-12-01T16:10:00Z', '2026-12-02T02:10:00Z');
    expect(await keys()).toEqual([FIRST]);
    await hourly('2026-12-02T03:10:00Z', '2026-12-02T03:10:00Z');
    expect(await keys()).toEqual([FIRST, ['urgent:2026-12-02', 'sent', ['RB-0003']]]);
  });

  it('must fit well, and is not for whoever has stopped or wants only better', async () => {
    const firm = await reader();
    await matched({ deadline: '2026-11-28' });
    await house.source.query('update match set score = 79.9');
    await tick();
    await house.source.query('update match set score = 85');
    await subscribe(firm, { threshold: 90 });
    await tick();
    await subscribe(firm, { cadence: 'off' });
    await tick();
    await subscribe(firm);
    await digests().unsubscribe(firm.contactId);
    await tick();
    expect(await keys()).toEqual([FIRST]);
    await subscribe(firm);
    await tick();
    expect((await keys()).map(([key]) => key)).toEqual(['weekly:2026-11-24', 'urgent:2026-11-25']);
  });

  it('is owed once when ten plan it at once', async () => {
    await reader();
    await matched({ deadline: '2026-11-28' });
    await Promise.all(Array.from({ length: 10 }, () => digests().plan()));
    await tick();
    expect(await keys()).toEqual([FIRST, ['urgent:2026-11-25', 'sent', ['RB-0002']]]);
  });
});

describe('at most one mail a day', () => {
  it('holds when a rhythm changes within the day, and once more before a digest is written', async () => {
    await open();
    const firm = await memberFirm(house);
    await matched();
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    await matched();
    await subscribe(firm, { cadence: 'daily', hour: 12 });
    await hourly('2026-11-24T04:10:00Z', '2026-11-24T12:10:00Z');
    expect((await ledger()).map(([key, ended]) => [key, ended])).toEqual([['weekly:2026-11-24', 'sent']]);
    // one that is owed all the same is not written on that day
    await house.source.query(
      `with o as (insert into occurrence (key, cadence, local_date, opened_at) values ('daily:2026-11-24', 'daily', '2026-11-24', $1::timestamptz) returning id)
       insert into digest (occurrence_id, contact_id, due_at, next_attempt_at) select id, $2, $1, $1 from o`,
      [house.clock.now(), firm.contactId],
    );
    await tick();
    expect((await ledger()).map(([key, ended]) => [key, ended])).toContainEqual(['daily:2026-11-24', 'skipped one-a-day']);
    await hourly('2026-11-25T07:10:00Z', '2026-11-25T07:10:00Z');
    expect((await ledger()).at(-1)).toEqual(['daily:2026-11-25', 'sent', ['RB-0002']]);
  });

  it('counts the day at the reader’s place', async () => {
    await open({ at: new Date('2026-11-24T02:00:00Z') });
    const firm = await memberFirm(house);
    await subscribe(firm, { cadence: 'daily', zone: 'Pacific/Auckland', hour: 16 });
    await matched();
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    await matched({ deadline: '2026-11-28' });
    // still Tuesday there until 11:00 UTC
    await hourly('2026-11-24T04:10:00Z', '2026-11-24T10:10:00Z');
    expect(await ledger()).toHaveLength(1);
    await subscribe(firm, { cadence: 'urgent', zone: 'Pacific/Auckland', hour: 16 });
    await hourly('2026-11-24T11:10:00Z', '2026-11-24T19:10:00Z');
    expect((await ledger()).map(([key]) => key)).toEqual(['daily:2026-11-24', 'urgent:2026-11-25']);
  });
});

describe('after a stop', () => {
  it('of three days one daily digest comes, not three', async () => {
    await open();
    const firm = await memberFirm(house);
    await subscribe(firm, { cadence: 'daily' });
    await matched();
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    await matched();
    await hourly('2026-11-27T09:10:00Z', '2026-11-27T20:10:00Z');
    expect((await ledger()).map(([key, ended]) => [key, ended])).toEqual([
      ['daily:2026-11-24', 'sent'],
      ['daily:2026-11-27', 'sent'],
    ]);
  });

  it('what was owed in a restored backup is closed, not mailed: its leads come with the next', async () => {
    await open();
    await memberFirm(house);
    await matched();
    at('2026-11-24T03:10:00Z');
    await digests().plan();
    const [owed] = await house.source.query<{ occurrence_id: string }[]>('select occurrence_id from digest');
    at('2026-12-19T09:00:00Z');
    // the job in the restored queue may come before the sweeper
    await delivery().deliver(owed!.occurrence_id);
    expect(sink.offered).toEqual([]);
    await digests().sweep();
    await tick();
    expect(await ledger()).toEqual([['weekly:2026-11-24', 'skipped too-late', []]]);
    expect(await house.source.query('select 1 from occurrence where completed_at is null')).toEqual([]);
    expect(await mails()).toEqual([]);
    await hourly('2026-12-22T03:10:00Z', '2026-12-22T03:10:00Z');
    expect((await ledger()).at(-1)).toEqual(['weekly:2026-12-22', 'sent', ['RB-0001']]);
  });

  it('a little late a digest still comes, once', async () => {
    await open();
    await memberFirm(house);
    await matched();
    await hourly('2026-11-26T09:10:00Z', '2026-11-26T20:10:00Z');
    expect((await ledger()).map(([key, ended]) => [key, ended])).toEqual([['weekly:2026-11-24', 'sent']]);
  });
});

describe('a lead that was mailed', () => {
  it('comes again only when day, quantity or status change, and the mail says what is different', async () => {
    await open();
    await memberFirm(house);
    const id = await matched();
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    await changed(id, { title: { en: 'Dried whole red chillies, stemless' } });
    await hourly('2026-12-01T03:10:00Z', '2026-12-01T03:10:00Z');
    await changed(id, { deadline: '2026-12-20' });
    await changed(id, { deadline: '2026-12-20', quantity: { amount: 30, unit: 't', period: 'month' } });
    await hourly('2026-12-08T03:10:00Z', '2026-12-08T03:10:00Z');
    await hourly('2026-12-15T03:10:00Z', '2026-12-15T03:10:00Z');
    expect(await ledger()).toEqual([
      ['weekly:2026-11-24', 'sent', ['RB-0001']],
      ['weekly:2026-12-01', 'skipped nothing-new', []],
      ['weekly:2026-12-08', 'sent', ['RB-0001']],
      ['weekly:2026-12-15', 'skipped nothing-new', []],
    ]);
    const [first, second] = await mails();
    expect(first?.text).not.toContain('Changed');
    // against what was mailed, not against the step in between
    expect(second?.text).toContain('Changed: now open until 20 December 2026 (before: 22 February 2027).');
    expect(second?.text).toContain('Changed: the quantity is now 30 t a month (before: 20 t a month).');
  });

  it('comes again as open again when it was taken back for another look', async () => {
    await open();
    await memberFirm(house);
    const id = await matched();
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    await changed(id, { summary: { en: 'Pay an advance fee of 200 dollars to our personal bank account first.' } });
    await hourly('2026-12-01T03:10:00Z', '2026-12-01T03:10:00Z');
    const held = (await curator.get(`/api/v1/desk/opportunities/${id}`)).json() as { status: string };
    expect(held.status).toBe('in_review');
    const marks = { clear: 4, complete: 4, source: 4, wanted: 4, concernsCleared: true };
    expect((await curator.post(`/api/v1/desk/opportunities/${id}/publish`, marks)).status).toBe(200);
    await house.get(MatchingService).matchOpportunity(id);
    await hourly('2026-12-08T03:10:00Z', '2026-12-08T03:10:00Z');
    expect((await ledger()).at(-1)).toEqual(['weekly:2026-12-08', 'sent', ['RB-0001']]);
    expect((await mails()).at(-1)?.text).toContain('open again');
  });

  it('is used up by sent alone: a lost answer leaves it owed, as new', async () => {
    await open();
    const { email } = await memberFirm(house);
    await matched();
    sink.answer(email, 'reset-after-dot');
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    await hourly('2026-12-01T03:10:00Z', '2026-12-01T03:10:00Z');
    expect(await ledger()).toEqual([
      ['weekly:2026-11-24', 'unknown answer-lost', ['RB-0001']],
      ['weekly:2026-12-01', 'sent', ['RB-0001']],
    ]);
    expect((await mails()).at(-1)?.text).not.toContain('Changed');
  });
});

describe('the mail', () => {
  it('holds in both parts the leads that the ledger says, best first, with signed answers of this reader', async () => {
    await open();
    const firm = await memberFirm(house, {
      language: 'ur',
      offers: [
        { text: 'ثابت خشک سرخ مرچ', hs: ['0904.21'] },
        { text: 'Glass bangles', hs: ['7018.10'] },
      ],
    });
    await matched({ certificates: ['gacc', 'halal'] });
    await matched({ title: { en: 'Glass bangles & "churian"' }, hs: ['701810'], sectors: ['export-industry'] });
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    const [[, , items] = ['', '', []]] = await ledger();
    const [mail] = await mails();
    const html = mail?.html || '';
    const references = (part = ''): string[] => [...new Set(part.match(/RB-\d{4}/g))];
    expect(references(html)).toEqual(items);
    expect(references(mail?.text)).toEqual(items);
    expect(html).toMatch(/^<!doctype html><html lang="ur" dir="rtl">/);
    const ids = await house.source.query<{ id: string }[]>('select id from opportunity');
    for (const { id } of ids) {
      const token = house.get(Signer).token('answer', `${firm.contactId}.${id}`);
      for (const answer of ['interested', 'not-for-me', 'save']) expect(html).toContain(`href="${house.url}/a/${token}?do=${answer}"`);
      expect(mail?.text).toContain(`${house.url}/a/${token}?do=interested`);
    }
    const stop = `${house.url}/u/${house.get(Signer).token('unsubscribe', firm.contactId)}`;
    for (const part of [html, mail?.text]) for (const address of [stop, `${stop}?what=fewer`, 'Hyderabad, Sindh, Pakistan']) expect(part).toContain(address);
  });
});

describe('the pages behind it', () => {
  it('give the last day as a calendar file to anybody, without a word about the counterparty, whatever the title is', async () => {
    await open();
    const title = 'END:VEVENT\\nATTACH:http://evil.example; chillies, "dried" \\ whole';
    const id = await matched({ title: { en: title }, deadline: '2026-12-10', counterparty: 'Lantern Foods', counterpartyEmail: 'buy@lantern-foods.example' });
    const file = await curator.get('/opportunities/RB-0001/calendar.ics');
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([
      200,
      'text/calendar; charset=utf-8',
      'attachment; filename="RB-0001.ics"',
    ]);
    const lines = file.text.replace(/\r\n[ \t]/g, '').split('\r\n');
    expect(lines).toContain('DTSTART;VALUE=DATE:20261210');
    expect(lines).toContain('DTEND;VALUE=DATE:20261211');
    expect(lines.filter((line) => line === 'END:VEVENT')).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('ATTACH'))).toEqual([]);
    expect(lines.find((line) => line.startsWith('SUMMARY:'))).toBe(`SUMMARY:Last day: ${title.replace(/[\\;,]/g, '\\$&')}`);
    expect(file.text).not.toMatch(/lantern/i);
    const uid = (text: string) => /^UID:(.*)$/m.exec(text)?.[1];
    expect(uid(file.text)).toMatch(/^RB-0001@/);
    const sequence = (text: string) => Number(/^SEQUENCE:(\d+)/m.exec(text)?.[1]);
    await house.source.query(`update opportunity set material_revision = material_revision + 1, open_until = '2026-12-20' where id = $1`, [id]);
    const moved = await curator.get('/opportunities/RB-0001/calendar.ics');
    expect(uid(moved.text)).toBe(uid(file.text));
    expect(sequence(moved.text)).toBeGreaterThan(sequence(file.text));
    expect((await curator.get('/opportunities/RB-9999/calendar.ics')).status).toBe(404);
  });

  it('give a text to forward in the visitor’s language, without reader, counterparty or token', async () => {
    await open();
    await memberFirm(house);
    await matched({ counterparty: 'Lantern Foods' });
    const page = await curator.get('/opportunities/RB-0001/forward?lang=ur');
    expect(page.status).toBe(200);
    const text = /<textarea[^>]*>([^<]*)</.exec(page.text)?.[1] ?? '';
    for (const said of ['ثابت خشک سرخ مرچ', 'RB-0001', 'Hyderabad, Sindh, Pakistan', `${house.url}/opportunities/RB-0001`]) expect(text).toContain(said);
    expect(text).not.toMatch(/Lantern|Naila|\/[au]\//);
    const link = /href="(https:\/\/wa\.me\/\?text=[^"]+)"/.exec(page.text)?.[1] ?? '';
    expect(new URL(link).searchParams.get('text')).toBe(text);
  });

  it('show a firm its next digest without sending it, and say when there would be none', async () => {
    await open();
    const firm = await memberFirm(house);
    const member = await browser(house, firm);
    expect((await member.get('/firm/digests/preview')).text).toContain('no mail would be sent');
    await matched();
    const shown = await member.get('/firm/digests/preview');
    expect(shown.text).toContain('RB-0001');
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    // a preview is looked at by others too: nobody can answer with it
    expect(shown.text).toContain('/a/preview?do=interested');
    expect(shown.text).not.toContain(firm.contactId);
    expect(await ledger()).toEqual([]);
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    expect((await member.get('/firm/digests/preview')).text).toContain('no mail would be sent');
  });

  it('tell how many a week each threshold would bring, closed ones that were mailed included', async () => {
    await open();
    const firm = await memberFirm(house);
    const member = await browser(house, firm);
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) ids.push(await matched());
    await hourly('2026-11-24T03:10:00Z', '2026-11-24T03:10:00Z');
    house.clock.set(new Date(house.clock.now().getTime() + 2 * 7 * DAY - HOUR));
    await house.source.query('update match set score = 70');
    await house.source.query('update digest_item set score = 70');
    const options = async () => [...(await member.get('/firm/digests')).text.matchAll(/<option value="\d+"[^>]*>(\d+: [^<]+)</g)].map(([, text]) => text);
    expect(await options()).toEqual([
      '40: about 3 a week',
      '50: about 3 a week',
      '60: about 3 a week',
      '70: about 3 a week',
      '80: none so far',
      '90: none so far',
    ]);
    await curator.post(`/api/v1/desk/opportunities/${ids[0]!}/close`, { as: 'filled' });
    await house.get(MatchingService).matchOpportunity(ids[0]!);
    expect((await options())[0]).toBe('40: about 3 a week');
    await subscribe(firm, { threshold: 65 });
    expect(await options()).toContain('65: about 3 a week');
  });
});
