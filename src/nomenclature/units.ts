/** Units of quantity and capacity that forms offer; the same code everywhere. */
export const UNITS = [
  'kg',
  't',
  'maund',
  'tola',
  'cotton_bale',
  'litre',
  'piece',
  'dozen',
  'lakh',
  'pair',
  'set',
  'kit',
  'bale',
  'metre',
  'sq_m',
  'sq_ft',
  'acre',
  'kw',
  'place',
] as const;
export type Unit = (typeof UNITS)[number];

export const PERIODS = ['month', 'quarter', 'year'] as const;
export type Period = (typeof PERIODS)[number];

/** Each unit in the base unit of its dimension; units of different bases cannot be compared. */
const IN_BASE: Readonly<Record<Unit, readonly [base: string, factor: number]>> = {
  kg: ['kg', 1],
  t: ['kg', 1000],
  maund: ['kg', 40], // the trade maund of Sindh's markets
  tola: ['kg', 0.0116638038], // of gold, saffron and attar
  cotton_bale: ['kg', 170], // as Pakistan counts its crop
  litre: ['litre', 1],
  piece: ['piece', 1],
  dozen: ['piece', 12],
  lakh: ['piece', 100_000],
  pair: ['pair', 1],
  set: ['set', 1],
  kit: ['kit', 1],
  bale: ['bale', 1], // of hay, rags, yarn: nobody knows how heavy
  metre: ['metre', 1],
  sq_m: ['sq_m', 1],
  sq_ft: ['sq_m', 0.09290304],
  acre: ['acre', 1],
  kw: ['kw', 1],
  place: ['place', 1],
};
const MONTHS_IN: Readonly<Record<Period, number>> = { month: 1, quarter: 3, year: 12 };

export const isUnit = (unit: string): unit is Unit => Object.hasOwn(IN_BASE, unit);

/**
 * What share of a wanted quantity a capacity covers, 1 meaning all of it.
 * A wanted quantity without a period is one delivery, held against one month's capacity.
 * @returns undefined where the two cannot be compared
 */
export function share(
  capacity: { amount: number; unit: string; period: Period },
  wanted: { amount: number; unit: string; period: Period | null },
): number | undefined {
  if (!isUnit(capacity.unit) || !isUnit(wanted.unit)) return undefined;
  const [base, factor] = IN_BASE[capacity.unit];
  const [wantedBase, wantedFactor] = IN_BASE[wanted.unit];
  if (base !== wantedBase) return undefined;
  const perMonth = (capacity.amount * factor) / MONTHS_IN[capacity.period];
  const wantedPerMonth = (wanted.amount * wantedFactor) / MONTHS_IN[wanted.period ?? 'month'];
  return perMonth / wantedPerMonth;
}
