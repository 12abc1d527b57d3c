import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, In } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { proseWithoutContact } from '../common/contact-details.js';
import { conflict, invalid, notFound, parse } from '../common/errors.js';
import { BY_TIME, cursor, type Page, pageOf, type PageQuery } from '../common/paging.js';
import { Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared.js';
import { Contact, Firm } from '../firms/firm.entity.js';
import { FirmsService } from '../firms/firms.service.js';
import { isLapsed } from '../firms/membership.js';
import type { AnswerRecord } from '../introductions/introductions.queries.js';
import { IntroductionsService } from '../introductions/introductions.service.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { type Answer, Feedback, FEEDBACK_REASONS, Interest, Saved } from './interest.entity.js';
import { ENOUGH, type Proposal, proposalsOf } from './proposals.js';
import { answeredFacts, type Answers, answersAbout, answersOfFirm, NO_ANSWERS } from './interests.queries.js';

/** The purpose that the tokens of answers are signed for; each is about one contact and one opportunity, and holds for as long as both are there. */
const ANSWER_PURPOSE = 'answer';

export const interestSchema = z.strictObject({ sentence: proseWithoutContact(500).default('') });
export const feedbackSchema = z.strictObject({ reason: z.enum(FEEDBACK_REASONS), text: proseWithoutContact(300).default('') });
export const decisionSchema = z.strictObject({ key: z.string().max(200), decision: z.enum(['accept', 'dismiss']) });

/** Who answers: always a firm, by one of its contacts where that is known. */
export interface Answerer {
  readonly firmId: string;
  readonly contactId: string | null;
}

/** An opportunity that a firm has answered. */
export interface AnsweredOpportunity {
  readonly opportunity: Opportunity;
  readonly answers: Answers;
  readonly latest: Date;
}

/** What firms answer to opportunities: one set of rules for mail, pages and API. */
@Injectable()
export class InterestsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly firms: FirmsService,
    private readonly introductions: IntroductionsService,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  /** The contact and the opportunity that the token of a mail names; null where it is not ours, or one of them is gone. */
  async ofToken(token: string): Promise<{ contact: Contact; opportunity: Opportunity } | null> {
    const pair = Signer.pairOf(token);
    if (!pair || !this.signer.matches(token, ANSWER_PURPOSE, pair.join('.'))) return null;
    const [contact, opportunity] = await Promise.all([
      this.source.manager.findOneBy(Contact, { id: pair[0] }),
      this.source.manager.findOneBy(Opportunity, { id: pair[1] }),
    ]);
    return contact && opportunity ? { contact, opportunity } : null;
  }

  /**
   * An opportunity that a firm may answer: a published one, or one that it has answered already.
   * @throws AppError NotFound
   */
  async opportunity(firmId: string, reference: string): Promise<Opportunity> {
    const opportunity = await this.source.manager.findOneBy(Opportunity, { reference });
    if (!opportunity) throw notFound();
    if (opportunity.status !== 'published' && !(await this.about(firmId, [opportunity.id])).has(opportunity.id)) throw notFound();
    return opportunity;
  }

  isOpen(opportunity: Pick<Opportunity, 'status' | 'openUntil'>): boolean {
    return opportunity.status === 'published' && (opportunity.openUntil ?? '') >= localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /**
   * *Interested*: the chamber hears of it, and an introduction begins; a *not for me* said before is void. Saying it again changes the sentence and nothing else.
   * @param manager of a transaction that it shall be part of
   * @throws AppError Invalid; Conflict where the opportunity is closed or the firm's own, or the firm not a member or lapsed
   */
  async interested(by: Answerer, opportunityId: string, input: unknown, manager?: EntityManager): Promise<Answers> {
    const { sentence } = parse(interestSchema, input);
    return this.change(by.firmId, opportunityId, manager, async (tx) => {
      const opportunity = await this.mustBeOpen(tx, opportunityId);
      if (opportunity.firmId === by.firmId) throw conflict('status', 'own-lead');
      await this.mustBeMember(tx, by.firmId);
      const pair = { firmId: by.firmId, opportunityId };
      await tx.delete(Feedback, pair);
      const before = await tx.findOneBy(Interest, pair);
      if (before?.state === 'expressed') {
        await tx.update(Interest, before.id, { sentence, contactId: by.contactId });
      } else {
        const said = { ...pair, contactId: by.contactId, sentence, state: 'expressed' as const, at: this.clock.now() };
        await (before ? tx.update(Interest, before.id, said) : tx.insert(Interest, said));
      }
      await this.introductions.express(tx, by.firmId, by.contactId, opportunityId, sentence);
    });
  }

  /**
   * *Not for me because …*: of this firm, about this opportunity alone. An interest is withdrawn by it, and it is off the list of saved ones.
   * @throws AppError Invalid, NotFound
   */
  async notForMe(by: Answerer, opportunityId: string, input: unknown): Promise<Answers> {
    const given = parse(feedbackSchema, input);
    return this.change(by.firmId, opportunityId, undefined, async (tx) => {
      const opportunity = await tx.findOneBy(Opportunity, { id: opportunityId });
      if (!opportunity) throw notFound();
      const pair = { firmId: by.firmId, opportunityId };
      await this.withdraw(tx, by, opportunityId);
      await tx.delete(Saved, pair);
      const said = { ...pair, ...given, contactId: by.contactId, materialRevision: opportunity.materialRevision, at: this.clock.now() };
      await tx.upsert(Feedback, said, ['firmId', 'opportunityId']);
    });
  }

  /**
   * *Save*: it stays on the firm's list. Again changes nothing.
   * @throws AppError Conflict where the opportunity is closed
   */
  async save(by: Answerer, opportunityId: string): Promise<Answers> {
    return this.change(by.firmId, opportunityId, undefined, async (tx) => {
      const pair = { firmId: by.firmId, opportunityId };
      if (await tx.existsBy(Saved, pair)) return;
      await this.mustBeOpen(tx, opportunityId);
      await tx.insert(Saved, { ...pair, contactId: by.contactId, at: this.clock.now() });
    });
  }

  /** Takes one answer back, whatever has become of the opportunity. Again changes nothing. */
  async takeBack(by: Answerer, opportunityId: string, answer: Answer): Promise<Answers> {
    const pair = { firmId: by.firmId, opportunityId };
    return this.change(by.firmId, opportunityId, undefined, async (tx) => {
      switch (answer) {
        case 'interested':
          await this.withdraw(tx, by, opportunityId);
          break;
        case 'not-for-me':
          await tx.delete(Feedback, pair);
          break;
        case 'save':
          await tx.delete(Saved, pair);
          break;
      }
    });
  }

  /** The interest, and with it the introduction that it began, wherever that stands. */
  private async withdraw(tx: EntityManager, by: Answerer, opportunityId: string): Promise<void> {
    await tx.update(Interest, { firmId: by.firmId, opportunityId, state: 'expressed' }, { state: 'withdrawn', at: this.clock.now() });
    await this.introductions.takeBack(tx, by.firmId, by.contactId, opportunityId);
  }

  /** One answer of a firm about one opportunity at a time: two at once would leave both *interested* and *not for me*. */
  private async change(
    firmId: string,
    opportunityId: string,
    manager: EntityManager | undefined,
    work: (tx: EntityManager) => Promise<void>,
  ): Promise<Answers> {
    const inTurn = async (tx: EntityManager): Promise<Answers> => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`answer ${firmId} ${opportunityId}`]);
      await work(tx);
      return (await answersAbout((text, values) => tx.query(text, values), firmId, [opportunityId])).get(opportunityId) ?? NO_ANSWERS;
    };
    return manager ? inTurn(manager) : this.source.transaction(inTurn);
  }

  private async mustBeOpen(tx: EntityManager, opportunityId: string): Promise<Opportunity> {
    const opportunity = await tx.findOneBy(Opportunity, { id: opportunityId });
    if (!opportunity || !this.isOpen(opportunity)) throw conflict('status', 'lead-closed');
    return opportunity;
  }

  private async mustBeMember(tx: EntityManager, firmId: string): Promise<void> {
    const firm = await tx.findOneBy(Firm, { id: firmId });
    if (firm?.status !== 'admitted') throw conflict('status', 'not-a-member');
    if (isLapsed(firm.membershipValidUntil, localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE))) throw conflict('status', 'membership-lapsed');
  }

  /** What a firm has answered to these opportunities; those without an answer are not in the map. */
  about(firmId: string, opportunityIds: readonly string[]): Promise<Map<string, Answers>> {
    return answersAbout((text, values) => prepared(this.source, text, values), firmId, opportunityIds);
  }

  /** How the other side of an opportunity has answered those who were interested before. */
  async recordOf(opportunityId: string): Promise<AnswerRecord> {
    return (await this.introductions.records(opportunityId)).counterparty;
  }

  /** Every opportunity that a firm has answered, latest answer first. */
  async ofFirm(firmId: string, page: PageQuery): Promise<Page<AnsweredOpportunity>> {
    const rows = await answersOfFirm(this.source.manager, firmId, cursor(page.after, BY_TIME), page.limit + 1);
    const opportunities = await this.source.manager.findBy(Opportunity, { id: In(rows.map((row) => row.opportunityId)) });
    const byId = new Map(opportunities.map((opportunity) => [opportunity.id, opportunity]));
    const found = rows.flatMap(({ opportunityId, answers, latest }) => {
      const opportunity = byId.get(opportunityId);
      return opportunity ? [{ opportunity, answers, latest }] : [];
    });
    return pageOf(found, page.limit, ({ latest, opportunity }) => [latest.toISOString(), opportunity.id]);
  }

  /** What the firm's answers suggest about its own settings, and it has not decided yet. */
  async proposals(firmId: string): Promise<Proposal[]> {
    const answers = await answeredFacts(this.source, firmId);
    if (answers.length < ENOUGH) return []; // most firms, each time they look at their matches
    const [firm, decided] = await Promise.all([
      this.firms.get(firmId),
      this.source.query<{ key: string }[]>('select key from proposal_decision where firm_id = $1', [firmId]),
    ]);
    const offers = firm.lines
      .filter(({ side }) => side === 'offer')
      .map(({ text, hs, guessedHs, capacity }) => ({ text, hs, guessedHs, hasCapacity: capacity !== null }));
    const needs = firm.lines.filter(({ side }) => side === 'need');
    return proposalsOf(answers, { excludedCountries: firm.excludedCountries, offers, needs }, new Set(decided.map(({ key }) => key)));
  }

  /**
   * Accepts a proposal, which changes exactly that setting, or dismisses it for good.
   * @throws AppError Invalid, Conflict where it is not proposed (any more)
   */
  async decide(by: Answerer, input: unknown): Promise<void> {
    const { key, decision } = parse(decisionSchema, input);
    const proposal = (await this.proposals(by.firmId)).find((one) => one.key === key);
    if (!proposal) throw conflict('status', 'proposal-gone');
    if (decision === 'accept') await this.apply(by.firmId, proposal);
    // a crash before this leaves a proposal that its own setting already answers
    await this.source.query(`insert into proposal_decision (firm_id, key, decision, contact_id, at) values ($1, $2, $3, $4, $5) on conflict do nothing`, [
      by.firmId,
      key,
      decision,
      by.contactId,
      this.clock.now(),
    ]);
  }

  private async apply(firmId: string, proposal: Proposal): Promise<void> {
    switch (proposal.kind) {
      case 'exclude-country':
        return this.firms.amendProfile(firmId, (profile) => ({
          ...profile,
          excludedCountries: [...new Set([...profile.excludedCountries, proposal.country])],
        }));
      case 'remove-hs': {
        const without = <L extends { hs: string[] }>(lines: L[]): L[] => lines.map((line) => ({ ...line, hs: line.hs.filter((code) => code !== proposal.hs) }));
        return this.firms.amendProfile(firmId, (profile) => ({ ...profile, offers: without(profile.offers), needs: without(profile.needs) }));
      }
      case 'state-capacity':
        throw invalid('decision', 'in-the-profile');
    }
  }
}
