import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { Clock, localDate } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { keyedPool } from '../database/data-source.js';
import { type Blame, isReserved, type Outcome, retryAfter } from '../mail/outcome.js';
import { returnPath } from '../mail/return-path.js';
import { Transport } from '../mail/transport.js';
import { digestUrls } from './answer-links.js';
import { candidates, type RecipientRow, recipients, type Wanted } from './digests.queries.js';
import { HandOvers, patiently, type Written } from './hand-overs.js';
import {
  claimDigests,
  type ClaimedDigest,
  completeOccurrences,
  domainsRefusing,
  type End,
  type Gate,
  halt,
  type HandOver,
  numbered,
  settle,
  written,
} from './ledger.queries.js';
import { addressSha256, suppress } from './suppressions.queries.js';
import { writeDigest } from './write.js';

/** Digests a job takes at a time. */
export const CHUNK = 100;
/** A worker that has not begun a claimed digest by then is taken for dead. */
const CLAIM_MS = 10 * 60_000;
/** Longer than the relay may take to answer; after that the hand-over counts as unknown. */
const HAND_OVER_MS = 6 * 60_000;
/** So many domains that refuse by policy are not all wrong. */
const REFUSING_DOMAINS = 3;
/** Why a digest failed; none where it is our own fault: then the run is halted, and the digest waits with the others. */
const REASON_OF: Readonly<Record<Blame, string | null>> = { address: 'bad-address', policy: 'refused-by-policy', mail: 'refused-by-relay', sender: null };

/** A claimed digest on its way to its end. */
interface Claimed extends Written {
  readonly row: ClaimedDigest;
  readonly occurrenceId: string;
}

/** Why the recipient may not be handed the digest now; that it may be a second one of the day a person has decided. */
const against = (row: ClaimedDigest, { reason }: RecipientRow): string | null => (row.resends > 0 && reason === 'one-a-day' ? null : reason);

