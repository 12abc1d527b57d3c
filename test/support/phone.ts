import { expect } from '@jest/globals';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A folder for pictures of every page: `npm run shots` sets it. */
const SHOTS = process.env['SHOTS'];
export const PHONE = { width: 360, height: 740 };

export const launch = (): Promise<Browser> =>
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

/** Nothing sticks out sideways, and axe finds nothing serious; a picture is taken where pictures are wanted. */
export async function isSound(page: Page, name: string): Promise<void> {
  if (SHOTS) {
    fs.mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
  }
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
