import { Injectable, Inject } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import type { DataSource, Repository } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { cursor, type Page, pageOf, type PageQuery } from '../common/paging.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { CARD_COLUMNS, type LeadCard, PUBLIC_COLUMNS, type PublicLead } from '../opportunities/opportunities.queries.js';
import type { Found } from './index/firm-index.js';
import { MatchIndex, type View } from './index/match-index.js';
import { Match } from './match.entity.js';
import { firmFacts, matchesOfFirm, type MatchWithOpportunity, opportunityFacts } from './matching.queries.js';
import { type Pool, poolsOf } from './pools.js';
import type { FirmFacts, OpportunityFacts, Score } from './scoring/facts.js';
import { ENGINE, MIN_SCORE, score } from './scoring/score.js';
import {
  beyondFirmsBest,
  type Computed,
  type Done,
  firmsBehind,
  holdSides,
  howFar,
  KEPT,
  type Made,
  markMatched,
  opportunitiesBehind,
  owedMatching,
  seeOwedMatching,
  storeMatches,
} from './store.queries.js';

/** Cursor of a firm's matches. */
const BY_SCORE = z.tuple([z.string().regex(/^\d{1,3}(\.\d+)?$/), z.uuid()]);

/** A firm that an unpublished lead would reach, or nearly. */
export interface Reached extends Score {
  readonly firmId: string;
}

/** Whom a lead would reach if it were published now. */
export interface Preview {
  /** Firms that it matches, and those of them at or above the usual threshold of a digest. */
  readonly matched: number;
  readonly mailed: number;
  /** The best firms with their reasons; where none matches, the nearest ones and what they lack. */
  readonly best: readonly Reached[];
  readonly pools: readonly Pool[];
}

/** Firms computed in one transaction when all are. */
const CHUNK = 250;
const NOBODY = '00000000-0000-0000-0000-000000000000';
const SHOWN = 10;
/** The threshold that subscriptions begin with. */
const USUAL_THRESHOLD = 60;

