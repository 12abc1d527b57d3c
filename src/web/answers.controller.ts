import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { type Issue, notFound, parse } from '../common/errors.js';
import { pageQuery } from '../common/paging.js';
import { FirmsService } from '../firms/firms.service.js';
import { NO_ANSWERS } from '../interests/interests.queries.js';
import { type Answerer, InterestsService } from '../interests/interests.service.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';
import { answerAs, isAnswer, placeOfFirm } from './answer.form.js';
import { AnswerPage, SavedPage } from './answers.views.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, one } from './form.js';
import { element, show, tried } from './render.js';

/** What a signed-in firm answers to opportunities: the same as from its mail, under the same rules. */
@Controller('firm')
export class AnswersController {
  constructor(
    private readonly interests: InterestsService,
    private readonly firms: FirmsService,
  ) {}

  @Get('saved')
  async saved(@Page() context: PageContext, @Caller() caller: Account, @Query('after') after: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { items, next } = await this.interests.ofFirm(firmOf(caller), parse(pageQuery, { after, limit: 100 }));
    show(reply, element(SavedPage, { context, answered: items, isOpen: (opportunity) => this.interests.isOpen(opportunity), next }));
  }

  @Get('answers/:reference')
  async ask(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('reference') reference: string,
    @Query('do') asked: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const opportunity = await this.interests.opportunity(firmOf(caller), reference);
    show(reply, await this.answerPage(context, caller, opportunity, asked, {}, []));
  }

  @Post('answers/:reference')
  async answer(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('reference') reference: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const by = await this.answerer(caller);
    const opportunity = await this.interests.opportunity(by.firmId, reference);
    // back to the card that was answered; only to a page of ours
    const back = /^\/(?:firm(?:\/saved)?|opportunities\/[\w-]+)$/.exec(one(body, 'back'))?.[0] ?? '/firm';
    await tried(
      reply,
      () => answerAs(this.interests, by, opportunity.id, body),
      (issues) => this.answerPage(context, caller, opportunity, one(body, 'do'), body, issues),
      `${back}#${opportunity.reference}`,
    );
  }

  private async answerPage(context: PageContext, caller: Account, opportunity: Opportunity, asked: unknown, body: FormBody, issues: readonly Issue[]) {
    const firmId = firmOf(caller);
    const [firm, answers, record] = await Promise.all([
      this.firms.get(firmId),
      this.interests.about(firmId, [opportunity.id]),
      this.interests.recordOf(opportunity.id),
    ]);
    return element(AnswerPage, {
      context,
      place: placeOfFirm(opportunity, '/firm'),
      opportunity,
      firm: firm.name,
      answers: answers.get(opportunity.id) ?? NO_ANSWERS,
      open: this.interests.isOpen(opportunity),
      record,
      asked: isAnswer(asked) ? asked : undefined,
      body,
      issues,
    });
  }

  @Post('proposals')
  async decide(@Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    await this.interests.decide(await this.answerer(caller), { key: one(body, 'key'), decision: one(body, 'decision') });
    await reply.redirect('/firm', 303);
  }

  private async answerer(caller: Account): Promise<Answerer> {
    return { firmId: firmOf(caller), contactId: (await this.firms.contactOf(caller.id)).id };
  }
}

function firmOf(caller: Account): string {
  if (!caller.firmId) throw notFound();
  return caller.firmId;
}
