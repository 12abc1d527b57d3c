import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { LANGUAGES } from '../src/language/language.js';
import { chamberAccount, client, type House, memberFirm, openHouse, type Person, TUESDAY, Visitor } from './support/house.js';

let house: House;
let now = 0;
/** A house for each part: at one door only so many sign in within a minute. */
const aHouse = (): void => {
  beforeAll(async () => {
    now = TUESDAY.getTime();
    house = await openHouse();
  });
  afterAll(() => house.close());
};

/** Half a minute later, or as many. */
const later = (steps = 1): void => house.clock.set(new Date((now += steps * 30_000)));
const codeFor = (secret: string, off = 0): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now + off * 30_000 });

/** An account of the chamber that has not set up anything. */
async function newcomer(): Promise<Person> {
  const person = await chamberAccount(house, 'curator');
  await house.source.query('delete from second_factor where account_id = (select id from account where email = $1)', [person.email]);
  return person;
}
/** A browser that has given the password. */
async function half(person: Person): Promise<Visitor> {
  const visitor = new Visitor(house.url);
  const answer = await visitor.submit('/sign-in', '/sign-in', { ...person });
  expect(answer.status).toBe(303);
  return visitor;
}
const give = (visitor: Visitor, code: string) => visitor.submit('/second-factor', '/second-factor', { code });

/** Sets it up by the page; returns its key and its recovery codes. */
async function enrolled(person: Person): Promise<{ visitor: Visitor; secret: string; recovery: string[] }> {
  const visitor = await half(person);
  const setup = await visitor.submit('/second-factor', '/second-factor/enrolment', {});
  const secret = (/class="key"[^>]*>([A-Z2-7 ]+)</.exec(setup.text)?.[1] ?? '').replaceAll(' ', '');
  const done = await give(visitor, codeFor(secret));
  const recovery = [...done.text.matchAll(/<li>([A-Z2-7-]{19})<\/li>/g)].map(([, code]) => code ?? '');
  return { visitor, secret, recovery };
}

describe('setting up the second factor', () => {
  aHouse();

  it('comes before everything else, shows the key until a code of it was right, and never again', async () => {
    const person = await newcomer();
    const visitor = await half(person);
    expect((await visitor.get('/desk')).headers.get('location')).toBe('/second-factor?back=%2Fdesk');
    expect((await visitor.get('/second-factor')).text).toContain('action="/second-factor/enrolment"');
    const setup = await visitor.submit('/second-factor', '/second-factor/enrolment', {});
    const secret = (/class="key"[^>]*>([A-Z2-7 ]+)</.exec(setup.text)?.[1] ?? '').replaceAll(' ', '');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(setup.text).toContain('src="data:image/svg+xml;base64,');
    // a wrong code: the same picture once more, and still nothing is open
    const wrong = await give(visitor, codeFor(secret, 5));
    expect([wrong.status, wrong.text.includes(secret.slice(0, 4))]).toEqual([422, true]);
    expect((await visitor.get('/desk')).status).toBe(303);
    const done = await give(visitor, codeFor(secret));
    expect(done.status).toBe(200);
    expect([...done.text.matchAll(/<li>([A-Z2-7-]{19})<\/li>/g)]).toHaveLength(10);
    expect((await visitor.get('/desk')).status).toBe(200);
    const page = await visitor.get('/second-factor');
    expect(page.text).toContain('10 recovery codes');
    const again = await visitor.submit('/second-factor', '/second-factor/enrolment', {});
    expect([again.status, again.text.includes('class="key"')]).toEqual([409, false]);
  });

  it('keeps neither key nor recovery codes where one could read them', async () => {
    const { secret, recovery } = await enrolled(await newcomer());
    const [rows] = await house.source.query<{ all: string }[]>(
      `select (select string_agg(f::text, ' ') from second_factor f) || (select string_agg(r::text, ' ') from recovery_code r) as all`,
    );
    for (const kept of [secret, ...recovery, ...recovery.map((code) => code.replaceAll('-', ''))]) expect(rows?.all).not.toContain(kept);
    expect(recovery).toHaveLength(10);
  });

  it('can be done anew with a last code, and ends every other session', async () => {
    const person = await newcomer();
    const { visitor, secret } = await enrolled(person);
    later();
    const elsewhere = await half(person);
    await give(elsewhere, codeFor(secret));
    expect((await elsewhere.get('/desk')).status).toBe(200);
    later();
    expect((await visitor.submit('/second-factor', '/second-factor/renewal', { code: codeFor(secret, -3) })).status).toBe(422);
    expect((await visitor.submit('/second-factor', '/second-factor/renewal', { code: codeFor(secret) })).status).toBe(303);
    expect((await visitor.get('/desk')).headers.get('location')).toContain('/second-factor');
    expect((await elsewhere.get('/desk')).headers.get('location')).toContain('/sign-in');
    expect((await visitor.submit('/second-factor', '/second-factor/enrolment', {})).text).not.toContain(secret.slice(0, 4) + ' ' + secret.slice(4, 8));
  });
});

