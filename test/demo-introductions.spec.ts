import { afterEach, expect, it } from '@jest/globals';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { verify } from '../src/audit/audit.js';
import { seedDemo } from '../src/demo/seed.js';
import { IntroductionsService } from '../src/introductions/introductions.service.js';
import { NomenclatureService } from '../src/nomenclature/nomenclature.service.js';
import { type House, openHouse } from './support/house.js';

let house: House;
afterEach(() => house.close());

it('ten introductions of the demo chamber reach ten different endings, and what they come to is what the audit trail says', async () => {
  house = await openHouse({ work: false });
  await seedDemo(house.source, house.get(AccountsService), house.get(NomenclatureService), house.clock.now(), 'Asia/Karachi');
  const rows = await house.source.query<{ state: string; ending: string | null; outcome: string | null; next_on: string | null }[]>(
    'select state, ending, outcome, next_on::text from introduction',
  );
  const endings = rows.map(({ ending, outcome }) => outcome ?? ending).sort();
  expect(rows).toHaveLength(10);
  expect(new Set(rows.map(({ ending, outcome }) => `${outcome} ${ending}`)).size).toBe(10);
  expect(endings).toEqual(['declined', 'joint-venture', 'meeting', 'mou', 'no-reply', 'no-reply', 'nothing', 'order', 'sample', 'withdrawn']);

  // the last outcome of each by the trail alone, and the sum of its values
  const trail = await house.source.query<{ outcome: string; n: number; value: string | null }[]>(
    `select outcome, count(*)::int n, sum(value) value from (
       select distinct on (subject_id) detail->>'outcome' outcome, (detail->>'value')::numeric value from audit where act = 'introduction.report' order by subject_id, seq desc
     ) last group by outcome order by outcome`,
  );
  const stored = await house.source.query(
    'select outcome, count(*)::int n, sum(outcome_value) value from introduction where outcome is not null group by outcome order by outcome',
  );
  expect(trail.map((row) => ({ ...row, value: row.value && Number(row.value) }))).toEqual(
    (stored as typeof trail).map((row) => ({ ...row, value: row.value && Number(row.value) })),
  );
  const states = await house.source.query<{ state: string }[]>(
    `select i.state from introduction i where i.state <> (select detail->>'to' from audit where subject_id = i.id::text order by seq desc limit 1)`,
  );
  expect(states).toEqual([]);
  expect(await verify(house.source.manager)).toMatchObject({ ok: true });

  // nobody is mailed because of them, neither now nor by the clock's first look
  await house.get(IntroductionsService).tick();
  expect(await house.source.query('select 1 from introduction_mail')).toEqual([]);
  for (const { next_on } of rows) if (next_on) expect(next_on > '2026-11-24').toBe(true);
});
