import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { JobsService } from '../src/jobs/jobs.service.js';
import { BACKENDS, browser, chamberAccount, type House, openHouse, Visitor } from './support/house.js';

const AT = '/desk/queues';
const OURS = { 'sec-fetch-site': 'same-origin' };

let house: House;
let administrator: Visitor;

interface Board {
  readonly queues: readonly {
    readonly name: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly jobs: readonly { readonly id: string; readonly name: string; readonly data: unknown; readonly isFailed: boolean }[];
  }[];
}
const board = async (query = ''): Promise<Board> => (await administrator.get(`${AT}/api/queues?page=1&jobsPerPage=10${query}`)).json();
const queue = async (name: string, query = '') => (await board(query)).queues.find((one) => one.name === name)!;

describe.each(BACKENDS)('the queue dashboard on %s', (backend) => {
  beforeAll(async () => {
    house = await openHouse({ backend, work: false });
    administrator = await browser(house, await chamberAccount(house, 'administrator'));
  });
  afterAll(() => house.close());
  afterEach(async () => {
    for (const one of house.get(JobsService).all()) await one.obliterate({ force: true });
  });

  it('shows each queue with its counts, and jobs that hold ids and nothing else', async () => {
    await house.get(JobsService).enqueue('matching.firm', { firmId: '00000000-0000-4000-8000-000000000001' });
    const { queues } = await board();
    expect(queues.map(({ name }) => name)).toEqual(['matching', 'digests', 'mail', 'upkeep']);
    const matching = await queue('matching', '&activeQueue=matching&status=waiting');
    expect(matching.counts['waiting']).toBe(1);
    expect(matching.jobs).toMatchObject([{ name: 'matching.firm', data: { firmId: '00000000-0000-4000-8000-000000000001' } }]);
    // where the database stands is nobody's concern here
    expect((await administrator.get(`${AT}/api/redis/stats`)).status).toBe(403);
  });

  it('sets a failed job going again and cleans what failed, for a call from its own page', async () => {
    const jobs = house.get(JobsService);
    const failing = house.queues.worker('upkeep', () => Promise.reject(new Error('on purpose')), { concurrency: 1 });
    failing.on('error', () => undefined);
    await jobs.enqueue('accounts.forget-sessions', {});
    await house.until(async () => (await jobs.counts('upkeep'))['failed'] === 1, 'the failure');
    await failing.close();
    const [job] = (await queue('upkeep', '&activeQueue=upkeep&status=failed')).jobs;
    expect(job).toMatchObject({ name: 'accounts.forget-sessions', isFailed: true });
    const retried = await administrator.send('PUT', `${AT}/api/queues/upkeep/${job!.id}/retry`, { headers: OURS });
    expect(retried.status).toBeLessThan(300);
    expect(await jobs.counts('upkeep')).toMatchObject({ failed: 0, waiting: 1 });
    const again = house.queues.worker('upkeep', () => Promise.reject(new Error('on purpose')), { concurrency: 1 });
    again.on('error', () => undefined);
    await house.until(async () => (await jobs.counts('upkeep'))['failed'] === 1, 'the second failure');
    await again.close();
    const cleaned = await administrator.send('PUT', `${AT}/api/queues/upkeep/${job!.id}/clean`, { headers: OURS });
    expect(cleaned.status).toBeLessThan(300);
    expect(await jobs.counts('upkeep')).toMatchObject({ failed: 0, waiting: 0 });
  });
});

describe('its door', () => {
  beforeAll(async () => {
    house = await openHouse({ work: false });
    administrator = await browser(house, await chamberAccount(house, 'administrator'));
    await house.get(JobsService).enqueue('mail.security', {});
  });
  afterAll(() => house.close());

  const waiting = () => house.get(JobsService).waiting('mail');

  it('is open to administrators alone, files of the board included', async () => {
    const { text } = await administrator.get(AT);
    const script = /src="(static\/js\/main[^"]+)"/.exec(text)?.[1] ?? '';
    expect(text).toContain(`<base href="${AT}/"`);
    const curator = await browser(house, await chamberAccount(house, 'curator'));
    for (const path of ['', '/', '/queue/mail', '/api/queues', `/${script}`, '/static/../index.ejs', '/no/such/thing']) {
      expect([path, (await curator.get(AT + path)).status]).toEqual([path, 403]);
      expect([path, (await new Visitor(house.url).get(AT + path)).status]).toEqual([path, 303]);
    }
    const file = await administrator.get(`${AT}/${script}`);
    expect([file.status, file.headers.get('content-type'), file.headers.get('cache-control')]).toEqual([
      200,
      expect.stringContaining('javascript'),
      'private, max-age=604800',
    ]);
    expect((await administrator.get(`${AT}/static/%2e%2e/index.ejs`)).status).toBeGreaterThanOrEqual(400);
    for (const method of ['POST', 'PUT', 'PATCH'])
      expect([method, (await curator.send(method, `${AT}/api/queues/mail/empty`, { headers: OURS })).status]).toEqual([method, 403]);
    expect(await waiting()).toBe(1);
  });

  it('lets no call through that does not come from its own pages, by the word of the browser', async () => {
    const elsewhere: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: house.url },
    ];
    for (const headers of elsewhere)
      for (const [method, what] of [
        ['PUT', 'empty'],
        ['PUT', 'obliterate'],
        ['POST', 'add'],
        ['PUT', 'pause'],
      ] as const) {
        const answer = await administrator.send(method, `${AT}/api/queues/mail/${what}`, { headers });
        expect([headers, what, answer.status]).toEqual([headers, what, 403]);
      }
    expect(await waiting()).toBe(1);
    expect(await house.get(JobsService).all()[2]!.isPaused()).toBe(false);
    expect((await administrator.send('PUT', `${AT}/api/queues/mail/empty`, { headers: { origin: house.url } })).status).toBeLessThan(300);
    expect(await waiting()).toBe(0);
  });

  it('lets the board run its own scripts on its own pages, and loosens nothing anywhere else', async () => {
    const policy = (await administrator.get(AT)).headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect((await administrator.get('/desk/health')).headers.get('content-security-policy')).not.toContain('script-src');
    expect((await administrator.get('/desk')).headers.get('content-security-policy')).not.toContain('connect-src');
  });
});
