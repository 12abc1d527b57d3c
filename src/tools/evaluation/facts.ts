import { z } from 'zod';
import { LANGUAGES, type Texts } from '../../language/language.js';
import { inLanguage } from '../../language/say.js';
import { lineFactsOf, textsOf } from '../../matching/scoring/texts.js';
import type { FirmFacts, OpportunityFacts } from '../../matching/scoring/facts.js';
import { CERTIFICATES } from '../../nomenclature/certificates.js';
import type { Classifier } from '../../nomenclature/classify.js';
import { hsCode, isicCode } from '../../nomenclature/hs.js';
import { BEYOND_DOUBT, guessOf } from '../../nomenclature/nomenclature.service.js';
import { platformsOf, sectorsOf } from '../../nomenclature/sectors.js';
import { PERIODS, UNITS } from '../../nomenclature/units.js';
import { wordsOf } from '../../nomenclature/words.js';
import { OPPORTUNITY_KINDS } from '../../statement/kinds.js';

/** A file that cannot be used, with the line that is to blame. */
export class NotReadable extends Error {}

const id = z
  .union([z.string().min(1), z.number()])
  .transform(String)
  .refine((text) => !/\s/.test(text), { error: 'holds a space' });
/** A plain text, or one to four languages. */
const texts = z.union([z.string().transform((en): Texts => ({ en })), z.partialRecord(z.enum(LANGUAGES), z.string()).transform((given): Texts => given)]);
/** One code or several; an empty text is none. */
const codes = (one: typeof hsCode | typeof isicCode) =>
  z
    .union([z.literal('').transform((): string[] => []), one.transform((code) => [code]), z.array(one)])
    .nullish()
    .transform((given) => given ?? []);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((given) => given ?? []);
const quantity = z.object({ amount: z.number().positive(), unit: z.enum(UNITS), period: z.enum(PERIODS).nullish() });

const line = z.union([
  z.string().transform((text) => ({
    text: { en: text },
    hs: [] as string[],
    isic: [] as string[],
    months: [] as number[],
    certificates: [] as string[],
    capacity: undefined,
  })),
  z.object({
    text: texts,
    hs: codes(hsCode),
    isic: codes(isicCode),
    months: list(z.int().min(1).max(12)),
    certificates: list(z.enum(CERTIFICATES)),
    capacity: z.object({ amount: z.number().positive(), unit: z.enum(UNITS), period: z.enum(PERIODS) }).optional(),
  }),
]);
type Line = z.output<typeof line>;

const firmSchema = z.object({
  id,
  offers: list(line),
  needs: list(line),
  sectors: list(z.string()),
  /** Where it is not said, a firm is taken to ask for every kind. */
  seeks: z.array(z.enum(OPPORTUNITY_KINDS)).nullish(),
  markets: list(z.string()),
  certificates: list(z.enum(CERTIFICATES)),
  excludedCountries: list(z.string()),
  excludedKinds: list(z.enum(OPPORTUNITY_KINDS)),
  excludedWords: list(z.string()),
});

const opportunitySchema = z.object({
  id,
  kind: z.enum(OPPORTUNITY_KINDS).default('buy_request'),
  title: texts.default({}),
  summary: texts.default({}),
  products: list(
    z.union([
      z.string().transform((text) => ({ text: { en: text }, hs: [] as string[], isic: [] as string[] })),
      z.object({ text: texts.default({}), hs: codes(hsCode), isic: codes(isicCode) }),
    ]),
  ),
  hs: codes(hsCode),
  isic: codes(isicCode),
  sectors: list(z.string()),
  country: z.string().nullish(),
  platforms: list(z.string()),
  certificates: list(z.enum(CERTIFICATES)),
  deliveryMonths: list(z.int().min(1).max(12)),
  quantity: quantity.nullish(),
  firmId: id.nullish(),
});

