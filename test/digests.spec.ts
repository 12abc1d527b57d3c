import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { type ParsedMail, simpleParser } from 'mailparser';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sha256, Signer } from '../src/common/tokens.js';
import type { DigestState } from '../src/digests/digests.queries.js';
import { DeliveryService } from '../src/digests/delivery.service.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { Transport } from '../src/mail/transport.js';
import { SecurityMailService } from '../src/mail/security-mail.service.js';
import {
  browser,
  freePort,
  type House,
  type HouseOptions,
  type MemberFirm,
  memberFirm,
  openHouse,
  publishedLead,
  registration,
  signedIn,
  swept,
  Visitor,
} from './support/house.js';
import { Sink, type SinkMail } from './support/sink.js';

const MINUTE = 60_000;
const WEEK = 7 * 86_400_000;
/** Five past eight in Karachi on a Tuesday: the weekly digest has just fallen due. */
const EIGHT = new Date('2026-11-24T03:05:00Z');
const BANGLES = [{ text: 'Glass bangles for weddings', hs: ['7018.10'] }];

interface Row {
  readonly id: string;
  readonly email: string;
  readonly key: string;
  readonly state: DigestState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly message_id: string | null;
  readonly message_sha256: string | null;
  readonly next_attempt_at: Date;
  readonly reply: string | null;
  readonly items: string[];
}

let sink: Sink;
let house: House;
let curator: Visitor;

beforeEach(async () => {
  sink = await Sink.open();
});
afterEach(async () => {
  await house.close();
  await sink.close();
});

/** Without a worker, the tests bring digests to their end themselves, by what the job calls. */
const ALONE: HouseOptions = { work: false, env: { MAIL_CONNECTIONS: '1' } };
async function open(options: HouseOptions = { work: false }): Promise<void> {
  house = await openHouse({ relayUrl: sink.url, ...options });
  curator = await signedIn(house, 'curator');
}
const digests = (): DigestsService => house.get(DigestsService);

/** A published lead whose matches are there. */
async function matched(over: Record<string, unknown> = {}): Promise<string> {
  const id = await publishedLead(curator, over);
  await house.get(MatchingService).matchOpportunity(id);
  return id;
}

/** The lead of another party: of the same one it would be a duplicate. */
const other = (counterparty: string) => ({ counterparty, counterpartyEmail: undefined });

/** Before the sink is told how to answer: the mail about the registration must not take the first answer. */
const confirmationSent = (email: string): Promise<void> => house.until(() => sink.accepted.some(({ to }) => to === email), 'the confirmation mail');

/** The clock stands at the weekly digest, `weeks` after the first, and the digests are owed. */
async function weekly(weeks = 0): Promise<void> {
  house.clock.set(new Date(EIGHT.getTime() + weeks * WEEK));
  await digests().plan();
}

/** The delivery of another worker, with connections of its own. */
const another = (): DeliveryService => new DeliveryService(house.source, house.env, house.get(Transport), house.get(Signer), house.clock);

/** Whatever is owed by now is brought to its end, as by the jobs. */
async function deliver(by = house.get(DeliveryService)): Promise<void> {
  const owed = await house.source.query<{ occurrence_id: string }[]>(`select distinct occurrence_id from digest where state = 'queued' order by 1`);
  for (const { occurrence_id } of owed) await by.deliver(occurrence_id);
}

const later = (minutes: number): void => house.clock.set(new Date(house.clock.now().getTime() + minutes * MINUTE));
const ledger = (email?: string): Promise<Row[]> =>
  house.source.query(
    `select d.*, c.email, o.key, array(select l.reference from digest_item i join opportunity l on l.id = i.opportunity_id where i.digest_id = d.id order by i.position) items
     from digest d join contact c on c.id = d.contact_id join occurrence o on o.id = d.occurrence_id where $1::text is null or c.email = $1 order by d.due_at, c.email`,
    [email ?? null],
  );
