import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { browser, chamberAccount, GOOD_MARKS, type House, openHouse, signedIn, type Visitor } from './support/house.js';

interface Seen {
  readonly id: string;
  readonly counts: Readonly<Record<'new' | 'same' | 'changed' | 'wrong' | 'held', number>>;
  readonly rows: readonly { line: number; state: string; errors: { field: string; reason: string }[] }[];
  readonly saved: readonly { id: string; untouched: boolean }[];
}

let house: House;
let curator: Visitor;
let desk: Visitor;

beforeAll(async () => {
  house = await openHouse();
  curator = await signedIn(house, 'curator');
  desk = await browser(house, await chamberAccount(house, 'curator'));
});
afterAll(() => house.close());

const HEAD = 'reference;kind;title;hs;sectors;country;quantity;unit;counterparty;source;summary';
const row = (reference: string, n: number, over: { hs?: string; summary?: string } = {}): string =>
  `${reference};buy_request;Dried chillies ${n};${over.hs ?? '0904.21'};agriculture;CN;1,000;kg;Buyer ${reference};list;${over.summary ?? ''}`;
const file = (...rows: string[]): string => `\uFEFF${[HEAD, ...rows].join('\r\n')}\r\n`;
const upload = async (content: string) => curator.post('/api/v1/desk/imports', { content });
const looked = async (content: string): Promise<Seen> => (await upload(content)).json();
const act = async (id: string, step: string): Promise<Seen> => (await curator.post(`/api/v1/desk/imports/${id}/${step}`, {})).json();
const leads = async (): Promise<number> => (await house.source.query<{ n: number }[]>('select count(*)::int n from opportunity'))[0]?.n ?? -1;
const faults = async (content: string): Promise<string[]> =>
  ((await upload(content)).json() as { errors: { field: string; reason: string }[] }).errors.map(({ field, reason }) => `${field} ${reason}`);

