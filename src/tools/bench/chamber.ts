import type pg from 'pg';
import { ENGINE } from '../../matching/scoring/score.js';

const ZONE = 'Asia/Karachi';
const SECTORS = ['agriculture', 'export-industry', 'power', 'mining', 'textiles', 'transport', 'digital', 'health'];
/** Leads of a sector. */
const LEADS = 25;

/** Admitted firms, each with a contact who agreed and so many matches, in four languages; nobody's digest is due yet. */
export async function seedChamber(db: pg.Pool, firms: number, matches: number): Promise<void> {
  const client = await db.connect();
  try {
    await client.query('begin');
    await client.query('truncate firm, opportunity, match, match_state, occurrence cascade');
    await client.query(
      `create temporary table person on commit drop as
       select n, gen_random_uuid() firm_id, gen_random_uuid() contact_id, (array['en', 'ur', 'sd', 'zh'])[1 + n % 4] language, 1 + n % ${SECTORS.length} sector
       from generate_series(1, $1::int) n`,
      [firms],
    );
    await client.query(
      `insert into firm (id, name, status, membership_class, membership_number, membership_valid_until, sectors, language, applied_at, admitted_at)
       select firm_id, 'Firm ' || n || ' of Hyderabad', 'admitted', 'associate', 'B-' || n, current_date + 200, array[($1::text[])[sector]], language,
              now() - interval '3 days', now() - interval '3 days' from person`,
      [SECTORS],
    );
    await client.query(
      `insert into contact (id, firm_id, name, email, language, nonce, confirm_sent_at, confirmed_at, digest_consent_at, created_at)
       select contact_id, firm_id, 'Person ' || n, 'person' || n || '@firm' || n % 997 || '.bench-sink.net', language, 'n', t, t, t, t
       from person, (select now() - interval '3 days' t) past`,
    );
    await client.query(`insert into subscription (contact_id, cadence, zone, threshold, since) select id, 'off', $1, 60, digest_consent_at from contact`, [
      ZONE,
    ]);
    await client.query(
      `insert into opportunity (kind, status, title, summary, hs, sectors, quantity, unit, period, value_usd, country, place, counterparty, created_at, published_at, open_until)
       select (array['buy_request', 'sell_offer', 'joint_venture', 'tender'])[1 + n % 4], 'published',
              jsonb_build_object('en', 'Dried whole red chillies, lot ' || n, 'ur', 'ثابت خشک سرخ مرچ، لاٹ ' || n, 'sd', 'سڪل ثابت ڳاڙها مرچ، لاٽ ' || n, 'zh', '整干红辣椒，批次' || n),
              '{"en": "Every month, by container."}', '{090421}', array[($1::text[])[1 + n % ${SECTORS.length}]], 10 + n, 't', 'month', 20000 * (1 + n % 90), 'CN', 'Chengdu, Sichuan',
              'Lantern Foods ' || n, now(), now(), current_date + 20 + n % 60
       from generate_series(0, ${SECTORS.length * LEADS - 1}) n`,
      [SECTORS],
    );
    await client.query(
      `insert into match (firm_id, opportunity_id, score, evidence, blockers, engine, firm_revision, opportunity_revision, computed_at)
       select p.firm_id, l.id, 60 + (p.n * 7 + l.place_in_sector * 13) % 40,
              jsonb_build_array(jsonb_build_object('rule', 'sector', 'sector', ($2::text[])[p.sector], 'paragraph', 12),
                jsonb_build_object('rule', 'product', 'system', 'hs', 'theirs', '090421', 'yours', (array['090421', '0904', '090422'])[1 + p.n % 3], 'digits', 4),
                jsonb_build_object('rule', 'words', 'words', jsonb_build_array('chillies', 'lot'))),
              case when p.n % 3 = 0 then '[{"gap": "certificate-missing", "certificate": "gacc"}]'::jsonb else '[]' end, $1, 1, 1, now()
       from person p join (select id, array_position($2::text[], sectors[1]) sector, row_number() over (partition by sectors[1] order by reference) place_in_sector from opportunity) l
         on l.sector = p.sector and (l.place_in_sector + p.n / ${SECTORS.length}) % ${LEADS} < $3`,
      [ENGINE, SECTORS, matches],
    );
    await client.query(
      `insert into match_state (side, id, revision, engine, computed_at)
       select 'firm', id, revision, $1, now() from firm union all select 'opportunity', id, revision, $1, now() from opportunity`,
      [ENGINE],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
  await db.query('vacuum analyze');
}

/** Forgets all digests; the daily digest of everybody falls due within this hour. */
export async function fallDue(db: pg.Pool): Promise<void> {
  await db.query('truncate occurrence, digest, digest_item cascade');
  await db.query(`update subscription set cadence = 'daily', hour = extract(hour from now() at time zone zone)`);
}

/** Nobody's digest is due: no schedule can begin a run between two rounds. */
export async function nobodyDue(db: pg.Pool): Promise<void> {
  await db.query(`update subscription set cadence = 'off'`);
}

/** For the stock way: so many digests are owed. */
export async function owe(db: pg.Pool, digests: number): Promise<void> {
  await db.query('truncate occurrence, digest, digest_item cascade');
  await db.query(
    `with o as (insert into occurrence (key, cadence, local_date, opened_at, completed_at) values ('stock', 'daily', current_date, now(), now()) returning id)
     insert into digest (occurrence_id, contact_id, due_at, next_attempt_at) select o.id, c.id, now(), now() from o, (select id from contact order by id limit $1) c`,
    [digests],
  );
  // a worker of Rabta must not take them
  await db.query(`update subscription set cadence = 'daily', hour = 23`);
  await db.query('analyze digest');
}
