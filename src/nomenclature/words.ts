/**
 * Text of a trader in any of the four languages → the words that carry meaning, each under the key by which it is compared.
 * Case, punctuation, spacing, digits' script and the variants of Arabic letters change nothing of the keys.
 * @returns key → the word as it was written
 */
export function wordsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const clean = text.normalize('NFKC').replace(INVISIBLE, '');
  for (const [written] of clean.matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu)) {
    const token = normalise(written);
    if (/^\p{Script=Han}/u.test(token)) {
      // Chinese is written without spaces: pairs of neighbours stand for words
      if (token.length === 1) found.set(token, token);
      for (let i = 0; i + 1 < token.length; i++) found.set(token.slice(i, i + 2), token.slice(i, i + 2));
    } else if (token.length > 1 && !STOP_WORDS.has(token) && !/^\d+$/.test(token)) {
      found.set(/^[a-z]+$/.test(token) ? stem(token) : token, written);
    }
  }
  return found;
}

const LETTERS: Readonly<Record<string, string>> = { ي: 'ی', ى: 'ی', ې: 'ی', ك: 'ک', ڪ: 'ک', ه: 'ہ', ة: 'ہ', ۀ: 'ہ', أ: 'ا', إ: 'ا', ٱ: 'ا' };

/** Joiners and direction marks: they shape letters and mean nothing. */
const INVISIBLE = /[\u200B-\u200F\u2060\uFEFF]/g;

/** One spelling for what readers take as the same. */
export function normalise(text: string): string {
  if (/^[\x00-\x7F]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u064B-\u065F\u0670\u0640\u200B-\u200F]/g, '') // vowel signs, tatweel, joiners
    .replace(/[يىېكڪهةۀأإٱ]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[۰-۹]/g, (d) => String(d.charCodeAt(0) - 0x6f0))
    .replace(/[٠-٩]/g, (d) => String(d.charCodeAt(0) - 0x660));
}

/**
 * English plurals only; anything cleverer joins words that traders keep apart.
 * chilli, chilly, chillies → chilli; cookie, cookies → cooki; shoe, shoes → sho; glasses → glass; pulses → pulse.
 */
function stem(word: string): string {
  if (word.length < 4) return word;
  const one = /(?:ss|x|ch|sh)es$/.test(word) ? word.slice(0, -2) : /s$/.test(word) && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
  return one.replace(/(?:ie|y)$/, 'i').replace(/oe$/, 'o');
}

/** Words without which a title says the same, in the spelling of {@link normalise}. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are as at be but by can for from has have if in into is it its more new no not of on or our per some such than that the their them then there these they this to ' +
    'under up us was we were will with within you your want wanted buyer buyers supplier suppliers supply export import quality best all kind kinds type types month year quarter ' +
    'کا کے کی کو میں سے پر اور یا ہے ہیں ہم ہمارا ہمارے ہماری کے لیے لیے لئے ایک یہ وہ جو تمام ہر قسم اعلی معیار ماہانہ تیار کرتے ' +
    'جو جا جی کی کان تی ء ۽ يا آہی آہن اسان اسانجو ہک ہی ہو جنہن لای سان مان تائین سڀ'
  )
    .split(' ')
    .map(normalise),
);
