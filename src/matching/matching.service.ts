import { Injectable, Inject } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { type DataSource, In, type Repository } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { cursor, type Page, pageOf, type PageQuery } from '../common/paging.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { CARD_COLUMNS, type LeadCard, PUBLIC_COLUMNS, type PublicLead } from '../opportunities/opportunities.queries.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import type { Found, Lead } from './index/firm-index.js';
import { MatchIndex, type View } from './index/match-index.js';
import { Match } from './match.entity.js';
import { firmFacts, matchesOfFirm, type MatchWithOpportunity, opportunityFacts } from './matching.queries.js';
import { type Pool, poolsOf } from './pools.js';
import { type Account, accountOf, type Brings, oneChange } from './scoring/account.js';
import type { FirmFacts, OpportunityFacts, Score } from './scoring/facts.js';
import { shutGate } from './scoring/gates.js';
import { ENGINE, MIN_SCORE, score } from './scoring/score.js';
import {
  beginAnew,
  beyondFirmsBest,
  type Computed,
  type Done,
  firmsBehind,
  giveMatches,
  holdSides,
  howFar,
  KEPT,
  type Made,
  markHeld,
  opportunitiesBehind,
  type OpportunityBehind,
  owedMatching,
  seeOwedMatching,
  storeMatches,
} from './store.queries.js';

/** Cursor of a firm's matches. */
const BY_SCORE = z.tuple([z.string().regex(/^\d{1,3}(\.\d+)?$/), z.uuid()]);

/** A firm that an unpublished lead would reach. */
export interface Reached extends Score {
  readonly firmId: string;
}

/** A firm that a lead does not match, but nearly: all that the rules say of the pair, and the one change that would bring it, if one is enough. */
export interface Missed {
  readonly firmId: string;
  readonly account: Account;
  readonly brings: Brings | null;
}

/** A lead that a firm nearly got. */
export interface NearMiss {
  readonly opportunity: Opportunity;
  /** 0-100, unrounded: what the rules come to now, whether a gate is shut or not. */
  readonly score: number;
  readonly brings: Brings;
}

/** The full account of a pair, and the one change that would bring it over the threshold; null where it is over, or no single change is enough. */
export interface PairAccount extends Account {
  readonly brings: Brings | null;
}

/** Whom a lead would reach if it were published now. */
export interface Preview {
  /** Firms that it matches, and those of them at or above the usual threshold of a digest. */
  readonly matched: number;
  readonly mailed: number;
  /** The best firms that it matches, with their reasons. */
  readonly best: readonly Reached[];
  /** Where it matches only a few, the nearest of the others and what they lack. */
  readonly nearest: readonly Missed[];
  readonly pools: readonly Pool[];
}

/** Firms computed in one transaction when all are. */
const CHUNK = 500;
const NOBODY = '00000000-0000-0000-0000-000000000000';
const SHOWN = 10;
/** The threshold that subscriptions begin with. */
export const USUAL_THRESHOLD = 60;
/** What comes to less is not nearly a match: country, sector and platform without a word of the product come to 28 at most, and a word is soon shared. */
const NEAR = 35;
/** So many leads are looked at for the one change; each costs a dozen scores. */
const LOOKED_AT = 60;

