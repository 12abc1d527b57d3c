// The service's own matching on real tables: building the index, publishing one opportunity, saving one firm, a preview, and matching all anew beside a bare
// COPY and index of the rows that this stores.
import path from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Clock } from '../../dist/common/clock.js';
import { dataSourceOptions } from '../../dist/database/data-source.js';
import { MatchIndex } from '../../dist/matching/index/match-index.js';
import { MatchingService } from '../../dist/matching/matching.service.js';
import { prepareDatabase } from '../../dist/prepare.js';
import { chamber } from './chamber.mjs';
import { copyRows } from '../../dist/database/copy.js';

const ms = (began) => Math.round(10 * (performance.now() - began)) / 10;
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/**
 * @param incremental how many firms and opportunities there are when one is saved or published
 * @param rebuild how many when all are matched
 */
export async function measureStored(server, { incremental, rebuild, seed }) {
  return { incremental: await inDatabase(server, 'incremental', incremental, seed, one), rebuild: await inDatabase(server, 'rebuild', rebuild, seed, all) };
}

/** Fills a database of its own with firms and opportunities, and measures on it. */
async function inDatabase(server, name, { firms, opportunities }, seed, measure) {
  const url = new URL(server);
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  url.pathname = `/${name}`;
  await prepareDatabase(url.href, 'x'.repeat(32));
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const source = await new DataSource(dataSourceOptions(url.href)).initialize();
  try {
    const made = chamber(seed);
    const lines = [];
    await copyRows(client, FIRM, firmRows(made, firms, lines));
    await copyRows(client, LINE, lines);
    lines.length = 0;
    const leads = Array.from({ length: opportunities }, () => made.opportunity());
    await copyRows(client, OPPORTUNITY, leads.map(leadRow));
    for (const table of ['firm', 'firm_line', 'opportunity', 'match_change']) await client.query(`vacuum analyze ${table}`);
    const index = new MatchIndex(source, { CHAMBER_TIME_ZONE: 'Asia/Karachi' }, new Clock());
    const service = new MatchingService(source, undefined, { CHAMBER_TIME_ZONE: 'Asia/Karachi' }, new Clock(), index);
    const began = performance.now();
    await index.warm();
    return { firms, opportunities, buildMs: ms(began), ...(await measure({ client, service, made, firms })) };
  } finally {
    await source.destroy();
    await client.end();
    await admin.query(`drop database ${name}`);
    await admin.end();
  }
}

/** One opportunity looked at, then published, one firm saved, again and again. */
async function one({ client, service, made, firms }) {
  const times = { previewMs: [], publishMs: [], saveMs: [] };
  const time = async (what, work) => {
    const began = performance.now();
    await work();
    times[what].push(ms(began));
  };
  let stored = 0;
  for (let i = 0; i < 20; i++) {
    const lead = made.opportunity();
    await copyRows(client, OPPORTUNITY, [leadRow(lead)]);
    await time('previewMs', () => service.preview(lead.id));
    await time('publishMs', () => service.matchOpportunity(lead.id));
    stored += (await client.query('select count(*)::int n from match where opportunity_id = $1', [lead.id])).rows[0].n;
    const [{ id }] = (
      await client.query('update firm set revision = revision + 1 where id = (select id from firm offset $1 limit 1) returning id', [(97 * i) % firms])
    ).rows;
    await time('saveMs', () => service.matchFirm(id));
  }
  return {
    matchesOfOne: Math.round(stored / 20),
    ...Object.fromEntries(Object.entries(times).map(([what, list]) => [what, { median: median(list), worst: Math.max(...list) }])),
  };
}

/** All matched where nothing is stored yet, and again with new weights of words, which changes every row. */
async function all({ client, service }) {
  let began = performance.now();
  await service.rematch(false, () => undefined);
  const rebuildMs = ms(began);
  const [{ rows }] = (await client.query('select count(*)::int "rows" from match')).rows;
  const bareMs = await bareCopy(client);
  began = performance.now();
  await service.rematch(false, () => undefined);
  const renewedMs = ms(began);
  const ratio = (n) => Math.round((100 * n) / bareMs) / 100;
  return { rows, bareCopyAndIndexMs: bareMs, rebuildMs, rebuildToBare: ratio(rebuildMs), renewedMs, renewedToBare: ratio(renewedMs) };
}

/** The rows that are stored, copied into a table without anything and then indexed in the same way. */
async function bareCopy(client) {
  const [{ data_directory: dir }] = (await client.query('show data_directory')).rows;
  const file = path.join(dir, 'matches.copy');
  await client.query(`copy match to '${file}'`);
  await client.query('create table bare (like match)');
  const began = performance.now();
  await client.query(`copy bare from '${file}'`);
  await client.query('alter table bare add primary key (firm_id, opportunity_id)');
  await client.query('create index on bare (firm_id, score desc, opportunity_id)');
  await client.query('create index on bare (opportunity_id, score desc, firm_id)');
  const took = ms(began);
  await client.query('drop table bare');
  return took;
}

const FIRM =
  'firm (id, name, status, membership_class, membership_valid_until, language, sectors, seeks, markets, certificates, excluded_countries, excluded_kinds, excluded_words, applied_at)';
const LINE = 'firm_line (firm_id, side, position, text, hs, isic, guessed_hs, guessed_isic, capacity, unit, period, months, certificates)';
const OPPORTUNITY =
  'opportunity (id, kind, status, title, summary, hs, isic, sectors, platforms, certificates, quantity, unit, period, country, delivery_months, counterparty, created_at, published_at, open_until)';

function* firmRows(made, firms, lines) {
  for (let i = 0; i < firms; i++) {
    const f = made.firm();
    for (const [side, list] of [
      ['offer', f.offers],
      ['need', f.needs],
    ])
      list.forEach((l, position) =>
        lines.push([
          ...[f.id, side, position, l.text, l.hs, l.isic, l.guessedHs, l.guessedIsic],
          ...[l.capacity?.amount, l.capacity?.unit, l.capacity?.period, l.months, l.certificates],
        ]),
      );
    yield [
      ...[f.id, `Firm ${i}`, 'admitted', 'associate', f.validUntil, 'en', f.sectors, f.seeks, f.markets, f.certificates],
      ...[f.excludedCountries, f.excludedKinds, f.excludedWords, '2026-01-01'],
    ];
  }
}
const leadRow = (o) => [
  ...[o.id, o.kind, 'published', JSON.stringify(o.title), JSON.stringify(o.summary), o.hs, o.isic, o.sectors, o.platforms, o.certificates],
  ...[o.quantity?.amount, o.quantity?.unit, o.quantity?.period, o.country, o.deliveryMonths, 'Counterparty', '2026-01-01', '2026-01-01', '2099-12-31'],
];
