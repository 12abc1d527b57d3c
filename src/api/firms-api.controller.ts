import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { z } from 'zod';
import type { Account } from '../accounts/account.entity.js';
import { parse } from '../common/errors.js';
import { pageQuery } from '../common/paging.js';
import { DigestsService } from '../digests/digests.service.js';
import { FIRM_STATUSES } from '../firms/firm.entity.js';
import { admissionSchema, confirmationSchema, profileSchema, registrationSchema, statusSchema } from '../firms/firm.schemas.js';
import { FirmsService } from '../firms/firms.service.js';
import { MatchingService } from '../matching/matching.service.js';
import { Caller } from '../accounts/caller.js';
import { Asks, Gives, Takes } from './openapi.js';
import * as shapes from './shapes.js';
import { firmView, matchView } from './views.js';

const firmsQuery = pageQuery.extend({ status: z.enum(FIRM_STATUSES).default('applied') });
const GUESSABLE = { rateLimit: { max: 30, timeWindow: 60_000 } };

@Controller('api/v1')
export class FirmsApiController {
  constructor(
    private readonly firms: FirmsService,
    private readonly matching: MatchingService,
    private readonly digests: DigestsService,
  ) {}

  /** Registers a firm. The answer is the same for a known address; what follows comes by mail. */
  @Post('firms')
  @Gives(shapes.mailSent)
  @Takes(registrationSchema)
  @HttpCode(202)
  @RouteConfig(GUESSABLE)
  async register(@Body() body: unknown) {
    await this.firms.register(body);
    return { status: 'mail-sent' };
  }

  @Post('confirmations')
  @Gives(shapes.confirmed)
  @Takes(confirmationSchema)
  @HttpCode(200)
  @RouteConfig(GUESSABLE)
  async confirm(@Body() body: unknown) {
    await this.firms.confirm(body);
    return { status: 'confirmed' };
  }

  @Get('firms')
  @Gives(shapes.firms)
  @Asks(firmsQuery)
  async list(@Query() query: Record<string, string>) {
    const { status, ...page } = parse(firmsQuery, query);
    const { items, next } = await this.firms.list(status, page);
    return {
      items: items.map(({ id, name, place, status: is, membershipClass, membershipValidUntil, appliedAt }) => ({
        id,
        name,
        place,
        status: is,
        membershipClass,
        membershipValidUntil,
        appliedAt,
      })),
      next,
    };
  }

  @Get('firms/:firmId')
  @Gives(shapes.firm)
  async one(@Param('firmId') firmId: string) {
    return firmView(await this.firms.get(firmId), await this.firms.contactsOf(firmId));
  }

  @Put('firms/:firmId/profile')
  @Gives(shapes.firm)
  @Takes(profileSchema)
  async update(@Param('firmId') firmId: string, @Body() body: unknown) {
    await this.firms.updateProfile(firmId, body);
    return this.one(firmId);
  }

  @Post('firms/:firmId/admit')
  @Gives(shapes.firm)
  @Takes(admissionSchema)
  @HttpCode(200)
  async admit(@Param('firmId') firmId: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.firms.admit(firmId, body, caller.id);
    return this.one(firmId);
  }

  @Post('firms/:firmId/status')
  @Gives(shapes.firm)
  @Takes(statusSchema)
  @HttpCode(200)
  async status(@Param('firmId') firmId: string, @Body() body: unknown) {
    await this.firms.setStatus(firmId, body);
    return this.one(firmId);
  }

  @Get('firms/:firmId/matches')
  @Gives(shapes.matches)
  @Asks(pageQuery)
  async matches(@Param('firmId') firmId: string, @Query() query: Record<string, string>) {
    await this.firms.get(firmId);
    const { items, next } = await this.matching.ofFirm(firmId, parse(pageQuery, query));
    return { items: items.map(matchView), next };
  }

  /** What became of the firm's digests, latest first. */
  @Get('firms/:firmId/digests')
  @Gives(shapes.firmDigests)
  async ledger(@Param('firmId') firmId: string) {
    await this.firms.get(firmId);
    const rows = await this.digests.ledgerOfFirm(firmId, 100);
    return {
      items: rows.map(({ key, state, reason, subject, items, due_at, finished_at }) => ({
        occurrence: key,
        state,
        reason,
        subject,
        items,
        dueAt: due_at,
        finishedAt: finished_at,
      })),
    };
  }
}
