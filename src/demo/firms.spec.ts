import { describe, expect, it } from '@jest/globals';
import { faults } from '../../test/support/faults.js';
import { email, line } from '../common/text.js';
import { ntn, profileSchema } from '../firms/firm.schemas.js';
import { LANGUAGES } from '../language/language.js';
import { DEMO_FIRMS } from './firms.js';

describe('the demo firms', () => {
  it('are at least 25, each with a number of its own, and say that they are demo firms', () => {
    expect(DEMO_FIRMS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(DEMO_FIRMS.map((firm) => firm.number)).size).toBe(DEMO_FIRMS.length);
    expect(DEMO_FIRMS.map((firm) => firm.name).filter((name) => !/\((Demo|ڈیمو|ڊيمو|演示)\)$/.test(name))).toEqual([]);
  });

  it.each(DEMO_FIRMS.map((firm) => [firm.name, firm] as const))('%s could have registered itself', (_name, firm) => {
    const { place, about, womenLed, offers, needs, seeks, sectors } = firm;
    expect(faults(profileSchema, { place, about, womenLed, offers, needs, seeks, sectors })).toEqual([]);
    expect(faults(line(120), firm.name)).toEqual([]);
    expect(faults(line(80), firm.contact.name)).toEqual([]);
    expect(faults(email, firm.contact.email)).toEqual([]);
    expect(faults(ntn, firm.ntn)).toEqual([]);
  });

  it('have addresses that belong to nobody, none twice', () => {
    const addresses = DEMO_FIRMS.map((firm) => firm.contact.email);
    expect(addresses.filter((address) => !/^[^@]+@[a-z0-9.-]+\.example$/.test(address))).toEqual([]);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('have tax numbers that nobody has, none twice among the admitted', () => {
    expect(DEMO_FIRMS.flatMap((firm) => firm.ntn ?? []).filter((number) => !/^0000\d{3}$/.test(number))).toEqual([]);
    const admitted = DEMO_FIRMS.filter((firm) => firm.state !== 'applied').flatMap((firm) => firm.ntn ?? []);
    expect(new Set(admitted).size).toBe(admitted.length);
  });

  it('write in all four languages, and show every state that a firm can be in', () => {
    expect(LANGUAGES.filter((language) => !DEMO_FIRMS.some((firm) => firm.language === language))).toEqual([]);
    const states = new Set(DEMO_FIRMS.map((firm) => firm.state));
    expect([...states].sort()).toEqual(['applied', 'bouncing', 'lapsed', 'suspended', 'unconfirmed', 'unsubscribed', undefined].sort());
  });
});
