import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { Clock, localDate } from '../common/clock.js';
import { type Issue, parse } from '../common/errors.js';
import { pageQuery } from '../common/paging.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { DigestsService } from '../digests/digests.service.js';
import { SuppressionsService } from '../digests/suppressions.service.js';
import { FIRM_STATUSES } from '../firms/firm.entity.js';
import { FirmsService } from '../firms/firms.service.js';
import { isLapsed } from '../firms/membership.js';
import { IntroductionsService } from '../introductions/introductions.service.js';
import { LANGUAGES } from '../language/language.js';
import { MatchingService } from '../matching/matching.service.js';
import { NomenclatureService } from '../nomenclature/nomenclature.service.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { deskQuery } from '../opportunities/opportunity.schemas.js';
import { z } from 'zod';
import { Page, type PageContext } from './context.js';
import { DeskFirmPage, DeskFirmsPage, DeskOpportunitiesPage, DeskOpportunityPage, DeskPage } from './desk.views.js';
import { type FormBody, one, ticked } from './form.js';
import { bodyOfOpportunity, OpportunityFormPage, opportunityOf } from './opportunity.form.js';
import { element, show, tried, within } from './render.js';

const firmsQuery = pageQuery.extend({ status: z.enum(FIRM_STATUSES).default('applied') });

/** The chamber's secretariat at work. */
@Controller('desk')
export class DeskController {
  constructor(
    private readonly firms: FirmsService,
    private readonly opportunities: OpportunitiesService,
    private readonly matching: MatchingService,
    private readonly introductions: IntroductionsService,
    private readonly digests: DigestsService,
    private readonly suppressions: SuppressionsService,
    private readonly nomenclature: NomenclatureService,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get()
  async today(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    const first = { limit: 10 };
    const [firms, opportunities, waiting, inReview, interests, runs, paused] = await Promise.all([
      this.firms.countByStatus(),
      this.opportunities.countByStatus(),
      this.firms.list('applied', first),
      this.opportunities.listForDesk({ ...first, status: 'in_review' }),
      this.introductions.counts().then(({ interested = 0 }) => interested),
      this.digests.runs(3),
      this.suppressions.list({ kind: 'soft-bounces', limit: 100 }),
    ]);
    show(reply, element(DeskPage, { context, firms, opportunities, waiting: waiting.items, inReview: inReview.items, interests, runs, paused: paused.items }));
  }

  @Get('firms')
  async firmList(@Page() context: PageContext, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { lang: _, ...asked } = query;
    const { status, ...paging } = parse(firmsQuery, asked);
    const { items, next } = await this.firms.list(status, paging);
    show(reply, element(DeskFirmsPage, { context, status, firms: items, next }));
  }

  @Get('firms/:firmId')
  async firm(@Page() context: PageContext, @Param('firmId') firmId: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.firmView(context, firmId, []));
  }

