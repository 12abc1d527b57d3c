import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import type { Account } from '../accounts/account.entity.js';
import { parse } from '../common/errors.js';
import { DigestsService } from '../digests/digests.service.js';
import { FirmsService } from '../firms/firms.service.js';
import { MatchingService } from '../matching/matching.service.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { closingSchema, deskQuery, opportunitySchema, publicationSchema, returnSchema } from '../opportunities/opportunity.schemas.js';
import { Caller } from '../accounts/caller.js';
import { Asks, Gives, Takes } from './openapi.js';
import * as shapes from './shapes.js';
import { deskOpportunityView } from './views.js';

@Controller('api/v1/desk')
export class DeskApiController {
  constructor(
    private readonly opportunities: OpportunitiesService,
    private readonly matching: MatchingService,
    private readonly firms: FirmsService,
    private readonly digests: DigestsService,
  ) {}

  @Get('opportunities')
  @Gives(shapes.deskOpportunities)
  @Asks(deskQuery)
  async list(@Query() query: Record<string, string>) {
    const { items, next } = await this.opportunities.listForDesk(parse(deskQuery, query));
    return { items: items.map(deskOpportunityView), next };
  }

  @Post('opportunities')
  @Gives(shapes.deskOpportunity)
  @Takes(opportunitySchema)
  async draft(@Body() body: unknown, @Caller() caller: Account) {
    return deskOpportunityView(await this.opportunities.draft(body, caller.id));
  }

  @Get('opportunities/:id')
  @Gives(shapes.deskOpportunity)
  async one(@Param('id') id: string) {
    return deskOpportunityView(await this.opportunities.get(id));
  }

  @Put('opportunities/:id')
  @Gives(shapes.deskOpportunity)
  @Takes(opportunitySchema)
  async update(@Param('id') id: string, @Body() body: unknown) {
    return deskOpportunityView(await this.opportunities.update(id, body));
  }

  @Post('opportunities/:id/submit')
  @Gives(shapes.deskOpportunity)
  @HttpCode(200)
  async submit(@Param('id') id: string) {
    return deskOpportunityView(await this.opportunities.submit(id));
  }

  @Post('opportunities/:id/return')
  @Gives(shapes.deskOpportunity)
  @Takes(returnSchema)
  @HttpCode(200)
  async sendBack(@Param('id') id: string, @Body() body: unknown) {
    return deskOpportunityView(await this.opportunities.sendBack(id, body));
  }

  @Post('opportunities/:id/publish')
  @Gives(shapes.deskOpportunity)
  @Takes(publicationSchema)
  @HttpCode(200)
  async publish(@Param('id') id: string, @Body() body: unknown, @Caller() caller: Account) {
    return deskOpportunityView(await this.opportunities.publish(id, body, caller.id));
  }

  @Post('opportunities/:id/close')
  @Gives(shapes.deskOpportunity)
  @Takes(closingSchema)
  @HttpCode(200)
  async close(@Param('id') id: string, @Body() body: unknown) {
    return deskOpportunityView(await this.opportunities.close(id, body));
  }

  /** Whom a lead fits, best first. */
  @Get('opportunities/:id/matches')
  @Gives(shapes.reachedFirms)
  async matches(@Param('id') id: string) {
    await this.opportunities.get(id);
    const matches = await this.matching.ofOpportunity(id);
    const names = await this.firms.names(matches.map((match) => match.firmId));
    return { items: matches.map(({ firmId, score, evidence, blockers }) => ({ firmId, firm: names.get(firmId), score, evidence, blockers })) };
  }

  /** Whom a lead would reach if it were published as it stands: how many, the best with reasons, where they are few the nearest others and what they lack, and pools. */
  @Get('opportunities/:id/preview')
  @Gives(shapes.preview)
  async preview(@Param('id') id: string) {
    const { best, nearest, pools, ...counts } = await this.matching.preview(id);
    const names = await this.firms.names([...best, ...nearest, ...pools.flatMap((pool) => pool.members)].map(({ firmId }) => firmId));
    const named = <T extends { firmId: string }>(one: T) => ({ ...one, firm: names.get(one.firmId) });
    return { ...counts, best: best.map(named), nearest: nearest.map(named), pools: pools.map(({ code, members }) => ({ code, members: members.map(named) })) };
  }

  /** The latest digest runs with how their digests ended. */
  @Get('occurrences')
  @Gives(shapes.occurrences)
  async occurrences() {
    const runs = await this.digests.runs(50);
    return { items: runs.map(({ id, key, opened_at, completed_at, counts }) => ({ id, key, openedAt: opened_at, completedAt: completed_at, counts })) };
  }
}
