import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { Signer } from '../src/common/tokens.js';
import { simpleParser } from 'mailparser';
import { DeliveryService } from '../src/digests/delivery.service.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { FirmsService } from '../src/firms/firms.service.js';
import { ANSWERS } from '../src/interests/interest.entity.js';
import { InterestsService } from '../src/interests/interests.service.js';
import { LANGUAGES } from '../src/language/language.js';
import { dirOf, say, tagOf } from '../src/language/say.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { OpportunitiesService } from '../src/opportunities/opportunities.service.js';
import {
  browser,
  chamberAccount,
  type House,
  lead,
  type MemberFirm,
  memberFirm,
  openHouse,
  publishedLead,
  registration,
  signedIn,
  TUESDAY,
  Visitor,
} from './support/house.js';
import { Sink, type SinkMail } from './support/sink.js';

const WEEK = 7 * 86_400_000;
/** Five past eight in Karachi on a Tuesday: the weekly digest has just fallen due. */
const EIGHT = new Date('2026-11-24T03:05:00Z');

let sink: Sink;
let house: House;
let curator: Visitor;
let firm: MemberFirm;

const digests = (): DigestsService => house.get(DigestsService);
const delivery = (): DeliveryService => house.get(DeliveryService);
const at = (weeks: number): Date => new Date(EIGHT.getTime() + weeks * WEEK);

/** A published lead of a party of its own, matched; its id and reference. */
async function matched(over: Record<string, unknown> = {}): Promise<{ id: string; reference: string }> {
  const id = await publishedLead(curator, { counterparty: `Buyer ${randomUUID()}`, counterpartyEmail: undefined, deadline: '2027-02-28', ...over });
  await house.get(MatchingService).matchOpportunity(id);
  return { id, reference: (await house.get(OpportunitiesService).get(id)).reference };
}

/** Runs the digest of the week, without a worker. */
async function week(weeks: number): Promise<void> {
  house.clock.set(at(weeks));
  await digests().plan();
  const owed = await house.source.query<{ occurrence_id: string }[]>(`select distinct occurrence_id from digest where state = 'queued'`);
  for (const { occurrence_id } of owed) await delivery().deliver(occurrence_id);
}

const answerLink = (contactId: string, leadId: string, answer = 'interested'): string =>
  `/a/${house.get(Signer).token('answer', `${contactId}.${leadId}`)}?do=${answer}`;
const stopLink = (contactId: string): string => `/u/${house.get(Signer).token('unsubscribe', contactId)}`;
const press = (link: string, form: Record<string, string>) => new Visitor(house.url).send('POST', link.split('?')[0] ?? '', { form });

const taken = (to: string): SinkMail[] => sink.accepted.filter(({ raw, to: whom }) => whom === to && /^List-ID:/im.test(raw.toString()));
/** The references that the mails to somebody are about, mail by mail. */
const told = async (contactId: string): Promise<string[][]> =>
  (
    await house.source.query<{ items: string[] }[]>(
      `select array(select o.reference from digest_item i join opportunity o on o.id = i.opportunity_id where i.digest_id = d.id order by 1) items
       from digest d where d.contact_id = $1 and d.state = 'sent' order by d.due_at`,
      [contactId],
    )
  ).map(({ items }) => items);

/** Every row of every table. */
async function everything(): Promise<Record<string, unknown[]>> {
  const tables = await house.source.query<{ name: string }[]>(`select table_name name from information_schema.tables where table_schema = 'public' order by 1`);
  const all: Record<string, unknown[]> = {};
  for (const { name } of tables) all[name] = await house.source.query(`select to_jsonb(t) from "${name}" t order by to_jsonb(t)::text`);
  return all;
}

const state = (firmId: string) =>
  house.source.query<{ what: string; says: string }[]>(
    `select 'interest' what, state says from interest where firm_id = $1 union all select 'feedback', reason from feedback where firm_id = $1
     union all select 'saved', '' from saved where firm_id = $1 order by 1`,
    [firmId],
  );

beforeEach(async () => {
  sink = await Sink.open();
  house = await openHouse({ relayUrl: sink.url, work: false });
  curator = await signedIn(house, 'curator');
});
afterEach(async () => {
  await house.close();
  await sink.close();
});

