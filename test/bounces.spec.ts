import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { hookSignature } from '../src/accounts/hook-signature.js';
import { sha256, Signer } from '../src/common/tokens.js';
import { DeliveryService } from '../src/digests/delivery.service.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { ReportsService } from '../src/digests/reports.service.js';
import { SuppressionsService } from '../src/digests/suppressions.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { BounceListener } from '../src/mail/bounce-listener.js';
import { REPORT_BYTES } from '../src/mail/report.js';
import { digestOfReturnPath, returnPath } from '../src/mail/return-path.js';
import { browser, chamberAccount, type House, type MemberFirm, memberFirm, openHouse, publishedLead, signedIn, Visitor } from './support/house.js';
import { type About, aboutDigest, absenceNote, complaint, exchange, gmail, postfix, qmail, sendmailDelayed } from './support/reports.js';
import { Sink } from './support/sink.js';

const DOMAIN = 'bounce.chamber.pk';
const COMPLAINTS = `complaints@${DOMAIN}`;
const SECRET = 'w'.repeat(40);
const DAY = 86_400_000;
/** Five past eight in Karachi on a Tuesday: the weekly digest has just fallen due. */
const EIGHT = new Date('2026-11-24T03:05:00Z');

let sink: Sink;
let house: House;
let listener: BounceListener;
let port: number;

beforeEach(async () => {
  sink = await Sink.open();
  house = await openHouse({ relayUrl: sink.url, work: false, env: { BOUNCE_DOMAIN: DOMAIN, BOUNCE_WEBHOOK_SECRET: SECRET } });
  listener = new BounceListener(DOMAIN, house.get(ReportsService));
  port = await listener.listen(0, '127.0.0.1');
});
afterEach(async () => {
  await listener.close();
  await house.close();
  await sink.close();
});

interface Digest {
  readonly id: string;
  readonly email: string;
  readonly message_id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly reply: string | null;
  readonly attempts: number;
}

const query = <T>(sql: string, values: unknown[] = []): Promise<T[]> => house.source.query<T[]>(sql, values);
const digestsOf = (email: string): Promise<Digest[]> =>
  query<Digest>('select d.*, c.email from digest d join contact c on c.id = d.contact_id where c.email = $1 order by d.due_at', [email]);
const latest = async (email: string): Promise<Digest> => (await digestsOf(email)).at(-1)!;
const about = async (email: string): Promise<About> => aboutDigest(house.get(Signer), await latest(email), DOMAIN);
const suppressed = () => query<{ kind: string; until: string | null }>('select kind, until::text from suppression order by created_at');

async function deliver(): Promise<void> {
  const owed = await query<{ occurrence_id: string }>(`select distinct occurrence_id from digest where state = 'queued'`);
  for (const { occurrence_id } of owed) await house.get(DeliveryService).deliver(occurrence_id);
}

/** The weekly run of the given week; something new to tell came before it. */
async function week(n: number): Promise<void> {
  const id = await publishedLead(await signedIn(house, 'curator'), { counterparty: `Buyer ${randomUUID()}`, counterpartyEmail: undefined });
  await house.get(MatchingService).matchOpportunity(id);
  house.clock.set(new Date(EIGHT.getTime() + n * 7 * DAY));
  await house.get(DigestsService).plan();
  await deliver();
}

/** A firm whose first digest was handed over. */
async function told(): Promise<MemberFirm> {
  const firm = await memberFirm(house);
  await week(0);
  expect(await latest(firm.email)).toMatchObject({ state: 'sent' });
  return firm;
}

/** Another mail server that hands a message to the listener. @returns its answer, a refusal too */
async function send(raw: Buffer, to: string, from = ''): Promise<string> {
  const relay = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  try {
    return ((await relay.sendMail({ envelope: { from, to }, raw })) as { response: string }).response;
  } catch (error) {
    return (error as { response?: string; message: string }).response ?? (error as Error).message;
  } finally {
    relay.close();
  }
}

interface Hook {
  readonly type?: string;
  readonly secret?: string;
  /** Milliseconds by which the sender's clock is off. */
  readonly off?: number;
  readonly headers?: Record<string, string>;
}

