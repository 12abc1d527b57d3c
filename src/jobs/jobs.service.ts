import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { CANARY_ID, JOBS, type JobName, type Payload, QUEUES, type QueueName, SCHEDULES } from './jobs.js';
import type { QueueBackend } from './queues.js';

export const QUEUE_BACKEND = Symbol('QUEUE_BACKEND');
export const SCHEDULE_ZONE = Symbol('SCHEDULE_ZONE');

/** The only place that puts a job on a queue. Call it after the transaction has committed, never inside. */
@Injectable()
export class JobsService implements OnModuleDestroy {
  private readonly log = new Logger('jobs');
  private readonly queues: ReadonlyMap<QueueName, Queue>;

  constructor(
    @Inject(QUEUE_BACKEND) backend: QueueBackend,
    @Inject(SCHEDULE_ZONE) private readonly zone: string,
  ) {
    this.queues = new Map(QUEUES.map((name) => [name, backend.queue(name)]));
    for (const queue of this.queues.values()) queue.on('error', (error) => this.log.debug(`queue: ${error.message}`));
  }

  /** {@link enqueueAll} for one. */
  async enqueue<N extends JobName>(name: N, payload: Payload<N>): Promise<void> {
    await this.enqueueAll(name, [payload]);
  }

  /**
   * Wakes somebody up. A queue that cannot be reached is reported and otherwise no matter: what is owed is in the rows, and the
   * sweeper finds it there.
   */
  async enqueueAll<N extends JobName>(name: N, payloads: readonly Payload<N>[]): Promise<void> {
    if (!payloads.length) return;
    const { queue, options } = JOBS[name];
    try {
      await this.queue(queue).addBulk(payloads.map((data) => ({ name, data, opts: options })));
    } catch (error) {
      this.log.warn(`${name} could not be enqueued (${(error as Error).message}); the sweeper will find the rows`);
    }
  }

  /** Jobs of the queue that nobody has begun yet; the canary wakes nobody up, and is not counted. */
  async waiting(queue: QueueName): Promise<number> {
    const waiting = (await this.counts(queue))['waiting'] ?? 0;
    if (waiting === 0) return 0;
    const canary = await this.queue(queue).getJob(CANARY_ID);
    return (await canary?.getState()) === 'waiting' ? waiting - 1 : waiting;
  }

  async counts(queue: QueueName): Promise<Record<string, number>> {
    return this.queue(queue).getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed');
  }

  /** Makes sure that every schedule is there; the caller holds the sweeper's lock, for concurrent upserts disturb each other. */
  async ensureSchedules(): Promise<void> {
    for (const [name, pattern] of Object.entries(SCHEDULES) as [keyof typeof SCHEDULES, string][]) {
      const queue = this.queue(JOBS[name].queue);
      const known = await queue.getJobScheduler(name);
      if (known?.pattern === pattern && known.tz === this.zone && known.next && known.next > Date.now() - 60_000) continue;
      await queue.upsertJobScheduler(name, { pattern, tz: this.zone }, { name, data: {}, opts: JOBS[name].options });
    }
  }

  /** The queues themselves, for the dashboard. */
  all(): readonly Queue[] {
    return [...this.queues.values()];
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: QueueName): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`no queue ${name}`);
    return queue;
  }
}
