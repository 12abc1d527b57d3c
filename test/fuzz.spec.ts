import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { STATUS_OF } from '../src/common/errors.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { chamberAccount, codeOf, type House, meetingDay, memberFirm, openHouse, type Person, publishedLead, signedIn, Visitor } from './support/house.js';
import { type Description, nasty, type Operation, operationsOf, valueOf } from './support/requests.js';

/** Requests: a thousand while one works, ten thousand where it counts. */
const REQUESTS = process.env['CI'] === 'true' ? 10_000 : 1000;
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261124);
const CALLERS = ['nobody', 'member of firm A', 'member of firm B', 'curator', 'administrator'] as const;
type Caller = (typeof CALLERS)[number];
/** Those who may do most call most. */
const OFTEN: readonly Caller[] = [...CALLERS, 'member of firm A', 'member of firm A', 'administrator', 'administrator', 'curator'];
/** Needs no id of ours to be refused. */
const UNKNOWN = '6b1f0d0a-3a8e-4a0b-9d0a-0a0a0a0a0a0a';

let house: House;
let description: Description;
let operations: Operation[];
let people: Record<Exclude<Caller, 'nobody'>, Person>;
let meetAgain: () => Promise<void>;
const tokens = new Map<Caller, string>();
/** Values that a parameter of this name may have, of things that are there. */
let known: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  house = await openHouse();
  const a = await memberFirm(house, { firmName: 'Firm of A' });
  const b = await memberFirm(house, { firmName: 'Firm of B', offers: [{ text: 'Glass bangles', hs: ['7018.10'] }] });
  people = {
    'member of firm A': a,
    'member of firm B': b,
    curator: await chamberAccount(house, 'curator'),
    administrator: await chamberAccount(house, 'administrator'),
  };
  const curator = await signedIn(house, 'curator');
  const lead = await publishedLead(curator);
  const { id: draft } = (
    await curator.post('/api/v1/desk/opportunities', { kind: 'tender', title: { en: 'Draft' }, sectors: ['agriculture'], counterparty: 'X' })
  ).json() as {
    id: string;
  };
  await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
  house.clock.set(new Date('2026-11-24T03:05:00Z'));
  await house.get(DigestsService).plan();
  await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the run');
  const [digest] = await house.source.query<{ id: string; occurrence_id: string }[]>('select id, occurrence_id from digest');
  const references = (await house.source.query<{ reference: string }[]>('select reference from opportunity')).map(({ reference }) => reference);
  const { dayId, attendeeId, restore: again } = await meetingDay(house, curator, [a.firmId], lead);
  meetAgain = again;
  known = {
    dayId: [dayId],
    attendeeId: [attendeeId],
    contactId: [a.contactId, b.contactId],
    firmId: [a.firmId, b.firmId],
    id: [lead, draft],
    reference: references,
    occurrenceId: [digest?.occurrence_id ?? UNKNOWN],
    digestId: [digest?.id ?? UNKNOWN],
    report: ['funnel', 'gap', 'exposure', 'precision', 'sources', 'members', 'review', 'statement'],
  };
  description = (await new Visitor(house.url).get('/api/openapi.json')).json();
  operations = operationsOf(description);
});
afterAll(() => house.close());

/** What was suspended or closed on the way comes back, so that later requests find something to do. */
async function restore(): Promise<void> {
  await meetAgain();
  await house.source.query(`update firm set status = 'admitted', membership_valid_until = '2027-03-31' where id = any($1)`, [known['firmId']]);
  await house.source.query(`update opportunity set status = 'published', closed_as = null, open_until = '2027-02-01' where id = $1`, [known['id']?.[0]]);
  await house.source.query(`update opportunity set status = 'in_review', closed_as = null where id = $1`, [known['id']?.[1]]);
}

let addresses = 0;
/** The limits on guessing are looked at elsewhere. */
const remoteAddress = (): string => `198.51.${(addresses >> 8) & 255}.${addresses++ & 255}`;

async function signIn(url: string, payload: object, token?: string): Promise<string> {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await house.app.inject({ method: 'POST', url, payload, headers, remoteAddress: remoteAddress() });
  expect(answer.statusCode).toBeLessThan(300);
  return answer.json<{ token: string }>().token;
}

/** Sessions end on the way: by signing out, by a new password, by a firm that is suspended. */
async function tokenOf(caller: Caller): Promise<string | undefined> {
  if (caller === 'nobody') return undefined;
  const before = tokens.get(caller);
  if (before) {
    const { statusCode } = await house.app.inject({ url: '/api/v1/session', headers: { authorization: `Bearer ${before}` } });
    if (statusCode === 200) return before;
  }
  const { email, password } = people[caller];
  let token = await signIn('/api/v1/session', { email, password });
  const code = await codeOf(house, email);
  if (code) token = await signIn('/api/v1/session/second-factor', { code }, token);
  tokens.set(caller, token);
  return token;
}

