import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { conflict, notFound, parse } from '../common/errors.js';
import { cursor, type Page, pageOf } from '../common/paging.js';
import { line } from '../common/text.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { JobsService } from '../jobs/jobs.service.js';
import { DeliveryService } from './delivery.service.js';
import { type LedgerRow, recipients, rhythms } from './digests.queries.js';
import { fates, preview, type Preview } from './preview.js';
import {
  ledgerPage,
  owedBacklog,
  requeueUnknown,
  type Resend,
  resendsOf,
  runDetail,
  type RunDetail,
  type SentDigest,
  sentDigest,
  subscribersOf,
} from './runs.queries.js';
import { lastScheduled } from './window.js';

/** Which rows of a run's ledger; an empty field of a form is one not given. */
export const ledgerQuery = z.strictObject({
  state: z.enum(['queued', 'claimed', 'handing_off', 'sent', 'failed', 'skipped', 'unknown']).optional(),
  reason: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** `seen` guards against a second press: how often it had been sent again when the person decided. */
export const resendSchema = z.strictObject({ seen: z.coerce.number().int().min(0).max(1000) });

export const resumeSchema = z.strictObject({ reason: line(300) });

const BY_NEED = z.tuple([z.string().regex(/^\d$/), z.string().max(300), z.uuid()]);

/** How a run goes. */
export interface Run extends RunDetail {
  /** Seconds until the rest is done, at the pace of the last ten minutes; null where that cannot be said. */
  readonly restSeconds: number | null;
}

/** What the digests of one cadence would come to. */
export interface Forecast {
  readonly cadence: string;
  /** The current occurrence, which a run by hand would run. */
  readonly key: string;
  /** `sent` or the reason why not, to number: for everybody in this rhythm … */
  readonly all: Readonly<Record<string, number>>;
  /** … and for those whom the current occurrence does not owe anything yet. */
  readonly now: Readonly<Record<string, number>>;
}

/** What the chamber sees of its digest runs, and the few things a person decides about them. */
@Injectable()
export class RunsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly delivery: DeliveryService,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /** @throws AppError NotFound */
  async run(id: string): Promise<Run> {
    const now = this.clock.now();
    const run = await runDetail(this.source.manager, id, now);
    if (!run) throw notFound();
    const seconds = Math.min(600, (now.getTime() - run.opened_at.getTime()) / 1000);
    const going = !run.completed_at && !run.halted_at && run.total > run.done;
    return { ...run, restSeconds: going && run.recent > 0 && seconds > 0 ? Math.ceil(((run.total - run.done) * seconds) / run.recent) : null };
  }

  async ledger(occurrenceId: string, given: z.output<typeof ledgerQuery>): Promise<Page<LedgerRow>> {
    const rows = await ledgerPage(this.source.manager, occurrenceId, given, cursor(given.after, BY_NEED), given.limit + 1);
    return pageOf(rows, given.limit, ({ rank, firm_name, id }) => [String(rank), firm_name, id]);
  }

  /**
   * Lets a halted run go on; who did it, when and why is kept.
   * @throws AppError NotFound; Conflict where it is not halted (any more)
   */
  async resume(occurrenceId: string, input: unknown, by: string): Promise<void> {
    const { reason } = parse(resumeSchema, input);
    await this.run(occurrenceId);
    await this.delivery.resume(occurrenceId, { accountId: by, reason });
    await this.jobs.enqueue('digests.deliver', { occurrenceId, chunk: 0 });
  }

  /**
   * A digest as it was handed over, byte for byte.
   * @throws AppError NotFound where it was never written
   */
  async sent(digestId: string): Promise<SentDigest> {
    const found = await sentDigest(this.source.manager, digestId);
    if (!found) throw notFound();
    return found;
  }

  resends(digestId: string): Promise<Resend[]> {
    return resendsOf(this.source.manager, digestId);
  }

  /** Why the gate would refuse this contact now; null where it would not. */
  async refusal(contactId: string): Promise<string | null> {
    const to = (await recipients(this.source.manager, [contactId], this.today(), this.clock.now())).get(contactId);
    // that it may be a second mail of the day is what the person decides
    return !to ? 'gone' : to.reason === 'one-a-day' ? null : to.reason;
  }

  /**
   * Hands an unknown digest over once more: the same bytes under the same Message-ID, through the same gate. What it is good for and what it costs is
   * a person's to weigh; who did it and when is kept.
   * @throws AppError NotFound; Conflict where it is not unknown (any more), or the gate is shut
   */
  async resend(digestId: string, input: unknown, by: string): Promise<void> {
    const { seen } = parse(resendSchema, input);
    const digest = await this.sent(digestId);
    const reason = digest.state === 'unknown' ? await this.refusal(digest.contact_id) : null;
    if (reason) throw conflict('form', 'resend-refused');
    if (!(await requeueUnknown(this.source.manager, digestId, seen, by, this.clock.now()))) throw conflict('form', 'resend-not-unknown');
    await this.jobs.enqueue('digests.deliver', { occurrenceId: digest.occurrence_id, chunk: 0 });
  }

  /** What the contact's next digest would be, or why there would be none. */
  preview(contactId: string): Promise<Preview> {
    return preview(this.source.manager, this.env, contactId, this.today(), this.clock.now());
  }

  /** What a run would do now, cadence by cadence, in a transaction that may not write. */
  async forecast(): Promise<Forecast[]> {
    const now = this.clock.now();
    return this.source.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('set transaction read only');
      const found = new Map<string, { cadence: string; key: string; all: Record<string, number>; now: Record<string, number> }>();
      for (const rhythm of await rhythms(manager)) {
        const scheduled = lastScheduled(rhythm, now);
        if (!scheduled) continue;
        const of = found.get(scheduled.key) ?? { cadence: rhythm.cadence, key: scheduled.key, all: {}, now: {} };
        found.set(scheduled.key, of);
        const subscribers = await subscribersOf(manager, rhythm, scheduled.key);
        const fate = await fates(
          manager,
          this.env,
          subscribers.map((one) => one.contact_id),
          this.today(),
          now,
        );
        for (const { contact_id, fresh } of subscribers) {
          const what = fate.get(contact_id) ?? 'gone';
          of.all[what] = (of.all[what] ?? 0) + 1;
          if (fresh) of.now[what] = (of.now[what] ?? 0) + 1;
        }
      }
      return [...found.values()];
    });
  }

  /** Digests that are owed, and since when the oldest of them. */
  backlog(): Promise<{ owed: number; oldest: Date | null }> {
    return owedBacklog(this.source.manager);
  }
}