/**
 * Lines of JSON → what their schema makes of them. Fields it does not know are passed over.
 * @throws NotReadable naming file, line and field
 */
export function readLines<T extends { readonly id: string }>(file: string, text: string, schema: z.ZodType<T>): T[] {
  const seen = new Set<string>();
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((written, i) => {
      if (written.trim() === '') return [];
      const at = `${file}:${i + 1}`;
      let json: unknown;
      try {
        json = JSON.parse(written);
      } catch {
        throw new NotReadable(`${at}: not JSON`);
      }
      const read = schema.safeParse(json);
      if (!read.success) {
        const [issue] = read.error.issues;
        throw new NotReadable(`${at}: ${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'cannot be read'}`);
      }
      if (seen.has(read.data.id)) throw new NotReadable(`${at}: id ${read.data.id} is there twice`);
      seen.add(read.data.id);
      return [read.data];
    });
}

const join = (all: readonly Texts[]): Texts =>
  Object.fromEntries(
    LANGUAGES.flatMap((language) => {
      const said = all.flatMap((one) => one[language] ?? []).join('\n');
      return said ? [[language, said]] : [];
    }),
  );

/** Firms of a file, as the matcher sees them: an admitted member whose lines without codes are guessed. */
export function readFirms(file: string, text: string, classifier: Classifier): FirmFacts[] {
  const facts = ({ text: said, hs, isic, months, certificates, capacity }: Line) => {
    const all = Object.values(said).join('\n');
    return lineFactsOf({
      text: all,
      hs,
      isic,
      months,
      certificates,
      ...(capacity ? { capacity } : {}),
      ...guessOf(classifier, { text: inLanguage(said, 'en').text, hs, isic }),
    });
  };
  return readLines(file, text, firmSchema).map((firm) => {
    const [offers, needs] = [firm.offers.map(facts), firm.needs.map(facts)];
    const lines = [...offers, ...needs];
    const held = { hs: lines.flatMap((l) => [...l.hs, ...l.guessedHs]), isic: lines.flatMap((l) => [...l.isic, ...l.guessedIsic]) };
    return {
      ...firm,
      revision: 1,
      admitted: true,
      validUntil: null,
      sectors: firm.sectors.length ? firm.sectors : sectorsOf(held),
      seeks: firm.seeks ?? OPPORTUNITY_KINDS,
      platforms: platformsOf(held),
      excludedWords: firm.excludedWords.flatMap((word) => [...wordsOf(word).keys()]),
      offers,
      needs,
    };
  });
}

/** Opportunities of a file, as the matcher sees them: open; what they do not state holds nobody. */
export function readOpportunities(file: string, text: string, classifier: Classifier): OpportunityFacts[] {
  return readLines(file, text, opportunitySchema).map((lead) => {
    const hs = [...lead.hs, ...lead.products.flatMap((product) => product.hs)];
    const isic = [...lead.isic, ...lead.products.flatMap((product) => product.isic)];
    const title = join([lead.title, ...lead.products.map((product) => product.text)]);
    const guess = guessOf(classifier, { text: inLanguage(title, 'en').text || inLanguage(lead.summary, 'en').text, hs, isic }, BEYOND_DOUBT);
    return {
      id: lead.id,
      revision: 1,
      kind: lead.kind,
      open: true,
      ownFirmId: lead.firmId ?? null,
      hs,
      isic,
      sectors: lead.sectors,
      country: lead.country ?? null,
      platforms: lead.platforms,
      certificates: lead.certificates,
      deliveryMonths: lead.deliveryMonths,
      titles: Object.values(lead.title).map((one) => new Set(wordsOf(one).keys())),
      texts: textsOf({ title, summary: lead.summary, hs, isic }, { hs: guess.guessedHs, isic: guess.guessedIsic }),
      ...(lead.quantity ? { quantity: { ...lead.quantity, period: lead.quantity.period ?? null } } : {}),
    };
  });
}
