import fc from 'fast-check';
import type { FirmFacts, LineFacts, OpportunityFacts } from '../../src/matching/scoring/facts.js';
import type { Epoch } from '../../src/matching/scoring/epoch.js';
import { PERIODS } from '../../src/nomenclature/units.js';
import { wordsOf } from '../../src/nomenclature/words.js';
import { OPPORTUNITY_KINDS } from '../../src/statement/kinds.js';

export const TODAY = '2026-11-24';

/** Words as a line or a title has them. */
export const titleOf = (text: string): ReadonlySet<string> => new Set(wordsOf(text).keys());

/** A lead's titles, and what it is compared by where it says nothing else. */
export const titled = (...titles: string[]): Pick<OpportunityFacts, 'titles' | 'texts'> => ({
  titles: titles.map(titleOf),
  texts: titles.map((title) => new Map([...titleOf(title)].map((word) => [word, 1]))),
});

/** A line that says what it says and nothing else. */
export const line = (text: string, over: Partial<LineFacts> = {}): LineFacts => ({
  hs: [],
  isic: [],
  guessedHs: [],
  guessedIsic: [],
  months: [],
  certificates: [],
  words: wordsOf(text),
  ...over,
});

/** An admitted firm without anything in its profile. */
export const firm = (over: Partial<FirmFacts> = {}): FirmFacts => ({
  id: 'firm',
  revision: 1,
  admitted: true,
  validUntil: '2027-03-31',
  sectors: [],
  seeks: [],
  markets: [],
  platforms: [],
  certificates: [],
  excludedCountries: [],
  excludedKinds: [],
  excludedWords: [],
  offers: [],
  needs: [],
  ...over,
});

/** An open buy request from China that states nothing more. */
export const lead = (over: Partial<OpportunityFacts> = {}): OpportunityFacts => ({
  id: 'lead',
  revision: 1,
  kind: 'buy_request',
  open: true,
  ownFirmId: null,
  hs: [],
  isic: [],
  sectors: [],
  country: 'CN',
  platforms: [],
  certificates: [],
  deliveryMonths: [],
  titles: [],
  texts: [],
  ...over,
});

// Small pools, so that random firms and leads often have something in common.
const HS = ['09', '0904', '090421', '090422', '091011', '70', '7018', '701810', '520512'];
const ISIC = ['62', '620', '6201', '6202', '49', '4923'];
const WORDS = ['chilli', 'dried', 'red', 'glass', 'bangle', 'کانچ', 'چوڑیاں', 'مرچ', '辣椒', '手镯'];
const SECTORS = ['agriculture', 'export-industry', 'information-technology', 'not-in-statement'];
const COUNTRIES = ['CN', 'AE', 'PK'];
const CERTIFICATES = ['gacc', 'halal', 'haccp'];
const UNITS = ['t', 'kg', 'dozen', 'piece', 'litre', 'unknown'];

const PLATFORMS = ['cpfta-2', 'ciie', 'not-in-statement'];
const MEANINGS = ['#0904', '#0910', '#7018', '@62', '@49'];

const some = <T>(pool: readonly T[], maxLength = 4) => fc.array(fc.constantFrom(...pool), { maxLength });
const seldom = <T>(value: fc.Arbitrary<T>, usual: T) => fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: value });
const amount = fc.integer({ min: 1, max: 500 });
const months = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 4 });
const written = fc
  .tuple(some(WORDS, 6), some(MEANINGS, 2))
  .map(
    ([words, means]): ReadonlyMap<string, string> =>
      new Map([...words.map((word): [string, string] => [word, word.toUpperCase()]), ...means.map((key): [string, string] => [key, ''])]),
  );
const text = fc
  .tuple(some(WORDS, 6), some(MEANINGS, 2))
  .map(
    ([words, means]): ReadonlyMap<string, number> =>
      new Map([...words.map((word): [string, number] => [word, 1]), ...means.map((key): [string, number] => [key, 0.25])]),
  );

export const capacity = fc.record({ amount, unit: fc.constantFrom(...UNITS), period: fc.constantFrom(...PERIODS) });
export const anyLine: fc.Arbitrary<LineFacts> = fc.record(
  {
    hs: some(HS),
    isic: some(ISIC, 2),
    guessedHs: some(HS, 1),
    guessedIsic: some(ISIC, 1),
    words: written,
    months,
    certificates: some(CERTIFICATES, 2),
    capacity,
  },
  { requiredKeys: ['hs', 'isic', 'guessedHs', 'guessedIsic', 'words', 'months', 'certificates'] },
);
const lines = fc.array(anyLine, { maxLength: 4 });

export const anyFirm: fc.Arbitrary<FirmFacts> = fc.record({
  id: fc.constantFrom('firm', 'other'),
  revision: fc.constant(1),
  admitted: seldom(fc.boolean(), true),
  validUntil: fc.constantFrom(null, '2026-03-31', '2027-03-31'),
  sectors: some(SECTORS),
  seeks: some(OPPORTUNITY_KINDS),
  markets: some(COUNTRIES, 2),
  platforms: some(PLATFORMS, 2),
  certificates: some(CERTIFICATES),
  excludedCountries: seldom(some(COUNTRIES, 1), []),
  excludedKinds: seldom(some(OPPORTUNITY_KINDS, 1), []),
  excludedWords: seldom(some(WORDS, 1), []),
  offers: lines,
  needs: lines,
});

export const anyLead: fc.Arbitrary<OpportunityFacts> = fc.record(
  {
    id: fc.constant('lead'),
    revision: fc.constant(1),
    kind: fc.constantFrom(...OPPORTUNITY_KINDS),
    open: seldom(fc.boolean(), true),
    ownFirmId: seldom(fc.constantFrom(null, 'firm'), null),
    hs: some(HS, 3),
    isic: some(ISIC, 2),
    sectors: some(SECTORS, 2),
    country: fc.constantFrom(null, ...COUNTRIES),
    platforms: some(PLATFORMS, 2),
    certificates: some(CERTIFICATES, 2),
    deliveryMonths: months,
    quantity: fc.record({ amount, unit: fc.constantFrom(...UNITS), period: fc.constantFrom(null, ...PERIODS) }),
    titles: fc.array(
      some(WORDS, 6).map((words): ReadonlySet<string> => new Set(words)),
      { maxLength: 4 },
    ),
    texts: fc.array(text, { maxLength: 4 }),
  },
  {
    requiredKeys: [
      ...([
        'id',
        'revision',
        'kind',
        'open',
        'ownFirmId',
        'hs',
        'isic',
        'sectors',
        'country',
        'platforms',
        'certificates',
        'deliveryMonths',
        'titles',
        'texts',
      ] as const),
    ],
  },
);

/** Weights of some of the words, frozen some time ago. */
export const anyEpoch: fc.Arbitrary<Epoch> = fc
  .dictionary(
    fc.constantFrom(...WORDS, ...MEANINGS),
    fc.integer({ min: 1, max: 1024 }).map((n) => n / 1024),
  )
  .map((weights) => ({ weights: { ...weights } }));
