import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DigestsService } from '../digests/digests.service.js';
import type { Contact } from '../firms/firm.entity.js';
import { FirmsService } from '../firms/firms.service.js';
import { type Answer } from '../interests/interest.entity.js';
import { NO_ANSWERS } from '../interests/interests.queries.js';
import { InterestsService } from '../interests/interests.service.js';
import { isLanguage, say } from '../language/say.js';
import { AnswerPage, ButtonPage, FewerPage } from './answers.views.js';
import { answerAs, isAnswer } from './answer.form.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, one, ticked } from './form.js';
import { MessagePage } from './public.views.js';
import { element, show, tried } from './render.js';

/**
 * Where the links of a mail lead. Opening one changes nothing, for mail scanners open links: a page says what will happen, and its button does it. The
 * signed token in the address is all that is asked for: no cookie, no sign-in.
 */
@Controller()
export class MailLinksController {
  constructor(
    private readonly interests: InterestsService,
    private readonly digests: DigestsService,
    private readonly firms: FirmsService,
  ) {}

  @Get('a/:token')
  async ask(@Page() page: PageContext, @Req() request: FastifyRequest, @Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.answerPage(page, request, token));
  }

  @Post('a/:token')
  async answer(
    @Page() page: PageContext,
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Body() body: FormBody | null,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = body ?? {};
    const found = await this.interests.ofToken(token);
    if (!found) {
      show(reply, await this.answerPage(page, request, token));
      return;
    }
    const by = { firmId: found.contact.firmId, contactId: found.contact.id };
    const asked = one(form, 'do');
    await tried(
      reply,
      () => answerAs(this.interests, by, found.opportunity.id, form),
      (issues) => this.answerPage(page, request, token, { form, issues }),
      () => this.answerPage(page, request, token, { done: ticked(form, 'undo') ? 'taken-back' : isAnswer(asked) ? asked : undefined }),
    );
  }

  private async answerPage(
    page: PageContext,
    request: FastifyRequest,
    token: string,
    after: { form?: FormBody; issues?: Parameters<typeof AnswerPage>[0]['issues']; done?: Answer | 'taken-back' | undefined } = {},
  ) {
    const found = await this.interests.ofToken(token);
    if (!found) return element(MessagePage, { context: page, title: say(page.language, 'answer.title'), text: say(page.language, 'answer.unknown') });
    const { contact, opportunity } = found;
    const [firm, answers, record] = await Promise.all([
      this.firms.get(contact.firmId),
      this.interests.about(contact.firmId, [opportunity.id]),
      this.interests.recordOf(opportunity.id),
    ]);
    const { form = {}, issues = [], done } = after;
    const asked = one(form, 'do') || (request.query as { do?: unknown }).do;
    return element(AnswerPage, {
      context: inTheirs(page, request, contact),
      place: { address: `/a/${token}${languageQuery(request)}`, csrf: false },
      opportunity,
      firm: firm.name,
      answers: answers.get(opportunity.id) ?? NO_ANSWERS,
      open: this.interests.isOpen(opportunity),
      record,
      asked: !done && isAnswer(asked) ? asked : undefined,
      done,
      body: form,
      issues,
    });
  }

  @Get('u/:token')
  async stopForm(
    @Page() page: PageContext,
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Query('what') what: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const contact = await this.digests.contactOfToken(token);
    if (!contact) {
      show(reply, element(MessagePage, { context: page, title: say(page.language, 'unsubscribe.title'), text: say(page.language, 'unsubscribe.unknown') }));
    } else if (what === 'fewer') {
      show(reply, await this.fewerPage(page, request, token, contact, false));
    } else {
      const context = inTheirs(page, request, contact);
      const all = what === 'all';
      const words = all ? 'answer.stop-all' : 'unsubscribe';
      const view = element(ButtonPage, {
        context,
        title: say(context.language, `${words}.title`),
        text: say(context.language, `${words}.ask`, { email: contact.email }),
        action: `/u/${token}${all ? '/all' : ''}${languageQuery(request)}`,
        button: say(context.language, all ? 'answer.stop-all.title' : 'unsubscribe.button'),
        others: waysOut(context, token, all ? 'all' : 'stop'),
      });
      show(reply, view);
    }
  }

  /** RFC 8058: one POST from the mail client, no cookie, no redirect; the same answer for a token that is not ours. */
  @Post('u/:token')
  async stop(@Page() page: PageContext, @Req() request: FastifyRequest, @Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const contact = await this.digests.contactOfToken(token);
    if (contact) await this.digests.unsubscribe(contact.id);
    const context = inTheirs(page, request, contact);
    const { language } = context;
    show(reply, element(MessagePage, { context, title: say(language, 'unsubscribe.done.title'), text: say(language, 'unsubscribe.done') }));
  }

  @Post('u/:token/all')
  async stopAll(@Page() page: PageContext, @Req() request: FastifyRequest, @Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const contact = await this.digests.contactOfToken(token);
    if (contact) await this.digests.stopAll(contact);
    const context = inTheirs(page, request, contact);
    const { language } = context;
    const text = contact ? say(language, 'answer.stop-all.done', { email: contact.email }) : say(language, 'unsubscribe.unknown');
    show(reply, element(MessagePage, { context, title: say(language, 'answer.stop-all.title'), text }));
  }

  @Post('u/:token/fewer')
  async fewer(
    @Page() page: PageContext,
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Body() body: FormBody | null,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const contact = await this.digests.contactOfToken(token);
    if (!contact) {
      show(reply, element(MessagePage, { context: page, title: say(page.language, 'answer.fewer.title'), text: say(page.language, 'unsubscribe.unknown') }));
      return;
    }
    await tried(
      reply,
      () => this.digests.fewer(contact.id, body ?? {}),
      () => this.fewerPage(page, request, token, contact, false),
      () => this.fewerPage(page, request, token, contact, true),
    );
  }

  private async fewerPage(page: PageContext, request: FastifyRequest, token: string, contact: Contact, done: boolean) {
    const context = inTheirs(page, request, contact);
    const { language } = context;
    const found = await this.digests.fewerOf(contact.id);
    const title = say(language, 'answer.fewer.title');
    if (!found) return element(MessagePage, { context, title, text: say(language, 'answer.fewer.none', { email: contact.email }) });
    return element(FewerPage, { context, action: `/u/${token}/fewer${languageQuery(request)}`, ...found, done, others: waysOut(context, token, 'fewer') });
  }
}

/** The page in the contact's language, unless the reader has just asked for another. */
function inTheirs(page: PageContext, request: FastifyRequest, contact: Contact | null): PageContext {
  return contact && !languageQuery(request) ? { ...page, language: contact.language } : page;
}

/** What keeps the language that the reader asked for from page to page. */
function languageQuery(request: FastifyRequest): string {
  const { lang } = request.query as { lang?: unknown };
  return isLanguage(lang) ? `?lang=${lang}` : '';
}

function waysOut({ language }: PageContext, token: string, here: 'stop' | 'fewer' | 'all') {
  const ways = [
    { way: 'fewer', href: `/u/${token}?what=fewer`, text: say(language, 'answer.fewer.title') },
    { way: 'stop', href: `/u/${token}`, text: say(language, 'unsubscribe.button') },
    { way: 'all', href: `/u/${token}?what=all`, text: say(language, 'answer.stop-all.title') },
  ];
  return ways.filter(({ way }) => way !== here);
}