/** The lead as it is for a firm that asks for its kind and is in its sectors: what fits but for the direction is found too. */
const whicheverDirection = (lead: Lead): Lead => ({ ...lead, bySector: false, asks: ~0 });

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
      const firms = await firmFacts(view.manager, firmIds);
      const pairs: (readonly [FirmFacts, OpportunityFacts])[] = [];
      const leftOut = new Set<string>();
      const done = view.firms.leadsOf(firms, view.leads.values(), MIN_SCORE).map((fits, i): Done => {
        const firm = firms[i] as FirmFacts;
        let out = 0;
        fits.forEach(({ lead, score: found }, rank) => {
          if (rank < KEPT || !isBeyond(found, firm.id, view.firms.lastOf(lead, KEPT, MIN_SCORE))) pairs.push([firm, lead.facts]);
          else {
            leftOut.add(lead.facts.id);
            out++;
          }
        });
        return { id: firm.id, revision: firm.revision, leftOut: out };
      });
      await giveMatches(view.manager, computed(view, pairs));
      await holdSides(view.manager, firmIds, [...new Set(pairs.map(([, lead]) => lead.id))]);
      await storeMatches(view.manager, 'firm', done, [...leftOut], this.made(view));
    });
  }

  /** Computes and stores the matches of one opportunity with all admitted firms. */
  matchOpportunity(opportunityId: string): Promise<void> {
    return this.index.at(async (view) => {
      const lead = view.leads.get(opportunityId);
      const fits = lead ? view.firms.firmsOf(lead, Infinity, MIN_SCORE) : [];
      const [facts] = lead ? [lead.facts] : await opportunityFacts(view.manager, view.today, [opportunityId]);
      if (!facts) return;
      const beyond = await beyondFirmsBest(
        view.manager,
        fits.slice(KEPT).map((found) => ({ firmId: found.id, opportunityId, score: found.score })),
      );
      const kept = fits.filter((_, i) => i < KEPT || !beyond.has(i - KEPT)).map(({ id }) => id);
      await holdSides(view.manager, kept, [opportunityId]);
      const firms = await firmFacts(view.manager, kept);
      await giveMatches(
        view.manager,
        computed(
          view,
          firms.map((firm) => [firm, facts] as const),
        ),
      );
      const leftOut = fits.filter((_, i) => beyond.has(i - KEPT)).map(({ id }) => id);
      const done: Done = { id: facts.id, revision: facts.revision, leftOut: leftOut.length };
      await storeMatches(view.manager, 'opportunity', [done], leftOut, this.made(view));
    });
  }

  /**
   * Computes all matches anew, the weights of words frozen anew first; where an earlier call was stopped, what it left.
   * @param resume to leave the weights as they are in any case
   * @param tell how many firms are done, of how many
   * @param pageSize firms computed in one transaction
   */
  async rematch(
    resume: boolean,
    tell: (done: number, total: number) => void,
    pageSize = CHUNK,
  ): Promise<{ firms: number; opportunities: number; epoch: number }> {
    const { manager } = this.source;
    let epoch = await this.index.at(({ epochId }) => Promise.resolve(epochId));
    let { done, total } = await howFar(manager, ENGINE, epoch);
    if (done === total && !resume) {
      epoch = await this.index.renewEpoch();
      ({ done, total } = await howFar(manager, ENGINE, epoch));
    }
    if (done === 0) await beginAnew(manager);
    tell(done, total);
    let firms = 0;
    let page = Promise.resolve([NOBODY]);
    const next = (): Promise<string[]> =>
      (page = page.then(async (ids) => (ids.length ? firmsBehind(manager, ENGINE, epoch, ids.at(-1) as string, pageSize) : [])));
    const go = async (): Promise<void> => {
      for (let ids = await next(); ids.length; ids = await next()) {
        await this.matchFirms(ids);
        firms += ids.length;
        tell(Math.min(total, (done += ids.length)), total);
      }
    };
    // two at once: while the pairs of one page are stored those of the other are computed
    await Promise.all([go(), go()]);
    const behind = await opportunitiesBehind(manager, ENGINE, epoch);
    for (const { id, held } of behind) if (!held) await this.matchOpportunity(id);
    const held = behind.filter((one) => one.held);
    for (let i = 0; i < held.length; i += CHUNK) await this.countLeftOut(held.slice(i, i + CHUNK));
    return { firms, opportunities: behind.length, epoch };
  }

  /** Notes of opportunities with which every firm has been held how many pairs that left out. */
  private countLeftOut(held: readonly OpportunityBehind[]): Promise<void> {
    return this.index.at(async (view) => {
      const done = held.map(({ id, revision, stored }): Done => {
        const lead = view.leads.get(id);
        return { id, revision, leftOut: lead ? Math.max(0, view.firms.howMany(lead, MIN_SCORE) - stored) : 0 };
      });
      await markHeld(view.manager, done, this.made(view));
    });
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
      const matched = new Set(fits.map(({ id }) => id));
      const near = fits.length < SHOWN ? view.firms.firmsOf(whicheverDirection(lead), SHOWN, NEAR).filter(({ id }) => !matched.has(id)) : [];
      const nearest = near.slice(0, SHOWN - fits.length);
      const firms = await firmFacts(
        view.manager,
        [...fits, ...nearest].slice(0, KEPT).map(({ id }) => id),
      );
      const byId = new Map(firms.map((firm) => [firm.id, firm]));
      return {
        matched: fits.length,
        mailed: fits.filter((found) => found.score >= USUAL_THRESHOLD).length,
        best: fits.slice(0, SHOWN).flatMap(({ id }) => {
          const firm = byId.get(id);
          const found = firm && score(firm, lead.facts, view.epoch, view.today);
          return found ? [{ firmId: id, ...found }] : [];
        }),
        nearest: nearest.flatMap(({ id }) => {
          const firm = byId.get(id);
          return firm ? [{ firmId: id, ...missed(view, firm, lead.facts, MIN_SCORE) }] : [];
        }),
        pools: poolsOf(
          [...fits, ...nearest].flatMap(({ id }) => byId.get(id) ?? []),
          lead.facts,
        ),
      };
    });
  }

  /**
   * The leads that a firm nearly got, the nearest first: those that one change alone would bring to its threshold.
   * @param threshold the score that it wants to be told of
   * @throws AppError NotFound
   */
  async nearMisses(firmId: string, threshold: number): Promise<NearMiss[]> {
    const near = await this.index.at(async (view) => {
      const [firm] = await firmFacts(view.manager, [firmId]);
      if (!firm) throw notFound();
      const { epoch, today } = view;
      const lapsed = firm.validUntil !== null && firm.validUntil < today;
      const willing = { ...firm, excludedCountries: [], excludedKinds: [], excludedWords: [] };
      const misses = (view.firms.leadsOf([willing], [...view.leads.values()].map(whicheverDirection), NEAR)[0] ?? []).flatMap(
        ({
          lead: {
            facts: { id },
          },
          score,
        }) => {
          const facts = view.leads.get(id)?.facts;
          return facts && (score < threshold || lapsed || shutGate(firm, facts)) ? [{ id, score, facts }] : [];
        },
      );
      return misses.slice(0, LOOKED_AT).flatMap(({ facts, ...found }) => {
        const brings = oneChange(firm, facts, epoch, today, threshold);
        return brings ? [{ ...found, brings }] : [];
      });
    });
    const opportunities = await this.source.manager.findBy(Opportunity, { id: In(near.map(({ id }) => id)) });
    const byId = new Map(opportunities.map((opportunity) => [opportunity.id, opportunity]));
    return near.flatMap(({ id, score, brings }) => {
      const opportunity = byId.get(id);
      return opportunity ? [{ opportunity, score, brings }] : [];
    });
  }

  /**
   * Everything the matcher has to say of a firm and an opportunity, matched or not. One that is not published yet is looked at as if it were.
   * @param threshold the score that the firm wants to be told of
   * @throws AppError NotFound
   */
  account(firmId: string, opportunity: Pick<Opportunity, 'id' | 'status'>, threshold: number): Promise<PairAccount> {
    return this.index.at(async (view) => {
      const [firm] = await firmFacts(view.manager, [firmId]);
      const [stored] = await opportunityFacts(view.manager, view.today, [opportunity.id]);
      if (!firm || !stored) throw notFound();
      const unpublished = opportunity.status === 'draft' || opportunity.status === 'in_review';
      const { account, brings } = missed(view, firm, unpublished ? { ...stored, open: true } : stored, threshold);
      return { ...account, brings };
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

/**
 * The whole accounts of pairs that the index found, one after the other as they are asked for: the index only finds, the rules have the last word.
 */
function* computed(view: View, pairs: Iterable<readonly [FirmFacts, OpportunityFacts]>): Iterable<Computed> {
  for (const [firm, lead] of pairs) {
    const account = score(firm, lead, view.epoch, view.today);
    if (!account || account.score < MIN_SCORE) continue;
    yield { ...account, firmId: firm.id, firmRevision: firm.revision, opportunityId: lead.id, opportunityRevision: lead.revision };
  }
}

/** What a firm that a lead missed lacks. */
const missed = ({ epoch, today }: View, firm: FirmFacts, lead: OpportunityFacts, threshold: number): Omit<Missed, 'firmId'> => ({
  account: accountOf(firm, lead, epoch, today),
  brings: oneChange(firm, lead, epoch, today, threshold),
});

const isBeyond = (score: number, id: string, last: Found | undefined): boolean =>
  last !== undefined && (score < last.score || (score === last.score && id > last.id));
