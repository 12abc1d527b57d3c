#!/usr/bin/env node
// Makes the fonts that pages are served with: of what @fontsource has, the letters that people here write with. The results are in the repository, so
// that neither a start nor a compilation has to make them.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

if (process.argv.includes('--help')) {
  console.log('usage: npm run fonts\nWrites src/web/fonts/*.woff2 from @fontsource/noto-nastaliq-urdu and @fontsource/noto-naskh-arabic.');
  process.exit(0);
}
const subset = (await import('subset-font')).default;
const require = createRequire(import.meta.url);
/** Languages come at most so heavy, in bytes. */
const MOST = 150_000;
/** The whole block of Arabic letters, for people's own texts have any of them; what joins and parts letters; a space. Latin is the system's. */
const LETTERS = String.fromCodePoint(...Array.from({ length: 0x100 }, (_, i) => 0x600 + i), 0x200c, 0x200d, 0x20);
const FONTS = {
  'nastaliq.woff2': '@fontsource/noto-nastaliq-urdu/files/noto-nastaliq-urdu-arabic-400-normal.woff2',
  'naskh.woff2': '@fontsource/noto-naskh-arabic/files/noto-naskh-arabic-arabic-400-normal.woff2',
};
const into = path.resolve(import.meta.dirname, '../src/web/fonts');
for (const [name, from] of Object.entries(FONTS)) {
  const made = await subset(fs.readFileSync(require.resolve(from)), LETTERS, { targetFormat: 'woff2' });
  if (made.length > MOST) throw new Error(`${name} has ${made.length} bytes, more than ${MOST}`);
  fs.writeFileSync(path.join(into, name), made);
  console.log(`  ${name} ${made.length} bytes`);
}
fs.copyFileSync(path.join(path.dirname(require.resolve('@fontsource/noto-nastaliq-urdu/package.json')), 'LICENSE'), path.join(into, 'OFL.txt'));
