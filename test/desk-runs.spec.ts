import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256 } from '../src/common/tokens.js';
import { DeliveryService } from '../src/digests/delivery.service.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { browser, chamberAccount, client, type House, memberFirm, openHouse, publishedLead, type Visitor } from './support/house.js';
import { Sink } from './support/sink.js';

/** The hour of the weekly digest. */
const EIGHT = new Date('2026-11-24T03:00:00Z');
const DAY = 86_400_000;
const BANGLES = [{ text: 'Glass bangles', hs: ['7018.10'] }];

let house: House;
let sink: Sink;
let curator: Visitor;
let desk: Visitor;
let administrator: Visitor;

beforeEach(async () => {
  sink = await Sink.open();
  house = await openHouse({ work: false, relayUrl: sink.url });
  const person = await chamberAccount(house, 'curator');
  curator = await client(house, person);
  desk = await browser(house, person);
  administrator = await browser(house, await chamberAccount(house, 'administrator'));
});
afterEach(async () => {
  sink.release();
  await house.close();
  await sink.close();
});

const digests = (): DigestsService => house.get(DigestsService);
const delivery = (): DeliveryService => house.get(DeliveryService);
const one = async <T>(sql: string, values: unknown[] = []): Promise<T> => (await house.source.query<T[]>(sql, values))[0]!;
async function matched(over: Record<string, unknown> = {}): Promise<void> {
  await house.get(MatchingService).matchOpportunity(await publishedLead(curator, over));
}
async function plan(at = EIGHT): Promise<string> {
  house.clock.set(at);
  await digests().plan();
  return (await one<{ id: string }>('select id from occurrence order by opened_at desc limit 1')).id;
}
const later = (ms: number): void => house.clock.set(new Date(house.clock.now().getTime() + ms));
const taken = (to: string) => sink.accepted.filter((mail) => mail.to === to && /^List-ID:/im.test(mail.raw.toString()));
interface Row {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly resends: number;
}
const rowOf = (email: string): Promise<Row> =>
  one('select d.id, d.state, d.reason, d.resends from digest d join contact c on c.id = d.contact_id where c.email = $1 order by d.due_at desc limit 1', [
    email,
  ]);
/** One firm whose digest's answer got lost. */
async function unknown() {
  const firm = await memberFirm(house);
  await matched();
  const run = await plan();
  sink.answer(firm.email, 'reset-after-dot');
  await delivery().deliver(run);
  return { ...firm, run, digest: await rowOf(firm.email) };
}
/** Every row of every table of ours. */
async function everything(): Promise<unknown> {
  const tables = await house.source.query<{ name: string }[]>(
    `select table_name name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'session' order by 1`,
  );
  return Promise.all(
    tables.map(async ({ name }) => [name, await house.source.query<unknown[]>(`select to_jsonb(t) row from ${name} t order by to_jsonb(t)::text`)]),
  );
}

