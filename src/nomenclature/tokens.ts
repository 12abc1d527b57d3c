import { normalise } from './words.js';

/**
 * Text → tokens as the classifier compares them. Stronger than the keys of {@link wordsOf}: Sindhi letters fold into Urdu ones, so that a
 * word both languages share is found in either, and every token has a root (peeler, peeling, peeled → peel) beside its form.
 */

const FOLDED: Readonly<Record<string, string>> = {
  ھ: 'ہ',
  آ: 'ا',
  ئ: 'ی',
  ؤ: 'و',
  ے: 'ی',
  ۓ: 'ی',
  ۃ: 'ہ',
  ں: 'ن',
  ٻ: 'ب',
  ڀ: 'بہ',
  ٿ: 'تہ',
  ٽ: 'ٹ',
  ٺ: 'ٹہ',
  ڄ: 'ج',
  ڃ: 'نج',
  ڇ: 'چہ',
  ڌ: 'دہ',
  ڊ: 'ڈ',
  ڏ: 'ڈ',
  ڍ: 'ڈہ',
  ڙ: 'ڑ',
  ڦ: 'پہ',
  ڳ: 'گ',
  ڱ: 'نگ',
  ڻ: 'ن',
  ء: '',
  '’': "'",
  '‘': "'",
};

/** One spelling for everything that is compared; keeps line ends, so that a whole file can be folded at once. */
export function fold(text: string): string {
  return normalise(text)
    .replace(/[ھآئؤےۓۃںٻڀٿٽٺڄڃڇڌڊڏڍڙڦڳڱڻء’‘]/g, (letter) => FOLDED[letter] ?? letter)
    .replace(/[À-ɏ]/g, (letter) => letter.normalize('NFD').charAt(0));
}

/** What a word is written in. Plain numbers, for they are compared once a character. */
export const KIND = { none: 0, latin: 1, digit: 2, other: 3, han: 4 } as const;
export type Kind = number;

const KINDS: Uint8Array = kindsOfLetters();
function kindsOfLetters(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  kinds.fill(KIND.other, 0xc0, 0x2000);
  kinds.fill(KIND.latin, 0x61, 0x7b);
  kinds.fill(KIND.digit, 0x30, 0x3a);
  kinds.fill(KIND.none, 0x600, 0x620); // Arabic punctuation and marks
  kinds.fill(KIND.none, 0x66a, 0x66e);
  kinds[0x6d4] = KIND.none;
  kinds[0xd7] = KIND.none;
  kinds[0xf7] = KIND.none;
  kinds.fill(KIND.han, 0x2e80, 0x3000);
  kinds.fill(KIND.han, 0x3400, 0xa000);
  kinds.fill(KIND.other, 0xa000, 0xd800);
  kinds.fill(KIND.han, 0xf900, 0xfb00);
  return kinds;
}

/**
 * The words of folded text in their order. Letters and digits written together are one word (irri6, 25kg); a possessive 's is dropped;
 * Chinese comes as runs, which punctuation and spaces do not end.
 */
export function scan(text: string, from: number, to: number, found: (word: string, kind: Kind) => void): void {
  let i = from;
  let han = '';
  while (i < to) {
    const kind = KINDS[text.charCodeAt(i)] as Kind;
    if (kind === KIND.none) {
      i++;
      continue;
    }
    const start = i;
    if (kind === KIND.han) {
      while (i < to && KINDS[text.charCodeAt(i)] === KIND.han) i++;
      han += text.slice(start, i);
      continue;
    }
    if (han !== '') {
      found(han, KIND.han);
      han = '';
    }
    let mixed: Kind = kind;
    for (; i < to; i++) {
      const next = KINDS[text.charCodeAt(i)] as Kind;
      if (next === KIND.none || next === KIND.han) break;
      if (next !== mixed) mixed = mixed === KIND.other || next === KIND.other ? KIND.other : KIND.digit;
    }
    found(text.slice(start, i), mixed);
    // men's
    if (text.charCodeAt(i) === 0x27 && text.charCodeAt(i + 1) === 0x73 && (i + 2 >= to || KINDS[text.charCodeAt(i + 2)] === KIND.none)) i += 2;
  }
  if (han !== '') found(han, KIND.han);
}