const row = async (email: string): Promise<Row> => (await ledger(email)).at(-1)!;
const isDigest = ({ raw }: SinkMail): boolean => /^List-ID:/im.test(raw.toString());
const taken = (to?: string): SinkMail[] => sink.accepted.filter((mail) => isDigest(mail) && (to === undefined || mail.to === to));
const offered = (to: string): SinkMail[] => sink.offered.filter((mail) => isDigest(mail) && mail.to === to);
const messageId = ({ raw }: SinkMail): string => /^Message-ID: <([^>]+)>/im.exec(raw.toString())?.[1] ?? '';
const oneClick = (contactId: string) =>
  new Visitor(house.url).send('POST', `/u/${house.get(Signer).token('unsubscribe', contactId)}`, { form: { 'List-Unsubscribe': 'One-Click' } });

describe('an occurrence', () => {
  it('owes one digest and sends one mail, however often it is planned and run by hand', async () => {
    await open({});
    const firm = await memberFirm(house);
    await matched();
    await weekly();
    await digests().runNow();
    await digests().plan();
    await house.until(async () => (await digests().running()) === 0, 'the run');
    expect(await digests().runNow()).toBe(0);
    await digests().plan();
    await house.worker.sweep();
    await deliver();
    expect(await ledger()).toMatchObject([{ key: 'weekly:2026-11-24', email: firm.email, state: 'sent', attempts: 1 }]);
    expect(taken()).toHaveLength(1);
    expect(await house.source.query('select count(*)::int n from occurrence where completed_at is not null')).toEqual([{ n: 1 }]);
  });

  it('is one run when ten plan it at once, and one mail a contact when ten deliver it at once', async () => {
    await open();
    const firms = [await memberFirm(house), await memberFirm(house), await memberFirm(house)];
    await matched();
    house.clock.set(EIGHT);
    await Promise.all(Array.from({ length: 10 }, () => digests().plan()));
    expect(await house.source.query('select key from occurrence')).toEqual([{ key: 'weekly:2026-11-24' }]);
    expect((await ledger()).map(({ email, state }) => [email, state])).toEqual(firms.map(({ email }) => [email, 'queued']).sort());
    await Promise.all(Array.from({ length: 10 }, () => deliver()));
    expect((await ledger()).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['sent', 1],
      ['sent', 1],
      ['sent', 1],
    ]);
    expect(
      taken()
        .map(({ to }) => to)
        .sort(),
    ).toEqual(firms.map(({ email }) => email).sort());
  });

  it('waits for its hour, and is not made up for when it is half a week late', async () => {
    await open();
    await memberFirm(house);
    await digests().plan();
    expect(await ledger()).toEqual([]);
    house.clock.set(new Date('2026-11-24T02:59:59Z'));
    await digests().plan();
    expect(await ledger()).toEqual([]);
    house.clock.set(new Date('2026-11-27T15:00:01Z'));
    await digests().plan();
    expect(await ledger()).toEqual([]);
    house.clock.set(new Date('2026-11-27T15:00:00Z'));
    await digests().plan();
    expect((await ledger()).map(({ key }) => key)).toEqual(['weekly:2026-11-24']);
  });

  it('brings everybody to an end with a reason, and mails only who may be mailed', async () => {
    await open();
    const administrator = await signedIn(house, 'administrator');
    const firm: Record<string, MemberFirm> = {};
    for (const name of ['sent', 'lapsed', 'suspended', 'unconfirmed', 'unsubscribed', 'off']) firm[name] = await memberFirm(house);
    firm['nothing-new'] = await memberFirm(house, { offers: BANGLES });
    firm['no-consent'] = await memberFirm(house, { digestConsent: false });
    await matched();
    await weekly();
    const { lapsed, suspended, unconfirmed, unsubscribed, off } = firm;
    await administrator.post(`/api/v1/firms/${lapsed!.firmId}/admit`, { membershipClass: 'associate', membershipNumber: 'A-1', validUntil: '2026-03-31' });
    await administrator.post(`/api/v1/firms/${suspended!.firmId}/status`, { status: 'suspended', reason: 'Unpaid' });
    await house.source.query('update contact set confirmed_at = null where id = $1', [unconfirmed!.contactId]);
    await oneClick(unsubscribed!.contactId);
    const settings = { cadence: 'off', weekday: '2', hour: '8', zone: 'Asia/Karachi', threshold: '60', maxItems: '10' };
    expect((await (await browser(house, off!)).submit('/firm/digests', '/firm/digests', settings)).status).toBe(303);
    await deliver();
    const ends = Object.fromEntries((await ledger()).map(({ email, state, reason }) => [email, [state, reason]]));
    const wanted = Object.entries(firm).flatMap(([name, { email }]) =>
      name === 'no-consent' ? [] : [[email, name === 'sent' ? ['sent', null] : ['skipped', name]]],
    );
    expect(ends).toEqual(Object.fromEntries(wanted));
    expect(taken().map(({ to }) => to)).toEqual([firm['sent']!.email]);
    const { items } = (await curator.get('/api/v1/desk/occurrences')).json() as { items: { counts: Record<string, number> }[] };
    expect(items[0]?.counts).toEqual({
      sent: 1,
      ...Object.fromEntries(['lapsed', 'suspended', 'unconfirmed', 'unsubscribed', 'off', 'nothing-new'].map((reason) => [`skipped ${reason}`, 1])),
    });
  });

  it('shuts the gate on whoever unsubscribes between the claim and the hand-over', async () => {
    await open(ALONE);
    const firms = [await memberFirm(house), await memberFirm(house)];
    await matched();
    await weekly();
    for (const { email } of firms) sink.answer(email, 'hold');
    const run = deliver();
    await house.until(() => sink.holding === 1, 'the first hand-over');
    const first = firms.find(({ email }) => email === sink.offered.at(-1)?.to)!;
    const second = firms.find((firm) => firm !== first)!;
    expect(await row(second.email)).toMatchObject({ state: 'claimed' });
    expect((await oneClick(second.contactId)).status).toBe(200);
    sink.release();
    await run;
    expect([await row(first.email), await row(second.email)]).toMatchObject([
      { state: 'sent', attempts: 1 },
      { state: 'skipped', reason: 'unsubscribed', attempts: 0, items: [] },
    ]);
    expect(offered(second.email)).toEqual([]);
  });

  it('hands nothing to addresses of reserved domains where a real relay is set', async () => {
    await open({ work: false, env: { SMTP_URL: sink.url } });
    const reserved = await memberFirm(house);
    const real = await memberFirm(house, { email: 'naila@kunri-sun.com.pk' });
    await matched();
    await weekly();
    await deliver();
    await house.get(SecurityMailService).deliverOwed();
    expect([await row(reserved.email), await row(real.email)]).toMatchObject([
      { state: 'skipped', reason: 'reserved-domain', attempts: 0 },
      { state: 'sent', reason: null },
    ]);
    expect(sink.offered.map(({ to }) => to)).toEqual([real.email, real.email]);
  });
});

