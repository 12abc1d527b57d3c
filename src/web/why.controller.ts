import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { AppError, notFound, parse } from '../common/errors.js';
import { DigestsService } from '../digests/digests.service.js';
import type { Firm } from '../firms/firm.entity.js';
import { FirmsService } from '../firms/firms.service.js';
import { InterestsService } from '../interests/interests.service.js';
import { MatchingService, type NearMiss } from '../matching/matching.service.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { Page, type PageContext } from './context.js';
import { element, show, within } from './render.js';
import { AccountPage, DeskAccountPage, DeskWhyPage, NearPage, WhyPage } from './why.views.js';

/** How many near misses a page shows. */
const SHOWN = 10;
const accountQuery = z.object({ firm: z.string().max(200).default(''), opportunity: z.string().max(100).default('') });

/** Why a firm gets what it gets, and not what it does not get: for the firm itself, and of any firm for the desk. */
@Controller()
export class WhyController {
  constructor(
    private readonly firms: FirmsService,
    private readonly opportunities: OpportunitiesService,
    private readonly matching: MatchingService,
    private readonly interests: InterestsService,
    private readonly digests: DigestsService,
  ) {}

  @Get('firm/near')
  async near(@Page() context: PageContext, @Caller() caller: Account, @Res() reply: FastifyReply): Promise<void> {
    const firmId = firmOf(caller);
    const threshold = await this.digests.thresholdOf(firmId);
    show(reply, element(NearPage, { context, misses: await this.nearMisses(firmId, threshold), threshold }));
  }

  /** Without those that the firm has answered: whoever said no need not be told how near it was. */
  private async nearMisses(firmId: string, threshold: number): Promise<readonly NearMiss[] | null> {
    const misses = await within(this.matching.nearMisses(firmId, threshold));
    if (!misses) return null;
    const answers = await this.interests.about(
      firmId,
      misses.map(({ opportunity }) => opportunity.id),
    );
    return misses.filter(({ opportunity }) => !answers.get(opportunity.id)?.feedback).slice(0, SHOWN);
  }

  @Get('firm/why')
  async why(@Page() context: PageContext, @Caller() caller: Account, @Res() reply: FastifyReply): Promise<void> {
    const firmId = firmOf(caller);
    const { id } = await this.firms.contactOf(caller.id);
    const silence = (await this.digests.silence(firmId)).find(({ contactId }) => contactId === id);
    if (!silence) throw notFound();
    show(reply, element(WhyPage, { context, silence, flow: await this.digests.flow(firmId) }));
  }

  @Get('firm/opportunities/:reference')
  async account(@Page() context: PageContext, @Caller() caller: Account, @Param('reference') reference: string, @Res() reply: FastifyReply): Promise<void> {
    const firmId = firmOf(caller);
    const opportunity = await this.interests.opportunity(firmId, reference);
    show(reply, element(AccountPage, { context, opportunity, account: await this.accountOf(firmId, opportunity) }));
  }

  private async accountOf(firmId: string, opportunity: Opportunity) {
    return within(this.matching.account(firmId, opportunity, await this.digests.thresholdOf(firmId)));
  }

  @Get('desk/firms/:firmId/why')
  async whyAtDesk(@Page() context: PageContext, @Param('firmId') firmId: string, @Res() reply: FastifyReply): Promise<void> {
    const firm = await this.firms.get(firmId);
    const [silences, flow, threshold] = await Promise.all([this.digests.silence(firmId), this.digests.flow(firmId), this.digests.thresholdOf(firmId)]);
    show(reply, element(DeskWhyPage, { context, firm, silences, flow, misses: await this.nearMisses(firmId, threshold) }));
  }

  @Get('desk/account')
  async accountAtDesk(@Page() context: PageContext, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const asked = parse(accountQuery, query);
    const [firms, opportunity] = await Promise.all([this.firmsOf(asked.firm), this.opportunityOf(asked.opportunity)]);
    const [firm] = firms;
    const account = firm && firms.length === 1 && opportunity ? await this.accountOf(firm.id, opportunity) : undefined;
    show(reply, element(DeskAccountPage, { context, asked, firms, opportunity, account }));
  }

  private async firmsOf(text: string): Promise<Firm[]> {
    return z.uuid().safeParse(text).success ? [await this.firms.get(text)] : this.firms.find(text);
  }

  private async opportunityOf(reference: string): Promise<Opportunity | null> {
    return this.opportunities.byReference(reference.trim().toUpperCase()).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'NotFound') return null;
      throw error;
    });
  }
}

function firmOf(caller: Account): string {
  if (!caller.firmId) throw notFound();
  return caller.firmId;
}
