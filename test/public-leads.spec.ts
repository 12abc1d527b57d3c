import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillSearch } from '../src/opportunities/opportunities.queries.js';
import { type House, openHouse, publishedLead, signedIn, Visitor } from './support/house.js';

let house: House;
let anyone: Visitor;
let curator: Visitor;

/** What nobody may read in public, whatever the page. */
const SECRETS = ['Hidden Dragon Trading', 'secret@hidden-dragon.example', '+862855501234', 'Met at the Canton fair'];

/** Leads by a short name; each is published a minute after the one before it. */
const LEADS = {
  chillies: { title: { en: 'Dried whole chillies' }, hs: ['090421'], deadline: '2026-12-20' },
  'onions in urdu': { title: { ur: 'تازہ پیاز، بڑی مقدار میں' }, hs: ['0703'], country: 'AE', deadline: '2026-11-28' },
  'dates in sindhi': { title: { sd: 'سڪل کارڪون' }, hs: ['080410'], kind: 'sell_offer' },
  'bangles in chinese': { title: { zh: '玻璃手镯' }, hs: ['701810'], sectors: ['export-industry'] },
  'width < 5 & "fine"': { title: { en: 'Yarn, width < 5 mm & "fine"' }, summary: { en: 'a < b && c > d' }, hs: ['5205'], sectors: ['export-industry'] },
  'no code': { title: { en: 'Solar panels for a cold store' }, hs: [], sectors: ['power'], country: 'PK' },
} as const;
type Name = keyof typeof LEADS;
const references = new Map<Name, string>();
const namesOf = (text: string): Name[] => [...references].flatMap(([name, reference]) => (text.includes(`/opportunities/${reference}"`) ? [name] : []));

beforeAll(async () => {
  house = await openHouse();
  anyone = new Visitor(house.url);
  curator = await signedIn(house, 'curator');
  for (const [name, over] of Object.entries(LEADS)) {
    house.clock.set(new Date(house.clock.now().getTime() + 60_000));
    const id = await publishedLead(curator, {
      counterparty: `${SECRETS[0]} ${name}`,
      counterpartyEmail: SECRETS[1],
      counterpartyPhone: SECRETS[2],
      source: SECRETS[3],
      ...over,
    });
    const { reference } = (await curator.get(`/api/v1/desk/opportunities/${id}`)).json() as { reference: string };
    references.set(name as Name, reference);
  }
});
afterAll(() => house.close());

const found = async (query: string): Promise<Name[]> => {
  const page = await anyone.get(`/opportunities?${query}`);
  const names = namesOf(page.text);
  const answer = (await anyone.get(`/api/v1/opportunities?${query}`)).json() as { items: { reference: string }[] };
  const listed = answer.items.map(({ reference }) => [...references].find(([, of]) => of === reference)?.[0]);
  // page and API find the same
  expect({ query, names: [...names].sort() }).toEqual({ query, names: [...listed].sort() });
  return names.sort();
};

