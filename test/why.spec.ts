import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '../src/language/language.js';
import { MatchingService } from '../src/matching/matching.service.js';
import type { Change } from '../src/matching/scoring/account.js';
import { browser, chamberAccount, type House, lead, type MemberFirm, memberFirm, openHouse, publishedLead, signedIn, type Visitor } from './support/house.js';

interface Near {
  readonly threshold: number;
  readonly items: readonly {
    readonly score: number;
    readonly brings: { readonly change: Change; readonly score: number; readonly said: string };
    readonly opportunity: { readonly reference: string };
  }[];
}
interface Account {
  readonly score: number;
  readonly gate: string | null;
  readonly rules: readonly {
    readonly rule: string;
    readonly points: number;
    readonly max: number;
    readonly because: readonly string[];
    readonly short: string | null;
  }[];
  readonly blockers: readonly { readonly gap: string }[];
  readonly brings: { readonly change: Change } | null;
}
interface Silence {
  readonly items: readonly { readonly threshold: number; readonly checks: readonly { readonly check: string; readonly reason: string | null }[] }[];
}

let house: House;
let firm: MemberFirm;
let page: Visitor;
let curator: Visitor;
let desk: Visitor;

const references = new Map<string, string>();
/** Publishes a lead and notes its reference. */
async function publish(name: string, over: Record<string, unknown>): Promise<void> {
  const id = await publishedLead(curator, over);
  const [row] = await house.source.query<{ reference: string }[]>('select reference from opportunity where id = $1', [id]);
  references.set(name, row?.reference ?? '');
}
const reference = (name: string): string => references.get(name) ?? '';
const settled = () => house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
const near = async (): Promise<Near> => (await firm.member.get(`/api/v1/firms/${firm.firmId}/near-misses`)).json();
const nearest = async (name: string) => (await near()).items.find(({ opportunity }) => opportunity.reference === reference(name));
const account = async (name: string, by: Visitor = firm.member): Promise<Account> =>
  (await by.get(`/api/v1/firms/${firm.firmId}/opportunities/${reference(name)}/account`)).json();
const reasons = async (): Promise<string[]> => {
  const { items } = (await firm.member.get(`/api/v1/firms/${firm.firmId}/silence`)).json() as Silence;
  return (items[0]?.checks ?? []).flatMap(({ check, reason }) => (reason ? [`${check} ${reason}`] : []));
};

beforeAll(async () => {
  house = await openHouse();
  curator = await signedIn(house, 'curator');
  desk = await browser(house, await chamberAccount(house, 'curator'));
  firm = await memberFirm(house, { offers: [{ text: 'Whole dried red chillies, Longi', hs: ['0904.21'] }] });
  page = await browser(house, firm);
  await publish('match', { certificates: ['gacc'], deliveryMonths: [6, 7] });
  await publish('venture', { kind: 'joint_venture', title: { en: 'A plant for dried red chillies' }, quantity: undefined });
  await publish('onions', { title: { en: 'Onions, red' }, summary: {}, hs: ['070310'], sectors: ['agriculture'], counterparty: 'Other' });
  await settled();
});
afterAll(() => house.close());

