import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type pg from 'pg';
import { keyedPool } from '../src/database/data-source.js';
import { DeliveryService } from '../src/digests/delivery.service.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { type House, memberFirm, openHouse, publishedLead, signedIn } from './support/house.js';
import { Sink } from './support/sink.js';

/** Five past eight in Karachi on a Tuesday: the weekly digest has just fallen due. */
const EIGHT = new Date('2026-11-24T03:05:00Z');

let sink: Sink;
let house: House;
beforeEach(async () => {
  sink = await Sink.open();
  house = await openHouse({ relayUrl: sink.url, work: false });
});
afterEach(async () => {
  await house.close();
  await sink.close();
});

/** The n-th step of the ledger is committed, but its answer never comes. */
function loseAnswer(n: number): void {
  const pool = keyedPool(house.source);
  (house.get(DeliveryService) as unknown as { pool: pg.Pool }).pool = pool;
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  let steps = 0;
  pool.query = (async (...args: unknown[]) => {
    const answer = await query(...args);
    if ((args[0] as { name?: string }).name === 'settle' && ++steps === n) throw new Error('Connection terminated unexpectedly');
    return answer;
  }) as typeof pool.query;
}

const ledger = (): Promise<unknown[]> => house.source.query('select state, reason, attempts from digest');

async function owed(): Promise<() => Promise<void>> {
  await memberFirm(house);
  await house.get(MatchingService).matchOpportunity(await publishedLead(await signedIn(house, 'curator')));
  house.clock.set(EIGHT);
  await house.get(DigestsService).plan();
  const [occurrence] = await house.source.query<{ id: string }[]>('select id from occurrence');
  return () => house.get(DeliveryService).deliver(occurrence?.id ?? '');
}

it('the opening of a gate whose answer is lost leaves the digest owed: it was certainly not handed over', async () => {
  const deliver = await owed();
  loseAnswer(1);
  await deliver();
  expect(sink.offered.filter(({ raw }) => /^List-ID:/im.test(raw.toString()))).toEqual([]);
  expect(await ledger()).toEqual([{ state: 'queued', reason: null, attempts: 1 }]);
  await deliver();
  expect(sink.accepted.filter(({ raw }) => /^List-ID:/im.test(raw.toString()))).toHaveLength(1);
  expect(await ledger()).toEqual([{ state: 'sent', reason: null, attempts: 2 }]);
});

it('the end of a digest whose answer is lost is written once and stays', async () => {
  const deliver = await owed();
  loseAnswer(2);
  await deliver();
  await deliver();
  expect(sink.accepted.filter(({ raw }) => /^List-ID:/im.test(raw.toString()))).toHaveLength(1);
  expect(await ledger()).toEqual([{ state: 'sent', reason: null, attempts: 1 }]);
});
