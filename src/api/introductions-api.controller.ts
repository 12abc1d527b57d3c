import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { Idempotency } from '../accounts/idempotency.js';
import { parse } from '../common/errors.js';
import { FirmsService } from '../firms/firms.service.js';
import type { Listed, Reach } from '../introductions/introductions.queries.js';
import { actSchema, type By, type Deadline, holidaySchema, IntroductionsService, proposalSchema, stateQuery } from '../introductions/introductions.service.js';
import { Asks, Gives, Repeatable, Takes } from './openapi.js';
import * as shapes from './shapes.js';

/** An introduction as either of us sees it; the counterparty's contact only to the firm that speaks for it, and only once both agree. */
const introductionView = (one: Listed, deadline: Deadline | null | undefined, counterparty?: Reach) => ({
  id: one.id,
  reference: one.reference,
  title: one.title,
  country: one.country,
  state: one.state,
  ending: one.ending,
  endedBy: one.endedBy,
  reason: one.reason,
  sentence: one.sentence,
  firms: one.firms.map(({ id, name }, i) => ({ firmId: id, firm: name, agreed: one.members[i]?.agreed ?? false })),
  createdAt: one.createdAt,
  since: one.since,
  answerDue: deadline?.day ?? null,
  outcome: one.report && { ...one.report, by: one.reportedBy },
  record: one.counterparty,
  ...(counterparty ? { counterparty } : {}),
});

/** From interest to outcome: a firm's own introductions, and the desk's. */
@Controller('api/v1')
export class IntroductionsApiController {
  constructor(
    private readonly introductions: IntroductionsService,
    private readonly firms: FirmsService,
    private readonly idempotency: Idempotency,
  ) {}

  /** A firm's introductions, what is on the way first. The counterparty's contact is in those alone in which both sides have agreed. */
  @Get('firms/:firmId/introductions')
  @Gives(shapes.introductions)
  async ofFirm(@Param('firmId') firmId: string) {
    await this.firms.get(firmId);
    return { items: await this.viewsOf(await this.introductions.ofFirm(firmId), firmId) };
  }

  /** The firm agrees to a proposal or declines it, withdraws, or reports an outcome. With an `Idempotency-Key` it may be repeated. */
  @Post('firms/:firmId/introductions/:introductionId')
  @Gives(shapes.introduction)
  @Takes(actSchema)
  @Repeatable()
  @HttpCode(200)
  async act(
    @Param('firmId') firmId: string,
    @Param('introductionId') id: string,
    @Body() body: unknown,
    @Caller() caller: Account,
    @Req() request: FastifyRequest,
  ) {
    const by: By = { party: 'firm', firmId, id: (await this.firms.contactOf(caller.id)).id };
    return this.once(caller, request, ['introduction', firmId, id, body], async (manager) => {
      await this.introductions.act(id, body, by, manager);
      return this.viewOf(id, manager);
    });
  }

  /** The desk's list of one state; without one, what waits to be screened. */
  @Get('desk/introductions')
  @Gives(shapes.introductionPage)
  @Asks(stateQuery)
  async list(@Query() query: Record<string, string>) {
    const { items, next } = await this.introductions.list(parse(stateQuery, query));
    return { items: await this.viewsOf(items), next };
  }

  /** The chamber proposes an introduction to a firm, or to a pool: the firm that shall speak for it first. With an `Idempotency-Key` it may be repeated. */
  @Post('desk/introductions')
  @Gives(shapes.introduction)
  @Takes(proposalSchema)
  @Repeatable()
  async propose(@Body() body: unknown, @Caller() caller: Account, @Req() request: FastifyRequest) {
    return this.once(caller, request, ['propose', body], async (manager) => this.viewOf(await this.introductions.propose(body, caller.id, manager), manager));
  }

  @Get('desk/introductions/:introductionId')
  @Gives(shapes.introductionAtDesk)
  async one(@Param('introductionId') id: string) {
    const introduction = await this.introductions.get(id);
    const [[view], records, history] = await Promise.all([
      this.viewsOf([introduction]),
      this.introductions.records(introduction.opportunityId),
      this.introductions.history(id),
    ]);
    return { ...view, records, history };
  }

  /** The chamber approves or declines an interest, answers for a counterparty that has told it so, withdraws, or reports an outcome. */
  @Post('desk/introductions/:introductionId')
  @Gives(shapes.introduction)
  @Takes(actSchema)
  @Repeatable()
  @HttpCode(200)
  async screen(@Param('introductionId') id: string, @Body() body: unknown, @Caller() caller: Account, @Req() request: FastifyRequest) {
    const by: By = { party: 'chamber', id: caller.id };
    return this.once(caller, request, ['introduction', id, body], async (manager) => {
      await this.introductions.act(id, body, by, manager);
      return this.viewOf(id, manager);
    });
  }

  /** The public holidays to come that the clocks of answers reckon with. */
  @Get('desk/holidays')
  @Gives(shapes.holidays)
  async holidays() {
    return { items: await this.introductions.holidays() };
  }

  /** Confirms or moves a holiday; clocks that run are counted anew. */
  @Post('desk/holidays')
  @Gives(shapes.holidays)
  @Takes(holidaySchema)
  @HttpCode(200)
  async confirm(@Body() body: unknown, @Caller() caller: Account) {
    await this.introductions.confirmHoliday(body, caller.id);
    return this.holidays();
  }

  private async viewsOf(found: readonly Listed[], firmId?: string) {
    const [deadlines, contacts] = await Promise.all([
      this.introductions.deadlines(found),
      this.introductions.contacts(found.filter(({ members }) => members[0]?.firmId === firmId).map(({ id }) => id)),
    ]);
    return found.map((one) => introductionView(one, deadlines.get(one.id), contacts.get(one.id)?.counterparty));
  }

  /** As it stands after what was done in this transaction. Kept for whoever repeats the request, therefore without contacts. */
  private async viewOf(id: string, manager: EntityManager) {
    const one = await this.introductions.get(id, manager);
    return introductionView(one, (await this.introductions.deadlines([one], manager)).get(id));
  }

  private once<T>(caller: Account, request: FastifyRequest, asked: unknown, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const key = [request.headers['idempotency-key']].flat()[0];
    return this.idempotency.once(caller.id, key, asked, work);
  }
}
