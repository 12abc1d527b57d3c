import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { SecondFactorService } from '../accounts/second-factor.service.js';
import { beginSession } from '../accounts/sessions.js';
import { AppError, STATUS_OF, type Issue } from '../common/errors.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, one } from './form.js';
import { element, show } from './render.js';
import { CodePage, EnrolledPage, EnrolPage, RecoveryCodesPage, SetupPage } from './second-factor.views.js';

const GUESSABLE = { rateLimit: { max: 30, timeWindow: 60_000 } };
/** Only a plain path of our own, as at the sign-in. */
const backOf = (given: string | undefined): string => (/^\/(?!\/)[\w\-./?=&%]*$/.test(given ?? '') ? (given ?? '') : '/desk');

/** The second thing that an account of the chamber signs in with: giving it, setting it up, and setting it up anew. */
@Controller('second-factor')
export class SecondFactorController {
  constructor(private readonly factors: SecondFactorService) {}

  @Get()
  async ask(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Query('back') back: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    show(reply, await this.pageFor(context, caller, request, backOf(back), []));
  }

  /** What the account has to do next: set it up, give a code, or nothing. */
  private async pageFor(context: PageContext, caller: Account, request: FastifyRequest, back: string, issues: readonly Issue[]) {
    const enrolment = await this.factors.of(caller.id);
    if (!enrolment.enrolledAt) return element(EnrolPage, { context, back });
    if (request.session.get('factor')) return element(EnrolledPage, { context, enrolment, issues });
    return element(CodePage, { context, back, issues });
  }

  @Post('enrolment')
  @RouteConfig(GUESSABLE)
  async enrol(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Body() body: FormBody,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const back = backOf(one(body, 'back'));
    await this.refused(reply, context, caller, request, back, async () => show(reply, await this.setupPage(context, caller, back, [])));
  }

  private async setupPage(context: PageContext, caller: Account, back: string, issues: readonly Issue[]) {
    const { secret, uri } = await this.factors.begin(caller);
    const { toString } = await import('qrcode');
    const picture = await toString(uri, { type: 'svg', margin: 2 });
    return element(SetupPage, { context, back, secret, picture: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`, issues });
  }

  @Post()
  @RouteConfig(GUESSABLE)
  async give(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Body() body: FormBody,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const back = backOf(one(body, 'back'));
    await this.refused(reply, context, caller, request, back, async () => {
      const { recoveryCodes } = await this.factors.take(caller.id, { code: one(body, 'code') });
      await beginSession(request, caller, true);
      if (recoveryCodes) show(reply, element(RecoveryCodesPage, { context, codes: recoveryCodes, back }));
      else await reply.redirect(back, 303);
    });
  }

  /** A new phone, or new recovery codes: a last code of the old factor, and it is set up anew. All other sessions end. */
  @Post('renewal')
  @RouteConfig(GUESSABLE)
  async renew(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Body() body: FormBody,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.refused(reply, context, caller, request, '/desk', async () => {
      await this.factors.take(caller.id, { code: one(body, 'code') });
      await this.factors.forget(caller.id);
      await beginSession(request, caller);
      await reply.redirect('/second-factor', 303);
    });
  }

  /** A refusal shows the page that asks again. */
  private async refused(
    reply: FastifyReply,
    context: PageContext,
    caller: Account,
    request: FastifyRequest,
    back: string,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { enrolledAt } = await this.factors.of(caller.id);
      // somebody who is setting it up goes on with the picture before their eyes
      const settingUp = !enrolledAt && error.code !== 'Conflict';
      const view = settingUp ? await this.setupPage(context, caller, back, error.issues) : await this.pageFor(context, caller, request, back, error.issues);
      show(reply, view, STATUS_OF[error.code]);
    }
  }
}
