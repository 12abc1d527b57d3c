import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import type { DataSource, Repository } from 'typeorm';
import { z } from 'zod';
import { Clock, isZone, localDate } from '../common/clock.js';
import { notFound, parse } from '../common/errors.js';
import { whole } from '../common/text.js';
import { Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Contact } from '../firms/firm.entity.js';
import { JobsService } from '../jobs/jobs.service.js';
import { isReserved, type Outcome, retryAfter } from '../mail/outcome.js';
import { returnPath } from '../mail/return-path.js';
import { type RelayConnection, Transport } from '../mail/transport.js';
import { digestUrls, UNSIGNED } from './answer-links.js';
import {
  candidates,
  claimDigests,
  type ClaimedDigest,
  completeOccurrences,
  type DigestState,
  ensureSubscriptions,
  finishDigest,
  type Flow,
  flowOf,
  type HandOver,
  handOver,
  lapseLeases,
  ledger,
  type LedgerRow,
  openOccurrence,
  owedDigests,
  type RecipientRow,
  recipients,
  rhythms,
  rhythmsInAHurry,
  rhythmsOfNewReaders,
  runs,
  type RunRow,
  skipLate,
  type Wanted,
} from './digests.queries.js';
import { type Fewer, fewerThan, STEPS } from './fewer.js';
import { Subscription } from './subscription.entity.js';
import { addressSha256, suppress } from './suppressions.queries.js';
import { CADENCES, due, lastScheduled, type Rhythm, type Scheduled, starterDue, startOfDay, urgentDue } from './window.js';
import { writeDigest, type Written } from './write.js';

/** Digests a job takes at a time. */
export const CHUNK = 100;
/** A worker that has not begun a claimed digest by then is taken for dead. */
const CLAIM_MS = 10 * 60_000;
/** Longer than the relay may take to answer; after that the hand-over counts as unknown. */
const HAND_OVER_MS = 6 * 60_000;

export const subscriptionSchema = z.strictObject({
  cadence: z.enum(CADENCES),
  weekday: whole(1, 7),
  hour: whole(0, 23),
  zone: z.string().refine(isZone, { error: 'not-a-zone' }),
  threshold: whole(40, 100),
  maxItems: whole(1, 15),
});

/** One of the two ways to get fewer mails. */
export const fewerSchema = z.union([z.strictObject({ cadence: z.enum(STEPS) }), z.strictObject({ threshold: whole(41, 100) })]);

/** Why an address gets nothing but security mail, where its reader wished it so: the one reason that subscribing again undoes. */
const ASKED = 'asked';

