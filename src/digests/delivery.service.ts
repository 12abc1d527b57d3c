import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Clock, localDate } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { sha256, Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { isReserved, type Outcome, retryAfter } from '../mail/outcome.js';
import { type RelayConnection, Transport } from '../mail/transport.js';
import { compose } from './compose.js';
import { digestHtml, digestText } from './digest.view.js';
import { candidates, type DigestState, type RecipientRow, recipients } from './digests.queries.js';
import { claimDigests, type ClaimedDigest, completeOccurrences, finishDigest, type HandOver, handOver } from './ledger.queries.js';

/** Digests a job takes at a time. */
export const CHUNK = 100;
/** A worker that has not begun a claimed digest by then is taken for dead. */
const CLAIM_MS = 10 * 60_000;
/** Longer than the relay may take to answer; after that the hand-over counts as unknown. */
const HAND_OVER_MS = 6 * 60_000;

/** Brings owed digests to their end: from the ledger to the relay and back. */
@Injectable()
export class DeliveryService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly transport: Transport,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /** One job: claims a chunk of owed digests of the occurrence and brings each to its end. */
  async deliver(occurrenceId: string): Promise<void> {
    const now = this.clock.now();
    const claim = randomUUID();
    const rows = await claimDigests(this.source.manager, occurrenceId, claim, now, new Date(now.getTime() + CLAIM_MS), CHUNK);
    if (rows.length) {
      const contactIds = rows.map((row) => row.contact_id);
      const to = await recipients(this.source.manager, contactIds, this.today());
      const wanted = await candidates(this.source.manager, contactIds, this.today());
      const connection = this.transport.open();
      try {
        for (const row of rows) await this.deliverOne(row, claim, to.get(row.contact_id), wanted.get(row.contact_id), connection);
      } finally {
        connection.close();
      }
    }
    await completeOccurrences(this.source.manager, this.clock.now());
  }

  private async deliverOne(
    row: ClaimedDigest,
    claim: string,
    to: RecipientRow | undefined,
    wanted: { items: HandOver['items']; total: number } | undefined,
    connection: RelayConnection,
  ): Promise<void> {
    const manager = this.source.manager;
    const end = (finish: { state: DigestState; reason?: string; reply?: string; retryAt?: Date }) =>
      finishDigest(manager, row.id, claim, finish, this.clock.now());
    if (!to) return end({ state: 'skipped', reason: 'gone' });
    const reason = to.reason ?? (this.env.SMTP_URL && isReserved(to.email) ? 'reserved-domain' : null);
    if (reason) return end({ state: 'skipped', reason });
    let given: HandOver;
    try {
      const built = row.message ? await this.again(row, to) : wanted?.items.length ? await this.build(row, to, wanted) : undefined;
      if (!built) {
        await end({ state: 'skipped', reason: 'nothing-new' });
        return;
      }
      given = built;
    } catch (error) {
      // one profile that breaks the template must not stop the run
      return end({ state: 'failed', reason: 'cannot-be-written', reply: (error as Error).message.slice(0, 300) });
    }
    const leaseUntil = new Date(this.clock.now().getTime() + HAND_OVER_MS);
    if (!(await handOver(manager, row.id, claim, this.today(), leaseUntil, given))) {
      const now = await recipients(manager, [row.contact_id], this.today());
      return end({ state: 'skipped', reason: now.get(row.contact_id)?.reason ?? 'gone' });
    }
    const outcome = await connection.send(to.email, given.message);
    await end(this.endOf(outcome, row));
    if (outcome.kind === 'failed' && outcome.badAddress) await this.suppress(to.email, outcome.reply);
  }

  private endOf(outcome: Outcome, row: ClaimedDigest): { state: DigestState; reason?: string; reply: string; retryAt?: Date } {
    const { reply } = outcome;
    switch (outcome.kind) {
      case 'sent':
        return { state: 'sent', reply };
      case 'unknown':
        return { state: 'unknown', reason: 'answer-lost', reply };
      case 'failed':
        return { state: 'failed', reason: outcome.badAddress ? 'bad-address' : 'refused-by-relay', reply };
      case 'deferred': {
        const wait = retryAfter(row.attempts + 1, Math.random());
        if (wait === undefined) return { state: 'failed', reason: 'gave-up', reply };
        return { state: 'queued', reply, retryAt: new Date(this.clock.now().getTime() + wait) };
      }
    }
  }

  private async build(row: ClaimedDigest, to: RecipientRow, wanted: { items: HandOver['items']; total: number }): Promise<HandOver> {
    const unsubscribeUrl = `${this.env.APP_URL}/u/${this.signer.token('unsubscribe', row.contact_id)}`;
    const model = compose({
      language: to.language,
      contactName: to.name,
      firmName: to.firm_name,
      items: wanted.items,
      total: wanted.total,
      chamber: { name: this.env.CHAMBER_NAME, address: this.env.CHAMBER_ADDRESS },
      appUrl: this.env.APP_URL,
      unsubscribeUrl,
    });
    const messageId = `d.${row.id}.${this.signer.sign('message', row.id).slice(0, 8)}@${this.transport.domain}`;
    const { raw, sha256: hash } = await this.transport.build({
      to: { name: to.name, address: to.email },
      subject: model.subject,
      text: digestText(model),
      html: digestHtml(model),
      messageId,
      date: this.clock.now(),
      language: to.language === 'zh' ? 'zh-Hans' : to.language,
      list: { id: 'digest', unsubscribeUrl },
    });
    return { messageId, subject: model.subject, language: to.language, message: raw, sha256: hash, total: wanted.total, items: wanted.items };
  }

  /** A second try sends the bytes of the first. */
  private async again(row: ClaimedDigest, to: RecipientRow): Promise<HandOver> {
    const [known] = await this.source.query<{ subject: string; message: Buffer; message_sha256: string; items_total: number }[]>(
      'select subject, message, message_sha256, items_total from digest where id = $1',
      [row.id],
    );
    if (!known) throw notFound();
    return {
      messageId: row.message_id ?? '',
      subject: known.subject,
      language: to.language,
      message: known.message,
      sha256: known.message_sha256,
      total: known.items_total,
      items: [],
    };
  }

  private async suppress(address: string, reason: string): Promise<void> {
    await this.source.query(`insert into suppression (address_sha256, stream, reason, created_at) values ($1, 'digest', $2, $3) on conflict do nothing`, [
      sha256(address.toLowerCase()),
      reason,
      this.clock.now(),
    ]);
  }

  /**
   * After a start that owns the database and the local mailbox nothing else is alive: what was claimed is owed again, and what was being handed
   * over is looked up in the mailbox, as one would in a relay's log. There, it was sent; not there, it provably was not.
   */
  async resolveAfterRestart(readMailbox: () => Promise<ReadonlySet<string>>): Promise<void> {
    const now = this.clock.now();
    await this.source.query(`update digest set state = 'queued', claim = null, lease_until = null where state = 'claimed'`);
    const open = await this.source.query<{ id: string; message_id: string }[]>(
      `select id, message_id from digest where state = 'handing_off' or (state = 'unknown' and reason in ('hand-over-lost', 'answer-lost'))`,
    );
    if (!open.length) return;
    const caught = await readMailbox();
    for (const { id, message_id } of open) {
      await this.source.query(
        caught.has(`<${message_id}>`)
          ? `update digest set state = 'sent', reason = null, reply = 'found in the mailbox', lease_until = null, finished_at = $2 where id = $1`
          : `update digest set state = 'queued', reason = null, claim = null, lease_until = null, next_attempt_at = $2, finished_at = null where id = $1`,
        [id, now],
      );
    }
    await this.source.query(
      `update occurrence o set completed_at = null where exists (select 1 from digest d where d.occurrence_id = o.id and d.state = 'queued')`,
    );
  }
}