/** Brings owed digests to their end: from the ledger to the relay and back. */
@Injectable()
export class DeliveryService implements OnModuleDestroy {
  private readonly log = new Logger('digests');
  private readonly handOvers: HandOvers;
  private pool: pg.Pool | undefined;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly transport: Transport,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {
    this.handOvers = new HandOvers(
      Array.from({ length: env.MAIL_CONNECTIONS }, () => transport.open()),
      {
        settle: (ends, gates) => this.settle(ends, gates),
        endOf: (digest, outcome) => this.endOf((digest as Claimed).row, digest.claim, outcome),
        after: (digest, outcome) => this.after(digest as Claimed, outcome),
      },
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.handOvers.close();
    await this.pool?.end();
  }

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /** One job: claims a chunk of owed digests of the occurrence and brings each to its end. */
  async deliver(occurrenceId: string): Promise<void> {
    const now = this.clock.now();
    const claim = randomUUID();
    const rows = await claimDigests(this.source.manager, occurrenceId, claim, now, new Date(now.getTime() + CLAIM_MS), CHUNK);
    if (rows.length) await this.bring(rows, claim, occurrenceId);
    // after a whole chunk there is most likely another; should there be none, the sweeper sees it
    if (rows.length < CHUNK) await completeOccurrences(this.source.manager, this.clock.now());
  }

  private async bring(rows: readonly ClaimedDigest[], claim: string, occurrenceId: string): Promise<void> {
    const { manager } = this.source;
    const contactIds = rows.map((row) => row.contact_id);
    const [to, wanted, before] = await Promise.all([
      recipients(manager, contactIds, this.today(), this.clock.now()),
      candidates(manager, contactIds, this.today(), occurrenceId),
      written(
        manager,
        rows.filter((row) => row.written).map(({ id }) => id),
      ),
    ]);
    const ends: End[] = [];
    const able: { readonly row: ClaimedDigest; readonly to: RecipientRow; readonly make: () => Promise<HandOver> }[] = [];
    for (const row of rows) {
      const recipient = to.get(row.contact_id);
      const reason = recipient ? (against(row, recipient) ?? (this.env.SMTP_URL && isReserved(recipient.email) ? 'reserved-domain' : null)) : 'gone';
      const known = before.get(row.id);
      const of = wanted.get(row.contact_id);
      if (!recipient || reason) ends.push({ id: row.id, claim, state: 'skipped', reason: reason ?? 'gone' });
      else if (known) able.push({ row, to: recipient, make: () => Promise.resolve(known) });
      else if (of?.items.length) able.push({ row, to: recipient, make: () => this.build(row, recipient, of) });
      else ends.push({ id: row.id, claim, state: 'skipped', reason: 'nothing-new' });
    }
    const waits = await this.waits(able.map(({ to: { email } }) => email));
    const begun: Promise<unknown>[] = [];
    const shut: ClaimedDigest[] = [];
    for (const [i, { row, to: recipient, make }] of able.entries()) {
      const wait = waits[i] ?? 0;
      if (wait > 0) {
        ends.push({ id: row.id, claim, state: 'queued', retryAt: new Date(this.clock.now().getTime() + wait) });
        continue;
      }
      await this.handOvers.wanted();
      await setImmediate(); // what is on its way goes on meanwhile
      try {
        const digest: Claimed = { id: row.id, claim, given: await make(), from: this.returnPath(row.id), to: recipient.email, row, occurrenceId };
        begun.push(
          this.handOvers.take(digest).then(
            (gate) => gate === 'shut' && shut.push(row),
            (error: unknown) => {
              this.log.warn(`digest ${row.id} waits: ${(error as Error).message}`);
              shut.push(row);
            },
          ),
        );
      } catch (error) {
        // one profile that breaks the template must not stop the run
        this.log.error(`digest ${row.id} cannot be written: ${(error as Error).message}`);
        ends.push({ id: row.id, claim, state: 'failed', reason: 'cannot-be-written', reply: (error as Error).message.slice(0, 300) });
      }
    }
    if (ends.length) await patiently(() => this.settle(ends, []));
    await Promise.all(begun);
    if (shut.length) await patiently(() => this.turnedAway(shut, claim));
  }

  /** Whose gate was shut is skipped with the reason, or is owed again, as when the run is halted; a claim that is ours no longer is somebody else's to end. */
  private async turnedAway(rows: readonly ClaimedDigest[], claim: string): Promise<void> {
    const now = await recipients(
      this.source.manager,
      rows.map((row) => row.contact_id),
      this.today(),
      this.clock.now(),
    );
    await this.settle(
      rows.map((row) => {
        const { id } = row;
        const found = now.get(row.contact_id);
        const reason = found ? against(row, found) : 'gone';
        // the mail of today may be this very one: opened by a step whose answer was lost, and certainly not handed over
        return reason && reason !== 'one-a-day' ? { id, claim, state: 'skipped', reason } : { id, claim, state: 'queued' };
      }),
      [],
    );
  }

  private async settle(ends: readonly End[], gates: readonly Gate[]): Promise<ReadonlySet<string>> {
    const now = this.clock.now();
    const { name, text, values } = settle(ends, gates, now, this.today(), new Date(now.getTime() + HAND_OVER_MS));
    const { rows } = await (this.pool ??= keyedPool(this.source)).query<{ id: string }>({ name, text, values });
    return new Set(rows.map(({ id }) => id));
  }

  private endOf(row: ClaimedDigest, claim: string, outcome: Outcome): End {
    const { reply } = outcome;
    const of = { id: row.id, claim, reply };
    switch (outcome.kind) {
      case 'sent':
        return { ...of, state: 'sent' };
      case 'unknown':
        return { ...of, state: 'unknown', reason: 'answer-lost' };
      case 'failed': {
        const reason = REASON_OF[outcome.blame];
        return reason ? { ...of, state: 'failed', reason } : this.later(row, of);
      }
      case 'deferred':
        return this.later(row, of);
    }
  }

  private later(row: ClaimedDigest, of: Pick<End, 'id' | 'claim' | 'reply'>): End {
    const wait = retryAfter(row.attempts + 1, Math.random());
    if (wait === undefined) return { ...of, state: 'failed', reason: 'gave-up' };
    return { ...of, state: 'queued', retryAt: new Date(this.clock.now().getTime() + wait) };
  }

  /** What a refusal means for other digests. */
  private async after({ occurrenceId, to }: Claimed, outcome: Outcome): Promise<void> {
    if (outcome.kind !== 'failed') return;
    if (outcome.blame === 'address') await this.suppress(to, outcome.reply);
    const ours = outcome.blame === 'sender' || (outcome.blame === 'policy' && (await domainsRefusing(this.source.manager, occurrenceId)) >= REFUSING_DOMAINS);
    if (ours && (await halt(this.source.manager, occurrenceId, outcome.reply, this.clock.now())))
      this.log.error(`run ${occurrenceId} is halted: the relay refuses us, not the recipients: ${outcome.reply}`);
  }

  /**
   * Lets a halted run go on: what is owed, and what was refused by policy and provably not sent, is owed now. The owed rows are found by the sweeper.
   * @throws AppError Conflict where it is not halted (any more)
   */
  async resume(occurrenceId: string, by: { readonly accountId: string | null; readonly reason: string }): Promise<void> {
    const now = this.clock.now();
    await this.source.transaction(async (manager) => {
      const [, resumed] = await manager.query<[unknown[], number]>(
        `update occurrence set halted_at = null, resumed_at = $2, resumed_by = $3, resumed_reason = $4, completed_at = null
         where id = $1 and halted_at is not null returning id`,
        [occurrenceId, now, by.accountId, by.reason],
      );
      if (!resumed) throw conflict('form', 'run-not-halted');
      await manager.query(
        `update digest set state = 'queued', reason = null, claim = null, finished_at = null, next_attempt_at = $2
         where occurrence_id = $1 and (state = 'queued' or (state = 'failed' and reason = 'refused-by-policy'))`,
        [occurrenceId, now],
      );
    });
    this.log.warn(`run ${occurrenceId} is resumed: ${by.reason}`);
  }

  /** Milliseconds that each must wait so that no more go out in a minute than may; 0 for those that may go now. */
  private async waits(addresses: readonly string[]): Promise<number[]> {
    const { MAIL_PER_MINUTE: all, MAIL_PER_MINUTE_PER_DOMAIN: each } = this.env;
    const minutes = addresses.map(() => 0);
    if (each && addresses.length) {
      const numbers = await numbered(
        this.source.manager,
        addresses.map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()),
      );
      numbers.forEach((number, i) => (minutes[i] = Math.floor((number - 1) / each)));
    }
    // those that their domain lets go now ask once more, for all
    const now = minutes.flatMap((minute, i) => (minute ? [] : [i]));
    if (all && now.length) {
      const numbers = await numbered(
        this.source.manager,
        now.map(() => '*'),
      );
      now.forEach((i, n) => (minutes[i] = Math.floor(((numbers[n] ?? 1) - 1) / all)));
    }
    return minutes.map((minute) => (minute ? minute * 60_000 + Math.random() * 5000 : 0));
  }