describe('what a firm nearly got', () => {
  it('is told with the one change, which leads to its field and does bring it', async () => {
    const miss = await nearest('venture');
    expect(miss?.brings.change).toEqual({ change: 'seek', kind: 'joint_venture' });
    expect(miss?.brings.said).toContain('Joint venture');
    // what it has is no near miss, and what nothing but another trade would bring is none either
    expect((await near()).items.map(({ opportunity }) => opportunity.reference)).toEqual([reference('venture')]);
    const { text } = await page.get('/firm/near');
    expect(text).toContain('href="/firm/profile#f-seeks"');
    expect(text).toContain(`href="/firm/opportunities/${reference('venture')}"`);
    expect((await page.get('/firm/profile')).text).toContain('id="f-seeks"');
    const fields = { 'offers.0.text': 'Whole dried red chillies, Longi', 'offers.0.hs': '0904.21', seeks: 'joint_venture' };
    expect((await page.submit('/firm/profile', '/firm/profile', fields)).status).toBe(303);
    await settled();
    expect(await nearest('venture')).toBeUndefined();
    const matches = (await firm.member.get(`/api/v1/firms/${firm.firmId}/matches`)).json() as {
      items: { score: number; opportunity: { reference: string } }[];
    };
    const got = matches.items.find(({ opportunity }) => opportunity.reference === reference('venture'));
    expect(got?.score).toBe(miss?.brings.score);
  });

  it('names what the firm itself left out, and the form takes it back', async () => {
    const left = { excludedCountries: 'CN', excludedKinds: 'tender', excludedWords: 'plant, wine', markets: 'AE' };
    const fields = { 'offers.0.text': 'Whole dried red chillies, Longi', 'offers.0.hs': '0904.21', seeks: 'joint_venture' };
    expect((await page.submit('/firm/profile', '/firm/profile', { ...fields, ...left })).status).toBe(303);
    await settled();
    const { profile } = (await firm.member.get(`/api/v1/firms/${firm.firmId}`)).json() as { profile: Record<string, unknown> };
    expect(profile).toMatchObject({ excludedCountries: ['CN'], excludedKinds: ['tender'], excludedWords: ['plant', 'wine'], markets: ['AE'] });
    expect((await nearest('match'))?.brings.change).toEqual({ change: 'include-country', country: 'CN' });
    const form = (await page.get('/firm/profile')).text;
    for (const shown of [
      'name="excludedCountries" value="CN" checked=""',
      'name="excludedKinds" value="tender" checked=""',
      'value="plant, wine"',
      'id="f-markets"',
    ])
      expect(form).toContain(shown);
    // whatever a form does not ask for stays as it is
    await page.submit('/firm/profile', '/firm/profile', fields);
    expect(((await firm.member.get(`/api/v1/firms/${firm.firmId}`)).json() as { profile: object }).profile).toEqual(profile);
    await page.submit('/firm/profile', '/firm/profile', { ...fields, excludedCountries: '', excludedKinds: '', excludedWords: '', markets: '' });
    await settled();
    expect((await near()).items).toEqual([]);
  });

  it('puts a line that it suggests into the form, and saves nothing by that', async () => {
    const { text } = await page.get('/firm/profile?add=offer.hs.070310');
    expect(text).toMatch(/id="f-added".*value="0703\.10"/s);
    expect((await page.get('/firm/profile?add=offer.hs.%3Cscript%3E')).text).not.toContain('f-added');
    const [row] = await house.source.query<{ n: number }[]>('select count(*)::int n from firm_line where firm_id = $1', [firm.firmId]);
    expect(row?.n).toBe(1);
  });

  it('does not bring up again what the firm has refused', async () => {
    await page.submit('/firm/profile', '/firm/profile', { 'offers.0.text': 'Whole dried red chillies, Longi', 'offers.0.hs': '0904.21' });
    await settled();
    expect((await page.get('/firm/near')).text).toContain(reference('venture'));
    await firm.member.send('PUT', `/api/v1/firms/${firm.firmId}/opportunities/${reference('venture')}/feedback`, { body: { reason: 'other' } });
    expect((await page.get('/firm/near')).text).not.toContain(reference('venture'));
    await firm.member.send('DELETE', `/api/v1/firms/${firm.firmId}/opportunities/${reference('venture')}/feedback`);
  });
});

describe('the account of a pair', () => {
  it('says why it matched and what holds it back, and agrees with the match', async () => {
    const { score, gate, rules, blockers } = await account('match');
    const matches = (await firm.member.get(`/api/v1/firms/${firm.firmId}/matches`)).json() as {
      items: { score: number; opportunity: { reference: string } }[];
    };
    expect(score).toBe(matches.items.find(({ opportunity }) => opportunity.reference === reference('match'))?.score);
    expect(gate).toBeNull();
    expect(rules.find(({ rule }) => rule === 'product')).toMatchObject({ points: 45, max: 45, short: null });
    expect(rules.find(({ rule }) => rule === 'certificates')?.short).toEqual(expect.any(String));
    expect(blockers).toEqual([{ gap: 'certificate-missing', certificate: 'gacc' }]);
    const { text } = await page.get(`/firm/opportunities/${reference('match')}`);
    for (const said of ['Matched because', 'Held back by', 'The same product as yours', 'GACC registration']) expect(text).toContain(said);
  });

  it('is there for what did not match too, with what shuts it out', async () => {
    expect(await account('venture')).toMatchObject({ gate: 'direction', brings: { change: { change: 'seek' } } });
    expect((await account('onions')).score).toBeLessThan(40);
    const { text } = await page.get(`/firm/opportunities/${reference('venture')}`);
    expect(text).toContain('Not matched');
    expect(text).toContain('href="/firm/profile#f-seeks"');
  });

  it('shows a member nothing of what is not published, and the desk everything', async () => {
    const { id, reference: draft } = (await curator.post('/api/v1/desk/opportunities', lead())).json() as { id: string; reference: string };
    expect(id).toBeTruthy();
    references.set('draft', draft);
    for (const address of [`/firm/opportunities/${draft}`, `/firm/opportunities/RB-9999`]) expect((await page.get(address)).status).toBe(404);
    expect((await firm.member.get(`/api/v1/firms/${firm.firmId}/opportunities/${draft}/account`)).status).toBe(404);
    // as it would be if it were published now
    expect(await account('draft', curator)).toMatchObject({
      gate: null,
      rules: expect.arrayContaining([expect.objectContaining({ rule: 'product', points: 45 })]),
    });
  });

  it('is found at the desk by what one knows of the firm', async () => {
    const other = await memberFirm(house, { firmName: 'Kunri Onions', offers: [{ text: 'Onions', hs: ['0703.10'] }] });
    await house.source.query(`update firm set membership_number = 'A-77' where id = $1`, [other.firmId]);
    const ask = async (text: string, name = 'venture') =>
      (await desk.get(`/desk/account?firm=${encodeURIComponent(text)}&opportunity=${reference(name)}`)).text;
    expect(await ask('kunri')).toMatch(/Kunri Onions[^]*Kunri Sun Chillies/);
    for (const text of ['Kunri Sun', 'chillies', firm.firmId]) expect(await ask(text)).toContain('id="account"');
    expect(await ask('A-77', 'onions')).toContain('id="account"');
    expect(await ask('100%')).toContain('No firm is known as “100%”');
    expect((await desk.get('/desk/account?firm=kunri+sun&opportunity=RB-9999')).text).toContain('There is no opportunity RB-9999');
    expect((await desk.get('/desk/account')).status).toBe(200);
  });
});

