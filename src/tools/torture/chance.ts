import { MOMENTS, type Moment, type Sink } from '../sink.js';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When a worker is killed. */
export interface Kill {
  /** Not before the sink has seen so many messages begin. */
  readonly after: number;
  /** The worker that next comes to this moment; or, `any`, one of the two wherever it is, asleep or at work. */
  readonly at: Moment | 'any';
  /** For `any`: which worker, and so many milliseconds later. */
  readonly slot: number;
  readonly delay: number;
}

/** The share of a run by which all kills have come due; what remains lets the last one killed be missed. */
const PART_WITH_KILLS = 0.7;

/** Two kills in three come at a point of the conversation with the relay, each point as often as the others; the third comes whenever it comes. */
export function planKills(seed: number, kills: number, recipients: number, workers: number): Kill[] {
  const next = chance(seed);
  const points = shuffled(
    Array.from({ length: kills }, (_, i) => (i % 3 ? MOMENTS[(i - Math.ceil(i / 3)) % MOMENTS.length] : undefined) ?? 'any'),
    next,
  );
  return points.map((at, i) => ({
    after: Math.floor(((i + next()) * PART_WITH_KILLS * recipients) / kills),
    at,
    slot: Math.floor(next() * workers),
    delay: Math.floor(next() * 250),
  }));
}

function shuffled<T>(list: readonly T[], next: () => number): T[] {
  return list
    .map((item) => [next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** What the sink does to the first try: each to one recipient in twenty. */
const FAULTS = ['reset-after-dot', 'defer', 'reset-at-data'] as const;

/** Chooses by the seed whose first try goes wrong and how, and how long the answers take. */
export function misbehave(sink: Sink, seed: number, recipients: readonly string[]): void {
  const next = chance(seed + 1);
  const order = shuffled(recipients, next);
  const each = Math.round(recipients.length / 20);
  FAULTS.forEach((fault, i) => order.slice(i * each, (i + 1) * each).forEach((to) => sink.answer(to, fault)));
  sink.pause = () => next() * 60;
}
