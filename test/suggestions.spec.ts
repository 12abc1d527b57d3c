import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type House, memberFirm, openHouse, publishedLead, signedIn, Visitor } from './support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

interface Item {
  system: string;
  code: string;
  name: string;
  score: number;
}
const suggested = async (text: string, lang: string): Promise<Item[]> =>
  ((await new Visitor(house.url).get(`/api/v1/suggestions?text=${encodeURIComponent(text)}&lang=${lang}`)).json() as { items: Item[] }).items;

describe('a trader’s words', () => {
  it.each([
    ['en', 'dried whole red chillies', '0904'],
    ['en', 'surkh mirch sabit', '0904'],
    ['ur', 'ثابت سرخ مرچ', '0904'],
    ['sd', 'ڳاڙها مرچ', '0904'],
    ['zh', '干辣椒', '0904'],
    ['ur', 'کانچ کی چوڑیاں', '7018'],
  ])('in %s, “%s”, are first taken to be heading %s', async (lang, text, heading) => {
    const [first] = await suggested(text, lang);
    expect(first).toMatchObject({ system: 'hs' });
    expect(first?.code.slice(0, 4)).toBe(heading);
  });

  it('are named in the language of the answer', async () => {
    const names = await Promise.all(['en', 'ur', 'sd', 'zh'].map(async (lang) => (await suggested('干辣椒', lang))[0]?.name ?? ''));
    expect(new Set(names).size).toBe(4);
    expect(names[1]).toMatch(/مرچ/);
  });

  it('that name a service lead to ISIC, and nonsense to nothing', async () => {
    expect((await suggested('web development', 'en'))[0]).toMatchObject({ system: 'isic', code: '62' });
    expect(await suggested('qqqq zzzz', 'en')).toEqual([]);
  });
});

describe('a firm that only wrote words', () => {
  it('stands under a sector of the statement, and is matched by what they mean; choosing the code counts more', async () => {
    const curator = await signedIn(house, 'curator');
    const id = await publishedLead(curator, { title: { zh: '采购干辣椒' } });
    const { firmId, member } = await memberFirm(house, { offers: [{ text: 'surkh mirch sabit' }] });
    const scoreOf = async () =>
      (await house.source.query<{ score: number }[]>('select score from match where firm_id = $1 and opportunity_id = $2', [firmId, id]))[0]?.score ?? 0;
    await house.until(async () => (await scoreOf()) > 0, 'the match');
    const guessed = await scoreOf();
    const { profile } = (await member.get(`/api/v1/firms/${firmId}`)).json() as { profile: { sectors: string[]; offers: { hs: string[] }[] } };
    expect(profile.sectors).toEqual(['agriculture']);
    expect(profile.offers[0]?.hs).toEqual([]); // a guess is not put into the firm's mouth
    await member.send('PUT', `/api/v1/firms/${firmId}/profile`, { body: { offers: [{ text: 'surkh mirch sabit', hs: ['090421'] }] } });
    await house.until(async () => (await scoreOf()) > guessed, 'the better match');
  });

  it('is asked on the second step of the registration, without JavaScript, and may say none of these', async () => {
    const visitor = new Visitor(house.url);
    const goods = { step: 'goods', firmName: 'Kunri Sabit', 'offers.0.text': 'ثابت سرخ مرچ', 'offers.1.text': '' };
    const asked = await visitor.submit('/register?lang=ur', '/register', goods);
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('name="offers.0.pick" value="hs:0904');
    expect(asked.text).toContain('name="firmName" value="Kunri Sabit"');
    const person = { contactName: 'Sabiha', email: 'sabiha@kunri-sabit.example', password: 'sun-dried and whole', language: 'ur' };
    const pick = /value="(hs:0904\d*)"/.exec(asked.text)?.[1] ?? '';
    const done = await visitor.submit('/sign-in', '/register', { ...goods, ...person, step: '', 'offers.0.pick': pick });
    expect(done.status).toBe(200);
    const rows = await house.source.query<{ hs: string[] }[]>(`select l.hs from firm_line l join firm f on f.id = l.firm_id where f.name = 'Kunri Sabit'`);
    expect(rows).toEqual([{ hs: [pick.slice(3)] }]);
  });
});
