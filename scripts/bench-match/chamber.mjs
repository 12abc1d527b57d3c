// An invented chamber of any size, always the same for the same seed: firms and opportunities as the matcher's facts. 1,200 headings and 5,000
// subheadings in 97 chapters, 30,000 words, most of a sector's own; sectors, codes, words and countries are as unequal as in life.
import { lineWords, textsOf } from '../../dist/matching/scoring/texts.js';
import { CERTIFICATES } from '../../dist/nomenclature/certificates.js';
import { OPPORTUNITY_KINDS } from '../../dist/statement/kinds.js';
import { entriesOf } from '../../dist/statement/statement.js';

const SECTORS = entriesOf('sector').map(({ code }) => code);
const PLATFORMS = entriesOf('platform').map(({ code }) => code);
const LANGUAGES = ['en', 'ur', 'sd', 'zh'];
const WORDS = 30_000;

/** mulberry32: small, fast, good enough for shapes. */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws 0 … n - 1, the first most often: the k-th with weight 1 ÷ (k + shift) ^ power. */
function unequal(n, power, shift) {
  const upTo = new Float64Array(n);
  let sum = 0;
  for (let k = 0; k < n; k++) upTo[k] = sum += 1 / (k + 1 + shift) ** power;
  return (random) => {
    const wanted = random() * sum;
    let [low, high] = [0, n - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** @returns makers of firms and opportunities; the same seed and order of calls give the same ones */
export function chamber(seed) {
  const random = chance(seed);
  const below = (n) => Math.floor(random() * n);
  const often = (share) => random() < share;
  const pick = (list) => list[below(list.length)];
  const several = (from, to, make) => Array.from({ length: from + below(to - from + 1) }, make);

  const chapters = Array.from({ length: 97 }, (_, i) => String(i + 1).padStart(2, '0')).filter((chapter) => chapter !== '77');
  const headings = Array.from({ length: 1200 }, (_, i) => chapters[i % chapters.length] + String(1 + Math.floor(i / chapters.length)).padStart(2, '0'));
  const subheadings = Array.from(
    { length: 5000 },
    (_, i) => headings[i % headings.length] + String(10 * (1 + Math.floor(i / headings.length))).padStart(2, '0'),
  );
  const divisions = Array.from({ length: 88 }, (_, i) => String(i + 1).padStart(2, '0'));
  const countries = ['CN', 'AE', 'SA', 'GB', 'US', 'DE', ...Array.from({ length: 54 }, (_, i) => `${String.fromCharCode(65 + (i % 26))}${i < 26 ? 'X' : 'Y'}`)];
  const sectorOf = unequal(SECTORS.length, 1.05, 0);
  const codeOf = unequal(Math.ceil(subheadings.length / SECTORS.length), 0.6, 5);
  const ownWord = unequal(Math.ceil(WORDS / SECTORS.length), 1, 12);
  const anyWord = unequal(WORDS, 1, 40);
  const countryOf = unequal(countries.length, 1, 0);
  const id = () => {
    const digits = Array.from({ length: 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
  };
  /** Of four codes three are of the sector. */
  const hs = (sector) => {
    const at = often(0.75) ? SECTORS.length * codeOf(random) + sector : below(subheadings.length);
    return subheadings[at % subheadings.length].slice(0, pick([6, 6, 6, 6, 6, 6, 6, 4, 4, 2]));
  };
  const isic = (sector) => (divisions[(7 * sector + below(5)) % divisions.length] + String(1 + below(9)) + String(1 + below(9))).slice(0, pick([2, 3, 4]));
  /** Words as numbers; each language has its own word for one. */
  const words = (sector, from, to) => new Set(several(from, to, () => (often(0.6) ? SECTORS.length * ownWord(random) + sector : anyWord(random)) % WORDS));
  const written = (language, numbers) => [...numbers].map((n) => `${language}${n}`);
  const PERIODS = ['month', 'quarter', 'year'];
  const quantity = (periods) => ({ amount: 1 + below(500), unit: pick(['t', 'kg', 'dozen', 'piece', 'metre']), period: pick(periods) });
  const months = () => {
    const from = below(12);
    return several(2, 6, (_, i) => ((from + i) % 12) + 1);
  };

  const line = (sector) => {
    const service = often(0.1);
    const codes = service ? [isic(sector)] : several(1, 2, () => hs(sector));
    const guessed = often(0.25);
    const meant = { hs: service ? [] : codes, isic: service ? codes : [] };
    const text = written(pick(LANGUAGES), words(sector, 3, 6)).join(' ');
    return {
      hs: guessed ? [] : meant.hs,
      isic: guessed ? [] : meant.isic,
      guessedHs: guessed ? meant.hs.map((code) => code.slice(0, 4)) : [],
      guessedIsic: guessed ? meant.isic.map((code) => code.slice(0, 2)) : [],
      text,
      words: lineWords(text, meant),
      certificates: often(0.1) ? [pick(CERTIFICATES)] : [],
      months: often(0.2) ? months() : [],
      ...(often(0.4) ? { capacity: quantity(PERIODS) } : {}),
    };
  };

  return {
    firm() {
      const sectors = several(1, 3, () => sectorOf(random));
      const own = () => pick(sectors);
      const rare = often(0.03);
      return {
        id: id(),
        revision: 1,
        admitted: true,
        validUntil: often(0.9) ? '2027-03-31' : '2026-03-31',
        sectors: [...new Set(sectors)].map((s) => SECTORS[s]),
        seeks: OPPORTUNITY_KINDS.filter(() => often(0.1)),
        markets: often(0.6) ? [] : [...new Set(several(1, 4, () => countries[countryOf(random)]))],
        platforms: PLATFORMS.filter(() => often(0.1)),
        certificates: CERTIFICATES.filter(() => often(0.15)),
        excludedCountries: rare && often(0.5) ? [countries[countryOf(random)]] : [],
        excludedKinds: rare && often(0.5) ? [pick(OPPORTUNITY_KINDS)] : [],
        excludedWords: rare && often(0.5) ? written('en', words(own(), 1, 1)) : [],
        offers: often(0.95) ? several(2, 4, () => line(own())) : [],
        needs: often(0.8) ? several(1, 3, () => line(own())) : [],
      };
    },
    opportunity() {
      const sector = sectorOf(random);
      const goods = random();
      const kind = often(0.6) ? 'buy_request' : pick(OPPORTUNITY_KINDS);
      const said = words(sector, 6, 10);
      const more = words(sector, 4, 8);
      const languages = LANGUAGES.filter((language) => language === 'en' || often(0.5));
      const meant = {
        hs: goods < 0.85 ? [...new Set(several(1, 2, () => hs(sector)))] : [],
        isic: goods >= 0.85 && goods < 0.95 ? [isic(sector)] : [],
      };
      const title = Object.fromEntries(languages.map((language) => [language, written(language, said).join(' ')]));
      const summary = Object.fromEntries(languages.map((language) => [language, written(language, more).join(' ')]));
      return {
        id: id(),
        revision: 1,
        kind,
        open: true,
        ownFirmId: null,
        ...meant,
        sectors: often(0.95) ? [...new Set([sector, ...(often(0.3) ? [sectorOf(random)] : [])])].map((s) => SECTORS[s]) : [],
        country: countries[countryOf(random)],
        platforms: often(0.2) ? [pick(PLATFORMS)] : [],
        certificates: often(0.3) ? [pick(CERTIFICATES)] : [],
        deliveryMonths: often(0.3) ? months() : [],
        title,
        summary,
        titles: languages.map((language) => new Set(written(language, said))),
        texts: textsOf({ title, summary, ...meant }),
        ...(often(0.5) ? { quantity: quantity([null, ...PERIODS]) } : {}),
      };
    },
  };
}
