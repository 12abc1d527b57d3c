import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { Idempotency } from '../src/accounts/idempotency.js';
import { verify } from '../src/audit/audit.js';
import { AppError } from '../src/common/errors.js';
import { InterestsService } from '../src/interests/interests.service.js';
import { IntroductionMailService } from '../src/introductions/introduction-mail.service.js';
import { type By, IntroductionsService } from '../src/introductions/introductions.service.js';
import { HOLDING, PLACES, REST_DAYS, STATES, WAY } from '../src/introductions/introduction.js';
import { dirOf, say } from '../src/language/say.js';
import { browser, chamberAccount, type House, type MemberFirm, memberFirm, openHouse, publishedLead, signedIn, Visitor } from './support/house.js';

let house: House;
let curator: Visitor;
beforeEach(async () => {
  house = await openHouse({ work: false });
  curator = await signedIn(house, 'curator');
});
afterEach(() => house.close());

const COUNTERPARTY = { counterparty: 'Lantern Foods', counterpartyEmail: 'buy@lantern-foods.example', counterpartyPhone: '+862812345678' };
const introductions = () => house.get(IntroductionsService);
/** What the worker does: the clock, then the mails. */
async function work(): Promise<void> {
  await introductions().tick();
  await house.get(IntroductionMailService).deliverOwed();
}
const mailsTo = async (address: string) => (await house.mails()).filter((mail) => JSON.stringify(mail.headers['to']).includes(address));
const later = (days: number) => house.clock.set(new Date(house.clock.now().getTime() + days * 86_400_000));
const theOne = async () =>
  (await house.source.query<{ id: string; state: string; ending: string | null; version: number }[]>('select * from introduction order by created_at, id'))[0]!;
const linkIn = (text: string | undefined) => /http:\S+\/i\/[\w.-]+/.exec(text ?? '')?.[0] ?? '';

async function interestedFirm(over: Record<string, unknown> = {}): Promise<MemberFirm & { leadId: string; reference: string }> {
  const firm = await memberFirm(house, { phone: '+92 22 2781234', ...over });
  const leadId = await publishedLead(curator, COUNTERPARTY);
  const { reference } = (await curator.get(`/api/v1/desk/opportunities/${leadId}`)).json() as { reference: string };
  const said = await firm.member.post(`/api/v1/firms/${firm.firmId}/opportunities/${reference}/interest`, { sentence: '40 t a month' });
  expect(said.status).toBe(201);
  return { ...firm, leadId, reference };
}