describe('a file of leads', () => {
  it('is looked at, saved once, and taken back as far as nobody has worked on it', async () => {
    const before = await leads();
    const content = file(row('A1', 1, { summary: '"two\r\nlines; and “more”"' }), row('A2', 2), row('A2', 3), row('A3', 4, { hs: '1' }));
    const seen = await looked(content);
    expect(seen.counts).toEqual({ new: 2, same: 0, changed: 0, wrong: 2, held: 0 });
    expect(seen.rows.flatMap(({ errors }) => errors.map(({ field, reason }) => `${field} ${reason}`))[0]).toBe('reference twice-in-file');
    expect(await leads()).toBe(before);
    expect((await looked(content)).id).toBe(seen.id);

    const applied = await act(seen.id, 'apply');
    expect([applied.saved.length, applied.counts.new, applied.counts.same]).toEqual([2, 0, 2]);
    expect((await act(seen.id, 'apply')).saved).toEqual(applied.saved);
    expect(await leads()).toBe(before + 2);
    const [first, second] = applied.saved;
    const saved = (await curator.get(`/api/v1/desk/opportunities/${first?.id}`)).json() as { summary: { en: string }; quantity: unknown; status: string };
    expect(saved).toMatchObject({ status: 'draft', summary: { en: 'two\nlines; and “more”' }, quantity: { amount: 1000, unit: 'kg' } });

    const changed = await looked(file(row('A1', 1, { summary: 'other words' }), row('A2', 2)));
    expect(changed.counts).toMatchObject({ new: 0, same: 1, changed: 1 });

    await curator.post(`/api/v1/desk/opportunities/${second?.id}/submit`, {});
    const undone = await act(seen.id, 'undo');
    expect(undone.saved).toEqual([{ ...second, untouched: false }]);
    expect(await leads()).toBe(before + 1);
    const [audited] = await house.source.query<{ n: number }[]>(
      `select count(*)::int n from audit where subject = 'import' and subject_id = $1 and act like 'import %'`,
      [seen.id],
    );
    expect(audited?.n).toBe(3);
  });

  it('may be lines of JSON, as the measures of the matcher take them', async () => {
    const line = { id: 'J1', title: 'Glass bangles', hs: '701810', counterparty: 'Lantern', country: 'CN', kind: 'buy_request' };
    const seen = await looked(`${JSON.stringify(line)}\n{"id":\n`);
    expect(seen.rows.map(({ state, errors }) => [state, ...errors.map(({ reason }) => reason)])).toEqual([['new'], ['wrong', 'not-json']]);
  });

  it.each([
    ['nothing', '', 'file required'],
    ['what is no text', 'reference\u0000,kind', 'file not-utf-8'],
    ['what is no UTF-8', 'reference\uFFFD,kind', 'file not-utf-8'],
    ['an open quotation mark', 'reference,kind\nA,"b', 'file not-csv'],
    ['an unknown column', 'reference,colour\nA,b', 'file unknown-column'],
    ['too many rows', ['reference', ...Array.from({ length: 1001 }, (_, i) => `R${i}`)].join('\n'), 'file too-many-rows'],
    ['too much', 'x'.repeat(1_000_001), 'file file-too-large'],
  ])('is refused as a whole: %s', async (_what, content, fault) => {
    expect(await faults(content)).toEqual([fault]);
  });

  it('leaves nothing of what may not be stored, and of the rest only for a month', async () => {
    const { id, counts } = await looked(file(row('N1', 1), row('N2', 2, { summary: 'Ask for 41303-1234567-1' })));
    expect(counts).toMatchObject({ new: 1, wrong: 1 });
    const stored = async () => (await house.source.query<{ rows: string }[]>('select rows::text from import_file where id = $1', [id]))[0]?.rows;
    expect(await stored()).toContain('Buyer N1');
    expect(await stored()).not.toMatch(/41303|Buyer N2/);
    await house.source.query(`update import_file set uploaded_at = uploaded_at - interval '31 days' where id = $1`, [id]);
    await looked(file(row('N3', 3)));
    expect(await stored()).toBe('[]');
  });

  it('warns of what a review will ask about', async () => {
    expect((await looked(file(row('C1', 1, { summary: 'Hyderabad Telangana' })))).counts).toMatchObject({ new: 1, held: 1 });
  });

  it('is brought in on the pages, curated and published', async () => {
    const { text } = await desk.get('/desk/imports');
    const form = new FormData();
    form.set('_csrf', /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '');
    // more than a form without a file may hold
    form.set(
      'file',
      new Blob([file(row('P1', 1, { summary: 'x'.repeat(1400) }), ...Array.from({ length: 300 }, (_, i) => row(`=P${i}`, i, { hs: '1' })))]),
      'leads.csv',
    );
    const shown = await fetch(new URL('/desk/imports', house.url), { method: 'POST', body: form, headers: { cookie: desk.cookieLine }, redirect: 'manual' });
    expect(shown.status).toBe(303);
    const [, id = ''] = /^\/desk\/imports\/([0-9a-f-]{36})$/.exec(shown.headers.get('location') ?? '') ?? [];
    expect((await desk.get(`/desk/imports/${id}`)).text).toContain(`/desk/imports/${id}/apply`);
    const errors = await desk.get(`/desk/imports/${id}/errors.csv`);
    const csv = await fetch(new URL(`/desk/imports/${id}/errors.csv`, house.url), { headers: { cookie: desk.cookieLine } });
    // what a spreadsheet knows UTF-8 by; text() would drop it
    expect([...new Uint8Array(await csv.arrayBuffer()).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(errors.text).toContain("'=P0");
    expect(errors.text).not.toMatch(/(^|,)=/m);
    expect((await desk.submit(`/desk/imports/${id}`, `/desk/imports/${id}/apply`, {})).status).toBe(303);
    const lead = /\/desk\/opportunities\/([0-9a-f-]{36})/.exec((await desk.get(`/desk/imports/${id}`)).text)?.[1] ?? '';
    const at = `/desk/opportunities/${lead}`;
    expect((await desk.submit(at, `${at}/submit`, {})).status).toBe(303);
    const marks = Object.fromEntries(Object.entries(GOOD_MARKS).map(([mark, n]) => [mark, String(n)]));
    expect((await desk.submit(at, `${at}/publish`, marks)).status).toBe(303);
    expect((await desk.get('/opportunities')).text).toContain('Dried chillies 1');
  });
});