describe('the links of a mail', () => {
  it('change no row in any table when they are opened, however they are opened', async () => {
    firm = await memberFirm(house);
    const { id } = await matched();
    await week(0);
    const [mail] = taken(firm.email);
    const { html, text } = await simpleParser(mail!.raw);
    const mailed = [...`${html || ''} ${text}`.matchAll(/https?:\/\/127\.0\.0\.1:\d+[^\s"<>]*/g)].map(([url]) => url.replaceAll('&amp;', '&'));
    const links = new Set([
      ...mailed,
      ...['interested', 'not-for-me', 'save', 'nonsense'].map((answer) => house.url + answerLink(firm.contactId, id, answer)),
      ...['', '?what=fewer', '?what=all'].map((what) => house.url + stopLink(firm.contactId) + what),
    ]);
    expect(links.size).toBeGreaterThanOrEqual(9);
    const before = await everything();
    expect(before).toMatchObject({ session: expect.any(Array), interest: [], subscription: [expect.anything()] });
    for (const link of links) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await fetch(link, { method, redirect: 'manual' });
        expect([link, [200, 303, 401].includes(answer.status)]).toEqual([link, true]); // /firm asks to sign in first
      }
    }
    expect(await everything()).toEqual(before);
  });

  it('say in the reader’s language what the button will do, have one big button, and tell no other site where they were', async () => {
    const { id, reference } = await matched();
    for (const language of LANGUAGES) {
      firm = await memberFirm(house, { language, firmName: 'Kunri Sun' });
      const words = { interested: 'interest', 'not-for-me': 'feedback', save: 'saved' } as const;
      for (const answer of ANSWERS) {
        const page = await new Visitor(house.url).get(answerLink(firm.contactId, id, answer));
        expect(page.status).toBe(200);
        expect(page.headers.get('referrer-policy')).toBe('no-referrer');
        expect(page.headers.get('cache-control')).toBe('no-store');
        expect(page.text).toContain(`<html lang="${tagOf(language)}" dir="${dirOf(language)}">`);
        expect(page.text).toContain(reference);
        expect(page.text).toContain(say(language, `${words[answer]}.will`, { firm: 'Kunri Sun' }));
        expect(page.text.match(/class="big"/g)).toHaveLength(1);
        expect(page.text).not.toContain('<script');
        expect(page.text).not.toContain('_csrf');
      }
      // another language where the reader asks for it, and it stays
      const other = language === 'en' ? 'ur' : 'en';
      const page = await new Visitor(house.url).get(`${answerLink(firm.contactId, id)}&lang=${other}`);
      expect(page.text).toContain(`<html lang="${other}"`);
      expect(page.text).toContain(`?lang=${other}"`);
    }
  });

  it('are answered alike where they are not ours, and do nothing', async () => {
    firm = await memberFirm(house);
    const { id } = await matched();
    const signer = house.get(Signer);
    const right = signer.token('answer', `${firm.contactId}.${id}`);
    const forged = [
      right.slice(0, -1) + (right.endsWith('A') ? 'B' : 'A'),
      signer.token('unsubscribe', firm.contactId),
      signer.token('confirm', `${firm.contactId}.${id}`),
      signer.token('answer', `${firm.contactId}.${randomUUID()}`),
      signer.token('answer', `${'-'.repeat(36)}.${'-'.repeat(36)}`).slice(0, -1),
      'x',
    ];
    const before = await everything();
    for (const token of forged) {
      const shown = await new Visitor(house.url).get(`/a/${token}`);
      const pressed = await press(`/a/${token}`, { do: 'interested' });
      expect([token, shown.status, pressed.status]).toEqual([token, 200, 200]);
      expect(pressed.text).toContain(say('en', 'answer.unknown'));
    }
    for (const way of ['', '/all', '/fewer']) expect((await press(`/u/${forged[0]}${way}`, { cadence: 'monthly' })).status).toBe(200);
    expect(await everything()).toEqual(before);
  });

  it('hold for a year and more, and for one contact and one opportunity only', async () => {
    firm = await memberFirm(house);
    const { id } = await matched({ deadline: '2028-01-31' });
    const link = answerLink(firm.contactId, id, 'save');
    house.clock.set(new Date(EIGHT.getTime() + 400 * 86_400_000));
    expect((await press(link, { do: 'save' })).text).toContain(say('en', 'saved.done'));
    expect(await house.source.query('select firm_id, opportunity_id, contact_id from saved')).toEqual([
      { firm_id: firm.firmId, opportunity_id: id, contact_id: firm.contactId },
    ]);
  });
});

describe('an answer from the mail', () => {
  it('interested: one press without cookie, from anywhere, in either form type; the desk reads the sentence; again is the same', async () => {
    firm = await memberFirm(house);
    const { id, reference } = await matched();
    const link = answerLink(firm.contactId, id);
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://mail.example' };
    const form = { do: 'interested', sentence: ' 40 t a month \u202Efrom\u0000 March ' };
    const pressed = await new Visitor(house.url).send('POST', link, { form, headers: elsewhere });
    expect(pressed.status).toBe(200);
    expect(pressed.text).toContain(say('en', 'interest.done'));
    expect(pressed.headers.getSetCookie()).toEqual([]);
    const multipart =
      '--b\r\nContent-Disposition: form-data; name="do"\r\n\r\ninterested\r\n--b\r\nContent-Disposition: form-data; name="sentence"\r\n\r\n50 t a month\r\n--b--\r\n';
    const again = await new Visitor(house.url).send('POST', link, { body: multipart, headers: { 'content-type': 'multipart/form-data; boundary=b' } });
    expect(again.status).toBe(200);
    expect(again.text).toContain('50 t a month');
    expect(await house.source.query('select firm_id, sentence, state from interest')).toEqual([
      { firm_id: firm.firmId, sentence: '50 t a month', state: 'expressed' },
    ]);
    const { items, next } = (await curator.get('/api/v1/desk/introductions')).json() as { items: Record<string, unknown>[]; next: null };
    expect([items.length, next]).toEqual([1, null]);
    expect(items[0]).toMatchObject({ firms: [{ firmId: firm.firmId, firm: 'Kunri Sun Chillies' }], reference, sentence: '50 t a month' });
    // and it can be taken back by the same link
    expect((await press(link, { do: 'interested', undo: 'yes' })).text).toContain(say('en', 'answer.taken-back'));
    expect(await state(firm.firmId)).toEqual([{ what: 'interest', says: 'withdrawn' }]);
    expect(((await curator.get('/api/v1/desk/introductions')).json() as { items: unknown[] }).items).toEqual([]);
  });

  it('keeps control and direction characters out of a sentence, and shows markup as what it is', async () => {
    firm = await memberFirm(house);
    const { id } = await matched();
    const link = answerLink(firm.contactId, id);
    expect((await press(link, { do: 'interested', sentence: '<img src=x onerror=alert(1)>' })).status).toBe(422);
    expect((await press(link, { do: 'interested', sentence: '=1+1 & "quotes" \u202Eevil\u0007' })).status).toBe(200);
    expect(await house.source.query('select sentence from interest')).toEqual([{ sentence: '=1+1 & "quotes" evil' }]);
    const desk = await browser(house, await chamberAccount(house, 'curator'));
    expect((await desk.get('/desk/introductions')).text).toContain('=1+1 &amp; &quot;quotes&quot; evil');
  });

  it.each(['Call ۰۳۰۰-۱۲۳۴۵۶۷', 'naila at kunri dot com'])(
    'is refused with contact details in it (%s), says why, and keeps what was written',
    async (sentence) => {
      firm = await memberFirm(house);
      const { id } = await matched();
      const answer = await press(answerLink(firm.contactId, id), { do: 'interested', sentence });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(say('en', 'error.no-contact'));
      expect(answer.text).toContain(sentence);
      const because = await press(answerLink(firm.contactId, id), { do: 'not-for-me', reason: 'other', text: sentence });
      expect(because.status).toBe(422);
      expect(await state(firm.firmId)).toEqual([]);
    },
  );

  it('asks for a reason, and for an answer', async () => {
    firm = await memberFirm(house);
    const { id } = await matched();
    const link = answerLink(firm.contactId, id);
    expect((await press(link, { do: 'not-for-me' })).status).toBe(422);
    expect((await press(link, { do: 'not-for-me', reason: 'weather' })).status).toBe(422);
    expect((await press(link, {})).status).toBe(422);
    expect(await state(firm.firmId)).toEqual([]);
    expect((await press(link, { do: 'not-for-me', reason: 'price', text: 'Too low' })).text).toContain('The price');
    expect(await state(firm.firmId)).toEqual([{ what: 'feedback', says: 'price' }]);
  });

  it('cannot be interest in what is closed, one’s own, or without a membership', async () => {
    firm = await memberFirm(house);
    const { id } = await matched();
    const link = answerLink(firm.contactId, id);
    const refused = async (reason: 'own-lead' | 'membership-lapsed' | 'not-a-member' | 'lead-closed') => {
      const answer = await press(link, { do: 'interested' });
      expect([reason, answer.status, answer.text.includes(say('en', `error.${reason}`))]).toEqual([reason, 409, true]);
    };
    await house.source.query('update opportunity set firm_id = $1', [firm.firmId]);
    await refused('own-lead');
    await house.source.query('update opportunity set firm_id = null');
    await house.source.query(`update firm set membership_valid_until = '2026-03-31'`);
    await refused('membership-lapsed');
    await house.source.query(`update firm set membership_valid_until = '2027-03-31', status = 'suspended'`);
    await refused('not-a-member');
    await house.source.query(`update firm set status = 'admitted'`);
    await press(link, { do: 'save' });
    await curator.post(`/api/v1/desk/opportunities/${id}/close`, { as: 'filled' });
    await refused('lead-closed');
    expect((await new Visitor(house.url).get(link)).text).toContain(say('en', 'answer.closed'));
    // what was answered before can still be taken back
    expect((await press(link, { do: 'save', undo: 'yes' })).status).toBe(200);
    expect(await state(firm.firmId)).toEqual([]);
  });
});

describe('what follows from an answer', () => {
  it('what is answered is not mailed to the firm again, to none of its contacts; a quantity or deadline that was in the way makes it news when it changes', async () => {
    firm = await memberFirm(house);
    const leads = { interested: await matched(), price: await matched(), quantity: await matched(), saved: await matched(), untouched: await matched() };
    const { interested, price, quantity, saved, untouched } = leads;
    await week(0);
    expect(await told(firm.contactId)).toEqual([
      Object.values(leads)
        .map(({ reference }) => reference)
        .sort(),
    ]);
    await press(answerLink(firm.contactId, interested.id), { do: 'interested' });
    await press(answerLink(firm.contactId, price.id), { do: 'not-for-me', reason: 'price' });
    await press(answerLink(firm.contactId, quantity.id), { do: 'not-for-me', reason: 'quantity' });
    await press(answerLink(firm.contactId, saved.id), { do: 'save' });
    // a second person of the firm, who has been told nothing yet
    const [second] = await house.source.query<{ id: string }[]>(
      `insert into contact (firm_id, name, email, language, nonce, confirm_sent_at, confirmed_at, digest_consent_at, created_at)
       select firm_id, 'Second', 'second@kunri-sun.example', 'en', 'n', confirm_sent_at, confirmed_at, digest_consent_at, created_at from contact where id = $1 returning id`,
      [firm.contactId],
    );
    await week(1);
    expect((await told(firm.contactId)).slice(1)).toEqual([]);
    expect(await told(second!.id)).toEqual([[saved.reference, untouched.reference].sort()]);
    // all of them change in quantity
    for (const { id } of Object.values(leads)) {
      const before = (await curator.get(`/api/v1/desk/opportunities/${id}`)).json() as { counterparty: string };
      const changed = lead({ deadline: '2027-02-28', counterparty: before.counterparty, counterpartyEmail: undefined, quantity: { amount: 2, unit: 't' } });
      expect((await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: changed })).status).toBe(200);
      await house.get(MatchingService).matchOpportunity(id);
    }
    await week(2);
    expect((await told(firm.contactId)).slice(1)).toEqual([[quantity.reference, saved.reference, untouched.reference].sort()]);
  });

  it('interest and “not for me” exclude each other, whatever comes at once', async () => {
    firm = await memberFirm(house);
    const { id } = await matched();
    const interests = house.get(InterestsService);
    const by = { firmId: firm.firmId, contactId: firm.contactId };
    const moves = [
      () => interests.interested(by, id, {}),
      () => interests.notForMe(by, id, { reason: 'price' }),
      () => interests.save(by, id),
      () => interests.takeBack(by, id, 'interested'),
      () => interests.takeBack(by, id, 'not-for-me'),
    ];
    for (let round = 0; round < 8; round++) {
      await Promise.all(Array.from({ length: 8 }, (_, n) => moves[(n * (round + 1)) % moves.length]!()));
      const now = await state(firm.firmId);
      expect(now.filter(({ what, says }) => what === 'feedback' || says === 'expressed').length).toBeLessThanOrEqual(1);
      expect(now.filter(({ what }) => what === 'interest').length).toBeLessThanOrEqual(1);
    }
    await interests.save(by, id);
    await interests.notForMe(by, id, { reason: 'price' });
    expect((await state(firm.firmId)).filter(({ says }) => says !== 'withdrawn')).toEqual([{ what: 'feedback', says: 'price' }]);
    await interests.interested(by, id, {});
    expect(await state(firm.firmId)).toEqual([{ what: 'interest', says: 'expressed' }]);
  });

  it('a signed-in firm answers on its pages, sees what it answered, and takes it back', async () => {
    firm = await memberFirm(house);
    const a = await matched();
    const b = await matched({ deadline: '2026-12-31' });
    const member = await browser(house, firm);
    expect((await member.get('/firm')).text.match(/>Not for me</g)).toHaveLength(2);
    const submit = (reference: string, form: Record<string, string>, back = '/firm') => member.submit('/firm', `/firm/answers/${reference}`, { back, ...form });
    expect((await submit(a.reference, { do: 'not-for-me', reason: 'country' })).headers.get('location')).toBe(`/firm#${a.reference}`);
    expect((await submit(b.reference, { do: 'save' }, '//evil.example')).headers.get('location')).toBe(`/firm#${b.reference}`);
    const page = (await member.get('/firm')).text;
    expect(page).toMatch(new RegExp(`id="${a.reference}" class="dim"`));
    expect(page).toContain('Not for you: The country');
    expect(page.match(/>Not for me</g)).toHaveLength(1);
    const list = (await member.get('/firm/saved')).text;
    expect(list).toContain('31 December 2026');
    expect(list.indexOf(b.reference)).toBeLessThan(list.indexOf(a.reference));
    const leadPage = (await member.get(`/opportunities/${b.reference}`)).text;
    expect(leadPage).toContain(say('en', 'saved.stands'));
    expect(leadPage).toContain(`/firm/answers/${b.reference}?do=interested`);
    expect((await new Visitor(house.url).get(`/opportunities/${b.reference}`)).text).not.toContain('/firm/answers/');
    expect((await submit(a.reference, { do: 'not-for-me', undo: 'yes' })).status).toBe(303);
    expect(await state(firm.firmId)).toEqual([{ what: 'saved', says: '' }]);
    // interest needs its sentence to be in order, and says so on the page
    const wrong = await member.submit('/firm', `/firm/answers/${a.reference}`, { do: 'interested', sentence: '0300 1234567' });
    expect([wrong.status, wrong.text.includes(say('en', 'error.no-contact'))]).toEqual([422, true]);
    expect((await submit(a.reference, { do: 'interested', sentence: 'From March' })).status).toBe(303);
    const desk = await browser(house, await chamberAccount(house, 'curator'));
    expect((await desk.get('/desk')).text).toContain('1 interest waits for the chamber');
    const rows = (await desk.get('/desk/introductions')).text;
    for (const part of ['From March', `/desk/firms/${firm.firmId}`, `/desk/opportunities/${a.id}`, a.reference]) expect(rows).toContain(part);
  });

  it('a lead that is no draft any more is all that a firm can answer', async () => {
    firm = await memberFirm(house);
    const { id } = (await curator.post('/api/v1/desk/opportunities', lead())).json() as { id: string };
    const { reference } = await house.get(OpportunitiesService).get(id);
    for (const [method, what] of [
      ['POST', 'interest'],
      ['PUT', 'feedback'],
      ['PUT', 'saved'],
      ['DELETE', 'saved'],
    ] as const) {
      const answer = await firm.member.send(method, `/api/v1/firms/${firm.firmId}/opportunities/${reference}/${what}`, { body: { reason: 'price' } });
      expect([method, what, answer.status]).toEqual([method, what, 404]);
    }
  });
});