describe('looking for leads', () => {
  it.each<[string, string, Name[]]>([
    ['words of the title', 'q=whole+CHILLIES', ['chillies']],
    ['words in another spelling', 'q=chilly', ['chillies']],
    ['Urdu words', `q=${encodeURIComponent('پیاز')}`, ['onions in urdu']],
    ['Sindhi words', `q=${encodeURIComponent('کارڪون')}`, ['dates in sindhi']],
    ['Chinese words', `q=${encodeURIComponent('手镯')}`, ['bangles in chinese']],
    ['a meaning said in another language', `q=${encodeURIComponent('سرخ مرچ')}`, ['chillies']],
    ['a meaning said in Chinese', `q=${encodeURIComponent('洋葱')}`, ['onions in urdu']],
    ['a chapter of HS', 'hs=09', ['chillies']],
    ['a heading of HS, written with a dot', 'hs=09.04', ['chillies']],
    ['a code below that of the lead', 'hs=070310', []],
    ['a sector', 'sector=power', ['no code']],
    ['a kind', 'kind=sell_offer', ['dates in sindhi']],
    ['a country', 'country=AE', ['onions in urdu']],
    ['a last day that is near', 'within=7', ['onions in urdu']],
    ['several at once', 'sector=export-industry&hs=70&q=&country=', ['bangles in chinese']],
    ['several that nothing fits', 'sector=power&hs=70', []],
    ['who is behind it', `q=${encodeURIComponent('Hidden Dragon')}`, []],
  ])('finds by %s', async (_what, query, names) => {
    expect(await found(query)).toEqual(names);
  });

  it('shows what was published last first, page after page', async () => {
    const seen: (Name | undefined)[] = [];
    for (let after: string | null = '', pages = 0; after !== null && pages < 9; pages++) {
      const page = (await anyone.get(`/api/v1/opportunities?limit=2${after && `&after=${after}`}`)).json() as {
        items: { reference: string }[];
        next: string | null;
      };
      seen.push(...page.items.map(({ reference }) => [...references].find(([, of]) => of === reference)?.[0]));
      after = page.next;
    }
    expect(seen).toEqual(Object.keys(LEADS).reverse());
  });

  it('keeps in the address what was asked, and says how to ask less', async () => {
    const { status, text } = await anyone.get('/opportunities?q=chillies&sector=agriculture&hs=0904&utm_source=somewhere');
    expect(status).toBe(200);
    expect(text).toContain('value="chillies"');
    expect(text).toContain('<option value="agriculture" selected="">');
    expect(text).toContain(`<link rel="canonical" href="${house.url}/opportunities?q=chillies&amp;sector=agriculture&amp;hs=0904"/>`);
    expect(text).toContain('href="/opportunities?sector=agriculture&amp;hs=0904"');
    expect(text).not.toContain('somewhere"/>');
  });

  it('shows again what it cannot read, and why', async () => {
    const { status, text } = await anyone.get('/opportunities?hs=abc&q=chillies');
    expect(status).toBe(422);
    expect(text).toContain('value="abc"');
    expect(text).toContain('value="chillies"');
    expect(text).toContain('role="alert"');
    expect((await anyone.get('/api/v1/opportunities?hs=abc')).json()).toMatchObject({
      code: 'Invalid',
      errors: expect.arrayContaining([expect.objectContaining({ field: 'hs', reason: 'not-an-hs-code' })]),
    });
    expect((await anyone.get('/api/v1/opportunities?colour=red')).status).toBe(422);
  });

  it('finds leads that SQL put in, from the next start on', async () => {
    await house.source.query(`update opportunity set search = '{}'`);
    expect(await found('q=chillies')).toEqual([]);
    await fillSearch(house.source);
    expect(await found('q=chillies')).toEqual(['chillies']);
    expect(await found('hs=70')).toEqual(['bangles in chinese']);
  });

  it('finds a lead by what it says now', async () => {
    const [{ id } = { id: '' }] = await house.source.query<{ id: string }[]>('select id from opportunity where reference = $1', [references.get('no code')]);
    const lead = { kind: 'buy_request', title: { en: 'Wind turbines' }, sectors: ['power'], country: 'PK', counterparty: SECRETS[0] };
    expect((await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: lead })).status).toBe(200);
    expect(await found('q=turbines')).toEqual(['no code']);
    expect(await found('q=panels')).toEqual([]);
  });
});

