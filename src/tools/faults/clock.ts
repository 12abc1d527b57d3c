/**
 * Loaded before a process of the fault matrix (`node --import …/clock.js?file=…`): its clock goes wrong by as much as the file says.
 * SIGUSR2 blocks its event loop for as long as the file says.
 */
import fs from 'node:fs';
import net from 'node:net';

export interface Fault {
  /** How far its clock is ahead, in milliseconds. */
  readonly ahead: number;
  /** How many times sooner it loses patience with a connection on which nothing comes. */
  readonly haste: number;
  /** How long SIGUSR2 blocks, in milliseconds. */
  readonly block: number;
}

export const RIGHT: Fault = { ahead: 0, haste: 1, block: 0 };

const file = new URL(import.meta.url).searchParams.get('file');
if (file) shift(file);

function shift(file: string): void {
  const realNow = Date.now.bind(Date);
  let fault = RIGHT;
  const read = (): void => {
    try {
      fault = JSON.parse(fs.readFileSync(file, 'utf8')) as Fault;
    } catch {
      // it is just being written
    }
  };
  let looked = -Infinity;
  const now = (): number => {
    const at = performance.now();
    if (at - looked > 5) {
      read();
      looked = at;
    }
    return realNow() + fault.ahead;
  };

  globalThis.Date = class extends Date {
    constructor(...given: unknown[]) {
      super(...((given.length ? given : [now()]) as [number]));
    }
    static override now(): number {
      return now();
    }
  } as DateConstructor;

  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the socket as this
  const patience = net.Socket.prototype.setTimeout;
  net.Socket.prototype.setTimeout = function (this: net.Socket, ms: number, ...rest: [(() => void)?]) {
    return patience.call(this, Math.round(ms / fault.haste), ...rest);
  };

  process.on('SIGUSR2', () => {
    read();
    for (const end = realNow() + fault.block; realNow() < end;);
  });
}
