// How well the matcher foresees who wins what, on award records, beside stemmed BM25 in the same run: `npm run -s evaluate:awards -- --help`.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import stemmers from 'snowball-stemmers';
import { makeEpoch } from '../dist/matching/scoring/epoch.js';
import { openClassifier } from '../dist/nomenclature/classify.js';
import { readCsv } from '../dist/nomenclature/official.js';
import { readFirms, readOpportunities } from '../dist/tools/evaluation/facts.js';
import { meanOf, measure } from '../dist/tools/evaluation/measures.js';
import { rankAll } from '../dist/tools/evaluation/rank.js';

const USAGE = `usage: npm run -s evaluate:awards -- --awards FILE.csv --split YYYY-MM-DD [--out FOLDER] [--resamples 2000]
  --awards     columns contract_date, description and supplier_norm (or supplier); others are not looked at
  --split      a firm's profile is what it won before this day; what was awarded from then on are the opportunities
  --out        keeps firms.jsonl, opportunities.jsonl and the judgements firm.qrels and opportunity.qrels there, for npm run evaluate
  --resamples  of the paired bootstrap
Awards of one day with the same description are one opportunity. Queries are firms and opportunities for which there is anything to be found.
The peer is BM25 (k1 1.2, b 0.75) over words stemmed by Snowball: of a firm's lines the best one counts. Prints JSON.`;
const TOP = 100;

const { values } = parseArgs({
  options: {
    awards: { type: 'string' },
    split: { type: 'string' },
    out: { type: 'string' },
    resamples: { type: 'string', default: '2000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const resamples = Number(values.resamples);
if (values.awards === undefined || !/^\d{4}-\d\d-\d\d$/.test(values.split ?? '') || !(resamples > 0)) {
  console.error(USAGE);
  process.exit(2);
}

/** Award records → profiles of firms, later opportunities with the firms that won them. Nothing but texts, dates and names is read. */
function prepare(file, split) {
  const [header, ...records] = [...readCsv(fs.readFileSync(file, 'utf8'))].map(({ fields }) => fields);
  const column = (...names) => names.map((name) => header.findIndex((one) => one.trim() === name)).find((at) => at >= 0);
  const [date, description, supplier] = [column('contract_date'), column('description'), column('supplier_norm', 'supplier')];
  if ([date, description, supplier].includes(undefined)) throw new Error(`${file}: needs the columns contract_date, description and supplier_norm`);
  const firms = new Map();
  const leads = new Map();
  for (const record of records) {
    const [when, text, who] = [record[date], record[description]?.trim(), record[supplier]?.trim()];
    if (!when || !text || !who) continue;
    if (when < split) firms.set(who, (firms.get(who) ?? new Set()).add(text));
    else leads.set(`${when} ${text}`, { text, winners: (leads.get(`${when} ${text}`)?.winners ?? new Set()).add(who) });
  }
  const names = [...firms.keys()].sort();
  const firmId = new Map(names.map((name, i) => [name, `f${i + 1}`]));
  return {
    firms: names.map((name) => ({ id: firmId.get(name), name, offers: [...firms.get(name)].map((text) => ({ text })) })),
    opportunities: [...leads.values()].map(({ text }, i) => ({ id: `o${i + 1}`, title: text })),
    won: [...leads.values()].flatMap(({ winners }, i) => [...winners].flatMap((who) => (firmId.has(who) ? [[firmId.get(who), `o${i + 1}`]] : []))),
  };
}

const stemmer = stemmers.newStemmer('english');
const stems = (text) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => stemmer.stem(word));

/** BM25 over documents (each a list of stems) → query → best score of each owner. */
function bm25(documents, owners) {
  const postings = new Map();
  const lengths = documents.map((words) => words.length);
  const mean = lengths.reduce((a, b) => a + b, 0) / Math.max(1, documents.length);
  documents.forEach((words, d) => {
    const counts = new Map();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, tf] of counts) {
      if (!postings.has(word)) postings.set(word, []);
      postings.get(word).push([d, tf]);
    }
  });
  return (query) => {
    const scores = new Map();
    for (const word of query) {
      const list = postings.get(word);
      if (!list) continue;
      const idf = Math.log(1 + (documents.length - list.length + 0.5) / (list.length + 0.5));
      for (const [d, tf] of list) scores.set(d, (scores.get(d) ?? 0) + (idf * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * lengths[d]) / mean)));
    }
    const best = new Map();
    for (const [d, score] of scores) if (score > (best.get(owners[d]) ?? 0)) best.set(owners[d], score);
    return best;
  };
}
const ranked = (scores) =>
  [...scores]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, TOP)
    .map(([id]) => id);

