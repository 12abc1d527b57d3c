import { afterEach, describe, expect, it } from '@jest/globals';
import { MatchIndex } from '../src/matching/index/match-index.js';
import { firmFacts, opportunityFacts } from '../src/matching/matching.queries.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { score } from '../src/matching/scoring/score.js';
import { type House, openHouse } from './support/house.js';

let house: House;
afterEach(() => house.close());

/** A few more than are kept of each side. */
const FIRMS = 207;
const LEADS = 204;
const KEPT = 200;

/** A worker with an index of its own. */
const worker = (): MatchingService =>
  new MatchingService(house.source, house.source.getRepository('match') as never, house.env, house.clock, new MatchIndex(house.source, house.env, house.clock));

/** Firms and leads that nearly all fit one another, by different words. */
async function fill(): Promise<void> {
  await house.source.query(
    `insert into firm (id, name, status, membership_class, membership_valid_until, sectors, language, applied_at)
     select md5('firm' || n)::uuid, 'Firm ' || n, 'admitted', 'associate', '2027-03-31', case when n % 5 = 0 then '{}' else '{agriculture}'::text[] end, 'en', $2
     from generate_series(1, $1::int) n`,
    [FIRMS, house.clock.now()],
  );
  await house.source.query(
    `insert into firm_line (firm_id, side, position, text, hs)
     select id, 'offer', 0, 'chillies kind' || row_number() over (order by id) % 17 || ' grade' || row_number() over (order by id) % 7, '{090421}' from firm`,
  );
  await house.source.query(
    `insert into opportunity (id, kind, status, title, summary, hs, sectors, country, counterparty, created_at, published_at, open_until)
     select md5('lead' || n)::uuid, 'buy_request', 'published', jsonb_build_object('en', 'chillies kind' || n % 17 || ' grade' || n % 7), '{}', '{090421}', '{agriculture}', 'CN', 'Lantern',
       $2, $2, '2026-12-24' from generate_series(1, $1::int) n`,
    [LEADS, house.clock.now()],
  );
}

interface Pair {
  readonly firm: string;
  readonly lead: string;
  readonly score: number;
}
const inOrder = (pairs: readonly Pair[]): string[] => pairs.map(({ firm, lead, score: points }) => `${firm} ${lead} ${points}`).sort();

/** Of all pairs of a double loop those that are among the best of one side; and what is stored. */
async function wantedAndStored(): Promise<{ wanted: string[]; stored: string[] }> {
  const { manager } = house.source;
  const ids = async (table: string) => (await manager.query<{ id: string }[]>(`select id from ${table}`)).map(({ id }) => id);
  const { epoch } = await new MatchIndex(house.source, house.env, house.clock).at((view) => Promise.resolve(view));
  const leads = await opportunityFacts(manager, '2026-11-24', await ids('opportunity'));
  const pairs = (await firmFacts(manager, await ids('firm'))).flatMap((firm) =>
    leads.flatMap((lead): Pair[] => {
      const account = score(firm, lead, epoch, '2026-11-24');
      return account && account.score >= 40 ? [{ firm: firm.id, lead: lead.id, score: account.score }] : [];
    }),
  );
  const best = (side: 'firm' | 'lead', other: 'firm' | 'lead'): Pair[] => {
    const of = new Map<string, Pair[]>();
    for (const pair of pairs) of.set(pair[side], [...(of.get(pair[side]) ?? []), pair]);
    return [...of.values()].flatMap((list) => list.sort((a, b) => b.score - a.score || (a[other] < b[other] ? -1 : 1)).slice(0, KEPT));
  };
  const stored = await manager.query<Pair[]>('select firm_id firm, opportunity_id lead, score from match');
  return { wanted: inOrder([...new Set([...best('firm', 'lead'), ...best('lead', 'firm')])]), stored: inOrder(stored) };
}

describe('matching all anew', () => {
  it('stores what is among the best of either side', async () => {
    house = await openHouse({ work: false });
    await fill();
    const service = worker();
    const first = await service.rematch(false, () => undefined, 50);
    expect(first).toMatchObject({ firms: FIRMS, opportunities: LEADS });
    expect(await service.owed(1)).toEqual([]);
    const before = await wantedAndStored();
    expect(before.stored).toEqual(before.wanted);
    expect(before.stored.length).toBeGreaterThan(KEPT * KEPT);
    expect(before.stored.length).toBeLessThan(FIRMS * LEADS);
  });
});
