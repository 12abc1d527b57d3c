import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { seedDemo } from '../src/demo/seed.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { LANGUAGES } from '../src/language/language.js';
import type { CaughtMail } from '../src/mail/mailbox.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { NomenclatureService } from '../src/nomenclature/nomenclature.service.js';
import { AXE, MINUTES, openBrowser, picture } from './support/browser.js';
import { type House, openHouse } from './support/house.js';

const WIDTHS = { phone: 360, desk: 800 };

const withBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

withBrowser('the digests of the demo chamber', () => {
  let house: House;
  let browser: Browser;
  let digests: CaughtMail[];

  beforeAll(async () => {
    house = await openHouse();
    await seedDemo(house.source, house.get(AccountsService), house.get(NomenclatureService), house.clock.now(), 'Asia/Karachi');
    await house.worker.sweep();
    await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
    await house.get(DigestsService).runNow();
    await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the digests');
    digests = (await house.mails()).filter((mail) => mail.headers['list-id']);
    browser = await openBrowser();
  }, MINUTES);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  /** The longest digest in a language, where there is most to go wrong. */
  const longest = (language: string): CaughtMail => {
    const tag = language === 'zh' ? 'zh-Hans' : language;
    const [mail] = digests.filter((m) => m.headers['content-language'] === tag).sort((a, b) => b.html.length - a.html.length);
    if (!mail) throw new Error(`no digest in ${language}`);
    return mail;
  };

  /** Everything that axe finds, not only what is serious. */
  const faults = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      type Axe = { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      // landmarks belong to pages; a mail stands inside one
      const { violations } = await (globalThis as unknown as Axe).axe.run({ rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } } });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
    });
  };

  const wide = (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  it.each(LANGUAGES)(
    'read well in %s on phone and desk, light and dark, and axe finds nothing',
    async (language) => {
      const { html } = longest(language);
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const [name, width] of Object.entries(WIDTHS)) {
          const context = await browser.newContext({ viewport: { width, height: 740 }, colorScheme });
          const page = await context.newPage();
          await page.setContent(html);
          await picture(page, `${language}-${colorScheme}-digest-${name}`);
          const found = { language, colorScheme, name, faults: await faults(page), wide: await wide(page) };
          expect(found).toEqual({ language, colorScheme, name, faults: [], wide: 0 });
          // a thumb's breadth
          const low = await page.evaluate<number[]>(
            `[...document.querySelectorAll('a.b')].map((link) => link.getBoundingClientRect().height).filter((height) => height < 44)`,
          );
          expect(low).toEqual([]);
          await context.close();
        }
      }
    },
    MINUTES,
  );

  it.each(LANGUAGES)(
    'read well in %s where the mail client drops the style sheet, even in the dark',
    async (language) => {
      const stripped = longest(language)
        .html.replace(/<style>.*?<\/style>/s, '')
        .replace(/<meta name="(?:supported-)?color-schemes?"[^>]*>/g, '')
        .replace(/ class="[^"]*"/g, '');
      const context = await browser.newContext({ viewport: { width: WIDTHS.phone, height: 740 }, colorScheme: 'dark' });
      const page = await context.newPage();
      await page.setContent(stripped);
      await picture(page, `${language}-stripped-digest-phone`);
      expect({ faults: await faults(page), wide: await wide(page) }).toEqual({ faults: [], wide: 0 });
      await context.close();
    },
    MINUTES,
  );
});
