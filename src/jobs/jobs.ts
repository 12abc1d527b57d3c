import type { JobsOptions } from 'bullmq';
import { z } from 'zod';

export const QUEUES = ['matching', 'digests', 'mail', 'upkeep'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Jobs of a queue that one worker does at once; while one of the digests' reads and writes, the other's are on their way. */
export const CONCURRENCY: Readonly<Record<QueueName, number>> = { matching: 1, digests: 2, mail: 1, upkeep: 1 };

const uuid = z.uuid();

/** Every retry of a job is harmless: what is owed is in the rows, a job only wakes somebody up to look. */
const retried: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 2000, jitter: 0.3 },
  removeOnComplete: { age: 3600, count: 2000 },
  removeOnFail: { age: 7 * 86_400, count: 5000 },
};
/** Jobs that come again by themselves: a failed one is not worth repeating. */
const scheduled: JobsOptions = { ...retried, attempts: 1 };

export const CANARY_ID = 'canary';

/**
 * Goes through its queue and leaves the time behind: what it proves is that jobs of this queue are done. Before all others, for a long queue is no
 * dead one; one at a time (the only job with a key), for a dead queue needs no heap of them.
 */
const canary = <Q extends QueueName>(queue: Q) => ({
  queue,
  payload: z.strictObject({}),
  options: { attempts: 1, lifo: true, jobId: CANARY_ID, removeOnComplete: true, removeOnFail: true } satisfies JobsOptions,
});

/**
 * Every kind of job there is: its queue, what it carries (ids only, never text or addresses) and its options.
 * They have no key of their own: a wake-up dropped as the double of one that has just run would leave the newer row waiting.
 */
export const JOBS = {
  'matching.opportunity': {
    queue: 'matching',
    payload: z.strictObject({ opportunityId: uuid }),
    options: retried,
  },
  'matching.firm': {
    queue: 'matching',
    payload: z.strictObject({ firmId: uuid }),
    options: retried,
  },
  'digests.plan': {
    queue: 'digests',
    payload: z.strictObject({}),
    options: scheduled,
  },
  /** One chunk: whoever runs it claims up to a chunk of owed digests of the occurrence; `chunk` only tells the wake-ups apart. */
  'digests.deliver': {
    queue: 'digests',
    payload: z.strictObject({ occurrenceId: uuid, chunk: z.int().min(0) }),
    options: retried,
  },
  'mail.security': {
    queue: 'mail',
    payload: z.strictObject({}),
    options: retried,
  },
  'mail.introductions': {
    queue: 'mail',
    payload: z.strictObject({}),
    options: retried,
  },
  'introductions.clock': {
    queue: 'upkeep',
    payload: z.strictObject({}),
    options: scheduled,
  },
  'meetings.plan': {
    queue: 'upkeep',
    payload: z.strictObject({ dayId: uuid }),
    options: retried,
  },
  'accounts.forget-sessions': {
    queue: 'upkeep',
    payload: z.strictObject({}),
    options: scheduled,
  },
  'opportunities.expire': {
    queue: 'upkeep',
    payload: z.strictObject({}),
    options: scheduled,
  },
  'canary.matching': canary('matching'),
  'canary.digests': canary('digests'),
  'canary.mail': canary('mail'),
  'canary.upkeep': canary('upkeep'),
} as const satisfies Record<string, { queue: QueueName; payload: z.ZodType; options: JobsOptions }>;

export type JobName = keyof typeof JOBS;
export type Payload<N extends JobName> = z.infer<(typeof JOBS)[N]['payload']>;

/** One handler a job; a job without one does not compile. */
export type Handlers = { readonly [N in JobName]: (payload: Payload<N>) => Promise<void> };

/** What comes by the clock. The zone is the chamber's, whatever the machine's is set to. */
export const SCHEDULES = {
  'digests.plan': '*/5 * * * *',
  'opportunities.expire': '5 0 * * *',
  'introductions.clock': '10 8 * * *',
  'accounts.forget-sessions': '20 3 * * *',
} as const satisfies Partial<Record<JobName, string>>;