describe('from interest to a signed order', () => {
  it('screened, asked in Chinese on a page without an account, contacts to both, outcome by one press', async () => {
    const firm = await interestedFirm();
    const { id } = await theOne();
    const desk = await browser(house, await chamberAccount(house, 'curator'));
    const member = await browser(house, firm);
    expect((await desk.get('/desk/introductions')).text).toContain('40 t a month');

    // declining needs a reason
    expect((await desk.submit(`/desk/introductions/${id}`, `/desk/introductions/${id}`, { do: 'decline' })).status).toBe(422);
    expect((await desk.submit(`/desk/introductions/${id}`, `/desk/introductions/${id}`, { do: 'approve' })).status).toBe(303);
    await work();
    const [ask] = await mailsTo('buy@lantern-foods.example');
    expect(ask?.headers['content-language']).toBe('zh');
    expect(ask?.text).toContain('Kunri Sun Chillies');
    expect(ask?.text).toContain(say('zh', 'introduction.mail.hidden'));

    // the page: in Chinese, without cookie or account; opening it changes nothing
    const link = linkIn(ask?.text);
    const before = await theOne();
    const page = await new Visitor(house.url).get(link);
    expect([page.status, page.text.includes('lang="zh-Hans"'), page.headers.get('referrer-policy')]).toEqual([200, true, 'no-referrer']);
    expect(page.text).toContain('Kunri Sun Chillies');
    expect((await new Visitor(house.url).get(`${link}?lang=ur`)).text).toContain(`dir="${dirOf('ur')}"`);
    expect(await theOne()).toEqual(before);

    // nowhere a contact of either side, for nobody but the desk
    const ours = [firm.email, '2781234', 'Naila Arain'];
    const theirs = ['buy@lantern-foods.example', '2812345678', 'Lantern Foods'];
    const shown = await Promise.all([
      ...['/firm', '/firm/introductions', `/opportunities/${firm.reference}`, `/firm/answers/${firm.reference}`].map((address) => member.get(address)),
      ...[`/api/v1/firms/${firm.firmId}/introductions`, `/api/v1/firms/${firm.firmId}/answers`, `/api/v1/opportunities/${firm.reference}`].map((address) =>
        firm.member.get(address),
      ),
    ]);
    for (const { status, text } of shown) {
      expect(status).toBe(200);
      for (const secret of theirs) expect(text).not.toContain(secret);
    }
    for (const secret of ours) {
      expect(page.text).not.toContain(secret);
      expect(JSON.stringify([ask?.text, ask?.html, ask?.headers])).not.toContain(secret);
    }

    // a forged link is answered like one that is too old
    const forged = await new Visitor(house.url).send('POST', `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`, { form: { do: 'agree' } });
    expect([forged.status, (await theOne()).state]).toEqual([200, 'asked']);

    // agreed: the contacts go to both, once, with the card about payment fraud
    for (let i = 0; i < 2; i++) await new Visitor(house.url).send('POST', link, { form: { do: 'agree' }, headers: { 'sec-fetch-site': 'cross-site' } });
    expect((await theOne()).state).toBe('introduced');
    await work();
    await work();
    const toFirm = (await mailsTo(firm.email)).filter((mail) => mail.text.includes('buy@lantern-foods.example'));
    const toThem = (await mailsTo('buy@lantern-foods.example')).filter((mail) => mail.text.includes(firm.email));
    expect([toFirm.length, toThem.length]).toEqual([1, 1]);
    expect(toFirm[0]?.text).toContain(say('en', 'introduction.fraud.changed'));
    expect(toThem[0]?.text).toContain(say('zh', 'introduction.fraud.changed'));
    expect((await member.get('/firm/introductions')).text).toContain('buy@lantern-foods.example');
    expect((await new Visitor(house.url).get(link)).text).not.toContain(firm.email);

    // two weeks later: what came of it, one press from the mail
    later(14);
    await work();
    const question = (await mailsTo(firm.email)).find((mail) => mail.subject.startsWith('What came of it'));
    const order = /http:\S+\?outcome=order/.exec(question?.text ?? '')?.[0] ?? '';
    const asked = await theOne();
    expect((await new Visitor(house.url).get(order)).text).toMatch(/value="order"[^>]*checked|checked[^>]*value="order"/);
    expect(await theOne()).toEqual(asked);
    const reported = await new Visitor(house.url).send('POST', order, {
      form: { do: 'report', outcome: 'order', value: '64,000', currency: 'usd', proof: 'Order 118' },
    });
    expect([reported.status, reported.text.includes(say('en', 'introduction.done.report'))]).toEqual([200, true]);
    expect(await theOne()).toMatchObject({ state: 'closed', ending: 'outcome', outcome: 'order', outcome_value: '64000.00', outcome_currency: 'USD' });

    // the trail has it all, adds up, and holds
    const acts = await house.source.query<{ act: string; party: string }[]>(
      `select act, party from audit where subject_id = $1 and act like 'intro%' order by seq`,
      [id],
    );
    expect(acts.map(({ act, party }) => `${party} ${act.slice(13)}`)).toEqual([
      'firm express',
      'chamber approve',
      'clock clock',
      'counterparty agree',
      'clock clock',
      'clock clock',
      'firm report',
    ]);
    const [sum] = await house.source.query<{ value: string }[]>(`select sum((detail->>'value')::numeric) value from audit where act = 'introduction.report'`);
    expect(Number(sum?.value)).toBe(64_000);
    expect(await verify(house.source.manager)).toMatchObject({ ok: true });
  });

  it('withdrawing is possible until the end, and the other side hears of it', async () => {
    const firm = await interestedFirm();
    const { id } = await theOne();
    await curator.post(`/api/v1/desk/introductions/${id}`, { do: 'approve' });
    await work();
    const gone = await firm.member.send('DELETE', `/api/v1/firms/${firm.firmId}/opportunities/${firm.reference}/interest`);
    expect([gone.status, (await theOne()).ending]).toEqual([200, 'withdrawn']);
    await work();
    const mails = await mailsTo('buy@lantern-foods.example');
    expect(mails).toHaveLength(2);
    // it was before the counterparty: the pair rests
    const again = await firm.member.post(`/api/v1/firms/${firm.firmId}/opportunities/${firm.reference}/interest`, {});
    expect([again.status, (again.json() as { errors: { reason: string }[] }).errors[0]?.reason]).toEqual([409, 'pair-rests']);
    // and the counterparty's yes comes too late
    await new Visitor(house.url).send('POST', linkIn(mails.at(-1)?.text), { form: { do: 'agree' } });
    expect(await theOne()).toMatchObject({ state: 'closed', released_on: null });
  });

  it('five firms of a lead at a time; the sixth waits until one place is free', async () => {
    const leadId = await publishedLead(curator, COUNTERPARTY);
    const firms = [];
    for (let n = 0; n < 6; n++) firms.push(await memberFirm(house, { firmName: `Firm ${n}` }));
    const reference = ((await curator.get(`/api/v1/desk/opportunities/${leadId}`)).json() as { reference: string }).reference;
    for (const firm of firms) await firm.member.post(`/api/v1/firms/${firm.firmId}/opportunities/${reference}/interest`, {});
    const { items } = (await curator.get('/api/v1/desk/introductions')).json() as { items: { id: string }[] };
    // all at the same moment
    await Promise.all(items.map(({ id }) => curator.post(`/api/v1/desk/introductions/${id}`, { do: 'approve' })));
    const states = async () => (await house.source.query<{ state: string }[]>('select state from introduction order by state')).map(({ state }) => state);
    expect(await states()).toEqual(['asked', 'asked', 'asked', 'asked', 'asked', 'queued']);
    const { items: asked } = (await curator.get('/api/v1/desk/introductions?state=asked')).json() as { items: { id: string }[] };
    await curator.post(`/api/v1/desk/introductions/${asked[0]?.id}`, { do: 'decline', reason: 'They told us on the telephone' });
    expect(await states()).toEqual(['asked', 'asked', 'asked', 'asked', 'asked', 'closed']);
  });

  it('a pool goes as one, once every firm of it has agreed; the first speaks for it', async () => {
    const leadId = await publishedLead(curator, COUNTERPARTY);
    const firms = [];
    for (let n = 0; n < 3; n++) firms.push(await memberFirm(house, { firmName: `Bangles ${n}` }));
    const body = { opportunityId: leadId, firmIds: [firms[1]!, firms[0]!, firms[2]!].map(({ firmId }) => firmId) };
    const key = { 'idempotency-key': 'pool-1' };
    const proposals = await Promise.all([0, 1].map(() => curator.send('POST', '/api/v1/desk/introductions', { body, headers: key })));
    expect(proposals.map(({ status }) => status)).toEqual([201, 201]);
    expect(proposals[0]?.text).toBe(proposals[1]?.text);
    const { id } = await theOne();
    await work();
    for (const firm of firms) {
      expect(await theOne()).toMatchObject({ state: 'proposed' });
      const [mail] = await mailsTo(firm.email);
      expect((await new Visitor(house.url).send('POST', linkIn(mail?.text), { form: { do: 'agree' } })).status).toBe(200);
    }
    expect(await theOne()).toMatchObject({ state: 'asked', firm_id: firms[1]!.firmId });
    await curator.post(`/api/v1/desk/introductions/${id}`, { do: 'agree' });
    await work();
    const seen = await Promise.all(
      firms.map(async ({ firmId, member }) => (await member.get(`/api/v1/firms/${firmId}/introductions`)).text.includes('buy@lantern')),
    );
    expect(seen).toEqual([false, true, false]);
    // nobody else learns that it exists
    const stranger = await memberFirm(house, { firmName: 'Stranger' });
    expect((await stranger.member.post(`/api/v1/firms/${stranger.firmId}/introductions/${id}`, { do: 'withdraw' })).status).toBe(404);
  });

  it('a firm whose membership has lapsed is not introduced, and is once it has renewed', async () => {
    const firm = await interestedFirm();
    const { id } = await theOne();
    await curator.post(`/api/v1/desk/introductions/${id}`, { do: 'approve' });
    await house.source.query(`update firm set status = 'suspended' where id = $1`, [firm.firmId]);
    await curator.post(`/api/v1/desk/introductions/${id}`, { do: 'agree' });
    await work();
    expect(await theOne()).toMatchObject({ state: 'agreed', released_on: null });
    expect((await firm.member.get(`/api/v1/firms/${firm.firmId}/introductions`)).text).not.toContain('lantern-foods');
    await house.source.query(`update firm set status = 'admitted' where id = $1`, [firm.firmId]);
    await work();
    expect(await theOne()).toMatchObject({ state: 'introduced' });
  });

  it('a holiday that the desk moves moves the clocks', async () => {
    await interestedFirm();
    const { id } = await theOne();
    await curator.post(`/api/v1/desk/introductions/${id}`, { do: 'approve' });
    const due = async () => ((await curator.get(`/api/v1/desk/introductions/${id}`)).json() as { answerDue: string }).answerDue;
    expect(await due()).toBe('2026-12-01');
    const moved = await curator.post('/api/v1/desk/holidays', { id: 'PK-2026-quaid-day', firstDay: '2026-11-26', lastDay: '2026-11-26' });
    expect([moved.status, await due()]).toEqual([200, '2026-12-02']);
    expect(await house.source.query('select next_on::text from introduction')).toEqual([{ next_on: '2026-11-30' }]);
    const desk = await browser(house, await chamberAccount(house, 'curator'));
    expect((await desk.get('/desk/holidays')).text).toContain(say('en', 'holiday.unconfirmed'));
  });

  it('a mail whose hand-over was cut off goes out once more under the same Message-ID, one that is sent never', async () => {
    await interestedFirm();
    const { id } = await theOne();
    await curator.post(`/api/v1/desk/introductions/${id}`, { do: 'approve' });
    await work();
    const ids = async () => (await mailsTo('buy@lantern-foods.example')).map((mail) => mail.headers['message-id']);
    await work();
    expect(await ids()).toHaveLength(1);
    // as after a worker that died in the middle
    await house.source.query(`update introduction_mail set state = 'claimed', lease_until = $1`, [new Date(house.clock.now().getTime() - 1000)]);
    await work();
    const [one, two, ...more] = await ids();
    expect([one, more.length]).toEqual([two, 0]);
  });
});