describe('a hand-over', () => {
  it('answered 451 is tried again later with the same bytes', async () => {
    await open({});
    const { email } = await memberFirm(house);
    await matched();
    await confirmationSent(email);
    sink.answer(email, 'defer', 'defer-recipient', 'accept');
    await weekly();
    await house.until(async () => (await row(email)).reply !== null, 'the first answer');
    const deferred = await row(email);
    expect(deferred).toMatchObject({ state: 'queued', reason: null, attempts: 1, reply: '451 4.3.0 try again later' });
    const waits = (deferred.next_attempt_at.getTime() - EIGHT.getTime()) / MINUTE;
    expect(waits).toBeGreaterThanOrEqual(4);
    expect(waits).toBeLessThanOrEqual(6);

    house.clock.set(new Date(deferred.next_attempt_at.getTime() - 1));
    await house.worker.sweep();
    await deliver();
    expect(offered(email)).toHaveLength(1);

    // a profile changed meanwhile makes no other mail of it
    await house.source.query(`update contact set name = 'Somebody Else', language = 'zh' where email = $1`, [email]);
    for (const attempts of [2, 3]) {
      house.clock.set((await row(email)).next_attempt_at);
      const tried = async (): Promise<boolean> => {
        const { attempts: made, state } = await row(email);
        return made === attempts && state !== 'handing_off';
      };
      await swept(house, tried, `try ${attempts}`);
    }
    const sent = await row(email);
    expect(sent).toMatchObject({ state: 'sent', attempts: 3, message_id: deferred.message_id, message_sha256: deferred.message_sha256 });
    const bodies = offered(email);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]!.raw.equals(bodies[0]!.raw)).toBe(true);
    expect(taken(email).map(messageId)).toEqual([deferred.message_id]);
    expect(sha256(bodies[0]!.raw)).toBe(deferred.message_sha256);
  });

  it('deferred for ever is given up within two days', async () => {
    await open();
    const { email } = await memberFirm(house);
    await matched();
    sink.answer(email, ...Array.from({ length: 20 }, () => 'defer' as const));
    await weekly();
    for (let tries = 0; tries < 20 && (await row(email)).state === 'queued'; tries++) {
      house.clock.set((await row(email)).next_attempt_at);
      await deliver();
    }
    expect(await row(email)).toMatchObject({ state: 'failed', reason: 'gave-up' });
    expect(house.clock.now().getTime() - EIGHT.getTime()).toBeLessThan(48 * 60 * MINUTE);
    expect(new Set(offered(email).map(({ raw }) => sha256(raw))).size).toBe(1);
    expect(taken()).toEqual([]);
  });

  it('answered 550 5.1.1 has failed, and the address gets no digest again', async () => {
    await open();
    const [bad, good] = [await memberFirm(house), await memberFirm(house)];
    await matched();
    sink.answer(bad.email, 'no-such-mailbox');
    await weekly();
    await deliver();
    expect([await row(bad.email), await row(good.email)]).toMatchObject([{ state: 'failed', reason: 'bad-address' }, { state: 'sent' }]);
    expect(await house.source.query('select address_sha256, stream from suppression')).toEqual([{ address_sha256: sha256(bad.email), stream: 'digest' }]);
    await matched(other('Another Buyer'));
    await weekly(1);
    await deliver();
    expect([await row(bad.email), await row(good.email)]).toMatchObject([
      { key: 'weekly:2026-12-01', state: 'skipped', reason: 'suppressed' },
      { state: 'sent' },
    ]);
    expect(taken(bad.email)).toEqual([]);
  });

  it('refused for another reason has failed without blaming the address', async () => {
    await open();
    const { email } = await memberFirm(house);
    await matched();
    sink.answer(email, 'refuse');
    await weekly();
    await deliver();
    expect(await row(email)).toMatchObject({ state: 'failed', reason: 'refused-by-policy', reply: '554 5.7.1 we do not want this' });
    expect(await house.source.query('select 1 from suppression')).toEqual([]);
    await weekly(1);
    await deliver();
    expect(await row(email)).toMatchObject({ state: 'sent', items: ['RB-0001'] });
  });

  it('lost after the dot is unknown and never sent again; its opportunities come with the next occurrence', async () => {
    await open({});
    const { email } = await memberFirm(house);
    await matched();
    await confirmationSent(email);
    sink.answer(email, 'reset-after-dot');
    await weekly();
    await house.until(async () => (await row(email)).state === 'unknown', 'the lost answer');
    expect(await row(email)).toMatchObject({ reason: 'answer-lost', attempts: 1, items: ['RB-0001'] });
    for (const hours of [1, 24, 72]) {
      later(hours * 60);
      await house.worker.sweep();
      await digests().runNow();
      await deliver();
    }
    await house.until(async () => (await digests().running()) === 0, 'the run');
    expect(offered(email)).toHaveLength(1);
    await weekly(1);
    await house.until(async () => (await digests().running()) === 0, 'the next run');
    expect((await ledger(email)).map(({ key, state, items }) => [key, state, items])).toEqual([
      ['weekly:2026-11-24', 'unknown', ['RB-0001']],
      ['weekly:2026-12-01', 'sent', ['RB-0001']],
    ]);
    expect(new Set(taken(email).map(messageId)).size).toBe(2);
  });

  it('lost before the body is tried again: one copy', async () => {
    await open();
    const { email } = await memberFirm(house);
    await matched();
    sink.answer(email, 'reset-at-data', 'reset-at-data');
    await weekly();
    for (const attempts of [1, 2]) {
      await deliver();
      expect(await row(email)).toMatchObject({ state: 'queued', attempts });
      house.clock.set((await row(email)).next_attempt_at);
    }
    await deliver();
    expect(await row(email)).toMatchObject({ state: 'sent', attempts: 3 });
    expect(offered(email)).toHaveLength(1);
  });

  it('to a relay that is not there is tried again', async () => {
    await open({ work: false, relayUrl: `smtp://127.0.0.1:${await freePort()}` });
    const { email } = await memberFirm(house);
    await matched();
    await weekly();
    await deliver();
    expect(await row(email)).toMatchObject({ state: 'queued', attempts: 1 });
  });

  it('that goes wrong for one leaves the others alone', async () => {
    await open();
    const firms = [];
    for (let n = 0; n < 5; n++) firms.push(await memberFirm(house));
    await matched();
    const answers = ['reset-after-dot', 'reset-at-data', 'defer', 'no-such-mailbox', 'accept'] as const;
    firms.forEach(({ email }, n) => sink.answer(email, answers[n]!));
    await weekly();
    await deliver();
    expect(await Promise.all(firms.map(async ({ email }) => (await row(email)).state))).toEqual(['unknown', 'queued', 'queued', 'failed', 'sent']);
  });
});

