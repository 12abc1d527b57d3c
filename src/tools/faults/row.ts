import type { Ground } from '../torture/ground.js';
import type { Scene, SceneOptions } from './scene.js';

/** One row of the fault matrix, played as a real scenario. */
export interface Row {
  readonly number: number;
  readonly fault: string;
  readonly expected: string;
  /** `each` where it matters where the queues are; `postgres` where only PostgreSQL has that fault. */
  readonly on: 'either' | 'each' | 'postgres';
  readonly scene: SceneOptions;
  /** Longer than this it has got stuck. */
  readonly deadlineMs?: number;
  /**
   * @returns what was measured
   * @throws NotPossibleHere where the machine lacks what it needs; any other error means that the row does not hold
   */
  play(scene: Scene, ground: Ground): Promise<string>;
}
