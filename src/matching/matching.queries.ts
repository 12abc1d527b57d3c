import type { DataSource, EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { platformsOf } from '../nomenclature/sectors.js';
import type { Period } from '../nomenclature/units.js';
import { wordsOf } from '../nomenclature/words.js';
import type { Texts } from '../language/language.js';
import type { LeadCard } from '../opportunities/opportunities.queries.js';
import type { OpportunityKind } from '../statement/kinds.js';
import type { Match } from './match.entity.js';
import { lineFactsOf, textsOf } from './scoring/texts.js';
import type { FirmFacts, LineFacts, OpportunityFacts } from './scoring/facts.js';

interface LineRow {
  side: 'offer' | 'need';
  text: string;
  hs: string[];
  isic: string[];
  guessed_hs: string[];
  guessed_isic: string[];
  capacity: number | null;
  unit: string | null;
  period: Period | null;
  months: number[];
  certificates: string[];
}
interface FirmRow {
  id: string;
  revision: number;
  status: string;
  valid_until: string | null;
  sectors: string[];
  seeks: OpportunityKind[];
  markets: string[];
  certificates: string[];
  excluded_countries: string[];
  excluded_kinds: OpportunityKind[];
  excluded_words: string[];
  lines: LineRow[];
}

/** Facts of these firms, admitted or not, in the order of their ids. Indexes: primary key, firm_line_firm. */
export async function firmFacts(manager: EntityManager, ids: readonly string[]): Promise<FirmFacts[]> {
  const rows = await manager.query<FirmRow[]>(
    `select f.id, f.revision, f.status, f.membership_valid_until::text valid_until, f.sectors, f.seeks, f.markets, f.certificates,
            f.excluded_countries, f.excluded_kinds, f.excluded_words,
            coalesce((select json_agg(l order by l.side, l.position) from firm_line l where l.firm_id = f.id), '[]') lines
     from firm f where f.id = any($1::uuid[]) order by f.id`,
    [ids],
  );
  return rows.map((row) => ({
    id: row.id,
    revision: row.revision,
    admitted: row.status === 'admitted',
    validUntil: row.valid_until,
    sectors: row.sectors,
    seeks: row.seeks,
    markets: row.markets,
    platforms: platformsOf({ hs: row.lines.flatMap((l) => [...l.hs, ...l.guessed_hs]), isic: row.lines.flatMap((l) => [...l.isic, ...l.guessed_isic]) }),
    certificates: row.certificates,
    excludedCountries: row.excluded_countries,
    excludedKinds: row.excluded_kinds,
    excludedWords: row.excluded_words.flatMap((word) => [...wordsOf(word).keys()]),
    offers: row.lines.filter((l) => l.side === 'offer').map(lineFacts),
    needs: row.lines.filter((l) => l.side === 'need').map(lineFacts),
  }));
}

const lineFacts = (row: LineRow): LineFacts =>
  lineFactsOf({
    text: row.text,
    hs: row.hs,
    isic: row.isic,
    guessedHs: row.guessed_hs,
    guessedIsic: row.guessed_isic,
    months: row.months,
    certificates: row.certificates,
    ...(row.capacity && row.unit && row.period ? { capacity: { amount: row.capacity, unit: row.unit, period: row.period } } : {}),
  });

interface OpportunityRow {
  id: string;
  revision: number;
  kind: OpportunityKind;
  status: string;
  open_until: string | null;
  firm_id: string | null;
  hs: string[];
  isic: string[];
  guessed_hs: string[];
  guessed_isic: string[];
  sectors: string[];
  country: string;
  platforms: string[];
  certificates: string[];
  delivery_months: number[];
  quantity: number | null;
  unit: string | null;
  period: Period | null;
  title: Texts;
  summary: Texts;
}

/** Facts of these opportunities, open or not, in the order of their ids. Index: primary key. */
export async function opportunityFacts(manager: EntityManager, today: string, ids: readonly string[]): Promise<OpportunityFacts[]> {
  const rows = await manager.query<OpportunityRow[]>(
    `select id, revision, kind, status, open_until::text, firm_id, hs, isic, guessed_hs, guessed_isic, sectors, country, platforms, certificates, delivery_months,
            quantity, unit, period, title, summary
     from opportunity where id = any($1::uuid[]) order by id`,
    [ids],
  );
  return rows.map((row) => ({
    id: row.id,
    revision: row.revision,
    kind: row.kind,
    open: row.status === 'published' && row.open_until !== null && row.open_until >= today,
    ownFirmId: row.firm_id,
    hs: row.hs,
    isic: row.isic,
    sectors: row.sectors,
    country: row.country,
    platforms: row.platforms,
    certificates: row.certificates,
    deliveryMonths: row.delivery_months,
    titles: Object.values(row.title).map((title) => new Set(wordsOf(title).keys())),
    texts: textsOf(row, { hs: row.guessed_hs, isic: row.guessed_isic }),
    ...(row.quantity && row.unit ? { quantity: { amount: row.quantity, unit: row.unit, period: row.period } } : {}),
  }));
}

/** A match with the opportunity it is about, as far as is asked for. */
export interface MatchWithOpportunity<Lead extends LeadCard = LeadCard> {
  readonly match: Pick<Match, 'score' | 'evidence' | 'blockers' | 'engine'>;
  readonly opportunity: Lead;
}

/**
 * A firm's matches, best first. Index: match_of_firm.
 * @param columns of the opportunity `o`
 */
export async function matchesOfFirm<Lead extends LeadCard>(
  source: DataSource,
  columns: string,
  firmId: string,
  after: readonly [score: string, id: string] | undefined,
  limit: number,
): Promise<MatchWithOpportunity<Lead>[]> {
  const rows = await prepared<MatchWithOpportunity['match'] & Lead>(
    source,
    `select m.score, m.evidence, m.blockers, m.engine, ${columns} from match m join opportunity o on o.id = m.opportunity_id
     where m.firm_id = $1 ${after ? 'and (m.score < $3 or (m.score = $3 and m.opportunity_id > $4))' : ''} order by m.score desc, m.opportunity_id limit $2`,
    [firmId, limit, ...(after ?? [])],
  );
  return rows.map((row) => ({ match: row, opportunity: row }));
}
