import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { Idempotency } from '../accounts/idempotency.js';
import { parse } from '../common/errors.js';
import { pageQuery } from '../common/paging.js';
import { FirmsService } from '../firms/firms.service.js';
import type { Answer } from '../interests/interest.entity.js';
import type { Answers } from '../interests/interests.queries.js';
import { type Answerer, decisionSchema, feedbackSchema, InterestsService, interestSchema } from '../interests/interests.service.js';
import { Asks, Gives, Repeatable, Takes } from './openapi.js';
import * as shapes from './shapes.js';
import { publicOpportunityView } from './views.js';

/** All that a firm has answered to one opportunity. */
const answersView = (reference: string, { interest, feedback, savedAt }: Answers) => ({ reference, interest, feedback, savedAt });

/** What firms answer to opportunities. */
@Controller('api/v1')
export class AnswersApiController {
  constructor(
    private readonly interests: InterestsService,
    private readonly firms: FirmsService,
    private readonly idempotency: Idempotency,
  ) {}

  /** Every opportunity that a firm has answered, latest answer first. */
  @Get('firms/:firmId/answers')
  @Gives(shapes.answeredList)
  @Asks(pageQuery)
  async list(@Param('firmId') firmId: string, @Query() query: Record<string, string>) {
    await this.firms.get(firmId);
    const { items, next } = await this.interests.ofFirm(firmId, parse(pageQuery, query));
    return {
      items: items.map(({ opportunity, answers, latest }) => ({
        ...answersView(opportunity.reference, answers),
        latest,
        opportunity: publicOpportunityView(opportunity),
      })),
      next,
    };
  }

  /** The firm is interested; the chamber screens it. With an `Idempotency-Key` it may be repeated: the same key gets the same answer for two days. */
  @Post('firms/:firmId/opportunities/:reference/interest')
  @Gives(shapes.answers)
  @Takes(interestSchema)
  @Repeatable()
  async interested(
    @Param('firmId') firmId: string,
    @Param('reference') reference: string,
    @Body() body: unknown,
    @Caller() caller: Account,
    @Req() request: FastifyRequest,
  ) {
    const key = [request.headers['idempotency-key']].flat()[0];
    const by = await this.answerer(firmId, caller);
    return this.idempotency.once(caller.id, key, ['interest', firmId, reference, body ?? {}], async (manager) => {
      const { id } = await this.interests.opportunity(firmId, reference);
      return answersView(reference, await this.interests.interested(by, id, body ?? {}, manager));
    });
  }

  @Delete('firms/:firmId/opportunities/:reference/interest')
  @Gives(shapes.answers)
  withdraw(@Param('firmId') firmId: string, @Param('reference') reference: string, @Caller() caller: Account) {
    return this.takeBack(firmId, reference, caller, 'interested');
  }

  /** Not for the firm, and why. An interest is withdrawn by it. */
  @Put('firms/:firmId/opportunities/:reference/feedback')
  @Gives(shapes.answers)
  @Takes(feedbackSchema)
  async notForMe(@Param('firmId') firmId: string, @Param('reference') reference: string, @Body() body: unknown, @Caller() caller: Account) {
    const { id } = await this.interests.opportunity(firmId, reference);
    return answersView(reference, await this.interests.notForMe(await this.answerer(firmId, caller), id, body));
  }

  @Delete('firms/:firmId/opportunities/:reference/feedback')
  @Gives(shapes.answers)
  forget(@Param('firmId') firmId: string, @Param('reference') reference: string, @Caller() caller: Account) {
    return this.takeBack(firmId, reference, caller, 'not-for-me');
  }

  /** Keeps an opportunity on the firm's list. */
  @Put('firms/:firmId/opportunities/:reference/saved')
  @Gives(shapes.answers)
  async save(@Param('firmId') firmId: string, @Param('reference') reference: string, @Caller() caller: Account) {
    const { id } = await this.interests.opportunity(firmId, reference);
    return answersView(reference, await this.interests.save(await this.answerer(firmId, caller), id));
  }

  @Delete('firms/:firmId/opportunities/:reference/saved')
  @Gives(shapes.answers)
  drop(@Param('firmId') firmId: string, @Param('reference') reference: string, @Caller() caller: Account) {
    return this.takeBack(firmId, reference, caller, 'save');
  }

  private async takeBack(firmId: string, reference: string, caller: Account, answer: Answer) {
    const { id } = await this.interests.opportunity(firmId, reference);
    return answersView(reference, await this.interests.takeBack(await this.answerer(firmId, caller), id, answer));
  }

  /** What the firm's answers suggest about its own settings. */
  @Get('firms/:firmId/proposals')
  @Gives(shapes.proposals)
  async proposals(@Param('firmId') firmId: string) {
    const { id } = await this.firms.get(firmId);
    return { items: await this.interests.proposals(id) };
  }

  /** Accepts a proposal, which changes exactly that setting, or dismisses it for good. */
  @Post('firms/:firmId/proposals')
  @Gives(shapes.proposals)
  @Takes(decisionSchema)
  @HttpCode(200)
  async decide(@Param('firmId') firmId: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.interests.decide(await this.answerer(firmId, caller), body);
    return this.proposals(firmId);
  }

  private async answerer(firmId: string, caller: Account): Promise<Answerer> {
    return { firmId, contactId: (await this.firms.contactOf(caller.id)).id };
  }
}
