/** Somebody who comes to a meeting day. */
export interface Attendee {
  readonly id: string;
  /** Slots, counted from 0, in which they cannot meet: not yet there, already gone, at prayer, at lunch. */
  readonly away?: readonly number[];
  /** Languages they speak; without any they are taken to speak whatever the other does. */
  readonly languages?: readonly string[];
}

/** A firm and a counterparty that have something to say to each other. */
export interface Pair {
  readonly firm: string;
  readonly counterparty: string;
  /** What both sides get from it together, above 0. */
  readonly score: number;
  /** Which interpreters, from 1, can help them where they need one; without it any. */
  readonly helpers?: readonly number[];
}

/** What a timetable is made for. */
export interface Day {
  readonly slots: number;
  /** Meetings that can be held at the same time. */
  readonly tables: number;
  /** Interpreters at work at the same time. */
  readonly interpreters: number;
  /** So many meetings each should have, where they have so many pairs and free slots. */
  readonly least: number;
  readonly firms: readonly Attendee[];
  readonly counterparties: readonly Attendee[];
  readonly pairs: readonly Pair[];
}

/** A pair of which is known whether they need an interpreter. */
export interface Edge extends Pair {
  readonly interpreted: boolean;
}

/** What is known of a pair before it meets. */
export interface Wanted {
  /** How well the firm fits the best of the counterparty's leads, 0-100; 0 where nothing is known. */
  readonly match: number;
  readonly firmWants: boolean;
  readonly counterpartyWants: boolean;
}

/** What both get from a meeting, 0-100: mostly how well they fit, and more where they ask for each other. */
export const mutualScore = ({ match, firmWants, counterpartyWants }: Wanted): number =>
  Math.round(0.6 * match) + (firmWants ? 20 : 0) + (counterpartyWants ? 20 : 0);

/** A meeting that is elsewhere than before, new (no `from`), or given up (no `to`). Slots from 0, tables from 1. */
export interface Change {
  readonly firm: string;
  readonly counterparty: string;
  readonly from: { readonly slot: number; readonly table: number } | null;
  readonly to: { readonly slot: number; readonly table: number } | null;
}
