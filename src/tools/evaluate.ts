/** Ranks opportunities for firms, or firms for opportunities, by the matcher's own rules, and says how good the ranking is where that is known. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { makeEpoch } from '../matching/scoring/epoch.js';
import { openClassifier } from '../nomenclature/classify.js';
import { NotReadable, readFirms, readOpportunities } from './evaluation/facts.js';
import { meanOf, measure, readQrels } from './evaluation/measures.js';
import { rankAll } from './evaluation/rank.js';

const USAGE = `usage: npm run -s evaluate -- --firms F.jsonl --opportunities O.jsonl --for firm|opportunity [--top 100] [--run OUT.txt] [--qrels Q.txt]
  --firms          a firm a line: {"id","name","offers":[{"text","hs"?,"isic"?,"capacity"?,"months"?,"certificates"?}],"needs"?,"sectors"?,"seeks"?,
                   "markets"?,"certificates"?,"excludedCountries"?,"excludedKinds"?,"excludedWords"?}
  --opportunities  an opportunity a line: {"id","kind"?,"title","summary"?,"products"?:[{"text","hs"?,"isic"?}],"hs"?,"isic"?,"sectors"?,"country"?,
                   "platforms"?,"certificates"?,"quantity"?,"deliveryMonths"?,"firmId"?}
  --for            whose lists: each firm's opportunities, or each opportunity's firms
  --top            how many of each                                                                              default 100
  --run            where the run goes, as lines "query Q0 document rank score rabta"                             default: standard output
  --qrels          judgements, as lines "query 0 document grade": prints nDCG@10, hit@1, hit@10, MRR@10 and MAP
Texts are plain, or one a language: {"en","ur","sd","zh"}. Lines and leads without codes are read as the portal reads them. What is not stated shuts no
gate and holds nobody. Scores are 0 to 100; no score is too low to be listed.`;

function run(): number {
  const { values } = parseArgs({
    options: {
      firms: { type: 'string' },
      opportunities: { type: 'string' },
      for: { type: 'string' },
      top: { type: 'string', default: '100' },
      run: { type: 'string' },
      qrels: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { firms: firmsFile, opportunities: leadsFile, for: of } = values;
  const top = Number(values.top);
  if (firmsFile === undefined || leadsFile === undefined || (of !== 'firm' && of !== 'opportunity') || !Number.isInteger(top) || top < 1) {
    console.error(USAGE);
    return 2;
  }
  const judged = values.qrels === undefined ? undefined : readQrels(values.qrels, fs.readFileSync(values.qrels, 'utf8'));
  const classifier = openClassifier();
  const firms = readFirms(firmsFile, fs.readFileSync(firmsFile, 'utf8'), classifier);
  const leads = readOpportunities(leadsFile, fs.readFileSync(leadsFile, 'utf8'), classifier);
  const lists = rankAll(firms, leads, makeEpoch(firms, leads), of, top, (done, total) => {
    if (process.stderr.isTTY && (done % 50 === 0 || done === total)) process.stderr.write(`\r${done} of ${total}${done === total ? '\n' : ''}`);
  });
  const lines = [...lists].flatMap(([query, ranked]) => ranked.map(({ id, score }, i) => `${query} Q0 ${id} ${i + 1} ${score} rabta\n`));
  if (values.run === undefined) process.stdout.write(lines.join(''));
  else fs.writeFileSync(values.run, lines.join(''));
  if (judged) {
    const queries = [...judged].filter(([, relevant]) => relevant.size);
    const unknown = queries.filter(([query]) => !lists.has(query)).length;
    const means = meanOf(
      queries.map(([query, relevant]) =>
        measure(
          (lists.get(query) ?? []).map(({ id }) => id),
          relevant,
        ),
      ),
    );
    const say = values.run === undefined ? console.error : console.log;
    if (unknown) console.error(`${unknown} of ${queries.length} queries of ${values.qrels} are not in the files: they count as found nothing`);
    say(
      JSON.stringify({ queries: queries.length, 'nDCG@10': means.ndcg10, 'hit@1': means.hit1, 'hit@10': means.hit10, 'MRR@10': means.mrr10, MAP: means.map }),
    );
  }
  return 0;
}

try {
  process.exitCode = run();
} catch (error) {
  // a file that is not there or cannot be read: for a person, without a stack
  if (!(error instanceof NotReadable) && !(error instanceof Error && 'code' in error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