async function hook(body: unknown, { type = 'application/json', secret = SECRET, off = 0, headers = {} }: Hook = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const timestamp = String(Math.floor((house.clock.now().getTime() + off) / 1000));
  const answer = await fetch(new URL('/hooks/mail', house.url), {
    method: 'POST',
    headers: { 'content-type': type, 'x-rabta-timestamp': timestamp, 'x-rabta-signature': hookSignature(secret, timestamp, bytes), ...headers },
    body: new Uint8Array(bytes),
  });
  return { status: answer.status, text: await answer.text() };
}

/** Everything that a report could change. */
const everything = (): Promise<unknown[]> =>
  Promise.all(
    ['digest', 'digest_item', 'occurrence', 'mail_report', 'suppression', 'suppression_event', 'subscription', 'contact', 'firm'].map((table) =>
      query(`select to_jsonb(t) row from ${table} t order by 1`),
    ),
  );

describe('a digest', () => {
  it('goes out with a return path that names it; a confirmation does not', async () => {
    const { email } = await told();
    const { id } = await latest(email);
    const [mail] = sink.accepted.filter(({ raw }) => /^List-ID:/im.test(raw.toString()));
    expect([mail?.to, digestOfReturnPath(house.get(Signer), mail?.from ?? '', DOMAIN)]).toEqual([email, id]);
    expect(mail?.raw.toString()).not.toContain(mail?.from ?? '');
  });

  it('keeps the sender’s address as its envelope where there is no bounce domain, and the mailbox shows what it is', async () => {
    for (const [env, from] of [
      [{}, /^<digest@rabta\.example>$/],
      [{ BOUNCE_DOMAIN: DOMAIN }, /^<b\+[0-9a-f]{32}\.[0-9a-f]{28}@bounce\.chamber\.pk>$/],
    ] as const) {
      const other = await openHouse({ env });
      try {
        const { email } = await memberFirm(other);
        await publishedLead(await signedIn(other, 'curator'));
        await other.until(async () => (await other.source.query<unknown[]>('select 1 from match')).length === 1, 'the match');
        other.clock.set(EIGHT);
        await other.get(DigestsService).plan();
        const caught = async () => (await other.mails()).find((mail) => mail.to.includes(email) && mail.headers['list-id']);
        await other.until(async () => (await caught()) !== undefined, 'the digest');
        expect((await caught())?.headers['return-path']).toMatch(from);
        expect((await new Visitor(other.url).get(`/mailbox/${(await caught())?.id}`)).text).toContain('return-path: ');
      } finally {
        await other.close();
      }
    }
  });
});

