import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { randomUUID } from 'node:crypto';
import { POLICY, type Rule, ruleFor } from '../src/accounts/policy.js';
import { Signer } from '../src/common/tokens.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { ImportsService } from '../src/opportunities/imports.service.js';
import { browser, chamberAccount, type House, meetingDay, memberFirm, openHouse, type Person, publishedLead, signedIn, Visitor } from './support/house.js';

const CALLERS = ['nobody', 'member of firm A', 'member of firm B', 'curator', 'administrator'] as const;
type Caller = (typeof CALLERS)[number];

interface Route {
  readonly name: string;
  readonly method: HTTPMethods;
  readonly path: string;
  readonly rule: Rule;
}

const ROUTES: readonly Route[] = Object.entries(POLICY).map(([name, rule]) => {
  const [method, path] = name.split(' ') as [HTTPMethods, string];
  return { name, method, path, rule };
});
const READS = ROUTES.filter((route) => route.method === 'GET');
const WRITES = ROUTES.filter((route) => route.method !== 'GET');
const ENDS_THE_SESSION = new Set(['POST /sign-out', 'DELETE /api/v1/session']);
const isApi = ({ path }: Route): boolean => path.startsWith('/api/');

let house: House;
let people: Record<Exclude<Caller, 'nobody'>, Person>;
let browsers: Record<Caller, Visitor>;
let firmOfA = '';
let contactOfA = '';
/** Whoever was taken off the list of the meeting day comes again. */
let meetAgain: () => Promise<void>;
/** What the parameters of a route stand for; all of it exists, and what belongs to a firm belongs to firm A. */
let idsOf: (route: Route) => Record<string, string>;

const router = (): FastifyInstance => house.app.getHttpAdapter().getInstance();

/** The routes as the router itself prints them, `GET /firm/profile`. */
function printedRoutes(): string[] {
  const found: string[] = [];
  const above: string[] = [];
  for (const line of router().printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', segment = '', methods = ''] = /^([│├└─\s]*)(\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (!segment) continue;
    const depth = indent.length / 4;
    above[depth] = (depth ? (above[depth - 1] ?? '') : '') + segment;
    // the slash before a wildcard is not printed
    for (const method of methods.split(', ')) if (method && method !== 'HEAD') found.push(`${method} ${(above[depth] ?? '').replace(/(\w)\*$/, '$1/*')}`);
  }
  return found;
}

/** What a route must be asked with. */
const QUERY: Readonly<Record<string, string>> = { 'GET /api/v1/suggestions': '?text=chillies', 'GET /desk/queues/*': '?page=1&jobsPerPage=10' };

const addressOf = (route: Route): string => {
  const given = idsOf(route);
  return route.path.replace('*', 'api/queues').replace(/:(\w+)/g, (_, name: string) => given[name] ?? '') + (QUERY[route.name] ?? '');
};

/** Sends what a page or program of ours would send: a form with its token, or JSON. */
async function call(visitor: Visitor, route: Route, headers: Record<string, string> = {}) {
  const address = addressOf(route);
  if (route.method === 'GET') return visitor.get(address, headers);
  if (isApi(route)) return visitor.send(route.method, address, { body: {}, headers });
  const token = await formToken(visitor);
  const ours: Record<string, string> = route.rule.csrf === 'same-origin' ? { 'sec-fetch-site': 'same-origin' } : {};
  return visitor.send(route.method, address, { form: { _csrf: token }, headers: { ...ours, ...headers } });
}