describe('a run', () => {
  it('shows how far it is, how its digests ended, and about how long the rest will take', async () => {
    const firms = [await memberFirm(house), await memberFirm(house), await memberFirm(house, { offers: BANGLES })];
    await matched();
    const run = await plan();
    const page = `/desk/digests/${run}`;
    const before = await desk.get(page);
    expect(before.text).toContain('0 of 3 done');
    expect(before.headers.get('refresh')).toBe('10');
    expect((await desk.get(`${page}?still`)).headers.get('refresh')).toBeNull();
    // two of three have their end after a minute; the third was put off
    sink.answer(firms[1]!.email, 'defer');
    later(60_000);
    await delivery().deliver(run);
    const during = (await curator.get(`/api/v1/desk/occurrences/${run}`)).json() as Record<string, unknown>;
    expect(during).toMatchObject({ total: 3, done: 2, completedAt: null, haltedAt: null, restSeconds: 30 });
    expect(Date.parse(String(during['putOffUntil']))).toBeGreaterThan(house.clock.now().getTime());
    expect(during['counts']).toEqual(
      expect.arrayContaining([
        { state: 'sent', reason: null, n: 1 },
        { state: 'skipped', reason: 'nothing-new', n: 1 },
        { state: 'queued', reason: null, n: 1 },
      ]),
    );
    const going = await desk.get(page);
    expect(going.text).toMatch(/<progress[^>]* max="3"[^>]* value="2"|<progress[^>]* value="2"[^>]* max="3"/);
    expect(going.text).toContain('About 30 seconds more');
    later(DAY / 4);
    await delivery().deliver(run);
    const after = await desk.get(page);
    expect(after.text).toContain('3 of 3 done');
    expect(after.headers.get('refresh')).toBeNull();
    expect((await desk.get(`${page}?state=skipped&reason=nothing-new`)).text.match(/class="rows"/g)).toHaveLength(1);
    expect((await desk.get(`${page}?state=wrong`)).status).toBe(422);
  });

  it('lists its ledger a page at a time without losing or repeating any, the unknown and failed ones first', async () => {
    const firms = [];
    for (let n = 0; n < 5; n++) firms.push(await memberFirm(house));
    await matched();
    const run = await plan();
    sink.answer(firms[3]!.email, 'reset-after-dot');
    sink.answer(firms[1]!.email, 'refuse');
    await delivery().deliver(run);
    const seen: { id: string; state: string }[] = [];
    let after = '';
    do {
      const { items, next } = (await curator.get(`/api/v1/desk/occurrences/${run}/digests?limit=2${after}`)).json() as {
        items: typeof seen;
        next: string | null;
      };
      seen.push(...items);
      after = next ? `&after=${encodeURIComponent(next)}` : '';
    } while (after);
    expect(seen.map(({ state }) => state)).toEqual(['unknown', 'failed', 'sent', 'sent', 'sent']);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
  });

  it('that was halted says why, and goes on when an administrator says so and nobody else', async () => {
    await memberFirm(house);
    await matched();
    const run = await plan();
    await house.source.query(`update occurrence set halted_at = $2, halted_reason = 'refused-by-relay' where id = $1`, [run, EIGHT]);
    const page = `/desk/digests/${run}`;
    expect((await desk.get(page)).text).toContain('refused by the mail provider');
    expect((await desk.get(page)).text).not.toContain(`${page}/resume`);
    expect((await desk.submit(page, `${page}/resume`, { reason: 'x' })).status).toBe(403);
    expect((await administrator.get(page)).text).toContain(`${page}/resume`);
    expect((await administrator.submit(page, `${page}/resume`, { reason: '' })).status).toBe(422);
    expect((await administrator.submit(page, `${page}/resume`, { reason: 'SPF is right again' })).status).toBe(303);
    expect((await administrator.submit(page, `${page}/resume`, { reason: 'Twice' })).status).not.toBe(303);
    expect(await one('select o.halted_at, o.resumed_at, o.resumed_reason, a.role from occurrence o join account a on a.id = o.resumed_by')).toEqual({
      halted_at: null,
      resumed_at: EIGHT,
      resumed_reason: 'SPF is right again',
      role: 'administrator',
    });
  });
});

