import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { seedDemo, type SignIn } from '../src/demo/seed.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { LANGUAGES } from '../src/language/language.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { NomenclatureService } from '../src/nomenclature/nomenclature.service.js';
import { isSound, MINUTES, openBrowser, PHONE, picture } from './support/browser.js';
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

  /** JavaScript off, as on the slowest phone: the pages must do without. axe runs in a second look with it on. */
  const open = (language: string, scheme: 'light' | 'dark' = 'light', javaScriptEnabled = false): Promise<BrowserContext> =>
    browser.newContext({
      viewport: PHONE,
      locale: language === 'zh' ? 'zh-CN' : language,
      colorScheme: scheme,
      javaScriptEnabled,
      baseURL: house.url,
      bypassCSP: javaScriptEnabled,
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

  const PUBLIC = [
    '/',
    '/statement',
    '/opportunities',
    '/opportunities/RB-0001',
    '/opportunities/RB-0001/forward',
    '/register',
    '/sign-in',
    '/sign-in/link',
    '/confirm',
    '/mailbox',
  ];
  const FIRM = ['/firm', '/firm/near', '/firm/why', '/firm/opportunities/RB-0001', '/firm/profile', '/firm/digests'];
  const DESK = [
    '/desk',
    '/desk/firms',
    '/desk/opportunities',
    '/desk/opportunities/new',
    '/desk/account?firm=kunri&opportunity=RB-0001',
    '/desk/digests',
    '/desk/digests/dry-run',
    '/desk/suppressions',
    '/desk/health',
    '/second-factor',
  ];

  it.each(LANGUAGES)(
    'every page stands upright in %s, light and dark, and axe finds nothing serious',
    async (language) => {
      for (const scheme of ['light', 'dark'] as const) {
        const context = await open(language, scheme, true);
        const page = await context.newPage();
        await page.goto(`/?lang=${language}`);
        const visit = async (addresses: readonly string[]) => {
          for (const address of addresses) {
            const answer = await page.goto(address);
            expect({ address, status: answer?.status() }).toEqual({ address, status: 200 });
            expect(await page.getAttribute('html', 'dir')).toBe(language === 'ur' || language === 'sd' ? 'rtl' : 'ltr');
            const name = `${language}-${scheme}-${
              address === '/'
                ? 'home'
                : address
                    .slice(1)
                    .replaceAll(/[/?&=]/g, '-')
                    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'one')
            }`;
            await picture(page, name);
            await isSound(page, name);
          }
        };
        await visit(PUBLIC);
        await signIn(page, /Kunri/);
        await visit(FIRM);
        await page.click('header form button');
        await signIn(page, /^administrator$/);
        await visit(DESK);
        await page.goto('/desk/firms?status=admitted');
        await page.click('.rows a');
        await isSound(page, 'desk firm');
        await picture(page, `${language}-${scheme}-desk-firm`);
        await visit([`${new URL(page.url()).pathname}/why`]);
        const [digest] = await house.source.query<{ id: string; run: string; firm: string }[]>(
          `select d.id, d.occurrence_id run, c.firm_id firm from digest d join contact c on c.id = d.contact_id where d.state in ('sent', 'unknown') order by d.id limit 1`,
        );
        await house.source.query(`update digest set state = 'unknown', reason = 'answer-lost' where id = $1`, [digest?.id]);
        await visit([`/desk/digests/${digest?.run}`, `/desk/mails/${digest?.id}`, `/desk/mails/${digest?.id}/resend`, `/desk/firms/${digest?.firm}/preview`]);
        await page.goto('/desk/opportunities?status=in_review');
        await page.click('.rows a');
        await isSound(page, 'desk opportunity');
        await picture(page, `${language}-${scheme}-desk-opportunity`);
        await context.close();
      }
    },
    MINUTES,
  );

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
});