describe('by SMTP', () => {
  it.each([
    ['Postfix', (of: About) => postfix(of)],
    ['Exchange', exchange],
    ['Gmail', gmail],
    ['qmail', (of: About) => qmail(of)],
  ])('a hard bounce of %s fails the digest and suppresses the address', async (_, fixture) => {
    const { email } = await told();
    expect(await send(fixture(await about(email)), (await about(email)).to)).toMatch(/^250/);
    expect(await latest(email)).toMatchObject({ state: 'failed', reason: 'bad-address' });
    expect(await suppressed()).toEqual([{ kind: 'bad-address', until: null }]);
    expect(await query('select address_sha256 from suppression')).toEqual([{ address_sha256: sha256(email) }]);
    await week(1);
    expect(await latest(email)).toMatchObject({ state: 'skipped', reason: 'suppressed' });
  });

  it('a report that comes again changes nothing', async () => {
    const { email } = await told();
    const of = await about(email);
    await send(postfix(of), of.to);
    const once = await everything();
    for (let i = 0; i < 3; i++) expect(await send(postfix(of), of.to)).toMatch(/^250/);
    await Promise.all(Array.from({ length: 5 }, () => send(postfix(of), of.to)));
    await hook(postfix(of), { type: 'message/rfc822' });
    expect(await everything()).toEqual(once);
    expect(await query('select source, kind, status from mail_report')).toEqual([{ source: 'smtp', kind: 'hard', status: '5.1.1' }]);
  });

  it('a soft bounce fails the digest, suppresses nobody, and its opportunities come again', async () => {
    const { email } = await told();
    const of = await about(email);
    await send(postfix(of, { status: '5.2.2', diagnostic: '552 5.2.2 over quota' }), of.to);
    expect(await latest(email)).toMatchObject({ state: 'failed', reason: 'bounced', reply: '552 5.2.2 over quota' });
    expect(await suppressed()).toEqual([]);
    await week(1);
    const [first, second] = await digestsOf(email);
    expect(second).toMatchObject({ state: 'sent' });
    const told2 = await query<{ n: number }>(
      'select count(*)::int n from digest_item a join digest_item b using (opportunity_id) where a.digest_id = $1 and b.digest_id = $2',
      [first!.id, second!.id],
    );
    expect(told2).toEqual([{ n: 1 }]);
  });

  it.each(['return-path', 'message-id'] as const)('a complaint suppresses for good; the digest is known by its %s', async (named) => {
    const { email } = await told();
    const of = await about(email);
    expect(await send(complaint(of, COMPLAINTS, named), COMPLAINTS, 'feedback@mail-provider.pk')).toMatch(/^250/);
    expect(await latest(email)).toMatchObject({ state: 'sent' });
    expect(await suppressed()).toEqual([{ kind: 'complaint', until: null }]);
    await week(1);
    expect(await latest(email)).toMatchObject({ state: 'skipped', reason: 'suppressed' });
  });

  it('a complaint that comes to the return path itself needs to name nothing', async () => {
    const { email } = await told();
    const of = await about(email);
    await send(complaint(of, 'redacted@mail-provider.pk', 'nothing'), of.to);
    expect(await suppressed()).toEqual([{ kind: 'complaint', until: null }]);
  });

  it('nobody else is let in: no other address, no second one, no signing in, nothing longer than a report', async () => {
    const { email } = await told();
    const of = await about(email);
    const before = await everything();
    const forged = of.to.replace(/.@/, (last) => (last === '0@' ? '1@' : '0@'));
    for (const to of [
      'postmaster@chamber.pk',
      email,
      `b+x@${DOMAIN}`,
      forged,
      of.to.replace(DOMAIN, 'elsewhere.pk'),
      `${of.to.split('@')[0]}%elsewhere.pk@${DOMAIN}`,
    ])
      expect([to, await send(postfix(of), to)]).toEqual([to, '550 5.1.1 no such mailbox']);
    expect(await send(Buffer.concat([postfix(of), Buffer.alloc(REPORT_BYTES, 'x\r\n')]), of.to)).toMatch(/^552/);
    const lines = await talk(['EHLO x', 'AUTH LOGIN', 'STARTTLS', 'MAIL FROM:<>', `RCPT TO:<${of.to}>`, `RCPT TO:<${COMPLAINTS}>`, 'QUIT']);
    expect(lines.join('\n')).not.toMatch(/AUTH|STARTTLS/);
    expect(lines.filter((line) => /^\d{3} /.test(line)).map((line) => line.slice(0, 3))).toEqual(['220', '250', '500', '500', '250', '250', '452', '221']);
    expect(await everything()).toEqual(before);
  });

  it('what is forged, or says nothing, changes no row', async () => {
    const { email } = await told();
    const of = await about(email);
    const before = await everything();
    const signer = house.get(Signer);
    const stranger = returnPath(signer, randomUUID(), DOMAIN);
    // taken, and about nothing
    expect(await send(absenceNote(of), of.to, email)).toMatch(/^250/);
    expect(await send(Buffer.from([0, 255, 13, 10, 13, 10, 128]), of.to)).toMatch(/^250/);
    expect(await send(postfix({ ...of, to: stranger }), stranger)).toMatch(/^250/);
    expect(await send(complaint(of, COMPLAINTS, 'nothing'), COMPLAINTS)).toMatch(/^250/);
    expect(await send(complaint(of, COMPLAINTS, 'return-path', 'not-spam'), COMPLAINTS)).toMatch(/^250/);
    expect(
      await send(complaint({ ...of, to: returnPath(new Signer('x'), (await latest(email)).id, DOMAIN), messageId: 'x@y' }, COMPLAINTS), COMPLAINTS),
    ).toMatch(/^250/);
    expect(await send(complaint({ ...of, messageId: of.messageId.replace(/\.[\w-]{8}@/, '.AAAAAAAA@') }, COMPLAINTS, 'message-id'), COMPLAINTS)).toMatch(
      /^250/,
    );
    // a delivery report belongs to its return path, not to where complaints go
    expect(await send(postfix(of), COMPLAINTS)).toMatch(/^250/);
    expect(await everything()).toEqual(before);
  });

  it('asks the sender to come again while the database is away', async () => {
    const { email } = await told();
    const of = await about(email);
    await query('alter table mail_report rename to away');
    expect(await send(postfix(of), of.to)).toBe('451 4.3.0 come again later');
    await query('alter table away rename to mail_report');
    expect(await latest(email)).toMatchObject({ state: 'sent' });
    expect(await send(postfix(of), of.to)).toMatch(/^250/);
    expect(await latest(email)).toMatchObject({ state: 'failed' });
  });
});

