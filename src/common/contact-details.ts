import { latinDigits, prose } from './text.js';

const TOP_LEVEL = 'com|net|org|pk|cn|info|biz|xyz|shop|store|online|site|hk|asia|trade|ae|uk';
const NUMBER_WORDS = [
  'zero|oh|one|two|three|four|five|six|seven|eight|nine',
  'صفر|زیرو|ایک|دو|تین|چار|پانچ|چھ|چھے|سات|آٹھ|نو',
  'ٻڙي|زيرو|هڪ|ٻه|ٽي|چار|پنج|ڇهه|ڇھ|ست|اٺ|نو',
].join('|');

/** Ways in which people write where they can be reached; each is tried on a text without marks and invisible characters, in lower case. */
const WAYS: readonly RegExp[] = [
  // name@firm, and the same with brackets or words, as people write it to get past machines
  /[\p{L}\p{N}]@\p{L}/u,
  new RegExp(`@\\s*[\\p{L}\\p{N}-]+\\s*\\.\\s*(?:${TOP_LEVEL})(?![\\p{L}\\p{N}])`, 'u'),
  /[([{<]\s*(?:at|dot|ایٹ|ڈاٹ|ايٽ|ڊاٽ|艾特|点)\s*[)\]}>]/u,
  /(?<![\p{L}\p{N}])(?:dot|ڈاٹ|ڊاٽ|點|点)\s*(?:com|net|org|pk|cn|کام|کوم|ڪام|ڪوم|نیٹ|پی\s?کے)(?![\p{L}\p{N}])/u,
  // a web address
  /https?:|www\.|(?<![\p{L}\p{N}])(?:wa|t)\.me(?![\p{L}\p{N}])/u,
  new RegExp(`[\\p{L}\\p{N}-]\\.(?:${TOP_LEVEL})(?![\\p{L}\\p{N}])|\\s\\.\\s*com(?![\\p{L}\\p{N}])`, 'u'),
  // a name in a messenger; a price (@usd 5) is none
  /(?:^|[\s(:,،])@(?!usd|rs|pkr|rmb|cny|eur)[a-z_][\w.]{4,}/u,
  /(?:we\s?chat|weixin|微信|whats\s?app|واٹس\s?(?:ایپ|اپ)|واٽس\s?ايپ|telegram|skype|qq)\s*(?:id|no|number|号码|号|نمبر)?\s*(?:[:=]\s*[\p{L}\p{N}_]|[a-z_]*\d)/u,
  // a telephone number: with a plus or a nought in front from nine digits on, without from ten
  /(?:\+|(?<![\d.,])0)(?:(?:[\s.()/_\u2010-\u2015-]*|,)\d){8,}/u,
  /(?<![\d.,])\d(?:[\s.()/_\u2010-\u2015-]*\d){9,}/u,
  // … in words
  new RegExp(`(?:(?<![\\p{L}])(?:${NUMBER_WORDS})[\\s,،-]+){6}(?:${NUMBER_WORDS})(?![\\p{L}])`, 'u'),
  /[〇零一二三四五六七八九]{7,}/u,
];

/** Dates, HS codes and lists of them, and fractions have many digits too. */
const NO_NUMBER =
  /(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}\.\d{2}(?:\.\d{2,4})?|\d{4}(?:\d{2})?(?:[\s,،;]+\d{4}(?:\d{2})?)+|0\.\d{1,3})(?![\d.])/g;

/**
 * Whether a text says where somebody can be reached: telephone, mail, web address or messenger, also with digits of other scripts or in words.
 * Contacts are released by the chamber when both sides agree, and never travel inside free text.
 */
export function hasContactDetails(text: string): boolean {
  const plain = latinDigits(text.normalize('NFKC'))
    .replace(/[\p{Cf}\p{M}]/gu, '')
    .toLowerCase()
    .replace(NO_NUMBER, '·');
  return WAYS.some((way) => way.test(plain));
}

/** Plain text as in {@link prose}, that moreover says of nobody where they can be reached. */
export const proseWithoutContact = (max: number) => prose(max).refine((text) => !hasContactDetails(text), { error: 'no-contact' });
