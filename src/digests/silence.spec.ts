import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '../language/language.js';
import { en } from '../language/messages/en.js';
import { say } from '../language/say.js';
import { CHECKS, checksOf, firstInTheWay, type SilenceFacts } from './silence.js';

/** A reader for whom nothing is in the way. */
const reader: SilenceFacts = {
  contactId: 'c',
  name: 'Naila Arain',
  email: 'naila@kunri-sun.example',
  status: 'admitted',
  validUntil: '2027-03-31',
  lapsed: false,
  confirmed: true,
  consent: true,
  unsubscribed: false,
  cadence: 'weekly',
  threshold: 60,
  mailbox: null,
  open: 4,
  unanswered: 3,
  reaching: 2,
  best: 71.8,
  fresh: 2,
  last: { state: 'sent', reason: null, day: '2026-11-24' },
};
const reasons = (over: Partial<SilenceFacts>) => checksOf({ ...reader, ...over }).flatMap(({ check, reason }) => (reason ? [`${check} ${reason}`] : []));

describe('why digests come or do not', () => {
  it('looks at everything, in the order in which one would put it right', () => {
    const checks = checksOf(reader);
    expect(checks.map(({ check }) => check)).toEqual(CHECKS);
    expect(firstInTheWay(checks)).toBeNull();
  });

  it.each<[string, Partial<SilenceFacts>]>([
    ['admitted suspended', { status: 'suspended' }],
    ['membership lapsed', { lapsed: true }],
    ['address unconfirmed', { confirmed: false }],
    ['digests no-consent', { consent: false }],
    ['digests unsubscribed', { unsubscribed: true }],
    ['digests off', { cadence: 'off' }],
    ['mailbox complaint', { mailbox: 'complaint' }],
    ['fits no-match', { open: 0, unanswered: 0, reaching: 0, best: null, fresh: 0 }],
    ['fits answered', { unanswered: 0, reaching: 0, best: null, fresh: 0 }],
    ['score below-threshold', { reaching: 0, fresh: 0 }],
    ['news nothing-new', { fresh: 0 }],
    ['last bounced', { last: { state: 'failed', reason: 'bounced', day: '2026-11-24' } }],
    ['last lost', { last: { state: 'unknown', reason: 'answer-lost', day: '2026-11-24' } }],
  ])('says %s, and nothing else', (reason, over) => {
    expect(reasons(over)).toEqual([reason]);
  });

  it('names all that is in the way at once, and first what comes first', () => {
    const checks = checksOf({ ...reader, lapsed: true, confirmed: false, unsubscribed: true, mailbox: 'paused', reaching: 0 });
    expect(checks.filter(({ reason }) => reason).map(({ check }) => check)).toEqual(['membership', 'address', 'digests', 'mailbox', 'score']);
    expect(firstInTheWay(checks)?.reason).toBe('lapsed');
  });

  it('holds it for no fault that there is nothing new', () => {
    expect(firstInTheWay(checksOf({ ...reader, fresh: 0 }))).toBeNull();
  });

  it('does not hold against anybody what stood in the way of the last digest and does no more', () => {
    expect(reasons({ last: { state: 'skipped', reason: 'unconfirmed', day: '2026-11-24' } })).toEqual([]);
  });

  it.each(LANGUAGES)('has words in %s for every state, whether it is fine or not', (language) => {
    const states: Partial<SilenceFacts>[] = [
      {},
      ...(['applied', 'suspended', 'refused'] as const).map((status) => ({ status })),
      ...['complaint', 'suppressed', 'asked', 'by-hand', 'paused'].map((mailbox) => ({ mailbox })),
      ...[{ lapsed: true }, { confirmed: false }, { consent: false }, { unsubscribed: true }, { cadence: 'off' as const }],
      ...[{ open: 0, unanswered: 0, best: null }, { unanswered: 0, best: null }, { reaching: 0 }, { fresh: 0 }],
      ...['bounced', 'bad-address', 'gave-up', 'too-late', 'one-a-day', 'refused-by-relay', 'refused-by-policy', 'cannot-be-written', 'gone'].map((reason) => ({
        last: { state: 'failed', reason, day: '2026-11-24' },
      })),
      { last: { state: 'unknown', reason: 'hand-over-lost', day: '2026-11-24' } },
    ];
    for (const state of states) {
      for (const { check, reason, values } of checksOf({ ...reader, ...state })) {
        const key = reason === null ? `why.${check}` : `silence.${reason}`;
        expect(en).toHaveProperty([key]);
        expect(say(language, key as keyof typeof en, values)).not.toMatch(/[{}]|undefined/);
      }
    }
  });
});
