import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Signer } from '../common/tokens.js';
import { digestOfReturnPath, returnPath } from './return-path.js';

const signer = new Signer('a secret of the tests');
const DOMAIN = 'bounce.chamber.pk';
const read = (address: string, domain = DOMAIN) => digestOfReturnPath(signer, address, domain);

describe('a return path', () => {
  it('names its digest, whatever became of the case, and its local part fits into 64 octets', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const address = returnPath(signer, id, DOMAIN);
        expect(address.indexOf('@')).toBeLessThanOrEqual(64);
        expect([read(address), read(address.toUpperCase()), read(address, 'Bounce.Chamber.PK')]).toEqual([id, id, id]);
      }),
    );
  });

  it('with any other digit, or signed by anybody else, names nothing', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(), fc.nat(15), (id, at, n) => {
        const digit = n.toString(16);
        const address = returnPath(signer, id, DOMAIN);
        const place = 2 + (at % 61);
        const forged = address.slice(0, place) + digit + address.slice(place + 1);
        expect(read(forged)).toBe(forged === address ? id : undefined);
        expect(read(returnPath(new Signer('another secret'), id, DOMAIN))).toBeUndefined();
      }),
    );
  });

  it('of another domain, or with anything around it, is none', () => {
    const address = returnPath(signer, 'c0ffee00-0000-4000-8000-000000000001', DOMAIN);
    for (const other of ['', '@', `x${address}`, `${address}.evil.pk`, address.replace('@', '@x.'), address.replace(`@${DOMAIN}`, ''), `<${address}>`])
      expect(read(other)).toBeUndefined();
    expect(read(address, 'chamber.pk')).toBeUndefined();
  });

  it('is never found in any text whatever', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => read(text) === undefined));
  });
});
