import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DigestsService } from '../src/digests/digests.service.js';
import { OpportunitiesService } from '../src/opportunities/opportunities.service.js';
import { browser, chamberAccount, GOOD_MARKS, type House, lead, memberFirm, openHouse, publishedLead, signedIn, TUESDAY, Visitor } from './support/house.js';

interface DeskLead {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly closedAs: string | null;
  readonly concerns: string[];
  readonly review: unknown;
  readonly reviewNote: string | null;
  readonly openUntil: string | null;
}

let house: House;
let curator: Visitor;
let parties = 0;

/** Each lead is of another party, or it would be taken for a duplicate. */
const unlike = (over: Record<string, unknown> = {}): Record<string, unknown> => {
  const n = ++parties;
  return lead({ counterparty: `Buyer ${n}`, counterpartyEmail: `buyer${n}@elsewhere.example`, ...over });
};
const drafted = async (over: Record<string, unknown> = {}): Promise<DeskLead> => (await curator.post('/api/v1/desk/opportunities', unlike(over))).json();
const step = (id: string, name: string, body: unknown = {}) => curator.post(`/api/v1/desk/opportunities/${id}/${name}`, body);
const submitted = async (over: Record<string, unknown> = {}): Promise<DeskLead> => (await step((await drafted(over)).id, 'submit')).json();
const seen = async (id: string): Promise<DeskLead> => (await curator.get(`/api/v1/desk/opportunities/${id}`)).json();
const reasons = (answer: { json: () => never }): string[] =>
  (answer.json() as { errors: { field: string; reason: string }[] }).errors.map(({ field, reason }) => `${field} ${reason}`);
const isPublic = async (reference: string): Promise<boolean> => (await new Visitor(house.url).get(`/api/v1/opportunities/${reference}`)).status === 200;
const material = async (id: string): Promise<number | undefined> =>
  (await house.source.query<{ material_revision: number }[]>('select material_revision from opportunity where id = $1', [id]))[0]?.material_revision;

const openDesk = async (): Promise<void> => {
  house = await openHouse();
  curator = await signedIn(house, 'curator');
};
const shut = (): Promise<void> => house.close();

