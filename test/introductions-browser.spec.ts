import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { Signer } from '../src/common/tokens.js';
import { IntroductionMailService } from '../src/introductions/introduction-mail.service.js';
import { IntroductionsService } from '../src/introductions/introductions.service.js';
import { LANGUAGES } from '../src/language/language.js';
import { say } from '../src/language/say.js';
import { isSound, MINUTES, openBrowser, PHONE, picture } from './support/browser.js';
import { chamberAccount, codeOf, type House, type MemberFirm, memberFirm, openHouse, type Person, publishedLead, signedIn } from './support/house.js';

const withBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

withBrowser('from the mail to a signed outcome, at the width of a phone', () => {
  let house: House;
  let browser: Browser;
  let firm: MemberFirm;
  let curator: Person;
  let leadId: string;

  beforeAll(async () => {
    house = await openHouse({ work: false });
    const desk = await signedIn(house, 'curator');
    curator = await chamberAccount(house, 'curator');
    firm = await memberFirm(house, { language: 'sd', phone: '+92 22 2781234' });
    leadId = await publishedLead(desk, {
      title: { en: 'Dried whole red chillies', ur: 'ثابت خشک سرخ مرچ', sd: 'سڪل ثابت ڳاڙها مرچ', zh: '整干红辣椒' },
      deadline: '2027-01-31',
    });
    browser = await openBrowser();
  }, MINUTES);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const open = (javaScriptEnabled: boolean, colorScheme: 'light' | 'dark' = 'light'): Promise<BrowserContext> =>
    browser.newContext({ viewport: PHONE, colorScheme, javaScriptEnabled, baseURL: house.url, bypassCSP: javaScriptEnabled });
  const work = async () => {
    await house.get(IntroductionsService).tick();
    await house.get(IntroductionMailService).deliverOwed();
  };
  const lastMail = async (to: string) => (await house.mails()).find((mail) => mail.to.includes(to))?.text ?? '';
  const signIn = async (context: BrowserContext, { email, password }: Person) => {
    const page = await context.newPage();
    await page.goto('/sign-in?lang=en');
    await page.fill('[name=email]', email);
    await page.fill('[name=password]', password);
    await page.click('main button');
    const code = await codeOf(house, email);
    if (code) {
      await page.fill('[name=code]', code);
      await page.click('main button');
    }
    return page;
  };
  const state = async () => (await house.source.query<{ state: string; outcome: string | null }[]>('select state, outcome from introduction'))[0];

  it(
    'interested in the mail, screened at the desk, agreed in Chinese, reported by the firm: without JavaScript',
    async () => {
      const context = await open(false);
      const page = await context.newPage();
      await page.goto(`/a/${house.get(Signer).token('answer', `${firm.contactId}.${leadId}`)}?do=interested`);
      await page.fill('[name=sentence]', 'هر مهيني 40 ٽن');
      await page.click('main button.big');
      expect(await page.textContent('[role=status]')).toBe(say('sd', 'interest.done'));

      const desk = await signIn(await open(false), curator);
      await desk.goto('/desk/introductions');
      await desk.click('main .rows a.button');
      await desk.click('button[value=approve]');
      expect((await state())?.state).toBe('asked');
      await work();

      // the counterparty, on a page of its own in Chinese
      const theirs = await (await open(false)).newPage();
      await theirs.goto(/http:\S+\/i\/[\w.-]+/.exec(await lastMail('buy@lantern-foods.example'))?.[0] ?? '');
      expect(await theirs.getAttribute('html', 'lang')).toBe('zh-Hans');
      expect(await theirs.textContent('main')).toContain('整干红辣椒');
      await theirs.click('button[value=agree]');
      expect(await theirs.textContent('[role=status]')).toBe(say('zh', 'introduction.done.agree'));
      await work();
      expect(await lastMail(firm.email)).toContain('buy@lantern-foods.example');

      house.clock.set(new Date(house.clock.now().getTime() + 14 * 86_400_000));
      await work();
      await page.goto(/http:\S+\?outcome=order/.exec(await lastMail(firm.email))?.[0] ?? '');
      expect(await page.getAttribute('html', 'dir')).toBe('rtl');
      await page.fill('[name=value]', '64000');
      await page.click('button[value=report]');
      expect(await page.textContent('[role=status]')).toBe(say('sd', 'introduction.done.report'));
      expect(await state()).toEqual({ state: 'closed', outcome: 'order' });
      await desk.reload();
      await desk.goto('/desk/introductions?state=closed');
      expect(await desk.textContent('main')).toContain(say('en', 'introduction.outcome.order'));
    },
    MINUTES,
  );

  it.each(LANGUAGES)(
    'every page of the way stands upright in %s, and axe finds nothing serious',
    async (language) => {
      const [row] = await house.source.query<{ id: string }[]>('select id from introduction limit 1');
      const id = row?.id ?? '';
      const signer = house.get(Signer);
      const theirs = signer.token('introduction', id);
      const ours = signer.token('introduction', `${id}.${firm.firmId}`);
      const scheme = language === 'ur' ? 'dark' : 'light';
      const nobody = await (await open(true, scheme)).newPage();
      const member = await signIn(await open(true, scheme), firm);
      const desk = await signIn(await open(true, scheme), curator);
      for (const now of ['asked', 'introduced'] as const) {
        await house.source.query(
          `update introduction set state = $1, ending = null, ended_by = null, since = '2026-11-24', released_on = case when $1 = 'introduced' then date '2026-11-24' end`,
          [now],
        );
        for (const [page, addresses] of [
          [nobody, [`/i/${theirs}`, `/i/${ours}`]],
          [member, ['/firm/introductions', '/firm/person']],
          [desk, [`/desk/introductions?state=${now}`, `/desk/introductions/${id}`, '/desk/holidays', `/desk/opportunities/${leadId}`]],
        ] as const)
          for (const [i, address] of addresses.entries()) {
            const answer = await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${language}`);
            expect([address, answer?.status()]).toEqual([address, 200]);
            const name = `way-${language}-${now}-${address.split(/[/?]/)[1]}-${i}`;
            await picture(page, name);
            await isSound(page, name);
          }
      }
    },
    MINUTES,
  );
});