describe('a suggestion for the settings', () => {
  const three = async (reason: string, over: Record<string, unknown> = {}): Promise<void> => {
    for (let n = 0; n < 3; n++) await press(answerLink(firm.contactId, (await matched(over)).id), { do: 'not-for-me', reason });
  };
  const proposals = async () => ((await firm.member.get(`/api/v1/firms/${firm.firmId}/proposals`)).json() as { items: { key: string }[] }).items;
  const decide = (key: string, decision: string) => firm.member.post(`/api/v1/firms/${firm.firmId}/proposals`, { key, decision });
  const profile = async () => (await firm.member.get(`/api/v1/firms/${firm.firmId}`)).json() as { profile: Record<string, unknown> };

  it('comes of three answers of a kind; nothing changes before the firm accepts it, and then that setting alone', async () => {
    firm = await memberFirm(house, { about: 'Since 1984', offers: [{ text: 'Longi', hs: ['0904.21', '0904.22'], months: [3] }], needs: [{ text: 'A dryer' }] });
    await three('country', { country: 'AE' });
    const before = await profile();
    expect(await proposals()).toEqual([{ kind: 'exclude-country', key: 'exclude-country:AE', count: 3, country: 'AE' }]);
    expect(await profile()).toEqual(before);
    const page = await browser(house, firm);
    expect((await page.get('/firm')).text).toContain('United Arab Emirates');
    expect((await page.submit('/firm', '/firm/proposals', { key: 'exclude-country:AE', decision: 'accept' })).status).toBe(303);
    expect(await profile()).toEqual({ ...before, profile: { ...before.profile, excludedCountries: ['AE'] } });
    expect(await proposals()).toEqual([]);
    // what is matched afterwards is another matter of the matcher; the firm was marked for it
    expect(await house.source.query('select revision from firm')).toEqual([{ revision: 3 }]);
  });

  it('takes a code off, and only that', async () => {
    firm = await memberFirm(house, { offers: [{ text: 'Longi', hs: ['0904.21', '7018.10'] }] });
    await three('product', { hs: ['090421'] });
    expect((await proposals()).map(({ key }) => key)).toEqual(['remove-hs:090421']);
    expect((await decide('remove-hs:090421', 'accept')).json()).toEqual({ items: [] });
    expect((await profile()).profile['offers']).toMatchObject([{ text: 'Longi', hs: ['701810'] }]);
  });

  it('once dismissed stays dismissed', async () => {
    firm = await memberFirm(house);
    await three('country', { country: 'AE' });
    expect((await decide('exclude-country:AE', 'dismiss')).status).toBe(200);
    await three('country', { country: 'AE' });
    expect(await proposals()).toEqual([]);
    expect((await decide('exclude-country:AE', 'accept')).status).toBe(409);
    expect((await profile()).profile['excludedCountries']).toEqual([]);
  });

  it('about a quantity is for the firm to fill in, and gone when it has', async () => {
    firm = await memberFirm(house);
    await three('quantity');
    expect((await proposals()).map(({ key }) => key)).toEqual(['state-capacity:090421']);
    expect((await decide('state-capacity:090421', 'accept')).status).toBe(422);
    await house.get(FirmsService).amendProfile(firm.firmId, (said) => ({
      ...said,
      offers: said.offers.map((offer) => ({ ...offer, capacity: { amount: 40, unit: 't', period: 'month' } })),
    }));
    expect(await proposals()).toEqual([]);
  });

  it('never says anything about a sector', async () => {
    firm = await memberFirm(house);
    await three('other');
    await three('price');
    await three('too-late');
    expect(await proposals()).toEqual([]);
    expect((await profile()).profile['sectors']).toEqual(['agriculture']);
  });
});

