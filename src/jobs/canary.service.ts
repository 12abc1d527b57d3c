import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { QUEUES, type QueueName } from './jobs.js';

/** A queue without a canary for so long is not being worked on. */
export const CANARY_LATE_S = 120;
/** The sweeper sends the next canary after so long. */
const CANARY_EVERY_S = 55;

/**
 * A job that goes through each queue every minute. That a worker says it is running proves nothing: it says so with a lost connection and with a job
 * that never ends, too. Times are the database's, so that machines whose clocks differ agree.
 */
@Injectable()
export class CanaryService {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** What the job does: by being done. */
  async sing(queue: QueueName): Promise<void> {
    await this.source.query('insert into canary (queue, sang_at) values ($1, now()) on conflict (queue) do update set sang_at = excluded.sang_at', [queue]);
  }

  /** Seconds since each queue's last canary; null where there never was one. */
  async ages(): Promise<ReadonlyMap<QueueName, number | null>> {
    const rows = await this.source.query<{ queue: string; age: number }[]>('select queue, extract(epoch from now() - sang_at)::float8 age from canary');
    return new Map(QUEUES.map((queue) => [queue, rows.find((row) => row.queue === queue)?.age ?? null]));
  }

  /** Queues that need a canary sent. */
  async quiet(): Promise<QueueName[]> {
    return [...(await this.ages())].filter(([, age]) => age === null || age > CANARY_EVERY_S).map(([queue]) => queue);
  }

  /**
   * Queues that are not being worked on.
   * @param upSeconds how long this process has been running: what came before it, it does not judge
   */
  async late(upSeconds: number): Promise<QueueName[]> {
    return [...(await this.ages())].filter(([, age]) => Math.min(age ?? Infinity, upSeconds) > CANARY_LATE_S).map(([queue]) => queue);
  }
}
