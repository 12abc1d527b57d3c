import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomToken, sha256, Signer } from './tokens.js';

const signer = new Signer('a secret that is long enough to be one');
const text = fc.string({ maxLength: 20 });

describe('a signed token', () => {
  it('is believed for its purpose, id and parts, and tells its id', () => {
    fc.assert(
      fc.property(fc.uuid(), text, fc.array(text, { maxLength: 3 }), (id, purpose, parts) => {
        const token = signer.token(purpose, id, ...parts);
        expect(signer.matches(token, purpose, id, ...parts)).toBe(true);
        expect(Signer.idOf(token)).toBe(id);
      }),
    );
  });

  it('is not believed once any one character is another', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(), fc.constantFrom('0', '9', 'a', 'f', 'z', 'A', 'Z', '-', '_', '.', 'é'), (id, at, other) => {
        const token = signer.token('unsubscribe', id);
        const i = at % token.length;
        fc.pre(token[i] !== other);
        expect(signer.matches(token.slice(0, i) + other + token.slice(i + 1), 'unsubscribe', id)).toBe(false);
      }),
    );
  });

  it('is not believed when it is cut, longer, or empty', () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const token = signer.token('confirm', id);
    for (const bad of ['', id, `${id}.`, token.slice(0, -1), `${token}A`, ` ${token}`, token.toUpperCase()])
      expect(signer.matches(bad, 'confirm', id)).toBe(false);
  });

  it('is not believed for another purpose, id, part or secret', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 2 }), fc.uniqueArray(text, { minLength: 2, maxLength: 2 }), (ids, words) => {
        const [id = '', otherId = ''] = ids;
        const [word = '', otherWord = ''] = words;
        const token = signer.token(word, id, word);
        expect(signer.matches(token, otherWord, id, word)).toBe(false);
        expect(signer.matches(token, word, otherId, word)).toBe(false);
        expect(signer.matches(token, word, id, otherWord)).toBe(false);
        expect(signer.matches(token, word, id)).toBe(false);
        expect(new Signer('another secret').matches(token, word, id, word)).toBe(false);
      }),
    );
  });

  it('about a pair tells both ids, and is none about one', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        const token = signer.token('answer', `${a}.${b}`);
        expect(Signer.pairOf(token)).toEqual([a, b]);
        expect(Signer.idOf(token)).toBeUndefined();
        expect(Signer.pairOf(signer.token('answer', a))).toBeUndefined();
        expect(signer.matches(token, 'answer', `${a}.${b}`)).toBe(true);
        expect(signer.matches(signer.token('answer', a, b), 'answer', `${a}.${b}`)).toBe(false);
      }),
    );
  });

  it('tells where one part ends and the next begins', () => {
    expect(signer.sign('p', 'ab', 'c')).not.toBe(signer.sign('p', 'a', 'bc'));
    expect(signer.sign('p', 'a', '')).not.toBe(signer.sign('p', 'a'));
    expect(signer.sign('p', '1:a')).not.toBe(signer.sign('p', '', 'a'));
  });

  it('holds nothing that an address would have to escape', () => {
    expect(signer.token('unsubscribe', '00000000-0000-4000-8000-000000000001')).toMatch(/^[0-9a-f-]{36}\.[\w-]{32}$/);
  });

  it.each(['', 'x', '1.2', `${'g'.repeat(36)}.${'A'.repeat(32)}`, `${'0'.repeat(36)}.${'A'.repeat(31)}`, `${'0'.repeat(36)}.${'A'.repeat(32)}\n`])(
    'has no id when it has not the form of one: %j',
    (bad) => {
      expect(Signer.idOf(bad)).toBeUndefined();
    },
  );
});

describe('a code for a person to type', () => {
  it('is six digits, the same for the same parts', () => {
    fc.assert(
      fc.property(text, text, (purpose, part) => {
        expect(signer.code(purpose, part)).toMatch(/^\d{6}$/);
        expect(signer.code(purpose, part)).toBe(signer.code(purpose, part));
      }),
    );
  });

  it('depends on purpose, parts and secret', () => {
    const codes = [signer.code('confirm', 'a'), signer.code('confirm', 'b'), signer.code('reset', 'a'), new Signer('another secret').code('confirm', 'a')];
    expect(new Set(codes).size).toBe(4);
  });
});

describe('random tokens and digests', () => {
  it('are 256 bits long and never the same twice', () => {
    const tokens = Array.from({ length: 200 }, () => randomToken());
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(new Set(tokens).size).toBe(200);
  });

  it('are those of SHA-256', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256(Buffer.from('abc'))).toBe(sha256('abc'));
  });
});

describe('what is sealed', () => {
  it('is read again by whom it belongs to, for what it was sealed for, and by nobody else', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.string(), (id, other, plain) => {
        fc.pre(id !== other);
        const sealed = signer.seal('totp', id, plain);
        expect(signer.unseal('totp', id, sealed)).toBe(plain);
        expect(signer.unseal('totp', other, sealed)).toBeNull();
        expect(signer.unseal('else', id, sealed)).toBeNull();
        expect(new Signer('another secret').unseal('totp', id, sealed)).toBeNull();
        expect(signer.seal('totp', id, plain)).not.toBe(sealed);
      }),
    );
  });

  it('is not read where a byte of it was changed, or where it is nothing', () => {
    const sealed = Buffer.from(signer.seal('totp', 'x', 'plain'), 'base64url');
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(signer.unseal('totp', 'x', changed.toString('base64url'))).toBeNull();
    }
    for (const nothing of ['', 'x', sealed.subarray(0, 20).toString('base64url')]) expect(signer.unseal('totp', 'x', nothing)).toBeNull();
  });
});
