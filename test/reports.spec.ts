import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { seedDemo } from '../src/demo/seed.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { InterestsService } from '../src/interests/interests.service.js';
import { IntroductionsService } from '../src/introductions/introductions.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { NomenclatureService } from '../src/nomenclature/nomenclature.service.js';
import { DIMENSIONS } from '../src/reports/reports.queries.js';
import { type Report, REPORTS, ReportsService } from '../src/reports/reports.service.js';
import type { Table } from '../src/reports/table.js';
import { browser, chamberAccount, client, type House, openHouse, memberFirm, publishedLead, registration, type Visitor } from './support/house.js';

let house: House;
let reports: ReportsService;
let desk: Visitor;
let curator: Visitor;
beforeAll(async () => {
  house = await openHouse();
  await seedDemo(house.source, house.get(AccountsService), house.get(NomenclatureService), house.clock.now(), 'Asia/Karachi');
  reports = house.get(ReportsService);
  const person = await chamberAccount(house, 'curator');
  desk = await browser(house, person);
  curator = await client(house, person);
  const matching = house.get(MatchingService);
  for (const { id } of await house.source.query<{ id: string }[]>(`select id from firm where status = 'admitted'`)) await matching.matchFirm(id);
  await goOn();
  house.clock.set(new Date('2026-11-24T03:05:00Z'));
  await house.get(DigestsService).plan();
  await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the run');
});
afterAll(() => house.close());

/** Today, beside the last season: interests that get as far as they do. */
async function goOn(): Promise<void> {
  const introductions = house.get(IntroductionsService);
  const found = await house.source.query<{ firm_id: string; opportunity_id: string; reference: string }[]>(
    `select distinct on (m.firm_id) m.firm_id, m.opportunity_id, o.reference from match m join opportunity o on o.id = m.opportunity_id and o.status = 'published'
     join firm f on f.id = m.firm_id and f.membership_valid_until >= '2026-11-24' and f.status = 'admitted' order by m.firm_id, m.score desc limit 6`,
  );
  const [staff] = await house.source.query<{ id: string }[]>(`select id from account where role = 'curator' limit 1`);
  const chamber = { party: 'chamber', id: staff?.id ?? null } as const;
  for (const [i, { firm_id: firmId, opportunity_id: opportunityId }] of found.entries()) {
    await house.get(InterestsService).interested({ firmId, contactId: null }, opportunityId, { sentence: '' });
    const [made] = await house.source.query<{ id: string }[]>('select id from introduction where firm_id = $1 and opportunity_id = $2', [
      firmId,
      opportunityId,
    ]);
    const id = made?.id ?? '';
    if (i > 0) await introductions.act(id, { do: 'approve' }, chamber);
    if (i > 1) await introductions.act(id, { do: 'agree' }, { party: 'counterparty', id: null });
    if (i > 2) await introductions.act(id, { do: 'report', outcome: 'mou' }, { party: 'firm', firmId, id: null });
    if (i > 3) await introductions.act(id, { do: 'report', outcome: 'order', value: 1234.56, currency: 'USD' }, chamber);
    if (i > 4) await introductions.act(id, { do: 'report', outcome: 'joint-venture', value: 99.5, currency: 'PKR' }, chamber);
  }
  expect(found).toHaveLength(6);
}

const make = (name: string, asked: object = {}, basis: 'state' | 'trail' = 'state'): Promise<Report> => reports.make(name, asked, 'en', null, basis);
const table = (report: Report, name: string): Table => report.tables.find((one) => one.name === name)!;
/** A row's figures by the names of its columns. */
const figures = ({ columns }: Table, cells: readonly unknown[] = []): Record<string, unknown> =>
  Object.fromEntries(columns.map(({ name, currency }, i) => [currency ? `${name} ${currency}` : name, cells[i]]));

