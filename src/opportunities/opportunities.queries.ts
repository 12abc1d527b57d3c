import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared.js';
import type { Opportunity } from './opportunity.entity.js';
import { hsKey, searchKeysOf, type Sought } from './search.js';

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

/** What a reader looks for; what is left out is not asked about. */
export interface LeadFilter {
  readonly sector?: string | undefined;
  readonly kind?: string | undefined;
  readonly country?: string | undefined;
  /** Digits of an HS code: leads of that code and of those below it. */
  readonly hs?: string | undefined;
  /** Last day at the latest, YYYY-MM-DD. */
  readonly until?: string | undefined;
  readonly sought?: Sought | undefined;
}

/**
 * Open leads, those published last first. Indexes: opportunity_public for the order, opportunity_search for words and codes.
 * @param columns of `o`: as many as are shown
 */
export function openLeads<Lead extends LeadCard>(
  source: DataSource,
  columns: string,
  today: string,
  filter: LeadFilter,
  after: readonly [at: string, id: string] | undefined,
  limit: number,
): Promise<Lead[]> {
  const values: unknown[] = [today, limit];
  const $ = (value: unknown): string => `$${values.push(value)}`;
  const where = [`status = 'published' and open_until >= $1`];
  if (filter.sector) where.push(`${$(filter.sector)} = any(sectors)`);
  if (filter.kind) where.push(`kind = ${$(filter.kind)}`);
  if (filter.country) where.push(`country = ${$(filter.country)}`);
  if (filter.until) where.push(`open_until <= ${$(filter.until)}`);
  if (filter.hs) where.push(`search @> ${$([hsKey(filter.hs)])}::text[]`);
  if (filter.sought) where.push(`(search @> ${$(filter.sought.words)}::text[] or search && ${$(filter.sought.meanings)}::text[])`);
  if (after) where.push(`published_at <= ${$(after[0])} and (published_at < $${values.length} or id > ${$(after[1])})`);
  return prepared<Lead>(source, `select ${columns} from opportunity o where ${where.join(' and ')} order by published_at desc, id limit $2`, values);
}

/** Published leads by reference; one that there is not is not in the map. Index: opportunity_reference_key. */
export async function publishedByReference(source: DataSource, references: readonly string[]): Promise<Map<string, PublicLead>> {
  const leads = await prepared<PublicLead>(source, `select ${PUBLIC_COLUMNS} from opportunity o where reference = any($1) and status = 'published'`, [
    references,
  ]);
  return new Map(leads.map((lead) => [lead.reference, lead]));
}

/** How many open leads each sector has. Index: opportunity_by_sector, which holds all that is read. */
export async function openBySector(source: DataSource, today: string): Promise<Map<string, number>> {
  const rows = await prepared<{ sectors: string[]; n: number }>(
    source,
    `select sectors, count(*)::int n from opportunity where status = 'published' and open_until >= $1 group by sectors`,
    [today],
  );
  const counts = new Map<string, number>();
  for (const { sectors, n } of rows) for (const sector of sectors) counts.set(sector, (counts.get(sector) ?? 0) + n);
  return counts;
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