describe('why do I get nothing', () => {
  const set = (what: string, ...values: unknown[]) => house.source.query(what, [firm.contactId, ...values]);

  it('names everything in the way, as it stands now', async () => {
    expect(await reasons()).toEqual([]);
    expect((await page.get('/firm/why')).text).toContain('Nothing is in the way');
    expect((await page.get('/firm')).text).not.toContain('id="why-nothing"');
    await set('update contact set confirmed_at = null where id = $1');
    await set('update subscription set threshold = 99 where contact_id = $1');
    expect(await reasons()).toEqual(['address unconfirmed', 'score below-threshold']);
    expect((await page.get('/firm')).text).toContain('id="why-nothing"');
    const { text } = await page.get('/firm/why');
    expect(text).toContain('href="/confirm"');
    // how much a lower score would let through
    expect(text).toMatch(/From 99 on: none so far[^]*From 80 on: about \d a week/);
    await set('update contact set confirmed_at = now() where id = $1');
    await set('update subscription set threshold = 60 where contact_id = $1');
  });

  it('tells the ways in which an address is held back from one another', async () => {
    const contact = house.source;
    const [row] = await contact.query<{ hash: string }[]>(`select encode(sha256(convert_to(lower(email), 'UTF8')), 'hex') hash from contact where id = $1`, [
      firm.contactId,
    ]);
    const cases = [
      ['bad-address', 'no such user', null, 'mailbox suppressed'],
      ['soft-bounces', 'came back', '2026-12-24', 'mailbox paused'],
      ['by-hand', 'the firm asked on the phone', null, 'mailbox by-hand'],
      ['by-hand', 'asked', null, 'mailbox asked'],
      ['complaint', 'spam', null, 'mailbox complaint'],
    ] as const;
    for (const [kind, reason, until, said] of cases) {
      await contact.query('delete from suppression');
      await contact.query(`insert into suppression (address_sha256, stream, kind, reason, until, created_at) values ($1, 'digest', $2, $3, $4, now())`, [
        row?.hash,
        kind,
        reason,
        until,
      ]);
      expect(await reasons()).toEqual([said]);
    }
    await contact.query('delete from suppression');
    expect(await reasons()).toEqual([]);
  });

  it('is shown to the desk for any firm, each contact with what it reads, and what the firm nearly got', async () => {
    const { text } = await desk.get(`/desk/firms/${firm.firmId}/why`);
    expect(text).toContain('Naila Arain');
    expect(text).toContain(`/desk/account?firm=${firm.firmId}&amp;opportunity=${reference('venture')}`);
    expect((await desk.get(`/desk/firms/${firm.firmId}`)).text).toContain(`/desk/firms/${firm.firmId}/why`);
  });
});

describe('before publishing', () => {
  it('the curator sees the nearest firms beside those it reaches, and what they lack', async () => {
    const { id } = (await curator.post('/api/v1/desk/opportunities', lead({ kind: 'joint_venture', quantity: undefined }))).json() as { id: string };
    const preview = (await curator.get(`/api/v1/desk/opportunities/${id}/preview`)).json() as {
      matched: number;
      best: unknown[];
      nearest: { firmId: string; firm: string; account: { gate: string }; brings: { change: Change } }[];
    };
    expect([preview.matched, preview.best]).toEqual([0, []]);
    expect(preview.nearest[0]).toMatchObject({
      firmId: firm.firmId,
      firm: 'Kunri Sun Chillies',
      account: { gate: 'direction' },
      brings: { change: { change: 'seek' } },
    });
    const { text } = await desk.get(`/desk/opportunities/${id}`);
    expect(text).toMatch(/The nearest firms[^]*Kunri Sun Chillies[^]*Joint venture/);
  });
});

it.each(LANGUAGES)('all of it is said in %s', async (language) => {
  const addresses = ['/firm/near', '/firm/why', `/firm/opportunities/${reference('match')}`, `/firm/opportunities/${reference('venture')}`, '/firm/profile'];
  for (const address of addresses) {
    const { status, text } = await page.get(`${address}?lang=${language}`);
    expect([address, status]).toEqual([address, 200]);
    const body = text.replace(/<[^>]+>/g, ' ');
    expect(body).not.toMatch(/\{|undefined|\b(near|why|account|silence|change|rule|gate)\.[a-z]/);
  }
});