describe('a code', () => {
  aHouse();

  it('is taken once, at most one step early or late, however it is written', async () => {
    const person = await newcomer();
    const { secret } = await enrolled(person);
    expect((await give(await half(person), codeFor(secret))).status).toBe(422);
    later(3);
    const urdu = codeFor(secret, -1).replace(/\d/g, (d) => String.fromCharCode(0x6f0 + Number(d)));
    expect((await give(await half(person), `${urdu.slice(0, 3)} ${urdu.slice(3)}`)).status).toBe(303);
    // of the steps up to the used one none is taken any more
    expect((await give(await half(person), codeFor(secret, -1))).status).toBe(422);
    expect((await give(await half(person), codeFor(secret, 2))).status).toBe(422);
    expect((await give(await half(person), codeFor(secret, 1))).status).toBe(303);
  });

  // each with an account of its own: those that come too late count as wrong ones
  it.each(['of the app', 'for recovery'])('%s is taken once of several tries at the same moment', async (which) => {
    const person = await newcomer();
    const { secret, recovery } = await enrolled(person);
    later();
    const code = which === 'of the app' ? codeFor(secret) : (recovery[0] ?? '');
    const visitors = await Promise.all(Array.from({ length: 4 }, () => half(person)));
    const answers = await Promise.all(visitors.map((visitor) => give(visitor, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
  });

  it('is not looked at any more after five wrong ones in a row, for a quarter of an hour', async () => {
    const person = await newcomer();
    const { secret } = await enrolled(person);
    later(2);
    const visitor = await half(person);
    for (let i = 0; i < 5; i++) expect((await give(visitor, codeFor(secret, 100 + i))).status).toBe(422);
    const right = await give(visitor, codeFor(secret));
    expect([right.status, right.text.includes('15 minutes')]).toEqual([429, true]);
    later(29);
    expect((await give(visitor, codeFor(secret))).status).toBe(429);
    later(2);
    expect((await give(visitor, codeFor(secret))).status).toBe(303);
  });

  it('may be a recovery code, each once, and the phone is not needed', async () => {
    const person = await newcomer();
    const { recovery } = await enrolled(person);
    expect((await give(await half(person), (recovery[1] ?? '').toLowerCase())).status).toBe(303);
    expect((await give(await half(person), recovery[1] ?? '')).status).toBe(422);
    const visitor = await half(person);
    expect((await give(visitor, recovery[2] ?? '')).status).toBe(303);
    expect((await visitor.get('/second-factor')).text).toContain('8 recovery codes');
    // nor does one account's open another
    const other = await newcomer();
    await enrolled(other);
    expect((await give(await half(other), recovery[3] ?? '')).status).toBe(422);
  });

  it('leads where one wanted to go, and never out of the house', async () => {
    const person = await newcomer();
    const { secret } = await enrolled(person);
    for (const [back, to] of [
      ['/desk/firms?status=applied', '/desk/firms?status=applied'],
      ['//evil.example', '/desk'],
      ['https://evil.example', '/desk'],
    ] as const) {
      later();
      const visitor = await half(person);
      const answer = await visitor.submit('/second-factor', '/second-factor', { code: codeFor(secret), back });
      expect(answer.headers.get('location')).toBe(to);
    }
  });
});

describe('no other way in', () => {
  aHouse();

  it('a mailed link, with or without a new password, asks for the code as well', async () => {
    for (const password of [undefined, 'quite another phrase']) {
      const person = await newcomer();
      await enrolled(person);
      await new Visitor(house.url).submit('/sign-in/link', '/sign-in/link', { email: person.email });
      const mail = async () => (await house.mails()).find(({ to }) => to.includes(person.email));
      await house.until(async () => (await mail()) !== undefined, 'the link');
      const address = /http:\S+(\/sign-in\/link\/\S+)/.exec((await mail())?.text ?? '')?.[1] ?? '';
      const visitor = new Visitor(house.url);
      expect((await visitor.submit(address, address, password ? { password } : {})).status).toBe(303);
      expect((await visitor.get('/desk')).headers.get('location')).toBe('/second-factor?back=%2Fdesk');
      expect((await visitor.get('/api/v1/desk/opportunities')).status).toBe(403);
    }
  });

  it('a session from before is worth nothing more after the code than it was', async () => {
    const person = await newcomer();
    const { secret } = await enrolled(person);
    later();
    const program = new Visitor(house.url);
    const first = (await program.post('/api/v1/session', person)).json() as { token: string; secondFactor: string };
    expect(first.secondFactor).toBe('wanted');
    program.token = first.token;
    const refused = await program.get('/api/v1/desk/opportunities');
    expect([refused.status, (refused.json() as { code: string }).code]).toEqual([403, 'SecondFactor']);
    const second = (await program.post('/api/v1/session/second-factor', { code: codeFor(secret) })).json() as { token: string; secondFactor: string };
    expect(second).toMatchObject({ secondFactor: 'given', recoveryCodes: null });
    const whole = new Visitor(house.url);
    whole.token = second.token;
    expect((await whole.get('/api/v1/desk/opportunities')).status).toBe(200);
    program.token = first.token;
    expect((await program.get('/api/v1/session')).status).toBe(401);
  });

  it('can be set up by a program too', async () => {
    const person = await newcomer();
    const program = new Visitor(house.url);
    program.token = ((await program.post('/api/v1/session', person)).json() as { token: string }).token;
    const { secret, uri } = (await program.post('/api/v1/session/second-factor/enrolment', {})).json() as { secret: string; uri: string };
    expect(uri).toContain(`secret=${secret}`);
    const { recoveryCodes } = (await program.post('/api/v1/session/second-factor', { code: codeFor(secret) })).json() as { recoveryCodes: string[] };
    expect(recoveryCodes).toHaveLength(10);
  });

  it('members sign in as they always did', async () => {
    const { member, email, password } = await memberFirm(house);
    expect((await member.get('/api/v1/session')).status).toBe(200);
    expect((await member.post('/api/v1/session/second-factor', { code: '123456' })).status).toBe(403);
    expect(((await new Visitor(house.url).post('/api/v1/session', { email, password })).json() as { secondFactor: string }).secondFactor).toBe('not-needed');
  });

  it('an account whose factor is taken away has to set it up anew', async () => {
    const person = await chamberAccount(house, 'administrator');
    const program = await client(house, person);
    const accounts = house.get(AccountsService);
    const account = await accounts.byEmail(person.email);
    await accounts.secondFactor.forget(account?.id ?? '');
    expect((await program.get('/api/v1/session')).status).toBe(401);
    expect((await (await half(person)).get('/second-factor')).text).toContain('action="/second-factor/enrolment"');
  });
});

describe('the words', () => {
  aHouse();

  it.each(LANGUAGES)('are there in %s', async (language) => {
    const visitor = await half(await newcomer());
    const { status, text } = await visitor.get(`/second-factor?lang=${language}`);
    expect(status).toBe(200);
    expect(text.replace(/<[^>]+>/g, ' ')).not.toMatch(/\{|undefined|\bfactor\.[a-z]/);
  });
});
