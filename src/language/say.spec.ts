import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { type Language, LANGUAGES } from './language.js';
import {
  CATALOGUES,
  dirOf,
  inLanguage,
  isLanguage,
  type MessageKey,
  NATIVE_NAME,
  say,
  sayCode,
  sayCountry,
  sayDay,
  sayDollars,
  sayInstant,
  sayList,
  sayNumber,
  sayQuantity,
  tagOf,
} from './say.js';

const KEYS = Object.keys(CATALOGUES.en) as MessageKey[];
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

interface Part {
  readonly type: number;
  readonly value?: unknown;
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>;
}
const [LITERAL, PLURAL] = [0, 6];

/** Names of the values that a message needs; those that are counted end with #. */
function valuesOf(message: string): string[] {
  const found = new Set<string>();
  const walk = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.type !== LITERAL && typeof part.value === 'string') found.add(part.type === PLURAL ? `${part.value}#` : part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return [...found].sort();
}

describe.each(LANGUAGES)('the catalogue in %s', (language) => {
  const catalogue: Readonly<Record<string, string>> = CATALOGUES[language];

  it('has the keys of the English one, and no others', () => {
    expect(Object.keys(catalogue).sort()).toEqual([...KEYS].sort());
  });

  it('needs the same values as the English one, key for key', () => {
    const values = (of: Readonly<Record<string, string>>) => Object.fromEntries(KEYS.map((key) => [key, valuesOf(of[key] ?? '').join(' ')]));
    expect(values(catalogue)).toEqual(values(CATALOGUES.en));
  });

  it('formats every message, for any count, with every value in it and nothing left open', () => {
    const faults: string[] = [];
    for (const key of KEYS) {
      const names = valuesOf(catalogue[key] ?? '');
      for (const count of [0, 1, 2, 3, 11, 100]) {
        const values = Object.fromEntries(
          names.map((name): [string, string | number] => (name.endsWith('#') ? [name.slice(0, -1), count] : [name, `«${name}»`])),
        );
        const said = say(language, key, values);
        if (said === '' || said.trim() !== said || /[{}#]/.test(said)) faults.push(`${key}: ${said}`);
        // "none open" may leave its values out
        if (count > 0 && names.some((name) => !name.endsWith('#') && !said.includes(`«${name}»`))) faults.push(`${key} lacks a value: ${said}`);
      }
    }
    expect(faults).toEqual([]);
  });
});

describe('the letters', () => {
  const wrong = (language: Language, letters: RegExp) => KEYS.filter((key) => letters.test(CATALOGUES[language][key]));

  it('of the Urdu catalogue are those of Urdu: no Arabic yeh, kaf or heh, no letter of Sindhi alone', () => {
    expect(wrong('ur', /[يىكه]/)).toEqual([]);
    expect(wrong('ur', /[ٻڀٺٽٿڃڇڄڌڍڏڊڙڦڪڳڱڻ۽۾]/)).toEqual([]);
  });

  it('of the Sindhi catalogue are those of Sindhi: no letter of Urdu alone', () => {
    expect(wrong('sd', /[یہےںٹڈڑ]/)).toEqual([]);
  });

  it('of the Chinese and English catalogues are not Arabic ones', () => {
    expect([...wrong('zh', /[\u0600-\u06ff]/), ...wrong('en', /[\u0600-\u06ff]/)]).toEqual([]);
  });

  it('of long messages are those of the reader’s script at all', () => {
    const script: Record<string, RegExp> = { ur: /[\u0600-\u06ff]/, sd: /[\u0600-\u06ff]/, zh: /\p{Script=Han}/u };
    const english = OTHERS.flatMap((language) =>
      KEYS.filter((key) => !key.startsWith('unit.') && CATALOGUES.en[key].length > 20 && !script[language]?.test(CATALOGUES[language][key])).map(
        (key) => `${language} ${key}`,
      ),
    );
    expect(english).toEqual([]);
  });
});

describe('a message', () => {
  it('counts as the language does', () => {
    expect(say('en', 'digest.subject', { count: 1, title: 'x' })).toBe('1 opportunity for you: x');
    expect(say('en', 'digest.subject', { count: 3, title: 'x' })).toBe('3 opportunities for you: x');
  });

  it('takes what people wrote as it is, be it markup or ICU syntax', () => {
    const nasty = `<b>{count}</b> '{' #`;
    for (const language of LANGUAGES) expect(say(language, 'digest.greeting', { name: nasty })).toContain(nasty);
  });

  it('of a code that nobody knows is the code itself', () => {
    expect(sayCode('en', 'kind', 'buy_request')).toBe('Buy request');
    for (const unknown of ['gift', 'toString', '']) expect(sayCode('ur', 'kind', unknown)).toBe(unknown);
  });
});

describe('languages', () => {
  it('are written from the side from which they are read', () => {
    expect(LANGUAGES.map(dirOf)).toEqual(['ltr', 'rtl', 'rtl', 'ltr']);
  });

  it('have tags that browsers know, and names in their own script', () => {
    expect(LANGUAGES.map(tagOf)).toEqual(['en', 'ur', 'sd', 'zh-Hans']);
    for (const language of LANGUAGES) expect(Intl.getCanonicalLocales(tagOf(language))).toEqual([tagOf(language)]);
    expect(NATIVE_NAME).toMatchObject({ ur: 'اردو', sd: 'سنڌي', zh: '简体中文' });
  });

  it('are four', () => {
    expect(LANGUAGES.every(isLanguage)).toBe(true);
    for (const other of ['fr', 'EN', '', null, 0, ['en'], 'toString']) expect(isLanguage(other)).toBe(false);
  });
});

describe('a text in several languages', () => {
  it('is the reader’s, else English, else whatever there is', () => {
    expect(inLanguage({ en: 'Mangoes', ur: 'آم' }, 'ur')).toEqual({ text: 'آم', language: 'ur' });
    expect(inLanguage({ en: 'Mangoes', ur: '' }, 'ur')).toEqual({ text: 'Mangoes', language: 'en' });
    expect(inLanguage({ zh: '芒果', sd: 'انب' }, 'ur')).toEqual({ text: 'انب', language: 'sd' });
    expect(inLanguage({}, 'ur')).toEqual({ text: '', language: 'ur' });
  });
});

describe('an amount of dollars', () => {
  it.each<[Language, number, string]>([
    ['en', 99_999, 'USD 99,999'],
    ['en', 100_000, 'USD 100,000 (1 lakh)'],
    ['en', 1_500_000, 'USD 1,500,000 (15 lakh)'],
    ['en', 10_000_000, 'USD 10,000,000 (1 crore)'],
    ['en', 255_000_000, 'USD 255,000,000 (25.5 crore)'],
    ['ur', 1_500_000, '1,500,000 امریکی ڈالر (15 لاکھ)'],
    ['ur', 25_000_000, '25,000,000 امریکی ڈالر (2.5 کروڑ)'],
    ['sd', 1_500_000, '1,500,000 آمريڪي ڊالر (15 لک)'],
    ['sd', 25_000_000, '25,000,000 آمريڪي ڊالر (2.5 ڪروڙ)'],
    ['zh', 9_999, '9,999美元'],
    ['zh', 10_000, '10,000美元 (约1万)'],
    ['zh', 1_500_000, '1,500,000美元 (约150万)'],
    ['zh', 250_000_000, '250,000,000美元 (约2.5亿)'],
  ])('is said in the reader’s habit (%s, %d)', (language, usd, said) => {
    expect(sayDollars(language, usd)).toBe(said);
  });
});

describe('days and instants', () => {
  it('are the day that was given, whatever the zone, with the month in the reader’s language and digits that business uses', () => {
    const months: Record<Language, string> = { en: 'November', ur: 'نومبر', sd: 'نومبر', zh: '11月' };
    for (const language of LANGUAGES) {
      const said = sayDay(language, '2026-11-24');
      expect(said).toContain(months[language]);
      expect(said.match(/\d+/g)).toEqual(expect.arrayContaining(['24', '2026']));
      expect(said).not.toMatch(/[۰-۹٠-٩]/);
    }
    expect(() => sayDay('en', 'tomorrow')).toThrow(RangeError);
  });

  it('are told at the reader’s place', () => {
    const at = new Date('2026-11-24T20:05:00Z');
    for (const language of LANGUAGES) {
      expect(sayInstant(language, at, 'Asia/Karachi')).toMatch(/25.*\D0?1:05|\D0?1:05.*25/);
      expect(sayInstant(language, at, 'Asia/Shanghai')).toMatch(/25.*\D0?4:05|\D0?4:05.*25/);
      expect(sayInstant(language, at, 'UTC')).toMatch(/24.*\D(?:0?8|20):05|\D(?:0?8|20):05.*24/);
    }
  });
});

describe('numbers, quantities, countries and lists', () => {
  it('have Latin digits and at most two decimals', () => {
    for (const language of LANGUAGES) expect(sayNumber(language, 1234.567)).toBe('1,234.57');
  });

  it('count the unit and name the period', () => {
    expect(sayQuantity('en', { amount: 1, unit: 'piece' })).toBe('1 piece');
    expect(sayQuantity('en', { amount: 30_000, unit: 'piece', period: null })).toBe('30,000 pieces');
    expect(sayQuantity('en', { amount: 50, unit: 't', period: 'quarter' })).toBe('50 t a quarter');
    expect(sayQuantity('zh', { amount: 50, unit: 't', period: 'month' })).toMatch(/^每月50/);
  });

  it('are in the reader’s language', () => {
    expect(LANGUAGES.map((language) => sayCountry(language, 'CN'))).toEqual(['China', 'چین', 'چين', '中国']);
    expect(sayList('en', ['a', 'b', 'c'])).toBe('a, b and c');
    expect(sayList('zh', ['甲', '乙'])).toBe('甲和乙');
    for (const language of LANGUAGES) expect([sayList(language, ['1']), sayList(language, [])]).toEqual(['1', '']);
    // each keeps to itself where it runs the other way
    expect(sayList('ur', ['red', 'لال'])).toBe('\u2068red\u2069 اور لال');
    expect(say('ur', 'evidence.words', { words: sayList('ur', ['red', 'لال']) })).toBe('آپ کے الفاظ: \u2068red\u2069 اور لال');
  });
});
