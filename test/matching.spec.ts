import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MatchIndex } from '../src/matching/index/match-index.js';
import { firmFacts, opportunityFacts } from '../src/matching/matching.queries.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { score } from '../src/matching/scoring/score.js';
import type { Match } from '../src/matching/match.entity.js';
import { type House, lead, memberFirm, openHouse, publishedLead, signedIn } from './support/house.js';

let house: House;
afterEach(() => house.close());

/** A lead that nothing is wrong with. */
const DRAFT = lead();
const CHAPTERS = ['09', '52', '70'];
const CODES = ['090421', '0904', '520512', '5205', '701810', '7018'];
const WORDS = ['red', 'chillies', 'cotton', 'yarn', 'glass', 'bangles', 'dried', 'ring', 'spun'];
const SECTORS = ['agriculture', 'export-industry'];
/** Numbers 0 … n - 1 that look drawn, the same every time. */
const draws = (seed: number) => {
  let state = seed;
  return (n: number): number => (state = (state * 48271) % 2147483647) % n;
};
type Draw = ReturnType<typeof draws>;
const some = (draw: Draw, list: readonly string[], n: number): string[] => [...new Set(Array.from({ length: n }, () => list[draw(list.length)] ?? ''))];

async function saveFirm(draw: Draw, id: string, status = 'admitted'): Promise<void> {
  await house.source.transaction(async (manager) => {
    await manager.query(
      `insert into firm (id, name, status, membership_class, membership_valid_until, sectors, seeks, language, applied_at)
       values ($1, 'Firm', $2, 'associate', '2027-03-31', $3, $4, 'en', $5)
       on conflict (id) do update set status = excluded.status, sectors = excluded.sectors, seeks = excluded.seeks, revision = firm.revision + 1`,
      [id, status, some(draw, SECTORS, 1), draw(3) === 0 ? ['joint_venture'] : [], house.clock.now()],
    );
    await manager.query('delete from firm_line where firm_id = $1', [id]);
    for (let position = 0; position < 1 + draw(3); position++)
      await manager.query(`insert into firm_line (firm_id, side, position, text, hs) values ($1, $2, $3, $4, $5)`, [
        id,
        draw(4) ? 'offer' : 'need',
        position,
        some(draw, WORDS, 3).join(' '),
        some(draw, draw(5) ? CODES : CHAPTERS, 1),
      ]);
  });
}

async function saveLead(draw: Draw, id: string, status = 'published'): Promise<void> {
  await house.source.query(
    `insert into opportunity (id, kind, status, closed_as, title, summary, hs, sectors, country, counterparty, created_at, published_at, open_until)
     values ($1, $2, $3, $4, $5, '{}', $6, $7, 'CN', 'Lantern', $8, $8, '2026-12-24')
     on conflict (id) do update set status = excluded.status, closed_as = excluded.closed_as, title = excluded.title, hs = excluded.hs, sectors = excluded.sectors,
       revision = opportunity.revision + 1`,
    [
      id,
      ['buy_request', 'buy_request', 'sell_offer', 'joint_venture'][draw(4)],
      status,
      status === 'closed' ? 'filled' : null,
      { en: some(draw, WORDS, 4).join(' ') },
      some(draw, CODES, 1),
      some(draw, SECTORS, 1),
      house.clock.now(),
    ],
  );
}

/** Does what is owed until nothing is; each job by whichever service comes next. */
async function settle(...services: MatchingService[]): Promise<void> {
  for (let round = 0; ; round++) {
    const jobs = await (services[0] as MatchingService).owed(1000);
    if (!jobs.length) return;
    if (round === 20) throw new Error(`still owed: ${JSON.stringify(jobs.slice(0, 5))}`);
    await Promise.all(
      jobs.map(({ side, id }, i) => {
        const service = services[i % services.length] as MatchingService;
        return side === 'firm' ? service.matchFirm(id) : service.matchOpportunity(id);
      }),
    );
  }
}

/** A worker with an index of its own. */
const worker = (): MatchingService =>
  new MatchingService(house.source, house.source.getRepository('match') as never, house.env, house.clock, new MatchIndex(house.source, house.env, house.clock));

/** All pairs as a double loop over the rows finds them, and as they are stored. */
async function foundAndStored() {
  const { manager } = house.source;
  const ids = async (table: string) => (await manager.query<{ id: string }[]>(`select id from ${table}`)).map(({ id }) => id);
  const firms = await firmFacts(manager, await ids('firm'));
  const leads = await opportunityFacts(manager, '2026-11-24', await ids('opportunity'));
  const { epoch, epochId } = await new MatchIndex(house.source, house.env, house.clock).at((view) => Promise.resolve(view));
  const found = firms.flatMap((firm) =>
    leads.flatMap((lead) => {
      const account = score(firm, lead, epoch, '2026-11-24');
      if (!account || account.score < 40) return [];
      const { revision: firmRevision, id: firmId } = firm;
      return [{ ...account, firmId, firmRevision, opportunityId: lead.id, opportunityRevision: lead.revision, epoch: epochId }];
    }),
  );
  const stored = (await house.source.getRepository<Match>('match').find()).map(({ engine: _, computedAt: _at, ...match }) => match);
  const sorted = <T extends { firmId: string; opportunityId: string }>(list: readonly T[]) =>
    list.toSorted((a, b) => (a.firmId + a.opportunityId < b.firmId + b.opportunityId ? -1 : 1));
  return { found: sorted(found), stored: sorted(stored) };
}

