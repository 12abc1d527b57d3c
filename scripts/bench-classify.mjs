#!/usr/bin/env node
// Texts a second on one core, beside a general search library over the same names in the same run; load time and memory of each.
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { texts: { type: 'string', default: '3000' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log(
    'usage: npm run bench:classify [-- --texts 3000]\nClassifies short product names of the lexicon, and looks the same ones up with minisearch (fuzzy 0.2, prefix).',
  );
  process.exit(0);
}
const wanted = Number(values.texts);
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

const before = megabytes();
const began = performance.now();
const { openClassifier } = await import('../dist/nomenclature/classify.js');
const classifier = openClassifier();
classifier.classify('rice');
const loaded = performance.now() - began;
const after = megabytes();

const { parseLexicon, readHsFiles, readIsicFile, LEXICON_LANGUAGES } = await import('../dist/nomenclature/lexicon.js');
const entries = [...readHsFiles(), readIsicFile()].flatMap(({ name, text }) => parseLexicon(text).map((entry) => ({ ...entry, id: `${name} ${entry.code}` })));
const names = entries.flatMap(({ items }) => LEXICON_LANGUAGES.flatMap((language) => items[language] ?? [])).filter((name) => name.length <= 40);
const step = Math.max(1, Math.floor(names.length / wanted));
/** Names from a place on; the end of every third is misspelt, as traders do. */
const sample = (from) =>
  names
    .filter((_, i) => i % step === from)
    .slice(0, wanted)
    .map((name, i) => (i % 3 === 0 && name.length > 6 ? name.slice(0, -3) + name.at(-2) + name.at(-3) + name.at(-1) : name));
const texts = sample(0);
const others = sample(Math.floor(step / 2)); // to warm up on

/** Texts a second of processor time, so that other work on the machine does not count. Each text once: what is remembered of a word must not count twice. */
const pace = (list, look) => {
  const start = process.cpuUsage();
  for (const text of list) look(text);
  const { user, system } = process.cpuUsage(start);
  return list.length / ((user + system) / 1e6);
};
for (const text of others) classifier.classify(text, 3);
const ours = pace(texts, (text) => classifier.classify(text, 3));

const { default: MiniSearch } = await import('minisearch');
const startOther = performance.now();
const other = new MiniSearch({ fields: ['names'], idField: 'id', searchOptions: { fuzzy: 0.2, prefix: true } });
other.addAll(entries.map(({ id, items }) => ({ id, names: LEXICON_LANGUAGES.flatMap((language) => items[language] ?? []).join('; ') })));
const loadedOther = performance.now() - startOther;
const afterOther = megabytes();
const few = texts.filter((_, i) => i % Math.max(1, Math.floor(texts.length / 300)) === 0);
for (const text of others.slice(0, 100)) other.search(text);
const theirs = pace(few, (text) => other.search(text).slice(0, 3));

console.log(`                     texts a second    load, ms   memory, MB`);
console.log(`classifier           ${ours.toFixed(0).padStart(14)}  ${loaded.toFixed(0).padStart(10)}  ${String(after).padStart(11)}  (${before} before)`);
console.log(
  `minisearch           ${theirs.toFixed(0).padStart(14)}  ${loadedOther.toFixed(0).padStart(10)}  ${String(afterOther).padStart(11)}  (${after} before)`,
);
console.log(`${(ours / theirs).toFixed(1)} times as fast, on ${texts.length} names`);
