import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared.js';
import type { Opportunity } from './opportunity.entity.js';
import { searchKeysOf } from './search.js';

/** What anybody may read of a lead: who is behind it, where it came from and what the desk thinks of it are not even read. */
export type PublicLead = Pick<
  Opportunity,
  | 'id'
  | 'reference'
  | 'kind'
  | 'status'
  | 'title'
  | 'summary'
  | 'hs'
  | 'isic'
  | 'sectors'
  | 'corridors'
  | 'platforms'
  | 'instruments'
  | 'certificates'
  | 'quantity'
  | 'unit'
  | 'period'
  | 'valueUsd'
  | 'country'
  | 'place'
  | 'deliveryMonths'
  | 'deadline'
  | 'openUntil'
  | 'materialRevision'
  | 'publishedAt'
>;

/** What a list shows of a lead. */
export type LeadCard = Pick<
  PublicLead,
  'id' | 'reference' | 'kind' | 'title' | 'quantity' | 'unit' | 'period' | 'valueUsd' | 'country' | 'place' | 'openUntil' | 'publishedAt'
>;

/** SQL: the columns of a {@link LeadCard}; `o` is the alias of the opportunity. */
export const CARD_COLUMNS = `o.id, o.reference, o.kind, o.title, o.quantity, o.unit, o.period, o.value_usd::float8 "valueUsd", o.country, o.place,
  o.open_until::text "openUntil", o.published_at "publishedAt"`;

/** SQL: the columns of a {@link PublicLead}. `o` is the alias of the opportunity. */
export const PUBLIC_COLUMNS = `${CARD_COLUMNS}, o.status, o.summary, o.hs, o.isic, o.sectors, o.corridors, o.platforms, o.instruments, o.certificates,
  o.delivery_months "deliveryMonths", o.deadline::text deadline, o.material_revision "materialRevision"`;

/** A lead that was touched; without keys it is not published (any more). */
export type ChangedLead = PublicLead & { readonly keys: readonly string[] | null };

/**
 * The leads that any transaction touched which had not ended at the earlier look, as they are now: late commits are not missed, some come twice.
 * Indexes: match_change_since, opportunity_pkey.
 * @param seen of the earlier look; 0 for all
 */
export async function changedLeads(source: DataSource, seen: string): Promise<{ seen: string; changed: ChangedLead[] }> {
  const rows = await prepared<ChangedLead & { readonly seen: string; readonly touched: string | null }>(
    source,
    `select pg_snapshot_xmin(pg_current_snapshot())::text seen, c.id touched, o.search keys, ${PUBLIC_COLUMNS}
     from (select) one left join match_change c on c.side = 'opportunity' and c.changed >= $1::text::xid8
     left join opportunity o on o.id = c.id and o.status = 'published'`,
    [seen],
  );
  return { seen: rows[0]?.seen ?? seen, changed: rows.flatMap(({ seen: _, touched, ...lead }) => (touched ? [{ ...lead, id: touched }] : [])) };
}

/** Leads filled at once. */
const CHUNK = 500;

/**
 * Gives leads that have none what the search finds them by: those from before there was a search, and those that SQL put in. Reads the table once where
 * there is nothing to do.
 */
export async function fillSearch(source: DataSource): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const leads = await source.query<(Parameters<typeof searchKeysOf>[0] & { id: string })[]>(
      `select id, title, summary, place, hs, isic, guessed_hs "guessedHs", guessed_isic "guessedIsic"
       from opportunity where search = '{}' and id > $1 order by id limit ${CHUNK}`,
      [after],
    );
    const last = leads.at(-1);
    if (!last) return;
    after = last.id;
    await source.query(
      `update opportunity o set search = array(select jsonb_array_elements_text(given.keys))
       from jsonb_to_recordset($1) as given (id uuid, keys jsonb) where o.id = given.id and o.search = '{}'`,
      [JSON.stringify(leads.map((lead) => ({ id: lead.id, keys: searchKeysOf(lead) })))],
    );
  }
}