describe('the life of a lead', () => {
  beforeAll(openDesk);
  afterAll(shut);

  it('goes from draft to review to publication to its end on the API', async () => {
    const { id, reference, status } = await drafted();
    expect(status).toBe('draft');
    expect(reference).toMatch(/^RB-\d{4}$/);
    expect(await isPublic(reference)).toBe(false);
    expect((await step(id, 'submit')).json()).toMatchObject({ status: 'in_review', concerns: [] });
    expect(await isPublic(reference)).toBe(false);
    expect((await step(id, 'publish', GOOD_MARKS)).json()).toMatchObject({ status: 'published', review: GOOD_MARKS, publishedAt: TUESDAY.toISOString() });
    expect(await isPublic(reference)).toBe(true);
    expect((await step(id, 'close', { as: 'filled' })).json()).toMatchObject({ status: 'closed', closedAs: 'filled' });
    expect(await isPublic(reference)).toBe(false);
  });

  it('goes the same way on the desk pages', async () => {
    const desk = await browser(house, await chamberAccount(house, 'curator'));
    const fields = {
      kind: 'buy_request',
      'title.en': 'Cotton bedsheets, 200 threads',
      'title.zh': '棉床单',
      'summary.en': 'By container',
      hs: '6302.21',
      sectors: 'export-industry',
      quantity: '5000',
      unit: 'piece',
      country: 'CN',
      counterparty: 'White Heron Textiles',
      counterpartyEmail: 'w@white-heron.example',
    };
    const refused = await desk.submit('/desk/opportunities/new', '/desk/opportunities/new', { ...fields, hs: '1' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Cotton bedsheets, 200 threads');
    const made = await desk.submit('/desk/opportunities/new', '/desk/opportunities/new', fields);
    expect(made.status).toBe(200);
    const id = /\/desk\/opportunities\/([0-9a-f-]{36})\/submit/.exec(made.text)?.[1] ?? '';
    const page = `/desk/opportunities/${id}`;
    const press = async (button: string, form: Record<string, string> = {}): Promise<number> => (await desk.submit(page, `${page}/${button}`, form)).status;
    expect(await seen(id)).toMatchObject({
      status: 'draft',
      title: { en: 'Cotton bedsheets, 200 threads', zh: '棉床单' },
      hs: ['630221'],
      quantity: { amount: 5000, unit: 'piece' },
    });
    expect(await press('submit')).toBe(303);
    expect((await desk.get('/desk')).text).toContain(page);
    expect(await press('return', { reason: 'Which size?' })).toBe(303);
    expect((await desk.get(page)).text).toContain('Which size?');
    expect(await press('edit', { ...fields, place: 'Shanghai' })).toBe(303);
    expect(await press('submit')).toBe(303);
    expect(await press('publish', { clear: '1', complete: '1', source: '1', wanted: '0' })).toBe(409);
    expect(await press('publish', { clear: '5', complete: '4', source: '3', wanted: '2' })).toBe(303);
    expect(await seen(id)).toMatchObject({ status: 'published', place: 'Shanghai', reviewNote: null, review: { clear: 5, complete: 4, source: 3, wanted: 2 } });
    expect((await new Visitor(house.url).get('/opportunities')).text).toContain('Cotton bedsheets, 200 threads');
    expect(await press('close', { as: 'withdrawn' })).toBe(303);
    expect(await press('close', { as: 'withdrawn' })).toBe(409);
    expect((await new Visitor(house.url).get('/opportunities')).text).not.toContain('Cotton bedsheets, 200 threads');
  });

  it('has no other steps', async () => {
    const { id } = await drafted();
    const tried = async (name: string, body?: unknown) => {
      const answer = await step(id, name, body);
      return [answer.status, ...(answer.status === 200 ? [] : reasons(answer))];
    };
    const none = [409, 'status no-such-step'];
    expect([await tried('publish', GOOD_MARKS), await tried('return', { reason: 'no' })]).toEqual([none, none]);
    expect(await tried('submit')).toEqual([200]);
    expect(await tried('submit')).toEqual(none);
    expect(await tried('publish', GOOD_MARKS)).toEqual([200]);
    expect([await tried('submit'), await tried('publish', GOOD_MARKS), await tried('return', { reason: 'no' })]).toEqual([none, none, none]);
    expect(await tried('close', { as: 'forgotten' })).toEqual([422, 'as not-one-of']);
    expect(await tried('close', { as: 'fraud' })).toEqual([200]);
    expect(await tried('close', { as: 'filled' })).toEqual([409, 'status already-closed']);
    const edited = await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: unlike() });
    expect([edited.status, reasons(edited)]).toEqual([409, ['status already-closed']]);
    expect([await tried('submit'), await tried('publish', GOOD_MARKS)]).toEqual([none, none]);
  });

  it('is taken by one of two curators who press at the same moment', async () => {
    const { id } = await submitted();
    const answers = await Promise.all([step(id, 'publish', GOOD_MARKS), step(id, 'publish', GOOD_MARKS), step(id, 'publish', GOOD_MARKS)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('is not begun with a fault in it', async () => {
    const before = await house.source.query('select count(*) from opportunity');
    const bad = unlike({
      title: {},
      hs: ['7'],
      sectors: [],
      deadline: '2026-11-23',
      country: 'China',
      reference: 'RB-0000',
      quantity: { amount: -1, unit: 'stone' },
    });
    const answer = await curator.post('/api/v1/desk/opportunities?lang=zh', bad);
    expect(answer.status).toBe(422);
    expect(reasons(answer)).toEqual(
      expect.arrayContaining([
        'title one-language',
        'hs.0 not-an-hs-code',
        'sectors required',
        'country not-a-country',
        'reference unknown-field',
        'quantity.unit not-one-of',
      ]),
    );
    for (const { message } of (answer.json() as { errors: { message: string }[] }).errors) expect(message).toMatch(/[\u4e00-\u9fff]/);
    const late = await curator.post('/api/v1/desk/opportunities', unlike({ deadline: '2026-11-23' }));
    expect([late.status, reasons(late)]).toEqual([422, ['deadline in-the-past']]);
    expect(await house.source.query('select count(*) from opportunity')).toEqual(before);
  });
});

describe('the review', () => {
  beforeAll(openDesk);
  afterAll(shut);

  it.each([
    ['publishes with ten marks and no zero', [3, 3, 3, 1], 200, []],
    ['publishes with all marks', [5, 5, 5, 5], 200, []],
    ['holds with nine', [3, 3, 2, 1], 409, ['review marks-hold']],
    ['holds with a zero, however good the rest', [5, 5, 5, 0], 409, ['review marks-hold']],
    ['holds with five', [2, 1, 1, 1], 409, ['review marks-hold']],
    ['returns with four', [1, 1, 1, 1], 409, ['review marks-return']],
    ['returns with none', [0, 0, 0, 0], 409, ['review marks-return']],
  ])('%s', async (_, [clear, complete, source, wanted], status, why) => {
    const { id, reference } = await submitted();
    const marks = { clear, complete, source, wanted };
    const answer = await step(id, 'publish', marks);
    expect([answer.status, answer.status === 200 ? [] : reasons(answer)]).toEqual([status, why]);
    expect(await seen(id)).toMatchObject({ status: status === 200 ? 'published' : 'in_review', review: marks });
    expect(await isPublic(reference)).toBe(status === 200);
  });

  it('takes marks from 0 to 5', async () => {
    const { id } = await submitted();
    for (const clear of [6, -1, 2.5, 'good']) expect((await step(id, 'publish', { ...GOOD_MARKS, clear })).status).toBe(422);
    expect(await seen(id)).toMatchObject({ status: 'in_review', review: null });
  });

  it('sends back with a reason, which goes with the next submission', async () => {
    const { id } = await submitted();
    expect((await step(id, 'return', {})).status).toBe(422);
    expect((await step(id, 'return', { reason: 'Ask for the harbour' })).json()).toMatchObject({ status: 'draft', reviewNote: 'Ask for the harbour' });
    expect((await step(id, 'submit')).json()).toMatchObject({ status: 'in_review', reviewNote: null });
  });

  it.each([
    ['same-name', { country: 'IN' }],
    ['same-name', { summary: { en: 'Our office in Hyderabad, Telangana' } }],
    ['same-name', { counterpartyPhone: '+91 40 2345 6789' }],
    ['fraud', { summary: { en: 'Please pay the registration fee in advance.' } }],
    ['fraud', { summary: { en: 'Send it to my personal account' } }],
  ])('holds for "%s" with %j until the concern is cleared', async (concern, over) => {
    const { id, reference, concerns } = await submitted(over);
    expect(concerns).toEqual([concern]);
    const held = await step(id, 'publish', GOOD_MARKS);
    expect([held.status, reasons(held)]).toEqual([409, [`concerns concern-${concern}`]]);
    expect(await isPublic(reference)).toBe(false);
    expect((await step(id, 'publish', { ...GOOD_MARKS, concernsCleared: true })).json()).toMatchObject({ status: 'published' });
    const [row] = await house.source.query<{ role: string }[]>(
      'select a.role from opportunity o join account a on a.id = o.concerns_cleared_by where o.id = $1',
      [id],
    );
    expect(row).toEqual({ role: 'curator' });
  });

  it('holds a second lead of the same party for the same goods, while the first is open or in review', async () => {
    const party = { counterparty: 'Red Lantern Spices', counterpartyEmail: 'red@lantern-spices.example' };
    const first = await submitted(party);
    expect(first.concerns).toEqual([]);
    expect((await submitted(party)).concerns).toEqual(['duplicate']);
    expect((await submitted({ ...party, counterparty: 'Red Lantern Ltd' })).concerns).toEqual(['duplicate']);
    expect((await submitted({ ...party, counterpartyEmail: 'other@lantern-spices.example' })).concerns).toEqual(['duplicate']);
    expect((await submitted({ counterparty: 'RED LANTERN SPICES', counterpartyEmail: undefined })).concerns).toEqual(['duplicate']);
    expect((await submitted({ ...party, hs: ['100630'] })).concerns).toEqual([]);
    expect((await submitted({ ...party, kind: 'sell_offer' })).concerns).toEqual([]);
    const other = { counterparty: 'Jade Market', counterpartyEmail: 'jade@market.example' };
    const closed = await submitted(other);
    await step(closed.id, 'close', { as: 'withdrawn' });
    expect((await submitted(other)).concerns).toEqual([]);
  });

  it('clears concerns on the desk page by a box that nobody has ticked', async () => {
    const desk = await browser(house, await chamberAccount(house, 'curator'));
    const { id } = await submitted({ country: 'IN' });
    const page = `/desk/opportunities/${id}`;
    const marks = { clear: '4', complete: '4', source: '4', wanted: '4' };
    expect((await desk.get(page)).text).toMatch(/<input type="checkbox" name="concernsCleared" value="yes"\/>/);
    const held = await desk.submit(page, `${page}/publish`, marks);
    expect(held.status).toBe(409);
    expect(held.text).toContain('Telangana');
    expect((await desk.submit(page, `${page}/publish`, { ...marks, concernsCleared: 'yes' })).status).toBe(303);
  });
});

describe('the last day of a lead', () => {
  beforeAll(openDesk);
  afterAll(shut);

  it('is its deadline, or ninety days after publication', async () => {
    const [withDeadline, without] = [await publishedLead(curator, unlike({ deadline: '2027-01-31' })), await publishedLead(curator, unlike())];
    expect((await seen(withDeadline)).openUntil).toBe('2027-01-31');
    expect((await seen(without)).openUntil).toBe('2027-02-22');
  });

  it('is over at midnight in Karachi: expire() closes it then and not before', async () => {
    const id = await publishedLead(curator, unlike({ deadline: '2026-12-10' }));
    const { reference } = await seen(id);
    const listed = async (): Promise<boolean> => (await new Visitor(house.url).get('/api/v1/opportunities?limit=100')).text.includes(reference);
    const opportunities = house.get(OpportunitiesService);
    house.clock.set(new Date('2026-12-10T18:59:59Z'));
    expect([await opportunities.expire(), await listed()]).toEqual([0, true]);
    house.clock.set(new Date('2026-12-10T19:00:00Z'));
    expect(await listed()).toBe(false);
    expect([await opportunities.expire(), await opportunities.expire()]).toEqual([1, 0]);
    expect(await seen(id)).toMatchObject({ status: 'closed', closedAs: 'expired' });
    house.clock.set(TUESDAY);
  });

  it('takes its matches away with it', async () => {
    const { firmId } = await memberFirm(house);
    const id = await publishedLead(curator, unlike({ deadline: '2026-12-20' }));
    const matches = async (): Promise<number> =>
      (await house.source.query<unknown[]>('select 1 from match where firm_id = $1 and opportunity_id = $2', [firmId, id])).length;
    await house.until(async () => (await matches()) === 1, 'the match');
    house.clock.set(new Date('2026-12-21T00:00:00Z'));
    await house.get(OpportunitiesService).expire();
    await house.until(async () => (await matches()) === 0, 'the match to go');
    expect(await seen(id)).toMatchObject({ status: 'closed', closedAs: 'expired' });
    house.clock.set(TUESDAY);
  });

  it('is not before the day of publication', async () => {
    const { id } = await submitted({ deadline: '2026-11-25' });
    house.clock.set(new Date('2026-11-25T19:00:00Z'));
    const answer = await step(id, 'publish', GOOD_MARKS);
    expect([answer.status, reasons(answer)]).toEqual([422, ['deadline in-the-past']]);
    house.clock.set(TUESDAY);
  });
});

describe('the counterparty', () => {
  const SECRETS = ['Lantern Foods', 'lantern-foods.example', '+862155501234', '86 21 5550', 'embassy telex 7', 'Reviewed with care'];
  const party = {
    counterparty: 'Lantern Foods',
    counterpartyEmail: 'buy@lantern-foods.example',
    counterpartyPhone: '+86 21 5550 1234',
    source: 'embassy telex 7',
  };
  beforeAll(openDesk);
  afterAll(shut);

  it('is on the desk, but in no public page, no answer of the API, no page of a member and no digest', async () => {
    const firm = await memberFirm(house);
    const draft = await drafted(party);
    await step(draft.id, 'submit');
    await step(draft.id, 'return', { reason: 'Reviewed with care' });
    await step(draft.id, 'submit');
    await step(draft.id, 'publish', GOOD_MARKS);
    const { reference } = draft;
    await house.until(async () => (await house.source.query<unknown[]>('select 1 from match')).length === 1, 'the match');
    house.clock.set(new Date('2026-11-24T03:05:00Z'));
    await house.get(DigestsService).plan();
    await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the run');

    const deskPage = (await (await browser(house, await chamberAccount(house, 'curator'))).get(`/desk/opportunities/${draft.id}`)).text;
    expect(deskPage).toContain('Lantern Foods');
    expect((await curator.get(`/api/v1/desk/opportunities/${draft.id}`)).json()).toMatchObject({ counterparty: 'Lantern Foods', source: 'embassy telex 7' });

    const member = await browser(house, firm);
    const shown: [string, string][] = [];
    for (const [who, visitor] of [['anyone', new Visitor(house.url)] as const, ['the member', member] as const]) {
      const open = ['/', '/opportunities', `/opportunities/${reference}`, '/api/v1/opportunities', `/api/v1/opportunities/${reference}`];
      const own = who === 'anyone' ? [] : ['/firm', '/firm/digests', `/api/v1/firms/${firm.firmId}/matches`, `/api/v1/firms/${firm.firmId}/digests`];
      for (const address of [...open, ...own]) {
        const { status, text } = await visitor.get(address);
        expect([address, status]).toEqual([address, 200]);
        shown.push([`${address} for ${who}`, text]);
      }
    }
    const [digest] = (await house.mails()).filter((mail) => mail.headers['list-id']);
    shown.push(['the digest', JSON.stringify(digest)]);
    for (const [where, text] of shown) {
      if (!/digests for/.test(where)) expect([where, text.includes('Dried whole red chillies')]).toEqual([where, true]);
      for (const secret of SECRETS) expect([where, secret, text.includes(secret)]).toEqual([where, secret, false]);
    }
    expect(Object.keys((await new Visitor(house.url).get(`/api/v1/opportunities/${reference}`)).json()).sort()).toEqual(
      [
        ...['reference', 'kind', 'title', 'summary', 'hs', 'isic', 'sectors', 'corridors', 'platforms', 'instruments', 'certificates'],
        ...['quantity', 'valueUsd', 'country', 'place', 'deliveryMonths', 'openUntil', 'publishedAt'],
      ].sort(),
    );
  });
});

describe('a lead in the digests', () => {
  beforeAll(openDesk);
  afterAll(shut);

  it('is told once, and again only after what changed is worth telling', async () => {
    const { email } = await memberFirm(house);
    const input = unlike({ deadline: '2027-02-28' });
    const id = await publishedLead(curator, input);
    const { reference } = await seen(id);
    await house.until(async () => (await house.source.query<unknown[]>('select 1 from match')).length === 1, 'the match');
    const digests = house.get(DigestsService);
    const mails = async () => (await house.mails()).filter((mail) => mail.headers['list-id'] && mail.to.includes(email));
    const matched = (): Promise<void> =>
      house.until(
        async () =>
          (
            await house.source.query<unknown[]>(`select 1 from opportunity o join match_state s on s.id = o.id and s.revision = o.revision where o.id = $1`, [
              id,
            ])
          ).length === 1,
        'matching',
      );
    let week = 0;
    const run = async (): Promise<{ sent: number; reason: string | null }> => {
      house.clock.set(new Date(Date.parse('2026-11-24T03:05:00Z') + week++ * 7 * 86_400_000));
      await digests.plan();
      await house.until(async () => (await digests.running()) === 0, 'the run');
      const [row] = await house.source.query<{ reason: string | null }[]>('select reason from digest order by due_at desc limit 1');
      return { sent: (await mails()).length, reason: row?.reason ?? null };
    };
    const edit = async (over: Record<string, unknown>): Promise<void> => {
      const answer = await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: { ...input, ...over } });
      expect([answer.status, answer.json()]).toMatchObject([200, { status: 'published' }]);
      await matched();
    };

    expect(await run()).toEqual({ sent: 1, reason: null });
    expect(await run()).toEqual({ sent: 1, reason: 'nothing-new' });

    await edit({ title: { en: 'Whole red chillies, dried' }, place: 'Qingdao' });
    expect(await material(id)).toBe(1);
    expect(await run()).toEqual({ sent: 1, reason: 'nothing-new' });

    await edit({ deadline: '2027-03-15' });
    expect(await material(id)).toBe(2);
    expect((await seen(id)).openUntil).toBe('2027-03-15');
    expect(await run()).toEqual({ sent: 2, reason: null });
    expect((await mails())[0]?.text).toContain(reference);
    expect(await run()).toEqual({ sent: 2, reason: 'nothing-new' });

    await edit({ deadline: '2027-03-15', quantity: { amount: 40, unit: 't', period: 'month' } });
    expect(await material(id)).toBe(3);
    expect(await run()).toEqual({ sent: 3, reason: null });
  });

  it('does not count changes before publication', async () => {
    const { id } = await drafted();
    await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: unlike({ deadline: '2027-03-01' }) });
    expect(await material(id)).toBe(1);
  });
});