describe('a lease', () => {
  it('that runs out in the middle of a hand-over makes it unknown; only its own late answer may still say what became of it', async () => {
    await open();
    const { email } = await memberFirm(house);
    await matched();
    sink.answer(email, 'hold');
    await weekly();
    const run = deliver();
    await house.until(() => sink.holding === 1, 'the hand-over');
    later(5);
    await digests().sweep();
    expect(await row(email)).toMatchObject({ state: 'handing_off' });
    later(2);
    await digests().sweep();
    expect(await row(email)).toMatchObject({ state: 'unknown', reason: 'hand-over-lost' });
    await deliver();
    expect(offered(email)).toHaveLength(1);
    sink.release();
    await run;
    expect(await row(email)).toMatchObject({ state: 'sent', reason: null, reply: '250 2.0.0 taken' });
  });

  it('that runs out before the hand-over makes the digest owed again, and the old claim cannot touch it', async () => {
    await open(ALONE);
    const firms = [await memberFirm(house), await memberFirm(house)];
    await matched();
    await weekly();
    for (const { email } of firms) sink.answer(email, 'hold');
    const stale = deliver();
    await house.until(() => sink.holding === 1, 'the first hand-over');
    const first = sink.offered.at(-1)!.to;
    const second = firms.find(({ email }) => email !== first)!.email;
    sink.answer(second, 'no-such-mailbox');
    later(11);
    await digests().sweep();
    expect([await row(first), await row(second)]).toMatchObject([{ state: 'unknown' }, { state: 'queued' }]);
    const other = another();
    await deliver(other);
    await other.onModuleDestroy();
    const ended = await row(second);
    expect(ended).toMatchObject({ state: 'failed', reason: 'bad-address', attempts: 1 });
    sink.release();
    await stale;
    expect(await row(first)).toMatchObject({ state: 'sent' });
    expect(await row(second)).toEqual(ended);
    expect(offered(second)).toEqual([]);
  });

  it('of a digest claimed anew is not ended by the claim before', async () => {
    await open(ALONE);
    const firms = [await memberFirm(house), await memberFirm(house)];
    await matched();
    await weekly();
    for (const { email } of firms) sink.answer(email, 'hold', 'hold');
    const stale = deliver();
    await house.until(() => sink.holding === 1, 'the first hand-over');
    const second = firms.find(({ email }) => email !== sink.offered.at(-1)!.to)!;
    later(11);
    await digests().sweep();
    const other = another();
    const fresh = deliver(other);
    await house.until(() => sink.holding === 2, 'the second hand-over by another worker');
    await house.source.query('update contact set confirmed_at = null where id = $1', [second.contactId]);
    // the first worker goes on, finds its second digest taken, and leaves it
    sink.release(1);
    await stale;
    expect(await row(second.email)).toMatchObject({ state: 'handing_off', reason: null });
    sink.release();
    await fresh;
    await other.onModuleDestroy();
    expect(await row(second.email)).toMatchObject({ state: 'sent', attempts: 1 });
    expect(taken(second.email)).toHaveLength(1);
  });
});

