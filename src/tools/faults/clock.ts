/**
 * Loaded before a worker of the fault matrix (`node --import …/clock.js?file=…`): its time is what the file says, and may run faster than the world's.
 * SIGUSR2 blocks its event loop for as long as the file says.
 */
import fs from 'node:fs';
import net from 'node:net';

/** From the real instant `since` on it is `at` and goes on `rate` times as fast; all in milliseconds of the epoch. */
export interface ShiftedTime {
  readonly since: number;
  readonly at: number;
  readonly rate: number;
  /** How long SIGUSR2 blocks, in real milliseconds. */
  readonly block: number;
}

/** The world's own time. */
export const REAL_TIME: ShiftedTime = { since: 0, at: 0, rate: 1, block: 0 };

/** What time it is there when it is `real` here. */
export const timeThere = ({ since, at, rate }: ShiftedTime, real: number): number => Math.round(at + (real - since) * rate);

const file = new URL(import.meta.url).searchParams.get('file');
if (file) shift(file);

function shift(file: string): void {
  const realNow = Date.now.bind(Date);
  let time = REAL_TIME;
  const read = (): void => {
    try {
      time = JSON.parse(fs.readFileSync(file, 'utf8')) as ShiftedTime;
    } catch {
      // it is just being written
    }
  };
  read();
  let looked = 0;
  const now = (): number => {
    const at = performance.now();
    if (at - looked > 5) {
      read();
      looked = at;
    }
    return timeThere(time, realNow());
  };

  globalThis.Date = class extends Date {
    constructor(...given: unknown[]) {
      super(...((given.length ? given : [now()]) as [number]));
    }
    static override now(): number {
      return now();
    }
  } as DateConstructor;

  const sooner = (ms: unknown): unknown => (typeof ms === 'number' ? ms / time.rate : ms);
  const faster = <F>(timer: F): F =>
    new Proxy(timer as F & object, {
      apply: (target, _this, [run, ms, ...rest]: unknown[]): unknown => Reflect.apply(target as never, globalThis, [run, sooner(ms), ...rest]),
    });
  globalThis.setTimeout = faster(globalThis.setTimeout);
  globalThis.setInterval = faster(globalThis.setInterval);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the socket as this
  const patience = net.Socket.prototype.setTimeout;
  net.Socket.prototype.setTimeout = function (this: net.Socket, ms: number, ...rest: [(() => void)?]) {
    return patience.call(this, Math.round(ms / time.rate), ...rest);
  };

  process.on('SIGUSR2', () => {
    read();
    for (const end = realNow() + time.block; realNow() < end; );
  });
}
