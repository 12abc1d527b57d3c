/** Texts → HS codes, ISIC divisions and sectors, by the lexicon alone: no database, no network. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Classifier, openClassifier } from '../nomenclature/classify.js';
import { writeHs } from '../nomenclature/hs.js';
import { readNames } from '../nomenclature/lexicon.js';
import { NotANomenclature, readOfficial } from '../nomenclature/official.js';
import { entryOf } from '../statement/statement.js';

const USAGE = `usage: npm run -s classify -- --input FILE.jsonl [--top 10] [--nomenclature FILE.csv]
       npm run -s classify -- --explain "TEXT" [--nomenclature FILE.csv]
Reads lines {"id","text"} and writes a line {"id","hs":[{"code","score"}],"isic":[…],"sectors":[…]} for each, best first.
Lines that cannot be read are reported on stderr by number; the rest is answered.`;

const lineSchema = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

function run(): number {
  const { values } = parseArgs({
    options: {
      input: { type: 'string' },
      top: { type: 'string', default: '10' },
      nomenclature: { type: 'string' },
      explain: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const top = Number(values.top);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if ((values.input === undefined) === (values.explain === undefined) || !Number.isInteger(top) || top < 1) {
    console.error(USAGE);
    return 2;
  }
  const { nomenclature } = values;
  const classifier = openClassifier(
    nomenclature === undefined ? [] : readOfficial(fs.readFileSync(nomenclature, 'utf8'), (line, what) => console.error(`${nomenclature}:${line}: ${what}`)),
  );
  if (values.explain !== undefined) {
    explain(classifier, values.explain, top);
    return 0;
  }
  let unread = 0;
  const plain = (list: readonly { code: string; score: number }[]) => list.map(({ code, score }) => ({ code, score }));
  fs.readFileSync(values.input ?? '', 'utf8')
    .replace(/^\uFEFF/, '')
    .split('\n')
    .forEach((line, i) => {
      if (line.trim() === '') return;
      const read = lineSchema.safeParse(parse(line));
      if (!read.success) {
        unread++;
        console.error(`line ${i + 1}: not a {"id","text"} object`);
        return;
      }
      const { hs, isic, sectors } = classifier.classify(read.data.text, top);
      process.stdout.write(`${JSON.stringify({ id: read.data.id, hs: plain(hs), isic: plain(isic), sectors: plain(sectors) })}\n`);
    });
  if (unread) console.error(`${unread} lines could not be read`);
  return 0;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** For a person: which words led where, and by which phrase of the lexicon. */
function explain(classifier: Classifier, text: string, top: number): void {
  const names = readNames();
  const { query, hs, isic } = classifier.rank(text);
  const result = classifier.classify(text, Math.min(top, 5));
  const phrases = new Map([...hs, ...isic].map((c) => [(hs.includes(c) ? 'hs' : 'isic') + (classifier.index.classes[c.cls] ?? ''), classifier.phraseOf(c)]));
  const readAs = query.positions
    .filter((p) => !p.joined)
    .map((p) => (p.alternatives.length ? (p.alternatives[0]?.quality === 1 ? p.word : `${p.word} (guessed)`) : `${p.word} (unknown)`));
  console.log(`read as: ${readAs.join(', ') || 'nothing'}`);
  if (query.activities.size) console.log(`activities: ${[...query.activities].join(', ')}`);
  const show = (list: typeof result.hs, kind: 'hs' | 'isic') => {
    for (const { code, score, words } of list) {
      const phrase = phrases.get(kind + code.slice(0, kind === 'hs' ? 4 : 2)) ?? '';
      const why = words.length ? `${words.join(' ')}  ~ “${phrase}”` : 'from the goods and the activity';
      console.log(`  ${score.toFixed(3)}  ${(kind === 'hs' ? writeHs(code) : code).padEnd(8)} ${names[kind](code, 'en') ?? ''}\n                  ${why}`);
    }
  };
  console.log(result.hs.length ? 'goods (HS 2022):' : 'goods (HS 2022): none');
  show(result.hs, 'hs');
  console.log(result.isic.length ? 'activities (ISIC Rev.4):' : 'activities (ISIC Rev.4): none');
  show(result.isic, 'isic');
  console.log(`sectors: ${result.sectors.map((s) => `${entryOf(s.code)?.name.en ?? s.code} ${s.score.toFixed(2)}`).join(', ') || 'none'}`);
  console.log(`platforms: ${result.platforms.map((code) => entryOf(code)?.name.en ?? code).join(', ') || 'none'}`);
  if (!result.hs.length && !result.isic.length) console.log('I don’t know.');
}

try {
  process.exitCode = run();
} catch (error) {
  // a file that is not there, or is no nomenclature: for a person, without a stack
  if (!(error instanceof NotANomenclature) && !(error instanceof Error && 'code' in error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
