import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Language } from '../language/language.js';
import { isReserved, type Outcome, retryAfter } from './outcome.js';
import { type SecurityPurpose, securityMailView } from './security-mail.view.js';
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

interface Row {
  id: string;
  purpose: SecurityPurpose;
  subject_id: string;
  nonce: string;
  recipient_name: string;
  recipient: string;
  language: Language;
  attempts: number;
  created_at: Date;
}

const LEASE_MS = 360_000;

/**
 * Mail about signing in and confirming. Other than a digest it may come twice rather than not at all: a lost answer of the relay
 * means one more try with the same Message-ID.
 */
@Injectable()
export class SecurityMailService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly transport: Transport,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  /** Writes the owed mail; the caller commits, then enqueues `mail.security`. */
  async owe(manager: EntityManager, mail: SecurityMail): Promise<void> {
    await manager.query(
      `insert into security_mail (purpose, subject_id, nonce, recipient_name, recipient, language, created_at, next_attempt_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [mail.purpose, mail.subjectId, mail.nonce, mail.name, mail.email, mail.language, this.clock.now()],
    );
  }

  /** How many are owed and nobody is at work on them. Index: security_mail_owed. */
  async owed(): Promise<number> {
    const [row] = await this.source.query<{ n: string }[]>(
      `select count(*) n from security_mail where state in ('queued', 'claimed') and next_attempt_at <= $1 and (lease_until is null or lease_until < $1)`,
      [this.clock.now()],
    );
    return Number(row?.n);
  }

  /** All that is owed, tries that were put off too, and since when the oldest of it. Index: security_mail_owed. */
  async backlog(): Promise<{ owed: number; oldest: Date | null }> {
    const [row] = await this.source.query<{ owed: number; oldest: Date | null }[]>(
      `select count(*)::int owed, min(created_at) oldest from security_mail where state in ('queued', 'claimed')`,
    );
    return row ?? { owed: 0, oldest: null };
  }

  /** Sends all that is owed now. Several at once do not disturb each other. */
  async deliverOwed(): Promise<void> {
    const connection = this.transport.open();
    try {
      for (let row = await this.claim(); row; row = await this.claim()) await this.deliver(row, (to, raw) => connection.send(this.env.MAIL_FROM, to, raw));
    } finally {
      connection.close();
    }
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

  private async claim(): Promise<(Row & { claim: string }) | undefined> {
    const claim = randomUUID();
    const now = this.clock.now();
    const [rows] = await this.source.query<[Row[], number]>(
      `update security_mail set state = 'claimed', claim = $1, lease_until = $3, attempts = attempts + 1
       where id = (select id from security_mail where state in ('queued', 'claimed') and next_attempt_at <= $2
                   and (lease_until is null or lease_until < $2) order by next_attempt_at, id limit 1 for update skip locked)
       returning *`,
      [claim, now, new Date(now.getTime() + LEASE_MS)],
    );
    const row = rows[0];
    return row && { ...row, claim };
  }

  private async deliver(row: Row & { claim: string }, send: (to: string, raw: Buffer) => Promise<Outcome>): Promise<void> {
    const view = securityMailView({
      purpose: row.purpose,
      name: row.recipient_name,
      language: row.language,
      chamber: { name: this.env.CHAMBER_NAME, address: this.env.CHAMBER_ADDRESS },
      link: this.env.APP_URL + this.pathOf(row),
      code: this.signer.code('confirm', row.subject_id, row.nonce),
    });
    let outcome: Outcome;
    if (this.env.SMTP_URL && isReserved(row.recipient)) {
      outcome = { kind: 'failed', reply: 'reserved domain', blame: 'mail' };
    } else {
      const { raw } = await this.transport.build({
        ...view,
        to: { name: row.recipient_name, address: row.recipient },
        messageId: `s.${row.id}@${this.transport.domain}`,
        date: row.created_at,
        language: row.language,
      });
      outcome = await send(row.recipient, raw);
    }
    const wait = outcome.kind === 'deferred' || (outcome.kind === 'unknown' && row.attempts < 2) ? retryAfter(row.attempts, Math.random()) : undefined;
    const state = wait !== undefined ? 'queued' : outcome.kind === 'sent' || outcome.kind === 'unknown' ? 'sent' : 'failed';
    const now = this.clock.now();
    await this.source.query(
      `update security_mail set state = $3, reply = $4, lease_until = null, next_attempt_at = coalesce($5, next_attempt_at), finished_at = $6
       where id = $1 and claim = $2 and state = 'claimed'`,
      [row.id, row.claim, state, outcome.reply, wait === undefined ? null : new Date(now.getTime() + wait), wait === undefined ? now : null],
    );
  }
}
