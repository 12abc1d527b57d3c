import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '../src/app.js';
import { GOOD_MARKS, type House, lead, memberFirm, openHouse, publishedLead, registration, signedIn, Visitor } from './support/house.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { Sink } from './support/sink.js';
let house: House;
afterAll(() => house.close());
const out: string[] = [];
const log = (...a: unknown[]) => out.push(a.map((x) => typeof x === 'string' ? x : JSON.stringify(x)).join(' '));
const show = (what: string, r: { status: number; text: string; headers: Headers }) => log(what, r.status, r.headers.get('location') ?? '', r.text.slice(0, 300).replace(/\n/g, ' '));
it('probe', async () => {
  house = await openHouse();
  const f = house.app.getHttpAdapter().getInstance();
  log(f.printRoutes({ commonPrefix: false }));
  const admin = await signedIn(house, 'administrator');
  const curator = await signedIn(house, 'curator');
  const v = new Visitor(house.url);
  const bad = (x: unknown) => Buffer.from(JSON.stringify(x)).toString('base64url');
  show('cursor text', await v.get('/api/v1/opportunities?after=' + bad(['x', 'y'])));
  show('cursor text desk', await admin.get('/api/v1/firms?after=' + bad(['x', 'y'])));
  show('nul sector', await v.get('/api/v1/opportunities?sector=%00'));
  show('nul ref', await v.get('/api/v1/opportunities/%00'));
  show('nul ref page', await v.get('/opportunities/%00'));
  show('nul firm', await admin.get('/api/v1/firms/%00'));
  show('bad percent', await v.get('/opportunities/%zz'));
  show('bad origin', await v.send('POST', '/api/v1/session', { body: {}, headers: { origin: 'nonsense' } }));
  show('unknown route', await v.get('/nope'));
  show('unknown api route', await v.get('/api/v1/nope'));
  show('surrogate', await curator.send('POST', '/api/v1/desk/opportunities', { body: JSON.stringify(lead()).replace('"Dried whole red chillies"', '"Dried \\ud800 x"') }));
  show('short code', await v.post('/api/v1/confirmations', { email: 'a@b.example', code: '12' }));
  show('multipart', await v.send('POST', '/u/abc', { body: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } }));
  show('no ctype', await v.send('POST', '/u/abc', {}));
  show('malformed json', await v.send('POST', '/api/v1/session', { body: '{"a":' }));
  show('proto json', await v.send('POST', '/api/v1/session', { body: '{"__proto__":{"a":1}}' }));
  show('big', await v.send('POST', '/api/v1/session', { body: JSON.stringify({ a: 'x'.repeat(300_000) }) }));
  show('xml', await v.send('POST', '/api/v1/session', { body: '<a/>', headers: { 'content-type': 'text/xml' } }));
  show('form to api', await v.send('POST', '/api/v1/session', { form: { a: 'b' } }));
  const given = registration();
  await v.post('/api/v1/firms', given);
  const w = new Visitor(house.url);
  for (const back of ['//evil.example', '/\\evil', '/\t/evil.example', '/\n/evil.example', '/firm/digests']) {
    const x = new Visitor(house.url);
    const r = await x.submit('/sign-in', '/sign-in', { email: given.email, password: given.password, back });
    log('back', JSON.stringify(back), r.status, JSON.stringify(r.headers.get('location')), r.headers.getSetCookie());
  }
  show('mailbox inject', { ...(await inj('203.0.113.9')) });
  async function inj(remoteAddress: string, headers = {}) { const r = await house.app.inject({ method: 'GET', url: '/mailbox', remoteAddress, headers }); return { status: r.statusCode, text: r.body, headers: new Headers() }; }
  show('mailbox inject local', await inj('127.0.0.1'));
  show('mailbox inject proxied', await inj('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }));
  show('mailbox rebinding', await inj('127.0.0.1', { host: 'evil.example' }));
  show('openapi', await v.get('/api/openapi.json'));
  log((await v.get('/api/openapi.json')).text);
  const h = await v.get('/');
  log([...h.headers.entries()]);
  const h2 = await v.get('/api/openapi.json'); log([...h2.headers.entries()]);
  const h3 = await v.get('/nope'); log([...h3.headers.entries()]);
  // concerns on edit
  const id = await publishedLead(curator);
  show('edit to fraud', await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: lead({ summary: { en: 'Pay the registration fee in advance, to my personal account' } }) }));
  const d = (await curator.post('/api/v1/desk/opportunities', lead({ counterparty: 'LANTERN FOODS', counterpartyEmail: undefined }))).json() as { id: string };
  show('dup by case', await curator.post(`/api/v1/desk/opportunities/${d.id}/submit`, {}));
  const d2 = (await curator.post('/api/v1/desk/opportunities', lead({ counterpartyEmail: undefined }))).json() as { id: string };
  show('dup', await curator.post(`/api/v1/desk/opportunities/${d2.id}/submit`, {}));
  // refused then admit
  const [firm] = await house.source.query<{ id: string }[]>('select id from firm');
  show('refuse', await admin.post(`/api/v1/firms/${firm!.id}/status`, { status: 'refused', reason: 'x' }));
  show('admit refused', await admin.post(`/api/v1/firms/${firm!.id}/admit`, { membershipClass: 'associate', membershipNumber: 'A-1' }));
  show('suspend', await admin.post(`/api/v1/firms/${firm!.id}/status`, { status: 'suspended', reason: 'x' }));
  show('admit suspended', await admin.post(`/api/v1/firms/${firm!.id}/admit`, { membershipClass: 'associate', membershipNumber: 'A-1' }));
  log(await house.source.query(`select table_name from information_schema.tables where table_schema = 'bullmq'`));
  log(await v.get('/health/ready').then((r) => r.text));
  const k = new Visitor(house.url);
  for (let i = 0; i < 33; i++) { const r = await k.post('/api/v1/session', {}); if (r.status === 429) { show('429 at ' + i, r); log([...r.headers.entries()]); break; } }
  show('429 page', await k.submit('/sign-in', '/sign-in', {}));
});
it('https', async () => {
  await house.close();
  house = await openHouse({ env: { APP_URL: 'https://rabta.example', TRUSTED_PROXIES: '1' } });
  const given = registration();
  const direct = `http://127.0.0.1:${house.env.PORT}`;
  const v = new Visitor(direct);
  await v.post('/api/v1/firms', given);
  for (const headers of [{}, { 'x-forwarded-proto': 'https' }]) {
    const r = await v.send('POST', '/api/v1/session', { body: { email: given.email, password: given.password }, headers });
    log('https', r.status, r.headers.getSetCookie());
  }
  const r = await v.get('/register', { 'x-forwarded-proto': 'https' });
  log('https page', r.headers.getSetCookie(), [...r.headers.entries()]);
  const r2 = await house.app.inject({ method: 'GET', url: '/mailbox', remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' } });
  log('mailbox behind a trusted proxy', r2.statusCode);
});
it('twice', async () => {
  await house.close();
  const sink = await Sink.open();
  house = await openHouse({ relayUrl: sink.url });
  const { email, contactId } = await memberFirm(house);
  const curator = await signedIn(house, 'curator');
  await publishedLead(curator);
  await house.until(async () => (await house.source.query<unknown[]>('select 1 from match')).length === 1, 'match');
  sink.answer(email, 'defer');
  house.clock.set(new Date('2026-11-24T03:05:00Z'));
  const digests = house.get(DigestsService);
  await digests.plan();
  await house.until(() => sink.offered.filter(m=>m.to===email && m.raw.includes('List-Id') || m.raw.includes('List-ID')).length === 1, 'offered');
  await house.until(async () => (await house.source.query<unknown[]>(`select 1 from digest where state = 'queued' and claim is not null`)).length === 1, 'deferred');
  await digests.subscribe(contactId, { cadence: 'daily', weekday: 1, hour: 8, zone: 'Asia/Karachi', threshold: 60, maxItems: 10 });
  house.clock.set(new Date('2026-11-25T03:05:00Z'));
  await digests.plan();
  await house.worker.sweep();
  await house.until(async () => (await digests.running()) === 0, 'done');
  log(await house.source.query('select o.key, d.state, d.reason, d.items_total from digest d join occurrence o on o.id = d.occurrence_id'));
  log('mails', sink.accepted.map((m) => [m.to, /Subject: (.*)/.exec(m.raw.toString())?.[1]]));
  await sink.close();
});
import fs from 'node:fs';
afterAll(() => fs.writeFileSync('/tmp/probe.txt', out.join('\n')));
