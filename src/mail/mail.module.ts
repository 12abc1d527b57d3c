import { type DynamicModule, Module } from '@nestjs/common';
import type { Env } from '../config/env.js';
import { Mailbox } from './mailbox.js';
import { SecurityMailService } from './security-mail.service.js';
import { Transport } from './transport.js';

/** Null where SMTP_URL names a relay. */
export const MAILBOX = Symbol('MAILBOX');

@Module({})
export class MailModule {
  /** @param relayUrl SMTP_URL, or the address of the local mailbox's listener */
  static with(env: Env, relayUrl: string, mailbox: Mailbox | null): DynamicModule {
    return {
      module: MailModule,
      global: true,
      providers: [{ provide: Transport, useValue: new Transport(env, relayUrl) }, { provide: MAILBOX, useValue: mailbox }, SecurityMailService],
      exports: [Transport, MAILBOX, SecurityMailService],
    };
  }
}
