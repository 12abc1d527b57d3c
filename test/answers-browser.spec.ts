import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { Signer } from '../src/common/tokens.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { LANGUAGES } from '../src/language/language.js';
import { say } from '../src/language/say.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { isSound, MINUTES, openBrowser, PHONE, picture } from './support/browser.js';
import { chamberAccount, codeOf, type House, type MemberFirm, memberFirm, openHouse, publishedLead, signedIn, type Visitor } from './support/house.js';

const ANSWERED = ['interested', 'not-for-me', 'save'] as const;

const withBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

withBrowser('from the mail, at the width of a phone', () => {
  let house: House;
  let browser: Browser;
  let curator: Visitor;
  let leadId: string;
  const firms = new Map<string, MemberFirm>();

  beforeAll(async () => {
    house = await openHouse();
    curator = await signedIn(house, 'curator');
    for (const language of LANGUAGES) firms.set(language, await memberFirm(house, { language }));
    leadId = await publishedLead(curator, {
      title: { en: 'Dried whole red chillies', ur: 'ثابت خشک سرخ مرچ', sd: 'سڪل ثابت ڳاڙها مرچ', zh: '整干红辣椒' },
      deadline: '2027-01-31',
    });
    await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
    house.clock.set(new Date('2026-11-24T03:05:00Z'));
    await house.get(DigestsService).plan();
    await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the digests');
    browser = await openBrowser();
  }, MINUTES);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const open = (scheme: 'light' | 'dark' = 'light', javaScriptEnabled = false): Promise<BrowserContext> =>
    browser.newContext({ viewport: PHONE, colorScheme: scheme, javaScriptEnabled, baseURL: house.url, bypassCSP: javaScriptEnabled });

  const linkOf = (firm: MemberFirm, answer: string): string => `/a/${house.get(Signer).token('answer', `${firm.contactId}.${leadId}`)}?do=${answer}`;
  const stopOf = (firm: MemberFirm): string => `/u/${house.get(Signer).token('unsubscribe', firm.contactId)}`;
  /** A link of the mail that was really sent, where the mail has it. */
  const mailed = async (firm: MemberFirm, pattern: RegExp): Promise<string | undefined> =>
    pattern.exec((await house.mails()).find((mail) => mail.headers['list-id'] && mail.to.includes(firm.email))?.text ?? '')?.[0];

  it.each(LANGUAGES)(
    'every page behind a link stands upright in %s, light and dark, and axe finds nothing serious',
    async (language) => {
      const firm = firms.get(language)!;
      for (const scheme of ['light', 'dark'] as const) {
        const context = await open(scheme, true);
        const page = await context.newPage();
        const pages = { ...Object.fromEntries(ANSWERED.map((answer) => [answer, linkOf(firm, answer)])), choose: linkOf(firm, ''), stop: stopOf(firm) };
        for (const [name, address] of Object.entries({ ...pages, fewer: `${stopOf(firm)}?what=fewer`, all: `${stopOf(firm)}?what=all` })) {
          expect((await page.goto(address))?.status()).toBe(200);
          expect(await page.getAttribute('html', 'dir')).toBe(language === 'ur' || language === 'sd' ? 'rtl' : 'ltr');
          await picture(page, `answers-${language}-${scheme}-${name}`);
          await isSound(page, `${language} ${scheme} ${name}`);
        }
        await context.close();
      }
    },
    MINUTES,
  );

  it.each(['en', 'ur', 'sd'] as const)(
    'from the mail to interested without JavaScript, in %s: two presses, no sign-in; then fewer mails, then none',
    async (language) => {
      const firm = firms.get(language)!;
      const context = await open();
      const page = await context.newPage();
      await page.goto((await mailed(firm, /http:\S+\/a\/\S+\?do=interested/)) ?? linkOf(firm, 'interested'));
      await page.fill('[name=sentence]', 'Call 0300 1234567');
      await page.click('main button.big');
      expect(await page.textContent('[role=alert]')).toContain(say(language, 'error.no-contact'));
      expect(await page.inputValue('[name=sentence]')).toBe('Call 0300 1234567');
      await picture(page, `answers-${language}-light-refused`);
      await page.fill('[name=sentence]', 'ماہانہ 40 ٹن');
      await page.click('main button.big');
      expect(await page.textContent('[role=status]')).toBe(say(language, 'interest.done'));
      await picture(page, `answers-${language}-light-interested-done`);
      expect(await house.source.query('select state, sentence from interest where firm_id = $1', [firm.firmId])).toEqual([
        { state: 'expressed', sentence: 'ماہانہ 40 ٹن' },
      ]);
      // thought better of it
      await page.click('.given button');
      await page.click(`main a[href$="do=not-for-me"]`);
      await page.check('[value=too-late]');
      await page.click('main button.big');
      expect(await page.textContent('[role=status]')).toBe(say(language, 'feedback.done'));
      await picture(page, `answers-${language}-light-not-for-me-done`);
      expect(await house.source.query('select reason from feedback where firm_id = $1', [firm.firmId])).toEqual([{ reason: 'too-late' }]);

      await page.goto(`${stopOf(firm)}?what=fewer`);
      await page.click('main button.big >> nth=0');
      expect(await page.textContent('[role=status]')).toContain(say(language, 'cadence.fortnightly'));
      await picture(page, `answers-${language}-light-fewer-done`);
      await page.click('main a[href$="what=all"]');
      await page.click('main button.big');
      expect(await page.textContent('main')).toContain(firm.email);
      const [subscription] = await house.source.query<{ cadence: string; unsubscribed_at: Date | null }[]>(
        'select cadence, unsubscribed_at from subscription where contact_id = $1',
        [firm.contactId],
      );
      expect(subscription).toEqual({ cadence: 'fortnightly', unsubscribed_at: house.clock.now() });
      await context.close();
    },
    MINUTES,
  );

  it(
    'a signed-in firm finds its answers, and what they suggest, on its pages; the desk finds the interests',
    async () => {
      const firm = firms.get('ur')!;
      for (let n = 0; n < 4; n++) {
        const id = await publishedLead(curator, { country: 'AE', counterparty: `Buyer ${n}`, counterpartyEmail: undefined });
        const { reference } = (await curator.get(`/api/v1/desk/opportunities/${id}`)).json() as { reference: string };
        const about = `/api/v1/firms/${firm.firmId}/opportunities/${reference}`;
        if (n < 3) await firm.member.send('PUT', `${about}/feedback`, { body: { reason: 'country' } });
        else await firm.member.send('PUT', `${about}/saved`);
      }
      await firms
        .get('en')!
        .member.post(`/api/v1/firms/${firms.get('en')!.firmId}/opportunities/${await referenceOf()}/interest`, { sentence: 'From March on, 40 t a month' });
      await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
      for (const scheme of ['light', 'dark'] as const) {
        for (const [person, addresses] of [
          [firm, ['/firm', '/firm/saved', `/opportunities/${await referenceOf()}`, `/firm/answers/${await referenceOf()}?do=not-for-me`]],
          [await chamberAccount(house, 'curator'), ['/desk', '/desk/introductions']],
        ] as const) {
          const context = await open(scheme, true);
          const page = await context.newPage();
          await page.goto('/sign-in?lang=ur');
          await page.fill('[name=email]', person.email);
          await page.fill('[name=password]', person.password);
          await page.click('main button');
          const code = await codeOf(house, person.email);
          if (code) {
            await page.fill('[name=code]', code);
            await page.click('main button');
          }
          for (const address of addresses) {
            expect((await page.goto(address))?.status()).toBe(200);
            const name = `answers-${scheme}${address.replace(/[/?=]/g, '-').replace(/RB-\d+/, 'RB')}`;
            await picture(page, name);
            await isSound(page, name);
          }
          await context.close();
        }
      }
    },
    MINUTES,
  );

  const referenceOf = async (): Promise<string> =>
    (await house.source.query<{ reference: string }[]>('select reference from opportunity where id = $1', [leadId]))[0]?.reference ?? '';
});
