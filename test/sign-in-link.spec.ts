import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SecurityMailService } from '../src/mail/security-mail.service.js';
import { type House, memberFirm, openHouse, Visitor } from './support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse({ work: false })));
afterAll(() => house.close());

const ask = (email: string) => new Visitor(house.url).submit('/sign-in/link', '/sign-in/link', { email });

/** The path of the newest link that was mailed to the address. */
async function mailedLink(email: string): Promise<string> {
  await house.get(SecurityMailService).deliverOwed();
  const mails = (await house.mails()).filter((mail) => mail.to.includes(email) && mail.text.includes('/sign-in/link/'));
  const link = /https?:\S+(\/sign-in\/link\/\S+)/.exec(mails[0]?.text ?? '')?.[1];
  if (!link) throw new Error('no link was mailed');
  return link;
}

const later = (minutes: number) => house.clock.set(new Date(house.clock.now().getTime() + minutes * 60_000));

describe('a link to sign in with', () => {
  it('signs in once, by the button and not by being opened', async () => {
    const { email } = await memberFirm(house);
    await ask(email);
    const link = await mailedLink(email);
    const visitor = new Visitor(house.url);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await visitor.send(method, link)).status).toBe(200);
    expect((await visitor.get('/firm')).status).toBe(303);
    const answer = await visitor.submit(link, link, {});
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({ status: 303, to: '/firm' });
    expect((await visitor.get('/firm')).status).toBe(200);
    const again = await new Visitor(house.url).submit('/sign-in/link', link, {});
    expect(again.status).toBe(422);
    expect(again.text).toContain('used or is too old');
  });

  it('sets a new password, which ends every session of before', async () => {
    const { email, password } = await memberFirm(house);
    const before = new Visitor(house.url);
    await before.submit('/sign-in', '/sign-in', { email, password });
    await ask(email);
    const link = await mailedLink(email);
    const visitor = new Visitor(house.url);
    const weak = await visitor.submit(link, link, { password: 'password1' });
    expect(weak.status).toBe(422);
    const set = await visitor.submit(link, link, { password: 'another long phrase' });
    expect(set.status).toBe(303);
    expect((await visitor.get('/firm')).status).toBe(200);
    expect((await before.get('/firm')).status).toBe(303);
    const signIn = (with_: string) => new Visitor(house.url).post('/api/v1/session', { email, password: with_ });
    expect((await signIn(password)).status).toBe(401);
    expect((await signIn('another long phrase')).status).toBe(201);
  });

  it('is too old after half an hour, and void once a newer one was asked for', async () => {
    const { email } = await memberFirm(house);
    await ask(email);
    const first = await mailedLink(email);
    later(3);
    await ask(email);
    const second = await mailedLink(email);
    expect(second).not.toBe(first);
    const use = (link: string) => new Visitor(house.url).post(`/api/v1/session/link/${link.split('/').at(-1)}`, {});
    expect((await use(first)).status).toBe(422);
    later(31);
    expect((await use(second)).status).toBe(422);
  });

  it('is mailed no more often than every two minutes', async () => {
    const { email } = await memberFirm(house);
    const owed = async () => {
      const [row] = await house.source.query<{ n: number }[]>(`select count(*)::int n from security_mail where purpose = 'sign-in' and recipient = $1`, [
        email,
      ]);
      return row?.n;
    };
    await Promise.all([ask(email), ask(email), ask(email)]);
    expect(await owed()).toBe(1);
    later(3);
    await ask(email);
    expect(await owed()).toBe(2);
  });

  it('asked for an address that nobody has is answered the same, and mails nothing', async () => {
    const { email } = await memberFirm(house);
    const [known, unknown] = [await ask(email), await ask('nobody@nowhere.example')];
    const plain = (text: string) => text.replace(/name="_csrf" value="[^"]+"/g, '');
    expect(unknown.status).toBe(known.status);
    expect(plain(unknown.text)).toBe(plain(known.text));
    const [row] = await house.source.query<{ n: number }[]>(`select count(*)::int n from security_mail where recipient = 'nobody@nowhere.example'`);
    expect(row?.n).toBe(0);
  });

  it('is not made up: a changed token, another account’s, or a disabled account get nothing', async () => {
    const [one, two] = [await memberFirm(house), await memberFirm(house)];
    await Promise.all([ask(one.email), ask(two.email)]);
    const token = (await mailedLink(one.email)).split('/').at(-1) ?? '';
    const other = (await mailedLink(two.email)).split('/').at(-1) ?? '';
    const use = (given: string) => new Visitor(house.url).post(`/api/v1/session/link/${given}`, {});
    expect((await use(`${token.slice(0, 36)}${other.slice(36)}`)).status).toBe(422);
    expect((await use('nonsense')).status).toBe(422);
    await house.source.query('update account set disabled_at = now() where lower(email) = lower($1)', [one.email]);
    expect((await use(token)).status).toBe(422);
    expect((await use(other)).status).toBe(201);
  });
});
