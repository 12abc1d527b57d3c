/** How often the classifier is right, on files of texts with known codes, beside plain BM25 over the official names in the same run. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { type Classification, type Classifier, openClassifier } from '../nomenclature/classify.js';
import { type OfficialRow, readCsv, readOfficial } from '../nomenclature/official.js';
import { wordsOf } from '../nomenclature/words.js';

const DATA = '../shared/data';
const USAGE = `usage: npm run evaluate:classify [-- --hs FILE.csv --isic FILE.csv --goods FILE.tsv --nomenclature FILE.csv --divisions FILE.csv]
  --hs            columns term, hs6 (and hs6_valid_2022): heading            default ${DATA}/reference/uk_search_references.csv
  --isic          columns uksic2007 or isic, activity: division              default ${DATA}/tuning/uksic_index_80pct.csv
  --goods         tab-separated: heading, en, zh, ur, sd, ro                 default test/data/everyday-goods.tsv
  --nomenclature  official names: imported, and ranked by BM25               default ${DATA}/reference/hs2022_en_zh.csv
  --divisions     official names of ISIC, ranked by BM25                     default ${DATA}/reference/isic4_en.csv
Sets whose file is not there are left out.`;

interface Case {
  readonly text: string;
  readonly code: string;
}
type Ranked = (text: string) => readonly { readonly code: string; readonly score: number }[];

/** Rows of a file by the names of its columns. */
function rowsOf(text: string): Record<string, string>[] {
  const [header, ...records] = [...readCsv(text)].map(({ fields }) => fields);
  return records.map((fields) => Object.fromEntries((header ?? []).map((name, i) => [name.trim(), fields[i] ?? ''])));
}

/** Plain BM25 (k1 1.2, b 0.75) over one document a code, made of all its names. */
function bm25(names: readonly { code: string; text: string }[]): Ranked {
  const documents = new Map<string, string[]>();
  for (const { code, text } of names) documents.set(code, [...(documents.get(code) ?? []), ...wordsOf(text).keys()]);
  const codes = [...documents.keys()];
  const lengths = codes.map((code) => documents.get(code)?.length ?? 0);
  const mean = lengths.reduce((a, b) => a + b, 0) / Math.max(1, codes.length);
  const postings = new Map<string, Map<number, number>>();
  codes.forEach((code, d) => {
    for (const word of documents.get(code) ?? []) {
      const list = postings.get(word) ?? new Map<number, number>();
      list.set(d, (list.get(d) ?? 0) + 1);
      postings.set(word, list);
    }
  });
  return (text) => {
    const scores = new Map<number, number>();
    for (const word of wordsOf(text).keys()) {
      const list = postings.get(word);
      if (!list) continue;
      const idf = Math.log(1 + (codes.length - list.size + 0.5) / (list.size + 0.5));
      for (const [d, tf] of list) scores.set(d, (scores.get(d) ?? 0) + (idf * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * (lengths[d] ?? 0)) / mean)));
    }
    return [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([d, score]) => ({ code: codes[d] ?? '', score }));
  };
}

interface Measured {
  readonly first: number;
  readonly five: number;
  /** Share of texts answered with a score of 0.8 or more, and how many of those answers are right. */
  readonly sure: number;
  readonly sureRight: number;
}

function measure(cases: readonly Case[], digits: number, ranked: Ranked): Measured {
  let first = 0;
  let five = 0;
  let sure = 0;
  let sureRight = 0;
  for (const { text, code } of cases) {
    const codes = [...new Set(ranked(text).map((s) => s.code.slice(0, digits)))];
    const right = codes[0] === code;
    if (right) first++;
    if (codes.slice(0, 5).includes(code)) five++;
    if ((ranked(text)[0]?.score ?? 0) >= 0.8) {
      sure++;
      if (right) sureRight++;
    }
  }
  const percent = (n: number, of: number) => (of === 0 ? 0 : (100 * n) / of);
  return { first: percent(first, cases.length), five: percent(five, cases.length), sure: percent(sure, cases.length), sureRight: percent(sureRight, sure) };
}

