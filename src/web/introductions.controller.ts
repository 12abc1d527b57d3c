import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller, ownFirm } from '../accounts/caller.js';
import { type Issue, parse } from '../common/errors.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { FirmsService } from '../firms/firms.service.js';
import { cardOf, languageOfCounterparty, leadOf } from '../introductions/card.js';
import { IntroductionMailService } from '../introductions/introduction-mail.service.js';
import type { Listed } from '../introductions/introductions.queries.js';
import { type By, IntroductionsService, stateQuery } from '../introductions/introductions.service.js';
import { type Outcome, OUTCOMES } from '../introductions/introduction.js';
import type { Language } from '../language/language.js';
import { isLanguage, say } from '../language/say.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, many, one } from './form.js';
import {
  actOf,
  DeskIntroductionPage,
  DeskIntroductionsPage,
  type Done,
  doneOf,
  FirmIntroductionsPage,
  HolidaysPage,
  LinkPage,
  sayRecord,
} from './introductions.views.js';
import { MessagePage } from './public.views.js';
import { element, show, tried } from './render.js';

/** What the chamber does with introductions. */
@Controller('desk')
export class DeskIntroductionsController {
  constructor(
    private readonly introductions: IntroductionsService,
    private readonly opportunities: OpportunitiesService,
  ) {}

  @Get('introductions')
  async list(@Page() context: PageContext, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { lang: _, ...asked } = query;
    const given = parse(stateQuery, asked);
    const [{ items, next }, counts] = await Promise.all([this.introductions.list(given), this.introductions.counts()]);
    const deadlines = await this.introductions.deadlines(items);
    show(reply, element(DeskIntroductionsPage, { context, state: given.state, counts, introductions: items, deadlines, next }));
  }

  @Post('introductions')
  async propose(@Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const speaks = one(body, 'speaks');
    const firmIds = many(body, 'firmIds').sort((a, b) => Number(b === speaks) - Number(a === speaks));
    const id = await this.introductions.propose({ opportunityId: one(body, 'opportunityId'), firmIds }, caller.id);
    await reply.redirect(`/desk/introductions/${id}`, 303);
  }

  @Get('introductions/:introductionId')
  async one(@Page() context: PageContext, @Param('introductionId') id: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.view(context, id, {}, []));
  }

  @Post('introductions/:introductionId')
  async act(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('introductionId') id: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await tried(
      reply,
      () => this.introductions.act(id, actOf(body), { party: 'chamber', id: caller.id }),
      (issues) => this.view(context, id, body, issues),
      `/desk/introductions/${id}`,
    );
  }

  private async view(context: PageContext, id: string, body: FormBody, issues: readonly Issue[]) {
    const introduction = await this.introductions.get(id);
    const [lead, records, history, deadlines, firms] = await Promise.all([
      this.opportunities.get(introduction.opportunityId),
      this.introductions.records(introduction.opportunityId),
      this.introductions.history(id),
      this.introductions.deadlines([introduction]),
      recordsOfFirms(this.introductions, context.language, introduction),
    ]);
    const source = lead.source && say(context.language, 'introduction.record.source', { source: lead.source, ...figures(records.source) });
    return element(DeskIntroductionPage, {
      context,
      introduction,
      deadline: deadlines.get(id) ?? null,
      records: [sayRecord(context.language, records.counterparty), ...firms, ...(source ? [source] : [])],
      hasMail: lead.counterpartyEmail !== null,
      history,
      body,
      issues,
    });
  }

  @Get('holidays')
  async holidays(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.holidaysView(context, undefined, []));
  }

  @Post('holidays')
  async confirm(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const id = one(body, 'id');
    await tried(
      reply,
      () => this.introductions.confirmHoliday({ id, firstDay: one(body, 'firstDay'), lastDay: one(body, 'lastDay') }, caller.id),
      (issues) => this.holidaysView(context, id, issues),
      '/desk/holidays',
    );
  }

  private async holidaysView(context: PageContext, about: string | undefined, issues: readonly Issue[]) {
    return element(HolidaysPage, { context, holidays: await this.introductions.holidays(), about, issues });
  }
}

/** A firm's own introductions. */
@Controller('firm/introductions')
export class FirmIntroductionsController {
  constructor(
    private readonly introductions: IntroductionsService,
    private readonly firms: FirmsService,
  ) {}