describe('an Idempotency-Key', () => {
  const express = (reference: string, key: string, body: unknown = {}) =>
    firm.member.send('POST', `/api/v1/firms/${firm.firmId}/opportunities/${reference}/interest`, { body, headers: { 'idempotency-key': key } });

  it('sent ten times at once makes one row and one answer', async () => {
    firm = await memberFirm(house);
    const { reference } = await matched();
    const answers = await Promise.all(Array.from({ length: 10 }, () => express(reference, 'k1', { sentence: 'From March' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]!.json()).toMatchObject({ reference, interest: { sentence: 'From March', at: TUESDAY.toISOString() } });
    expect(await house.source.query('select count(*)::int n from interest')).toEqual([{ n: 1 }]);
    // the same answer a day later, though the interest was withdrawn meanwhile; and a new key acts anew
    await firm.member.send('DELETE', `/api/v1/firms/${firm.firmId}/opportunities/${reference}/interest`);
    house.clock.set(new Date(TUESDAY.getTime() + 25 * 3_600_000));
    await house.get(AccountsService).forgetSessions();
    expect((await express(reference, 'k1', { sentence: 'From March' })).text).toBe(answers[0]!.text);
    expect(await state(firm.firmId)).toEqual([{ what: 'interest', says: 'withdrawn' }]);
    expect((await express(reference, 'k2')).status).toBe(201);
    expect(await state(firm.firmId)).toEqual([{ what: 'interest', says: 'expressed' }]);
    house.clock.set(new Date(TUESDAY.getTime() + 80 * 3_600_000));
    await house.get(AccountsService).forgetSessions();
    expect(await house.source.query('select key from idempotency')).toEqual([]);
  });

  it('with another body or another address is refused', async () => {
    firm = await memberFirm(house);
    const [a, b] = [await matched(), await matched()];
    expect((await express(a.reference, 'k', { sentence: 'One' })).status).toBe(201);
    const changed = await express(a.reference, 'k', { sentence: 'Two' });
    expect([changed.status, changed.json() as { errors: unknown[] }]).toMatchObject([422, { errors: [{ field: 'idempotency-key', reason: 'key-reused' }] }]);
    expect((await express(b.reference, 'k', { sentence: 'One' })).status).toBe(422);
    expect(await house.source.query('select sentence from interest')).toEqual([{ sentence: 'One' }]);
    expect((await express(a.reference, 'x'.repeat(256))).status).toBe(422);
    // of another account it is another key
    const other = await memberFirm(house);
    const theirs = await other.member.send('POST', `/api/v1/firms/${other.firmId}/opportunities/${a.reference}/interest`, {
      body: {},
      headers: { 'idempotency-key': 'k' },
    });
    expect(theirs.status).toBe(201);
  });

  it('is free again after a request that failed', async () => {
    firm = await memberFirm(house);
    const { reference } = await matched();
    expect((await express(reference, 'k', { sentence: 'Call 03001234567' })).status).toBe(422);
    expect((await express(reference, 'k', { sentence: 'From March' })).status).toBe(201);
  });

  it('is named in the description of the API', async () => {
    const { paths } = (await new Visitor(house.url).get('/api/openapi.json')).json() as {
      paths: Record<string, Record<string, { parameters: { name: string; in: string; required: boolean }[] }>>;
    };
    const operation = paths['/api/v1/firms/{firmId}/opportunities/{reference}/interest']?.['post'];
    expect(operation?.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false }));
  });
});