/** Says the lines one after the other, each after an answer, whatever it is. */
function talk(lines: string[]): Promise<string[]> {
  return new Promise((done, failed) => {
    const heard: string[] = [];
    const socket = net.connect(port, '127.0.0.1');
    let buffer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      for (let at = buffer.indexOf('\r\n'); at >= 0; at = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, at);
        buffer = buffer.slice(at + 2);
        heard.push(line);
        const next = /^\d{3} /.test(line) ? lines.shift() : undefined;
        if (next !== undefined) socket.write(`${next}\r\n`);
      }
    });
    socket.on('close', () => done(heard));
    socket.on('error', failed);
  });
}

describe('an unknown digest', () => {
  async function unknown(): Promise<string> {
    const { email } = await memberFirm(house);
    sink.answer(email, 'reset-after-dot');
    await week(0);
    expect(await latest(email)).toMatchObject({ state: 'unknown', reason: 'answer-lost' });
    return email;
  }

  it.each([
    ['sent by word that it was delivered', (of: About) => postfix(of, { action: 'delivered', status: '2.0.0', diagnostic: '250 ok' }), 'sent', null],
    ['sent by word that it went on', (of: About) => postfix(of, { action: 'relayed', status: '2.0.0', diagnostic: '250 ok' }), 'sent', null],
    ['sent by word that it is delayed on its way', sendmailDelayed, 'sent', null],
    ['sent by a complaint', (of: About) => complaint(of, of.to), 'sent', null],
    ['failed by a soft bounce', (of: About) => postfix(of, { status: '4.2.2', diagnostic: 'full' }), 'failed', 'bounced'],
    ['failed by a hard bounce', (of: About) => postfix(of), 'failed', 'bad-address'],
  ])('becomes %s', async (_, fixture, state, reason) => {
    const email = await unknown();
    const of = await about(email);
    expect(await send(fixture(of), of.to)).toMatch(/^250/);
    expect(await latest(email)).toMatchObject({ state, reason });
  });

  it('a digest that waits for another try is not tried again once a report shows that the relay had it', async () => {
    const { email } = await memberFirm(house);
    sink.answer(email, 'defer');
    await week(0);
    expect(await latest(email)).toMatchObject({ state: 'queued', attempts: 1 });
    const of = await about(email);
    await send(postfix(of, { action: 'delivered', status: '2.0.0' }), of.to);
    house.clock.set(new Date(EIGHT.getTime() + DAY / 2));
    await deliver();
    expect(await latest(email)).toMatchObject({ state: 'sent', attempts: 1 });
    expect(sink.accepted.filter(({ to, raw }) => to === email && /^List-ID:/im.test(raw.toString()))).toEqual([]);
  });

  it('a bounce that comes before the relay’s own answer stands', async () => {
    const { email } = await memberFirm(house);
    await house.get(MatchingService).matchOpportunity(await publishedLead(await signedIn(house, 'curator')));
    sink.answer(email, 'hold');
    house.clock.set(EIGHT);
    await house.get(DigestsService).plan();
    const run = deliver();
    await house.until(() => sink.holding === 1, 'the hand-over');
    const of = await about(email);
    await send(postfix(of), of.to);
    sink.release();
    await run;
    expect(await latest(email)).toMatchObject({ state: 'failed', reason: 'bad-address' });
  });

  it('good news after a bounce, and a digest that was never handed over, are left as they are', async () => {
    const { email } = await told();
    const of = await about(email);
    await send(postfix(of, { status: '5.2.2', diagnostic: 'full' }), of.to);
    await send(postfix(of, { action: 'delivered', status: '2.0.0' }), of.to);
    expect(await latest(email)).toMatchObject({ state: 'failed', reason: 'bounced' });
    await week(1);
    await query(`update digest set state = 'queued', attempts = 0, message = null, message_id = null, finished_at = null where id = $1`, [
      (await latest(email)).id,
    ]);
    await send(postfix(of), (await about(email)).to);
    expect(await latest(email)).toMatchObject({ state: 'queued' });
  });
});

