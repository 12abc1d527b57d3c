import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { POLICY } from '../src/accounts/policy.js';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { Signer } from '../src/common/tokens.js';
import { seedDemo, type SignIn } from '../src/demo/seed.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { LANGUAGES } from '../src/language/language.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { MeetingsService } from '../src/meetings/meetings.service.js';
import { NomenclatureService } from '../src/nomenclature/nomenclature.service.js';
import { ImportsService } from '../src/opportunities/imports.service.js';
import { REPORTS } from '../src/reports/reports.service.js';
import { DESKTOP, faultsOf, MINUTES, openBrowser, PHONE, signInAs } from './support/browser.js';
import { browser as visitorOf, type House, openHouse } from './support/house.js';

const withBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

/** Addresses that answer with something else than a page of ours. */
const NO_PAGE = new Set([
  'GET /style.css',
  'GET /fonts/nastaliq.woff2',
  'GET /fonts/naskh.woff2',
  'GET /opportunities/feed.atom',
  'GET /opportunities/feed.json',
  'GET /opportunities/:reference/calendar.ics',
  'GET /firm/person/export',
  'GET /desk/mails/:digestId/html', // mails, which the look at digests looks at
  'GET /desk/firms/:firmId/preview/:contactId',
  'GET /firm/digests/preview',
  'GET /desk/mails/:digestId/source.eml',
  'GET /firm/meetings/:dayId/calendar.ics',
  'GET /desk/meetings/:dayId/attendees/:attendeeId/calendar.ics',
  'GET /desk/imports/:importId/errors.csv',
  'GET /desk/reports/:report/csv',
  'GET /desk/queues', // the board of another house, in English
  'GET /desk/queues/*',
  'GET /mailbox/messages.json',
  'GET /mailbox/:id/html',
  'GET /health/live',
  'GET /health/ready',
]);

type Reader = 'nobody' | 'member' | 'administrator';
interface Visit {
  readonly route: string;
  readonly reader: Reader;
  readonly address: string;
  readonly status?: number;
}