@Injectable()
export class MatchingService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @InjectRepository(Match) private readonly matches: Repository<Match>,
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
    private readonly index: MatchIndex,
  ) {}

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /** Computes and stores the matches of one firm with all open opportunities. Doing it again changes nothing. */
  matchFirm(firmId: string): Promise<void> {
    return this.matchFirms([firmId]);
  }

  /** The same for several firms in one transaction, which keeps them from being changed meanwhile. */
  matchFirms(firmIds: readonly string[]): Promise<void> {
    return this.index.at(async (view) => {
      const cutoff = lazily((id: string) => lastKept(view, id));
      const firms = await firmFacts(view.manager, firmIds);
      const kept: Computed[] = [];
      const done = firms.map((firm): Done => {
        const fits = view.firms.leadsOf(firm, view.leads.values(), MIN_SCORE);
        let leftOut = 0;
        fits.forEach((found, i) => {
          if (i < KEPT || !isBeyond(found.score, firm.id, cutoff(found.id))) kept.push(...computed(view, firm, view.leads.get(found.id)?.facts));
          else leftOut++;
        });
        return { id: firm.id, revision: firm.revision, leftOut };
      });
      await holdSides(view.manager, firmIds, [...new Set(kept.map((pair) => pair.opportunityId))]);
      await storeMatches(view.manager, 'firm', done, kept, this.made(view));
    });
  }

  /** Computes and stores the matches of one opportunity with all admitted firms. */
  matchOpportunity(opportunityId: string): Promise<void> {
    return this.index.at(async (view) => {
      const lead = view.leads.get(opportunityId);
      const fits = lead ? view.firms.firmsOf(lead, Infinity, MIN_SCORE) : [];
      const [facts] = lead ? [lead.facts] : await opportunityFacts(view.manager, view.today, [opportunityId]);
      if (!facts) return;
      const ids = fits.map(({ id }) => id);
      await holdSides(view.manager, ids, [opportunityId]);
      const firms = new Map((await firmFacts(view.manager, ids)).map((firm) => [firm.id, firm]));
      const pairs = fits.flatMap(({ id }) => computed(view, firms.get(id), facts));
      const beyond = await beyondFirmsBest(view.manager, pairs.slice(KEPT));
      const kept = pairs.filter((_, i) => i < KEPT || !beyond.has(i - KEPT));
      const done: Done = { id: facts.id, revision: facts.revision, leftOut: beyond.size };
      await storeMatches(view.manager, 'opportunity', [done], kept, this.made(view));
    });
  }

  /**
   * Computes all matches anew, the weights of words frozen anew first; where an earlier call was stopped, what it left.
   * @param resume to leave the weights as they are in any case
   * @param tell how many firms are done, of how many
   */
  async rematch(resume: boolean, tell: (done: number, total: number) => void): Promise<{ firms: number; opportunities: number; epoch: number }> {
    const { manager } = this.source;
    let epoch = await this.index.at(({ epochId }) => Promise.resolve(epochId));
    let { done, total } = await howFar(manager, ENGINE, epoch);
    if (done === total && !resume) {
      epoch = await this.index.renewEpoch();
      ({ done, total } = await howFar(manager, ENGINE, epoch));
    }
    tell(done, total);
    let firms = 0;
    for (let ids: string[] = [NOBODY]; ;) {
      ids = await firmsBehind(manager, ENGINE, epoch, ids.at(-1) ?? NOBODY, CHUNK);
      if (!ids.length) break;
      await this.matchFirms(ids);
      firms += ids.length;
      tell(Math.min(total, (done += ids.length)), total);
    }
    const behind = await opportunitiesBehind(manager, ENGINE, epoch);
    for (const { id, revised, stored } of behind) {
      // every firm has just been held against it, unless it changed meanwhile
      if (revised) await this.matchOpportunity(id);
      else
        await this.index.at(async (view) => {
          const lead = view.leads.get(id);
          const fits = lead ? view.firms.firmsOf(lead, Infinity, MIN_SCORE).length : 0;
          const [facts] = lead ? [lead.facts] : await opportunityFacts(view.manager, view.today, [id]);
          if (facts) await markMatched(view.manager, 'opportunity', [{ id, revision: facts.revision, leftOut: Math.max(0, fits - stored) }], this.made(view));
        });
    }
    return { firms, opportunities: behind.length, epoch };
  }

  private made(view: View): Made {
    return { engine: ENGINE, epoch: view.epochId, at: this.clock.now() };
  }

  /**
   * Whom a lead would reach if it were published as it stands.
   * @throws AppError NotFound
   */
  preview(opportunityId: string): Promise<Preview> {
    return this.index.at(async (view) => {
      const [stored] = await opportunityFacts(view.manager, view.today, [opportunityId]);
      if (!stored) throw notFound();
      const lead = view.firms.compile({ ...stored, open: true });
      const fits = view.firms.firmsOf(lead, Infinity, MIN_SCORE);
      const best = fits.length ? fits : view.firms.firmsOf(lead, SHOWN, 0);
      const firms = await firmFacts(
        view.manager,
        best.slice(0, KEPT).map(({ id }) => id),
      );
      const byId = new Map(firms.map((firm) => [firm.id, firm]));
      return {
        matched: fits.length,
        mailed: fits.filter((found) => found.score >= USUAL_THRESHOLD).length,
        best: best.slice(0, SHOWN).flatMap(({ id }) => {
          const firm = byId.get(id);
          const found = firm && score(firm, lead.facts, view.epoch, view.today);
          return found ? [{ firmId: id, ...found }] : [];
        }),
        pools: poolsOf(
          best.flatMap(({ id }) => byId.get(id) ?? []),
          lead.facts,
        ),
      };
    });
  }

  /** Pools of the firms that these matches of one lead name. */
  async poolsFor(matches: readonly Match[]): Promise<Pool[]> {
    const [id] = new Set(matches.map((match) => match.opportunityId));
    const [lead] = id ? await opportunityFacts(this.source.manager, this.today(), [id]) : [];
    if (!lead?.quantity) return [];
    return poolsOf(
      await firmFacts(
        this.source.manager,
        matches.map((match) => match.firmId),
      ),
      lead,
    );
  }

  /** Firms and opportunities that nobody has matched since they last changed, or lapsed. */
  owed(limit: number): Promise<{ side: 'firm' | 'opportunity'; id: string }[]> {
    return owedMatching(this.source.manager, ENGINE, this.today(), this.env.CHAMBER_TIME_ZONE, limit);
  }

  /** Remembers since when each has been owed: the rows themselves do not say. */
  async seeOwed(owed: readonly { side: 'firm' | 'opportunity'; id: string }[]): Promise<void> {
    await seeOwedMatching(this.source.manager, owed, this.clock.now());
  }

  /** How much is owed, counted up to a thousand, and since when the oldest of it. */
  async backlog(): Promise<{ owed: number; oldest: Date | null }> {
    const owed = await this.owed(1000);
    const [row] = owed.length ? await this.source.query<{ oldest: Date | null }[]>('select min(seen_at) oldest from matching_owed') : [];
    return { owed: owed.length, oldest: row?.oldest ?? null };
  }

  /** A firm's matches, best first. */
  ofFirm(firmId: string, page: PageQuery): Promise<Page<MatchWithOpportunity<PublicLead>>> {
    return this.matchesOf(firmId, page, PUBLIC_COLUMNS);
  }

  /** The same, with as much of the opportunities as a list shows. */
  cardsOfFirm(firmId: string, page: PageQuery): Promise<Page<MatchWithOpportunity>> {
    return this.matchesOf(firmId, page, CARD_COLUMNS);
  }

  private async matchesOf<Lead extends LeadCard>(firmId: string, page: PageQuery, columns: string): Promise<Page<MatchWithOpportunity<Lead>>> {
    const found = await matchesOfFirm<Lead>(this.source, columns, firmId, cursor(page.after, BY_SCORE), page.limit + 1);
    return pageOf(found, page.limit, ({ match, opportunity }) => [String(match.score), opportunity.id]);
  }

  /** An opportunity's matches, best first. Index: match_of_opportunity. */
  ofOpportunity(opportunityId: string): Promise<Match[]> {
    return this.matches.find({ where: { opportunityId }, order: { score: 'DESC', firmId: 'ASC' }, take: KEPT });
  }
}

/** The whole account of a pair that the index found: the index only finds, the rules have the last word. */
function computed(view: View, firm: FirmFacts | undefined, lead: OpportunityFacts | undefined): Computed[] {
  const account = firm && lead ? score(firm, lead, view.epoch, view.today) : null;
  if (!firm || !lead || !account || account.score < MIN_SCORE) return [];
  return [{ ...account, firmId: firm.id, firmRevision: firm.revision, opportunityId: lead.id, opportunityRevision: lead.revision }];
}

/** The last of a lead's best {@link KEPT}, undefined where it has fewer. */
function lastKept(view: View, leadId: string): Found | undefined {
  const lead = view.leads.get(leadId);
  return lead && view.firms.firmsOf(lead, KEPT, MIN_SCORE)[KEPT - 1];
}

const isBeyond = (score: number, id: string, last: Found | undefined): boolean =>
  last !== undefined && (score < last.score || (score === last.score && id > last.id));

/** Each answer is worked out when first asked for. */
function lazily<K, V>(answer: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, answer(key));
    return known.get(key) as V;
  };
}
