import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { Signer } from '../src/common/tokens.js';
import type { Contact } from '../src/firms/firm.entity.js';
import type { CaughtMail } from '../src/mail/mailbox.js';
import { browser, chamberAccount, client, type House, memberFirm, openHouse, registration, signedIn, TUESDAY, Visitor } from './support/house.js';

const DAY = 86_400_000;
const CHILLIES = { text: 'Whole dried red chillies', hs: ['0904.21'] };

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly { readonly field: string; readonly reason: string; readonly message: string }[];
}

let house: House;
const open = async (options?: Parameters<typeof openHouse>[0]): Promise<void> => void (house = await openHouse(options));
const shut = (): Promise<void> => house.close();

const count = async (): Promise<number[]> => {
  const [row] = await house.source.query<Record<string, number>[]>(
    'select (select count(*)::int from firm) f, (select count(*)::int from firm_line) l, (select count(*)::int from account) a, (select count(*)::int from contact) c, (select count(*)::int from security_mail) m',
  );
  return Object.values(row ?? {});
};
const mailsTo = async (email: string): Promise<CaughtMail[]> => (await house.mails()).filter((mail) => mail.to.includes(email));
const mailed = async (email: string, n = 1): Promise<CaughtMail> => {
  await house.until(async () => (await mailsTo(email)).length === n, `mail ${n} to ${email}`);
  return (await mailsTo(email))[0]!;
};
const contactOf = async (email: string): Promise<Record<string, unknown> & Pick<Contact, 'id' | 'nonce'>> =>
  (await house.source.query<(Record<string, unknown> & Contact)[]>('select * from contact where email = $1', [email]))[0]!;
const firmOf = async (email: string): Promise<{ id: string; status: string; revision: number }> =>
  (
    await house.source.query<{ id: string; status: string; revision: number }[]>(
      'select f.* from firm f join contact c on c.firm_id = f.id where c.email = $1',
      [email],
    )
  )[0]!;
const codeIn = (mail: CaughtMail): string => /\b\d{6}\b/.exec(mail.text.replace(/https?:\S+/g, ''))?.[0] ?? '';
const linkIn = (mail: CaughtMail): string => /https?:\S+\/confirm\/\S+/.exec(mail.text)?.[0] ?? '';
const problem = (answer: { json: () => never }): Problem => answer.json();
const reasons = (answer: { json: () => never }): string[] => problem(answer).errors.map(({ field, reason }) => `${field} ${reason}`);

