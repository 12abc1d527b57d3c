import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import net from 'node:net';
import { POLICY } from '../src/accounts/policy.js';
import { tidy } from '../src/common/text.js';
import { Signer } from '../src/common/tokens.js';
import { DigestsService } from '../src/digests/digests.service.js';
import { MatchingService } from '../src/matching/matching.service.js';
import { formsOf, type Form } from './support/forms.js';
import {
  browser,
  chamberAccount,
  GOOD_MARKS,
  type House,
  lead,
  meetingDay,
  type MemberFirm,
  memberFirm,
  openHouse,
  publishedLead,
  signedIn,
  Visitor,
} from './support/house.js';

/** What somebody may write who means harm; each has a mark by which it is found again. */
const PAYLOADS: Readonly<Record<string, string>> = {
  script: '<script>alert("zqscript")</script>',
  markup: '"><img src=x onerror=alert("zqmarkup")>',
  template: '{{constructor.constructor("zqtemplate")()}}${7*7}{count, plural, other {x}}',
  formula: '=HYPERLINK("http://zqformula.example","x")',
  header: 'zqheader\r\nBcc: evil@zq.example\r\nX-Zq: yes',
  calendar: 'zqcalendar\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:http://zq.example',
  bidi: 'zqbidi \u202Egnp.exe\u2066\u200F',
  address: 'javascript:alert("zqaddress")',
  overlong: `zqoverlong ${'ی'.repeat(20_000)}`,
  nul: 'zq\u0000nul\u0007',
  halves: 'zqhalves \uD800 \uDFFF',
};

let house: House;
let firm: MemberFirm;
let other: MemberFirm;
let ids: Readonly<Record<string, string>>;
let visitors: Readonly<Record<'nobody' | 'member' | 'administrator', Visitor>>;
const leads: string[] = [];
let meetAgain: () => Promise<void>;

beforeAll(async () => {
  // callers may name their address, for one address may only guess so often
  house = await openHouse({ env: { TRUSTED_PROXIES: '1' } });
  firm = await memberFirm(house);
  other = await memberFirm(house, { firmName: 'Second firm', email: 'second@firm-two.example' });
  const curator = await signedIn(house, 'curator');
  leads.push(await publishedLead(curator));
  for (const status of ['draft', 'in_review'] as const) {
    const { id } = (await curator.post('/api/v1/desk/opportunities', lead({ counterparty: status }))).json() as { id: string };
    if (status === 'in_review') await curator.post(`/api/v1/desk/opportunities/${id}/submit`, {});
    leads.push(id);
  }
  await house.until(async () => (await house.get(MatchingService).owed(1)).length === 0, 'the matches');
  house.clock.set(new Date('2026-11-24T03:05:00Z'));
  await house.get(DigestsService).plan();
  await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the run');
  const [digest] = await house.source.query<{ id: string; occurrence_id: string }[]>('select id, occurrence_id from digest order by id limit 1');
  const [open] = await house.source.query<{ reference: string }[]>('select reference from opportunity where id = $1', [leads[0]]);
  await firm.member.post(`/api/v1/firms/${firm.firmId}/opportunities/${open?.reference}/interest`, {});
  const [introduction] = await house.source.query<{ id: string }[]>('select id from introduction');
  const { restore: again, ...meetings } = await meetingDay(house, curator, [firm.firmId], leads[0] ?? '');
  meetAgain = again;
  const rows = ['A1', 'A2'].map((reference) => `${reference};buy_request;Dried chillies;0904.21;CN;Lantern ${reference};list`);
  const file = { content: ['reference;kind;title;hs;country;counterparty;source', ...rows].join('\n') };
  const { id: importId } = (await curator.post('/api/v1/desk/imports', file)).json() as { id: string };
  const imported = (await curator.post(`/api/v1/desk/imports/${importId}/apply`, {})).json() as { id: string; saved: { id: string }[] };
  // one of its drafts is gone, so that it can be saved again and the other be taken back
  await house.source.query('delete from opportunity where id = $1', [imported.saved[0]?.id]);
  ids = {
    ...meetings,
    sheets: 'persons',
    importId: imported.id,
    introductionId: introduction?.id ?? '',
    firmId: other.firmId,
    contactId: other.contactId,
    reference: open?.reference ?? '',
    occurrenceId: digest?.occurrence_id ?? '',
    digestId: digest?.id ?? '',
  };
  // the desk has something to decide about each
  await house.source.query(`update digest set state = 'unknown', reason = 'answer-lost'`);
  await house.source.query(`update occurrence set halted_at = now(), halted_reason = 'policy', completed_at = null`);
  visitors = {
    nobody: new Visitor(house.url),
    member: await browser(house, firm),
    administrator: await browser(house, await chamberAccount(house, 'administrator')),
  };
  await restore();
});
afterAll(() => house.close());