async function formToken(visitor: Visitor): Promise<string> {
  const { text } = await visitor.get('/register');
  return /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

/** A browser for one call: where the call ends the session, one of its own. */
async function browserFor(caller: Caller, route: Route): Promise<Visitor> {
  if (caller === 'nobody') return new Visitor(house.url);
  return ENDS_THE_SESSION.has(route.name) ? browser(house, people[caller]) : browsers[caller];
}

/** Somebody whom the rule lets in, for tests about what comes after the door. */
const allowed = ({ rule }: Route): Caller => {
  if (typeof rule.who === 'string') return 'nobody';
  if (rule.who.includes('member')) return 'member of firm A';
  return rule.who.includes('curator') ? 'curator' : 'administrator';
};

const ROLE = { 'member of firm A': 'member', 'member of firm B': 'member', curator: 'curator', administrator: 'administrator' } as const;

/** Statuses that the rule allows for a call with an empty form: what is let in may still be refused for what it says, but never for who says it. */
function expected(route: Route, caller: Caller): number[] {
  const { rule } = route;
  // behind the door of the queue dashboard a call must still be one that the dashboard knows
  const letIn = route.method === 'GET' ? [200] : route.path.endsWith('*') ? [404] : [200, 201, 202, 204, 303, 409, 422];
  if (rule.who === 'signed') return [401];
  if (typeof rule.who === 'string') return letIn;
  if (caller === 'nobody') return route.method === 'GET' && !isApi(route) ? [303] : [401];
  if (!rule.who.includes(ROLE[caller])) return [403];
  return rule.on === 'firm-in-path' && caller === 'member of firm B' ? [404] : letIn;
}

beforeAll(async () => {
  house = await openHouse({ env: { BOUNCE_WEBHOOK_SECRET: 'w'.repeat(32) } });
  const a = await memberFirm(house, { firmName: 'Firm of A' });
  const b = await memberFirm(house, { firmName: 'Firm of B', offers: [{ text: 'Glass bangles', hs: ['7018.10'] }] });
  people = {
    'member of firm A': a,
    'member of firm B': b,
    curator: await chamberAccount(house, 'curator'),
    administrator: await chamberAccount(house, 'administrator'),
  };
  browsers = {
    nobody: new Visitor(house.url),
    'member of firm A': await browser(house, a),
    'member of firm B': await browser(house, b),
    curator: await browser(house, people.curator),
    administrator: await browser(house, people.administrator),
  };
  firmOfA = a.firmId;
  contactOfA = a.contactId;
  const leadId = await publishedLead(browsers.curator);
  await house.until(async () => (await house.source.query<unknown[]>('select 1 from match')).length === 1, 'the match');
  house.clock.set(new Date('2026-11-24T03:05:00Z'));
  const digests = house.get(DigestsService);
  await digests.plan();
  await house.until(async () => (await digests.running()) === 0, 'the run');
  const [digest] = await house.source.query<{ id: string; occurrence_id: string }[]>(`select id, occurrence_id from digest where state = 'sent'`);
  const [lead] = await house.source.query<{ reference: string }[]>('select reference from opportunity');
  const [mail] = await house.mails();
  await a.member.post(`/api/v1/firms/${a.firmId}/opportunities/${lead?.reference}/interest`, {});
  const [introduction] = await house.source.query<{ id: string }[]>('select id from introduction');
  const { restore, ...meetings } = await meetingDay(house, await signedIn(house, 'curator'), [firmOfA, b.firmId], leadId);
  meetAgain = restore;
  const imported = await house.get(ImportsService).upload({ content: 'reference,kind\nA,buy_request' }, leadId);
  const signer = house.get(Signer);
  const [contact] = await house.source.query<{ nonce: string }[]>('select nonce from contact where id = $1', [contactOfA]);
  idsOf = ({ path }) => ({
    firmId: firmOfA,
    id: path.startsWith('/mailbox') ? (mail?.id ?? '') : leadId,
    reference: lead?.reference ?? '',
    occurrenceId: digest?.occurrence_id ?? '',
    digestId: digest?.id ?? '',
    contactId: contactOfA,
    introductionId: introduction?.id ?? '',
    report: 'members',
    ...meetings,
    sheets: 'persons',
    importId: imported,
    token: path.startsWith('/i/')
      ? signer.token('introduction', introduction?.id ?? '')
      : path.startsWith('/u/')
        ? signer.token('unsubscribe', contactOfA)
        : path.startsWith('/a/')
          ? signer.token('answer', `${contactOfA}.${leadId}`)
          : signer.token('confirm', contactOfA, contact?.nonce ?? ''),
  });
});
afterAll(() => house.close());

describe('the policy table', () => {
  it('names exactly the routes that the router has', () => {
    expect(printedRoutes().sort()).toEqual(Object.keys(POLICY).sort());
    for (const { method, path, name } of ROUTES) expect([name, router().hasRoute({ method, url: path })]).toEqual([name, true]);
  });

  it('asks of HEAD what it asks of GET', () => {
    for (const { path, rule } of READS) expect(ruleFor('HEAD', path)).toBe(rule);
  });

  it('leaves open to anyone only what is meant for everybody', () => {
    const open = ROUTES.filter(({ rule }) => rule.who === 'anyone').map(({ name }) => name);
    expect(open.sort()).toEqual(
      [
        ...['GET /', 'GET /style.css', 'GET /statement', 'GET /opportunities', 'GET /opportunities/:reference'],
        ...['GET /fonts/nastaliq.woff2', 'GET /fonts/naskh.woff2', 'GET /opportunities/feed.atom', 'GET /opportunities/feed.json'],
        ...['GET /opportunities/:reference/calendar.ics', 'GET /opportunities/:reference/forward'],
        ...['GET /register', 'POST /register', 'GET /confirm', 'POST /confirm', 'GET /confirm/:token', 'POST /confirm/:token'],
        ...['GET /sign-in', 'POST /sign-in', 'POST /sign-out', 'GET /u/:token', 'POST /u/:token'],
        ...['GET /sign-in/link', 'POST /sign-in/link', 'GET /sign-in/link/:token', 'POST /sign-in/link/:token'],
        ...['POST /api/v1/session/link', 'POST /api/v1/session/link/:token'],
        ...['POST /u/:token/fewer', 'POST /u/:token/all', 'GET /a/:token', 'POST /a/:token', 'GET /i/:token', 'POST /i/:token'],
        ...['GET /health/live', 'GET /health/ready', 'GET /api/openapi.json', 'GET /api/v1/statement', 'GET /api/v1/suggestions', 'GET /api/v1/opportunities'],
        ...['GET /api/v1/opportunities/:reference', 'POST /api/v1/session', 'POST /api/v1/firms', 'POST /api/v1/confirmations'],
      ].sort(),
    );
  });

  it('keeps membership, the run by hand, going on with a halted run and the queue dashboard to the administrator alone', () => {
    const names = ROUTES.filter(({ rule }) => String(rule.who) === 'administrator').map(({ name }) => name);
    expect(names.sort()).toEqual([
      'GET /desk/queues',
      'GET /desk/queues/*',
      'PATCH /desk/queues/*',
      'POST /api/v1/desk/occurrences/:occurrenceId/resume',
      'POST /api/v1/firms/:firmId/admit',
      'POST /api/v1/firms/:firmId/status',
      'POST /desk/digests',
      'POST /desk/digests/:occurrenceId/resume',
      'POST /desk/firms/:firmId/admit',
      'POST /desk/firms/:firmId/status',
      'POST /desk/queues/*',
      'PUT /desk/queues/*',
    ]);
  });

  it('excuses from the form token what is pressed behind mailed links, which has nothing but their token, and what programs sign', () => {
    const exempt = ROUTES.filter(({ rule }) => rule.csrf === 'exempt').map(({ name, rule }) => [name, rule.on]);
    const pressed = ['POST /u/:token', 'POST /u/:token/fewer', 'POST /u/:token/all', 'POST /a/:token', 'POST /i/:token'].map((name) => [name, 'token']);
    expect(exempt.filter(([name]) => name !== 'POST /hooks/mail')).toEqual(pressed);
    expect(ROUTES.filter(({ rule }) => rule.who === 'signed').map(({ name }) => name)).toEqual(['POST /hooks/mail']);
    // pages that are not ours know no token of ours; the browser must say that the call comes from them
    expect(ROUTES.filter(({ rule }) => rule.csrf === 'same-origin').map(({ name }) => name)).toEqual([
      'POST /desk/queues/*',
      'PUT /desk/queues/*',
      'PATCH /desk/queues/*',
    ]);
  });

  it('lets no route work, and no house open, without a rule', async () => {
    const table = POLICY as Record<string, Rule>;
    const rule = table['GET /statement'];
    delete table['GET /statement'];
    try {
      expect((await browsers.administrator.get('/statement')).status).toBe(403);
      await expect(openHouse({ work: false })).rejects.toThrow('routes without a policy: GET /statement');
    } finally {
      table['GET /statement'] = rule!;
    }
    expect((await browsers.nobody.get('/statement')).status).toBe(200);
  });
});

describe('the door', () => {
  it.each(CALLERS)('gives %s on every route the status that its rule says', async (caller) => {
    const wrong: string[] = [];
    await meetAgain();
    for (const route of ROUTES) {
      const visitor = await browserFor(caller, route);
      const { status, text } = await call(visitor, route);
      const wanted = expected(route, caller);
      if (!wanted.includes(status)) wrong.push(`${route.name}: ${status} instead of ${wanted.join(' or ')} ${text.slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('lets an account of the chamber that has not given its second factor reach nothing but the page that asks for it', async () => {
    const half = new Visitor(house.url);
    await half.submit('/sign-in', '/sign-in', { ...people.administrator });
    const program = new Visitor(house.url);
    program.token = ((await program.post('/api/v1/session', people.administrator)).json() as { token: string }).token;
    const guarded = ROUTES.filter(({ rule }) => typeof rule.who !== 'string' && !rule.beforeSecondFactor);
    expect(guarded.length).toBeGreaterThan(90);
    for (const route of guarded) {
      const { status, headers } = await call(half, route);
      const page = route.method === 'GET' && !isApi(route);
      expect([route.name, status]).toEqual([route.name, page ? 303 : 403]);
      if (page) expect(headers.get('location')).toBe(`/second-factor?back=${encodeURIComponent(addressOf(route))}`);
      if (isApi(route)) {
        const answer = await call(program, route);
        expect([route.name, answer.status, (answer.json() as { code: string }).code]).toEqual([route.name, 403, 'SecondFactor']);
      }
    }
    const open = ROUTES.filter(({ rule }) => rule.beforeSecondFactor).map(({ name }) => name);
    expect(open).toEqual([
      'GET /second-factor',
      'POST /second-factor',
      'POST /second-factor/enrolment',
      'GET /api/v1/session',
      'DELETE /api/v1/session',
      'POST /api/v1/session/second-factor',
      'POST /api/v1/session/second-factor/enrolment',
    ]);
  });

  it('sends whoever is not signed in to the sign-in page, and back afterwards', async () => {
    const answer = await new Visitor(house.url).get('/firm?after=x');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/sign-in?back=${encodeURIComponent('/firm?after=x')}`]);
  });

  it('tells a member nothing of another firm, not even that it exists', async () => {
    const stranger = browsers['member of firm B'];
    const routes = ROUTES.filter(({ rule }) => rule.on === 'firm-in-path');
    expect(routes).toHaveLength(21);
    for (const { method, path } of routes) {
      const send = (firmId: string) => stranger.send(method, path.replace(':firmId', firmId), method === 'GET' ? {} : { body: {} });
      const [theirs, nobodys, nonsense] = await Promise.all([send(firmOfA), send(randomUUID()), send('x')]);
      expect(theirs).toMatchObject({ status: 404, text: nobodys.text });
      expect([nobodys.status, nonsense.status]).toEqual([404, 404]);
      expect(nonsense.text).toBe(theirs.text);
    }
  });

  it('shows a member the own firm alone', async () => {
    for (const page of ['/firm', '/firm/profile', '/firm/digests']) {
      const { status, text } = await browsers['member of firm B'].get(page);
      expect(status).toBe(200);
      expect(text).not.toContain('Firm of A');
      expect(text).not.toContain(firmOfA);
    }
    expect((await browsers['member of firm B'].get('/firm')).text).toContain('Firm of B');
  });

  it('answers ids that are none with "not found"', async () => {
    for (const { name, path, rule } of READS.filter((route) => /:(firmId|id|introductionId|occurrenceId|digestId|reference)/.test(route.path))) {
      const visitor = rule.who === 'this-machine' ? browsers.nobody : browsers[rule.who.includes('curator') ? 'curator' : 'member of firm A'];
      // lists of what belongs to something are empty where it does not exist
      const ids = /\/(matches|digests)$/.test(path) ? ['no-such-id'] : ['no-such-id', randomUUID()];
      for (const id of ids) expect([name, (await visitor.get(path.replace(/:\w+/, id))).status]).toEqual([name, 404]);
    }
  });
});

describe('a write from somewhere else', () => {
  const pages = WRITES.filter((route) => !isApi(route) && route.rule.csrf !== 'exempt');
  const guarded = WRITES.filter((route) => route.rule.csrf !== 'exempt');

  it('is refused on every page without the form token, and changes nothing', async () => {
    const before = await everything();
    for (const route of pages) {
      const visitor = browsers[allowed(route)];
      const without = await visitor.send(route.method, addressOf(route), { form: {} });
      const wrong = await visitor.send(route.method, addressOf(route), { form: { _csrf: 'x'.repeat(32) } });
      expect([route.name, without.status, wrong.status]).toEqual([route.name, 403, 403]);
    }
    expect(await everything()).toEqual(before);
  });

  it('is refused with the form token of another browser', async () => {
    const token = await formToken(new Visitor(house.url));
    const answer = await browsers['member of firm A'].send('POST', '/firm/digests', { form: { _csrf: token } });
    expect(answer.status).toBe(403);
  });

  it.each<Record<string, string>>([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://elsewhere.example' }])(
    'is refused everywhere with %j',
    async (headers) => {
      for (const route of guarded) expect([route.name, (await call(browsers[allowed(route)], route, headers)).status]).toEqual([route.name, 403]);
    },
  );

  it('is let in from our own pages', async () => {
    const ours: Record<string, string>[] = [{ 'sec-fetch-site': 'same-origin', origin: house.url }, { 'sec-fetch-site': 'none' }];
    for (const headers of ours) {
      const answer = await call(
        browsers['member of firm A'],
        ROUTES.find(({ name }) => name === 'POST /firm/confirmation')!,
        headers,
      );
      expect(answer.status).toBe(303);
    }
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])('is not read by the API as %s', async (type) => {
    for (const route of guarded.filter(isApi)) {
      const answer = await browsers[allowed(route)].send(route.method, addressOf(route), { body: 'name=value', headers: { 'content-type': type } });
      expect([route.name, answer.status, (answer.json() as { code: string }).code]).toEqual([route.name, 400, 'Unreadable']);
    }
  });

  it('stops digests by one click from anywhere, with nothing but the token in the address', async () => {
    await house.source.query('update subscription set unsubscribed_at = null');
    const address = `/u/${house.get(Signer).token('unsubscribe', contactOfA)}`;
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://mail.example' };
    const answer = await new Visitor(house.url).send('POST', address, { form: { 'List-Unsubscribe': 'One-Click' }, headers });
    expect(answer.status).toBe(200);
    const stopped = await house.source.query<{ contact_id: string }[]>('select contact_id from subscription where unsubscribed_at is not null');
    expect(stopped).toEqual([{ contact_id: contactOfA }]);
  });

  it('gives a forged unsubscribe token the same answer and stops nobody', async () => {
    await house.source.query('update subscription set unsubscribed_at = null');
    const token = house.get(Signer).token('unsubscribe', contactOfA);
    for (const forged of [token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'), house.get(Signer).token('confirm', contactOfA), contactOfA, 'x']) {
      const answer = await new Visitor(house.url).send('POST', `/u/${forged}`, { form: { 'List-Unsubscribe': 'One-Click' } });
      expect(answer.status).toBe(200);
    }
    expect(await house.source.query('select contact_id from subscription where unsubscribed_at is not null')).toEqual([]);
  });
});

/** Every row that a form could change. */
async function everything(): Promise<unknown> {
  const tables = [
    'firm',
    'firm_line',
    'contact',
    'account',
    'opportunity',
    'subscription',
    'second_factor',
    'recovery_code',
    'digest',
    'occurrence',
    'security_mail',
    'interest',
    'feedback',
    'saved',
    'introduction',
    'holiday',
  ];
  return Promise.all(tables.map((table) => house.source.query(`select * from ${table} order by 1, 2`)));
}