describe('the audit trail', () => {
  it('can be added to and read, and nothing else', async () => {
    await interestedFirm();
    for (const sql of ['update audit set act = act', 'delete from audit', 'truncate audit', `update audit set party = 'clock' where seq = 1`])
      await expect(house.source.query(sql)).rejects.toThrow('append-only');
    const replica = house.source.createQueryRunner();
    try {
      await replica.query(`set session_replication_role = 'replica'`);
      await expect(replica.query('delete from audit')).rejects.toThrow('append-only');
      await replica.query(`set session_replication_role = 'origin'`);
    } finally {
      await replica.release();
    }
  });

  it('shows whoever gets at it all the same: changed, left out, cut off', async () => {
    await interestedFirm();
    const whole = await verify(house.source.manager);
    if (!whole.ok) throw new Error('the chain does not hold');
    expect(whole.head.seq).toBeGreaterThan(3);
    const tamper = async (sql: string) => {
      await house.source.query('alter table audit disable trigger all');
      const kept = await house.source.query<Record<string, unknown>[]>('select * from audit order by seq');
      await house.source.query(sql);
      const verdict = await verify(house.source.manager, whole.head);
      await house.source.query('delete from audit');
      for (const { seq, at, party, actor, act, subject, subject_id, detail, previous, hash } of kept)
        await house.source.query('insert into audit values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
          ...[seq, at, party, actor, act, subject, subject_id, JSON.stringify(detail), previous, hash],
        ]);
      await house.source.query('alter table audit enable always trigger audit_chain');
      await house.source.query('alter table audit enable always trigger audit_append_only');
      return verdict;
    };
    expect(await tamper(`update audit set act = 'nothing' where seq = 2`)).toEqual({ ok: false, seq: 2, fault: 'hash' });
    expect(await tamper(`update audit set act = 'nothing', hash = audit_hash(audit) where seq = 2`)).toMatchObject({ ok: false, seq: 2 });
    expect(await tamper('delete from audit where seq = 2')).toEqual({ ok: false, seq: 2, fault: 'gap' });
    expect(await tamper(`delete from audit where seq = ${whole.head.seq}`)).toEqual({ ok: false, seq: whole.head.seq, fault: 'cut-off' });
    expect(await verify(house.source.manager, whole.head)).toEqual(whole);
  });

  it('chains acts of many at once without a gap', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => curator.post('/api/v1/desk/opportunities', { kind: 'tender', title: { en: `Tender ${n}` } })));
    expect(await verify(house.source.manager)).toMatchObject({ ok: true });
    const [row] = await house.source.query<{ n: number; last: number }[]>('select count(*)::int n, max(seq)::int last from audit');
    expect(row).toEqual({ n: 30, last: 30 });
  });

  it('has every act of the chamber on somebody’s data, and holds no contact', async () => {
    const firm = await interestedFirm();
    const administrator = await signedIn(house, 'administrator');
    await administrator.post(`/api/v1/firms/${firm.firmId}/status`, { status: 'suspended', reason: 'secret-reason-canary' });
    const rows = await house.source.query<{ act: string; subject_id: string; actor: string | null }[]>('select * from audit');
    const suspended = rows.find(({ act }) => act === 'POST /api/v1/firms/:firmId/status');
    expect([suspended?.subject_id, typeof suspended?.actor]).toEqual([firm.firmId, 'string']);
    const text = JSON.stringify(rows);
    for (const secret of [firm.email, 'lantern-foods', '2781234', '40 t a month', 'secret-reason-canary', 'Naila']) expect(text).not.toContain(secret);
  });
});