type Who = keyof typeof visitors;

/** Every page that somebody reads, with who reads it. */
function pages(): { who: Who; address: string }[] {
  const signer = house.get(Signer);
  return Object.entries(POLICY).flatMap(([route, { who }]) => {
    const [method, path = ''] = route.split(' ');
    if (method !== 'GET' || /^\/(api|health|mailbox|style|fonts|desk\/queues)/.test(path)) return [];
    const reader: Who = typeof who === 'string' ? 'nobody' : who.includes('member') ? 'member' : 'administrator';
    const token = path.startsWith('/u/')
      ? signer.token('unsubscribe', other.contactId)
      : path.startsWith('/a/')
        ? signer.token('answer', `${other.contactId}.${leads[0]}`)
        : path.startsWith('/i/')
          ? signer.token('introduction', ids['introductionId'] ?? '')
          : 'x';
    const concrete = (path.includes(':id') ? leads : ['']).map((id) =>
      path.replace(/:(\w+)/g, (_, name: string) => (name === 'id' ? id : name === 'token' ? token : (ids[name] ?? ''))),
    );
    const more = path.startsWith('/a/') || path.startsWith('/firm/answers') ? ['?do=interested', '?do=not-for-me', '?do=save'] : [''];
    return concrete.flatMap((address) => more.map((query) => ({ who: reader, address: address + query })));
  });
}

