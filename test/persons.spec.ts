import { afterEach, expect, it } from '@jest/globals';
import { addressSha256 } from '../src/digests/suppressions.queries.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { browser, type House, memberFirm, openHouse, publishedLead, signedIn, swept } from './support/house.js';

let house: House;
afterEach(() => house.close());

const CANARY = 'canary7431';
const person = { contactName: `Naila ${CANARY}`, email: `${CANARY}@kunri-sun.example`, phone: '+92 22 7437431' };

/** Tables of the house and of its queues in which the text stands, bytes as text. */
async function foundIn(text: string): Promise<string[]> {
  const tables = await house.source.query<{ name: string }[]>(
    `select format('%I.%I', table_schema, table_name) name from information_schema.tables where table_schema in ('public', 'bullmq') and table_type = 'BASE TABLE'`,
  );
  const hex = Buffer.from(text).toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await house.source.query<{ n: number }[]>(
      `select count(*)::int n from ${name} t where t::text ilike '%' || $1 || '%' or t::text ilike '%' || $2 || '%'`,
      [text, hex],
    );
    if (row?.n) found.push(name);
  }
  return found.sort();
}

it('everything that is kept about a person can be taken away on paper, and be erased but for the hash of the address', async () => {
  house = await openHouse();
  const curator = await signedIn(house, 'curator');
  const administrator = await signedIn(house, 'administrator');
  const firm = await memberFirm(house, person);
  const colleague = await memberFirm(house, { firmName: 'Another' });
  const leads = [await publishedLead(curator), await publishedLead(curator, { counterparty: 'Other', counterpartyEmail: 'other@other.example' })];
  const references = await Promise.all(
    leads.map(async (id) => ((await curator.get(`/api/v1/desk/opportunities/${id}`)).json() as { reference: string }).reference),
  );
  await swept(house, async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
  house.clock.set(new Date('2026-11-24T03:05:00Z'));
  await house.get(DigestsService).plan();
  await swept(house, async () => (await house.get(DigestsService).running()) === 0, 'the digest');
  const about = (reference: string | undefined) => `/api/v1/firms/${firm.firmId}/opportunities/${reference}`;
  await firm.member.send('POST', `${about(references[0])}/interest`, { body: { sentence: `Says ${CANARY}` }, headers: { 'idempotency-key': 'k1' } });
  await firm.member.send('PUT', `${about(references[1])}/feedback`, { body: { reason: 'other', text: `Also ${CANARY}` } });
  expect(await foundIn(CANARY)).toEqual(
    expect.arrayContaining(['public.account', 'public.contact', 'public.digest', 'public.interest', 'public.introduction']),
  );

  const mine = `/api/v1/firms/${firm.firmId}/contacts/${firm.contactId}`;
  const paper = (await firm.member.get(`${mine}/export`)).json() as Record<string, unknown>;
  expect(paper).toMatchObject({
    contact: { email: person.email },
    account: { email: person.email },
    interests: [{ sentence: `Says ${CANARY}` }],
    notForMe: [{}],
    introductions: [{}],
  });
  expect(JSON.stringify(paper)).not.toMatch(/nonce|hash|argon/i);
  const page = await browser(house, firm);
  expect((await page.get('/firm/person/export')).headers.get('content-disposition')).toContain('attachment');

  // nobody else may, and not by one press
  expect((await colleague.member.get(`${mine}/export`)).status).toBe(404);
  expect((await curator.get(`${mine}/export`)).status).toBe(403);
  expect((await firm.member.post(`/api/v1/firms/${firm.firmId}/contacts/${colleague.contactId}/erase`, { address: colleague.email })).status).toBe(404);
  expect((await administrator.post(`${mine}/erase`, { address: 'somebody@else.example' })).status).toBe(422);
  expect((await page.submit('/firm/person', '/firm/person', { address: person.email })).status).toBe(200);

  expect(await foundIn(CANARY)).toEqual([]);
  expect(await foundIn('7437431')).toEqual([]);
  expect(await house.source.query('select stream, reason from suppression where address_sha256 = $1', [addressSha256(person.email)])).toEqual([
    { stream: 'all', reason: 'erased' },
  ]);
  expect(
    (await house.source.query<{ n: number }[]>(`select count(*)::int n from audit where act = 'person.erase' and subject_id = $1`, [firm.contactId]))[0]?.n,
  ).toBe(1);
  // signed out everywhere, and the firm still stands
  expect((await firm.member.get(`/api/v1/firms/${firm.firmId}`)).status).toBe(401);
  expect((await page.get('/firm')).status).toBe(303);
  expect((await administrator.get(`/api/v1/firms/${firm.firmId}`)).status).toBe(200);
});