describe('what has become of introductions', () => {
  const PERIODS = [
    { from: '2026-01-01', to: '2026-12-31' },
    { from: '2026-07-01', to: '2026-09-30' },
    { from: '2026-11-24', to: '2026-11-24' },
    { from: '2020-01-01', to: '2020-12-31' },
  ];

  it.each(DIMENSIONS)('is the same by the rows and by the audit trail, by %s', async (by) => {
    for (const period of PERIODS) {
      const asked = { ...period, by };
      expect([asked, await make('funnel', asked)]).toEqual([asked, await make('funnel', asked, 'trail')]);
    }
  });

  it('is the same by both in the reports for the regulator and the ministries', async () => {
    expect(await make('review')).toEqual(await make('review', {}, 'trail'));
    expect(await make('statement')).toEqual(await make('statement', {}, 'trail'));
  });

  it('is what the audit trail says', async () => {
    const year = { from: '2026-01-01', to: '2026-12-31' };
    const [said] = await house.source.query<Record<string, number>[]>(
      `select count(distinct subject_id) filter (where act in ('introduction.express', 'introduction.propose'))::int begun,
         count(distinct subject_id) filter (where detail->>'to' = 'queued')::int screened, count(distinct subject_id) filter (where detail->>'to' = 'asked')::int asked,
         count(distinct subject_id) filter (where detail->>'to' = 'agreed')::int agreed, count(distinct subject_id) filter (where detail->>'to' = 'introduced')::int introduced,
         count(distinct subject_id) filter (where act = 'introduction.report')::int reported
       from audit where subject = 'introduction' and at >= '2026-01-01'`,
    );
    const last = `select distinct on (subject_id) detail->>'outcome' outcome, (detail->>'value')::float8 value, detail->>'currency' currency
                  from audit where act = 'introduction.report' order by subject_id, seq desc`;
    const outcomes = await house.source.query<{ outcome: string; n: number }[]>(`select outcome, count(*)::int n from (${last}) l group by 1`);
    const values = await house.source.query<{ currency: string; sum: number; n: number }[]>(
      `select currency, sum(value), count(*)::int n from (${last}) l where outcome in ('order', 'joint-venture') group by 1 order by 1`,
    );
    for (const by of DIMENSIONS) {
      const report = await make('funnel', { ...year, by });
      const funnel = table(report, 'funnel');
      expect(figures(funnel, funnel.total?.cells)).toMatchObject({
        ...said,
        signed: values.reduce((n, one) => n + one.n, 0),
        ...Object.fromEntries(values.map(({ currency, sum }) => [`value ${currency}`, sum])),
      });
      const came = table(report, 'outcomes');
      expect(figures(came, came.total?.cells)).toMatchObject(Object.fromEntries(outcomes.map(({ outcome, n }) => [outcome, n])));
    }
    // all that is there is in it: each of the steps, seven outcomes, three currencies
    expect(said).toMatchObject({ begun: 16, screened: 15, reported: 10 });
    expect(outcomes).toHaveLength(7);
    expect(values.map(({ currency, sum }) => [currency, sum])).toEqual([
      ['CNY', 2_800_000],
      ['PKR', 99.5],
      ['USD', 65_234.56],
    ]);
  });

  it('is not the same where a row was changed behind the back of the trail', async () => {
    const tamper = async (sql: string): Promise<void> => {
      await house.source.query('create table kept as select * from introduction');
      await house.source.query(sql);
      expect(await make('funnel')).not.toEqual(await make('funnel', {}, 'trail'));
      const columns = ['screened_on', 'asked_on', 'answered_on', 'released_on', 'reported_on', 'outcome', 'outcome_value'];
      await house.source.query(`update introduction i set ${columns.map((c) => `${c} = k.${c}`).join()} from kept k where k.id = i.id; drop table kept`);
      expect(await make('funnel')).toEqual(await make('funnel', {}, 'trail'));
    };
    await tamper(`update introduction set outcome_value = outcome_value + 1 where outcome = 'joint-venture'`);
    await tamper(`update introduction set outcome = 'nothing' where outcome = 'meeting'`);
    await tamper(`update introduction set screened_on = screened_on - 400 where outcome = 'order'`);
    await tamper(`update introduction set reported_on = null, outcome = null where outcome = 'sample'`);
  });

  it('counts what belongs to several rows in each, and once in the whole', async () => {
    const whole = table(await make('funnel', { by: 'sector' }), 'funnel');
    const columns = whole.columns.map(({ name }) => name);
    const sumOf = (name: string) => whole.rows.reduce((n, { cells }) => n + Number(cells[columns.indexOf(name)]), 0);
    expect(sumOf('published')).toBeGreaterThanOrEqual(Number(figures(whole, whole.total?.cells)['published']));
    const [leads] = await house.source.query<{ n: number }[]>(`select count(*)::int n from opportunity where published_at is not null`);
    expect(figures(whole, whole.total?.cells)['published']).toBe(leads?.n);
    const [mailed] = await house.source.query<{ n: number }[]>(
      `select count(distinct opportunity_id)::int n from digest_item i join digest d on d.id = i.digest_id where d.state = 'sent'`,
    );
    expect(mailed?.n).toBeGreaterThan(0);
    expect(figures(whole, whole.total?.cells)['reached']).toBe(mailed?.n);
  });

  it('counts firms in each of their kinds', async () => {
    const classes = table(await make('funnel', { by: 'class' }), 'funnel');
    const [firms] = await house.source.query<{ n: number }[]>(
      `select count(distinct c.firm_id)::int n from digest_item i join digest d on d.id = i.digest_id and d.state = 'sent' join contact c on c.id = d.contact_id`,
    );
    expect(figures(classes, classes.total?.cells)['reachedFirms']).toBe(firms?.n);
  });
});

