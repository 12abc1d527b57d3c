/**
 * HS and ISIC codes → the statement's sectors, corridors and platforms, so that a firm that only named its goods stands under a paragraph.
 * Reviewed data: a row is the first and the last code it covers (of the same length) and what it stands for, the nearest first. The longest rows that cover
 * a code decide; a chapter's row holds for whatever no longer row says otherwise.
 */
type Rows = readonly (readonly [from: string, to: string, ...sectors: string[]])[];

const HS_SECTORS: Rows = [
  ['01', '24', 'agriculture'],
  ['1211', '1211', 'agriculture', 'health-herbal'], // medicinal plants
  ['25', '27', 'mining'],
  ['2523', '2523', 'export-industry', 'mining'], // cement
  ['2716', '2716', 'power'],
  ['28', '29', 'export-industry'],
  ['30', '30', 'health-herbal', 'export-industry'],
  ['31', '31', 'agriculture'],
  ['32', '83', 'export-industry'],
  ['3701', '3707', 'media-culture', 'export-industry'],
  ['3808', '3808', 'agriculture'],
  ['4901', '4911', 'media-culture', 'export-industry'],
  ['84', '97', 'export-industry'],
  ['8402', '8406', 'power', 'export-industry'],
  ['8410', '8412', 'power', 'export-industry'],
  ['8424', '8424', 'agriculture', 'export-industry'], // sprayers and drip irrigation
  ['8429', '8431', 'mining', 'export-industry'],
  ['8432', '8438', 'agriculture', 'export-industry'],
  ['8471', '8473', 'information-technology', 'export-industry'],
  ['8474', '8474', 'mining', 'export-industry'],
  ['8501', '8504', 'power', 'export-industry'],
  ['8507', '8507', 'power', 'climate-resilience', 'export-industry'],
  ['8517', '8517', 'information-technology', 'export-industry'],
  ['8519', '8529', 'media-culture', 'export-industry'],
  ['8535', '8537', 'power', 'export-industry'],
  ['8541', '8541', 'power', 'climate-resilience', 'export-industry'], // solar cells
  ['8542', '8543', 'information-technology', 'export-industry'],
  ['8601', '8609', 'transport-logistics', 'export-industry'],
  ['8701', '8701', 'agriculture', 'transport-logistics', 'export-industry'], // tractors
  ['8702', '8716', 'transport-logistics', 'export-industry'],
  ['8801', '8807', 'space', 'transport-logistics'],
  ['8901', '8908', 'transport-logistics'],
  ['9018', '9022', 'health-herbal', 'export-industry'],
];
const ISIC_SECTORS: Rows = [
  ['01', '03', 'agriculture'],
  ['05', '09', 'mining'],
  ['10', '10', 'agriculture', 'export-industry'],
  ['11', '33', 'export-industry'],
  ['21', '21', 'health-herbal', 'export-industry'],
  ['35', '35', 'power'],
  ['36', '39', 'climate-resilience'],
  ['41', '43', 'special-economic-zones'],
  ['49', '53', 'transport-logistics'],
  ['58', '60', 'media-culture'],
  ['61', '63', 'information-technology'],
  ['64', '66', 'finance-banking'],
  ['72', '72', 'information-technology'],
  ['85', '85', 'education-vocational'],
  ['86', '88', 'health-herbal'],
  ['90', '91', 'media-culture'],
];

/** The corridors (paragraph 8) that a sector's business belongs to. */
const CORRIDORS: Readonly<Record<string, readonly string[]>> = {
  agriculture: ['livelihood', 'growth'],
  mining: ['growth'],
  'information-technology': ['innovation'],
  'special-economic-zones': ['growth', 'open'],
  'export-industry': ['growth', 'open'],
  power: ['green', 'growth'],
  'transport-logistics': ['open', 'growth'],
  'finance-banking': ['open'],
  'health-herbal': ['livelihood'],
  'education-vocational': ['livelihood', 'innovation'],
  'climate-resilience': ['green', 'livelihood'],
  'media-culture': ['open'],
  space: ['innovation'],
};

export interface Codes {
  readonly hs: readonly string[];
  readonly isic: readonly string[];
}

/** What the longest rows that cover a code say. */
function under(rows: Rows, code: string): readonly string[] {
  for (const length of [4, 2]) {
    const part = code.slice(0, length);
    if (part.length < length) continue;
    const covering = rows.filter(([from, to]) => from.length === length && from <= part && part <= to);
    if (covering.length) return covering.flatMap(([, , ...sectors]) => sectors);
  }
  return [];
}

/** The sectors that goods and services stand under, each once, the nearest of the first code first. */
export function sectorsOf(codes: Codes): string[] {
  return [...new Set([...codes.hs.flatMap((code) => under(HS_SECTORS, code)), ...codes.isic.flatMap((code) => under(ISIC_SECTORS, code))])];
}

/** The corridors that goods and services belong to, by their sectors. */
export function corridorsOf(codes: Codes): string[] {
  return [...new Set(sectorsOf(codes).flatMap((sector) => CORRIDORS[sector] ?? []))];
}

/** Chapters of crafts, fruit and food, which the fair in Kunming is for. */
const SOUTH_ASIA_EXPO: readonly (readonly [from: number, to: number])[] = [
  [3, 3],
  [7, 9],
  [16, 21],
  [42, 42],
  [46, 46],
  [57, 58],
  [61, 63],
  [69, 71],
  [97, 97],
];

/** The platforms of the statement through which such goods and services are offered, the nearest first. */
export function platformsOf(codes: Codes): string[] {
  const chapters = codes.hs.map((code) => Number(code.slice(0, 2)));
  return [
    ...(chapters.some((chapter) => SOUTH_ASIA_EXPO.some(([from, to]) => chapter >= from && chapter <= to)) ? ['china-south-asia-expo'] : []),
    ...(codes.hs.length ? ['ciie', 'cpfta-2'] : []),
    ...(codes.hs.length || codes.isic.length ? ['b2b'] : []),
  ];
}
