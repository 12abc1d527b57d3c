import { CADENCES, type Cadence } from './window.js';

/** From often to seldom. `off` is no step: who wants none stops them. */
export const STEPS = CADENCES.filter((cadence) => cadence !== 'off');

/** A higher threshold goes up by this. */
const CLOSER = 10;

export interface Fewer {
  /** One step less often; undefined where there is none left. */
  readonly cadence: Cadence | undefined;
  /** A higher lowest score; undefined where it is the highest already. */
  readonly threshold: number | undefined;
}

/** Pure: what would be fewer mails than now. */
export function fewerThan(now: { readonly cadence: Cadence; readonly threshold: number }): Fewer {
  const step = (STEPS as readonly Cadence[]).indexOf(now.cadence);
  return {
    cadence: step < 0 ? undefined : STEPS[step + 1],
    threshold: now.threshold < 100 ? Math.min(100, now.threshold + CLOSER) : undefined,
  };
}
