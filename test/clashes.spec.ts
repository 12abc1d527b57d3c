import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { Account } from '../src/accounts/account.entity.js';
import { chamberAccount, type House, openHouse } from './support/house.js';

let house: House;
beforeEach(async () => {
  house = await openHouse({ work: false });
});
afterEach(() => house.close());

/** Two transactions that take the same two rows in opposite order, each waiting until both have their first. */
async function crossed(managers: readonly [EntityManager, EntityManager]): Promise<{ done: PromiseSettledResult<void>[]; runs: number }> {
  const emails = [(await chamberAccount(house, 'curator')).email, (await chamberAccount(house, 'administrator')).email];
  let runs = 0;
  let first = 0;
  const go = (manager: EntityManager, order: string[]) =>
    manager.transaction(async (tx) => {
      runs++;
      for (const email of order) {
        await tx.query(`update account set name = name || '+' where email = $1`, [email]);
        first++;
        await house.until(() => first >= 2, 'the other');
      }
    });
  const done = await Promise.allSettled([go(managers[0], emails), go(managers[1], emails.toReversed())]);
  return { done, runs };
}

describe('two transactions in each other’s way', () => {
  it.each(['the data source', 'a repository'])('by %s both succeed, and each is done once', async (by) => {
    const { manager } = by === 'a repository' ? house.source.getRepository(Account) : house.source;
    const { done, runs } = await crossed([manager, manager]);
    expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(runs).toBe(3);
    expect(await house.source.query(`select name from account where name like '%+%'`)).toEqual([
      { name: expect.stringMatching(/[^+]\+\+$/) },
      { name: expect.stringMatching(/[^+]\+\+$/) },
    ]);
  });

  it('are given up after four tries, and nothing is left of them', async () => {
    let tries = 0;
    const clash = house.source.transaction(async (tx) => {
      tries++;
      await tx.query(`insert into canary (queue, sang_at) values ('mail', now())`);
      await tx.query(`do $$ begin raise exception 'a clash' using errcode = '40001'; end $$`);
    });
    await expect(clash).rejects.toMatchObject({ driverError: { code: '40001' } });
    expect(tries).toBe(4);
    expect(await house.source.query('select 1 from canary')).toEqual([]);
  });

  it('that fail for another reason are not tried again', async () => {
    let tries = 0;
    const fault = house.source.transaction(async (tx) => {
      tries++;
      await tx.query('select 1 / 0');
    });
    await expect(fault).rejects.toMatchObject({ driverError: { code: '22012' } });
    expect(tries).toBe(1);
  });
});
