import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { seedDemo, type SignIn } from '../src/demo/seed.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { NomenclatureService } from '../src/nomenclature/nomenclature.service.js';
import { MINUTES, openBrowser, PHONE, picture } from './support/browser.js';
import { codeOf, type House, openHouse } from './support/house.js';

const withBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

withBrowser('in a real browser, at the width of a phone', () => {
  let house: House;
  let browser: Browser;
  let signIns: readonly SignIn[];

  beforeAll(async () => {
    house = await openHouse();
    signIns = (await seedDemo(house.source, house.get(AccountsService), house.get(NomenclatureService), house.clock.now(), 'Asia/Karachi')) ?? [];
    await house.worker.sweep();
    await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
    await house.get(DigestsService).runNow();
    await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the digests');
    browser = await openBrowser();
  }, MINUTES);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  /** JavaScript off, as on the slowest phone: the pages must do without. */
  const open = (language: string): Promise<BrowserContext> =>
    browser.newContext({
      viewport: PHONE,
      locale: language === 'zh' ? 'zh-CN' : language,
      javaScriptEnabled: false,
      baseURL: house.url,
    });

  const signIn = async (page: Page, what: RegExp): Promise<void> => {
    const person = signIns.find((s) => what.test(s.what));
    await page.goto('/sign-in');
    await page.fill('[name=email]', person?.email ?? '');
    await page.fill('[name=password]', person?.password ?? '');
    await page.click('main button');
    if (!person?.totp) return;
    await page.fill('[name=code]', (await codeOf(house, person.email)) ?? '');
    await page.click('main button');
  };

  it(
    'a firm registers in Urdu without JavaScript, confirms, and sees on its page where it stands',
    async () => {
      const context = await open('ur');
      const page = await context.newPage();
      await page.goto('/register');
      expect(await page.getAttribute('html', 'lang')).toBe('ur');
      await page.fill('[name=firmName]', 'حیدرآباد اچار ہاؤس');
      await page.fill('[name="offers.0.text"]', 'خشک سرخ مرچ');
      await page.click('main form button');
      // what it takes the words for is shown in Urdu; one press says yes
      await page.check('input[value^="hs:0904"]');
      await picture(page, 'ur-light-register-suggestions');
      await page.fill('[name=contactName]', 'رضیہ سلطانہ');
      await page.fill('[name=email]', 'razia@achar-house.example');
      await page.fill('[name=password]', 'short');
      await page.check('[name=digestConsent]');
      await page.click('main form button');
      // what was wrong is said, what was written is kept
      expect(await page.textContent('[role=alert]')).toContain('8');
      expect(await page.inputValue('[name=firmName]')).toBe('حیدرآباد اچار ہاؤس');
      await picture(page, 'ur-light-register-error');
      await page.fill('[name=password]', 'اچار دھوپ میں رکھا ہے');
      await page.click('main form button');
      const mailTo = async () => (await house.mails()).find((mail) => mail.to.includes('razia@achar-house.example'));
      await house.until(async () => (await mailTo()) !== undefined, 'the confirmation mail');
      await page.goto(/http:\S+\/confirm\/\S+/.exec((await mailTo())?.text ?? '')?.[0] ?? '');
      await page.click('main button');
      await page.click('main a.button');
      await page.fill('[name=email]', 'razia@achar-house.example');
      await page.fill('[name=password]', 'اچار دھوپ میں رکھا ہے');
      await page.click('main form button');
      await page.waitForSelector('#why-nothing');
      expect(new URL(page.url()).pathname).toBe('/firm');
      await picture(page, 'ur-light-firm-applied');
      await context.close();
    },
    MINUTES,
  );

  it(
    'firm 16, which no open opportunity fits, reads why on its page',
    async () => {
      const context = await open('en');
      const page = await context.newPage();
      await signIn(page, /Sugar/);
      expect(await page.textContent('#why-nothing')).toMatch(/fits|score/);
      await picture(page, 'en-light-firm-16');
      await context.close();
    },
    MINUTES,
  );

  it(
    'a report is asked for by its form, and printed without what belongs to the screen',
    async () => {
      const context = await open('en');
      const page = await context.newPage();
      await signIn(page, /^curator$/);
      await page.goto('/desk/reports?lang=en');
      await page.getByLabel('From', { exact: true }).fill('2026-06-01');
      await page.getByLabel('Broken down by').selectOption('women');
      await page.getByRole('button', { name: 'Show' }).click();
      expect(page.url()).toContain('from=2026-06-01');
      expect(page.url()).toContain('by=women');
      expect(await page.locator('table').nth(1).locator('tbody th').allInnerTexts()).toEqual(expect.arrayContaining(['Yes', 'No']));
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByRole('button', { name: 'Show' }).count()).toBe(0);
      expect(await page.getByRole('heading', { name: 'Step by step' }).count()).toBe(1);
      await picture(page, 'report-printed');
      await context.close();
    },
    MINUTES,
  );
});
