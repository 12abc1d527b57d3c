// A chamber of a size for the bench: the leads of the demo again and again, firms with matches, and people of theirs who are signed in.
import { Signer as CookieSigner } from '@fastify/cookie';
import { DEMO_OPPORTUNITIES } from '../../dist/demo/opportunities.js';
import { randomToken, sha256, Signer } from '../../dist/common/tokens.js';
import { ENGINE } from '../../dist/matching/scoring/score.js';

const DAY = 86_400_000;

/** What a browser of a signed-in member sends. */
export const cookieOf = (secret, id) => `session=${encodeURIComponent(new CookieSigner(new Signer(secret).sign('sessions'), 'sha256').sign(id))}`;

/**
 * @param {import('pg').Pool} db
 * @returns the leads' references, and the session ids of so many members
 */
export async function seedPortal(db, { firms, leads, matches, readers }) {
  const demo = DEMO_OPPORTUNITIES.filter(({ state }) => state === 'published');
  const rows = Array.from({ length: leads }, (_, n) => {
    const lead = demo[n % demo.length];
    const lot = Math.floor(n / demo.length);
    const texts = (of) => Object.fromEntries(Object.entries(of).map(([language, text]) => [language, lot ? `${text} (${lot})` : text]));
    return {
      kind: lead.kind,
      title: texts(lead.title),
      summary: lead.summary,
      hs: lead.hs,
      isic: lead.isic ?? [],
      sectors: lead.sectors,
      corridors: lead.corridors ?? [],
      platforms: lead.platforms ?? [],
      instruments: lead.instruments ?? [],
      certificates: lead.certificates ?? [],
      quantity: lead.quantity ? lead.quantity.amount + lot : null,
      unit: lead.quantity?.unit ?? null,
      period: lead.quantity?.period ?? null,
      value_usd: lead.valueUsd ?? null,
      country: lead.country,
      place: lead.place ?? null,
      counterparty: lead.counterparty.name,
      published_at: new Date(Date.now() - (n + 1) * 60_000).toISOString(),
      open_until: new Date(Date.now() + (2 + (n % 85)) * DAY).toISOString().slice(0, 10),
    };
  });
  await db.query(
    `insert into opportunity (kind, status, title, summary, hs, isic, sectors, corridors, platforms, instruments, certificates, quantity, unit, period, value_usd,
                              country, place, counterparty, created_at, published_at, open_until)
     select kind, 'published', title, summary, hs, isic, sectors, corridors, platforms, instruments, certificates, quantity, unit, period, value_usd,
            country, place, counterparty, published_at, published_at, open_until
     from jsonb_to_recordset($1) as given (kind text, title jsonb, summary jsonb, hs text[], isic text[], sectors text[], corridors text[], platforms text[],
       instruments text[], certificates text[], quantity float8, unit text, period text, value_usd bigint, country text, place text, counterparty text,
       published_at timestamptz, open_until date)`,
    [JSON.stringify(rows)],
  );
  await db.query(
    `create temporary table person as
     select n, gen_random_uuid() firm_id, gen_random_uuid() account_id, gen_random_uuid() contact_id, (array['en', 'ur', 'sd', 'zh'])[1 + n % 4] language
     from generate_series(1, $1::int) n`,
    [firms],
  );
  const past = new Date(Date.now() - 3 * DAY);
  await db.query(
    `insert into firm (id, name, place, status, membership_class, membership_number, membership_valid_until, sectors, language, applied_at, admitted_at)
     select firm_id, 'Firm ' || n || ' of Hyderabad', 'SITE Hyderabad', 'admitted', 'associate', 'B-' || n, current_date + 200, '{agriculture}', language, $1, $1 from person`,
    [past],
  );
  await db.query(
    `insert into firm_line (firm_id, side, position, text, hs, capacity, unit, period)
     select firm_id, side, 0, 'Whole dried red chillies, lot ' || n, '{090421}', 10 + n % 90, 't', 'month' from person, unnest(array['offer', 'need']) side`,
  );
  await db.query(
    `insert into account (id, email, password_hash, name, role, language, firm_id, created_at)
     select account_id, 'person' || n || '@firm' || n || '.example', 'none', 'Person ' || n, 'member', language, firm_id, $1 from person`,
    [past],
  );
  await db.query(
    `insert into contact (id, firm_id, account_id, name, email, language, nonce, confirm_sent_at, confirmed_at, digest_consent_at, created_at)
     select contact_id, firm_id, account_id, 'Person ' || n, 'person' || n || '@firm' || n || '.example', language, 'n', $1, $1, $1, $1 from person`,
    [past],
  );
  await db.query(`insert into subscription (contact_id, cadence, zone, threshold, since) select contact_id, 'weekly', 'Asia/Karachi', 60, $1 from person`, [
    past,
  ]);
  await db.query(
    `insert into match (firm_id, opportunity_id, score, evidence, blockers, engine, firm_revision, opportunity_revision, computed_at)
     select p.firm_id, l.id, 50 + (p.n * 7 + l.n * 13) % 50,
            jsonb_build_array(jsonb_build_object('rule', 'sector', 'sector', 'agriculture', 'paragraph', 12),
              jsonb_build_object('rule', 'product', 'system', 'hs', 'theirs', '090421', 'yours', (array['090421', '0904', '090422'])[1 + p.n % 3], 'digits', 4),
              jsonb_build_object('rule', 'words', 'words', jsonb_build_array('chillies', 'lot'))),
            case when p.n % 3 = 0 then '[{"gap": "certificate-missing", "certificate": "gacc"}]'::jsonb else '[]' end, $1, 1, 1, now()
     from person p cross join generate_series(0, $2::int - 1) m
     join (select id, row_number() over (order by reference) - 1 n from opportunity) l on l.n = (p.n * 37 + m * 101) % $3::int`,
    [ENGINE, matches, leads],
  );
  // nothing is owed: the web process must not be measured beside work that a worker would do
  await db.query(
    `insert into match_state (side, id, revision, engine, computed_at)
     select 'firm', id, revision, $1, now() from firm union all select 'opportunity', id, revision, $1, now() from opportunity`,
    [ENGINE],
  );
  const sessions = Array.from({ length: readers }, () => randomToken());
  await db.query(
    `insert into session (id_hash, account_id, data, expires_at)
     select given.hash, p.account_id, jsonb_build_object('accountId', p.account_id, 'cookie', jsonb_build_object('path', '/', 'originalMaxAge', 604800000,
              'expires', to_jsonb(now() + interval '7 days'))), now() + interval '7 days'
     from unnest($1::text[]) with ordinality as given (hash, n) join person p on p.n = given.n`,
    [sessions.map((id) => sha256(id))],
  );
  await db.query('drop table person');
  await db.query('vacuum analyze');
  const { rows: named } = await db.query('select reference from opportunity order by reference');
  return { references: named.map(({ reference }) => reference), sessions };
}
