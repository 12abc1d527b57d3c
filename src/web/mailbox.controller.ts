import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { notFound } from '../common/errors.js';
import { MAILBOX } from '../mail/mail.module.js';
import type { CaughtMail, Mailbox } from '../mail/mailbox.js';
import { Page, type PageContext } from './context.js';
import { MailboxMailPage, MailboxPage } from './mailbox.views.js';
import { element, HTML, show } from './render.js';

/** A mail is shown in a frame where nothing runs and nothing is fetched; its inline styles are all it may have. */
export const MAIL_FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation";

/** All mail that was caught instead of sent; there only where SMTP_URL is not set, and only for this machine. */
@Controller('mailbox')
export class MailboxController {
  constructor(@Inject(MAILBOX) private readonly box: Mailbox) {}

  @Get()
  async list(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, element(MailboxPage, { context, mails: await this.box.messages(200) }));
  }

  @Get('messages.json')
  messages(): Promise<CaughtMail[]> {
    return this.box.messages();
  }

  @Get(':id')
  async mail(@Page() context: PageContext, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, element(MailboxMailPage, { context, mail: await this.found(id) }));
  }

  @Get(':id/html')
  async html(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const mail = await this.found(id);
    void reply.type(HTML).header('content-security-policy', MAIL_FRAME_POLICY).header('x-frame-options', 'SAMEORIGIN').send(mail.html);
  }

  private async found(id: string): Promise<CaughtMail> {
    const mail = await this.box.message(id);
    if (!mail) throw notFound();
    return mail;
  }
}
