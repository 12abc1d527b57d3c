import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Worker } from 'bullmq';
import type { DataSource } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service.js';
import { DeliveryService } from '../digests/delivery.service.js';
import { DigestsService } from '../digests/digests.service.js';
import { IntroductionMailService } from '../introductions/introduction-mail.service.js';
import { IntroductionsService } from '../introductions/introductions.service.js';
import { CanaryService } from '../jobs/canary.service.js';
import { CONCURRENCY, type Handlers, type JobName, JOBS, QUEUES } from '../jobs/jobs.js';
import { JobsService, QUEUE_BACKEND } from '../jobs/jobs.service.js';
import type { QueueBackend } from '../jobs/queues.js';
import { SecurityMailService } from '../mail/security-mail.service.js';
import { MatchingService } from '../matching/matching.service.js';
import { MeetingsService } from '../meetings/meetings.service.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';

/** How often the sweeper looks for what is owed. */
const SWEEP_MS = 10_000;
/** One sweeper at a time among all workers. */
const SWEEP_LOCK = 7_263_003;

/** Does the jobs, and looks by SQL for whatever is owed and was never woken for: losing the whole queue loses nothing. */
@Injectable()
export class WorkerService {
  private readonly log = new Logger('worker');
  private readonly handlers: Handlers;
  private workers: Worker[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    @InjectDataSource() private readonly source: DataSource,
    private readonly jobs: JobsService,
    private readonly canary: CanaryService,
    private readonly matching: MatchingService,
    private readonly digests: DigestsService,
    private readonly delivery: DeliveryService,
    private readonly opportunities: OpportunitiesService,
    private readonly securityMail: SecurityMailService,
    private readonly accounts: AccountsService,
    private readonly introductions: IntroductionsService,
    private readonly introductionMail: IntroductionMailService,
    private readonly meetings: MeetingsService,
  ) {
    this.handlers = {
      'matching.opportunity': ({ opportunityId }) => this.matching.matchOpportunity(opportunityId),
      'matching.firm': ({ firmId }) => this.matching.matchFirm(firmId),
      'digests.plan': () => this.digests.plan(),
      'digests.deliver': ({ occurrenceId }) => this.delivery.deliver(occurrenceId),
      'mail.security': () => this.securityMail.deliverOwed(),
      'mail.introductions': () => this.introductionMail.deliverOwed(),
      'introductions.clock': () => this.introductions.tick(),
      'meetings.plan': ({ dayId }) => this.meetings.plan(dayId),
      'accounts.forget-sessions': () => this.accounts.forgetSessions(),
      'opportunities.expire': async () => {
        await this.opportunities.expire();
      },
      'canary.matching': () => this.canary.sing('matching'),
      'canary.digests': () => this.canary.sing('digests'),
      'canary.mail': () => this.canary.sing('mail'),
      'canary.upkeep': () => this.canary.sing('upkeep'),
    };
  }

  /** Begins to work; a sweep comes at once, for the last process may have been killed. */
  start(): void {
    this.workers = QUEUES.map((name) => {
      const worker = this.backend.worker(name, (job) => this.run(job), { concurrency: CONCURRENCY[name] });
      worker.on('error', (error) => this.log.debug(`${name}: ${error.message}`));
      worker.on('failed', (job, error) => this.log.error(`${job?.name ?? name} failed: ${error.message}`));
      return worker;
    });
    const tick = () => (this.sweeping = this.sweeping.then(() => this.sweep()));
    this.timer = setInterval(() => void tick(), SWEEP_MS);
    void tick();
  }

  /** Does one job. Names and payloads are checked here once more: a queue may hold jobs of an older version. */
  async run(job: { name: string; data: unknown }): Promise<void> {
    if (!Object.hasOwn(JOBS, job.name)) throw new Error(`no handler for ${job.name}`);
    const name = job.name as JobName;
    await (this.handlers[name] as (payload: unknown) => Promise<void>)(JOBS[name].payload.parse(job.data));
  }

  /** Everything owed, found in the rows. Never throws: the next tick looks again. */
  async sweep(): Promise<void> {
    const runner = this.source.createQueryRunner();
    try {
      const [lock] = (await runner.query('select pg_try_advisory_lock($1) ours', [SWEEP_LOCK])) as { ours: boolean }[];
      if (!lock?.ours) return;
      try {
        await this.jobs.ensureSchedules().catch((error: unknown) => this.log.warn(`schedules: ${(error as Error).message}`));
        for (const queue of await this.canary.quiet()) await this.jobs.enqueue(`canary.${queue}`, {});
        await this.sweepMatching();
        await this.digests.sweep();
        if ((await this.introductions.dueNow()) > 0 && (await this.jobs.waiting('upkeep')) === 0) await this.jobs.enqueue('introductions.clock', {});
        await this.sweepMeetings();
        if ((await this.introductionMail.owed()) > 0 && (await this.jobs.waiting('mail')) === 0) await this.jobs.enqueue('mail.introductions', {});
        if ((await this.securityMail.owed()) > 0 && (await this.jobs.waiting('mail')) === 0) await this.jobs.enqueue('mail.security', {});
      } finally {
        await runner.query('select pg_advisory_unlock($1)', [SWEEP_LOCK]);
      }
    } catch (error) {
      this.log.warn(`sweep: ${(error as Error).message}`);
    } finally {
      await runner.release();
    }
  }

  private async sweepMeetings(): Promise<void> {
    const owed = await this.meetings.owed();
    if (!owed.length || (await this.jobs.waiting('upkeep')) > 0) return;
    await this.jobs.enqueueAll(
      'meetings.plan',
      owed.map((dayId) => ({ dayId })),
    );
  }

  private async sweepMatching(): Promise<void> {
    const owed = await this.matching.owed(200);
    await this.matching.seeOwed(owed);
    if (!owed.length || (await this.jobs.waiting('matching')) > 0) return;
    await this.jobs.enqueueAll(
      'matching.firm',
      owed.filter((o) => o.side === 'firm').map((o) => ({ firmId: o.id })),
    );
    await this.jobs.enqueueAll(
      'matching.opportunity',
      owed.filter((o) => o.side === 'opportunity').map((o) => ({ opportunityId: o.id })),
    );
  }

  /** Finishes what is in hand, at most 20 seconds; what is cut off is owed again by its lease. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const closed = Promise.all([this.sweeping, ...this.workers.map((worker) => worker.close())]);
    await Promise.race([closed, new Promise((done) => setTimeout(done, 20_000).unref())]);
  }
}