describe('the message', () => {
  const parsed = (mail: SinkMail): Promise<ParsedMail> => simpleParser(mail.raw);

  it('is addressed to one person, has each header once, and says what it is', async () => {
    await open({ work: false, env: { MAIL_REPLY_TO: 'desk@rabta.example' } });
    const firm = await memberFirm(house, { contactName: 'Naila "N" Arain, elsewhere@elsewhere.example' });
    await matched();
    await weekly();
    await deliver();
    const [mail] = taken();
    const [head = ''] = mail!.raw.toString().split('\r\n\r\n');
    const names = [...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => (name ?? '').toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const name of [
      'from',
      'to',
      'subject',
      'date',
      'message-id',
      'reply-to',
      'content-language',
      'list-id',
      'list-unsubscribe',
      'list-unsubscribe-post',
      'auto-submitted',
    ])
      expect(names).toContain(name);
    const { to, date } = await parsed(mail!);
    expect(Array.isArray(to) ? [] : to?.value.map(({ address }) => address)).toEqual([firm.email]);
    expect(date).toEqual(EIGHT);
    expect(mail!.raw.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/);
  });

  it('holds not more than the contact wants, and says how many there are', async () => {
    await open();
    const firm = await memberFirm(house);
    for (let n = 0; n < 4; n++) await matched(other(`Buyer ${n}`));
    await digests().subscribe(firm.contactId, { cadence: 'weekly', weekday: 2, hour: 8, zone: 'Asia/Karachi', threshold: 60, maxItems: 3 });
    await weekly();
    await deliver();
    const first = await row(firm.email);
    expect(first.items).toHaveLength(3);
    expect((await parsed(taken()[0]!)).text).toMatch(/3[^\n]+4/);
    await weekly(1);
    await deliver();
    const second = await row(firm.email);
    expect([...first.items, ...second.items].sort()).toEqual(['RB-0001', 'RB-0002', 'RB-0003', 'RB-0004']);
  });

  it('is signed so that neither unsubscribe header can be changed or taken away', async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-dkim-'));
    try {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      fs.writeFileSync(path.join(dir, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await open({ work: false, env: { DKIM_DOMAIN: 'rabta.example', DKIM_KEY_FILE: path.join(dir, 'key.pem'), DKIM_SELECTOR: 'autumn' } });
      const { email } = await memberFirm(house);
      await matched();
      sink.answer(email, 'defer');
      await weekly();
      await deliver();
      house.clock.set((await row(email)).next_attempt_at);
      await deliver();
      const raw = taken(email)[0]!.raw.toString('latin1');
      const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      const asked: string[] = [];
      const verified = async (message: string): Promise<{ result: string | undefined; signed: string }> => {
        const { results } = await dkimVerify(Buffer.from(message, 'latin1'), {
          resolver: (name: string, type: string) => {
            asked.push(`${type} ${name}`);
            return Promise.resolve([[`v=DKIM1; k=rsa; p=${p}`]]);
          },
        });
        const [first] = results as readonly { status: { result: string }; signingHeaders?: { keys: string } }[];
        return { result: first?.status.result, signed: first?.signingHeaders?.keys.toLowerCase() ?? '' };
      };
      const whole = await verified(raw);
      expect(whole.result).toBe('pass');
      expect(whole.signed.split(': ')).toEqual(
        expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'list-id', 'list-unsubscribe', 'list-unsubscribe-post']),
      );
      expect(asked).toEqual(['TXT autumn._domainkey.rabta.example']);
      const tampered = {
        'another post': raw.replace('List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Click'),
        'no post': raw.replace(/^List-Unsubscribe-Post:.*\r\n/m, ''),
        'another link': raw.replace(/^(List-Unsubscribe:\s+<https?:\/\/)/m, '$1elsewhere.example/'),
        'no link': raw.replace(/^List-Unsubscribe:.*\r\n(?:[ \t].*\r\n)*/m, ''),
        'another text': raw.replace(/\r\n\r\n(--[^\r]+\r\n)/, '\r\n\r\nPay here\r\n$1'),
      };
      for (const [what, message] of Object.entries(tampered)) {
        expect([what, message === raw]).toEqual([what, false]);
        expect([what, (await verified(message)).result]).toEqual([what, what === 'another text' ? 'neutral' : 'fail']);
      }
    } finally {
      fs.rmSync(dir, { recursive: true, force: true });
    }
  });
});

