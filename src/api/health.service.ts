import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { RunsService } from '../digests/runs.service.js';
import { IntroductionMailService } from '../introductions/introduction-mail.service.js';
import { CANARY_LATE_S, CanaryService } from '../jobs/canary.service.js';
import { QUEUES, type QueueName } from '../jobs/jobs.js';
import { JobsService } from '../jobs/jobs.service.js';
import { SecurityMailService } from '../mail/security-mail.service.js';
import { MatchingService } from '../matching/matching.service.js';

export interface QueueHealth {
  readonly queue: QueueName;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  /** Seconds since a job last came through; null where none ever did. */
  readonly canarySeconds: number | null;
  readonly late: boolean;
}

/** What waits, and since when; ages in seconds, null where nothing waits. */
export interface Health {
  readonly queues: readonly QueueHealth[];
  readonly digests: { readonly owed: number; readonly oldestSeconds: number | null };
  readonly securityMail: { readonly owed: number; readonly oldestSeconds: number | null };
  readonly introductionMail: { readonly owed: number; readonly oldestSeconds: number | null };
  readonly matching: { readonly owed: number; readonly oldestSeconds: number | null };
}

/** How the work stands, for the chamber. */
@Injectable()
export class HealthService {
  constructor(
    private readonly jobs: JobsService,
    private readonly canary: CanaryService,
    private readonly runs: RunsService,
    private readonly securityMail: SecurityMailService,
    private readonly introductionMail: IntroductionMailService,
    private readonly matching: MatchingService,
    private readonly clock: Clock,
  ) {}

  async now(): Promise<Health> {
    const [ages, counts, digests, securityMail, introductionMail, matching] = await Promise.all([
      this.canary.ages(),
      Promise.all(QUEUES.map((queue) => this.jobs.counts(queue))),
      this.runs.backlog(),
      this.securityMail.backlog(),
      this.introductionMail.backlog(),
      this.matching.backlog(),
    ]);
    const now = this.clock.now().getTime();
    const aged = ({ owed, oldest }: { owed: number; oldest: Date | null }) => ({
      owed,
      oldestSeconds: oldest && Math.max(0, Math.round((now - oldest.getTime()) / 1000)),
    });
    return {
      queues: QUEUES.map((queue, i) => {
        const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts[i] ?? {};
        const age = ages.get(queue) ?? null;
        return { queue, waiting, active, delayed, failed, canarySeconds: age && Math.round(age), late: age === null || age > CANARY_LATE_S };
      }),
      digests: aged(digests),
      securityMail: aged(securityMail),
      introductionMail: aged(introductionMail),
      matching: aged(matching),
    };
  }
}