describe('registering', () => {
  beforeAll(() => open());
  afterAll(() => shut());

  it('keeps the firm, its lines and its first person, and mails a code and a link', async () => {
    const given = registration({ ntn: '1234567-8', needs: [{ text: 'Cold storage', isic: ['5210'] }], phone: '022 2781234', language: 'ur' });
    const answer = await new Visitor(house.url).post('/api/v1/firms', given);
    expect([answer.status, answer.json()]).toEqual([202, { status: 'mail-sent' }]);
    const mail = await mailed(given.email);
    expect(mail.headers['content-language']).toBe('ur');
    expect(codeIn(mail)).toMatch(/^\d{6}$/);
    expect(linkIn(mail)).toContain(`${house.url}/confirm/`);
    const curator = await signedIn(house, 'curator');
    expect((await curator.get(`/api/v1/firms/${(await firmOf(given.email)).id}`)).json()).toMatchObject({
      status: 'applied',
      ntn: '1234567-8',
      profile: {
        phone: '+92222781234',
        sectors: ['agriculture', 'transport-logistics'],
        offers: [{ hs: ['090421'] }],
        needs: [{ text: 'Cold storage', isic: ['5210'] }],
      },
      contacts: [{ email: given.email, confirmedAt: null, digestConsentAt: TUESDAY.toISOString() }],
    });
  });

  it('answers a known address as it does an unknown one, and mails "already registered" instead', async () => {
    const given = registration();
    const first = await new Visitor(house.url).post('/api/v1/firms', given);
    await mailed(given.email);
    const before = await count();
    const again = await new Visitor(house.url).post('/api/v1/firms', { ...given, email: given.email.toUpperCase(), firmName: 'Somebody else' });
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    const mail = await mailed(given.email, 2);
    expect(mail.text).toContain(`${house.url}/sign-in`);
    expect(linkIn(mail) + codeIn(mail)).toBe('');
    expect(mail.subject).not.toBe((await mailsTo(given.email))[1]?.subject);
    const [firms, lines, accounts, contacts, mails] = before;
    expect(await count()).toEqual([firms, lines, accounts, contacts, (mails ?? 0) + 1]);
  });

  it('answers on the page as alike', async () => {
    const { email } = registration();
    const form = { firmName: 'Matiari Mangoes', contactName: 'Ghulam', email, password: 'mangoes in June', 'offers.0.text': 'Sindhri mangoes' };
    const pages = [];
    for (const n of [1, 2]) {
      const answer = await new Visitor(house.url).submit('/register', '/register', form);
      pages.push([answer.status, answer.text.replace(/name="_csrf" value="[^"]+"/g, '')]);
      await mailed(email, n);
    }
    expect(pages[0]?.[0]).toBe(200);
    expect(pages[1]).toEqual(pages[0]);
    expect((await mailsTo(email)).map(linkIn).map(Boolean)).toEqual([false, true]);
  });

  it('makes one firm of several registrations of one address at the same moment', async () => {
    const given = registration();
    const answers = await Promise.all(Array.from({ length: 4 }, () => new Visitor(house.url).post('/api/v1/firms', given)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await house.source.query('select count(*)::int n from account where email = $1', [given.email])).toEqual([{ n: 1 }]);
    expect(await house.source.query('select count(*)::int n from contact where email = $1', [given.email])).toEqual([{ n: 1 }]);
    expect(await house.source.query('select count(*)::int n from firm where id not in (select firm_id from contact)')).toEqual([{ n: 0 }]);
  });

  it('names code, field, reason and message of every fault in the asked language, and saves nothing', async () => {
    const before = await count();
    const bad = registration({
      email: 'not an address',
      password: 'short',
      ntn: '42301-1234567-1',
      offers: [{ text: '', hs: ['99'] }],
      firmName: 'x'.repeat(121),
    });
    const answers = [];
    for (const language of ['en', 'ur']) {
      const answer = await new Visitor(house.url).post(`/api/v1/firms?lang=${language}`, bad);
      expect(answer.status).toBe(422);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(problem(answer)).toMatchObject({ type: 'about:blank', status: 422, code: 'Invalid' });
      const faults = [
        'email not-an-email',
        'firmName too-long',
        'ntn ntn-is-cnic',
        'offers.0.hs.0 not-an-hs-code',
        'offers.0.text required',
        'password too-short',
      ];
      expect(reasons(answer)).toEqual(expect.arrayContaining(faults));
      expect(new Set(problem(answer).errors.map(({ field }) => field)).size).toBe(faults.length);
      answers.push(problem(answer));
    }
    const [english, urdu] = answers;
    expect(english?.errors.find(({ field }) => field === 'password')?.message).toMatch(/at least 8 characters$/);
    for (const { message } of urdu?.errors ?? []) expect(message).toMatch(/[\u0600-\u06ff]/);
    expect(urdu?.title).toMatch(/[\u0600-\u06ff]/);
    expect(await count()).toEqual(before);
  });

  it('refuses fields that it does not know, at every depth', async () => {
    const before = await count();
    const sneaky = registration({ status: 'admitted', role: 'administrator', offers: [{ ...CHILLIES, price: 3 }] });
    const answer = await new Visitor(house.url).post('/api/v1/firms', sneaky);
    expect(answer.status).toBe(422);
    expect(reasons(answer).sort()).toEqual(['offers.0.price unknown-field', 'role unknown-field', 'status unknown-field']);
    expect(await count()).toEqual(before);
  });

  it.each([
    ['ntn', { ntn: '4230112345671' }, 'ntn ntn-is-cnic'],
    ['ntn', { ntn: '123' }, 'ntn not-an-ntn'],
    ['about', { about: 'My CNIC is 42301-1234567-1' }, 'about no-cnic'],
    ['about', { about: '<script>alert(1)</script>' }, 'about no-html'],
    ['offers', { offers: [] }, 'offers offer-or-need'],
    ['password', { password: 'hyderabad123' }, 'password password-guessable'],
    ['contactName', { contactName: 'Naila\nBcc: everybody@example.com' }, 'contactName one-line'],
    ['email', { email: 'a@firm.example, b@firm.example' }, 'email not-an-email'],
    ['firmName', { firmName: undefined }, 'firmName required'],
    ['firmName', { firmName: 7 }, 'firmName wrong-type'],
    ['offers', { offers: 'chillies' }, 'offers wrong-type'],
  ])('refuses a wrong %s in %j', async (_, over, fault) => {
    const before = await count();
    const answer = await house.app.inject({ method: 'POST', url: '/api/v1/firms', payload: registration(over), remoteAddress: '198.51.100.7' });
    expect([answer.statusCode, reasons({ json: () => answer.json<never>() })]).toEqual([422, expect.arrayContaining([fault])]);
    expect(await count()).toEqual(before);
  });

  it('shows the form again with what was written and what is wrong, without the password', async () => {
    const before = await count();
    const answer = await new Visitor(house.url).submit('/register?lang=ur', '/register', {
      firmName: 'نور چوڑی',
      password: 'a secret phrase',
      email: 'nobody',
      'offers.0.text': 'چوڑیاں',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('نور چوڑی');
    expect(answer.text).toContain('role="alert"');
    expect(answer.text).not.toContain('a secret phrase');
    expect(await count()).toEqual(before);
  });
});

describe('confirming', () => {
  beforeAll(() => open());
  afterAll(() => shut());
  const registered = async (): Promise<{ email: string; password: string; mail: CaughtMail }> => {
    house.clock.set(TUESDAY);
    const given = registration();
    await new Visitor(house.url).post('/api/v1/firms', given);
    return { ...given, mail: await mailed(given.email) };
  };
  const confirm = (body: unknown) => new Visitor(house.url).post('/api/v1/confirmations', body);

  it('takes the six digits of the mail, on the API and on the page', async () => {
    const api = await registered();
    expect((await confirm({ email: api.email, code: codeIn(api.mail) })).status).toBe(200);
    const page = await registered();
    const digits = codeIn(page.mail);
    expect((await new Visitor(house.url).submit('/confirm', '/confirm', { email: page.email, code: `${digits.slice(0, 3)} ${digits.slice(3)}` })).status).toBe(
      200,
    );
    for (const { email } of [api, page]) expect((await contactOf(email))['confirmed_at']).toEqual(TUESDAY);
  });

  it('takes the link once and for ever, but changes nothing when the link is only opened', async () => {
    const { email, mail } = await registered();
    const before = await contactOf(email);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await new Visitor(house.url).send(method, linkIn(mail))).status).toBe(200);
    expect(await contactOf(email)).toEqual(before);
    for (const later of [0, 10 * DAY]) {
      house.clock.set(new Date(TUESDAY.getTime() + later));
      expect((await new Visitor(house.url).submit(linkIn(mail), linkIn(mail), {})).status).toBe(200);
      expect((await contactOf(email))['confirmed_at']).toEqual(TUESDAY);
    }
  });

  it('counts wrong codes, and after ten takes not even the right one; the link still works', async () => {
    const { email, mail } = await registered();
    const right = codeIn(mail);
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
    for (let n = 1; n <= 10; n++) {
      const answer = await house.app.inject({
        method: 'POST',
        url: '/api/v1/confirmations',
        payload: { email, code: wrong },
        remoteAddress: `198.51.100.${n}`,
      });
      expect([answer.statusCode, (await contactOf(email))['code_attempts']]).toEqual([422, n]);
    }
    const refused = await confirm({ email, code: right });
    expect([refused.status, reasons(refused)]).toEqual([422, ['code code-not-valid']]);
    expect((await contactOf(email))['confirmed_at']).toBeNull();
    expect((await new Visitor(house.url).submit(linkIn(mail), linkIn(mail), {})).status).toBe(200);
    expect((await contactOf(email))['confirmed_at']).not.toBeNull();
  });

  it('counts tries at the same moment too', async () => {
    const { email, mail } = await registered();
    const wrong = String((Number(codeIn(mail)) + 1) % 1_000_000).padStart(6, '0');
    const send = (n: number) =>
      house.app.inject({ method: 'POST', url: '/api/v1/confirmations', payload: { email, code: wrong }, remoteAddress: `203.0.113.${n}` });
    await Promise.all(Array.from({ length: 15 }, (_, n) => send(n)));
    expect((await contactOf(email))['code_attempts']).toBe(10);
  });

  it('takes code and link for three days and no longer', async () => {
    const inTime = await registered();
    house.clock.set(new Date(TUESDAY.getTime() + 3 * DAY));
    expect((await confirm({ email: inTime.email, code: codeIn(inTime.mail) })).status).toBe(200);
    const late = await registered();
    house.clock.set(new Date(TUESDAY.getTime() + 3 * DAY + 1));
    expect((await confirm({ email: late.email, code: codeIn(late.mail) })).status).toBe(422);
    const token = linkIn(late.mail).split('/').pop() ?? '';
    const answer = await confirm({ token });
    expect([answer.status, reasons(answer)]).toEqual([422, ['token link-not-valid']]);
    expect((await contactOf(late.email))['confirmed_at']).toBeNull();
  });

  it('makes the old link and code void with a new mail, which comes not sooner than after two minutes', async () => {
    const { email, password, mail } = await registered();
    const member = await browser(house, { email, password });
    expect((await member.submit('/firm', '/firm/confirmation', {})).status).toBe(429);
    house.clock.set(new Date(TUESDAY.getTime() + 120_000));
    expect((await member.submit('/firm', '/firm/confirmation', {})).status).toBe(303);
    const fresh = await mailed(email, 2);
    expect(linkIn(fresh)).not.toBe(linkIn(mail));
    expect((await new Visitor(house.url).submit(linkIn(mail), linkIn(mail), {})).status).toBe(422);
    expect((await contactOf(email))['confirmed_at']).toBeNull();
    expect((await confirm({ email, code: codeIn(fresh) })).status).toBe(200);
  });

  it('believes no token that was made for something else', async () => {
    const { email } = await registered();
    const { id, nonce } = await contactOf(email);
    const signer = house.get(Signer);
    for (const token of [signer.token('unsubscribe', id), signer.token('confirm', id), new Signer('another secret').token('confirm', id, nonce)]) {
      expect((await confirm({ token })).status).toBe(422);
    }
    expect((await contactOf(email))['confirmed_at']).toBeNull();
  });
});

describe('the way into membership', () => {
  beforeAll(() => open());
  afterAll(() => shut());
  const ADMISSION = { membershipClass: 'corporate', membershipNumber: 'C-7' };
  const applicant = async (over: Record<string, unknown> = {}): Promise<string> => {
    const given = registration(over);
    await house.app.inject({ method: 'POST', url: '/api/v1/firms', payload: given, remoteAddress: '198.51.100.8' });
    return (await firmOf(given.email)).id;
  };

  it('lets a second applicant with the same NTN register, but not be admitted', async () => {
    const administrator = await signedIn(house, 'administrator');
    const first = await applicant({ ntn: '7654321' });
    const second = await applicant({ ntn: '7654321-0' });
    expect((await administrator.post(`/api/v1/firms/${first}/admit`, ADMISSION)).status).toBe(200);
    const refused = await administrator.post(`/api/v1/firms/${second}/admit`, ADMISSION);
    expect([refused.status, problem(refused).code, reasons(refused)]).toEqual([409, 'Conflict', ['ntn ntn-taken']]);
    // a suspended member keeps its number
    await administrator.post(`/api/v1/firms/${first}/status`, { status: 'suspended', reason: 'Fees' });
    expect((await administrator.post(`/api/v1/firms/${second}/admit`, ADMISSION)).status).toBe(409);
    expect((await administrator.get(`/api/v1/firms/${second}`)).json()).toMatchObject({ status: 'applied', membershipValidUntil: null });
  });

  it('shows the desk who else has the number, and says on the page why not', async () => {
    const desk = await browser(house, await chamberAccount(house, 'administrator'));
    const first = await applicant({ ntn: '1112223', firmName: 'Thar Salt' });
    const second = await applicant({ ntn: '1112223', firmName: 'Thar Salt and Sons' });
    const page = `/desk/firms/${second}`;
    expect((await desk.get(page)).text).toContain(`href="/desk/firms/${first}"`);
    expect((await desk.submit(`/desk/firms/${first}`, `/desk/firms/${first}/admit`, ADMISSION)).status).toBe(303);
    const refused = await desk.submit(page, `${page}/admit`, ADMISSION);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('another admitted firm has this NTN');
  });

  it.each([
    ['2026-11-24T02:00:00Z', '2027-03-31'],
    ['2027-03-31T18:59:00Z', '2027-03-31'],
    ['2027-03-31T19:00:00Z', '2028-03-31'],
  ])('holds a membership granted at %s until %s', async (at, until) => {
    const administrator = await signedIn(house, 'administrator');
    house.clock.set(new Date(at));
    const answer = await administrator.post(`/api/v1/firms/${await applicant()}/admit`, ADMISSION);
    expect(answer.json()).toMatchObject({ status: 'admitted', membershipClass: 'corporate', membershipNumber: 'C-7', membershipValidUntil: until });
    house.clock.set(TUESDAY);
  });

  it('holds it until another 31 March where one is named, and no other day', async () => {
    const administrator = await signedIn(house, 'administrator');
    const id = await applicant();
    const wrong = await administrator.post(`/api/v1/firms/${id}/admit`, { ...ADMISSION, validUntil: '2027-04-01' });
    expect([wrong.status, reasons(wrong)]).toEqual([422, ['validUntil not-31-march']]);
    expect((await administrator.post(`/api/v1/firms/${id}/admit`, { ...ADMISSION, validUntil: '2029-03-31' })).json()).toMatchObject({
      membershipValidUntil: '2029-03-31',
    });
  });

  it('knows these steps and no others', async () => {
    const administrator = await signedIn(house, 'administrator');
    const id = await applicant();
    const step = async (status: string): Promise<number> =>
      (await administrator.post(`/api/v1/firms/${id}/status`, { status, reason: 'As the desk sees it' })).status;
    const admit = async (): Promise<number> => (await administrator.post(`/api/v1/firms/${id}/admit`, ADMISSION)).status;
    expect([await step('suspended'), await step('admitted')]).toEqual([409, 409]);
    expect([await admit(), await step('refused'), await step('admitted')]).toEqual([200, 409, 409]);
    expect([await step('suspended'), await step('suspended'), await step('refused'), await step('admitted')]).toEqual([200, 409, 409, 200]);
    const other = await applicant();
    expect((await administrator.post(`/api/v1/firms/${other}/status`, { status: 'refused', reason: 'Not of this district' })).json()).toMatchObject({
      status: 'refused',
      statusReason: 'Not of this district',
    });
    for (const status of ['admitted', 'suspended', 'refused']) {
      const answer = await administrator.post(`/api/v1/firms/${other}/status`, { status, reason: 'Second thoughts' });
      expect([answer.status, reasons(answer)]).toEqual([409, ['status no-such-step']]);
    }
  });

  it('is walked on the desk pages too', async () => {
    const desk = await browser(house, await chamberAccount(house, 'administrator'));
    const id = await applicant();
    const page = `/desk/firms/${id}`;
    expect((await desk.get('/desk/firms')).text).toContain(page);
    expect((await desk.submit(page, `${page}/admit`, { membershipClass: 'associate', membershipNumber: '' })).status).toBe(422);
    expect((await desk.submit(page, `${page}/admit`, { membershipClass: 'associate', membershipNumber: 'A-12', validUntil: '' })).status).toBe(303);
    expect((await desk.submit(page, `${page}/status`, { status: 'suspended', reason: 'Unpaid' })).status).toBe(303);
    expect((await desk.get(page)).text).toContain('Unpaid');
    expect((await desk.submit(page, `${page}/status`, { status: 'refused', reason: 'Unpaid' })).status).toBe(409);
  });
});

describe('the profile', () => {
  beforeAll(() => open());
  afterAll(() => shut());

  it('replaces all lines and goes up by one revision', async () => {
    const { firmId, email, member } = await memberFirm(house);
    const before = await firmOf(email);
    const answer = await member.send('PUT', `/api/v1/firms/${firmId}/profile`, {
      body: {
        place: 'Kunri',
        offers: [{ text: 'Mango pulp', hs: ['2008.99'], capacity: { amount: 40, unit: 't', period: 'month' }, months: [6, 7] }],
        needs: [{ text: 'Glass jars', hs: ['7010'] }],
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      profile: {
        offers: [{ text: 'Mango pulp', hs: ['200899'], capacity: { amount: 40, unit: 't', period: 'month' }, months: [6, 7] }],
        needs: [{ text: 'Glass jars', hs: ['7010'] }],
      },
    });
    expect((await firmOf(email)).revision).toBe(before.revision + 1);
    expect(await house.source.query('select text from firm_line where firm_id = $1 order by side desc', [firmId])).toEqual([
      { text: 'Mango pulp' },
      { text: 'Glass jars' },
    ]);
    await house.until(
      async () =>
        (await house.source.query<unknown[]>(`select 1 from match_state where id = $1 and revision = $2`, [firmId, before.revision + 1])).length === 1,
      'matching',
    );
  });

  it('stays whole where anything is wrong with the new one', async () => {
    const { firmId, member } = await memberFirm(house);
    const before = (await member.get(`/api/v1/firms/${firmId}`)).text;
    for (const over of [
      { offers: [CHILLIES, { text: 'Salt', hs: ['77'] }] },
      { offers: [] },
      { offers: [CHILLIES], status: 'admitted' },
      { offers: [CHILLIES], markets: ['China'] },
    ]) {
      const answer = await member.send('PUT', `/api/v1/firms/${firmId}/profile?lang=ur`, { body: over });
      expect(answer.status).toBe(422);
      expect(problem(answer).errors[0]?.message).toMatch(/[\u0600-\u06ff]/);
    }
    expect((await member.get(`/api/v1/firms/${firmId}`)).text).toBe(before);
  });

  it('is changed on the page, which leaves alone what it does not show', async () => {
    const firm = await memberFirm(house, { markets: ['CN'], excludedWords: ['alcohol'], offers: [CHILLIES] });
    const member = await browser(house, firm);
    const fields = { 'offers.0.text': 'Chilli powder', 'offers.0.hs': '0904.22', place: 'Umerkot', phone: '', whatsapp: '', about: 'Since 1987' };
    expect((await member.submit('/firm/profile', '/firm/profile', fields)).headers.get('location')).toBe('/firm/profile?saved=yes');
    const saved = (await firm.member.get(`/api/v1/firms/${firm.firmId}`)).json();
    expect(saved).toMatchObject({
      profile: { place: 'Umerkot', about: 'Since 1987', excludedWords: ['alcohol'], offers: [{ text: 'Chilli powder', hs: ['090422'] }] },
    });
    const refused = await member.submit('/firm/profile?lang=ur', '/firm/profile', { ...fields, 'offers.0.hs': '12345' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Since 1987');
    expect((await firm.member.get(`/api/v1/firms/${firm.firmId}`)).json()).toEqual(saved);
  });
});

describe('signing in', () => {
  beforeAll(() => open());
  afterAll(() => shut());
  const session = (answer: { headers: Headers }): string => answer.headers.getSetCookie().findLast((line) => line.startsWith('session=')) ?? '';

  it('answers a wrong password and an unknown address the same', async () => {
    const { email } = await chamberAccount(house, 'curator');
    const tries = [
      { email, password: 'not the password' },
      { email: 'nobody@chamber.example', password: 'not the password' },
    ];
    const [wrong, unknown] = await Promise.all(tries.map((body) => new Visitor(house.url).post('/api/v1/session', body)));
    expect(wrong?.status).toBe(401);
    expect(problem(wrong!)).toMatchObject({ code: 'NotSignedIn', errors: [{ field: 'password', reason: 'wrong-sign-in' }] });
    expect([unknown?.status, unknown?.text]).toEqual([wrong?.status, wrong?.text]);
    const pages = [];
    for (const body of tries) {
      const { status, text } = await new Visitor(house.url).submit('/sign-in', '/sign-in', body);
      pages.push([status, text.replaceAll(body.email, '').replace(/name="_csrf" value="[^"]+"/g, '')]);
    }
    expect(pages[0]?.[0]).toBe(401);
    expect(pages[1]).toEqual(pages[0]);
  });

  it('begins a session of its own each time, and the one before is worth nothing', async () => {
    const person = await chamberAccount(house, 'curator');
    const visitor = new Visitor(house.url);
    const first = session(await visitor.submit('/sign-in', '/sign-in', { ...person }));
    expect(first).toMatch(/; HttpOnly; SameSite=Lax$/);
    const second = session(await visitor.submit('/sign-in', '/sign-in', { ...person }));
    expect(second.split(';')[0]).not.toBe(first.split(';')[0]);
    const status = async (line: string): Promise<number> => (await new Visitor(house.url).get('/api/v1/session', { cookie: line.split(';')[0] ?? '' })).status;
    expect([await status(first), await status(second)]).toEqual([401, 200]);
  });

  it('keeps only a hash of the session id', async () => {
    const { token } = await client(house, await chamberAccount(house, 'curator'));
    const [rows] = await house.source.query<{ all: string }[]>('select string_agg(s::text, chr(10)) as all from session s');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(rows?.all).not.toContain(token);
  });

  it('ends with signing out, by cookie and by token', async () => {
    const person = await chamberAccount(house, 'curator');
    const visitor = new Visitor(house.url);
    const cookie = session(await visitor.submit('/sign-in', '/sign-in', { ...person })).split(';')[0] ?? '';
    expect((await visitor.submit('/second-factor', '/sign-out', {})).headers.get('location')).toBe('/');
    expect((await new Visitor(house.url).get('/api/v1/session', { cookie })).status).toBe(401);

    const program = await client(house, person);
    expect((await program.get('/api/v1/session')).json()).toMatchObject({ account: { email: person.email, role: 'curator' } });
    expect((await program.send('DELETE', '/api/v1/session')).status).toBe(204);
    expect((await program.get('/api/v1/session')).status).toBe(401);
  });

  it('ends everywhere with a new password, and where the account is closed', async () => {
    const person = await chamberAccount(house, 'administrator');
    const [row] = await house.source.query<{ id: string }[]>('select id from account where email = $1', [person.email]);
    const program = await client(house, person);
    await house.get(AccountsService).setPassword(row!.id, 'another long phrase');
    expect((await program.get('/api/v1/session')).status).toBe(401);
    expect((await new Visitor(house.url).post('/api/v1/session', person)).status).toBe(401);
    const again = await client(house, { ...person, password: 'another long phrase' });
    expect((await again.get('/api/v1/session')).status).toBe(200);
    await house.source.query('update account set disabled_at = now() where id = $1', [row!.id]);
    expect((await again.get('/api/v1/session')).status).toBe(401);
    expect((await new Visitor(house.url).post('/api/v1/session', { ...person, password: 'another long phrase' })).status).toBe(401);
  });

  it.each([
    ['/firm/digests', '/firm/digests'],
    ['//elsewhere.example', '/firm'],
    ['/\\elsewhere.example', '/firm'],
    ['https://elsewhere.example', '/firm'],
    ['javascript:alert(1)', '/firm'],
    ['', '/firm'],
  ])('asked to go back to %j goes to %s', async (back, location) => {
    const given = registration();
    await house.app.inject({ method: 'POST', url: '/api/v1/firms', payload: given, remoteAddress: '198.51.100.9' });
    const answer = await new Visitor(house.url).submit('/sign-in', '/sign-in', { email: given.email, password: given.password, back });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, location]);
  });
});

describe('a portal with https', () => {
  beforeAll(() => open({ env: { APP_URL: 'https://rabta.example' } }));
  afterAll(() => shut());

  it('keeps its cookies from other hosts and plain connections', async () => {
    const person = await chamberAccount(house, 'curator');
    const visitor = new Visitor(`http://127.0.0.1:${house.env.PORT}`);
    const page = await visitor.get('/sign-in');
    expect(page.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-csrf=.+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)]);
    expect(page.headers.get('strict-transport-security')).toContain('max-age=31536000');
    const answer = await visitor.post('/api/v1/session', person);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session=.+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/)]);
  });
});