describe('mail that a person waits for', () => {
  const state = async (email: string) =>
    (
      await house.source.query<{ state: string; attempts: number; next_attempt_at: Date }[]>(
        'select state, attempts, next_attempt_at from security_mail where recipient = $1',
        [email],
      )
    )[0]!;
  const send = (): Promise<void> => house.get(SecurityMailService).deliverOwed();
  const registered = async (): Promise<string> => {
    const given = registration();
    await new Visitor(house.url).post('/api/v1/firms', given);
    return given.email;
  };
  const copies = (email: string): SinkMail[] => sink.offered.filter(({ to }) => to === email);

  it('comes once more after a lost answer, with the same Message-ID, and not a third time', async () => {
    await open();
    const email = await registered();
    sink.answer(email, 'reset-after-dot', 'reset-after-dot', 'reset-after-dot');
    for (let n = 0; n < 4; n++) {
      await send();
      house.clock.set((await state(email)).next_attempt_at);
      later(1);
    }
    expect(copies(email)).toHaveLength(2);
    expect(new Set(copies(email).map(messageId)).size).toBe(1);
    expect(await state(email)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('is tried again after 451, and not after 550', async () => {
    await open();
    const [patient, wrong] = [await registered(), await registered()];
    sink.answer(patient, 'defer');
    sink.answer(wrong, 'no-such-mailbox');
    await send();
    expect([await state(patient), await state(wrong)]).toMatchObject([
      { state: 'queued', attempts: 1 },
      { state: 'failed', attempts: 1 },
    ]);
    await send();
    expect(copies(patient)).toHaveLength(1);
    house.clock.set((await state(patient)).next_attempt_at);
    await send();
    expect([await state(patient), await state(wrong)]).toMatchObject([
      { state: 'sent', attempts: 2 },
      { state: 'failed', attempts: 1 },
    ]);
    expect(copies(patient).map(messageId)).toEqual([messageId(copies(patient)[0]!), messageId(copies(patient)[0]!)]);
  });

  it('is sent once by several who deliver at once, and again after a lapsed lease', async () => {
    await open();
    const email = await registered();
    await Promise.all([send(), send(), send(), send()]);
    expect(copies(email)).toHaveLength(1);
    const late = await registered();
    sink.answer(late, 'hold');
    const stuck = send();
    await house.until(() => sink.holding === 1, 'the hand-over');
    await send();
    expect(copies(late)).toHaveLength(1);
    later(7);
    await send();
    expect(copies(late)).toHaveLength(2);
    sink.release();
    await stuck;
    expect(await state(late)).toMatchObject({ state: 'sent', attempts: 2 });
  });
});