describe('fewer mails, and none', () => {
  const subscription = async () =>
    (
      await house.source.query<{ cadence: string; threshold: number; stopped: boolean }[]>(
        'select cadence, threshold, unsubscribed_at is not null stopped from subscription',
      )
    )[0];

  it('are a step less often or closer matches, one press each; a press again, or for more, changes nothing', async () => {
    firm = await memberFirm(house);
    await matched();
    await week(0);
    const link = stopLink(firm.contactId);
    const page = (await new Visitor(house.url).get(`${link}?what=fewer`)).text;
    expect([page.includes('name="cadence" value="fortnightly"'), page.includes('name="threshold" value="70"')]).toEqual([true, true]);
    expect((await press(`${link}/fewer`, { cadence: 'fortnightly' })).text).toContain('Every two weeks');
    await press(`${link}/fewer`, { cadence: 'fortnightly' });
    expect(await subscription()).toEqual({ cadence: 'fortnightly', threshold: 60, stopped: false });
    const more: Record<string, string>[] = [{ cadence: 'daily' }, { cadence: 'weekly' }, { threshold: '50' }];
    for (const form of more) await press(`${link}/fewer`, form);
    expect(await subscription()).toEqual({ cadence: 'fortnightly', threshold: 60, stopped: false });
    const wrong: Record<string, string>[] = [{ cadence: 'off' }, { threshold: '101' }, {}];
    for (const form of wrong) expect((await press(`${link}/fewer`, form)).status).toBe(422);
    await press(`${link}/fewer`, { threshold: '70' });
    expect(await subscription()).toEqual({ cadence: 'fortnightly', threshold: 70, stopped: false });
    // stopped ones are not started by it
    await press(link, { 'List-Unsubscribe': 'One-Click' });
    await press(`${link}/fewer`, { cadence: 'monthly' });
    expect(await subscription()).toEqual({ cadence: 'fortnightly', threshold: 70, stopped: true });
    expect((await new Visitor(house.url).get(`${link}?what=fewer`)).text).toContain(say('en', 'answer.fewer.none', { email: firm.email }));
  });

  it('by one click within a second, in both content types, holds before the next hand-over of a run that is going on', async () => {
    const firms: MemberFirm[] = [];
    for (let n = 0; n < 12; n++) firms.push(await memberFirm(house));
    await matched();
    house.clock.set(EIGHT);
    await digests().plan();
    const [run] = await house.source.query<{ occurrence_id: string }[]>('select distinct occurrence_id from digest');
    sink.otherwise = 'hold';
    const going = delivery().deliver(run!.occurrence_id);
    await house.until(() => sink.holding > 0, 'the first hand-over');
    // claimed by the run, and not yet handed over
    const waiting = await house.source.query<{ contact_id: string }[]>(
      `select contact_id from digest where state in ('queued', 'claimed') order by next_attempt_at, id`,
    );
    expect(waiting.length).toBeGreaterThanOrEqual(2);
    const stopped = [waiting[0]!.contact_id, waiting.at(-1)!.contact_id];
    const multipart = {
      body: '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    };
    for (const [n, options] of [{ form: { 'List-Unsubscribe': 'One-Click' } }, multipart].entries()) {
      const began = performance.now();
      const answer = await new Visitor(house.url).send('POST', stopLink(stopped[n]!), options);
      expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
      expect(performance.now() - began).toBeLessThan(1000);
    }
    sink.otherwise = 'accept';
    const release = setInterval(() => sink.release(), 20);
    await going;
    clearInterval(release);
    await week(0); // whatever of the run is left
    const ends = new Map(
      (await house.source.query<{ contact_id: string; says: string }[]>(`select contact_id, concat_ws(' ', state, reason) says from digest`)).map((row) => [
        row.contact_id,
        row.says,
      ]),
    );
    for (const { contactId, email } of firms) {
      const expected = stopped.includes(contactId) ? ['skipped unsubscribed', 0] : ['sent', 1];
      expect([ends.get(contactId), taken(email).length]).toEqual(expected);
    }
  });

  it('at all: every contact of the address, and only by signing in and starting again does it begin anew', async () => {
    firm = await memberFirm(house);
    await matched();
    // the same person in another firm
    const other = await memberFirm(house);
    await house.source.query('update contact set email = $2 where id = $1', [other.contactId, firm.email.toUpperCase()]);
    expect((await press(`${stopLink(firm.contactId)}/all`, {})).text).toContain(firm.email);
    await press(`${stopLink(firm.contactId)}/all`, {});
    expect(await house.source.query('select stream, reason from suppression')).toEqual([{ stream: 'all', reason: 'asked' }]);
    expect(await house.source.query('select count(*)::int n from subscription where unsubscribed_at is not null')).toEqual([{ n: 2 }]);
    await week(0);
    expect(taken(firm.email)).toEqual([]);
    // security mail still comes: somebody registers the address once more
    const owed = () => house.source.query<{ n: number }[]>(`select count(*)::int n from security_mail where recipient = $1`, [firm.email]);
    const [before] = await owed();
    await new Visitor(house.url).post('/api/v1/firms', registration({ email: firm.email }));
    expect((await owed())[0]!.n).toBe(before!.n + 1);
    const member = await browser(house, firm);
    const settings = { cadence: 'weekly', weekday: '2', hour: '8', zone: 'Asia/Karachi', threshold: '60', maxItems: '10' };
    expect((await member.submit('/firm/digests', '/firm/digests', settings)).status).toBe(303);
    expect(await house.source.query('select stream from suppression')).toEqual([]);
    expect(await house.source.query('select contact_id from subscription where unsubscribed_at is null')).toEqual([{ contact_id: firm.contactId }]);
  });

  it('starting again does not lift what came of a bounce', async () => {
    firm = await memberFirm(house);
    await house.source.query(
      `insert into suppression (address_sha256, stream, reason, created_at) select encode(sha256(convert_to(lower(email), 'UTF8')), 'hex'), 'all', '550 5.1.1', now() from contact`,
    );
    await press(`${stopLink(firm.contactId)}/all`, {});
    const member = await browser(house, firm);
    await member.submit('/firm/digests', '/firm/digests', {
      cadence: 'weekly',
      weekday: '2',
      hour: '8',
      zone: 'Asia/Karachi',
      threshold: '60',
      maxItems: '10',
    });
    expect(await house.source.query('select reason from suppression')).toEqual([{ reason: '550 5.1.1' }]);
  });
});
