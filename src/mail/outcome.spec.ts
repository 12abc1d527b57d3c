import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classify, isReserved, retryAfter } from './outcome.js';

const BEFORE = { connected: false, bodyEnded: false };
const DURING = { connected: true, bodyEnded: false };
const AFTER = { connected: true, bodyEnded: true };

describe('what became of a hand-over', () => {
  it('is deferred by 4xx and by 503, which blames the conversation, and failed by any other 5xx, however far the body had got', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 400, max: 599 }), fc.constant(503)), fc.boolean(), (responseCode, bodyEnded) => {
        const kind = responseCode < 500 || responseCode === 503 ? 'deferred' : 'failed';
        expect(classify({ responseCode, message: 'x' }, { connected: true, bodyEnded }).kind).toBe(kind);
      }),
    );
  });

  it('without an answer is deferred before the body has ended, unknown after it', () => {
    expect(classify({ message: 'Connection closed' }, DURING)).toEqual({ kind: 'deferred', reply: 'Connection closed' });
    expect(classify({ message: 'Timeout' }, AFTER)).toEqual({ kind: 'unknown', reply: 'Timeout' });
  });

  it.each([
    ['550 5.1.1 No such user', 'address'],
    ['550-5.1.1 The email account does not exist.\r\n550-5.1.1 Try again', 'address'],
    ['550 5.1.2 Bad destination system', 'address'],
    ['553 5.1.3 Bad syntax', 'address'],
    ['551 5.1.6 Moved', 'address'],
    ['556 5.1.10 Null MX', 'address'],
    ['553 5.1.7 Bad sender syntax', 'sender'],
    ['550 5.1.8 Sender domain not found', 'sender'],
    ['550 5.7.26 Not authenticated', 'policy'],
    ['550 5.2.1 Mailbox disabled', 'address'],
    ['552 5.2.2 Mailbox full', 'mail'],
    ['554 5.7.1 Refused by policy', 'policy'],
    ['550 5.1.11 x', 'mail'],
    ['550 5.7.1 see 5.1.1 in our manual', 'policy'],
    ['550 rejected by host 15.1.1.9', 'mail'],
    ['550 No such user', 'mail'],
  ] as const)('blames whom the first status code names: %s', (response, blame) => {
    expect(classify({ responseCode: 550, response, message: 'x' }, AFTER)).toMatchObject({ kind: 'failed', blame });
  });

  it('before the relay has let us in is deferred, whatever it says: no mail is to blame', () => {
    expect(classify({ responseCode: 535, response: '535 5.7.8 wrong password', message: 'x' }, BEFORE).kind).toBe('deferred');
    expect(classify({ responseCode: 554, response: '554 5.7.1 not from you', message: 'x' }, BEFORE).kind).toBe('deferred');
  });

  it('keeps the relay’s answer in one line of 300 characters, else the error’s own message', () => {
    expect(classify({ responseCode: 421, response: '421 4.3.2\r\n  later', message: 'x' }, AFTER).reply).toBe('421 4.3.2 later');
    expect(classify({ responseCode: 550, response: 'y'.repeat(1000), message: 'x' }, AFTER).reply).toHaveLength(300);
    expect(classify({ message: 'ECONNRESET' }, AFTER).reply).toBe('ECONNRESET');
  });
});

describe('the next try', () => {
  const MINUTE = 60_000;

  it('comes after 5, 15, 60 and then 240 minutes, and never after the eighth', () => {
    expect(Array.from({ length: 9 }, (_, i) => Math.round((retryAfter(i + 1, 2 / 3) ?? NaN) / MINUTE))).toEqual([5, 15, 60, 240, 240, 240, 240, 240, NaN]);
    expect(retryAfter(100, 0.5)).toBeUndefined();
  });

  it('is spread from a fifth sooner to a tenth later, and never comes sooner than the one before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const [wait, middle] = [retryAfter(attempts, random) ?? NaN, retryAfter(attempts, 2 / 3) ?? NaN];
        expect(wait).toBeGreaterThanOrEqual(middle * 0.799);
        expect(wait).toBeLessThanOrEqual(middle * 1.101);
        if (attempts > 1) expect(retryAfter(attempts - 1, random)).toBeLessThanOrEqual(wait);
      }),
    );
  });

  it('is given up within a day', () => {
    const hours = (random: number) => Array.from({ length: 8 }, (_, i) => retryAfter(i + 1, random) ?? 0).reduce((a, b) => a + b, 0) / (60 * MINUTE);
    expect(hours(0)).toBeGreaterThan(16);
    expect(hours(1)).toBeLessThan(24);
  });
});

describe('a domain that belongs to nobody', () => {
  it.each([
    'a@rabta.example',
    'a@EXAMPLE',
    'a@x.test',
    'a@x.invalid',
    'a@localhost',
    'a@mail.localhost',
    'a@example.com',
    'a@mail.example.org',
    'a@Example.NET',
    '"a@real.pk"@x.example',
  ])('is that of %s', (address) => {
    expect(isReserved(address)).toBe(true);
  });

  it.each(['a@chamber.pk', 'a@notexample.com', 'a@example.com.pk', 'a@example.pk', 'a@test.pk', 'a@mytest', 'a.example@real.pk', '"a@x.example"@real.pk'])(
    'is not that of %s',
    (address) => {
      expect(isReserved(address)).toBe(false);
    },
  );
});