/** English words of two spellings, in the one that is compared. */
const SPELLINGS: Readonly<Record<string, string>> = {
  tire: 'tyre',
  aluminum: 'aluminium',
  fiber: 'fibre',
  gray: 'grey',
  jewelry: 'jewellery',
  sulfur: 'sulphur',
  sulfate: 'sulphate',
  sulfide: 'sulphide',
  sulfuric: 'sulphuric',
  plow: 'plough',
  pajama: 'pyjama',
  meter: 'metre',
  liter: 'litre',
  center: 'centre',
  caliber: 'calibre',
  mold: 'mould',
  molding: 'moulding',
  molded: 'moulded',
  color: 'colour',
  colored: 'coloured',
  flavor: 'flavour',
  flavored: 'flavoured',
  armor: 'armour',
  ax: 'axe',
  catalog: 'catalogue',
  draft: 'draught',
  licorice: 'liquorice',
  omelet: 'omelette',
  yoghurt: 'yogurt',
  donut: 'doughnut',
  chili: 'chilli',
  chile: 'chilli',
  chilly: 'chilli',
  chilie: 'chilli',
  woolen: 'woollen',
  airplane: 'aeroplane',
  cheque: 'check',
  men: 'man',
  women: 'woman',
  children: 'child',
  leaves: 'leaf',
  knives: 'knife',
  shelves: 'shelf',
  halves: 'half',
  teeth: 'tooth',
  feet: 'foot',
  geese: 'goose',
  mice: 'mouse',
  vertice: 'vertex',
  scarves: 'scarf',
  calves: 'calf',
  loaves: 'loaf',
  hooves: 'hoof',
  wolves: 'wolf',
  lice: 'louse',
  oxen: 'ox',
};
/** Words such as "constructor" are words too, and not what every object has. */
const spelled = (word: string): string | undefined => (Object.hasOwn(SPELLINGS, word) ? SPELLINGS[word] : undefined);

/** Singular, in one spelling: chillies → chilli, men's → man. */
export function formOf(word: string): string {
  if (!/^[a-z]/.test(word)) return word;
  let w = word;
  const known = spelled(w);
  if (known) return known;
  if (w.length > 4 && w.endsWith('ies')) w = w.slice(0, -3) + 'y';
  else if (w.length > 4 && /(?:[sx]|zz|ch|sh)es$/.test(w) && !/(?:ases|oses|uses|ises|ches)$/.test(w)) w = w.slice(0, -2);
  else if (w.length > 4 && /(?:tch|nch|rch|ach)es$/.test(w)) w = w.slice(0, -2);
  else if (w.length > 4 && /(?:at|ot)oes$/.test(w)) w = w.slice(0, -2);
  else if (w.length > 3 && w.endsWith('s') && !/(?:ss|us|is)$/.test(w)) w = w.slice(0, -1);
  if (w.length > 4) w = w.replace(/i[sz](e|ed|er|ing|ation)$/, 'iz$1');
  return spelled(w) ?? w;
}

/** What related forms share: peeler, peeling, peeled → peel; کپڑے, کپڑوں → کپڑ. Shorter than four letters nothing is cut off. */
export function rootOf(form: string): string {
  const code = form.charCodeAt(0);
  if (code >= 97 && code <= 122) {
    if (form.length < 4) return form;
    let w = form;
    w = w.replace(/(?:isation|ization|izing|ized|izer|ize)$/, 'iz');
    w = w.replace(/(?<=[a-z]{4})(?:ating|ation|ator|ated|ate)$/, 'at');
    w = w.replace(/(?<=[aeiouy][a-z]*[a-z])(?:ing|ed)$/, '');
    w = w.replace(/(?<=[aeiouy][a-z]*[a-z])(?:er|or)$/, '');
    w = w.replace(/(?<=[a-z]{2})([bdfgmnprt])\1$/, '$1');
    w = w.replace(/(?<=[a-z]{3})[ey]$/, '');
    return w.length >= 3 ? w : form;
  }
  if (code >= 0x600 && code <= 0x6ff && form.length > 3) {
    const w = form.replace(/(?:یون|یان|ین|ون|[اوہین])$/, '');
    return w.length >= 2 ? w : form;
  }
  return form;
}

/** Words without which a product is the same: grammar, praise, trade talk, units. In folded spelling. */
const STOP: ReadonlySet<string> = new Set(
  fold(
    'a an and any are as at be been but by can for from has have if in into is it its more no not of on or our per some such than that the their them then there these they this to ' +
      'up us was we were will with your you want wanted who which what where when how also other others etc incl including excl excluding nes various assorted ' +
      'buyer buyers supplier suppliers export exporter exporters import importer importers quality best premium all kind kinds type types brand new hot sale cheap price prices ' +
      'factory direct good better original excellent popular custom customized customised oem odm moq sample samples available order ' +
      'kg kgs kgm gm gms gram grams ton tons tonne tonnes mt lb lbs oz ml ltr ltrs litre litres liter liters cm mm inch inches ft sqm gsm pcs pc pieces qty dozen doz nos pkt pack packs packed ctn ' +
      'made pakistan pakistani china chinese hyderabad karachi sindh use suitable ' +
      'ka ki ke kay ko mein main se aur ya hai hain hum hamara hamare liye lie wala wali walay wale jo ye yeh woh ek sab har qism ala behtareen khalis asli umda acha achi jaa jo ja ji jee jyon ' +
      'کا کے کی کو میں سے پر اور یا ہے ہیں ہم ہمارا ہمارے ہماری لیے لئے ایک یہ وہ جو تمام ہر قسم اعلی معیار والا والی والے کلو گرام ٹن من عمدہ بہترین خالص ' +
      'جو جا جي جون کي کان تي ء ۽ يا آهي آهن اسان اسانجو هڪ هي هو جنهن لاءِ سان مان تائين سڀ وارو واري وارا',
  )
    .split(/\s+/)
    .filter((w) => w !== ''),
);
/** Whether a folded word says nothing about goods. */
export const isStop = (word: string): boolean => STOP.has(word);