describe('what everybody sees', () => {
  it('never says who is behind a lead', async () => {
    const pages = ['/', '/opportunities', '/opportunities/feed.atom', '/opportunities/feed.json', '/api/v1/opportunities'];
    for (const reference of references.values()) {
      for (const rest of ['', '/forward', '/calendar.ics']) pages.push(`/opportunities/${reference}${rest}`);
      pages.push(`/api/v1/opportunities/${reference}`);
    }
    for (const page of pages) {
      const { status, text } = await anyone.get(page);
      expect({ page, status, said: SECRETS.filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret))) }).toEqual({
        page,
        status: 200,
        said: [],
      });
    }
  });

  it('is told to search engines and messengers too', async () => {
    const { text } = await anyone.get(`/opportunities/${references.get('width < 5 & "fine"')}?lang=en`);
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(text) ?? [];
    expect(json).not.toContain('<');
    expect(JSON.parse(json)).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'Demand',
      name: LEADS['width < 5 & "fine"'].title.en,
      description: 'a < b && c > d',
      eligibleQuantity: { value: 20, unitText: 't' },
      provider: { name: house.env.CHAMBER_NAME },
    });
    expect(text).toContain('<meta property="og:title" content="Yarn, width &lt; 5 mm &amp; &quot;fine&quot;"/>');
    expect(text).toContain(`<meta property="og:url" content="${house.url}/opportunities/${references.get('width < 5 & "fine"')}"/>`);
    const offer = await anyone.get(`/opportunities/${references.get('dates in sindhi')}`);
    expect(offer.text).toContain('"@type":"Offer"');
  });

  it('comes in at most three requests and 60 KB', async () => {
    for (const page of ['/', '/opportunities', `/opportunities/${references.get('chillies')}`]) {
      const { text } = await anyone.get(page);
      const others = [...text.matchAll(/(?:src|(?:rel="stylesheet" |rel="preload" )[^>]*href)="([^"]+)"/g)].map(([, address = '']) => address);
      const sizes = await Promise.all(others.map(async (address) => (await anyone.get(address)).text.length));
      expect(others.length).toBeLessThanOrEqual(2);
      expect(sizes.reduce((sum, size) => sum + size, Buffer.byteLength(text))).toBeLessThan(60_000);
    }
  });
});

describe('a feed', () => {
  it('holds a search in the language that its address says', async () => {
    const { text, headers } = await anyone.get('/opportunities/feed.atom?lang=ur&hs=09');
    expect(headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?>/);
    expect(text.match(/<entry>/g)).toHaveLength(1);
    expect(text).toContain(`${house.url}/opportunities/${references.get('chillies')}?lang=ur`);
    expect(text).toContain('HS 09');
    expect(text).toContain('خریداری کی طلب');
  });

  it('is well-formed whatever a title holds', async () => {
    const { text } = await anyone.get('/opportunities/feed.atom?lang=en');
    const entry = text.split('<entry>').find((part) => part.includes(references.get('width < 5 & "fine"') ?? '-')) ?? '';
    // outside of CDATA nothing may look like a tag or an entity that is none
    const outside = text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
    expect(outside.match(/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/g)).toBeNull();
    expect(outside.replace(/<\/?[a-z:]+(?:\s+[a-z:]+="[^"<]*")*\s*\/?>|<\?[^>]*\?>/g, '')).not.toMatch(/[<>]/);
    // titles are HTML to readers: what is shown is what was written
    expect(entry).toMatch(/width &lt; 5 mm &amp; (?:"|&quot;)fine/);
    const json = (await anyone.get('/opportunities/feed.json?lang=en')).json() as {
      version: string;
      items: { title: string; content_html: string; url: string }[];
    };
    expect(json.version).toMatch(/^https:\/\/jsonfeed\.org\/version\//);
    const item = json.items.find(({ url }) => url.includes(references.get('width < 5 & "fine"') ?? '-'));
    expect(item?.title).toBe('Yarn, width < 5 mm & "fine"');
    expect(item?.content_html).toContain('a &lt; b &amp;&amp; c &gt; d');
  });

  it('is not sent again to whoever has it', async () => {
    const first = await anyone.get('/opportunities/feed.json?sector=power');
    const etag = first.headers.get('etag') ?? '';
    const again = await anyone.get('/opportunities/feed.json?sector=power', { 'if-none-match': etag });
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
    const other = await anyone.get('/opportunities/feed.json?sector=mining', { 'if-none-match': etag });
    expect(other.status).toBe(200);
  });
});

it('the description of the API names what a search can ask for', async () => {
  const document = (await anyone.get('/api/openapi.json')).json() as {
    paths: Record<string, { get: { parameters: { name: string; in: string; required: boolean }[] } }>;
  };
  const named = document.paths['/api/v1/opportunities']?.get.parameters.map(({ name, in: where, required }) => `${where} ${name} ${required}`);
  expect(named?.sort()).toEqual(['after', 'country', 'hs', 'kind', 'limit', 'q', 'sector', 'within'].map((name) => `query ${name} false`));
});
