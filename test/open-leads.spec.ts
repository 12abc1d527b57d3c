import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource, QueryRunner } from 'typeorm';
import { type House, openHouse, publishedLead, signedIn, Visitor } from './support/house.js';

let house: House;
let anyone: Visitor;
let source: DataSource;
let id: string;
const open: QueryRunner[] = [];

beforeAll(async () => {
  house = await openHouse();
  anyone = new Visitor(house.url);
  source = house.source;
  id = await publishedLead(await signedIn(house, 'curator'), { title: { en: 'Dried whole chillies' }, hs: ['090421'] });
});
afterAll(async () => {
  for (const runner of open) await runner.release();
  await house.close();
});

const found = async (query: string): Promise<string[]> =>
  ((await anyone.get(`/api/v1/opportunities?${query}`)).json() as { items: { title: { en: string } }[] }).items.map(({ title }) => title.en);

async function transaction(): Promise<QueryRunner> {
  const runner = source.createQueryRunner();
  open.push(runner);
  await runner.startTransaction();
  return runner;
}

it('is seen at once, though a transaction that began before it ended after it', async () => {
  const slow = await transaction();
  await slow.query(`update opportunity set title = '{"en": "Crushed chillies"}', search = '{crush}' where id = $1`, [id]);
  expect(await found('')).toEqual(['Dried whole chillies']);
  const quick = await transaction();
  await quick.query(
    `insert into opportunity (kind, status, title, summary, country, counterparty, created_at, published_at, open_until, search)
     values ('buy_request', 'published', '{"en": "Onions"}', '{}', 'CN', 'Somebody', $1, $1, '2026-12-24', '{onion}')`,
    [new Date(house.clock.now().getTime() + 60_000)],
  );
  await quick.commitTransaction();
  expect(await found('')).toEqual(['Onions', 'Dried whole chillies']);
  await slow.commitTransaction();
  expect(await found('')).toEqual(['Onions', 'Crushed chillies']);
  // what it was found by before finds it no more
  expect(await found('hs=0904')).toEqual([]);
  expect(await found('q=onions')).toEqual(['Onions']);
});

it('is gone at once when it is taken back or deleted', async () => {
  await source.query(`update opportunity set status = 'in_review' where id = $1`, [id]);
  expect(await found('')).toEqual(['Onions']);
  await source.query(`delete from opportunity where title = '{"en": "Onions"}'`);
  expect(await found('')).toEqual([]);
  expect(await found('q=onions')).toEqual([]);
});

it('is no older than its question, however many ask at once', async () => {
  for (let n = 0; n < 20; n++) {
    const [status, expected] = n % 2 ? ['in_review', []] : ['published', ['Crushed chillies']];
    const before = Array.from({ length: 10 }, () => found(''));
    await source.query('update opportunity set status = $2 where id = $1', [id, status]);
    const after = await Promise.all(Array.from({ length: 10 }, () => found('')));
    expect(after).toEqual(after.map(() => expected));
    await Promise.all(before);
  }
});