describe('soft bounces', () => {
  const soft = async (email: string, which = -1): Promise<void> => {
    const digest = (await digestsOf(email)).at(which)!;
    const of = aboutDigest(house.get(Signer), digest, DOMAIN);
    expect(await send(postfix(of, { status: '5.2.2', diagnostic: '552 5.2.2 over quota' }), of.to)).toMatch(/^250/);
  };

  it('on three digests in a row let the contact rest for 30 days, tell the desk, and then count from nought', async () => {
    const { email } = await told();
    await soft(email);
    await week(1);
    await soft(email);
    expect(await suppressed()).toEqual([]);
    await week(2);
    await soft(email);
    // 8 December, and 30 days
    expect(await suppressed()).toEqual([{ kind: 'soft-bounces', until: '2027-01-07' }]);
    const desk = await (await browser(house, await chamberAccount(house, 'curator'))).get('/desk');
    expect(desk.text).toContain(email);
    expect(desk.text).toContain('552 5.2.2 over quota');
    await week(3);
    expect(await latest(email)).toMatchObject({ state: 'skipped', reason: 'paused' });
    // 5 January is still within, 12 January is not
    await week(6);
    expect(await latest(email)).toMatchObject({ state: 'skipped', reason: 'paused' });
    await week(7);
    expect(await latest(email)).toMatchObject({ state: 'sent' });
    expect((await house.get(SuppressionsService).list({})).items).toEqual([]);
    await soft(email);
    await week(8);
    await soft(email);
    await week(9);
    expect(await latest(email)).toMatchObject({ state: 'sent' });
    await soft(email);
    await week(10);
    expect(await latest(email)).toMatchObject({ state: 'skipped', reason: 'paused' });
  });

  it('with a digest between them that did not come back go on', async () => {
    const { email } = await told();
    for (const n of [1, 2, 3, 4]) await week(n);
    // of five, the first, second, fourth and fifth, in no order
    for (const which of [3, 0, 4, 1]) await soft(email, which);
    expect(await suppressed()).toEqual([]);
    await soft(email, 2);
    expect(await suppressed()).toHaveLength(1);
  });

  it('are counted by digests, not by reports, and across weeks in which nothing was sent', async () => {
    const { email, contactId } = await told();
    const of = await about(email);
    for (const status of ['5.2.2', '5.2.3', '5.3.0', '4.2.2']) await send(postfix(of, { status, diagnostic: status }), of.to);
    expect(await suppressed()).toEqual([]);
    await week(1);
    await soft(email);
    await query('update subscription set unsubscribed_at = now() where contact_id = $1', [contactId]);
    await week(2);
    await query('update subscription set unsubscribed_at = null where contact_id = $1', [contactId]);
    await week(3);
    await soft(email);
    expect(await suppressed()).toHaveLength(1);
  });

  it('that come all at once let the contact rest once', async () => {
    const { email } = await told();
    await week(1);
    await week(2);
    await Promise.all([soft(email, 0), soft(email, 1), soft(email, 2)]);
    expect(await suppressed()).toHaveLength(1);
    expect(await query(`select what from suppression_event`)).toHaveLength(1);
  });
});