withBrowser('every page there is', () => {
  let house: House;
  let browser: Browser;
  let signIns: readonly SignIn[];
  let visits: readonly Visit[];

  beforeAll(async () => {
    browser = await openBrowser();
    house = await openHouse();
    signIns = (await seedDemo(house.source, house.get(AccountsService), house.get(NomenclatureService), house.clock.now(), 'Asia/Karachi')) ?? [];
    await house.worker.sweep();
    await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
    await house.get(DigestsService).runNow();
    await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the digests');
    await timetable();
    visits = await addresses();
  }, MINUTES);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const one = async (sql: string): Promise<Record<string, string>> => {
    const [row] = await house.source.query<Record<string, string>[]>(sql);
    if (!row) throw new Error(`the demo chamber has none: ${sql}`);
    return row;
  };

  /** The demo chamber's meeting day, planned and published. */
  async function timetable(): Promise<void> {
    const meetings = house.get(MeetingsService);
    const { id } = await one('select id from meeting_day');
    const { id: curator } = await one(`select id from account where role = 'curator'`);
    await meetings.act(id ?? '', { do: 'propose' }, curator ?? '');
    await house.until(async () => (await one('select state from meeting_timetable'))['state'] === 'proposed', 'the timetable');
    for (const step of ['accept', 'publish']) await meetings.act(id ?? '', { do: step }, curator ?? '');
  }

  /** Each page with something on it, and pages on which something went wrong. */
  async function addresses(): Promise<Visit[]> {
    const digest = await one(
      `select d.id, d.occurrence_id run, c.firm_id firm, c.id contact from digest d join contact c on c.id = d.contact_id join firm f on f.id = c.firm_id where d.state = 'sent' and f.name ~ 'Kunri'`,
    );
    await house.source.query(`update digest set state = 'unknown', reason = 'answer-lost' where id = $1`, [digest['id']]);
    const lead = await one(`select id from opportunity where reference = 'RB-0001'`);
    const draft = await one(`select id from opportunity where status = 'in_review' order by id limit 1`);
    const introduction = await one(`select id from introduction where outcome = 'order'`);
    const kunri = await one(`select id from firm where name ~ 'Kunri'`);
    const meeting = await one(`select a.day_id as day, a.id attendee from meeting_attendee a join firm f on f.id = a.firm_id where f.name ~ 'Kunri'`);
    const imported = await house
      .get(ImportsService)
      .upload(
        { content: 'reference;kind;title;hs;country;counterparty;source\nA1;buy_request;Dried chillies;0904.21;CN;Lantern;list\nA2;sell;x;;;;' },
        kunri['id'] ?? '',
      );
    const [mail] = await house.mails();
    const token = (purpose: string, ...parts: (string | undefined)[]) => house.get(Signer).token(purpose, parts.join('.'));
    const nobody: Record<string, string> = {
      '/': '/',
      '/statement': '/statement',
      '/opportunities': '/opportunities',
      '/opportunities/:reference': '/opportunities/RB-0001',
      '/opportunities/:reference/forward': '/opportunities/RB-0001/forward',
      '/register': '/register',
      '/confirm': '/confirm',
      '/confirm/:token': `/confirm/${token('confirm', digest['contact'])}`,
      '/sign-in': '/sign-in',
      '/sign-in/link': '/sign-in/link',
      '/sign-in/link/:token': `/sign-in/link/${token('sign-in', digest['contact'])}`,
      '/u/:token': `/u/${token('unsubscribe', digest['contact'])}`,
      '/a/:token': `/a/${token('answer', digest['contact'], lead['id'])}?do=interested`,
      '/i/:token': `/i/${token('introduction', introduction['id'])}`,
      '/mailbox': '/mailbox',
      '/mailbox/:id': `/mailbox/${mail?.id}`,
    };
    const member: Record<string, string> = {
      '/firm': '/firm',
      '/firm/profile': '/firm/profile',
      '/firm/digests': '/firm/digests',
      '/firm/near': '/firm/near',
      '/firm/why': '/firm/why',
      '/firm/opportunities/:reference': '/firm/opportunities/RB-0001',
      '/firm/saved': '/firm/saved',
      '/firm/answers/:reference': '/firm/answers/RB-0001',
      '/firm/person': '/firm/person',
      '/firm/introductions': '/firm/introductions',
      '/firm/meetings': '/firm/meetings',
      '/firm/meetings/:dayId/sheet': `/firm/meetings/${meeting['day']}/sheet`,
    };
    const administrator: Record<string, string> = {
      '/second-factor': '/second-factor',
      '/desk': '/desk',
      '/desk/introductions': '/desk/introductions?state=closed',
      '/desk/introductions/:introductionId': `/desk/introductions/${introduction['id']}`,
      '/desk/holidays': '/desk/holidays',
      '/desk/firms': '/desk/firms',
      '/desk/firms/:firmId': `/desk/firms/${kunri['id']}`,
      '/desk/firms/:firmId/why': `/desk/firms/${kunri['id']}/why`,
      '/desk/firms/:firmId/preview': `/desk/firms/${digest['firm']}/preview`,
      '/desk/account': `/desk/account?firm=${kunri['id']}&opportunity=RB-0001`,
      '/desk/opportunities': '/desk/opportunities',
      '/desk/opportunities/new': '/desk/opportunities/new',
      '/desk/opportunities/:id': `/desk/opportunities/${draft['id']}`,
      '/desk/opportunities/:id/edit': `/desk/opportunities/${draft['id']}/edit`,
      '/desk/digests': '/desk/digests',
      '/desk/digests/dry-run': '/desk/digests/dry-run',
      '/desk/digests/:occurrenceId': `/desk/digests/${digest['run']}`,
      '/desk/mails/:digestId': `/desk/mails/${digest['id']}`,
      '/desk/mails/:digestId/resend': `/desk/mails/${digest['id']}/resend`,
      '/desk/suppressions': '/desk/suppressions',
      '/desk/imports': '/desk/imports',
      '/desk/imports/:importId': `/desk/imports/${imported}`,
      '/desk/meetings': '/desk/meetings',
      '/desk/meetings/:dayId': `/desk/meetings/${meeting['day']}`,
      '/desk/meetings/:dayId/attendees/:attendeeId': `/desk/meetings/${meeting['day']}/attendees/${meeting['attendee']}`,
      '/desk/meetings/:dayId/sheets/:sheets': `/desk/meetings/${meeting['day']}/sheets/persons`,
      '/desk/reports': '/desk/reports',
      '/desk/reports/:report': '/desk/reports/funnel?by=women',
      '/desk/health': '/desk/health',
    };
    const of = (reader: Reader, pages: Record<string, string>): Visit[] =>
      Object.entries(pages).map(([route, address]) => ({ route: `GET ${route}`, reader, address }));
    return [
      ...of('nobody', nobody),
      { route: 'found', reader: 'nobody', address: '/opportunities?q=chillies&sector=agriculture&hs=09' },
      { route: 'none found', reader: 'nobody', address: '/opportunities?sector=power' },
      { route: 'refused', reader: 'nobody', address: '/opportunities?hs=abc', status: 422 },
      { route: 'not there', reader: 'nobody', address: '/opportunities/RB-9999', status: 404 },
      { route: 'not for nobody', reader: 'nobody', address: '/desk', status: 303 },
      ...of('member', member),
      { route: 'not for members', reader: 'member', address: '/desk', status: 403 },
      ...of('administrator', administrator),
      ...REPORTS.map((report) => ({ route: `report ${report}`, reader: 'administrator' as const, address: `/desk/reports/${report}` })),
      { route: 'published', reader: 'administrator', address: `/desk/opportunities/${lead['id']}` },
    ];
  }

  it('is looked at', () => {
    const pages = Object.keys(POLICY).filter((route) => route.startsWith('GET ') && !route.startsWith('GET /api/'));
    const seen = new Set(visits.map(({ route }) => route));
    expect(pages.filter((route) => !seen.has(route) && !NO_PAGE.has(route))).toEqual([]);
  });

  it.each(LANGUAGES)(
    'stands upright in %s, on a phone and a desk, light and dark, in words of that language whose letters are all drawn',
    async (language) => {
      const drawn = new Set<string>();
      const faults: string[] = [];
      for (const reader of ['nobody', 'member', 'administrator'] as const) {
        const context = await browser.newContext({
          viewport: PHONE,
          locale: language === 'zh' ? 'zh-CN' : language,
          baseURL: house.url,
          bypassCSP: true,
        });
        const person = {
          nobody: undefined,
          member: signIns.find(({ what }) => /Kunri/.test(what)),
          administrator: signIns.find(({ what }) => what === 'administrator'),
        }[reader];
        if (person) await signInAs(context, await visitorOf(house, person));
        const page = await context.newPage();
        await page.goto(`/?lang=${language}`);
        for (const { route, address, status = 200 } of visits.filter((visit) => visit.reader === reader)) {
          // mailed links lead to pages in the language of whom they were mailed to
          const answer = await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${language}`);
          expect({ address, status: answer?.request().redirectedFrom() ? 303 : answer?.status() }).toEqual({ address, status });
          expect(await page.getAttribute('html', 'dir')).toBe(language === 'ur' || language === 'sd' ? 'rtl' : 'ltr');
          faults.push(...(await faultsOf(page, nameOf(route), language, drawn, reader === 'nobody')));
        }
        await context.close();
      }
      expect(faults).toEqual([]);
    },
    MINUTES,
  );

  it(
    'would be found with a letter that no font has, and with a sentence of another language',
    async () => {
      const context = await browser.newContext({ viewport: DESKTOP, baseURL: house.url, bypassCSP: true });
      const page: Page = await context.newPage();
      await page.goto('/statement?lang=ur');
      const spoil = (text: string) => page.evaluate(`document.querySelector('h1').append(${JSON.stringify(text)})`);
      expect(await faultsOf(page, 'whole', 'ur', new Set())).toEqual([]);
      await spoil('\u{f0123}');
      expect(await faultsOf(page, 'letter', 'ur', new Set())).toEqual([expect.stringMatching(/^letter: not drawn: .*\u{f0123}$/u)]);
      await page.reload();
      await spoil(' Nobody translated this ');
      expect(await faultsOf(page, 'sentence', 'ur', new Set())).toEqual(['sentence: another language: Nobody translated this']);
      await context.close();
    },
    MINUTES,
  );
});

/** GET /desk/firms/:firmId → desk-firms-firmId */
const nameOf = (route: string): string =>
  route
    .replace(/^GET \/?/, '')
    .replaceAll(/[^\w]+/g, '-')
    .replace(/-$/, '') || 'home';