/** The peer's lists: tenders asked of lines, and lines asked of tenders. */
function peerLists({ firms, opportunities }) {
  const lines = firms.flatMap(({ id, offers }) => offers.map(({ text }) => ({ id, words: stems(text) })));
  const texts = opportunities.map(({ id, title }) => ({ id, words: stems(title) }));
  const lineOf = bm25(
    lines.map(({ words }) => words),
    lines.map(({ id }) => id),
  );
  const textOf = bm25(
    texts.map(({ words }) => words),
    texts.map(({ id }) => id),
  );
  const opportunity = new Map(texts.map(({ id, words }) => [id, ranked(lineOf(words))]));
  const best = new Map(firms.map(({ id }) => [id, new Map()]));
  for (const { id, words } of lines)
    for (const [document, score] of textOf(words)) if (score > (best.get(id).get(document) ?? 0)) best.get(id).set(document, score);
  return { opportunity, firm: new Map([...best].map(([id, scores]) => [id, ranked(scores)])) };
}

/** 95% of paired resamples of the queries: ratio of mean nDCG@10, ours ÷ theirs. */
function bootstrap(ours, theirs) {
  let seed = 20240611;
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const ratios = Array.from({ length: resamples }, () => {
    let [a, b] = [0, 0];
    for (let i = 0; i < ours.length; i++) {
      const at = Math.floor(random() * ours.length);
      a += ours[at].ndcg10;
      b += theirs[at].ndcg10;
    }
    return b === 0 ? Infinity : a / b;
  }).sort((x, y) => x - y);
  return [ratios[Math.floor(resamples * 0.025)], ratios[Math.ceil(resamples * 0.975) - 1]];
}

const given = prepare(values.awards, values.split);
const jsonl = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const judgements = (of) => {
  const judged = new Map();
  for (const [firm, lead] of given.won) {
    const [query, document] = of === 'firm' ? [firm, lead] : [lead, firm];
    judged.set(query, (judged.get(query) ?? new Map()).set(document, 1));
  }
  return judged;
};
if (values.out !== undefined) {
  fs.mkdirSync(values.out, { recursive: true });
  fs.writeFileSync(path.join(values.out, 'firms.jsonl'), jsonl(given.firms));
  fs.writeFileSync(path.join(values.out, 'opportunities.jsonl'), jsonl(given.opportunities));
  for (const of of ['firm', 'opportunity']) {
    const lines = [...judgements(of)].flatMap(([query, documents]) => [...documents].map(([document, grade]) => `${query} 0 ${document} ${grade}\n`));
    fs.writeFileSync(path.join(values.out, `${of}.qrels`), lines.join(''));
  }
}
const classifier = openClassifier();
const firms = readFirms('firms.jsonl', jsonl(given.firms), classifier);
const leads = readOpportunities('opportunities.jsonl', jsonl(given.opportunities), classifier);
const epoch = makeEpoch(firms, leads);
const peer = peerLists(given);
const said = ({ ndcg10, hit1, hit10, mrr10, map }) => ({ 'nDCG@10': ndcg10, 'hit@1': hit1, 'hit@10': hit10, 'MRR@10': mrr10, MAP: map });
const result = { awards: path.basename(values.awards), split: values.split, firms: firms.length, opportunities: leads.length };
for (const of of ['firm', 'opportunity']) {
  const judged = judgements(of);
  const lists = rankAll(firms, leads, epoch, of, TOP);
  const ours = [...judged].map(([query, relevant]) =>
    measure(
      lists.get(query).map(({ id }) => id),
      relevant,
    ),
  );
  const theirs = [...judged].map(([query, relevant]) => measure(peer[of].get(query), relevant));
  const [rabta, bm] = [meanOf(ours), meanOf(theirs)];
  const [low, high] = bootstrap(ours, theirs);
  result[of === 'firm' ? 'firm → opportunity' : 'opportunity → firm'] = {
    queries: judged.size,
    rabta: said(rabta),
    bm25: said(bm),
    ratio: rabta.ndcg10 / bm.ndcg10,
    'ratio, 95%': [low, high],
  };
}
console.log(JSON.stringify(result, null, 2));
