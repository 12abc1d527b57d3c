import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Clock } from '../common/clock.js';
import type { Env } from '../config/env.js';
import type { Language } from '../language/language.js';
import { isReserved, type Outcome, retryAfter } from './outcome.js';
import type { Transport } from './transport.js';

/** What every owed mail's row has. */
export interface OwedMail {
  readonly id: string;
  readonly attempts: number;
  readonly created_at: Date;
}

/** A mail, made when it is sent. */
export interface Letter {
  readonly to: { readonly name: string; readonly address: string };
  readonly language: Language;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Backlog {
  readonly owed: number;
  readonly oldest: Date | null;
}

const LEASE_MS = 360_000;

/**
 * Mails that somebody waits for, owed in a table of their own kind and made when they are sent. Other than a digest one may come twice rather than not at
 * all: a lost answer of the relay means one more try, with the same Message-ID.
 */
export class Outbox<R extends OwedMail> {
  /**
   * @param table with the columns state, attempts, next_attempt_at, claim, lease_until, reply, created_at and finished_at, and an index of those owed
   * @param prefix tells the Message-IDs of the tables apart
   * @param write null where the mail has become pointless, or has nobody to go to
   */
  constructor(
    private readonly house: { readonly source: DataSource; readonly env: Env; readonly transport: Transport; readonly clock: Clock },
    private readonly table: 'security_mail' | 'introduction_mail',
    private readonly prefix: string,
    private readonly write: (row: R) => Promise<Letter | null>,
  ) {}

  /** How many are owed and nobody is at work on them. Index: the table's of owed ones. */
  async owed(): Promise<number> {
    const [row] = await this.house.source.query<{ n: string }[]>(
      `select count(*) n from ${this.table} where state in ('queued', 'claimed') and next_attempt_at <= $1 and (lease_until is null or lease_until < $1)`,
      [this.house.clock.now()],
    );
    return Number(row?.n);
  }

  /** All that is owed, tries that were put off too, and since when the oldest of it. Index: the table's of owed ones. */
  async backlog(): Promise<Backlog> {
    const [row] = await this.house.source.query<Backlog[]>(
      `select count(*)::int owed, min(created_at) oldest from ${this.table} where state in ('queued', 'claimed')`,
    );
    return row ?? { owed: 0, oldest: null };
  }

  /** Sends all that is owed now. Several at once do not disturb each other. */
  async deliverOwed(): Promise<void> {
    const connection = this.house.transport.open();
    try {
      for (let row = await this.claim(); row; row = await this.claim())
        await this.deliver(row, (to, raw) => connection.send(this.house.env.MAIL_FROM, to, raw));
    } finally {
      connection.close();
    }
  }

  private async claim(): Promise<(R & { claim: string }) | undefined> {
    const claim = randomUUID();
    const now = this.house.clock.now();
    const [rows] = await this.house.source.query<[R[], number]>(
      `update ${this.table} set state = 'claimed', claim = $1, lease_until = $3, attempts = attempts + 1
       where id = (select id from ${this.table} where state in ('queued', 'claimed') and next_attempt_at <= $2
                   and (lease_until is null or lease_until < $2) order by next_attempt_at, id limit 1 for update skip locked)
       returning *`,
      [claim, now, new Date(now.getTime() + LEASE_MS)],
    );
    const row = rows[0];
    return row && { ...row, claim };
  }

  private async deliver(row: R & { claim: string }, send: (to: string, raw: Buffer) => Promise<Outcome>): Promise<void> {
    const letter = await this.write(row);
    const outcome = letter && (await this.handOver(row, letter, send));
    const wait = outcome?.kind === 'deferred' || (outcome?.kind === 'unknown' && row.attempts < 2) ? retryAfter(row.attempts, Math.random()) : undefined;
    const end = outcome === null ? 'skipped' : outcome.kind === 'sent' || outcome.kind === 'unknown' ? 'sent' : 'failed';
    const now = this.house.clock.now();
    await this.house.source.query(
      `update ${this.table} set state = $3, reply = $4, lease_until = null, next_attempt_at = coalesce($5, next_attempt_at), finished_at = $6
       where id = $1 and claim = $2 and state = 'claimed'`,
      [
        row.id,
        row.claim,
        wait === undefined ? end : 'queued',
        outcome?.reply ?? null,
        wait === undefined ? null : new Date(now.getTime() + wait),
        wait === undefined ? now : null,
      ],
    );
  }

  private async handOver(row: R, letter: Letter, send: (to: string, raw: Buffer) => Promise<Outcome>): Promise<Outcome> {
    if (this.house.env.SMTP_URL && isReserved(letter.to.address)) return { kind: 'failed', reply: 'reserved domain', blame: 'mail' };
    const { transport } = this.house;
    const { raw } = await transport.build({ ...letter, messageId: `${this.prefix}.${row.id}@${transport.domain}`, date: row.created_at });
    return send(letter.to.address, raw);
  }
}
