import { afterEach, describe, expect, it } from '@jest/globals';
import { BACKENDS, GOOD_MARKS, type House, lead, openHouse, signedIn, Visitor } from './support/house.js';

let house: House;
afterEach(() => house.close());

describe.each(BACKENDS)('the journey of a firm, queues on %s', (backend) => {
  it('register → confirm → admit → publish → one mail with the reason → unsubscribe → none', async () => {
    house = await openHouse({ backend });
    const { clock } = house;
    const firm = new Visitor(house.url);
    const administrator = await signedIn(house, 'administrator');
    const curator = await signedIn(house, 'curator');
    const email = 'salma@bangle-lane.example';
    const digests = async () => (await house.mails()).filter((mail) => mail.headers['list-id']);

    // registers on the page, in Urdu
    const registered = await firm.submit('/register?lang=ur', '/register', {
      firmName: 'سلمیٰ چوڑی سینٹر',
      contactName: 'سلمیٰ بانو',
      email,
      password: 'کانچ کی رنگین چوڑیاں',
      language: 'ur',
      'offers.0.text': 'کانچ کی چوڑیاں، ہاتھ سے سجی ہوئی',
      'offers.0.hs': '7018.10',
      digestConsent: 'yes',
    });
    expect(registered.status).toBe(200);
    expect(registered.text).toContain('dir="rtl"');
    await house.until(async () => (await house.mails()).length === 1, 'the confirmation mail');

    // confirms by the button behind the link; opening the link changes nothing
    const [confirmation] = await house.mails();
    expect(confirmation?.headers['content-language']).toBe('ur');
    const link = /http:\S+\/confirm\/\S+/.exec(confirmation?.text ?? '')?.[0] ?? '';
    const confirmedAt = async () =>
      (await house.source.query<{ confirmed_at: Date | null }[]>('select confirmed_at from contact where email = $1', [email]))[0]?.confirmed_at;
    expect((await firm.get(link)).status).toBe(200);
    expect(await confirmedAt()).toBeNull();
    expect((await firm.submit(link, link, {})).status).toBe(200);
    expect(await confirmedAt()).not.toBeNull();

    // is admitted
    const { items: waiting } = (await administrator.get('/api/v1/firms?status=applied')).json() as { items: { id: string }[] };
    const firmId = waiting[0]?.id ?? '';
    const admitted = await administrator.post(`/api/v1/firms/${firmId}/admit`, { membershipClass: 'associate', membershipNumber: 'A-77' });
    expect(admitted.json()).toMatchObject({ status: 'admitted', membershipValidUntil: '2027-03-31' });

    // a curator publishes what fits
    const bangles = lead({
      title: { en: 'Glass bangles for the wedding season', ur: 'شادی سیزن کے لیے کانچ کی چوڑیاں' },
      hs: ['701810'],
      sectors: ['export-industry'],
      quantity: { amount: 500, unit: 'dozen' },
      deadline: '2027-01-31',
    });
    const { id, reference } = (await curator.post('/api/v1/desk/opportunities', bangles)).json() as { id: string; reference: string };
    await curator.post(`/api/v1/desk/opportunities/${id}/submit`, {});
    expect((await curator.post(`/api/v1/desk/opportunities/${id}/publish`, GOOD_MARKS)).json()).toMatchObject({ status: 'published' });
    await house.until(async () => (await house.source.query<unknown[]>('select 1 from match')).length === 1, 'the match');

    // an hour later it is Tuesday, eight o'clock: one mail, in the firm's language, with the reason
    clock.set(new Date('2026-11-24T03:05:00Z'));
    await curator.get('/desk'); // any page: nothing but the clock and the schedule decides
    const { DigestsService } = await import('../src/digests/digests.service.js');
    await house.get(DigestsService).plan();
    await house.until(async () => (await digests()).length === 1, 'the digest');
    await house.get(DigestsService).plan();
    await house.worker.sweep();
    const sent = await digests();
    expect(sent).toHaveLength(1);
    const [digest] = sent;
    expect(digest?.to).toContain(email);
    expect(digest?.headers['content-language']).toBe('ur');
    expect(digest?.html).toContain('<html lang="ur" dir="rtl">');
    for (const part of [digest?.html, digest?.text]) {
      expect(part).toContain('شادی سیزن کے لیے کانچ کی چوڑیاں');
      expect(part).toContain('7018.10');
      expect(part).toContain(reference);
    }

    // unsubscribes by one click of the mail client: no cookie, no token of ours
    const stop = /<([^>]+)>/.exec(digest?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
    expect(digest?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
    const client = new Visitor(house.url);
    expect((await client.get(stop)).status).toBe(200);
    expect((await client.send('POST', stop, { form: { 'List-Unsubscribe': 'One-Click' } })).status).toBe(200);

    // and gets none, however well the next one fits
    const next = (
      await curator.post('/api/v1/desk/opportunities', {
        ...bangles,
        title: { en: 'More glass bangles' },
        counterparty: 'Another Buyer',
        counterpartyEmail: 'x@another.example',
      })
    ).json() as { id: string };
    await curator.post(`/api/v1/desk/opportunities/${next.id}/submit`, {});
    await curator.post(`/api/v1/desk/opportunities/${next.id}/publish`, GOOD_MARKS);
    await house.until(async () => (await house.source.query<unknown[]>('select 1 from match')).length === 2, 'the second match');
    clock.set(new Date('2026-12-01T03:05:00Z'));
    await house.get(DigestsService).plan();
    await house.worker.sweep();
    await house.until(async () => (await house.get(DigestsService).running()) === 0, 'the run');
    expect(await digests()).toHaveLength(1);
  });
});
