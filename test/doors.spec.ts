import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GOOD_MARKS, type House, lead, memberFirm, openHouse, publishedLead, registration, signedIn, Visitor } from './support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse({ work: false })));
afterAll(() => house.close());

describe('the one-click unsubscribe', () => {
  it('is taken as multipart too', async () => {
    const { contactId } = await memberFirm(house);
    const { Signer } = await import('../src/common/tokens.js');
    const token = house.get(Signer).token('unsubscribe', contactId);
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    const answer = await fetch(`${house.url}/u/${token}`, { method: 'POST', body: form });
    expect(answer.status).toBe(200);
    const [row] = await house.source.query<{ unsubscribed_at: Date | null }[]>('select unsubscribed_at from subscription where contact_id = $1', [contactId]);
    expect(row?.unsubscribed_at).not.toBeNull();
  });
});

describe('after signing in', () => {
  it.each(['/\t/evil.example', '/\n/evil.example', '//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'])(
    '“%s” leads nowhere but home',
    async (back) => {
      const given = registration();
      await new Visitor(house.url).post('/api/v1/firms', given);
      const answer = await new Visitor(house.url).submit('/sign-in', '/sign-in', { email: given.email, password: given.password, back });
      expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({ status: 303, to: '/firm' });
    },
  );

  it('a path of our own is gone to', async () => {
    const given = registration();
    await new Visitor(house.url).post('/api/v1/firms', given);
    const answer = await new Visitor(house.url).submit('/sign-in', '/sign-in', {
      email: given.email,
      password: given.password,
      back: '/firm/digests?saved=yes',
    });
    expect(answer.headers.get('location')).toBe('/firm/digests?saved=yes');
  });
});

describe('the local mailbox', () => {
  it('is not there for a page that only points here, nor through a proxy', async () => {
    const { default: http } = await import('node:http');
    const status = (headers: Record<string, string>) =>
      new Promise<number | undefined>((answered, failed) =>
        http.get(`${house.url}/mailbox/messages.json`, { headers }, (response) => answered(response.resume().statusCode)).on('error', failed),
      );
    expect(await status({})).toBe(200);
    expect(await status({ host: 'rebound.example' })).toBe(404);
  });
});

describe('what cannot be read', () => {
  it.each(['/api/v1/opportunities?sector=%00', '/opportunities/%00', '/opportunities/%zz', '/api/v1/firms/%00'])('%s is no fault of ours', async (address) => {
    expect((await new Visitor(house.url).get(address)).status).toBeLessThan(500);
  });

  it('an origin that is none is refused', async () => {
    expect((await new Visitor(house.url).send('POST', '/api/v1/firms', { body: registration(), headers: { origin: 'nonsense' } })).status).toBe(403);
  });

  it('half a character is dropped', async () => {
    const curator = await signedIn(house, 'curator');
    const made = await curator.post('/api/v1/desk/opportunities', lead({ title: { en: '\ud800 chillies' } }));
    expect(made.json()).toMatchObject({ title: { en: 'chillies' } });
  });
});

describe('a lead', () => {
  it('that is published and then shows a pattern of fraud goes back into review', async () => {
    const curator = await signedIn(house, 'curator');
    const id = await publishedLead(curator, { counterparty: 'Changing Foods', counterpartyEmail: 'a@changing.example' });
    const changed = {
      ...lead({ counterparty: 'Changing Foods', counterpartyEmail: 'a@changing.example' }),
      summary: { en: 'Pay the registration fee in advance.' },
    };
    const put = await curator.send('PUT', `/api/v1/desk/opportunities/${id}`, { body: changed });
    expect(put.json()).toMatchObject({ status: 'in_review', concerns: ['fraud'] });
    expect((await curator.post(`/api/v1/desk/opportunities/${id}/publish`, GOOD_MARKS)).status).toBe(409);
  });
});

describe('membership', () => {
  it('is not given to a refused firm, and a suspended member who renews stays suspended', async () => {
    const administrator = await signedIn(house, 'administrator');
    const { firmId } = await memberFirm(house);
    const admission = { membershipClass: 'corporate', membershipNumber: 'C-9' };
    await administrator.post(`/api/v1/firms/${firmId}/status`, { status: 'suspended', reason: 'papers missing' });
    expect((await administrator.post(`/api/v1/firms/${firmId}/admit`, admission)).json()).toMatchObject({ status: 'suspended', membershipNumber: 'C-9' });
    const given = registration();
    await new Visitor(house.url).post('/api/v1/firms', given);
    const [applicant] = await house.source.query<{ firm_id: string }[]>('select firm_id from contact where email = $1', [given.email]);
    await administrator.post(`/api/v1/firms/${applicant?.firm_id}/status`, { status: 'refused', reason: 'no such address' });
    expect((await administrator.post(`/api/v1/firms/${applicant?.firm_id}/admit`, admission)).status).toBe(409);
  });
});
