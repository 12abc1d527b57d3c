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
import { copyRows } from './copy.mjs';

const ms = (began) => Math.round(10 * (performance.now() - began)) / 10;
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

export async function measureStored(url, { firms, opportunities, seed }) {
  await prepareDatabase(url, 'x'.repeat(32));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const source = await new DataSource(dataSourceOptions(url)).initialize();
  try {
    const made = chamber(seed);
    const lines = [];
    await copyRows(client, FIRM, firmRows(made, firms, lines));
    await copyRows(client, LINE, lines);
    const leads = Array.from({ length: opportunities }, () => made.opportunity());
    await copyRows(client, OPPORTUNITY, leads.map(leadRow));
    await client.query('vacuum analyze firm; ').catch(() => undefined);
    for (const table of ['firm', 'firm_line', 'opportunity', 'match_change']) await client.query(`vacuum analyze ${table}`);

    const index = new MatchIndex(source, { CHAMBER_TIME_ZONE: 'Asia/Karachi' }, new Clock());
    const service = new MatchingService(source, undefined, { CHAMBER_TIME_ZONE: 'Asia/Karachi' }, new Clock(), index);
    let began = performance.now();
    await index.warm();
    const buildMs = ms(began);

    began = performance.now();
    await service.rematch(false, () => undefined);
    const rebuildMs = ms(began);
    const [{ rows }] = (await client.query('select count(*)::int "rows" from match')).rows;
    const bareMs = await bareCopy(client);

    const times = { publishMs: [], saveMs: [], previewMs: [] };
    for (let i = 0; i < 7; i++) {
      const lead = made.opportunity();
      await copyRows(client, OPPORTUNITY, [leadRow(lead)]);
      began = performance.now();
      await service.preview(lead.id);
      times.previewMs.push(ms(began));
      began = performance.now();
      await service.matchOpportunity(lead.id);
      times.publishMs.push(ms(began));
      const [{ id }] = (await client.query('update firm set revision = revision + 1 where id = (select id from firm offset $1 limit 1) returning id', [97 * i]))
        .rows;
      began = performance.now();
      await service.matchFirm(id);
      times.saveMs.push(ms(began));
    }
    const of = Object.fromEntries(Object.entries(times).map(([what, list]) => [what, { median: median(list), worst: Math.max(...list) }]));
    return { firms, opportunities, buildMs, rebuildMs, rows, bareCopyAndIndexMs: bareMs, rebuildToBare: Math.round((100 * rebuildMs) / bareMs) / 100, ...of };
  } finally {
    await source.destroy();
    await client.end();
  }
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
