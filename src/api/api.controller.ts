import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Account } from '../accounts/account.entity.js';
import { AccountsService, linkRequestSchema, linkUseSchema, signInSchema } from '../accounts/accounts.service.js';
import { beginSession } from '../accounts/sessions.js';
import { parse } from '../common/errors.js';
import { line } from '../common/text.js';
import { NomenclatureService } from '../nomenclature/nomenclature.service.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { opportunityQuery } from '../opportunities/opportunity.schemas.js';
import { ENTRIES, PARAGRAPHS } from '../statement/catalogue.js';
import { bearerOf, Caller } from '../accounts/caller.js';
import { codeSchema } from '../accounts/second-factor.service.js';
import { Asks, Gives, Takes } from './openapi.js';
import * as shapes from './shapes.js';
import { publicOpportunityView } from './views.js';

const suggestionsQuery = z.strictObject({ text: line(300) });

/** The token, and what is still to be done with it: an account of the chamber has to give a code of its second factor first, or to enrol one. */
async function begun(request: FastifyRequest, account: Account, secondFactor: 'not-needed' | 'given' | 'wanted') {
  await beginSession(request, account, secondFactor === 'given');
  return { token: request.session.sessionId, account: accountView(account), secondFactor };
}
const wanted = ({ role }: Account) => (role === 'member' ? ('not-needed' as const) : ('wanted' as const));

const ended = (request: FastifyRequest, id: string): Promise<void> =>
  new Promise((done, failed) => request.sessionStore.destroy(id, (error?: Error) => (error ? failed(error) : done())));

const accountView = ({ id, email, name, role, language, firmId }: Account) => ({ id, email, name, role, language, firmId });

/** What anybody may read, and signing in. */
@Controller('api/v1')
export class ApiController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly opportunities: OpportunitiesService,
    private readonly nomenclature: NomenclatureService,
  ) {}

  @Get('statement')
  @Gives(shapes.statement)
  statement() {
    return { paragraphs: PARAGRAPHS, entries: ENTRIES };
  }

  /** The likeliest HS and ISIC codes for a trader's words, in any of the four languages, named in the language of the answer. */
  @Get('suggestions')
  @Gives(shapes.suggestions)
  @Asks(suggestionsQuery)
  @RouteConfig({ rateLimit: { max: 120, timeWindow: 60_000 } })
  async suggestions(@Query() query: Record<string, string>, @Req() request: FastifyRequest) {
    const { lang: _, ...asked } = query;
    const { text } = parse(suggestionsQuery, asked);
    return { items: await this.nomenclature.suggest(text, request.language) };
  }

  /** Open leads, those published last first, by words in any of the four languages and by what else is asked for. */
  @Get('opportunities')
  @Gives(shapes.opportunities)
  @Asks(opportunityQuery)
  async list(@Query() query: Record<string, string>) {
    const { items, next } = await this.opportunities.listOpen(parse(opportunityQuery, query));
    return { items: items.map(publicOpportunityView), next };
  }

  @Get('opportunities/:reference')
  @Gives(shapes.opportunity)
  async one(@Param('reference') reference: string) {
    return publicOpportunityView(await this.opportunities.open(reference));
  }

  /** Signs in. The token is given back as `Authorization: Bearer …`; a browser may use the cookie instead. */
  @Post('session')
  @Gives(shapes.begun)
  @Takes(signInSchema)
  @RouteConfig({ rateLimit: { max: 30, timeWindow: 60_000 } })
  async signIn(@Body() body: unknown, @Req() request: FastifyRequest) {
    const account = await this.accounts.signIn(body);
    return begun(request, account, wanted(account));
  }

  /** Mails a link to sign in with, where there is an account; the answer is the same where there is none. */
  @Post('session/link')
  @HttpCode(202)
  @Takes(linkRequestSchema)
  @RouteConfig({ rateLimit: { max: 30, timeWindow: 60_000 } })
  async askForLink(@Body() body: unknown): Promise<void> {
    await this.accounts.askForLink(body);
  }

  /** Signs in by the token of a mailed link, once, and sets a new password if one is given. */
  @Post('session/link/:token')
  @Gives(shapes.begun)
  @Takes(linkUseSchema)
  @RouteConfig({ rateLimit: { max: 30, timeWindow: 60_000 } })
  async signInByLink(@Param('token') token: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    const account = await this.accounts.signInByLink(token, body);
    return begun(request, account, wanted(account));
  }

  /** What an authenticator app is set up with, until a code of it was right; then it is never shown again. */
  @Post('session/second-factor/enrolment')
  @Gives(shapes.enrolment)
  @HttpCode(200)
  @RouteConfig({ rateLimit: { max: 30, timeWindow: 60_000 } })
  async enrol(@Caller() caller: Account) {
    return this.accounts.secondFactor.begin(caller);
  }

  /**
   * Gives a code of the second factor, or one of its recovery codes; each is taken once. The token changes. The first code enrols the account, and
   * the answer holds its recovery codes, which are shown only then.
   */
  @Post('session/second-factor')
  @Gives(shapes.completed)
  @Takes(codeSchema)
  @HttpCode(200)
  @RouteConfig({ rateLimit: { max: 30, timeWindow: 60_000 } })
  async giveCode(@Body() body: unknown, @Caller() caller: Account, @Req() request: FastifyRequest) {
    const taken = await this.accounts.secondFactor.take(caller.id, body);
    const half = bearerOf(request);
    const session = await begun(request, caller, 'given');
    if (half) await ended(request, half);
    return { ...session, ...taken };
  }

  @Get('session')
  @Gives(shapes.session)
  who(@Caller() caller: Account) {
    return { account: accountView(caller) };
  }

  @Delete('session')
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest): Promise<void> {
    const bearer = bearerOf(request);
    if (bearer) await ended(request, bearer);
    else await request.session.destroy();
  }
}
