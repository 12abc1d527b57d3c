import type { Day, Edge } from './day.js';

/** A meeting that everybody knows the hour of. */
export interface Placed {
  readonly edge: Edge;
  readonly slot: number;
}

/**
 * Who sits where in which slot. A pair for which no slot is free at both ends is placed by exchanging two slots along an alternating chain: one end is
 * free in slot a, the other in slot b; along the chain of meetings that are now in a, now in b, the two are swapped until both ends are free in the same
 * one. In a bipartite graph that never comes back to the other end: the proof of König's edge colouring theorem, read as an algorithm.
 */
export class Board {
  private readonly at: Map<string, Edge>[];
  private readonly tables: number[];
  private readonly interpreted: number[];
  private readonly away: ReadonlyMap<string, ReadonlySet<number>>;

  constructor(private readonly day: Day) {
    const slots = Array.from({ length: day.slots });
    this.at = slots.map(() => new Map<string, Edge>());
    this.tables = slots.map(() => 0);
    this.interpreted = slots.map(() => 0);
    this.away = new Map([...day.firms, ...day.counterparties].map(({ id, away }) => [id, new Set(away)]));
  }

  /** Whether both are there in that slot. */
  may({ firm, counterparty }: Edge, slot: number): boolean {
    return !this.away.get(firm)?.has(slot) && !this.away.get(counterparty)?.has(slot);
  }

  set(edge: Edge, slot: number): void {
    this.at[slot]?.set(edge.firm, edge).set(edge.counterparty, edge);
    this.count(edge, slot, 1);
  }

  clear(edge: Edge, slot: number): void {
    this.at[slot]?.delete(edge.firm);
    this.at[slot]?.delete(edge.counterparty);
    this.count(edge, slot, -1);
  }

  /** @returns whether it found a place; with `within` tables and interpreters suffice wherever something changed */
  place(edge: Edge, slots: readonly number[], within: boolean): boolean {
    const here = slots.filter((slot) => this.may(edge, slot));
    const [ours, theirs] = [here.filter((slot) => this.free(edge.firm, slot)), here.filter((slot) => this.free(edge.counterparty, slot))];
    const room = (slot: number): boolean =>
      !within || ((this.tables[slot] ?? 0) + 1 <= this.day.tables && (!edge.interpreted || (this.interpreted[slot] ?? 0) + 1 <= this.day.interpreters));
    const direct = ours.filter((slot) => theirs.includes(slot) && room(slot));
    const load = (slot: number): number => (this.tables[slot] ?? 0) + (edge.interpreted ? 1000 * (this.interpreted[slot] ?? 0) : 0);
    const best = direct.toSorted((a, b) => load(a) - load(b))[0];
    if (best !== undefined) {
      this.set(edge, best);
      return true;
    }
    for (const a of ours) {
      for (const b of theirs) {
        if (a === b) continue;
        const chain = this.chain(edge.counterparty, a, b);
        if (!chain) continue;
        this.swap(chain, a, b);
        if (room(a) && (!within || (this.fits(a) && this.fits(b)))) {
          this.set(edge, a);
          return true;
        }
        this.swap(chain, a, b);
      }
    }
    return false;
  }

  /** Evens the slots out until tables and interpreters suffice in each, and takes out the least of what is then still too much. */
  balance(): void {
    const over = (...slots: readonly number[]): number =>
      slots.reduce(
        (sum, slot) => sum + Math.max(0, (this.tables[slot] ?? 0) - this.day.tables) + Math.max(0, (this.interpreted[slot] ?? 0) - this.day.interpreters),
        0,
      );
    for (let better = true; better;) {
      better = false;
      for (let a = 0; a < this.day.slots; a++) {
        for (let b = 0; b < this.day.slots && over(a); b++) {
          if (a === b) continue;
          const seen = new Set<string>();
          for (const edge of this.of(a)) {
            if (seen.has(edge.firm)) continue;
            const chain = this.component(edge.firm, a, b, seen);
            if (!chain) continue;
            const before = over(a, b);
            this.swap(chain, a, b);
            if (over(a, b) < before) better = true;
            else this.swap(chain, a, b);
          }
        }
      }
    }
    for (let slot = 0; slot < this.day.slots; slot++) {
      while (over(slot)) {
        const needing = (this.interpreted[slot] ?? 0) > this.day.interpreters;
        const least = this.of(slot)
          .filter(({ interpreted }) => interpreted || !needing)
          .toSorted((x, y) => x.score - y.score)[0];
        if (!least) break;
        this.clear(least, slot);
      }
    }
  }

  all(): Placed[] {
    return this.at.flatMap((_, slot) => this.of(slot).map((edge) => ({ edge, slot })));
  }

  private of(slot: number): Edge[] {
    return [...new Set(this.at[slot]?.values())];
  }

  private free(id: string, slot: number): boolean {
    return !this.at[slot]?.has(id);
  }

  private fits(slot: number): boolean {
    return (this.tables[slot] ?? 0) <= this.day.tables && (this.interpreted[slot] ?? 0) <= this.day.interpreters;
  }

  private count(edge: Edge, slot: number, by: number): void {
    this.tables[slot] = (this.tables[slot] ?? 0) + by;
    if (edge.interpreted) this.interpreted[slot] = (this.interpreted[slot] ?? 0) + by;
  }

  /** The meetings from this person on, by turns in slot a and in slot b; undefined where one of them cannot be in the other slot. */
  private chain(from: string, a: number, b: number): Placed[] | undefined {
    const found: Placed[] = [];
    let [id, slot, other] = [from, a, b];
    for (let edge = this.at[slot]?.get(id); edge; edge = this.at[slot]?.get(id)) {
      if (found[0]?.edge === edge) break; // a ring
      if (!this.may(edge, other)) return undefined;
      found.push({ edge, slot });
      id = edge.firm === id ? edge.counterparty : edge.firm;
      [slot, other] = [other, slot];
    }
    return found;
  }

  /** Everything that hangs together with this person in the two slots. */
  private component(from: string, a: number, b: number, seen: Set<string>): Placed[] | undefined {
    const found: Placed[] = [];
    const waiting = [from];
    let whole = true;
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      for (const [slot, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const edge: Edge | undefined = this.at[slot]?.get(id);
        if (!edge) continue;
        if (!this.may(edge, other)) whole = false;
        if (edge.firm === id) found.push({ edge, slot });
        waiting.push(edge.firm === id ? edge.counterparty : edge.firm);
      }
    }
    return whole ? found : undefined;
  }

  private swap(chain: Placed[], a: number, b: number): void {
    for (const { edge, slot } of chain) this.clear(edge, slot);
    for (const [i, { edge, slot }] of chain.entries()) {
      const to = slot === a ? b : a;
      this.set(edge, to);
      chain[i] = { edge, slot: to };
    }
  }
}