  private async firmView(context: PageContext, firmId: string, issues: readonly Issue[]) {
    const firm = await this.firms.get(firmId);
    const [contacts, sameNtn, matches, ledger] = await Promise.all([
      this.firms.contactsOf(firmId),
      this.firms.sameNtn(firm),
      this.matching.cardsOfFirm(firmId, { limit: 20 }),
      this.digests.ledgerOfFirm(firmId),
    ]);
    const lapsed = isLapsed(firm.membershipValidUntil, localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE));
    return element(DeskFirmPage, { context, firm, contacts, lapsed, sameNtn, matches: matches.items, ledger, issues });
  }

  @Post('firms/:firmId/admit')
  async admit(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('firmId') firmId: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const input = { membershipClass: one(body, 'membershipClass'), membershipNumber: one(body, 'membershipNumber'), validUntil: one(body, 'validUntil') };
    await tried(
      reply,
      () => this.firms.admit(firmId, input, caller.id),
      (issues) => this.firmView(context, firmId, issues),
      `/desk/firms/${firmId}`,
    );
  }

  @Post('firms/:firmId/status')
  async status(@Page() context: PageContext, @Param('firmId') firmId: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    await tried(
      reply,
      () => this.firms.setStatus(firmId, { status: one(body, 'status'), reason: one(body, 'reason') }),
      (issues) => this.firmView(context, firmId, issues),
      `/desk/firms/${firmId}`,
    );
  }

  @Get('opportunities')
  async opportunityList(@Page() context: PageContext, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { lang: _, ...asked } = query;
    const given = parse(deskQuery, asked);
    const { items, next } = await this.opportunities.listForDesk(given);
    show(reply, element(DeskOpportunitiesPage, { context, status: given.status, opportunities: items, next }));
  }

  @Get('opportunities/new')
  newOpportunity(@Page() context: PageContext, @Res() reply: FastifyReply): void {
    show(reply, element(OpportunityFormPage, { context, action: '/desk/opportunities/new', body: {}, issues: [], suggestions: [] }));
  }

  @Post('opportunities/new')
  async draft(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const suggestions = await this.suggest(context, body);
    // asked once: whoever ticks nothing the second time means it
    if (suggestions.length && one(body, 'suggested') !== 'yes') {
      show(reply, element(OpportunityFormPage, { context, action: '/desk/opportunities/new', body, issues: [], suggestions }));
      return;
    }
    let id = '';
    await tried(
      reply,
      async () => (id = (await this.opportunities.draft(opportunityOf(body), caller.id)).id),
      (issues) => element(OpportunityFormPage, { context, action: '/desk/opportunities/new', body, issues, suggestions }),
      () => this.opportunityView(context, id, []),
    );
  }

  /** Likely codes for a lead that has none yet, by its title in whichever language it has one. */
  private async suggest(context: PageContext, body: FormBody) {
    const title = LANGUAGES.map((language) => one(body, `title.${language}`).trim()).find(Boolean);
    if (!title || one(body, 'hs').trim() || one(body, 'isic').trim()) return [];
    return this.nomenclature.suggest(title, context.language);
  }

  @Get('opportunities/:id')
  async opportunity(@Page() context: PageContext, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.opportunityView(context, id, []));
  }

  private async opportunityView(context: PageContext, id: string, issues: readonly Issue[]) {
    const lead = await this.opportunities.get(id);
    const unpublished = lead.status === 'draft' || lead.status === 'in_review';
    const [preview, matches] = await Promise.all([unpublished ? within(this.matching.preview(id)) : undefined, this.matching.ofOpportunity(id)]);
    const pools = unpublished ? [] : await this.matching.poolsFor(matches);
    const members = [...pools, ...(preview?.pools ?? [])].flatMap((pool) => pool.members);
    const names = await this.firms.names([...matches, ...(preview?.best ?? []), ...(preview?.nearest ?? []), ...members].map(({ firmId }) => firmId));
    return element(DeskOpportunityPage, { context, lead, issues, matches, preview, pools, names });
  }

  @Get('opportunities/:id/edit')
  async editForm(@Page() context: PageContext, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOfOpportunity(await this.opportunities.get(id));
    const suggestions = await this.suggest(context, body);
    show(reply, element(OpportunityFormPage, { context, action: `/desk/opportunities/${id}/edit`, body, issues: [], suggestions }));
  }

  @Post('opportunities/:id/edit')
  async edit(@Page() context: PageContext, @Param('id') id: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const suggestions = await this.suggest(context, body);
    await tried(
      reply,
      () => this.opportunities.update(id, opportunityOf(body)),
      (issues) => element(OpportunityFormPage, { context, action: `/desk/opportunities/${id}/edit`, body, issues, suggestions }),
      `/desk/opportunities/${id}`,
    );
  }

  @Post('opportunities/:id/submit')
  submit(@Page() context: PageContext, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    return this.step(context, id, reply, () => this.opportunities.submit(id));
  }

  @Post('opportunities/:id/return')
  sendBack(@Page() context: PageContext, @Param('id') id: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    return this.step(context, id, reply, () => this.opportunities.sendBack(id, { reason: one(body, 'reason') }));
  }

  @Post('opportunities/:id/publish')
  publish(@Page() context: PageContext, @Caller() caller: Account, @Param('id') id: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const marks = Object.fromEntries(['clear', 'complete', 'source', 'wanted'].map((mark) => [mark, one(body, mark)]));
    return this.step(context, id, reply, () => this.opportunities.publish(id, { ...marks, concernsCleared: ticked(body, 'concernsCleared') }, caller.id));
  }

  @Post('opportunities/:id/close')
  close(@Page() context: PageContext, @Param('id') id: string, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    return this.step(context, id, reply, () => this.opportunities.close(id, { as: one(body, 'as') }));
  }

  private step(context: PageContext, id: string, reply: FastifyReply, work: () => Promise<unknown>): Promise<void> {
    return tried(reply, work, (issues) => this.opportunityView(context, id, issues), `/desk/opportunities/${id}`);
  }
}
