import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import type { DataSource, Repository } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { cursor, type Page, pageOf, type PageQuery } from '../common/paging.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { Match } from './match.entity.js';
import { firmFacts, KEPT, lockMatching, opportunityFacts, owedMatching, storeMatches } from './matching.queries.js';
import type { FirmFacts, OpportunityFacts } from './scoring/facts.js';
import { NO_EPOCH } from './scoring/epoch.js';
import { ENGINE, MIN_SCORE, score } from './scoring/score.js';

/** Cursor of a firm's matches. */
const BY_SCORE = z.tuple([z.string().regex(/^\d{1,3}(\.\d+)?$/), z.uuid()]);

/** A match with the opportunity it is about. */
export interface MatchWithOpportunity {
  readonly match: Match;
  readonly opportunity: Opportunity;
}

@Injectable()
export class MatchingService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @InjectRepository(Match) private readonly matches: Repository<Match>,
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /** Computes and stores the matches of one firm with all open opportunities. Doing it again changes nothing. */
  async matchFirm(firmId: string): Promise<void> {
    await this.source.transaction(async (manager) => {
      await lockMatching(manager);
      const [firm] = await firmFacts(manager, firmId);
      if (!firm) return;
      const leads = await opportunityFacts(manager, this.today());
      await storeMatches(manager, 'firm', firm, this.best(leads.map((lead) => [firm, lead])), ENGINE, this.clock.now());
    });
  }

  /** Computes and stores the matches of one opportunity with all admitted firms. */
  async matchOpportunity(opportunityId: string): Promise<void> {
    await this.source.transaction(async (manager) => {
      await lockMatching(manager);
      const [lead] = await opportunityFacts(manager, this.today(), opportunityId);
      if (!lead) return;
      const firms = lead.open ? await firmFacts(manager) : [];
      await storeMatches(manager, 'opportunity', lead, this.best(firms.map((firm) => [firm, lead])), ENGINE, this.clock.now());
    });
  }

  private best(pairs: readonly (readonly [FirmFacts, OpportunityFacts])[]) {
    const today = this.today();
    return pairs
      .flatMap(([firm, lead]) => {
        const found = score(firm, lead, NO_EPOCH, today);
        if (!found || found.score < MIN_SCORE) return [];
        return [{ ...found, firmId: firm.id, firmRevision: firm.revision, opportunityId: lead.id, opportunityRevision: lead.revision }];
      })
      .sort((a, b) => b.score - a.score || (a.firmId + a.opportunityId < b.firmId + b.opportunityId ? -1 : 1));
  }

  /** Firms and opportunities that nobody has matched since they last changed, or lapsed. */
  owed(limit: number): Promise<{ side: 'firm' | 'opportunity'; id: string }[]> {
    return owedMatching(this.source.manager, ENGINE, this.today(), this.env.CHAMBER_TIME_ZONE, limit);
  }

  /** A firm's matches, best first. Index: match_of_firm. */
  async ofFirm(firmId: string, page: PageQuery): Promise<Page<MatchWithOpportunity>> {
    const after = cursor(page.after, BY_SCORE);
    const query = this.matches
      .createQueryBuilder('m')
      .innerJoinAndMapOne('m.opportunity', Opportunity, 'o', 'o.id = m.opportunityId')
      .where('m.firmId = :firmId', { firmId })
      .orderBy('m.score', 'DESC')
      .addOrderBy('m.opportunityId')
      .limit(page.limit + 1);
    if (after) query.andWhere('(m.score < :score or (m.score = :score and m.opportunityId > :id))', { score: after[0], id: after[1] });
    const rows = (await query.getMany()) as (Match & { opportunity: Opportunity })[];
    const found = rows.map((match) => ({ match, opportunity: match.opportunity }));
    return pageOf(found, page.limit, ({ match }) => [String(match.score), match.opportunityId]);
  }

  /** An opportunity's matches, best first. Index: match_of_opportunity. */
  ofOpportunity(opportunityId: string): Promise<Match[]> {
    return this.matches.find({ where: { opportunityId }, order: { score: 'DESC', firmId: 'ASC' }, take: KEPT });
  }

  /** The best score among a firm's matches, for "why do I get nothing". */
  async bestScore(firmId: string): Promise<number | null> {
    const best = await this.matches.findOne({ where: { firmId }, order: { score: 'DESC', opportunityId: 'ASC' } });
    return best?.score ?? null;
  }
}
