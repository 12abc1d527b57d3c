import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hsCode, isicCode, sharedDigits, writeHs } from './hs.js';

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
const chapter = fc
  .integer({ min: 1, max: 97 })
  .filter((n) => n !== 77)
  .map((n) => String(n).padStart(2, '0'));
const code = fc.oneof(chapter, fc.tuple(chapter, two(99)), fc.tuple(chapter, two(99), two(99))).map((parts) => [parts].flat().join(''));

describe('an HS code', () => {
  it.each(['090421', '0904.21', '09 04 21', '09.04.21', '0904-21', ' 0904.21 '])('is read as people write it: %s', (written) => {
    expect(hsCode.parse(written)).toBe('090421');
  });

  it('is a chapter, a heading or a subheading', () => {
    expect(['09', '0904', '0904.21'].map((written) => hsCode.parse(written))).toEqual(['09', '0904', '090421']);
  });

  it.each(['', '9', '090', '09042', '0904210', '0904.21.10', 'chilli', '00', '0000', '77', '7701', '98', '99', '0904,21'])('is nothing else: %j', (written) => {
    expect(hsCode.safeParse(written).error?.issues.map((issue) => issue.message)).toContain('not-an-hs-code');
  });

  it('is read back as it is written', () => {
    fc.assert(fc.property(code, (c) => expect(hsCode.parse(writeHs(c))).toBe(c)));
    expect(writeHs('090421')).toBe('0904.21');
    expect(writeHs('0904')).toBe('0904');
  });
});

describe('an ISIC code', () => {
  it('is a division, a group or a class', () => {
    for (const good of ['01', '62', '620', '6201', '99']) expect(isicCode.safeParse(good).success).toBe(true);
    for (const bad of ['', '0', '00', '6', '62010', '6.2', 'J62']) expect(isicCode.safeParse(bad).success).toBe(false);
  });
});

describe('the digits that two HS codes share', () => {
  it.each([
    ['090421', '090421', 6],
    ['090421', '090422', 4],
    ['090421', '0904', 4],
    ['090421', '091011', 2],
    ['09', '090421', 2],
    ['090421', '100421', 0],
    ['090421', '190421', 0],
  ])('%s and %s: %i', (a, b, digits) => {
    expect(sharedDigits(a, b)).toBe(digits);
  });

  it('are the same whichever is named first, and all of them for a code and itself', () => {
    fc.assert(
      fc.property(code, code, (a, b) => {
        expect(sharedDigits(a, b)).toBe(sharedDigits(b, a));
        expect(sharedDigits(a, a)).toBe(a.length);
        expect(a.slice(0, sharedDigits(a, b))).toBe(b.slice(0, sharedDigits(a, b)));
      }),
    );
  });
});