/** Nothing of it does anything in a page. */
function isInert(page: string, where: string): void {
  // data about a lead for search engines, which no browser runs; a sign that could end it would be seen
  const html = page.replace(/<script type="application\/ld\+json">[^<]*<\/script>/g, '');
  const found = [/<script/i, /<img\s+src=x/i, /<[^>]*\sonerror\s*=\s*[^"]/i, /(href|action|src)="\s*javascript:/i, /[\u202A-\u202E]/, /\u0000/].filter((bad) =>
    // what stands inside a quoted attribute is a value and no attribute
    bad.test(String(bad).includes('onerror') ? html.replace(/"[^"]*"/g, '""') : html),
  );
  expect({ where, found }).toEqual({ where, found: [] });
}

/** Values that make the rest of a form right, where it does not stand in it already. */
const RIGHT: Readonly<Record<string, string>> = {
  firmName: 'Third firm',
  contactName: 'Somebody',
  password: 'a phrase that is long enough',
  language: 'en',
  code: '123456',
  'offers.0.text': 'Dried chillies',
  'title.en': 'Dried chillies',
  sectors: 'agriculture',
  counterparty: 'Lantern Foods',
  reason: 'other',
  membershipNumber: 'A-9',
  suggested: 'yes',
  email: 'somebody@third.example',
  name: 'Somebody',
  date: '2027-03-10',
  venue: 'Chamber Hall',
  address: 'somebody@third.example',
};

let callers = 0;
async function send(who: Who, form: Form, fields: Record<string, string>) {
  const headers = { 'x-forwarded-for': `198.51.${(callers >> 8) & 255}.${callers++ & 255}` };
  if (form.method === 'post') return visitors[who].send('POST', form.action, { form: fields, headers });
  return visitors[who].get(`${form.action}?${new URLSearchParams(fields).toString()}`, headers);
}

describe('in every field of every form', () => {
  const seen = new Map<string, { who: Who; form: Form }>();

  it('there are the forms that the policy table knows', async () => {
    for (const { who, address } of pages()) {
      const { text } = await visitors[who].get(address);
      // a field without a word for it would be called what programs call it
      expect({ address, nameless: /<label for="[^"]*">[a-z][\w.]*</.exec(text)?.[0] }).toEqual({ address, nameless: undefined });
      for (const form of formsOf(text))
        if (form.action !== '/sign-out') seen.set(`${who} ${form.action} ${Object.keys(form.fields).join()} ${form.fields['do'] ?? ''}`, { who, form });
    }
    const shapes = Object.keys(POLICY).filter((route) => /^POST \/(?!api|hooks|desk\/queues)/.test(route));
    const without = shapes.filter((route) => {
      const pattern = new RegExp(`^${route.slice(5).replace(/:\w+/g, '[^/]+')}(\\?.*)?$`);
      return ![...seen.values()].some(({ form }) => form.method === 'post' && pattern.test(form.action));
    });
    // these have no page at this moment, and no field of their own that is stored: a token in the address, or a press
    expect(without.sort()).toEqual([
      'POST /desk/suppressions/lift',
      'POST /firm/confirmation',
      'POST /firm/proposals',
      'POST /second-factor',
      'POST /second-factor/enrolment',
      'POST /sign-in/link/:token',
      'POST /sign-out',
      'POST /u/:token/all',
      'POST /u/:token/fewer',
    ]);
    expect(seen.size).toBeGreaterThan(25);
  });

  it.each(Object.keys(PAYLOADS))(
    '%s is refused or kept as plain text, and the page that answers is inert',
    async (name) => {
      const payload = PAYLOADS[name] ?? '';
      const wrong: string[] = [];
      let sent = 0;
      for (const { who, form } of seen.values()) {
        const whole = Object.fromEntries(Object.entries(form.fields).map(([field, value]) => [field, value || (RIGHT[field] ?? '')]));
        for (const field of Object.keys(form.fields).filter((one) => one !== '_csrf')) {
          const answer = await send(who, form, { ...whole, [field]: payload });
          sent++;
          if (![200, 202, 303, 404, 409, 422, 429, 431, 401].includes(answer.status)) wrong.push(`${form.action} ${field}: ${answer.status}`);
          isInert(answer.text, `${form.action} ${field}`);
          expect(answer.headers.get('location') ?? '').not.toMatch(/javascript|zq|[\r\n]/);
          expect(answer.headers.get('x-zq')).toBeNull();
        }
        await restore();
      }
      expect(wrong).toEqual([]);
      expect(sent).toBeGreaterThan(150);
    },
    300_000,
  );

  it('ten megabytes and bytes that are no text are turned away before anything is read', async () => {
    for (const { who, form } of seen.values()) {
      if (form.method !== 'post') continue;
      const [field] = Object.keys(form.fields).filter((one) => one !== '_csrf');
      const status = await raw(
        who,
        form.action,
        Buffer.concat([Buffer.from(`_csrf=${form.fields['_csrf'] ?? ''}&${field ?? 'x'}=`), Buffer.alloc(10_000_000, 'x')]),
      );
      expect([form.action, status]).toEqual([form.action, 413]);
      for (const field of Object.keys(form.fields).filter((one) => one !== '_csrf')) {
        const others = new URLSearchParams(Object.entries(form.fields).filter(([one]) => one !== field)).toString();
        for (const bytes of [Buffer.from([0x3d, 0xff, 0xfe, 0xc3]), Buffer.from('=%FF%FE%C3%28')]) {
          const answer = await raw(who, form.action, Buffer.concat([Buffer.from(`${others}&${field}`), bytes]));
          expect([form.action, field, answer < 500]).toEqual([form.action, field, true]);
        }
      }
      await restore();
    }
  }, 300_000);

  it('and whatever was kept is inert on every page, for everybody', async () => {
    for (const { who, address } of pages()) {
      const { status, text } = await visitors[who].get(address);
      expect([address, status < 500]).toEqual([address, true]);
      isInert(text, address);
    }
    // it was not for nothing: some of it is there, as text
    const [kept] = await house.source.query<{ all: string }[]>(
      `select string_agg(f::text, ' ') || (select string_agg(o::text, ' ') from opportunity o) as all from firm f`,
    );
    expect(kept?.all).toMatch(/zq|%FF%FE|\uFFFD/);
    expect(kept?.all).not.toMatch(/<script|<img|[\u202E\u2066]|\u0007/);
  });
});

/** What a form may have done is undone, so that the next one finds what it is about. */
async function restore(): Promise<void> {
  await meetAgain();
  await house.source.query(`update firm set status = 'admitted', membership_valid_until = '2027-03-31' where id = any($1)`, [[firm.firmId, other.firmId]]);
  await house.source.query(`update opportunity set status = 'published', closed_as = null, open_until = '2027-02-01' where id = $1`, [leads[0]]);
  await house.source.query(`update opportunity set status = 'draft', closed_as = null where id = $1`, [leads[1]]);
  await house.source.query(`update opportunity set status = 'in_review', closed_as = null where id = $1`, [leads[2]]);
  // both sides have agreed: what came of it may be told
  await house.source.query(
    `update introduction set state = 'introduced', ending = null, ended_by = null, asked_on = '2026-11-23', answered_on = '2026-11-23', released_on = '2026-11-23'`,
  );
  await house.source.query(`update second_factor set failures = 0, failed_at = null`);
}

/** Sends bytes as they are; returns the status. */
function raw(who: Who, path: string, body: Buffer): Promise<number> {
  const { hostname, port, host } = new URL(house.url);
  return new Promise((found, failed) => {
    const socket = net.connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      if (status) {
        socket.destroy();
        found(Number(status));
      }
    });
    // whoever is told that it is too much may find the door shut before all is said
    socket.on('error', (error: NodeJS.ErrnoException) => (['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? found(413) : failed(error)));
    socket.write(
      [
        `POST ${path} HTTP/1.1`,
        `host: ${host}`,
        `x-forwarded-for: 198.51.100.${callers++ & 255}`,
        `cookie: ${visitors[who].cookieLine}`,
        'content-type: application/x-www-form-urlencoded',
        `content-length: ${body.length}`,
        'connection: close',
        '\r\n',
      ].join('\r\n'),
    );
    socket.write(body);
  });
}

describe('on the way out', () => {
  beforeAll(async () => {
    const profile = { offers: [{ text: 'Whole dried red chillies, Longi', hs: ['0904.21'] }], sectors: ['agriculture'] };
    expect((await firm.member.send('PUT', `/api/v1/firms/${firm.firmId}/profile`, { body: profile })).status).toBe(200);
  });

  it.each(Object.keys(PAYLOADS).filter((name) => name !== 'overlong'))('%s does nothing in a mail, a calendar, or a text to forward', async (name) => {
    const payload = PAYLOADS[name] ?? '';
    const curator = await signedIn(house, 'curator');
    const texts = { title: { en: `Dried whole red chillies ${payload}` }, summary: { en: payload }, place: payload, counterparty: `Other ${name}` };
    // what is not taken in the one field may be in another
    let made = await curator.post('/api/v1/desk/opportunities', lead(texts));
    if (made.status === 422)
      made = await curator.post('/api/v1/desk/opportunities', lead({ ...texts, title: { en: `Dried whole red chillies ${name}` }, place: undefined }));
    if (made.status === 422) {
      expect(['script', 'markup']).toContain(name);
      return;
    }
    const { id, reference } = made.json() as { id: string; reference: string };
    await curator.post(`/api/v1/desk/opportunities/${id}/submit`, {});
    expect((await curator.post(`/api/v1/desk/opportunities/${id}/publish`, { ...GOOD_MARKS, concernsCleared: true })).status).toBe(200);
    await house.source.query('update firm set name = $2 where id = $1', [firm.firmId, `Kunri ${tidy(payload)}`.slice(0, 120)]);
    await house.get(MatchingService).matchFirm(firm.firmId);
    await house.source.query('update occurrence set halted_at = null');
    await house.source.query(
      `update digest set state = 'skipped', reason = 'too-late', claim = null, lease_until = null, finished_at = now() where state <> 'sent'`,
    );
    house.clock.set(new Date(house.clock.now().getTime() + 86_400_000));
    await house.source.query(`update subscription set cadence = 'daily', max_items = 15, unsubscribed_at = null where contact_id = $1`, [firm.contactId]);
    const before = (await house.mails()).length;
    await house.get(DigestsService).runNow();
    await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the run');
    const mails = (await house.mails()).slice(0, -before || undefined);
    const mail = mails.find(({ to }) => to.includes(firm.email));
    expect(mail?.html).toContain(reference);
    isInert(mail?.html ?? '', 'mail');
    expect(mail?.to).not.toContain('evil');
    expect(Object.keys(mail?.headers ?? {}).filter((header) => /^(bcc|x-zq)$/i.test(header))).toEqual([]);
    expect(mail?.subject).not.toMatch(/[\r\n\u0000\u202E]/);
    expect(mail?.text).not.toMatch(/[\u0000\u202E]/);
    const { text: calendar } = await new Visitor(house.url).get(`/opportunities/${reference}/calendar.ics`);
    expect(calendar.match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
    expect(calendar).not.toMatch(/^ATTACH|[\u0000\u202E]/m);
    const { text: forward } = await new Visitor(house.url).get(`/opportunities/${reference}/forward`);
    isInert(forward, 'forward');
  });
});
