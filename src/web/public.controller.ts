import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { AccountsService } from '../accounts/accounts.service.js';
import { beginSession } from '../accounts/sessions.js';
import { AppError, STATUS_OF } from '../common/errors.js';
import { FirmsService } from '../firms/firms.service.js';
import { say } from '../language/say.js';
import { FONTS, STYLE } from './assets.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, given, one, ticked } from './form.js';
import { profileOf } from './profile.form.js';
import {
  AskLinkPage,
  CodePage,
  ConfirmPage,
  isOfPerson,
  LinkPage,
  MessagePage,
  RegisterPage,
  RegisterPersonPage,
  SignInPage,
  StatementPage,
} from './public.views.js';
import { SuggestionsService } from './suggestions.service.js';
import { element, show, tried } from './render.js';

/** Guessing is slow enough at this rate, a whole village behind one address still gets in. */
const GUESSABLE = { rateLimit: { max: 30, timeWindow: 60_000 } };

const homeOf = ({ role }: Account): string => (role === 'member' ? '/firm' : '/desk');

/** For good: the address changes with the bytes. */
const FOR_GOOD = 'public, max-age=31536000, immutable';

@Controller()
export class PublicController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly firms: FirmsService,
    private readonly suggestions: SuggestionsService,
  ) {}

  @Get('style.css')
  style(@Res() reply: FastifyReply): void {
    void reply.type('text/css; charset=utf-8').header('cache-control', FOR_GOOD).send(STYLE);
  }

  @Get('fonts/nastaliq.woff2')
  nastaliq(@Res() reply: FastifyReply): void {
    void reply.type('font/woff2').header('cache-control', FOR_GOOD).send(FONTS.nastaliq);
  }

  @Get('fonts/naskh.woff2')
  naskh(@Res() reply: FastifyReply): void {
    void reply.type('font/woff2').header('cache-control', FOR_GOOD).send(FONTS.naskh);
  }

  @Get('statement')
  statement(@Page() context: PageContext, @Res() reply: FastifyReply): void {
    show(reply, element(StatementPage, { context }));
  }

  @Get('register')
  registration(@Page() context: PageContext, @Res() reply: FastifyReply): void {
    show(reply, element(RegisterPage, { context, body: {}, issues: [] }));
  }

  @Post('register')
  @RouteConfig(GUESSABLE)
  async register(@Page() context: PageContext, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const suggestions = await this.suggestions.forLines(body, context.language);
    if (one(body, 'step') === 'goods') {
      show(reply, element(RegisterPersonPage, { context, body, issues: [], suggestions }));
      return;
    }
    const input = {
      ...profileOf(body),
      firmName: one(body, 'firmName'),
      contactName: one(body, 'contactName'),
      email: one(body, 'email'),
      password: one(body, 'password'),
      language: given(body, 'language') ?? context.language,
      ntn: one(body, 'ntn'),
      digestConsent: ticked(body, 'digestConsent'),
    };
    await tried(
      reply,
      () => this.firms.register(input),
      (issues) => (isOfPerson(issues) ? element(RegisterPersonPage, { context, body, issues, suggestions }) : element(RegisterPage, { context, body, issues })),
      () => element(CodePage, { context, email: one(body, 'email'), issues: [], fresh: true }),
    );
  }

  @Get('confirm')
  code(@Page() context: PageContext, @Res() reply: FastifyReply): void {
    show(reply, element(CodePage, { context, email: context.account?.email ?? '', issues: [], fresh: false }));
  }

  @Post('confirm')
  @RouteConfig(GUESSABLE)
  async confirmByCode(@Page() context: PageContext, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    await tried(
      reply,
      () => this.firms.confirm({ email: one(body, 'email'), code: one(body, 'code').replace(/\s/g, '') }),
      (issues) => element(CodePage, { context, email: one(body, 'email'), issues, fresh: false }),
      () => this.confirmed(context),
    );
  }

  @Get('confirm/:token')
  link(@Page() context: PageContext, @Param('token') token: string, @Res() reply: FastifyReply): void {
    show(reply, element(ConfirmPage, { context, token }));
  }

  @Post('confirm/:token')
  @RouteConfig(GUESSABLE)
  async confirmByLink(@Page() context: PageContext, @Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    await tried(
      reply,
      () => this.firms.confirm({ token }),
      (issues) => element(CodePage, { context, email: '', issues, fresh: false }),
      () => this.confirmed(context),
    );
  }

  private confirmed(context: PageContext) {
    const { language } = context;
    const link = context.account ? { href: '/firm', text: say(language, 'nav.firm') } : { href: '/sign-in', text: say(language, 'sign-in.button') };
    return element(MessagePage, { context, title: say(language, 'confirm.done.title'), text: say(language, 'confirm.done'), link });
  }

  @Get('sign-in')
  signInForm(@Page() context: PageContext, @Query('back') back: string | undefined, @Res() reply: FastifyReply): void {
    show(reply, element(SignInPage, { context, email: '', back: back ?? '', issues: [] }));
  }

  @Post('sign-in')
  @RouteConfig(GUESSABLE)
  async signIn(@Page() context: PageContext, @Body() body: FormBody, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const back = one(body, 'back');
    try {
      const account = await this.accounts.signIn({ email: one(body, 'email'), password: one(body, 'password') });
      await beginSession(request, account);
      // only a plain path of our own; two slashes, or one and a tab, would lead to another house
      await reply.redirect(/^\/(?!\/)[\w\-./?=&%]*$/.test(back) ? back : homeOf(account), 303);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      show(reply, element(SignInPage, { context, email: one(body, 'email'), back, issues: error.issues }), STATUS_OF[error.code]);
    }
  }

  @Get('sign-in/link')
  linkForm(@Page() context: PageContext, @Res() reply: FastifyReply): void {
    show(reply, element(AskLinkPage, { context, email: '', issues: [] }));
  }

  @Post('sign-in/link')
  @RouteConfig(GUESSABLE)
  async askForLink(@Page() context: PageContext, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const { language } = context;
    await tried(
      reply,
      () => this.accounts.askForLink({ email: one(body, 'email') }),
      (issues) => element(AskLinkPage, { context, email: one(body, 'email'), issues }),
      () => element(MessagePage, { context, title: say(language, 'link.asked.title'), text: say(language, 'link.asked') }),
    );
  }

  /** Mail scanners open links, so only a button signs in. */
  @Get('sign-in/link/:token')
  async byLinkForm(@Page() context: PageContext, @Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    try {
      const { email } = await this.accounts.ofLink(token);
      show(reply, element(LinkPage, { context, token, email, issues: [] }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      show(reply, element(AskLinkPage, { context, email: '', issues: error.issues }));
    }
  }

  @Post('sign-in/link/:token')
  @RouteConfig(GUESSABLE)
  async signInByLink(
    @Page() context: PageContext,
    @Param('token') token: string,
    @Body() body: FormBody,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    try {
      const account = await this.accounts.signInByLink(token, { password: given(body, 'password') });
      await beginSession(request, account);
      await reply.redirect(homeOf(account), 303);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const ofToken = error.issues.some(({ field }) => field === 'token');
      const view = ofToken
        ? element(AskLinkPage, { context, email: '', issues: error.issues })
        : element(LinkPage, { context, token, email: '', issues: error.issues });
      show(reply, view, STATUS_OF[error.code]);
    }
  }

  @Post('sign-out')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await request.session.destroy();
    await reply.redirect('/', 303);
  }
}
