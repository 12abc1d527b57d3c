import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import http from 'node:http';
import { POLICY } from '../src/accounts/policy.js';
import { Readiness } from '../src/api/readiness.js';
import type { CaughtMail } from '../src/mail/mailbox.js';
import {
  GOOD_MARKS,
  type House,
  lead,
  memberFirm,
  type MemberFirm,
  openHouse,
  publishedLead,
  registration,
  signedIn,
  TUESDAY,
  Visitor,
} from './support/house.js';
import { Sink } from './support/sink.js';

let house: House;
let anyone: Visitor;
beforeAll(async () => {
  house = await openHouse();
  anyone = new Visitor(house.url);
});
afterAll(() => house.close());

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe('the description of the API', () => {
  const description = async (): Promise<Document> => (await anyone.get('/api/openapi.json')).json();

  it('names every route of the API and none besides', async () => {
    const { paths } = await description();
    const described = Object.entries(paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
    const routes = Object.keys(POLICY).filter((route) => / \/api\/v1\//.test(route));
    expect(described.sort()).toEqual(routes.map((route) => route.replace(/:(\w+)/g, '{$1}')).sort());
  });

  it('is a document of OpenAPI 3 in which every operation has a name of its own, its parameters and an answer', async () => {
    const { openapi, info, paths } = await description();
    expect(openapi).toMatch(/^3\.\d+\.\d+$/);
    expect(info).toMatchObject({ title: 'Rabta', version: expect.any(String) });
    const operations = Object.entries(paths).flatMap(([path, of]) => Object.values(of).map((operation) => ({ path, operation })));
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect([path, inPath.map(({ name }) => `{${name}}`)]).toEqual([path, path.match(/\{\w+\}/g) ?? []]);
      expect(inPath.every(({ required }) => required)).toBe(true);
      for (const status of Object.keys(operation.responses)) expect(status).toMatch(/^[1-5]\d\d$|^default$/);
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
    }
    const references = [...JSON.stringify(paths).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, at]) => at ?? '');
    const document = await description();
    for (const at of references)
      expect([at, at.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document)]).toEqual([
        at,
        expect.anything(),
      ]);
  });

  it('promises the statuses that are given', async () => {
    const { paths } = await description();
    const given = registration();
    const promised = (path: string, method: string): string[] => Object.keys(paths[path]?.[method]?.responses ?? {});
    const [registered, signed] = [await anyone.post('/api/v1/firms', given), await new Visitor(house.url).post('/api/v1/session', given)];
    const { token } = (await new Visitor(house.url).post('/api/v1/session', { email: given.email, password: given.password })).json() as { token: string };
    const member = new Visitor(house.url);
    member.token = token;
    expect(signed.status).toBe(422); // more than address and password
    expect(promised('/api/v1/firms', 'post')).toContain(String(registered.status));
    expect(promised('/api/v1/session', 'get')).toContain(String((await member.get('/api/v1/session')).status));
    expect(promised('/api/v1/session', 'delete')).toContain(String((await member.send('DELETE', '/api/v1/session')).status));
  });
});

