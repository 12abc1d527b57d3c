import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { DigestsService } from '../src/digests/digests.service.js';
import { LANGUAGES } from '../src/language/language.js';
import { say } from '../src/language/say.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { DESKTOP, isSound, MINUTES, openBrowser, PHONE, picture, signInAs } from './support/browser.js';
import { browser as visitorOf, chamberAccount, openHouse, publishedLead, signedIn } from './support/house.js';

const withBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

withBrowser('the whole way, in a real browser', () => {
  let chrome: Browser;
  beforeAll(async () => {
    chrome = await openBrowser();
  }, MINUTES);
  afterAll(() => chrome.close());

  it.each([true, false])(
    'from registering in Urdu on a phone to the last digest, with JavaScript: %s',
    async (javaScriptEnabled) => {
      const house = await openHouse();
      try {
        const given = { firm: 'مرچ منڈی کنری', email: `naila-${javaScriptEnabled}@mirch-mandi.example`, password: 'مرچیں دھوپ میں سوکھتی ہیں' };
        const matched = () => house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
        const mailWith = async (header: string, what: string) => {
          const find = async () => (await house.mails()).find(({ to, headers }) => to.includes(given.email) && (header === '' || headers[header]));
          await house.until(async () => (await find()) !== undefined, what);
          return (await find())!;
        };

        // registers, in her own words
        const phone = await chrome.newContext({ viewport: PHONE, locale: 'ur', javaScriptEnabled, baseURL: house.url });
        const page = await phone.newPage();
        await page.goto('/');
        expect(await page.getAttribute('html', 'dir')).toBe('rtl');
        await page.click('.hero a.button');
        await page.fill('[name=firmName]', given.firm);
        await page.fill('[name="offers.0.text"]', 'خشک ثابت سرخ مرچ');
        await page.click('main form button');
        await page.check('input[value^="hs:0904"]');
        await page.fill('[name=contactName]', 'نائلہ آرائیں');
        await page.fill('[name=email]', given.email);
        await page.fill('[name=password]', given.password);
        await page.check('[name=digestConsent]');
        await page.click('main form button');

        // confirms by the mailed link, whose page asks for one press
        await page.goto(/http:\S+\/confirm\/\S+/.exec((await mailWith('', 'the confirmation mail')).text)?.[0] ?? '');
        await page.click('main form button');
        expect(await page.textContent('h1')).toBe(say('ur', 'confirm.done.title'));

        // an administrator admits her firm
        const office = await chrome.newContext({ viewport: DESKTOP, locale: 'en', javaScriptEnabled, baseURL: house.url });
        const desk = await office.newPage();
        await signInAs(office, await visitorOf(house, await chamberAccount(house, 'administrator')));
        await desk.goto('/desk/firms');
        await desk.click(`main a:has-text("${given.firm}")`);
        await desk.fill('[name=membershipNumber]', 'A-77');
        await desk.click('main form[action$="/admit"] button');

        // she adds what else she makes, and says yes to what it is taken for
        await page.goto('/sign-in');
        await page.fill('[name=email]', given.email);
        await page.fill('[name=password]', given.password);
        await page.click('main form button');
        await page.goto('/firm/profile');
        await page.fill('[name="offers.1.text"]', 'شیشے کی چوڑیاں');
        await page.click('main form[action="/firm/profile"] button');
        expect(await page.textContent('.notice.good')).toBe(say('ur', 'saved'));
        await page.check('[name="offers.1.pick"][value^="hs:7018"]');
        await page.click('main form[action="/firm/profile"] button');
        expect(await house.source.query(`select text, hs[1] from firm_line where hs[1] like '7018%'`)).toHaveLength(1);
        await picture(page, `walk-${javaScriptEnabled}-profile`);

        // a curator writes a lead down, has it looked at, and publishes it
        await signInAs(office, await visitorOf(house, await chamberAccount(house, 'curator')));
        await desk.goto('/desk/opportunities/new');
        await desk.fill('[name="title.en"]', 'Dried whole red chillies, 20 t a month');
        await desk.fill('[name="title.ur"]', 'ثابت خشک سرخ مرچ، ماہانہ 20 ٹن');
        await desk.fill('[name=hs]', '0904.21');
        await desk.check('[name=sectors][value=agriculture]');
        await desk.fill('[name=deadline]', '2027-01-31');
        await desk.fill('[name=counterparty]', 'Lantern Foods');
        await desk.fill('[name=counterpartyEmail]', 'buy@lantern-foods.example');
        await desk.click('main form[action$="/new"] button');
        await desk.click('main form[action$="/submit"] button');
        for (const mark of ['clear', 'complete', 'source', 'wanted']) await desk.selectOption(`[name=${mark}]`, '4');
        await desk.click('main form[action$="/publish"] button');
        const [lead] = await house.source.query<{ reference: string; status: string }[]>('select reference, status from opportunity');
        expect(lead?.status).toBe('published');
        await matched();

        // she sees it, with the reason, and nobody's name
        await page.goto('/firm');
        const card = await page.textContent('.cards > li');
        expect(card).toContain('ثابت خشک سرخ مرچ');
        expect(await page.locator('.cards .why li').count()).toBeGreaterThan(0);
        expect(card).not.toContain('Lantern');
        await picture(page, `walk-${javaScriptEnabled}-match`);

        // the digest comes, she opens it and is interested
        house.clock.set(new Date('2026-11-24T03:05:00Z'));
        await house.get(DigestsService).plan();
        const digest = await mailWith('list-id', 'the digest');
        await page.goto(`/mailbox/${digest.id}/html`);
        await picture(page, `walk-${javaScriptEnabled}-digest`);
        await page.goto((await page.getAttribute('a[href*="do=interested"]', 'href')) ?? '');
        await page.fill('[name=sentence]', 'مارچ سے، ماہانہ 20 ٹن');
        await page.click('main button.big');
        expect(await page.textContent('[role=status]')).toBe(say('ur', 'interest.done'));

        // the desk sees it
        await desk.goto('/desk/introductions');
        const interests = await desk.textContent('main');
        expect(interests).toContain(given.firm);
        expect(interests).toContain('مارچ سے، ماہانہ 20 ٹن');

        // she has had enough
        await page.goto(`/mailbox/${digest.id}/html`);
        await page.goto((await page.locator('a[href*="/u/"]').last().getAttribute('href')) ?? '');
        await page.click('main button.big');
        expect(await page.textContent('main')).toContain(say('ur', 'unsubscribe.done'));
        const [subscription] = await house.source.query<{ unsubscribed_at: Date | null }[]>('select unsubscribed_at from subscription');
        expect(subscription?.unsubscribed_at).toEqual(house.clock.now());
        await phone.close();
        await office.close();
      } finally {
        await house.close();
      }
    },
    MINUTES,
  );

  it.each(LANGUAGES)(
    'the public pages stand upright in %s, on a phone and a desk, light and dark',
    async (language) => {
      const house = await openHouse();
      try {
        const curator = await signedIn(house, 'curator');
        for (let n = 0; n < 3; n++) {
          await publishedLead(curator, {
            title: {
              en: `Dried whole red chillies, lot ${n}`,
              ur: `ثابت خشک سرخ مرچ، لاٹ ${n}`,
              sd: `سڪل ثابت ڳاڙها مرچ، لاٽ ${n}`,
              zh: `整干红辣椒，批次${n}`,
            },
            summary: { en: 'Every month, by container.', ur: 'ہر ماہ، کنٹینر میں۔', sd: 'هر مهيني، ڪنٽينر ۾.', zh: '每月一个货柜。' },
            valueUsd: 125_000,
            place: 'Chengdu, Sichuan',
            deadline: '2027-01-31',
            counterparty: `Buyer ${n}`,
            counterpartyEmail: undefined,
          });
        }
        const [lead] = await house.source.query<{ reference: string }[]>('select reference from opportunity');
        const pages = {
          home: '/',
          list: '/opportunities',
          found: '/opportunities?q=chillies&sector=agriculture&hs=09',
          none: '/opportunities?sector=power',
          refused: '/opportunities?hs=abc',
          lead: `/opportunities/${lead?.reference}`,
        };
        for (const viewport of [PHONE, DESKTOP]) {
          for (const colorScheme of ['light', 'dark'] as const) {
            const context = await chrome.newContext({
              viewport,
              colorScheme,
              locale: language === 'zh' ? 'zh-CN' : language,
              baseURL: house.url,
              bypassCSP: true,
            });
            const page = await context.newPage();
            for (const [name, address] of Object.entries(pages)) {
              const answer = await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${language}`, { waitUntil: 'networkidle' });
              expect({ name, status: answer?.status() }).toEqual({ name, status: name === 'refused' ? 422 : 200 });
              const shown = `public-${language}-${viewport.width}-${colorScheme}-${name}`;
              await picture(page, shown);
              await isSound(page, shown);
            }
            await context.close();
          }
        }
      } finally {
        await house.close();
      }
    },
    MINUTES,
  );

  it(
    'Urdu and Sindhi are drawn with letters from here, and nothing else is fetched',
    async () => {
      const house = await openHouse();
      try {
        for (const [language, font] of [
          ['ur', 'nastaliq'],
          ['sd', 'naskh'],
          ['zh', ''],
          ['en', ''],
        ] as const) {
          const context = await chrome.newContext({ viewport: PHONE, baseURL: house.url });
          const page = await context.newPage();
          const asked: string[] = [];
          page.on('request', (request) => asked.push(new URL(request.url()).pathname));
          await page.goto(`/?lang=${language}`, { waitUntil: 'networkidle' });
          const state = await page.evaluate<string[]>(`[...document.fonts].map((font) => font.family.replace(/"/g, '') + ' ' + font.status)`);
          const used = state.filter((font) => !font.endsWith('unloaded'));
          expect({ language, used }).toEqual({ language, used: font ? [`Rabta ${font[0]?.toUpperCase()}${font.slice(1)} loaded`] : [] });
          const known = ['/', '/style.css', ...(font ? [`/fonts/${font}.woff2`] : [])];
          expect({ language, others: asked.filter((address) => !address.startsWith('data:') && !known.includes(address) && address !== ',') }).toEqual({
            language,
            others: [],
          });
          expect(asked.filter((address) => address !== ',').length).toBeLessThanOrEqual(3);
          await context.close();
        }
      } finally {
        await house.close();
      }
    },
    MINUTES,
  );
});
