import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { HealthService } from '../api/health.service.js';
import { type Issue, notFound, parse } from '../common/errors.js';
import { sha256 } from '../common/tokens.js';
import { DigestsService } from '../digests/digests.service.js';
import { ledgerQuery, RunsService } from '../digests/runs.service.js';
import { FirmsService } from '../firms/firms.service.js';
import { readMail } from '../mail/mailbox.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, one } from './form.js';
import { HealthPage } from './health.views.js';
import { MAIL_FRAME_POLICY } from './mailbox.controller.js';
import { HTML, attach, element, show, tried } from './render.js';
import { DryRunPage, FirmPreviewPage, MailPage, ResendPage, RunPage, type RunProps, RunsPage } from './runs.views.js';

/** A running run's page renews itself after so many seconds. */
const RENEW_S = 10;

/** What the chamber sees of its digest runs, and the few things it decides about them. */
@Controller('desk')
export class RunsController {
  constructor(
    private readonly digests: DigestsService,
    private readonly runs: RunsService,
    private readonly firms: FirmsService,
    private readonly health: HealthService,
  ) {}

  @Get('digests')
  async list(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, element(RunsPage, { context, runs: await this.digests.runs(50) }));
  }

  @Post('digests')
  async runNow(@Res() reply: FastifyReply): Promise<void> {
    await this.digests.runNow();
    await reply.redirect('/desk/digests', 303);
  }

  @Get('digests/dry-run')
  async dryRun(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, element(DryRunPage, { context, forecasts: await this.runs.forecast() }));
  }

  /** `?still` keeps the page of a running run from renewing itself. */
  @Get('digests/:occurrenceId')
  async run(
    @Page() context: PageContext,
    @Param('occurrenceId') id: string,
    @Query() query: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { lang: _, still, ...asked } = query;
    const given = parse(ledgerQuery, asked);
    const view = await this.runView(context, id, given, still === undefined && given.after === undefined, []);
    // by a header: it needs no script, and a reader can stop it on the page
    if (view.renews) void reply.header('refresh', String(RENEW_S));
    show(reply, element(RunPage, view));
  }

  private async runView(context: PageContext, id: string, only: z.output<typeof ledgerQuery>, mayRenew: boolean, issues: readonly Issue[]): Promise<RunProps> {
    const run = await this.runs.run(id);
    const { items, next } = await this.runs.ledger(id, only);
    const going = run.done < run.total && !run.halted_at;
    return { context, run, ledger: items, next, only, going, renews: going && mayRenew, issues };
  }

  @Post('digests/:occurrenceId/resume')
  async resume(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('occurrenceId') id: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await tried(
      reply,
      () => this.runs.resume(id, { reason: one(body, 'reason') }, caller.id),
      async (issues) => element(RunPage, await this.runView(context, id, { limit: 50 }, false, issues)),
      `/desk/digests/${id}`,
    );
  }

  /** A digest as it was handed over: both parts, headers, and whether its bytes are still those. */
  @Get('mails/:digestId')
  async mail(@Page() context: PageContext, @Param('digestId') id: string, @Res() reply: FastifyReply): Promise<void> {
    const digest = await this.runs.sent(id);
    const [mail, resends] = await Promise.all([readMail(digest.message), this.runs.resends(id)]);
    const end = digest.message.indexOf('\r\n\r\n');
    const headers = digest.message.subarray(0, end < 0 ? undefined : end).toString('latin1');
    show(reply, element(MailPage, { context, digest, resends, text: mail.text ?? '', headers, whole: sha256(digest.message) === digest.message_sha256 }));
  }

  /** Its HTML part, shown without any power of its own. */
  @Get('mails/:digestId/html')
  async html(@Param('digestId') id: string, @Res() reply: FastifyReply): Promise<void> {
    const mail = await readMail((await this.runs.sent(id)).message);
    frame(reply, mail.html || '');
  }

  /** Its bytes, as they went to the relay. */
  @Get('mails/:digestId/source.eml')
  async source(@Param('digestId') id: string, @Res() reply: FastifyReply): Promise<void> {
    const { message } = await this.runs.sent(id);
    attach(reply, 'message/rfc822', `${id}.eml`, message);
  }

  @Get('mails/:digestId/resend')
  async resendForm(@Page() context: PageContext, @Param('digestId') id: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.resendView(context, id, []));
  }

  @Post('mails/:digestId/resend')
  async resend(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Param('digestId') id: string,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await tried(
      reply,
      () => this.runs.resend(id, { seen: one(body, 'seen') || undefined }, caller.id),
      (issues) => this.resendView(context, id, issues),
      `/desk/mails/${id}`,
    );
  }

  private async resendView(context: PageContext, id: string, issues: readonly Issue[]) {
    const digest = await this.runs.sent(id);
    const refusal = digest.state === 'unknown' ? await this.runs.refusal(digest.contact_id) : null;
    return element(ResendPage, { context, digest, refusal, issues });
  }

  @Get('firms/:firmId/preview')
  async preview(@Page() context: PageContext, @Param('firmId') firmId: string, @Res() reply: FastifyReply): Promise<void> {
    const firm = await this.firms.get(firmId);
    const contacts = await this.firms.contactsOf(firmId);
    const previews = await Promise.all(contacts.map(async (contact) => ({ contact, preview: await this.runs.preview(contact.id) })));
    show(reply, element(FirmPreviewPage, { context, firm, previews }));
  }

  @Get('firms/:firmId/preview/:contactId')
  async previewHtml(@Param('firmId') firmId: string, @Param('contactId') contactId: string, @Res() reply: FastifyReply): Promise<void> {
    await this.firms.get(firmId);
    if (!(await this.firms.contactsOf(firmId)).some(({ id }) => id === contactId)) throw notFound();
    const preview = await this.runs.preview(contactId);
    frame(reply, 'html' in preview ? preview.html : '');
  }

  @Get('health')
  async healthPage(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, element(HealthPage, { context, health: await this.health.now() }));
  }
}

/** The HTML of a mail for a frame of ours: nothing in it runs, and nothing is fetched. */
function frame(reply: FastifyReply, html: string): void {
  void reply.type(HTML).header('content-security-policy', MAIL_FRAME_POLICY).header('x-frame-options', 'SAMEORIGIN').send(html);
}
