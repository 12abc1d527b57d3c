import { expect } from '@jest/globals';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Language } from '../../src/language/language.js';
import { say } from '../../src/language/say.js';
import type { Visitor } from './house.js';

/** A folder for pictures of pages: `npm run shots` sets it. */
const SHOTS = process.env['SHOTS'];
/** What is run inside a page to look at it with axe. */
export const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };
/** What is run inside a page to read it as people do. */
const IN_PAGE = fs.readFileSync(new URL('in-page.js', import.meta.url), 'utf8');
/** Longer than any suite's: a browser starts slowly on a busy machine. */
export const MINUTES = 240_000;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['TEST_CHROMIUM'] === 'chromium' ? '/usr/bin/chromium' : (process.env['TEST_CHROMIUM'] ?? ''),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** Takes over the sign-in of a visitor: how people of the chamber prove who they are is tested elsewhere. */
export async function signInAs(context: BrowserContext, visitor: Visitor): Promise<void> {
  await context.addCookies(visitor.jar().map(([name, value]) => ({ name, value, url: visitor.url })));
}

/** A picture of the whole page, where pictures are asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  fs.mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
}

/** Nothing sticks out sideways, and axe finds nothing serious. The context must have JavaScript and bypass the content policy. */
export async function isSound(page: Page, name: string): Promise<void> {
  expect({ name, wide: await overhang(page), found: await seriousFaults(page) }).toEqual({ name, wide: 0, found: [] });
}

/** By so many pixels the page is wider than its window. */
const overhang = (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(`typeof axe === 'object' || (0, eval)(${JSON.stringify(AXE)})`);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }
    ).axe.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
  });
}

/**
 * A page that is open, looked at on a phone and a desk, light and dark: what sticks out sideways, what axe finds serious, what is said in another language
 * than the page's, and letters that are not drawn.
 * @param drawn letters that were seen to be drawn on earlier pages, as `font` + `letter`; filled up
 * @param isPublic axe looks at it on a desk too; pages for those signed in differ there by their width alone
 */
export async function faultsOf(page: Page, name: string, language: Language, drawn: Set<string>, isPublic = false): Promise<string[]> {
  const wide: Record<string, number> = {};
  const found: string[] = [];
  for (const [width, viewport] of Object.entries({ phone: PHONE, desk: DESKTOP })) {
    await page.setViewportSize(viewport);
    wide[width] = await overhang(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `${language}-${name}-${width}-${colorScheme}`);
      if (width === 'phone' || isPublic) found.push(...(await seriousFaults(page)));
    }
  }
  if (wide['phone'] || wide['desk']) found.push(`sticks out: ${JSON.stringify(wide)}`);
  for (const text of await foreignWords(page, language)) found.push(`another language: ${text}`);
  for (const letter of await undrawn(page, drawn)) found.push(`not drawn: ${letter}`);
  return found.map((what) => `${name}: ${what}`);
}

/** What would be read as untranslated: words of another script. Latin names have capitals; a word of the other of Urdu and Sindhi may be somebody's. */
const FOREIGN: Readonly<Record<Language, RegExp>> = {
  en: /[\u0600-\u06ff\u4e00-\u9fff]{2,}/,
  ur: /[A-Za-z]+[ ,]+[a-z]{2,}[ ,]+[a-z]{2,}|[\u4e00-\u9fff]{2,}|[ڪڳڄڏٻڱ].*\s.*[ڪڳڄڏٻڱ]/,
  sd: /[A-Za-z]+[ ,]+[a-z]{2,}[ ,]+[a-z]{2,}|[\u4e00-\u9fff]{2,}|[ےڑٹڈ].*\s.*[ےڑٹڈ]/,
  zh: /[A-Za-z]+[ ,]+[a-z]{2,}[ ,]+[a-z]{2,}|[\u0600-\u06ff]{2,}/,
};

/** Texts of a page that are in the script of another language and not marked as such, nor as a name or somebody's own words (`bdi`). */
async function foreignWords(page: Page, language: Language): Promise<string[]> {
  const said = await inPage<string[]>(page, 'ownWords()');
  // the one text that shows words of other languages
  return said
    .filter((text) => FOREIGN[language].test(text.replaceAll(/[\u2066-\u2068][^\u2069]*\u2069/g, '')) && text !== say(language, 'leads.q.hint'))
    .map((text) => text.trim().slice(0, 120));
}

/** Letters for which none of the fonts of their text has a shape: they are drawn as the box that stands for every such letter. */
async function undrawn(page: Page, drawn: Set<string>): Promise<string[]> {
  const fresh = (await inPage<string[]>(page, 'letters()')).filter((one) => !drawn.has(one));
  const boxes = await inPage<string[]>(page, `boxesAmong(${JSON.stringify(fresh)})`);
  for (const one of fresh) drawn.add(one);
  return boxes;
}

const inPage = <T>(page: Page, call: string): Promise<T> => page.evaluate<T>(`(async () => { ${IN_PAGE}; return ${call}; })()`);