@Injectable()
export class DigestsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @InjectRepository(Subscription) private readonly subscriptions: Repository<Subscription>,
    @InjectRepository(Contact) private readonly contacts: Repository<Contact>,
    @Inject(ENV) private readonly env: Env,
    private readonly transport: Transport,
    private readonly signer: Signer,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /**
   * Owes every digest that has fallen due: those of a rhythm, first lists, and what cannot wait, in this order, for a contact gets one mail a day. Any
   * number of workers may plan at once.
   */
  async plan(): Promise<void> {
    const { manager } = this.source;
    const now = this.clock.now();
    await ensureSubscriptions(manager, this.env.CHAMBER_TIME_ZONE);
    await skipLate(manager, now);
    for (const rhythm of await rhythms(manager)) await this.owe(rhythm, due(rhythm, now), now, 'regular');
    for (const rhythm of await rhythmsOfNewReaders(manager, this.today(), now)) await this.owe(rhythm, starterDue(rhythm, now), now, 'starter');
    for (const rhythm of await rhythmsInAHurry(manager, this.today())) await this.owe(rhythm, urgentDue(rhythm, now), now, 'urgent');
    await completeOccurrences(manager, now);
  }

  /**
   * Runs the current occurrence of every rhythm now, whatever the weekday, for everybody who has not had it: the first start's run, and the
   * administrator's. Those who had it already have their row, and get nothing twice.
   * @returns how many digests were newly owed
   */
  async runNow(): Promise<number> {
    const now = this.clock.now();
    await ensureSubscriptions(this.source.manager, this.env.CHAMBER_TIME_ZONE);
    let owed = 0;
    for (const rhythm of await rhythms(this.source.manager)) owed += await this.owe(rhythm, lastScheduled(rhythm, now), now, 'everybody');
    await completeOccurrences(this.source.manager, now);
    return owed;
  }

  /** @returns how many digests were newly owed */
  private async owe(rhythm: Rhythm, scheduled: Scheduled | null, now: Date, whom: Parameters<typeof openOccurrence>[4]): Promise<number> {
    if (!scheduled) return 0;
    const times = { today: this.today(), dueAt: whom === 'everybody' ? now : scheduled.at, dayStart: startOfDay(rhythm.zone, now), now };
    const opened = await openOccurrence(this.source.manager, rhythm, scheduled, times, whom);
    if (opened) await this.wake(opened.id, opened.owed);
    return opened?.owed ?? 0;
  }

  private async wake(occurrenceId: string, owed: number): Promise<void> {
    const chunks = Array.from({ length: Math.ceil(owed / CHUNK) }, (_, chunk) => ({ occurrenceId, chunk }));
    await this.jobs.enqueueAll('digests.deliver', chunks);
  }

  /** The sweeper's part: lapsed leases, owed digests that nobody was woken for, finished occurrences. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    await lapseLeases(this.source.manager, now);
    await skipLate(this.source.manager, now);
    const owed = await owedDigests(this.source.manager, now);
    if (owed.length) {
      let waiting = await this.jobs.waiting('digests');
      for (const { occurrence_id, owed: n } of owed) {
        const chunks = Math.ceil(n / CHUNK);
        await this.wake(occurrence_id, Math.max(0, chunks - waiting) * CHUNK);
        waiting = Math.max(0, waiting - chunks);
      }
    }
    await completeOccurrences(this.source.manager, now);
  }

  /** One job: claims a chunk of owed digests of the occurrence and brings each to its end. */
  async deliver(occurrenceId: string): Promise<void> {
    const now = this.clock.now();
    const claim = randomUUID();
    const rows = await claimDigests(this.source.manager, occurrenceId, claim, now, new Date(now.getTime() + CLAIM_MS), CHUNK);
    if (rows.length) {
      const contactIds = rows.map((row) => row.contact_id);
      const to = await recipients(this.source.manager, contactIds, this.today(), now);
      const wanted = await candidates(this.source.manager, contactIds, this.today(), occurrenceId);
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
    wanted: Wanted | undefined,
    connection: RelayConnection,
  ): Promise<void> {
    const manager = this.source.manager;
    const end = (finish: { state: DigestState; reason?: string; reply?: string; retryAt?: Date }) =>
      finishDigest(manager, row.id, claim, finish, this.clock.now());
    if (!to) return end({ state: 'skipped', reason: 'gone' });
    const shut = row.resends > 0 && to.reason === 'one-a-day' ? null : to.reason; // a person has decided that it may be a second one
    const reason = shut ?? (this.env.SMTP_URL && isReserved(to.email) ? 'reserved-domain' : null);
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
      const now = await recipients(manager, [row.contact_id], this.today(), this.clock.now());
      return end({ state: 'skipped', reason: now.get(row.contact_id)?.reason ?? 'gone' });
    }
    const outcome = await connection.send(to.email, given.message, this.returnPath(row.id));
    await end(this.endOf(outcome, row));
    if (outcome.kind === 'failed' && outcome.badAddress) {
      const found = { addressSha256: addressSha256(to.email), kind: 'bad-address', reason: outcome.reply, until: null, by: null } as const;
      await manager.transaction((tx) => suppress(tx, found, this.clock.now()));
    }
  }

  /** Envelope sender of a digest; without a bounce domain the sender's address. */
  private returnPath(digestId: string): string | undefined {
    return this.env.BOUNCE_DOMAIN && returnPath(this.signer, digestId, this.env.BOUNCE_DOMAIN);
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

  /** @throws AppError NotFound where the contact never agreed to digests */
  async subscription(contactId: string): Promise<Subscription | null> {
    await ensureSubscriptions(this.source.manager, this.env.CHAMBER_TIME_ZONE);
    return this.subscriptions.findOneBy({ contactId });
  }

  /**
   * The next ordinary digest of a contact as it would be written now; its buttons are unsigned and lead nowhere.
   * @returns null where nothing new fits, so that no mail would go out
   * @throws AppError NotFound where the contact never agreed to digests
   */
  async preview(contactId: string): Promise<Written | null> {
    const { manager } = this.source;
    await ensureSubscriptions(manager, this.env.CHAMBER_TIME_ZONE);
    const to = (await recipients(manager, [contactId], this.today(), this.clock.now())).get(contactId);
    if (!to) throw notFound();
    const wanted = (await candidates(manager, [contactId], this.today(), null)).get(contactId);
    return wanted ? writeDigest(this.env, to, wanted, digestUrls(this.env.APP_URL, UNSIGNED, contactId)) : null;
  }

  /** What the thresholds of a subscription would let through, from what was published lately. */
  flow(firmId: string): Promise<Flow> {
    return flowOf(this.source.manager, firmId, this.clock.now());
  }

  /** Changes rhythm and limits; a contact that had stopped its digests, or never asked for them, thereby asks for them. */
  async subscribe(contactId: string, input: unknown): Promise<void> {
    const given = parse(subscriptionSchema, input);
    const now = this.clock.now();
    await this.source.transaction(async (manager) => {
      const [contact] = await manager.query<{ email: string }[][]>(
        `update contact set digest_consent_at = coalesce(digest_consent_at, $2) where id = $1 returning email`,
        [contactId, now],
      );
      await manager.query(`delete from suppression where address_sha256 = $1 and stream = 'all' and reason = $2`, [
        addressSha256(contact?.[0]?.email ?? ''),
        ASKED,
      ]);
      await manager.query(
        `insert into subscription (contact_id, cadence, weekday, hour, zone, threshold, max_items, since) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (contact_id) do update set cadence = excluded.cadence, weekday = excluded.weekday, hour = excluded.hour, zone = excluded.zone,
           threshold = excluded.threshold, max_items = excluded.max_items, unsubscribed_at = null,
           since = case when subscription.cadence <> excluded.cadence or subscription.unsubscribed_at is not null then excluded.since else subscription.since end`,
        [contactId, given.cadence, given.weekday, given.hour, given.zone, given.threshold, given.maxItems, now],
      );
    });
  }

  /** The contact that an unsubscribe token names, if the token is ours. */
  async contactOfToken(token: string): Promise<Contact | null> {
    const id = Signer.idOf(token);
    if (!id || !this.signer.matches(token, 'unsubscribe', id)) return null;
    return this.contacts.findOneBy({ id });
  }

  /** Stops the digests of a contact, before the next hand-over even in the middle of a run. Again changes nothing. */
  async unsubscribe(contactId: string): Promise<void> {
    await this.source.query(
      `insert into subscription (contact_id, zone, since, unsubscribed_at) values ($1, $2, $3, $3)
       on conflict (contact_id) do update set unsubscribed_at = coalesce(subscription.unsubscribed_at, excluded.unsubscribed_at)`,
      [contactId, this.env.CHAMBER_TIME_ZONE, this.clock.now()],
    );
  }

  /**
   * Stops everything but security mail to the address of a contact: the digests of each contact with it, and by the address itself whatever else is
   * ever mailed. Undone for a contact when its person, signed in, starts the digests again.
   */
  async stopAll(contact: Pick<Contact, 'id' | 'email'>): Promise<void> {
    const now = this.clock.now();
    await this.source.transaction(async (manager) => {
      await manager.query(
        `insert into suppression (address_sha256, stream, kind, reason, created_at) values ($1, 'all', 'by-hand', $2, $3) on conflict do nothing`,
        [addressSha256(contact.email), ASKED, now],
      );
      // index: contact_email
      await manager.query(
        `insert into subscription (contact_id, zone, since, unsubscribed_at) select id, $2, $3, $3 from contact where lower(email) = lower($1)
         on conflict (contact_id) do update set unsubscribed_at = coalesce(subscription.unsubscribed_at, excluded.unsubscribed_at)`,
        [contact.email, this.env.CHAMBER_TIME_ZONE, now],
      );
    });
  }

  /**
   * Fewer mails than now: less often, or closer matches only. What would be more, or is so already, changes nothing; nor does it start stopped ones.
   * @throws AppError Invalid
   */
  async fewer(contactId: string, input: unknown): Promise<void> {
    const given = parse(fewerSchema, input);
    if ('threshold' in given) {
      await this.source.query('update subscription set threshold = greatest(threshold, $2) where contact_id = $1', [contactId, given.threshold]);
      return;
    }
    await this.source.query(
      `update subscription set cadence = $2, since = $4
       where contact_id = $1 and unsubscribed_at is null and array_position($3::text[], cadence) < array_position($3::text[], $2)`,
      [contactId, given.cadence, STEPS, this.clock.now()],
    );
  }

  /** What would be fewer mails for a contact; null where it gets none anyhow. */
  async fewerOf(contactId: string): Promise<{ now: Pick<Subscription, 'cadence' | 'threshold'>; fewer: Fewer } | null> {
    const now = await this.subscription(contactId);
    return now && !now.unsubscribedAt && now.cadence !== 'off' ? { now, fewer: fewerThan(now) } : null;
  }

  runs(limit = 20): Promise<RunRow[]> {
    return runs(this.source.manager, limit);
  }

  ledgerOfFirm(firmId: string, limit = 20): Promise<LedgerRow[]> {
    return ledger(this.source.manager, firmId, limit);
  }

  /** Whether a digest of any occurrence is still on its way. */
  async running(): Promise<number> {
    const [row] = await this.source.query<{ n: number }[]>(`select count(*)::int n from digest where state in ('queued', 'claimed', 'handing_off')`);
    return row?.n ?? 0;
  }
}