describe('random commands on the real database', () => {
  it('keep to the table, the places, the clocks and ninety days; no contact is released or mailed early', async () => {
    const LEADS = 2;
    const FIRMS = 8;
    const administrator = await chamberAccount(house, 'administrator');
    const [account] = await house.source.query<{ id: string }[]>('select id from account where email = $1', [administrator.email]);
    const chamber: By = { party: 'chamber', id: account!.id };
    const leads: string[] = [];
    for (let n = 0; n < LEADS; n++)
      leads.push(await publishedLead(curator, { ...COUNTERPARTY, counterparty: `Buyer ${n}`, counterpartyEmail: `buyer${n}@buyers.example` }));
    await house.source.query(`update opportunity set open_until = '2031-01-01'`);
    const firms: string[] = [];
    for (let n = 0; n < FIRMS; n++) {
      const id = randomUUID();
      await house.source.query(
        `insert into firm (id, name, status, membership_class, membership_valid_until, language, applied_at, admitted_at, phone) values ($1, $2, 'admitted', 'associate', '2035-03-31', 'en', now(), now(), $3)`,
        [id, `Firm ${n}`, `+9222000000${n}`],
      );
      await house.source.query(
        `insert into contact (firm_id, name, email, language, nonce, confirm_sent_at, confirmed_at, created_at) values ($1, 'Person', $2, 'en', 'x', now(), now(), now())`,
        [id, `person${n}@firms.example`],
      );
      firms.push(id);
    }
    const interests = house.get(InterestsService);
    const idempotency = house.get(Idempotency);
    const find = async (lead: string, firm: string): Promise<string | undefined> =>
      (
        await house.source.query<{ id: string }[]>(
          `select i.id from introduction i join introduction_member m on m.introduction_id = i.id where i.opportunity_id = $1 and m.firm_id = $2 order by i.created_at desc, i.state = 'closed' limit 1`,
          [lead, firm],
        )
      )[0]?.id;
    /** What may be refused, and nothing else. */
    const attempt = (work: Promise<unknown>) =>
      work.then(
        () => 1,
        (error: unknown) => {
          if (!(error instanceof AppError) || !['Conflict', 'NotFound', 'Invalid'].includes(error.code)) throw error;
          return 0;
        },
      );
    const act = async (lead: string, firm: string, input: object, by: (firm: string) => By) => {
      const id = await find(lead, firm);
      return id ? attempt(introductions().act(id, input, by(firm))) : 0;
    };
    const asFirm = (firmId: string): By => ({ party: 'firm', firmId, id: null });
    const other = (): By => ({ party: 'counterparty', id: null });
    const asChamber = () => chamber;
    let keys = 0;

    type What = (lead: string, firm: string, days: number) => Promise<unknown>;
    const express: What = (lead, firm) => attempt(interests.interested({ firmId: firm, contactId: null }, lead, { sentence: 'We can' }));
    const COMMANDS: readonly (readonly [string, What])[] = [
      ['interested', express],
      ['interested', express],
      ['interested', express],
      ['take back', (lead, firm) => attempt(interests.takeBack({ firmId: firm, contactId: null }, lead, 'interested'))],
      ['screen', (lead, firm) => act(lead, firm, { do: 'approve' }, asChamber)],
      ['screen', (lead, firm) => act(lead, firm, { do: 'approve' }, asChamber)],
      ['screen', (lead, firm) => act(lead, firm, { do: 'approve' }, asChamber)],
      ['refuse', (lead, firm) => act(lead, firm, { do: 'decline', reason: 'Not now' }, asChamber)],
      [
        'pool',
        (lead, firm) => attempt(introductions().propose({ opportunityId: lead, firmIds: [firm, firms[(firms.indexOf(firm) + 1) % FIRMS]] }, account!.id)),
      ],
      ['confirm', (lead, firm) => act(lead, firm, { do: 'agree' }, asFirm)],
      ['accept', (lead, firm) => act(lead, firm, { do: 'agree' }, other)],
      ['accept', (lead, firm) => act(lead, firm, { do: 'agree' }, other)],
      ['decline', (lead, firm) => act(lead, firm, { do: 'decline' }, other)],
      ['withdraw', (lead, firm) => act(lead, firm, { do: 'withdraw' }, asFirm)],
      ['report', (lead, firm) => act(lead, firm, { do: 'report', outcome: 'meeting' }, asFirm)],
      ['report', (lead, firm) => act(lead, firm, { do: 'report', outcome: 'order', value: 5000, currency: 'USD' }, other)],
      [
        'both at once',
        (lead, firm) =>
          Promise.all([act(lead, firm, { do: 'agree' }, other), act(lead, firm, { do: 'withdraw' }, asFirm), act(lead, firm, { do: 'agree' }, other)]),
      ],
      [
        'replayed',
        async (lead, firm) => {
          const id = await find(lead, firm);
          if (!id) return;
          const key = `k${keys++}`;
          const once = () =>
            idempotency.once(account!.id, key, ['act', id], async (manager) => {
              await introductions().act(id, { do: 'approve' }, chamber, manager);
              return (await introductions().get(id, manager)).version;
            });
          const answers = await Promise.allSettled([once(), once()]);
          const said = [...answers, ...(await Promise.allSettled([once()]))].flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
          expect(new Set(said).size).toBeLessThanOrEqual(1);
        },
      ],
      [
        'suspend',
        (_, firm) => house.source.query(`update firm set status = case status when 'admitted' then 'suspended' else 'admitted' end where id = $1`, [firm]),
      ],
      ['reinstate', () => house.source.query(`update firm set status = 'admitted'`)],
      ['clock', (_lead, _firm, days) => (later(days), work())],
      ['clock', (_lead, _firm, days) => (later(days), work())],
      ['lapse', () => (later(40), work())],
    ];

    /** What must hold whatever happened; each query finds what must not be. */
    const check = async (name: string) => {
      const wrong = await house.source.query<unknown[]>(
        `select 'six' fault from introduction where state = any($1) group by opportunity_id having count(*) > ${PLACES}
         union all select 'released early' from introduction where released_on is not null and (asked_on is null or answered_on is null)
         union all select 'mailed early' from introduction_mail m join introduction i on i.id = m.introduction_id where m.what = 'contacts' and i.released_on is null
         union all select 'twice' from introduction_member m join introduction i on i.id = m.introduction_id where i.state <> 'closed'
           group by i.opportunity_id, m.firm_id having count(*) > 1
         union all select 'too soon' from introduction i join introduction j on j.opportunity_id = i.opportunity_id and j.id <> i.id and j.asked_on >= i.asked_on
           where exists (select 1 from introduction_member a join introduction_member b on b.firm_id = a.firm_id and b.introduction_id = j.id where a.introduction_id = i.id)
             and (j.created_at > i.created_at) and j.asked_on < i.asked_on + ${REST_DAYS}`,
        [HOLDING],
      );
      expect([name, wrong]).toEqual([name, []]);
    };

    let steps = 0;
    const command = fc.record({
      what: fc.nat({ max: COMMANDS.length - 1 }),
      lead: fc.nat({ max: LEADS - 1 }),
      firm: fc.nat({ max: FIRMS - 1 }),
      days: fc.integer({ min: 1, max: 6 }),
    });
    for (const { what, lead, firm, days } of fc.sample(command, { numRuns: 900, seed: 11 })) {
      const [name, run] = COMMANDS[what]!;
      await run(leads[lead]!, firms[firm]!, days);
      steps++;
      if (steps % 10 === 0) await check(`${steps} ${name}`);
    }
    await check('the end');

    // every step that was made stands in the trail, and is one that the table has
    const made = await house.source.query<{ from: string | null; to: string; act: string; party: string; n: number }[]>(
      `select detail->>'from' "from", detail->>'to' "to", substr(act, 14) act, party, count(*)::int n from audit where subject = 'introduction' and act like 'introduction.%' group by 1, 2, 3, 4`,
    );
    for (const { from, to, act: done, party } of made) {
      if (from === null || done === 'pool') continue;
      const rule = WAY[from as (typeof STATES)[number]][done as 'agree'];
      expect([from, done, rule?.who.includes(party as 'firm'), rule?.to.includes(to as 'asked')]).toEqual([from, done, true, true]);
    }
    const reached = new Set(made.map(({ to }) => to));
    for (const state of STATES) expect(reached).toContain(state);
    // a contact in no mail but those that release it
    const counted = await house.source.query<{ n: number }[]>(`select count(*)::int n from introduction_mail where what = 'contacts' and state = 'sent'`);
    const naming = (await house.mails()).filter((mail) => {
      const toBuyer = JSON.stringify(mail.headers['to']).includes('@buyers.example');
      return toBuyer ? /person\d@firms\.example|\+9222000000/.test(mail.text) : /buyer\d@buyers\.example|\+862812345678/.test(mail.text);
    });
    expect(counted[0]?.n).toBeGreaterThan(0);
    expect(naming).toHaveLength(counted[0]!.n);
    expect(await verify(house.source.manager)).toMatchObject({ ok: true });
  }, 300_000);
});
