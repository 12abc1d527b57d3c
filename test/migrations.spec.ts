import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions, migrate } from '../src/database/data-source.js';
import { MIGRATIONS } from '../src/database/migrations/index.js';

let admin: pg.Client;
let db: pg.Client;
let name: string;
let url: string;

beforeEach(async () => {
  name = `t_${randomUUID().replaceAll('-', '')}`;
  admin = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const address = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  address.pathname = `/${name}`;
  url = address.href;
  db = new pg.Client({ connectionString: url });
  await db.connect();
});
afterEach(async () => {
  await db.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
});

async function migrated(count: number): Promise<void> {
  const source = await new DataSource({ ...dataSourceOptions(url), migrations: MIGRATIONS.slice(0, count) }).initialize();
  await migrate(source);
  await source.destroy();
}

/** A firm with all that hangs on it, written as a program of the first day writes it. */
async function fill(n: number): Promise<void> {
  await db.query(`
    with f as (
      insert into firm (name, status, membership_class, membership_number, membership_valid_until, ntn, language, sectors, applied_at, admitted_at)
      values ('Firm ${n}', 'admitted', 'associate', 'A-${n}', '2027-03-31', '123456${n}-1', 'sd', '{agriculture}', now(), now()) returning id
    ), l as (
      insert into firm_line (firm_id, side, position, text, hs, capacity, unit, period) select id, 'offer', 1, 'ڳاڙها مرچ', '{090421}', 20, 't', 'month' from f
    ), a as (
      insert into account (email, password_hash, name, role, language, firm_id, created_at)
      select 'naila${n}@indus-sink.net', 'x', 'Naila', 'member', 'sd', id, now() from f returning id, firm_id
    ), se as (
      insert into session (id_hash, account_id, data, expires_at) select 'hash ${n}', id, '{}', now() + interval '1 day' from a
    ), c as (
      insert into contact (firm_id, account_id, name, email, language, nonce, confirm_sent_at, confirmed_at, digest_consent_at, created_at)
      select firm_id, id, 'Naila', 'naila${n}@indus-sink.net', 'sd', 'n', now(), now(), now(), now() from a returning id, firm_id
    ), o as (
      insert into opportunity (kind, status, title, summary, hs, sectors, country, counterparty, created_at, published_at, open_until)
      values ('buy_request', 'published', '{"en": "Dried chillies"}', '{"en": "Every month"}', '{090421}', '{agriculture}', 'CN', 'Buyer ${n}', now(), now(), current_date + 60) returning id
    ), m as (
      insert into match (firm_id, opportunity_id, score, evidence, blockers, engine, firm_revision, opportunity_revision, computed_at)
      select c.firm_id, o.id, 90, '[{"rule": "sector", "sector": "agriculture", "paragraph": 12}]', '[]', '1', 1, 1, now() from c, o
    ), ms as (
      insert into match_state (side, id, revision, engine, computed_at) select 'firm', firm_id, 1, '1', now() from c
    ), su as (
      insert into subscription (contact_id, zone, since) select id, 'Asia/Karachi', now() from c
    ), oc as (
      insert into occurrence (key, cadence, local_date, opened_at) values ('weekly:2026-11-1${n}', 'weekly', '2026-11-1${n}', now()) returning id
    ), d as (
      insert into digest (occurrence_id, contact_id, state, due_at, next_attempt_at, language, message_id, subject, message, message_sha256, items_total, finished_at)
      select oc.id, c.id, 'sent', now(), now(), 'sd', 'd.${n}@indus-sink.net', 'Subject', 'bytes', 'hash', 1, now() from oc, c returning id
    ), di as (
      insert into digest_item (digest_id, opportunity_id, position, score, material_revision) select d.id, o.id, 1, 90, 1 from d, o
    ), sm as (
      insert into security_mail (purpose, subject_id, nonce, recipient_name, recipient, language, next_attempt_at, created_at)
      select 'confirm', id, 'n', 'Naila', 'naila${n}@indus-sink.net', 'sd', now(), now() from c
    )
    insert into suppression (address_sha256, stream, reason, created_at) values ('hash ${n}', 'digest', '550 5.1.1', now())`);
}

const tables = async (): Promise<string[]> =>
  (await db.query<{ name: string }>(`select tablename "name" from pg_tables where schemaname = 'public' and tablename <> 'migration' order by 1`)).rows.map(
    (row) => row.name,
  );
const rowsOf = async (table: string): Promise<Record<string, unknown>[]> =>
  (await db.query<{ row: Record<string, unknown> }>(`select to_jsonb(t) "row" from "${table}" t order by t::text`)).rows.map(({ row }) => row);
const identity = (row: Record<string, unknown>): string => JSON.stringify(row);

describe('the migrations', () => {
  it('go forward over a chamber of the first day one by one, and leave what it had as it was', async () => {
    await migrated(1);
    await fill(1);
    await fill(2);
    const before = new Map<string, Record<string, unknown>[]>();
    for (const table of await tables()) before.set(table, await rowsOf(table));
    expect([...before].filter(([, rows]) => rows.length === 2)).toHaveLength(14);
    for (let count = 2; count <= MIGRATIONS.length; count++) await migrated(count);
    for (const [table, rows] of before) {
      const kept = Object.keys(rows[0] ?? {});
      const after = (await rowsOf(table)).map((row) => identity(Object.fromEntries(kept.map((column) => [column, row[column]]))));
      expect({ table, rows: after.sort() }).toEqual({ table, rows: rows.map(identity).sort() });
    }
  });

  it('change nothing when they are run again', async () => {
    await migrated(MIGRATIONS.length);
    await fill(1);
    const all = async (): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (const table of await tables()) found.push(await rowsOf(table));
      return found;
    };
    const before = await all();
    await migrated(MIGRATIONS.length);
    expect(await all()).toEqual(before);
  });

  it('leave a schema in which a program of the first day can still write, as it does while a new version is being started', async () => {
    await migrated(MIGRATIONS.length);
    await fill(1);
    expect(await rowsOf('digest_item')).toHaveLength(1);
  });
});
