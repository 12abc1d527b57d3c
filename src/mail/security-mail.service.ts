import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Language } from '../language/language.js';
import { type Backlog, type Letter, Outbox, type OwedMail } from './outbox.js';
import { securityLetter, type SecurityPurpose } from './security-letter.js';
import { Transport } from './transport.js';

/** A mail that a person is waiting for. Its links and codes are derived when it is built; none is stored. */
export interface SecurityMail {
  readonly purpose: SecurityPurpose;
  readonly subjectId: string;
  readonly nonce: string;
  readonly name: string;
  readonly email: string;
  readonly language: Language;
}

interface Row extends OwedMail {
  readonly purpose: SecurityPurpose;
  readonly subject_id: string;
  readonly nonce: string;
  readonly recipient_name: string;
  readonly recipient: string;
  readonly language: Language;
}

/** Mail about signing in and confirming. */
@Injectable()
export class SecurityMailService {
  private readonly outbox: Outbox<Row>;

  constructor(
    @InjectDataSource() source: DataSource,
    @Inject(ENV) private readonly env: Env,
    transport: Transport,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {
    this.outbox = new Outbox<Row>({ source, env, transport, clock }, 'security_mail', 's', (row) => Promise.resolve(this.letter(row)));
  }

  /** Writes the owed mail; the caller commits, then enqueues `mail.security`. */
  async owe(manager: EntityManager, mail: SecurityMail): Promise<void> {
    await manager.query(
      `insert into security_mail (purpose, subject_id, nonce, recipient_name, recipient, language, created_at, next_attempt_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [mail.purpose, mail.subjectId, mail.nonce, mail.name, mail.email, mail.language, this.clock.now()],
    );
  }

  owed(): Promise<number> {
    return this.outbox.owed();
  }

  backlog(): Promise<Backlog> {
    return this.outbox.backlog();
  }

  deliverOwed(): Promise<void> {
    return this.outbox.deliverOwed();
  }

  private letter(row: Row): Letter {
    const view = securityLetter({
      purpose: row.purpose,
      name: row.recipient_name,
      language: row.language,
      chamber: { name: this.env.CHAMBER_NAME, address: this.env.CHAMBER_ADDRESS },
      link: this.env.APP_URL + this.pathOf(row),
      code: this.signer.code('confirm', row.subject_id, row.nonce),
    });
    return { ...view, to: { name: row.recipient_name, address: row.recipient }, language: row.language };
  }

  private pathOf({ purpose, subject_id: id, nonce }: Row): string {
    switch (purpose) {
      case 'confirm':
        return `/confirm/${this.signer.token('confirm', id, nonce)}`;
      case 'sign-in':
        return `/sign-in/link/${this.signer.token('sign-in', id, nonce)}`;
      case 'already-registered':
        return '/sign-in';
    }
  }
}