  private async build(row: ClaimedDigest, to: RecipientRow, wanted: Wanted): Promise<HandOver> {
    const urls = digestUrls(this.env.APP_URL, this.signer, row.contact_id);
    const { subject, html, text, items } = writeDigest(this.env, to, wanted, urls);
    const messageId = `d.${row.id}.${this.signer.sign('message', row.id).slice(0, 8)}@${this.transport.domain}`;
    const { raw, sha256: hash } = await this.transport.build({
      to: { name: to.name, address: to.email },
      subject,
      text,
      html,
      messageId,
      date: this.clock.now(),
      language: to.language === 'zh' ? 'zh-Hans' : to.language,
      list: { id: 'digest', unsubscribeUrl: urls.stop },
    });
    return { messageId, subject, language: to.language, message: raw, sha256: hash, total: wanted.total, items };
  }

  private async suppress(address: string, reply: string): Promise<void> {
    const found = { addressSha256: addressSha256(address), kind: 'bad-address', reason: reply, until: null, by: null } as const;
    await this.source.transaction((manager) => suppress(manager, found, this.clock.now()));
  }

  /** Envelope sender of a digest; without a bounce domain the sender's address. */
  private returnPath(digestId: string): string {
    return this.env.BOUNCE_DOMAIN ? returnPath(this.signer, digestId, this.env.BOUNCE_DOMAIN) : this.env.MAIL_FROM;
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
