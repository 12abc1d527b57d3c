import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import type { DataSource, Repository } from 'typeorm';
import { z } from 'zod';
import { Clock, isZone } from '../common/clock.js';
import { AppError, notFound, parse } from '../common/errors.js';
import { whole } from '../common/text.js';
import { Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Contact } from '../firms/firm.entity.js';
import { JobsService } from '../jobs/jobs.service.js';
import { CHUNK } from './delivery.service.js';
import { ensureSubscriptions, ledger, type LedgerRow, openOccurrence, rhythms, runs, type RunRow } from './digests.queries.js';
import { completeOccurrences, lapseLeases, owedDigests } from './ledger.queries.js';
import { Subscription } from './subscription.entity.js';
import { CADENCES, due, lastScheduled } from './window.js';

export const subscriptionSchema = z.strictObject({
  cadence: z.enum(CADENCES),
  weekday: whole(1, 7),
  hour: whole(0, 23),
  zone: z.string().refine(isZone, { error: 'not-a-zone' }),
  threshold: whole(40, 100),
  maxItems: whole(1, 15),
});

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

  /** Owes every digest that has fallen due. Any number of workers may plan at once. */
  async plan(): Promise<void> {
    const now = this.clock.now();
    await ensureSubscriptions(this.source.manager, this.env.CHAMBER_TIME_ZONE);
    for (const rhythm of await rhythms(this.source.manager)) {
      const scheduled = due(rhythm, now);
      if (!scheduled) continue;
      const opened = await this.source.transaction((manager) => openOccurrence(manager, rhythm, scheduled, now, { alsoLater: false }));
      await this.wake(opened.id, opened.owed);
    }
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
    for (const rhythm of await rhythms(this.source.manager)) {
      const scheduled = lastScheduled(rhythm, now);
      if (!scheduled) continue;
      const opened = await this.source.transaction((manager) => openOccurrence(manager, rhythm, scheduled, now, { alsoLater: true }));
      await this.wake(opened.id, opened.owed);
      owed += opened.owed;
    }
    await completeOccurrences(this.source.manager, now);
    return owed;
  }

  private async wake(occurrenceId: string, owed: number): Promise<void> {
    const chunks = Array.from({ length: Math.ceil(owed / CHUNK) }, (_, chunk) => ({ occurrenceId, chunk }));
    await this.jobs.enqueueAll('digests.deliver', chunks);
  }

  /** The sweeper's part: lapsed leases, owed digests that nobody was woken for, finished occurrences. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    await lapseLeases(this.source.manager, now);
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
    await ensureSubscriptions(this.source.manager, this.env.CHAMBER_TIME_ZONE);
    return this.subscriptions.findOneBy({ contactId });
  }

  /** Changes rhythm and limits; a contact that had stopped its digests, or never asked for them, thereby asks for them. */
  async subscribe(contactId: string, input: unknown): Promise<void> {
    const given = parse(subscriptionSchema, input);
    const now = this.clock.now();
    await this.source.transaction(async (manager) => {
      await manager.query(`update contact set digest_consent_at = coalesce(digest_consent_at, $2) where id = $1`, [contactId, now]);
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

  runs(limit = 20): Promise<RunRow[]> {
    return runs(this.source.manager, limit);
  }

  ledgerOfOccurrence(occurrenceId: string): Promise<LedgerRow[]> {
    return ledger(this.source.manager, { occurrenceId }, 1000);
  }

  ledgerOfFirm(firmId: string, limit = 20): Promise<LedgerRow[]> {
    return ledger(this.source.manager, { firmId }, limit);
  }

  /** A message as it was sent. */
  async message(digestId: string): Promise<{ subject: string; raw: Buffer }> {
    const [row] = await this.source.query<{ subject: string; message: Buffer | null }[]>('select subject, message from digest where id = $1', [digestId]);
    if (!row?.message) throw notFound();
    return { subject: row.subject, raw: row.message };
  }

  /** Whether a digest of any occurrence is still on its way. */
  async running(): Promise<number> {
    const [row] = await this.source.query<{ n: number }[]>(`select count(*)::int n from digest where state in ('queued', 'claimed', 'handing_off')`);
    return row?.n ?? 0;
  }

  /** @throws AppError NotFound */
  async occurrence(id: string): Promise<RunRow> {
    const found = (await this.runs(1000)).find((run) => run.id === id);
    if (!found) throw new AppError('NotFound');
    return found;
  }
}