describe('what is stored', () => {
  it('is what a double loop over the rows finds, after two workers did random changes in turns and at once', async () => {
    house = await openHouse({ work: false });
    const workers = [worker(), worker()];
    const draw = draws(20261124);
    const firms = Array.from({ length: 25 }, () => randomUUID());
    const leads = Array.from({ length: 15 }, () => randomUUID());
    for (const id of firms) await saveFirm(draw, id);
    for (const id of leads) await saveLead(draw, id);
    await settle(...workers);
    for (let round = 0; round < 6; round++) {
      const changes = Array.from({ length: 12 }, () => {
        const id = firms[draw(firms.length)] ?? '';
        const leadId = leads[draw(leads.length)] ?? '';
        if (draw(2)) return () => saveFirm(draw, id, draw(5) ? 'admitted' : 'suspended');
        return () => saveLead(draw, leadId, draw(5) ? 'published' : 'closed');
      });
      // some wait for a sweep, some are matched while the next ones are being written
      await Promise.all([
        (async () => {
          for (const change of changes) await change();
        })(),
        ...firms.slice(0, 8).map((id, i) => workers[i % 2]?.matchFirm(id)),
        ...leads.slice(0, 8).map((id, i) => workers[i % 2]?.matchOpportunity(id)),
      ]);
      await settle(...workers);
      const { found, stored } = await foundAndStored();
      expect(stored).toEqual(found);
      expect(found.length).toBeGreaterThan(10);
    }
    await house.source.query('delete from firm where id = $1', [firms[0]]);
    await workers[0]?.matchOpportunity(leads[0] ?? '');
    const { found, stored } = await foundAndStored();
    expect(stored).toEqual(found);
  });

  it('is renewed by a rematch with a new epoch, and goes on where it was stopped', async () => {
    house = await openHouse({ work: false });
    const draw = draws(7);
    for (let i = 0; i < 12; i++) await saveFirm(draw, randomUUID());
    for (let i = 0; i < 6; i++) await saveLead(draw, randomUUID());
    const service = worker();
    await settle(service);
    const before = await foundAndStored();
    expect(before.stored).toEqual(before.found);
    const told: number[] = [];
    const all = await service.rematch(false, (done) => told.push(done));
    expect([all.firms, all.opportunities, told.at(0), told.at(-1)]).toEqual([12, 6, 0, 12]);
    const after = await foundAndStored();
    expect(after.stored).toEqual(after.found);
    expect(after.stored[0]?.epoch).toBe(all.epoch);
    expect(all.epoch).toBeGreaterThan(before.stored[0]?.epoch ?? 0);
    expect(await service.owed(10)).toEqual([]);
    // stopped after three firms
    await house.source.query(`update match_state set epoch = 0 where side = 'opportunity' or id in (select id from firm order by id offset 3)`);
    expect(await worker().rematch(false, () => undefined)).toEqual({ firms: 9, opportunities: 6, epoch: all.epoch });
    expect(await service.owed(10)).toEqual([]);
    expect((await foundAndStored()).stored).toEqual(after.found);
  });

  it('lasts when a dump has come from a server that was further on', async () => {
    house = await openHouse({ work: false });
    const draw = draws(3);
    for (let i = 0; i < 5; i++) await saveFirm(draw, randomUUID());
    await saveLead(draw, randomUUID());
    await house.source.query(`update match_change set changed = '9000000000000000'`);
    const service = worker();
    await settle(service);
    const [row] = await house.source.query<{ n: number }[]>('select count(*)::int n from match_change where changed > pg_current_xact_id()');
    expect(row?.n).toBe(0);
    const { found, stored } = await foundAndStored();
    expect(stored).toEqual(found);
  });
});

describe('before publishing', () => {
  it('the curator sees whom a lead would reach, with reasons, on the page and in the API', async () => {
    house = await openHouse({ work: false });
    const curator = await signedIn(house, 'curator');
    const { firmId } = await memberFirm(house);
    const made = (await curator.post('/api/v1/desk/opportunities', DRAFT)).json() as { id: string };
    const preview = (await curator.get(`/api/v1/desk/opportunities/${made.id}/preview`)).json() as {
      matched: number;
      best: { firmId: string; firm: string; score: number }[];
    };
    expect([preview.matched, preview.best.map((one) => one.firmId)]).toEqual([1, [firmId]]);
    expect(preview.best[0]?.firm).toBe('Kunri Sun Chillies');
    // published, it is what was foretold
    const published = await publishedLead(curator);
    await worker().matchOpportunity(published);
    const matches = (await curator.get(`/api/v1/desk/opportunities/${published}/matches`)).json() as { items: { score: number }[] };
    expect(matches.items.map((one) => one.score)).toEqual(preview.best.map((one) => one.score));
    expect((await curator.get('/api/v1/desk/opportunities/00000000-0000-4000-8000-000000000000/preview')).status).toBe(404);
  });
});
