import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalise, wordsOf } from './words.js';

const keys = (text: string): string[] => [...wordsOf(text).keys()].sort();

/** Letters and digits that readers take as the same, in Latin, Urdu and Arabic or Sindhi spelling. */
const SAME: readonly (readonly string[])[] = [
  ['ی', 'ي', 'ى'],
  ['ک', 'ك'],
  ['ہ', 'ه'],
  ...Array.from({ length: 10 }, (_, d) => [String(d), String.fromCharCode(0x6f0 + d), String.fromCharCode(0x660 + d)]),
];
const WORDS = [
  'glass',
  'Bangles',
  'chillies',
  'Ne20',
  'IRRI6',
  'MS1345789',
  'کانچ',
  'کی',
  'چوڑیاں',
  'ہاتھ',
  'ڪچ',
  'چوڙيون',
  'سڪل',
  'مرچ',
  '玻璃手镯',
  '辣椒',
  '60',
  '۲۰۲۶',
  'قسم6',
];
const SEPARATORS = [' ', '  ', '\n', ', ', '; ', ' - ', '/', ' (', ') ', '، ', '؛ ', '۔ ', '，', '。', ' “', '” ', '…'];

const someWords = fc.array(fc.constantFrom(...WORDS), { maxLength: 8 });
/** A source of choices, so that one text can be written in many ways. */
const choices = fc.infiniteStream(fc.nat(1000)).map((stream) => {
  return <T>(of: readonly T[]): T => of[Number(stream.next().value) % of.length] as T;
});

describe('the keys of words', () => {
  it('do not depend on case', () => {
    fc.assert(fc.property(someWords, (words) => expect(keys(words.join(' ').toUpperCase())).toEqual(keys(words.join(' ')))));
  });

  it('do not depend on punctuation and spacing between words, nor on their order', () => {
    fc.assert(
      fc.property(someWords, choices, (words, choose) => {
        const written = words.toReversed().map((word) => choose(SEPARATORS) + word + choose(SEPARATORS));
        expect(keys(written.join(''))).toEqual(keys(words.join(' ')));
      }),
    );
  });

  it('do not depend on which Arabic letters and digits a keyboard has', () => {
    fc.assert(
      fc.property(someWords, choices, (words, choose) => {
        const text = words.join(' ');
        const variant = Array.from(text, (letter) => choose(SAME.find((same) => same.includes(letter)) ?? [letter]));
        expect(keys(variant.join(''))).toEqual(keys(text));
      }),
    );
  });

  it('do not depend on vowel signs and stretched letters', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('کانچ', 'چوڑیاں', 'مرچ', 'سڪل'), { minLength: 1, maxLength: 5 }), choices, (words, choose) => {
        const decorated = words.map((word) => Array.from(word, (letter) => letter + choose(['', 'ـ', '\u064e', '\u0650', '\u0652'])).join(''));
        expect(keys(decorated.join(' '))).toEqual(keys(words.join(' ')));
      }),
    );
  });

  it('do not depend on full-width or composed forms', () => {
    expect(keys('ＧＬＡＳＳ')).toEqual(keys('glass'));
    expect(keys('cafe\u0301')).toEqual(keys('café'));
    expect(keys('ﻻلٹین')).toEqual(keys('لالٹین'));
  });
});

describe('the words of a text', () => {
  it.each([
    ['bangle', 'bangles'],
    ['chilli', 'chillies'],
    ['chilly', 'chillies'],
    ['cherry', 'cherries'],
    ['mango', 'mangoes'],
    ['mangos', 'mangoes'],
    ['box', 'boxes'],
    ['brush', 'brushes'],
    ['glass', 'glasses'],
    ['hosiery', 'hosiery'],
    ['onion', 'onions'],
  ])('%s and %s are one', (one, many) => {
    expect(keys(one)).toHaveLength(1);
    expect(keys(many)).toEqual(keys(one));
  });

  it.each([
    ['brass', 'bras'],
    ['cotton', 'cot'],
    ['rice', 'ric'],
    ['مرچ', 'مرچیں'],
  ])('%s and %s are two', (one, other) => {
    expect(keys(one)).not.toEqual(keys(other));
  });

  it('leave out what every title says, numbers, and single letters', () => {
    expect(keys('We want to buy of the best quality: 50 a month, x')).toEqual(['buy']);
    expect(keys('کے لیے اعلیٰ معیار کی، ۵۰ ماہانہ')).toEqual([]);
    expect(keys('اسان جي لاءِ سڀ')).toEqual(['لاء']);
  });

  it('are pairs of neighbours in Chinese, where a text has no spaces', () => {
    expect(keys('干辣椒')).toEqual(['干辣', '辣椒'].sort());
    expect(keys('茶')).toEqual(['茶']);
    expect(keys('辣椒，大米')).toEqual(['大米', '辣椒'].sort());
  });

  it('keep the spelling in which they were written', () => {
    expect(wordsOf('Glass BANGLES, چوڙيون')).toEqual(
      new Map([
        ['glass', 'Glass'],
        ['bangle', 'BANGLES'],
        ['چوڙیون', 'چوڙيون'],
      ]),
    );
  });

  it('are the same in Urdu and Sindhi where only the letters of the alphabet differ', () => {
    expect(keys('ڪپهه')).toEqual(keys('کپہہ'));
  });

  it('are none in a text without words', () => {
    for (const text of ['', ' \n', '،۔!?', '2026', '🙂']) expect(wordsOf(text).size).toBe(0);
  });
});

describe('normalise', () => {
  it('changes nothing the second time', () => {
    fc.assert(fc.property(someWords, (words) => expect(normalise(normalise(words.join(' ')))).toBe(normalise(words.join(' ')))));
  });
});

describe('words that stand close together', () => {
  it.each([
    ['50吨干辣椒', ['吨干', '干辣', '辣椒']],
    ['CFR青岛', ['cfr', '青岛']],
    ['کا\u200Dنچ', ['کانچ']],
  ])('%s is read in its parts', (text, words) => {
    expect([...wordsOf(text).keys()]).toEqual(words);
  });

  it.each([
    ['shoe', 'shoes'],
    ['pulse', 'pulses'],
    ['size', 'sizes'],
    ['cookie', 'cookies'],
    ['chilli', 'chillies'],
    ['cherry', 'cherries'],
    ['potato', 'potatoes'],
    ['glass', 'glasses'],
    ['box', 'boxes'],
  ])('%s and %s are one word', (one, several) => {
    expect([...wordsOf(several).keys()]).toEqual([...wordsOf(one).keys()]);
  });
});

describe('words that every object knows', () => {
  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', 'isPrototypeOf'])('are words: %s', (word) => {
    expect([...wordsOf(`red ${word} chillies`).keys()].every((key) => typeof key === 'string')).toBe(true);
  });
});