/** What listings say beside the goods. Left out of texts only: a phrase of the lexicon may need them (delivery hose). */
const NOISE: ReadonlySet<string> = new Set(
  fold(
    'free shipping delivery whatsapp fob cif cnf c&f usd pkr rs rupees rupay rate rates wholesale-price offer offers discount guaranteed guarantee certified approved branded company co ltd pvt ' +
      'traders trader enterprises enterprise brothers bros sons stock lot lots range variety consignment grade number contactus now buy online ' +
      'karachi lahore faisalabad sialkot multan hyderabad sindh sind punjab pakistan china kunri larkana sukkur nawabshah mirpurkhas ' +
      'کراچی لاہور فیصل آباد حیدرآباد سندھ پنجاب پاکستان چین ڪراچي لاهور حيدرآباد سنڌ پنجاب پاڪستان چين لاڙڪاڻو سکر ' +
      'behtarin sasta saste sasti naya nayi 1st ' +
      'ریٹ قیمت سستی سستا سستے برانڈ ڈیلیوری پیک مفت نیا نئی نئے اعلیٰ درجہ اول ٹریڈرز کمپنی ہول سیل ' +
      'اگهه قيمت سستي سستو برانڊ ڊليوري پيڪ مفت نئون نئين عمدو بهترين خالص ڪلو گرام ٽن',
  )
    .split(/\s+/)
    .filter((w) => w !== ''),
);
export const isNoise = (word: string): boolean => NOISE.has(word);
/** The same in Chinese, where it stands without spaces. */
export const HAN_NOISE =
  /厂家直销|厂家|直销|一件代发|代发|包邮|现货|新款|热销|爆款|优质|高品质|批发|供应商|供应|出口|定制|巴基斯坦|卡拉奇|信德省|特价|促销|品牌/gu;
/** Units and packing after a number: 25公斤/袋, 500克装. */
export const HAN_QUANTITY =
  /^(?:(?:公斤|千克|毫克|克|斤|吨|毫升|升|厘米|毫米|米|寸|个|只|件|箱|袋|瓶|包|盒|支|套|片|张|卷|双|条|台|桶|瓦|伏|年|月|装|每|一)+)(?=[^料头带]|$)/u;

/** What goods are packed in: after a number and its unit it is the packing, not the goods (25 kg bags). */
const PACKING: ReadonlySet<string> = new Set(
  fold(
    'bag bags sack sacks carton cartons box boxes case cases bottle bottles drum drums can cans tin tins jar jars pouch pouches packet packets sachet sachets roll rolls bale bales crate crates tray ' +
      'bori boriyan thaili dabba dabbay packet tokra peti بوری بوریاں بیگ پیکٹ ڈبہ ڈبے تھیلی تھیلا پیٹی کارٹن بوتل ٻوري ٻوريون ٿيلهي ٿيلهو پيڪيٽ دٻو پيتي ڪارٽن بوتل',
  ).split(/\s+/),
);
export const isPacking = (word: string): boolean => PACKING.has(word);
/** Units that stand between a number and the packing. */
const UNITS: ReadonlySet<string> = new Set(
  fold(
    'kg kgs g gm gms gram grams ton tons mt lb lbs oz ml l ltr litre litres liter liters cc pcs pc x per کلو گرام ٹن لیٹر من ڪلو گرام ٽن ليٽر kilo maund',
  ).split(/\s+/),
);
export const isUnitWord = (word: string): boolean => UNITS.has(word);

/** What stands before the first of these is what a text is about. */
const PREPOSITIONS: ReadonlySet<string> = new Set([
  'for',
  'of',
  'with',
  'in',
  'from',
  'to',
  'on',
  'by',
  'without',
  'made',
  'containing',
  'used',
  'having',
  'fitted',
]);
export const isPreposition = (word: string): boolean => PREPOSITIONS.has(word);

