import { IntlMessageFormat } from 'intl-messageformat';
import { remembering } from '../common/remembering.js';
import { type InAllLanguages, type Language, LANGUAGES } from './language.js';
import { type Catalogue, en, type MessageKey } from './messages/en.js';
import { sd } from './messages/sd.js';
import { ur } from './messages/ur.js';
import { zh } from './messages/zh.js';

export type { MessageKey };
export type Values = Readonly<Record<string, string | number>>;

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, ur, sd, zh };

/** Locales for formatting: Urdu and Sindhi with the Latin digits that Pakistani business uses. */
const LOCALE: InAllLanguages = { en: 'en-PK', ur: 'ur-PK-u-nu-latn', sd: 'sd-PK-u-nu-latn', zh: 'zh-Hans-CN' };

export const NATIVE_NAME: InAllLanguages = { en: 'English', ur: 'اردو', sd: 'سنڌي', zh: '简体中文' };

/** Direction of writing; ICU libraries disagree about Sindhi, so it is said here. */
export const dirOf = (language: Language): 'ltr' | 'rtl' => (language === 'ur' || language === 'sd' ? 'rtl' : 'ltr');

/** BCP 47 tag for `lang` attributes and Content-Language. */
export const tagOf = (language: Language): string => (language === 'zh' ? 'zh-Hans' : language);

export const isLanguage = (text: unknown): text is Language => LANGUAGES.includes(text as Language);

const compiled = new Map<string, IntlMessageFormat>();

const remembered = remembering<string>(20_000);

/** Messages without values, each made once: pages say some hundred of them. */
const fixed: Readonly<Record<Language, Map<MessageKey, string>>> = { en: new Map(), ur: new Map(), sd: new Map(), zh: new Map() };

/** The message in the reader's language, ICU syntax filled in. */
export function say(language: Language, key: MessageKey, values?: Values): string {
  if (values) return remembered(`${language}.${key} ${JSON.stringify(values)}`, () => format(language, key, values));
  let text = fixed[language].get(key);
  if (text === undefined) fixed[language].set(key, (text = format(language, key)));
  return text;
}

function format(language: Language, key: MessageKey, values?: Values): string {
  const id = `${language}.${key}`;
  let message = compiled.get(id);
  if (!message) compiled.set(id, (message = new IntlMessageFormat(CATALOGUES[language][key], LOCALE[language], undefined, { ignoreTag: true })));
  return String(message.format(values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isolated(language, value)]))));
}

const LATIN = /[A-Za-z]/;
const ARABIC = /[\u0600-\u06ff]/;

/** Names and codes that run the other way than the text around them keep to themselves (FSI … PDI, Unicode UAX #9); those in a list do already. */
const isolated = <T>(language: Language, value: T): T | string =>
  typeof value === 'string' && !value.includes('\u2068') && (dirOf(language) === 'rtl' ? LATIN : ARABIC).test(value) ? apart(value) : value;

/** Somebody's own words where no markup can keep them apart, as in a list to choose from. */
export const apart = (text: string): string => `\u2068${text}\u2069`;

/** A key that is put together at run time, from a code stored in a row; an unknown code shows itself rather than failing the page. */
export function sayCode(language: Language, prefix: string, code: string, values?: Values): string {
  const key = `${prefix}.${code}`;
  return Object.hasOwn(en, key) ? say(language, key as MessageKey, values) : code;
}

/** The text in the reader's language, else in English, else in whatever it has. */
export function inLanguage(texts: Partial<Record<Language, string>>, language: Language): { text: string; language: Language } {
  for (const candidate of [language, 'en', ...LANGUAGES] as Language[]) {
    const text = texts[candidate];
    if (text) return { text, language: candidate };
  }
  return { text: '', language };
}

/** What formats for a language is made once: making it costs a hundred times what using it does. */
function once<T>(make: (locale: string) => T): (language: Language) => T {
  const made = new Map<Language, T>();
  return (language) => {
    const known = made.get(language) ?? make(LOCALE[language]);
    made.set(language, known);
    return known;
  };
}

const days = once((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }));
const numbers = once((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }));
const countries = once((locale) => new Intl.DisplayNames([locale], { type: 'region' }));
const languages = once((locale) => new Intl.DisplayNames([locale], { type: 'language' }));
const lists = once((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));

/**
 * A calendar day as the reader writes it.
 * @param day YYYY-MM-DD
 */
export function sayDay(language: Language, day: string): string {
  return remembered(`${language} day ${day}`, () => days(language).format(new Date(`${day}T00:00:00Z`)));
}

/** Months of the year, 1-12, as the reader names them. */
export function sayMonths(language: Language, months: readonly number[]): string {
  const name = new Intl.DateTimeFormat(LOCALE[language], { month: 'long', timeZone: 'UTC' });
  return sayList(
    language,
    months.map((month) => name.format(new Date(Date.UTC(2000, month - 1, 15)))),
  );
}

/** A month of a year, YYYY-MM, as the reader names it. */
export function sayMonth(language: Language, month: string): string {
  return remembered(`${language} month ${month}`, () =>
    new Intl.DateTimeFormat(LOCALE[language], { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-15T00:00:00Z`)),
  );
}

export function sayInstant(language: Language, at: Date, zone: string): string {
  return new Intl.DateTimeFormat(LOCALE[language], { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(at);
}

export function sayNumber(language: Language, n: number): string {
  return remembered(`${language} number ${n}`, () => numbers(language).format(n));
}

/** An amount with its unit, and per what period it is meant. */
export function sayQuantity(language: Language, quantity: { amount: number; unit: string; period?: string | null }): string {
  const amount = sayCode(language, 'unit', quantity.unit, { n: quantity.amount, amount: sayNumber(language, quantity.amount) });
  return quantity.period ? sayCode(language, 'per', quantity.period, { amount }) : amount;
}

/** Whole US dollars; beside a million the lakh and crore that a Pakistani reader counts in, and 万 for a Chinese one. */
export function sayDollars(language: Language, usd: number): string {
  const plain = say(language, 'money.usd', { amount: sayNumber(language, usd) });
  const steps: readonly (readonly [number, MessageKey])[] =
    language === 'zh'
      ? [
          [1e8, 'money.yi'],
          [1e4, 'money.wan'],
        ]
      : [
          [1e7, 'money.crore'],
          [1e5, 'money.lakh'],
        ];
  const step = steps.find(([size]) => usd >= size);
  return step ? `${plain} (${say(language, step[1], { amount: sayNumber(language, Math.floor((usd / step[0]) * 100) / 100) })})` : plain;
}

export function sayCountry(language: Language, code: string): string {
  return remembered(`${language} country ${code}`, () => countries(language).of(code) ?? code);
}

export function sayLanguage(language: Language, spoken: Language): string {
  return remembered(`${language} language ${spoken}`, () => languages(language).of(spoken) ?? spoken);
}

/** "a, b and c" in the reader's language. */
export function sayList(language: Language, items: readonly string[]): string {
  return lists(language).format(items.map((item) => isolated(language, item)));
}

/** A span of time in its largest whole unit, "3 minutes": enough to know whether to worry. */
export function sayDuration(language: Language, seconds: number): string {
  const [size, unit] = (
    [
      [86_400, 'day'],
      [3600, 'hour'],
      [60, 'minute'],
    ] as const
  ).find(([of]) => seconds >= of * 2) ?? [1, 'second'];
  return new Intl.NumberFormat(LOCALE[language], { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(Math.floor(seconds / size));
}