describe('by webhook', () => {
  it('the same shape as JSON, or the report itself, has the same effect', async () => {
    const [a, b, c] = [await memberFirm(house), await memberFirm(house), await memberFirm(house)];
    await week(0);
    const reports = [
      { returnPath: (await about(a.email)).to, action: 'failed', status: '5.1.1', diagnostic: '550 5.1.1 no such user' },
      { messageId: (await about(b.email)).messageId, action: 'complaint' },
    ];
    expect(await hook({ reports })).toEqual({ status: 202, text: '' });
    expect(await hook(gmail(await about(c.email)), { type: 'message/rfc822' })).toEqual({ status: 202, text: '' });
    expect([await latest(a.email), await latest(b.email), await latest(c.email)]).toMatchObject([
      { state: 'failed', reason: 'bad-address', reply: '550 5.1.1 no such user' },
      { state: 'sent' },
      { state: 'failed', reason: 'bad-address' },
    ]);
    expect((await suppressed()).map(({ kind }) => kind).sort()).toEqual(['bad-address', 'bad-address', 'complaint']);
    expect(await query(`select distinct source from mail_report`)).toEqual([{ source: 'webhook' }]);
  });

  it('what is not signed by us, or long ago, or about none of ours changes no row', async () => {
    const { email } = await told();
    const of = await about(email);
    const body = { reports: [{ returnPath: of.to, action: 'failed', status: '5.1.1' }] };
    const before = await everything();
    const refused = [
      await hook(body, { secret: 'x'.repeat(40) }),
      await hook(body, { off: -301_000 }),
      await hook(body, { off: 301_000 }),
      await hook(body, { headers: { 'x-rabta-signature': '' } }),
      await hook(body, { headers: { 'x-rabta-timestamp': '1' } }),
      await hook(body, { headers: { 'x-rabta-timestamp': 'now' } }),
      await hook(postfix(of), { type: 'message/rfc822', secret: 'x'.repeat(40) }),
      await hook(body, { type: 'application/x-www-form-urlencoded', secret: 'x'.repeat(40) }),
      await hook(body, { type: 'multipart/form-data; boundary=x' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 401));
    expect(new Set(refused.map(({ text }) => text)).size).toBe(1);
    // the signature of one body says nothing of another
    const timestamp = String(Math.floor(house.clock.now().getTime() / 1000));
    const of1 = { 'x-rabta-signature': hookSignature(SECRET, timestamp, Buffer.from('{}')) };
    expect((await hook(body, { headers: of1 })).status).toBe(401);
    // signed, and about nobody: the same answer as for one of ours
    for (const report of [
      { returnPath: returnPath(new Signer('x'), (await latest(email)).id, DOMAIN), action: 'failed', status: '5.1.1' },
      { returnPath: returnPath(house.get(Signer), randomUUID(), DOMAIN), action: 'failed', status: '5.1.1' },
      { messageId: of.messageId.replace(/\.[\w-]{8}@/, '.AAAAAAAA@'), action: 'complaint' },
      { messageId: 'd.nothing.x@y', action: 'complaint' },
      { messageId: `d.${'-'.repeat(36)}.x@y`, action: 'complaint' },
    ])
      expect(await hook({ reports: [report] })).toEqual({ status: 202, text: '' });
    expect(await hook(absenceNote(of), { type: 'message/rfc822' })).toEqual({ status: 202, text: '' });
    expect(await everything()).toEqual(before);
  });

  it('what is signed but not in the shape is refused with the field, and nothing of it is done', async () => {
    const { email } = await told();
    const good = { returnPath: (await about(email)).to, action: 'failed', status: '5.1.1' };
    const before = await everything();
    for (const body of [
      {},
      { reports: [] },
      { reports: [good, { action: 'failed' }] },
      { reports: [good, { ...good, action: 'eaten' }] },
      { reports: [{ ...good, x: 1 }] },
      { reports: Array(101).fill(good) },
      [good],
      'null',
    ]) {
      const { status, text } = await hook(body);
      expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([422, 'Invalid']);
    }
    expect(await hook('{')).toMatchObject({ status: 400 });
    expect(await everything()).toEqual(before);
  });

  it('replayed within five minutes changes nothing more', async () => {
    const { email } = await told();
    const body = { reports: [{ returnPath: (await about(email)).to, action: 'failed', status: '5.2.2', diagnostic: 'full' }] };
    await hook(body);
    const once = await everything();
    for (const off of [0, 240_000, -240_000]) expect((await hook(body, { off })).status).toBe(202);
    expect(await everything()).toEqual(once);
  });

  it('there is no such route without a secret', async () => {
    const other = await openHouse({ work: false });
    try {
      const answer = await new Visitor(other.url).post('/hooks/mail', {});
      expect(answer.status).toBe(404);
    } finally {
      await other.close();
    }
  });
});

describe('a suppression', () => {
  it('by hand holds, is listed with who has the address, and is lifted with a reason that stays', async () => {
    const { email, firmId } = await told();
    const service = house.get(SuppressionsService);
    const [by] = await query<{ id: string }>(`select id from account where role = 'administrator' limit 1`);
    expect(await service.add({ address: ` ${email.toUpperCase()} `, reason: 'asked on the phone' }, by!.id)).toBe(true);
    expect(await service.add({ address: email, reason: 'again' }, by!.id)).toBe(false);
    await week(1);
    expect(await latest(email)).toMatchObject({ state: 'skipped', reason: 'suppressed' });
    const { items } = await service.list({ kind: 'by-hand' });
    expect(items).toMatchObject([{ kind: 'by-hand', reason: 'asked on the phone', until: null, created_by: by!.id, contacts: [{ email, firmId }] }]);
    await service.lift({ addressSha256: sha256(email), reason: 'asked again' }, by!.id);
    await expect(service.lift({ addressSha256: sha256(email), reason: 'twice' }, by!.id)).rejects.toMatchObject({ code: 'NotFound' });
    await week(2);
    expect(await latest(email)).toMatchObject({ state: 'sent' });
    expect(await query('select what, kind, reason, by_account from suppression_event order by id')).toEqual([
      { what: 'added', kind: 'by-hand', reason: 'asked on the phone', by_account: by!.id },
      { what: 'lifted', kind: 'by-hand', reason: 'asked again', by_account: by!.id },
    ]);
  });

  it('only ever gets stricter, and after a complaint stays', async () => {
    const { email } = await told();
    const service = house.get(SuppressionsService);
    const of = await about(email);
    await service.add({ address: email, reason: 'by hand' }, randomUUID());
    await send(postfix(of), of.to);
    expect(await suppressed()).toEqual([{ kind: 'by-hand', until: null }]);
    await send(complaint(of, of.to), of.to);
    expect(await suppressed()).toEqual([{ kind: 'complaint', until: null }]);
    await service.add({ address: email, reason: 'by hand' }, randomUUID());
    await expect(service.lift({ addressSha256: sha256(email), reason: 'please' }, randomUUID())).rejects.toMatchObject({
      code: 'Conflict',
      issues: [{ reason: 'complaint-stays' }],
    });
    expect(await suppressed()).toEqual([{ kind: 'complaint', until: null }]);
  });

  it('is listed page by page', async () => {
    const service = house.get(SuppressionsService);
    for (let n = 0; n < 5; n++) {
      house.clock.set(new Date(EIGHT.getTime() + (n >> 1) * 1000));
      await service.add({ address: `x${n}@firm.example`, reason: 'r' }, randomUUID());
    }
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await service.list({ limit: 2, ...(after ? { after } : {}) });
      found.push(...page.items.map((row) => row.address_sha256));
      after = page.next ?? undefined;
    } while (after);
    expect(found).toHaveLength(5);
    expect(new Set(found)).toEqual(new Set([0, 1, 2, 3, 4].map((n) => sha256(`x${n}@firm.example`))));
  });
});
