/**
 * HS chapters and ISIC divisions → the statement's sectors, so that a firm that only named its goods stands under a paragraph.
 * Ranges are inclusive; a chapter may stand under several.
 */
const HS_SECTORS: readonly (readonly [from: number, to: number, sector: string])[] = [
  [1, 24, 'agriculture'],
  [25, 27, 'mining'],
  [30, 30, 'health-herbal'],
  [31, 31, 'agriculture'],
  [28, 29, 'export-industry'],
  [32, 40, 'export-industry'],
  [41, 83, 'export-industry'],
  [84, 97, 'export-industry'],
];
const ISIC_SECTORS: readonly (readonly [from: number, to: number, sector: string])[] = [
  [1, 3, 'agriculture'],
  [5, 9, 'mining'],
  [10, 33, 'export-industry'],
  [35, 35, 'power'],
  [36, 39, 'climate-resilience'],
  [49, 53, 'transport-logistics'],
  [58, 60, 'media-culture'],
  [61, 63, 'information-technology'],
  [64, 66, 'finance-banking'],
  [72, 72, 'information-technology'],
  [85, 85, 'education-vocational'],
  [86, 86, 'health-herbal'],
  [90, 91, 'media-culture'],
];

/** The sectors that goods and services stand under, each once, in the statement's order of chapters. */
export function sectorsOf(codes: { hs: readonly string[]; isic: readonly string[] }): string[] {
  const found = new Set<string>();
  const look = (table: typeof HS_SECTORS, code: string) => {
    const chapter = Number(code.slice(0, 2));
    for (const [from, to, sector] of table) if (chapter >= from && chapter <= to) found.add(sector);
  };
  for (const code of codes.hs) look(HS_SECTORS, code);
  for (const code of codes.isic) look(ISIC_SECTORS, code);
  return [...found];
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
export function platformsOf(codes: { hs: readonly string[]; isic: readonly string[] }): string[] {
  const found: string[] = [];
  if (codes.hs.some((code) => SOUTH_ASIA_EXPO.some(([from, to]) => Number(code.slice(0, 2)) >= from && Number(code.slice(0, 2)) <= to)))
    found.push('china-south-asia-expo');
  if (codes.hs.length) found.push('ciie', 'cpfta-2');
  if (codes.hs.length || codes.isic.length) found.push('b2b');
  return found;
}
