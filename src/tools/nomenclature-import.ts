/** Imports an official nomenclature into the database: it adds to the lexicon, never replaces it. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { storeOfficialRows } from '../nomenclature/nomenclature.queries.js';
import { NotANomenclature, type OfficialRow, readOfficial } from '../nomenclature/official.js';
import { inside } from './house.js';

const USAGE = `usage: npm run nomenclature:import -- FILE.csv
Reads the columns code, description_en and (if there) description_zh into the database of DATABASE_URL. Rows that cannot be read are
reported with their line, the others are stored. Safe to repeat.`;

const BATCH = 250;

/** One line that grows, for a person at a terminal; a file gets the last line only. */
function progress(done: number, all: number): void {
  const width = 30;
  const full = all === 0 ? width : Math.round((done / all) * width);
  const line = `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done} of ${all}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === all ? '\n' : ''}`);
  else if (done === all) console.error(line);
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', default: false } } });
  const [file] = positionals;
  if (values.help || file === undefined || positionals.length > 1) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  let faults = 0;
  let rows: OfficialRow[];
  try {
    rows = readOfficial(fs.readFileSync(file, 'utf8'), (line, what) => {
      faults++;
      console.error(`${file}:${line}: ${what}`);
    });
  } catch (error) {
    if (!(error instanceof NotANomenclature) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.error(`${file}: ${(error as Error).message}`);
    return 1;
  }
  await inside(async ({ source }) => {
    const now = new Date();
    for (let at = 0; at < rows.length; at += BATCH) {
      await storeOfficialRows(source, rows.slice(at, at + BATCH), now);
      progress(Math.min(at + BATCH, rows.length), rows.length);
    }
  });
  console.log(`${rows.length} rows stored, ${faults} not read`);
  return faults ? 1 : 0;
}

process.exitCode = await run();