describe('a mail as it was sent', () => {
  it('is the bytes that were handed over, with its headers and both its parts, and powerless', async () => {
    const { email } = await memberFirm(house, { firmName: 'Kunri <b>Sun</b> & Sons'.replace(/<\/?b>/g, '') });
    await matched();
    await delivery().deliver(await plan());
    const { id } = await rowOf(email);
    const [mail] = taken(email);
    const source = await fetch(new URL(`/desk/mails/${id}/source.eml`, house.url), { headers: { cookie: await cookieOf(desk) } });
    expect(source.headers.get('content-type')).toBe('message/rfc822');
    expect(source.headers.get('content-disposition')).toContain('attachment');
    expect(Buffer.from(await source.arrayBuffer()).equals(mail!.raw)).toBe(true);
    const page = (await desk.get(`/desk/mails/${id}`)).text;
    expect(page).toContain(sha256(mail!.raw));
    expect(page).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(page).toContain('byte for byte');
    const frame = await desk.get(`/desk/mails/${id}/html`);
    expect(frame.text).toContain('Dried whole red chillies');
    expect(frame.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    await house.source.query(`update digest set message = message || ' '::bytea where id = $1`, [id]);
    expect((await desk.get(`/desk/mails/${id}`)).text).toContain('is another one');
  });

  it('is not there where none was written', async () => {
    const { email } = await memberFirm(house, { offers: BANGLES });
    await matched();
    await delivery().deliver(await plan());
    const { id, state } = await rowOf(email);
    expect(state).toBe('skipped');
    for (const path of ['', '/html', '/source.eml', '/resend']) expect((await desk.get(`/desk/mails/${id}${path}`)).status).toBe(404);
  });
});

describe('an unknown digest', () => {
  it('goes out once more by a deliberate act: the same bytes, recorded who and when; two presses are one', async () => {
    const { email, digest, run } = await unknown();
    expect(digest).toMatchObject({ state: 'unknown', reason: 'answer-lost', resends: 0 });
    const page = `/desk/mails/${digest.id}/resend`;
    expect((await desk.get(page)).text).toContain('Message-ID');
    const presses = await Promise.all([desk.submit(page, page, { seen: '0' }), desk.submit(page, page, { seen: '0' }), desk.submit(page, page, { seen: '0' })]);
    expect(presses.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
    expect(await rowOf(email)).toMatchObject({ state: 'queued', resends: 1 });
    await delivery().deliver(run);
    expect(await rowOf(email)).toMatchObject({ state: 'sent', reason: null, resends: 1 });
    const copies = taken(email);
    expect(copies).toHaveLength(2);
    expect(copies[1]!.raw.equals(copies[0]!.raw)).toBe(true);
    expect(await one('select r.number, r.asked_at, r.reason, a.role from digest_resend r join account a on a.id = r.asked_by')).toEqual({
      number: 1,
      asked_at: EIGHT,
      reason: 'answer-lost',
      role: 'curator',
    });
    expect((await desk.get(`/desk/mails/${digest.id}`)).text).toContain('Sent again by a person');
    // and a late press on the page that was left open does nothing
    expect((await desk.submit(page, page, { seen: '0' })).status).toBe(409);
    await delivery().deliver(run);
    expect(taken(email)).toHaveLength(2);
  });

  it('may become unknown again, and be sent again again; an old form does not do it', async () => {
    const { email, digest, run } = await unknown();
    const send = (seen: number) => curator.post(`/api/v1/desk/digests/${digest.id}/resend`, { seen });
    sink.answer(email, 'reset-after-dot');
    expect((await send(0)).status).toBe(202);
    await delivery().deliver(run);
    expect(await rowOf(email)).toMatchObject({ state: 'unknown', resends: 1 });
    expect((await send(0)).status).toBe(409);
    expect((await send(1)).status).toBe(202);
    await delivery().deliver(run);
    expect(await rowOf(email)).toMatchObject({ state: 'sent', resends: 2 });
    expect(taken(email)).toHaveLength(3);
  });

  it('stays unknown where it is refused the second time: the first may have arrived', async () => {
    const { email, digest, run } = await unknown();
    sink.answer(email, 'refuse');
    await curator.post(`/api/v1/desk/digests/${digest.id}/resend`, { seen: 0 });
    await delivery().deliver(run);
    expect(await rowOf(email)).toMatchObject({ state: 'unknown', reason: 'resend-failed' });
  });

  it('meets the gate again: when it is asked for, and when it is handed over', async () => {
    const { email, contactId, digest, run } = await unknown();
    const send = () => curator.post(`/api/v1/desk/digests/${digest.id}/resend`, { seen: 0 });
    await digests().unsubscribe(contactId);
    expect((await send()).status).toBe(409);
    expect((await desk.get(`/desk/mails/${digest.id}/resend`)).text).toContain('digests stopped');
    expect(await rowOf(email)).toMatchObject({ state: 'unknown', resends: 0 });
    await house.source.query('update subscription set unsubscribed_at = null');
    expect((await send()).status).toBe(202);
    await digests().unsubscribe(contactId);
    await delivery().deliver(run);
    expect(await rowOf(email)).toMatchObject({ state: 'unknown', reason: 'resend-skipped' });
    expect(taken(email)).toHaveLength(1);
  });

  it('can be sent again however long ago it was', async () => {
    const { email, digest, run } = await unknown();
    later(20 * DAY);
    expect((await curator.post(`/api/v1/desk/digests/${digest.id}/resend`, { seen: 0 })).status).toBe(202);
    await digests().sweep();
    await delivery().deliver(run);
    expect(await one('select state, resends from digest where id = $1', [digest.id])).toEqual({ state: 'sent', resends: 1 });
    expect(taken(email)).toHaveLength(2);
  });

  it('is the only one that can be sent again', async () => {
    const firm = await memberFirm(house);
    await matched();
    const run = await plan();
    sink.answer(firm.email, 'defer');
    const send = async () => (await curator.post(`/api/v1/desk/digests/${(await rowOf(firm.email)).id}/resend`, { seen: 0 })).status;
    expect(await send()).toBe(404); // nothing was written yet
    await delivery().deliver(run);
    expect([(await rowOf(firm.email)).state, await send()]).toEqual(['queued', 409]);
    later(DAY / 4);
    await delivery().deliver(run);
    expect([(await rowOf(firm.email)).state, await send()]).toEqual(['sent', 409]);
    expect((await firm.member.post(`/api/v1/desk/digests/${(await rowOf(firm.email)).id}/resend`, { seen: 0 })).status).toBe(403);
    expect(taken(firm.email)).toHaveLength(1);
  });

  it('comes again next time, unless it is on its way by hand', async () => {
    const { email, digest } = await unknown();
    await curator.post(`/api/v1/desk/digests/${digest.id}/resend`, { seen: 0 });
    await delivery().deliver(await plan(new Date(EIGHT.getTime() + 7 * DAY)));
    expect(await one('select count(*)::int n from digest where id <> $1', [digest.id])).toEqual({ n: 0 });
    expect((await rowOf(email)).state).toBe('sent');
    expect(taken(email)).toHaveLength(2);
    const other = await memberFirm(house);
    await house.get(MatchingService).matchFirm(other.firmId);
    sink.answer(other.email, 'reset-after-dot');
    await delivery().deliver(await plan(new Date(EIGHT.getTime() + 14 * DAY)));
    expect((await rowOf(other.email)).state).toBe('unknown');
    await delivery().deliver(await plan(new Date(EIGHT.getTime() + 21 * DAY)));
    expect((await rowOf(other.email)).state).toBe('sent');
    const [unknownOne] = await house.source.query<{ id: string }[]>(`select id from digest where state = 'unknown'`);
    expect((await desk.get(`/desk/mails/${unknownOne!.id}/resend`)).text).toContain('1 of its 1');
  });
});

describe('a dry run', () => {
  it('says what a run would come to, and writes nothing', async () => {
    const firms = [await memberFirm(house), await memberFirm(house), await memberFirm(house, { offers: BANGLES })];
    await matched();
    await plan();
    await house.source.query('delete from digest; delete from occurrence');
    await house.source.query(`update firm set status = 'suspended', status_reason = 'Unpaid' where id = $1`, [firms[1]!.firmId]);
    house.clock.set(EIGHT);
    const before = await everything();
    const counts = { sent: 1, suspended: 1, 'nothing-new': 1 };
    const { items } = (await curator.get('/api/v1/desk/dry-run')).json() as { items: unknown[] };
    expect(items).toEqual([{ cadence: 'weekly', key: 'weekly:2026-11-24', all: counts, now: counts }]);
    expect((await desk.get('/desk/digests/dry-run')).text).toContain('would be sent');
    for (const { firmId } of firms) expect((await desk.get(`/desk/firms/${firmId}/preview`)).status).toBe(200);
    expect(await everything()).toEqual(before);
    expect(sink.offered.filter(({ raw }) => /^List-ID:/im.test(raw.toString()))).toEqual([]);
    // and the run comes to just that
    const run = await plan();
    await delivery().deliver(run);
    const done = (await curator.get('/api/v1/desk/occurrences')).json() as { items: { counts: unknown }[] };
    expect(done.items[0]?.counts).toEqual({ sent: 1, 'skipped suspended': 1, 'skipped nothing-new': 1 });
    expect(((await curator.get('/api/v1/desk/dry-run')).json() as { items: unknown[] }).items).toEqual([
      { cadence: 'weekly', key: 'weekly:2026-11-24', all: { suspended: 1, 'one-a-day': 1, 'nothing-new': 1 }, now: {} },
    ]);
  });
});

describe('a preview', () => {
  it('is the digest that then comes, or the reason why none does', async () => {
    const [firm, none] = [await memberFirm(house), await memberFirm(house, { offers: BANGLES })];
    await matched();
    const run = await plan();
    const preview = async (firmId: string) =>
      ((await curator.get(`/api/v1/desk/firms/${firmId}/preview`)).json() as { items: Record<string, unknown>[] }).items[0]!;
    const [seen, silent] = [await preview(firm.firmId), await preview(none.firmId)];
    expect(silent).toEqual({ contactId: none.contactId, contact: 'Naila Arain', reason: 'nothing-new' });
    expect((await desk.get(`/desk/firms/${none.firmId}/preview`)).text).toContain('nothing new that fits');
    const frame = await desk.get(`/desk/firms/${firm.firmId}/preview/${firm.contactId}`);
    expect(frame.headers.get('content-security-policy')).toContain('sandbox');
    expect(frame.text).toBe(seen['html']);
    // whoever looks at a preview cannot answer in its reader's name, nor stop the digests
    expect(frame.text).not.toMatch(/\/[au]\/(?!preview\b)/);
    expect((await desk.get(`/desk/firms/${none.firmId}/preview/${firm.contactId}`)).status).toBe(404);
    await delivery().deliver(run);
    expect(await one('select subject from digest where contact_id = $1', [firm.contactId])).toEqual({ subject: seen['subject'] });
    expect(seen['opportunities']).toEqual(['RB-0001']);
    expect(await preview(firm.firmId)).toMatchObject({ reason: 'nothing-new' });
  });
});

describe('the list of addresses that are not mailed', () => {
  it('is added to by hand, found by address, shut at the gate, and lifted with a reason that is kept', async () => {
    const firm = await memberFirm(house);
    await matched();
    const page = '/desk/suppressions';
    expect((await desk.submit(page, page, { address: 'x', stream: 'digest', reason: '' })).status).toBe(422);
    expect((await desk.submit(page, page, { address: firm.email.toUpperCase(), stream: 'digest', reason: 'Asked by telephone' })).status).toBe(303);
    const listed = (await desk.get(page)).text;
    for (const said of [firm.email, 'Kunri Sun Chillies', 'Asked by telephone', 'curator']) expect(listed).toContain(said);
    await delivery().deliver(await plan());
    expect(await rowOf(firm.email)).toMatchObject({ state: 'skipped', reason: 'suppressed' });
    const search = async (address: string) =>
      (await curator.post('/api/v1/desk/suppressions/search', { address })).json() as { items: { addressSha256: string }[]; history: unknown[] };
    expect((await search('nobody@nowhere.example')).items).toEqual([]);
    const [found] = (await search(` ${firm.email} `)).items;
    expect(found).toMatchObject({
      addressSha256: sha256(firm.email),
      stream: 'digest',
      kind: 'by-hand',
      reason: 'Asked by telephone',
      createdBy: 'curator',
      contacts: [{ firmId: firm.firmId }],
    });
    expect((await desk.submit(page, `${page}/search`, { address: 'nobody@nowhere.example' })).text).toContain('is not on the list');
    const lifting = { addressSha256: found!.addressSha256, stream: 'digest', reason: 'Asked to be mailed again' };
    expect((await desk.submit(page, `${page}/lift`, { ...lifting, reason: '' })).status).toBe(422);
    expect((await desk.submit(page, `${page}/lift`, lifting)).status).toBe(303);
    expect((await desk.submit(page, `${page}/lift`, lifting)).status).toBe(404);
    expect(await search(firm.email)).toMatchObject({
      items: [],
      history: [
        { what: 'lifted', reason: 'Asked to be mailed again', by: 'curator' },
        { what: 'added', reason: 'Asked by telephone', by: 'curator' },
      ],
    });
    await delivery().deliver(await plan(new Date(EIGHT.getTime() + 7 * DAY)));
    expect(await rowOf(firm.email)).toMatchObject({ state: 'sent' });
  });

  it('keeps the first reason, outlives the contact, and comes a page at a time', async () => {
    const add = (address: string, reason: string) => curator.post('/api/v1/desk/suppressions', { address, reason });
    for (let n = 0; n < 5; n++) {
      await add(`n${n}@gone.example`, `Reason ${n}`);
      if (n % 2) later(1000);
    }
    await add('n0@gone.example', 'Another');
    const seen: { reason: string; contacts: unknown[] }[] = [];
    let after = '';
    do {
      const { items, next } = (await curator.get(`/api/v1/desk/suppressions?limit=2${after}`)).json() as { items: typeof seen; next: string | null };
      seen.push(...items);
      after = next ? `&after=${encodeURIComponent(next)}` : '';
    } while (after);
    expect(seen.map(({ reason }) => reason).sort()).toEqual([0, 1, 2, 3, 4].map((n) => `Reason ${n}`));
    expect(seen[0]).toMatchObject({ reason: 'Reason 4', contacts: [] });
    expect((await desk.get('/desk/suppressions')).text).toContain('No contact has this address');
  });
});

describe('the health page', () => {
  it('says in numbers what waits and since when', async () => {
    await memberFirm(house);
    await matched();
    await plan();
    later(3 * 3_600_000);
    const page = (await desk.get('/desk/health')).text;
    expect(page).toContain('the oldest for 3 hours');
    expect(page).not.toContain('href="/desk/queues"');
    expect((await administrator.get('/desk/health')).text).toContain('href="/desk/queues"');
    expect((await desk.get('/desk/health?lang=ur')).text).toContain('3 گھنٹے');
  });
});

describe('a restored backup', () => {
  it('of before the run sends nothing when half a week has passed', async () => {
    const { email } = await memberFirm(house);
    await matched();
    await delivery().deliver(await plan());
    house.clock.set(new Date(EIGHT.getTime() + 7 * DAY - DAY / 24));
    await matched({ counterparty: 'Another Foods', counterpartyEmail: 'trade@another-foods.example' });
    await digests().plan(); // what stood there on the morning of the backup: no occurrence of that day
    house.clock.set(new Date(EIGHT.getTime() + 11 * DAY));
    await digests().plan();
    await digests().sweep();
    expect(await one('select count(*)::int n from digest')).toEqual({ n: 1 });
    expect(taken(email)).toHaveLength(1);
  });

  it('of the middle of a run closes what is past, and sends nothing of it', async () => {
    const firms = [await memberFirm(house), await memberFirm(house)];
    await matched();
    const run = await plan();
    // one in somebody's hands, one still waiting: so the backup found them
    await house.source.query(`update digest set state = 'claimed', claim = gen_random_uuid(), lease_until = $2 where contact_id = $1`, [
      firms[0]!.contactId,
      EIGHT,
    ]);
    house.clock.set(new Date(EIGHT.getTime() + 4 * DAY));
    await digests().plan();
    await digests().sweep();
    await delivery().deliver(run);
    for (const { email } of firms) {
      expect(await rowOf(email)).toMatchObject({ state: 'skipped', reason: 'too-late' });
      expect(taken(email)).toEqual([]);
    }
    expect(await one('select completed_at is not null done from occurrence')).toEqual({ done: true });
    await delivery().deliver(await plan(new Date(EIGHT.getTime() + 7 * DAY)));
    for (const { email } of firms) expect(taken(email)).toHaveLength(1);
  });
});

/** The cookies a visitor holds, for a call whose bytes matter. */
async function cookieOf(visitor: Visitor): Promise<string> {
  await visitor.get('/desk');
  return [...(visitor as unknown as { cookies: Map<string, string> }).cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