describe('a list', () => {
  let curator: Visitor;
  let firms: MemberFirm[];
  const LEADS = 11;

  interface Listed {
    readonly items: readonly Record<string, unknown>[];
    readonly next: string | null;
  }

  /** Walks from page to page as a program would; `between` happens after the first. */
  async function walk(visitor: Visitor, address: string, limit: number, between?: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let after: string | null = '';
    for (let pages = 0; after !== null && pages < 50; pages++) {
      const url = new URL(address, house.url);
      url.searchParams.set('limit', String(limit));
      if (after) url.searchParams.set('after', after);
      const answer = await visitor.get(url.pathname + url.search);
      expect(answer.status).toBe(200);
      const page = answer.json() as Listed;
      expect(page.items.length).toBeLessThanOrEqual(limit);
      if (page.next !== null) expect(page.items).toHaveLength(limit);
      items.push(...page.items);
      after = page.next;
      if (pages === 0) await between?.();
    }
    expect(after).toBeNull();
    return items;
  }

  beforeAll(async () => {
    curator = await signedIn(house, 'curator');
    firms = [];
    for (let n = 0; n < 5; n++) firms.push(await memberFirm(house, n === 4 ? { markets: ['AE'] } : {}));
    // some of one moment, some of others; some of one score, some of others
    for (let n = 0; n < LEADS; n++) {
      house.clock.set(new Date(TUESDAY.getTime() + Math.floor(n / 3) * 1000));
      const goods = n % 2 ? { title: { en: 'Dried whole red chillies' }, hs: ['090421'] } : { title: { en: 'Paprika, ground' }, hs: ['090422'] };
      await publishedLead(curator, { ...goods, counterparty: `Buyer ${n}`, counterpartyEmail: undefined });
    }
    await house.until(async () => (await house.source.query<unknown[]>('select 1 from match')).length === 5 * LEADS, 'the matches');
  });

  it.each([1, 2, 3, 4, 11, 100])('of opportunities is whole and without repetition, %i a page', async (limit) => {
    const references = (await house.source.query<{ reference: string }[]>('select reference from opportunity order by created_at desc, id')).map(
      ({ reference }) => reference,
    );
    expect((await walk(anyone, '/api/v1/opportunities', limit)).map((item) => item['reference'])).toEqual(references);
    expect((await walk(curator, '/api/v1/desk/opportunities?status=published', limit)).map((item) => item['reference'])).toEqual(references);
  });

  it('of opportunities holds to its filters from page to page', async () => {
    await publishedLead(curator, { kind: 'tender', sectors: ['export-industry'], hs: ['721049'], counterparty: 'Water Board', counterpartyEmail: undefined });
    const kinds = (await walk(anyone, '/api/v1/opportunities?kind=buy_request', 4)).map(({ kind }) => kind);
    expect([kinds.length, new Set(kinds)]).toEqual([LEADS, new Set(['buy_request'])]);
    expect(await walk(anyone, '/api/v1/opportunities?sector=export-industry', 4)).toHaveLength(1);
    await house.source.query(`delete from opportunity where kind = 'tender'`);
  });

  it('of firms is whole and without repetition', async () => {
    const ids = firms.map(({ firmId }) => firmId).sort();
    for (const limit of [1, 2, 5, 20]) {
      const found = (await walk(curator, '/api/v1/firms?status=admitted', limit)).map((item) => String(item['id']));
      expect([found.length, [...found].sort()]).toEqual([5, ids]);
    }
    expect((await walk(curator, '/api/v1/firms?status=refused', 2)).length).toBe(0);
  });

  it('of matches is whole and without repetition, best first', async () => {
    for (const { firmId, member } of [firms[0]!, firms[4]!]) {
      const all = (
        await house.source.query<{ reference: string }[]>(
          'select reference from match join opportunity o on o.id = opportunity_id where match.firm_id = $1 order by score desc, opportunity_id',
          [firmId],
        )
      ).map(({ reference }) => reference);
      for (const limit of [1, 3, 20]) {
        const found = await walk(member, `/api/v1/firms/${firmId}/matches`, limit);
        expect(found.map((item) => (item['opportunity'] as { reference: string }).reference)).toEqual(all);
        expect(new Set(found.map((item) => item['score'])).size).toBe(2);
      }
    }
  });

  it('does not shift when something new comes while it is read', async () => {
    const before = (await walk(anyone, '/api/v1/opportunities', 3)).map((item) => item['reference']);
    const read = await walk(anyone, '/api/v1/opportunities', 3, async () => {
      house.clock.set(new Date(TUESDAY.getTime() + 60_000));
      return publishedLead(curator, { counterparty: 'A newcomer', counterpartyEmail: undefined });
    });
    expect(read.map((item) => item['reference'])).toEqual(before);
    expect(await walk(anyone, '/api/v1/opportunities', 100)).toHaveLength(LEADS + 1);
  });

  it('refuses a cursor that is none, a limit out of bounds and a question that it does not know', async () => {
    const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const lists: [Visitor, string][] = [
      [anyone, '/api/v1/opportunities'],
      [curator, '/api/v1/desk/opportunities'],
      [curator, '/api/v1/firms'],
      [firms[0]!.member, `/api/v1/firms/${firms[0]!.firmId}/matches`],
    ];
    for (const [visitor, list] of lists) {
      for (const after of [
        'x',
        '%00',
        encoded([]),
        encoded(['2026-11-24T02:00:00.000Z']),
        encoded(['a', 'b', 'c']),
        encoded({}),
        encoded([1, 2]),
        encoded(['x', 'y']),
        'x'.repeat(201),
      ]) {
        const answer = await visitor.get(`${list}?after=${after}`);
        expect([list, after, answer.status, (answer.json() as { errors: { field: string }[] }).errors[0]?.field]).toEqual([list, after, 422, 'after']);
      }
      for (const query of ['limit=0', 'limit=101', 'limit=many', 'limit=2.5', 'offset=3', 'kind=gift', 'status=secret']) {
        expect([list, query, (await visitor.get(`${list}?${query}`)).status]).toEqual([list, query, 422]);
      }
    }
    expect((await anyone.get('/opportunities?after=x')).status).toBe(422);
  });
});