describe('who is served and shown', () => {
  it('a lead that nobody fits stands in the gap with what it asks for, and leaves it when somebody does', async () => {
    const id = await publishedLead(curator, { title: { en: 'Satellite propellant tanks' }, hs: ['880390'], sectors: ['space'], counterparty: 'Far Orbit' });
    await house.get(MatchingService).matchOpportunity(id);
    const gap = await make('gap');
    const leads = table(gap, 'leads');
    const at = leads.rows.find(({ subject }) => subject === id);
    expect(figures(leads, at?.cells)).toMatchObject({ title: 'Satellite propellant tanks', sectors: 'space', wanted: '880390', lacks: 'nobody', best: null });
    const space = table(gap, 'gap').rows.find(({ cells }) => cells[0] === 'space');
    expect(figures(table(gap, 'gap'), space?.cells)).toMatchObject({ open: 1, unserved: 1 });

    const [firm] = await house.source.query<{ id: string }[]>(
      `select id from firm where status = 'admitted' and membership_valid_until > '2026-12-01' limit 1`,
    );
    await house.source.query(
      `insert into match (firm_id, opportunity_id, score, evidence, blockers, engine, epoch, firm_revision, opportunity_revision, computed_at)
       values ($1, $2, 90, '[]', '[{"gap":"capacity-short","percent":40}]', 'x', 1, 1, 1, now())`,
      [firm?.id, id],
    );
    const blocked = table(await make('gap'), 'leads');
    expect(figures(blocked, blocked.rows.find(({ subject }) => subject === id)?.cells)).toMatchObject({ lacks: 'capacity-short', best: 90 });
    await house.source.query(`update match set blockers = '[]' where opportunity_id = $1`, [id]);
    expect(table(await make('gap'), 'leads').rows.some(({ subject }) => subject === id)).toBe(false);
  });

  it('members that nothing fits stand with the reason, and no others', async () => {
    const firms = table(await make('gap'), 'firms');
    const expected = await house.source.query<{ id: string }[]>(
      `select f.id from firm f where f.status = 'admitted' and not exists (
         select 1 from match m join opportunity o on o.id = m.opportunity_id where m.firm_id = f.id and m.score >= 60 and o.status = 'published' and o.open_until >= '2026-11-24')`,
    );
    expect(firms.rows.map(({ subject }) => subject).sort()).toEqual(expected.map(({ id }) => id).sort());
    for (const { cells } of firms.rows) expect(['lapsed', 'no-lead', 'no-match', 'below-threshold']).toContain(cells[4]);
  });

  it('shares of exposure come to the whole, of whatever kind firms are', async () => {
    const report = await make('exposure');
    expect(report.tables.map(({ name }) => name)).toEqual(['class', 'size', 'women', 'area']);
    const [shown] = await house.source.query<{ n: number }[]>(
      `select count(*)::int n from digest_item i join digest d on d.id = i.digest_id where d.state = 'sent'`,
    );
    for (const one of report.tables) {
      const column = (name: string) => one.rows.map(({ cells }) => Number(figures(one, cells)[name]));
      for (const name of ['ofMembers', 'ofShown', 'ofIntroduced']) expect(column(name).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(figures(one, one.total?.cells)['shown']).toBe(shown?.n);
    }
    expect(table(await make('exposure', { from: '2026-10-01', to: '2026-10-31' }), 'class').total?.cells).toContain(0);
  });

  it('the precision of digests is what firms answered', async () => {
    const [pair] = await house.source.query<{ firm_id: string; opportunity_id: string; sector: string }[]>(
      `select c.firm_id, i.opportunity_id, o.sectors[1] sector from digest_item i join digest d on d.id = i.digest_id join contact c on c.id = d.contact_id
       join opportunity o on o.id = i.opportunity_id where d.state = 'sent' order by 1, 2 limit 1`,
    );
    const sectors = async () => table(await make('precision'), 'sectors');
    const of = (one: Table) => figures(one, one.rows.find(({ cells }) => cells[0] === pair?.sector)?.cells);
    const before = of(await sectors());
    await house.get(InterestsService).notForMe({ firmId: pair?.firm_id ?? '', contactId: null }, pair?.opportunity_id ?? '', { reason: 'price', text: '' });
    const after = of(await sectors());
    expect(after).toMatchObject({ notForMe: Number(before['notForMe']) + 1, 'reason-price': 1, 'reason-product': 0 });
    expect(Number(after['precision'])).toBeLessThan(1);
    const months = table(await make('precision'), 'months');
    expect(figures(months, months.rows.find(({ cells }) => cells[1] === pair?.sector)?.cells)).toMatchObject({ month: '2026-11', 'reason-price': 1 });
  });

  it('sources and counterparties stand with how they answered', async () => {
    const { tables } = await make('sources', { from: '2026-01-01', to: '2026-11-24' });
    const [bySource, byParty] = tables as [Table, Table];
    const demo = figures(bySource, bySource.rows.find(({ cells }) => cells[0] === 'demo data')?.cells);
    expect(demo).toMatchObject({ asked: Number(demo['answered']) + Number(demo['noReply']), noReply: 1 });
    const silent = byParty.rows.find(({ cells }) => cells[0] === 'North Harbour Demo Spices');
    expect(figures(byParty, silent?.cells)).toMatchObject({ leads: 1, asked: 1, answered: 0, noReply: 1, signed: 0 });
  });
});

describe('what the regulator asks for', () => {
  const numbers = async (year: string) => {
    const one = table(await make('members', { year }), 'members');
    return one.rows.map(({ cells }) => figures(one, cells)['number']);
  };

  it('the list of members is that of the day, whatever has happened since', async () => {
    const firm = async (number: string) => (await house.source.query<{ id: string }[]>('select id from firm where membership_number = $1', [number]))[0]?.id;
    const [renewed, suspended, young] = [await firm('DEMO-001'), await firm('DEMO-002'), await firm('DEMO-003')];
    await house.source.query(`update firm set admitted_at = '2024-05-01'`);
    await house.source.query(`update firm set admitted_at = '2025-12-01' where id = $1`, [young]);
    await house.source.query('delete from standing_before');
    // lapsed until it was renewed on 5 December 2025; a member until it was suspended on 1 February 2026
    await house.source.query(
      `insert into standing_before (firm_id, until, status, membership_class, membership_number, membership_valid_until)
       values ($1, '2025-12-05', 'admitted', 'associate', 'OLD-1', '2025-03-31')`,
      [renewed],
    );
    await house.source.query(`update firm set status = 'suspended' where id = $1`, [suspended]);
    await house.source.query(`update standing_before set until = '2026-02-01', membership_valid_until = '2026-03-31' where firm_id = $1`, [suspended]);

    const then = await numbers('2025');
    expect(then).toContain('DEMO-002');
    expect(then).not.toContain('DEMO-001');
    expect(then).not.toContain('DEMO-003');
    const now = await numbers('2026');
    expect(now).toContain('DEMO-001');
    expect(now).not.toContain('DEMO-002');
    expect(now).toContain('DEMO-003');
    // two days on which its membership had another number
    expect(await numbers('2024')).toContain('OLD-1');
  });

  it('any change of a membership leaves behind how it stood', async () => {
    const [firm] = await house.source.query<{ id: string }[]>(`select id from firm where membership_number = 'DEMO-005'`);
    await house.source.query(`update firm set about = 'no change of membership' where id = $1`, [firm?.id]);
    const left = () =>
      house.source.query('select status, membership_number, membership_valid_until::text valid from standing_before where firm_id = $1 order by id', [
        firm?.id,
      ]);
    expect(await left()).toEqual([]);
    await house.source.query(`update firm set membership_valid_until = '2028-03-31' where id = $1`, [firm?.id]);
    expect(await left()).toEqual([{ status: 'admitted', membership_number: 'DEMO-005', valid: '2027-03-31' }]);
  });

  it('the review counts who joined and left, and adds up', async () => {
    for (const [year, change] of [
      ['2025', 'joined'],
      ['2026', 'left'],
    ] as const) {
      const of = table(await make('review', { year }), 'membership').rows.map(({ cells }) => cells);
      const figure = (name: string, at = 1) => Number(of.find(([key]) => key === name)?.[at]);
      expect(figure('members')).toBe(figure('members', 2) + figure('joined') - figure('left'));
      expect(figure('members')).toBe(figure('corporate') + figure('associate'));
      expect(figure(change)).toBeGreaterThan(0);
    }
  });
});

describe('pages, files and answers', () => {
  it('every report is a page in four languages, a file for each table, and an answer of the API', async () => {
    for (const name of REPORTS) {
      for (const language of ['en', 'ur', 'sd', 'zh']) {
        const page = await desk.get(`/desk/reports/${name}?lang=${language}`);
        expect([name, page.status]).toEqual([name, 200]);
        expect(page.text).not.toMatch(/report\.\w|style="/);
        expect(page.text).toContain('<table');
      }
      const { tables } = (await curator.get(`/api/v1/desk/reports/${name}`)).json() as { tables: { name: string; rows: unknown[]; total: unknown }[] };
      for (const { name: of, rows, total } of tables) {
        const file = await desk.get(`/desk/reports/${name}/csv?table=${of}&lang=en`);
        expect([name, of, file.status, file.headers.get('content-type')]).toEqual([name, of, 200, 'text/csv; charset=utf-8']);
        expect(file.text.trimEnd().split('\r\n')).toHaveLength(1 + rows.length + (total ? 1 : 0));
      }
    }
  });

  it('a spreadsheet knows the file for UTF-8 and reckons with nothing in it', async () => {
    await house.source.query(
      `update firm set name = '=HYPERLINK("http://evil.example")', place = '+923001234567', phone = '+923001234567' where membership_number = 'DEMO-008'`,
    );
    const { url } = house;
    const answer = await fetch(`${url}/desk/reports/members/csv?lang=ur`, { headers: { cookie: desk.cookieLine } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = bytes.toString();
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(text).toContain(`'+923001234567`);
    expect(text).not.toMatch(/(^|,|\n)"?[=+@]/);
    expect(text).toContain('رکنیت نمبر');
  });

  it('the size of a firm is said in its profile, and is one of four', async () => {
    const member = await memberFirm(house);
    const profile = { offers: registration().offers, size: 'small' };
    expect((await member.member.send('PUT', `/api/v1/firms/${member.firmId}/profile`, { body: profile })).status).toBe(200);
    const size = async () => (await house.source.query<{ size: string | null }[]>('select size from firm where id = $1', [member.firmId]))[0]?.size;
    expect(await size()).toBe('small');
    const page = await (await browser(house, member)).get('/firm/profile?lang=en');
    expect(page.text).toMatch(/<option value="small" selected[^>]*>10 to 49/);
    expect((await member.member.send('PUT', `/api/v1/firms/${member.firmId}/profile`, { body: { ...profile, size: 'huge' } })).status).toBe(422);
  });

  it('what is no report, no table, no day and no period is refused', async () => {
    expect((await desk.get('/desk/reports/nonsense')).status).toBe(404);
    expect((await desk.get('/desk/reports/funnel/csv?table=nonsense')).status).toBe(404);
    for (const query of ['from=2026-02-30', 'from=2026-02-02&to=2026-02-01', 'from=0000-01-01', 'year=20265', 'by=colour', 'x=1'])
      expect([query, (await curator.get(`/api/v1/desk/reports/funnel?${query}`)).status]).toEqual([query, 422]);
    expect((await desk.get('/desk/reports?from=&to=')).status).toBe(200);
  });
});
