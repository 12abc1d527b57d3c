#!/usr/bin/env node
// Compiles src/ to dist/ when, and only when, a source changed since the last time: `npm start` must be quick.
// Types are not looked at here; `npm run check` and `npm run build` do that.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const src = path.join(root, 'src');
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.compiled');

/** Compiles if need be; says so in one line on stderr when it does. */
export async function compile() {
  if (!fs.existsSync(src)) return; // an installed copy without sources: dist/ is all there is

  const files = fs
    .readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => path.relative(src, path.join(e.parentPath, e.name)))
    .sort();
  const seen = createHash('sha256').update(fs.readFileSync(path.join(root, 'package.json')));
  seen.update(fs.readFileSync(import.meta.filename));
  for (const f of files) {
    const s = fs.statSync(path.join(src, f));
    seen.update(`${f} ${s.size} ${s.mtimeMs}\n`);
  }
  const wanted = seen.digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;

  const started = Date.now();
  const swc = await import('@swc/core');
  // Written beside dist/ and swapped in, so that a stop in the middle never leaves half a program behind.
  const fresh = `${dist}.${process.pid}`;
  fs.rmSync(fresh, { recursive: true, force: true });
  for (const f of files) {
    const out = path.join(fresh, f);
    fs.mkdirSync(path.dirname(out), { recursive: true });
    if (!/\.tsx?$/.test(f)) {
      fs.copyFileSync(path.join(src, f), out);
      continue;
    }
    if (/\.spec\.tsx?$/.test(f)) continue;
    const { code, map } = swc.transformFileSync(path.join(src, f), {
      swcrc: false,
      sourceMaps: true,
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', tsx: f.endsWith('x'), decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    });
    const js = out.replace(/\.tsx?$/, '.js');
    fs.writeFileSync(js, `${code}\n//# sourceMappingURL=${path.basename(js)}.map\n`);
    fs.writeFileSync(`${js}.map`, map ?? '');
  }
  // the lexicon's index, so that no start has to read its 150,000 phrases
  const { buildIndex } = await import(path.join(fresh, 'nomenclature', 'trade-index.js'));
  const { lexiconSources } = await import(path.join(fresh, 'nomenclature', 'lexicon.js'));
  const { packIndex } = await import(path.join(fresh, 'nomenclature', 'packed.js'));
  fs.writeFileSync(path.join(fresh, 'nomenclature', 'lexicon', 'index.bin'), packIndex(buildIndex(lexiconSources())));
  fs.writeFileSync(path.join(fresh, '.compiled'), wanted);
  fs.rmSync(dist, { recursive: true, force: true });
  fs.renameSync(fresh, dist);
  // on stderr: what a command prints is its own
  console.error(`  compiled ${files.length} sources in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

if (import.meta.filename === fs.realpathSync(process.argv[1])) {
  if (process.argv.includes('--help'))
    console.log('usage: node scripts/compile.mjs [--help]\nCompiles src/ to dist/ if a source changed. Prints one line when it does.');
  else await compile();
}