  @Get()
  async list(@Page() context: PageContext, @Caller() caller: Account, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.view(context, caller, undefined, {}, []));
  }

  @Post(':introductionId')
  async act(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('introductionId') id: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const by: By = { party: 'firm', firmId: ownFirm(caller), id: (await this.firms.contactOf(caller.id)).id };
    await tried(
      reply,
      () => this.introductions.act(id, actOf(body), by),
      (issues) => this.view(context, caller, id, body, issues),
      `/firm/introductions#${encodeURIComponent(id)}`,
    );
  }

  private async view(context: PageContext, caller: Account, about: string | undefined, body: FormBody, issues: readonly Issue[]) {
    const firmId = ownFirm(caller);
    const introductions = await this.introductions.ofFirm(firmId);
    const [contacts, deadlines] = await Promise.all([
      this.introductions.contacts(introductions.map(({ id }) => id)),
      this.introductions.deadlines(introductions),
    ]);
    return element(FirmIntroductionsPage, { context, firmId, introductions, contacts, deadlines, about, body, issues });
  }
}

/**
 * Where the links of the mails about introductions lead: the counterparty has no account, and a firm needs none. The signed token in the address is all that
 * is asked for; opening it changes nothing.
 */
@Controller('i/:token')
export class IntroductionLinksController {
  constructor(
    private readonly introductions: IntroductionsService,
    private readonly links: IntroductionMailService,
    private readonly firms: FirmsService,
    private readonly opportunities: OpportunitiesService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get()
  async ask(@Page() page: PageContext, @Req() request: FastifyRequest, @Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.view(page, request, token, {}));
  }

  @Post()
  async act(
    @Page() page: PageContext,
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Body() body: FormBody | null,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = body ?? {};
    const holder = this.links.holderOf(token);
    if (!holder) {
      show(reply, await this.view(page, request, token, {}));
      return;
    }
    const by: By = holder.firmId === null ? { party: 'counterparty', id: null } : { party: 'firm', firmId: holder.firmId, id: null };
    await tried(
      reply,
      () => this.introductions.act(holder.introductionId, actOf(form), by),
      (issues) => this.view(page, request, token, { body: form, issues }),
      () => this.view(page, request, token, { done: doneOf(form) }),
    );
  }

  private async view(
    page: PageContext,
    request: FastifyRequest,
    token: string,
    { body = {}, issues = [], done }: { body?: FormBody; issues?: readonly Issue[]; done?: Done | undefined },
  ) {
    const holder = this.links.holderOf(token);
    const introduction = holder && (await this.introductions.get(holder.introductionId).catch(() => null));
    if (!holder || !introduction) {
      const title = say(page.language, 'introduction.page.title', { chamber: this.env.CHAMBER_NAME });
      return element(MessagePage, { context: page, title, text: say(page.language, 'introduction.page.unknown') });
    }
    const { firmId } = holder;
    const lead = await this.opportunities.get(introduction.opportunityId);
    const theirs = firmId === null ? languageOfCounterparty(lead.country) : (await this.firms.get(firmId)).language;
    const { lang, outcome } = request.query as { lang?: unknown; outcome?: unknown };
    const language = isLanguage(lang) ? lang : theirs;
    const context = { ...page, language };
    // the firm's card is for the counterparty, while there is something to decide
    const shows = firmId === null && introduction.state !== 'closed';
    const firms = shows ? await Promise.all(introduction.members.map((member) => this.firms.get(member.firmId))) : [];
    const [deadlines, records] = await Promise.all([
      this.introductions.deadlines([introduction]),
      firmId !== null
        ? this.introductions.records(lead.id).then(({ counterparty }) => [sayRecord(language, counterparty)])
        : shows
          ? recordsOfFirms(this.introductions, language, introduction)
          : [],
    ]);
    return element(LinkPage, {
      context,
      action: `/i/${token}${isLanguage(lang) ? `?lang=${lang}` : ''}`,
      csrf: false,
      introduction,
      lead: leadOf(language, lead),
      cards: firms.map((firm) => cardOf(language, firm)),
      firmId,
      deadline: deadlines.get(introduction.id) ?? null,
      records: introduction.state === 'asked' || introduction.state === 'proposed' ? records : [],
      outcome: OUTCOMES.includes(outcome as Outcome) ? (outcome as Outcome) : undefined,
      done,
      body,
      issues,
    });
  }
}

const figures = ({ asked, answered, deals }: { asked: number; answered: number; deals: number }) => ({ asked, answered, deals });

/** What is known of how the firms have answered; nothing of one that was never asked. */
async function recordsOfFirms(introductions: IntroductionsService, language: Language, { firms }: Listed): Promise<string[]> {
  const records = await Promise.all(firms.map(async ({ id, name }) => ({ firm: name, ...figures(await introductions.recordOfFirm(id)) })));
  return records.filter(({ asked }) => asked > 0).map((record) => say(language, 'introduction.record.firm', record));
}
