import fs from 'node:fs';
import { sha256 } from '../common/tokens.js';

const read = (name: string): Buffer => fs.readFileSync(new URL(`./${name}`, import.meta.url));
const version = (bytes: Buffer | string): string => `?v=${sha256(bytes).slice(0, 10)}`;

/** Letters for those whose system has no Nastaliq or no Naskh; `npm run fonts` makes them. */
export const FONTS = { nastaliq: read('fonts/nastaliq.woff2'), naskh: read('fonts/naskh.woff2') } as const;

/** The one style sheet. The addresses of its fonts change with their bytes, as its own does, so that browsers may keep both for good. */
export const STYLE = read('style.css')
  .toString()
  .replace(/\/fonts\/(nastaliq|naskh)\.woff2/g, (address, name: keyof typeof FONTS) => address + version(FONTS[name]));
export const STYLE_SHEET = `/style.css${version(STYLE)}`;