describe('health', () => {
  it('is alive as long as it answers', async () => {
    const answer = await anyone.get('/health/live');
    expect([answer.status, answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('is ready once the start is complete', async () => {
    const readiness = house.get(Readiness);
    expect((await anyone.get('/health/ready')).json()).toEqual({ status: 'ok', waitingFor: null, database: true, queue: true, canaries: true });
    readiness.waitingFor = 'matching';
    try {
      const answer = await anyone.get('/health/ready');
      expect([answer.status, answer.json()]).toEqual([503, { status: 'not ready', waitingFor: 'matching', database: true, queue: true, canaries: true }]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect((await anyone.get('/health/live')).status).toBe(200);
    } finally {
      readiness.waitingFor = null;
    }
    expect((await anyone.get('/health/ready')).status).toBe(200);
  });
});

describe('an answer', () => {
  const ADDRESSES = [
    '/',
    '/opportunities',
    '/statement',
    '/register',
    '/sign-in',
    '/confirm',
    '/mailbox',
    '/style.css',
    '/no-such-page',
    '/api/openapi.json',
    '/api/v1/opportunities',
    '/api/v1/no-such-route',
    '/health/live',
  ];

  it.each(ADDRESSES)('to GET %s lets nothing run and nobody frame it', async (address) => {
    const { headers, text } = await anyone.get(address);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split(';').map((part) => [part.trim().split(' ')[0] ?? '', part.trim().split(' ').slice(1)]),
    );
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
    expect(policy.get('form-action')).toEqual(["'self'"]);
    expect(policy.get('style-src')).toEqual(["'self'"]);
    for (const directive of ['script-src', 'script-src-elem', 'script-src-attr', 'connect-src', 'object-src']) expect(policy.get(directive)).toBeUndefined();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    // what the policy would refuse is not there in the first place
    if (headers.get('content-type')?.includes('html')) expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
  });

  it('with a token in its address tells nobody where it was', async () => {
    for (const address of ['/confirm/x.y', '/u/x.y']) {
      const { headers } = await anyone.get(address);
      expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['no-referrer', 'no-store']);
    }
  });

  it('to what cannot be read says so, as a problem', async () => {
    const send = (body: string, type = 'application/json') => anyone.send('POST', '/api/v1/session', { body, headers: { 'content-type': type } });
    for (const [answer, status, code] of [
      [await send('{"email":'), 400, 'Unreadable'],
      [await send('{"__proto__":{"role":"administrator"}}'), 400, 'Unreadable'],
      [await send('<a/>', 'text/xml'), 400, 'Unreadable'],
      [await send(JSON.stringify({ email: 'x'.repeat(300_000) })), 413, 'TooLarge'],
      [await send('[]'), 422, 'Invalid'],
      [await send('null'), 422, 'Invalid'],
      [await anyone.get('/api/v1/no-such-route'), 404, 'NotFound'],
      [await anyone.send('PATCH', '/api/v1/session', { body: {} }), 404, 'NotFound'],
    ] as const) {
      expect([answer.status, answer.headers.get('content-type'), answer.json()]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
        { type: 'about:blank', status, code, title: expect.any(String), errors: expect.any(Array) },
      ]);
    }
  });

  it('to too many guesses is 429, with the time to wait', async () => {
    const guess = (n: number) =>
      house.app.inject({ method: 'POST', url: '/api/v1/session', payload: { email: `a${n}@b.example`, password: '' }, remoteAddress: '198.51.100.77' });
    const answers = [];
    for (let n = 0; n < 31; n++) answers.push(await guess(n));
    expect(answers.slice(0, 30).every(({ statusCode }) => statusCode === 422)).toBe(true);
    const last = answers[30]!;
    expect([last.statusCode, last.json<{ code: string }>().code]).toEqual([429, 'TooMany']);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    // somebody else may
    expect((await house.app.inject({ method: 'POST', url: '/api/v1/session', payload: {}, remoteAddress: '198.51.100.78' })).statusCode).toBe(422);
  });
});

describe('the mailbox', () => {
  const ROUTES = ['/mailbox', '/mailbox/messages.json'];
  const from = async (remoteAddress: string, url: string): Promise<number> => (await house.app.inject({ method: 'GET', url, remoteAddress })).statusCode;

  it('opens for this machine and is not there for any other', async () => {
    for (const url of ROUTES) {
      for (const local of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']) expect([url, local, await from(local, url)]).toEqual([url, local, 200]);
      for (const other of ['192.0.2.1', '10.127.0.1', '2001:db8::1', '::ffff:192.0.2.1', '::127.0.0.1'])
        expect([url, other, await from(other, url)]).toEqual([url, other, 404]);
    }
  });

  it('shows a mail in a frame where nothing runs', async () => {
    await anyone.post('/api/v1/firms', registration());
    await house.until(async () => (await house.mails()).length > 0, 'a mail');
    const [mail] = await house.mails();
    const { status, headers } = await anyone.get(`/mailbox/${mail!.id}/html`);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'self'; sandbox /);
    expect(headers.get('content-security-policy')).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    for (const id of ['..%2f..%2fsecret', '%2e%2e', 'no-such-mail']) expect([id, (await anyone.get(`/mailbox/${id}/html`)).status]).toEqual([id, 404]);
  });

  it('is not there at all where mail goes to a relay', async () => {
    const sink = await Sink.open();
    const other = await openHouse({ work: false, env: { SMTP_URL: sink.url } });
    try {
      const visitor = new Visitor(other.url);
      for (const url of [...ROUTES, '/mailbox/x', '/mailbox/x/html']) expect([url, (await visitor.get(url)).status]).toEqual([url, 404]);
      expect((await visitor.get('/')).text).not.toContain('/mailbox');
      expect((await anyone.get('/')).text).toContain('/mailbox');
    } finally {
      await other.close();
      await sink.close();
    }
  });
});

describe('what the house mails', () => {
  /** fetch() sets Host itself. */
  const register = (given: unknown): Promise<number | undefined> =>
    new Promise((done, failed) => {
      const headers = {
        host: 'elsewhere.example',
        'x-forwarded-host': 'elsewhere.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=elsewhere.example;proto=https',
        'content-type': 'application/json',
      };
      const request = http.request(new URL('/api/v1/firms', house.url), { method: 'POST', headers }, (response) => {
        response.resume();
        response.on('end', () => done(response.statusCode));
      });
      request.on('error', failed);
      request.end(JSON.stringify(given));
    });

  it('names its own address in links, never the host that a request asked for', async () => {
    const given = registration();
    const to = async (): Promise<CaughtMail[]> => (await house.mails()).filter((mail) => mail.to.includes(given.email));
    for (const n of [1, 2]) {
      expect(await register(given)).toBe(202);
      await house.until(async () => (await to()).length === n, 'the mail');
    }
    for (const mail of await to()) {
      const links = (mail.text + mail.html).match(/https?:\/\/[^\s"<]+/g) ?? [];
      expect(links.length).toBeGreaterThan(1);
      for (const link of links) expect(link.startsWith(`${house.url}/`)).toBe(true);
      expect(JSON.stringify(mail)).not.toContain('elsewhere.example');
    }
  });
});

describe('the desk', () => {
  it('gives no counterparty, source or mark to whoever may only read in public', async () => {
    const curator = await signedIn(house, 'curator');
    const { id, reference } = (
      await curator.post('/api/v1/desk/opportunities', lead({ counterparty: 'Hidden Trading', counterpartyEmail: undefined, source: 'a fair' }))
    ).json() as { id: string; reference: string };
    await curator.post(`/api/v1/desk/opportunities/${id}/submit`, {});
    await curator.post(`/api/v1/desk/opportunities/${id}/publish`, GOOD_MARKS);
    const [whole, open] = [await curator.get(`/api/v1/desk/opportunities/${id}`), await anyone.get(`/api/v1/opportunities/${reference}`)];
    expect(Object.keys(whole.json() as object)).toEqual(expect.arrayContaining(['id', 'counterparty', 'source', 'review']));
    for (const key of ['id', 'counterparty', 'counterpartyEmail', 'counterpartyPhone', 'source', 'review', 'reviewNote', 'concerns'])
      expect(open.json()).not.toHaveProperty(key);
  });
});
