import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
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
import { USUAL_THRESHOLD } from '../matching/matching.service.js';
import { digestUrls, UNSIGNED } from './answer-links.js';
import { CHUNK } from './delivery.service.js';
import {
  candidates,
  ensureSubscriptions,
  type Flow,
  flowOf,
  ledger,
  type LedgerRow,
  openOccurrence,
  recipients,
  rhythms,
  rhythmsInAHurry,
  rhythmsOfNewReaders,
  runs,
  type RunRow,
  silenceOf,
  skipLate,
} from './digests.queries.js';
import { type Fewer, fewerThan, STEPS } from './fewer.js';
import { completeOccurrences, forgetRates, lapseLeases, owedDigests } from './ledger.queries.js';
import { type Check, checksOf } from './silence.js';
import { Subscription } from './subscription.entity.js';
import { addressSha256 } from './suppressions.queries.js';
import { CADENCES, due, lastScheduled, type Rhythm, type Scheduled, starterDue, startOfDay, urgentDue } from './window.js';
import { writeDigest, type Written } from './write.js';

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

/** Why a contact gets digests, or does not. */
export interface Silence {
  readonly contactId: string;
  readonly name: string;
  /** The lowest score that it wants to be told of. */
  readonly threshold: number;
  readonly checks: readonly Check[];
}

/** Why an address gets nothing but security mail, where its reader wished it so: the one reason that subscribing again undoes. */
const ASKED = 'asked';

@Injectable()
export class DigestsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @InjectRepository(Subscription) private readonly subscriptions: Repository<Subscription>,
    @InjectRepository(Contact) private readonly contacts: Repository<Contact>,
    @Inject(ENV) private readonly env: Env,
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
    await ensureSubscriptions(manager, this.env.CHAMBER_TIME_ZONE, null);
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
    await ensureSubscriptions(this.source.manager, this.env.CHAMBER_TIME_ZONE, null);
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
    await forgetRates(this.source.manager);
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

  /** @throws AppError NotFound where the contact never agreed to digests */
  async subscription(contactId: string): Promise<Subscription | null> {
    const known = await this.subscriptions.findOneBy({ contactId });
    if (known) return known;
    await ensureSubscriptions(this.source.manager, this.env.CHAMBER_TIME_ZONE, contactId);
    return this.subscriptions.findOneBy({ contactId });
  }

  /**
   * The next ordinary digest of a contact as it would be written now; its buttons are unsigned and lead nowhere.
   * @returns null where nothing new fits, so that no mail would go out
   * @throws AppError NotFound where the contact never agreed to digests
   */
  async preview(contactId: string): Promise<Written | null> {
    const { manager } = this.source;
    await ensureSubscriptions(manager, this.env.CHAMBER_TIME_ZONE, contactId);
    const to = (await recipients(manager, [contactId], this.today(), this.clock.now())).get(contactId);
    if (!to) throw notFound();
    const wanted = (await candidates(manager, [contactId], this.today(), null)).get(contactId);
    return wanted ? writeDigest(this.env, to, wanted, digestUrls(this.env.APP_URL, UNSIGNED, contactId)) : null;
  }

  /** What the thresholds of a subscription would let through, from what was published lately. */
  flow(firmId: string): Promise<Flow> {
    return flowOf(this.source.manager, firmId, this.clock.now());
  }

  /** For each contact of a firm, what has to be so for digests to come, and what of it is not. */
  async silence(firmId: string): Promise<Silence[]> {
    const { manager } = this.source;
    const people = await manager.query<{ id: string }[]>('select id from contact where firm_id = $1', [firmId]);
    for (const { id } of people) await ensureSubscriptions(manager, this.env.CHAMBER_TIME_ZONE, id);
    const contacts = await silenceOf(manager, firmId, this.today(), this.env.CHAMBER_TIME_ZONE);
    const wanted = await candidates(
      manager,
      contacts.map(({ contactId }) => contactId),
      this.today(),
      null,
    );
    return contacts.map((facts) => {
      const { contactId, name, threshold } = facts;
      return { contactId, name, threshold, checks: checksOf({ ...facts, fresh: wanted.get(contactId)?.items.length ?? 0 }) };
    });
  }

  /** The lowest score that any contact of a firm wants to be told of. Index: contact_email_of_firm. */
  async thresholdOf(firmId: string): Promise<number> {
    const [row] = await this.source.query<{ threshold: number | null }[]>(
      'select min(s.threshold)::int threshold from subscription s join contact c on c.id = s.contact_id where c.firm_id = $1',
      [firmId],
    );
    return row?.threshold ?? USUAL_THRESHOLD;
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
    return ledger(this.source, firmId, limit);
  }

  /** Whether a digest of any occurrence is still on its way. */
  async running(): Promise<number> {
    const [row] = await this.source.query<{ n: number }[]>(`select count(*)::int n from digest where state in ('queued', 'claimed', 'handing_off')`);
    return row?.n ?? 0;
  }
}