interface Request {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly url: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** What stands in an address: what is there, what is not, and what nobody would write. */
const inPath = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...(known[name] ?? ['x'])), weight: 8 },
    { arbitrary: fc.constantFrom(UNKNOWN, 'x', '%00', '%F0%9F%8C%B6', '..%2F..', 'a'.repeat(150), '%E2%80%AE', 'null'), weight: 2 },
  );

const json = (value: unknown): string => JSON.stringify(value);
/** A body as it was meant, or broken off, or not JSON at all. */
const written = (value: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constant(json(value)), weight: 20 },
    { arbitrary: fc.constantFrom(json(value).slice(0, -1), '', '[', '\u0000', '{"__proto__":{}}', 'null', '1'), weight: 1 },
  );

function requestOf(operation: Operation): fc.Arbitrary<Request> {
  const params = operation.parameters;
  const ids = Object.values(known).flat();
  const path = fc.record(Object.fromEntries(params.filter((p) => p.in === 'path').map(({ name }) => [name, inPath(name)])));
  const asked = Object.fromEntries(params.filter((p) => p.in === 'query').map(({ name, schema }) => [name, valueOf(schema, ids)]));
  const query = fc.oneof(fc.record(asked, { requiredKeys: [] }), fc.record({ ...asked, x: nasty }, { requiredKeys: [] }));
  const body = operation.body
    ? valueOf(operation.body, ids).chain(written)
    : operation.method === 'GET'
      ? fc.constant(undefined)
      : fc.constantFrom('{}', undefined);
  const headers = fc.record(
    {
      'idempotency-key': fc.constantFrom('k1', 'k2', 'k'.repeat(300), ' '),
      'accept-language': fc.constantFrom('ur', 'sd', 'zh', 'xx', ',;q='),
      cookie: fc.constantFrom('session=x', 'lang=ur', 'lang=%00'),
    },
    { requiredKeys: [] },
  );
  return fc.record({ caller: fc.constantFrom(...OFTEN), path, query, body, headers }).map(({ caller, path, query, body, headers }) => {
    const pairs = Object.entries(query).map(
      ([name, value]) => `${name}=${encodeURIComponent(typeof value === 'string' ? Buffer.from(value).toString() : json(value))}`,
    );
    const url = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '') + (pairs.length ? `?${pairs.join('&')}` : '');
    return { operation, caller, url, body, headers };
  });
}

it(`answers ${REQUESTS} generated requests without a failure, each in the shape that the description promises`, async () => {
  const ajv = new Ajv({ strict: false, schemas: [{ $id: 'api', components: description.components }] });
  formats.default(ajv);
  const shapes = new Map<object, ValidateFunction>();
  const shapeOf = (schema: object): ValidateFunction => {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components');
    const made = shapes.get(schema) ?? ajv.compile(JSON.parse(text) as object);
    shapes.set(schema, made);
    return made;
  };
  const statuses = new Map<number, number>();
  const succeeded = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...operations).chain((operation) => requestOf(operation)),
      async ({ operation, caller, url, body, headers }) => {
        if (addresses % 100 === 0) await restore();
        const token = await tokenOf(caller);
        const answer = await house.app.inject({
          method: operation.method as 'GET',
          url,
          headers: {
            ...headers,
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { payload: body }),
          remoteAddress: remoteAddress(),
        });
        const { statusCode: status } = answer;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        expect(status).toBeLessThan(500);
        if (status < 400) {
          succeeded.add(`${operation.method} ${operation.path}`);
          expect(Object.keys(operation.answers)).toContain(String(status));
          const schema = operation.answers[status];
          if (!schema) expect(answer.body).toBe('');
          else expect([shapeOf(schema)(answer.json()), shapeOf(schema).errors]).toEqual([true, null]);
        } else {
          const refusal = operation.answers['default'] as object;
          expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
          expect([shapeOf(refusal)(answer.json()), shapeOf(refusal).errors]).toEqual([true, null]);
          const { code, status: said } = answer.json<{ code: keyof typeof STATUS_OF; status: number }>();
          expect([said, STATUS_OF[code]]).toEqual([status, status]);
        }
        // nothing of the machine shows
        expect(answer.body).not.toMatch(/node_modules|at \w+ \(|\.[jt]s:\d+|syntax error|pg_|select .* from/i);
        const foreign = caller === 'member of firm B' && (url.split('?')[0] ?? '').includes(known['firmId']?.[0] ?? '-');
        // a body that is no JSON is refused before anybody asks whose firm it is
        if (foreign && url.startsWith('/api/v1/firms/')) expect([400, 403, 404]).toContain(status);
      },
    ),
    { numRuns: REQUESTS, seed: SEED },
  );
  // it must have been more than a heap of refusals
  expect(succeeded.size).toBeGreaterThan(operations.length * (REQUESTS >= 10_000 ? 0.6 : 0.5));
  expect((statuses.get(200) ?? 0) / REQUESTS).toBeGreaterThan(0.1);
}, 600_000);
