import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Sink } from '../sink.js';
import { chance, type Kill } from './chance.js';

export const WORKERS = 2;
/** Of a worker to the relay; set for Rabta's by MAIL_CONNECTIONS, so that what is counted on is what is there. */
export const CONNECTIONS = 5;
const LOOK_MS = 250;

/** A way of sending that is put to the test. */
export interface Contestant {
  readonly name: string;
  /** @param life counts all starts of workers, from 1 */
  start(life: number, relayUrl: string): Promise<ChildProcess>;
  /** Called four times a second: lets time pass for what the dead have left behind. */
  pass(dead: readonly number[]): Promise<void>;
  /** Whether nothing is left to do, now or later. */
  done(): Promise<boolean>;
}

export interface Ordeal {
  /** Kills by the moment at which they came. */
  readonly kills: Readonly<Record<string, number>>;
  readonly killed: number;
  /** Lines of workers that ended by themselves. */
  readonly crashes: readonly string[];
  readonly timedOut: boolean;
  readonly seconds: number;
}

interface Life {
  readonly number: number;
  readonly child: ChildProcess;
  killed: boolean;
  said: string;
}

/** Runs two workers of the contestant, kills them as planned, starts them anew, and waits until all is done. */
export async function ordeal(contestant: Contestant, sink: Sink, plan: readonly Kill[], seed: number, deadlineMs: number): Promise<Ordeal> {
  const began = Date.now();
  const next = chance(seed + 2);
  const waiting = [...plan];
  const slots: (Life | undefined)[] = [];
  const dead: number[] = [];
  const kills: Record<string, number> = {};
  const crashes: string[] = [];
  let killed = 0;
  let lives = 0;
  let begun = 0;
  let ending = false;
  let failure: unknown;

  const live = async (slot: number): Promise<void> => {
    const number = ++lives;
    const life: Life = { number, child: await contestant.start(number, sink.urlOf(slot)), killed: false, said: '' };
    slots[slot] = life;
    for (const stream of [life.child.stdout, life.child.stderr])
      stream?.on('data', (chunk: Buffer) => (life.said = (life.said + chunk.toString()).slice(-2000)));
    life.child.once('exit', (code, signal) => {
      slots[slot] = undefined;
      dead.push(number);
      if (ending) return;
      if (!life.killed) crashes.push(`worker ${number} ended by itself (${signal ?? code}): ${life.said.trim().split('\n').slice(-3).join(' / ')}`);
      if (crashes.length > 5) failure = new Error(crashes.join('\n'));
      else live(slot).catch((error: unknown) => (failure = error));
    });
  };
  /** At once, inside the sink's own turn: the worker gets no further than the moment at which it is killed. */
  const kill = (slot: number, at: string): boolean => {
    const life = slots[slot];
    if (!life || life.killed || ending) return false;
    life.killed = true;
    life.child.kill('SIGKILL');
    killed++;
    kills[at] = (kills[at] ?? 0) + 1;
    return true;
  };
  const killSoon = (slot: number, at: string, delay: number): void => {
    setTimeout(() => {
      if (!kill(slot, at) && !ending) killSoon(slot, at, 20); // just being started anew
    }, delay);
  };
  sink.watch = (moment, door) => {
    if (moment === 'mail') begun++;
    const due = waiting[0];
    if (!due || begun < due.after) return;
    if (due.at === 'any') killSoon(due.slot, 'any', due.delay);
    else if (due.at !== moment || !kill(door, moment)) return;
    waiting.shift();
  };

  for (let slot = 0; slot < WORKERS; slot++) await live(slot);
  let timedOut = false;
  try {
    for (;;) {
      if (failure) throw failure as Error;
      await contestant.pass(dead);
      if (await contestant.done()) {
        if (killed === plan.length) break;
        // the run was over before its kills were: even then they must do no harm
        if (waiting.length && kill(Math.floor(next() * WORKERS), 'idle')) waiting.shift();
      }
      timedOut = Date.now() - began > deadlineMs;
      if (timedOut) break;
      await new Promise((look) => setTimeout(look, LOOK_MS));
    }
  } finally {
    ending = true;
    await Promise.all(slots.filter((life) => life !== undefined).map(stop));
  }
  return { kills, killed, crashes, timedOut, seconds: Math.round((Date.now() - began) / 100) / 10 };
}

async function stop({ child }: Life): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 25_000);
  await exit;
  clearTimeout(late);
}
