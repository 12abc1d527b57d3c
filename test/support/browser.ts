import { expect } from '@jest/globals';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Visitor } from './house.js';

/** A folder for pictures of pages: `npm run shots` sets it. */
const SHOTS = process.env['SHOTS'];
/** What is run inside a page to look at it with axe. */
export const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };
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
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect({ name, wide }).toEqual({ name, wide: 0 });
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
  });
  expect({ name, found }).toEqual({ name, found: [] });
}