/** States, sizes and colours: they say which, never what. */
const QUALIFIERS: ReadonlySet<string> = new Set(
  fold(
    'fresh chilled frozen dried dry salted live raw cooked prepared preserved canned tinned roasted ground powdered whole crushed knitted crocheted woven nonwoven printed dyed bleached ' +
      'unbleached electric electrical electronic automatic manual hydraulic pneumatic portable industrial domestic household used old large small heavy light mini big white black red green ' +
      'blue yellow brown pink purple orange golden men women mens womens boys girls kids ladies gents baby wooden metal metallic ' +
      'organic natural pure refined crude coated laminated handmade round flat square disposable adjustable folding semi wholly milled unmilled ' +
      'taza khushk sukha sukhi surkh lal safed kala kali hara hari sabz pura sabut sabit پسی تازہ خشک سرخ لال سفید کالا کالی ہرا سبز ثابت سڪل ڳاڙها ڳاڙهو اڇو ڪارو سائو تازو',
  )
    .split(/\s+/)
    .filter((w) => w !== ''),
);
/** Whether a word is an English plural by its looks: "radiators, motor vehicle" is about radiators. */
export function isPlural(word: string): boolean {
  const end = word.length - 1;
  if (end < 3 || word.charCodeAt(end) !== 0x73 || word.charCodeAt(0) > 0x7a) return false;
  const before = word.charCodeAt(end - 1);
  return before !== 0x73 && before !== 0x75 && before !== 0x69; // glass, lotus, tennis
}

export const isQualifier = (word: string): boolean => QUALIFIERS.has(word);

/**
 * Roman spellings of one Urdu or Sindhi word in one key: chawal, chaawal, chaval; qeema, keema; masala, masalah, masalay.
 * Vowels count by their colour only, h after another consonant and doubled letters not at all.
 */
export function skeletonOf(word: string): string {
  let key = '';
  let last = '';
  for (let i = 0; i < word.length; i++) {
    let c = word.charAt(i);
    if (c === 'h' && key !== '') {
      if (last === 's') {
        key = key.slice(0, -1) + 'x';
        last = 'x';
      }
      continue;
    }
    if (c === 'q') c = 'k';
    else if (c === 'c' && word.charAt(i + 1) !== 'h') c = 'k';
    else if (c === 'w') c = 'v';
    else if (c === 'z') c = 'j';
    else if (c === 'p' && word.charAt(i + 1) === 'h') c = 'f';
    else if (c === 'e' || c === 'y' || c === 'i') c = 'i';
    else if (c === 'o' || c === 'u') c = 'u';
    if (c === last) continue;
    key += c;
    last = c;
  }
  return key.length > 3 ? key.replace(/(?<=[^aiu]..)[aiu]+$/, '') : key;
}

/** Arabic script without its vowel letters. */
export const consonantsOf = (word: string): string => word.charAt(0) + word.slice(1).replace(/[اویہ]/g, '');

const CONSONANTS: Readonly<Record<string, string>> = {
  ب: 'b',
  پ: 'p',
  ت: 't',
  ٹ: 't',
  ط: 't',
  ث: 's',
  ج: 'j',
  چ: 'c',
  خ: 'k',
  د: 'd',
  ڈ: 'd',
  ذ: 's',
  ز: 's',
  ض: 's',
  ظ: 's',
  ر: 'r',
  ڑ: 'r',
  ژ: 's',
  س: 's',
  ص: 's',
  ش: 's',
  غ: 'g',
  ف: 'f',
  ق: 'k',
  ک: 'k',
  گ: 'g',
  ل: 'l',
  م: 'm',
  ن: 'n',
};

/**
 * The consonants of a word in one key for both scripts: khubani, خوبانی → kbn; condenser, کنڈینسر → kndnsr. Vowels are written in one script and
 * guessed in the other, and w, v, y, h are both.
 */
export function soundOf(word: string): string {
  let key = '';
  const add = (c: string) => {
    if (c !== key.charAt(key.length - 1)) key += c;
  };
  if (word.charCodeAt(0) > 0x5ff) {
    for (const letter of word) add(CONSONANTS[letter] ?? key.charAt(key.length - 1));
    return key;
  }
  for (let i = 0; i < word.length; i++) {
    const c = word.charAt(i);
    const next = word.charAt(i + 1);
    if ('aeiouyhwv'.includes(c)) continue;
    if (c === 'c') add(next === 'h' ? 'c' : 'eiy'.includes(next) && next !== '' ? 's' : 'k');
    else if (c === 'p' && next === 'h') add('f');
    else if (c === 'x') {
      add('k');
      add('s');
    } else if (c === 'q') add('k');
    else if (c === 'z') add('s');
    else add(c);
  }
  return key;
}