function print(what: string, cases: readonly Case[], { first, five, sure, sureRight }: Measured, calibrated = true): void {
  const number = (n: number) => n.toFixed(1).padStart(7);
  console.log(
    `${what.padEnd(58)} ${String(cases.length).padStart(6)} ${number(first)} ${number(five)} ${calibrated ? `${number(sure)} ${number(sureRight)}` : ''}`,
  );
}

function run(): number {
  const { values } = parseArgs({
    options: {
      hs: { type: 'string', default: `${DATA}/reference/uk_search_references.csv` },
      isic: { type: 'string', default: `${DATA}/tuning/uksic_index_80pct.csv` },
      goods: { type: 'string', default: 'test/data/everyday-goods.tsv' },
      nomenclature: { type: 'string', default: `${DATA}/reference/hs2022_en_zh.csv` },
      divisions: { type: 'string', default: `${DATA}/reference/isic4_en.csv` },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined);
  const classifier = openClassifier();
  const by =
    (list: 'hs' | 'isic', with_: Classifier = classifier): Ranked =>
    (text) =>
      (with_.classify(text, 10) satisfies Classification)[list];

  let official: OfficialRow[] = [];
  const nomenclature = read(values.nomenclature);
  if (nomenclature !== undefined) official = readOfficial(nomenclature, (line, what) => console.error(`${values.nomenclature}:${line}: ${what}`));
  const officialNames = official
    .map(({ code, descriptionEn, descriptionZh }) => ({ code: code.slice(0, 4), text: `${descriptionEn} ${descriptionZh}` }))
    .filter(({ code }) => code.length === 4);

  console.log(`${''.padEnd(58)}  texts   first    five   ≥ 0.8   right`);
  const hs = read(values.hs);
  if (hs !== undefined) {
    const cases = rowsOf(hs)
      .filter((row) => row.hs6_valid_2022 !== '0')
      .map((row) => ({ text: row.term ?? '', code: (row.hs6 ?? '').slice(0, 4) }));
    if (official.length) print('HS heading: BM25 over the official names', cases, measure(cases, 4, bm25(officialNames)), false);
    print('HS heading: lexicon only', cases, measure(cases, 4, by('hs')));
    if (official.length) print('HS heading: with the official nomenclature imported', cases, measure(cases, 4, by('hs', openClassifier(official))));
  }
  const isic = read(values.isic);
  if (isic !== undefined) {
    const cases = rowsOf(isic).map((row) => ({ text: row.activity ?? '', code: (row.isic ?? row.uksic2007 ?? '').slice(0, 2) }));
    const divisions = read(values.divisions);
    if (divisions !== undefined) {
      const names = rowsOf(divisions)
        .filter((row) => /^\d{2}/.test(row.code ?? ''))
        .map((row) => ({ code: (row.code ?? '').slice(0, 2), text: row.description ?? '' }));
      print('ISIC division: BM25 over the official names', cases, measure(cases, 2, bm25(names)), false);
    }
    print('ISIC division: lexicon only', cases, measure(cases, 2, by('isic')));
  }
  const goods = read(values.goods);
  if (goods !== undefined) {
    const [header = '', ...lines] = goods.split('\n').filter((line) => line.trim() !== '');
    const columns = header.split('\t').map((name) => name.trim());
    const rows = lines.map((line) => line.split('\t'));
    columns.forEach((language, at) => {
      if (language === 'heading') return;
      const cases = rows
        .map((row) => ({ text: row[at]?.trim() ?? '', code: (row[columns.indexOf('heading')] ?? '').trim() }))
        .filter(({ text }) => text !== '');
      print(`everyday goods, ${language}: heading`, cases, measure(cases, 4, by('hs')));
    });
  }
  return 0;
}

process.exitCode = run();
