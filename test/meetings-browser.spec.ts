import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { LANGUAGES } from '../src/language/language.js';
import { apart } from '../src/language/say.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { DESKTOP, MINUTES, openBrowser, PHONE, picture, signInAs } from './support/browser.js';
import { browser as signedBrowser, chamberAccount, client, type House, memberFirm, openHouse, publishedLead, type Visitor } from './support/house.js';

const withBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

withBrowser('a meeting day in a browser', () => {
  let house: House;
  let chromium: Browser;
  let curator: Visitor;
  let address = '';

  beforeAll(async () => {
    house = await openHouse();
    const person = await chamberAccount(house, 'curator');
    const desk = await client(house, person);
    curator = await signedBrowser(house, person);
    for (const firmName of ['Kunri Sun Chillies', 'Hala Glazed Tiles', 'Sehwan Date Packers']) await memberFirm(house, { firmName });
    await publishedLead(desk, { title: { en: 'Dried whole red chillies', ur: 'ثابت خشک سرخ مرچ', sd: 'سڪل ثابت ڳاڙها مرچ', zh: '整干红辣椒' } });
    await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
    chromium = await openBrowser();
  }, MINUTES);
  afterAll(async () => {
    await chromium.close();
    await house.close();
  });

  it(
    'is made, planned, accepted, repaired and published without JavaScript, at the width of a phone',
    async () => {
      const context = await chromium.newContext({ viewport: PHONE, javaScriptEnabled: false, baseURL: house.url });
      await signInAs(context, curator);
      const page = await context.newPage();
      await page.goto('/desk/meetings?lang=en');
      await page.fill('[name=name]', 'Spring meetings 2027');
      await page.fill('[name=date]', '2027-03-10');
      await page.fill('[name=venue]', 'Chamber Hall, Hyderabad');
      await page.fill('[name=tables]', '3');
      await page.fill('[name=interpreters]', 'Li Na: zh, ur, en\nFarhan Memon: zh, sd, ur');
      await page.click('text=Make this day');
      await page.waitForSelector('h1:has-text("Spring meetings 2027")');
      const [{ id } = { id: '' }] = await house.source.query<{ id: string }[]>('select id from meeting_day');
      address = `/desk/meetings/${id}`;
      const add = async (fill: () => Promise<unknown>, ...languages: string[]): Promise<void> => {
        await page.goto(address);
        await fill();
        for (const language of languages) await page.check(`form[action$=attendees] [name=languages][value=${language}]`);
        await page.click('form[action$=attendees] button');
      };
      for (const name of ['Kunri Sun Chillies', 'Hala Glazed Tiles', 'Sehwan Date Packers'])
        await add(() => page.selectOption('[name=firmId]', { label: apart(name) }), 'ur', 'sd');
      await add(() => page.selectOption('[name=opportunityId]', { index: 1 }), 'zh');
      await add(() => page.fill('form[action$=attendees] [name=name]', 'Jade Terrace Trading'), 'zh', 'en');
      await page.goto(address);
      await page.click('#attendees a:has-text("Jade Terrace Trading")');
      for (const box of await page.$$('[name=wants]')) await box.check();
      await page.click('button:has-text("Save")');
      const settled = async (): Promise<void> => {
        await house.until(
          async () => (await house.source.query<unknown[]>(`select 1 from meeting_timetable where state = 'wanted'`)).length === 0,
          'the timetable',
        );
        await page.goto(address);
      };
      await page.click('text=Propose a timetable');
      await settled();
      await page.click('text=Accept this timetable');
      await page.click('text=Publish: firms see their meetings');
      await page.click('summary:has-text("Somebody is late or missing")');
      await page.selectOption('[name=attendeeId]', { label: apart('Kunri Sun Chillies') });
      await page.fill('form:has([name=attendeeId]) [name=arrives]', '11:00');
      await page.click('text=Repair the timetable');
      await settled();
      expect(await page.textContent('main')).toMatch(/\d meetings? changes?:/);
      await context.close();
    },
    MINUTES,
  );

  it(
    'is a page for each on paper, in four languages',
    async () => {
      const context = await chromium.newContext({ viewport: DESKTOP, baseURL: house.url });
      await signInAs(context, curator);
      const page = await context.newPage();
      for (const language of LANGUAGES) {
        await page.goto(`${address}/sheets/persons?lang=${language}`);
        await page.emulateMedia({ media: 'print' });
        await picture(page, `meetings-print-${language}`);
        const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
        // three firms and two counterparties
        expect([language, pdf.match(/\/Type\s*\/Page\b/g)?.length]).toEqual([language, 5]);
      }
      await context.close();
    },
    MINUTES,
  );
});
