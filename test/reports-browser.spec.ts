import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { seedDemo } from '../src/demo/seed.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { NomenclatureService } from '../src/nomenclature/nomenclature.service.js';
import { REPORTS } from '../src/reports/reports.service.js';
import { DESKTOP, isSound, MINUTES, openBrowser, PHONE, picture, signInAs } from './support/browser.js';
import { browser as visitor, chamberAccount, type House, openHouse, type Visitor } from './support/house.js';

let house: House;
let desk: Visitor;
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  house = await openHouse();
  await seedDemo(house.source, house.get(AccountsService), house.get(NomenclatureService), house.clock.now(), 'Asia/Karachi');
  for (const { id } of await house.source.query<{ id: string }[]>(`select id from firm where status = 'admitted'`))
    await house.get(MatchingService).matchFirm(id);
  house.clock.set(new Date('2026-11-24T03:05:00Z'));
  await house.get(DigestsService).plan();
  await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the run');
  desk = await visitor(house, await chamberAccount(house, 'curator'));
}, MINUTES);
afterAll(async () => {
  await browser.close();
  await house.close();
});

it.each([
  ['en', PHONE, 'light'],
  ['ur', PHONE, 'dark'],
  ['en', DESKTOP, 'dark'],
  ['ur', DESKTOP, 'light'],
  ['sd', PHONE, 'light'],
  ['zh', PHONE, 'light'],
] as const)(
  'reports in %s at %j, %s: nothing sticks out, nothing serious',
  async (language, viewport, colorScheme) => {
    const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
    await signInAs(context, desk);
    const page = await context.newPage();
    expect.hasAssertions();
    for (const name of REPORTS) {
      await page.goto(`${house.url}/desk/reports/${name}?lang=${language}`);
      await isSound(page, `${name} ${language} ${viewport.width}`);
      await picture(page, `reports-${name}-${language}-${viewport.width}`);
    }
    await context.close();
  },
  MINUTES,
);

it(
  'a report is asked for by its form, without JavaScript, and printed without what belongs to the screen',
  async () => {
    const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
    await signInAs(context, desk);
    const page = await context.newPage();
    await page.goto(`${house.url}/desk/reports?lang=en`);
    await page.getByLabel('From', { exact: true }).fill('2026-06-01');
    await page.getByLabel('Told apart by').selectOption('women');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(page.url()).toContain('from=2026-06-01');
    expect(page.url()).toContain('by=women');
    expect(await page.locator('table').nth(1).locator('tbody th').allInnerTexts()).toEqual(expect.arrayContaining(['Yes', 'No']));
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Show' }).count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Step by step' }).count()).toBe(1);
    await picture(page, 'reports-printed');
    await context.close();
  },
  MINUTES,
);
