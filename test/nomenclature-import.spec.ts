import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openClassifier } from '../src/nomenclature/classify.js';
import { readOfficialRows } from '../src/nomenclature/nomenclature.queries.js';
import { type House, openHouse } from './support/house.js';

let house: House;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'rabta-import-'));
beforeAll(async () => (house = await openHouse({ work: false })));
afterAll(async () => {
  await house.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

const imported = (csv: string) => {
  const file = path.join(dir, 'nomenclature.csv');
  fs.writeFileSync(file, csv);
  // the tool itself, as npm run nomenclature:import starts it
  const run = spawnSync(process.execPath, ['dist/tools/nomenclature-import.js', file], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: house.databaseUrl, DATA_DIR: dir },
  });
  return { status: run.status, said: run.stdout + run.stderr };
};
const rows = () => house.source.query<{ code: string; description_en: string }[]>('select code, description_en from nomenclature order by code');

describe('importing an official nomenclature', () => {
  it('stores what is right, names each line that is not, and says how many', async () => {
    const { said } = imported(
      'code,description_en,description_zh\n09,"Coffee, tea, spices",\n0904.21,Dried fruits of the genus Capsicum,干辣椒\nXX,nothing,\n9999999,too long,\n',
    );
    expect(await rows()).toEqual([
      { code: '09', description_en: 'Coffee, tea, spices' },
      { code: '090421', description_en: 'Dried fruits of the genus Capsicum' },
    ]);
    expect(said).toMatch(/4/);
    expect(said).toMatch(/5/);
    expect(said).toMatch(/\b2\b/);
  });

  it('again changes the descriptions and adds none twice', async () => {
    imported('code,description_en,description_zh\n0904.21,Chillies of the tariff,\n');
    expect(await rows()).toEqual([
      { code: '09', description_en: 'Coffee, tea, spices' },
      { code: '090421', description_en: 'Chillies of the tariff' },
    ]);
  });

  it('adds to the lexicon and replaces nothing of it', async () => {
    const official = await readOfficialRows(house.source);
    expect(official).toHaveLength(2);
    const classifier = openClassifier(official);
    expect(classifier.classify('surkh mirch sabit', 1).hs[0]?.code.slice(0, 4)).toBe('0904');
    expect(classifier.classify('کانچ کی چوڑیاں', 1).hs[0]?.code.slice(0, 4)).toBe('7018');
  });

  it('of a file that is none says so and stores nothing', async () => {
    const before = await rows();
    const { status, said } = imported('name;price\nchilli;5\n');
    expect(status).not.toBe(0);
    expect(said).toMatch(/code/);
    expect(await rows()).toEqual(before);
  });
});
