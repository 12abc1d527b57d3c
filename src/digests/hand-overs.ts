import type { Outcome } from '../mail/outcome.js';
import type { RelayConnection } from '../mail/transport.js';
import type { End, Gate } from './ledger.queries.js';

/** A digest that is written and waits for a connection. */
export interface Written extends Gate {
  readonly from: string;
  readonly to: string;
}

/** What the hand-overs need of the ledger. */
export interface Ledger {
  /** Writes the ends and opens the gates in one committed step; returns the ids whose gate was open. */
  settle(ends: readonly End[], gates: readonly Gate[]): Promise<ReadonlySet<string>>;
  /** The end that an outcome means. */
  endOf(digest: Written, outcome: Outcome): End;
  /** What an outcome means for other digests; done once its end is written. */
  after(digest: Written, outcome: Outcome): Promise<void>;
}

interface Waiting {
  readonly digest: Written;
  readonly settled: (gate: 'open' | 'shut') => void;
  readonly failed: (error: Error) => void;
}

/** A connection whose digest has come back, its end not yet in the ledger. */
interface Back {
  readonly connection: RelayConnection;
  readonly end: End;
  readonly outcome: Outcome;
  readonly waiting: Waiting;
}

/** How often, and how many milliseconds apart, the ledger is asked for what must not get lost. After that the lease decides. */
const TRIES = 60;
const PAUSE = 500;

/** What is ready for the ledger waits so many milliseconds at most for more of it. */
const TOGETHER_MS = 4;

/** Does it again, for half a minute, when the database cannot be reached. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= TRIES) throw error;
      await new Promise((next) => setTimeout(next, PAUSE));
    }
  }
}

/**
 * The connections of a worker, each taking the next written digest. At no time are more digests *handing off* than there are connections: a gate is
 * opened in the same step in which the end of what the connection carried before is written. What falls within a few milliseconds is settled together, for a
 * step costs the ledger much the same for one digest as for five.
 */
export class HandOvers {
  private readonly idle: RelayConnection[];
  private readonly back: Back[] = [];
  private readonly queue: Waiting[] = [];
  private readonly room: (() => void)[] = [];
  private settling = false;
  private soon: NodeJS.Timeout | undefined;

  constructor(
    private readonly connections: readonly RelayConnection[],
    private readonly ledger: Ledger,
  ) {
    this.idle = [...connections];
  }

  /**
   * Hands the digest over when its turn comes.
   * @returns once it has its end, or the gate was found shut
   * @throws where the ledger cannot be reached
   */
  take(digest: Written): Promise<'open' | 'shut'> {
    return new Promise((settled, failed) => {
      this.queue.push({ digest, settled, failed });
      void this.turn();
    });
  }

  /** Resolves when it is worth while to write another digest: a few for each connection are enough to wait. */
  async wanted(): Promise<void> {
    while (this.queue.length >= this.connections.length * 3) await new Promise<void>((free) => this.room.push(free));
  }

  close(): void {
    clearTimeout(this.soon);
    for (const connection of this.connections) connection.close();
  }

  /** @param least a step for fewer digests than that is not begun now */
  private async turn(least = this.connections.length): Promise<void> {
    if (this.settling) return;
    this.settling = true;
    for (let wanted = least; this.ready() >= wanted; wanted = this.connections.length) {
      clearTimeout(this.soon);
      this.soon = undefined;
      const back = this.back.splice(0);
      const free = [...this.idle.splice(0), ...back.map(({ connection }) => connection)];
      const next = this.queue.splice(0, free.length);
      for (const free of this.room.splice(0)) free();
      const open = await this.settle(back, next);
      for (const waiting of next) {
        const connection = open.has(waiting.digest.id) ? free.pop() : undefined;
        if (connection) void this.send(connection, waiting);
      }
      this.idle.push(...free);
    }
    this.settling = false;
    if (this.ready() > 0)
      this.soon ??= setTimeout(() => {
        this.soon = undefined;
        void this.turn(1);
      }, TOGETHER_MS);
  }

  /** Digests that a step now would end or open the gate for, whichever are more. */
  private ready(): number {
    return Math.max(this.back.length, Math.min(this.queue.length, this.idle.length + this.back.length));
  }

  /** Never throws: what cannot be settled is told to whoever waits for it. */
  private async settle(back: readonly Back[], next: readonly Waiting[]): Promise<ReadonlySet<string>> {
    const ends = back.map(({ end }) => end);
    try {
      const open = await this.ledger.settle(
        ends,
        next.map(({ digest }) => digest),
      );
      for (const one of back) void this.written(one);
      for (const waiting of next) if (!open.has(waiting.digest.id)) waiting.settled('shut');
      return open;
    } catch (error) {
      for (const waiting of next) waiting.failed(error as Error);
      if (ends.length) void this.again(back);
      return new Set();
    }
  }

  /** The answers are there: they must reach the ledger before the lease makes unknown of them. */
  private async again(back: readonly Back[]): Promise<void> {
    try {
      await patiently(() =>
        this.ledger.settle(
          back.map(({ end }) => end),
          [],
        ),
      );
      for (const one of back) void this.written(one);
    } catch (error) {
      for (const { waiting } of back) waiting.failed(error as Error);
    }
  }

  private async send(connection: RelayConnection, waiting: Waiting): Promise<void> {
    const { digest } = waiting;
    const outcome = await connection.send(digest.from, digest.to, digest.given.message);
    this.back.push({ connection, end: this.ledger.endOf(digest, outcome), outcome, waiting });
    void this.turn();
  }

  private async written({ waiting, outcome }: Back): Promise<void> {
    try {
      await this.ledger.after(waiting.digest, outcome);
      waiting.settled('open');
    } catch (error) {
      waiting.failed(error as Error);
    }
  }
}
