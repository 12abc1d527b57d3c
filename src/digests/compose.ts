import type { Language } from '../language/language.js';
import { inLanguage, say, sayCode, sayCountry, sayDay, sayDollars, sayQuantity } from '../language/say.js';
import { sayBlocker, sayEvidence, saySector } from '../matching/explain.js';
import type { Blocker, Evidence } from '../matching/scoring/facts.js';

/** One match as it goes into a digest. */
export interface DigestItem {
  readonly opportunityId: string;
  readonly reference: string;
  readonly kind: string;
  readonly title: Partial<Record<Language, string>>;
  readonly sectors: readonly string[];
  readonly quantity: number | null;
  readonly unit: string | null;
  readonly period: string | null;
  readonly valueUsd: number | null;
  readonly country: string;
  readonly place: string | null;
  /** Last day it is open, YYYY-MM-DD. */
  readonly openUntil: string;
  readonly materialRevision: number;
  readonly score: number;
  readonly evidence: readonly Evidence[];
  readonly blockers: readonly Blocker[];
}

export interface DigestFacts {
  readonly language: Language;
  readonly contactName: string;
  readonly firmName: string;
  /** Best first, already cut to the limit. */
  readonly items: readonly DigestItem[];
  /** How many there were before the cut. */
  readonly total: number;
  readonly chamber: { readonly name: string; readonly address: string };
  readonly appUrl: string;
  readonly unsubscribeUrl: string;
}

/** A text with the language it is in, where that may not be the reader's. */
export interface Said {
  readonly text: string;
  readonly language: Language;
}

/** A digest in words: both parts of the mail are made from this, so both hold the same. */
export interface DigestModel {
  readonly language: Language;
  readonly subject: string;
  readonly greeting: string;
  readonly intro: string;
  readonly groups: readonly {
    readonly heading: string;
    readonly items: readonly {
      readonly reference: string;
      readonly kind: string;
      readonly title: Said;
      readonly url: string;
      /** Quantity, value, place, deadline: label and value. */
      readonly facts: readonly (readonly [label: string, value: string])[];
      readonly why: readonly string[];
      readonly gaps: readonly { readonly gap: string; readonly action: string }[];
    }[];
  }[];
  readonly shown: string;
  readonly all: { readonly text: string; readonly url: string };
  readonly settings: { readonly text: string; readonly url: string };
  readonly stop: { readonly text: string; readonly url: string };
  readonly because: string;
  readonly chamber: { readonly name: string; readonly address: string };
}

/** Pure: the same facts give the same digest. Grouped by sector in the order of the best match of each; `items` must not be empty. */
export function compose(facts: DigestFacts): DigestModel {
  const { language, items, total, appUrl } = facts;
  const groups = new Map<string, DigestItem[]>();
  for (const item of items) {
    const sector = sectorOf(item);
    groups.set(sector, [...(groups.get(sector) ?? []), item]);
  }
  const [first] = items;
  const firstTitle = first ? inLanguage(first.title, language).text : '';
  return {
    language,
    subject: say(language, 'digest.subject', { count: items.length, title: shorten(firstTitle, 70) }),
    greeting: say(language, 'digest.greeting', { name: facts.contactName }),
    intro: say(language, 'digest.intro', { firm: facts.firmName, count: items.length }),
    groups: [...groups].map(([sector, members]) => ({
      heading: saySector(language, sector),
      items: members.map((item) => ({
        reference: item.reference,
        kind: sayCode(language, 'kind', item.kind),
        title: inLanguage(item.title, language),
        url: `${appUrl}/opportunities/${item.reference}`,
        facts: factsOf(language, item),
        why: item.evidence.map((evidence) => sayEvidence(language, evidence)),
        gaps: item.blockers.map((blocker) => sayBlocker(language, blocker)),
      })),
    })),
    shown: say(language, 'digest.shown', { shown: items.length, total }),
    all: { text: say(language, 'digest.all'), url: `${appUrl}/firm` },
    settings: { text: say(language, 'digest.settings'), url: `${appUrl}/firm/digests` },
    stop: { text: say(language, 'digest.stop'), url: facts.unsubscribeUrl },
    because: say(language, 'digest.because', { chamber: facts.chamber.name }),
    chamber: facts.chamber,
  };
}

/** The sector that made the match, else the lead's first. */
function sectorOf(item: DigestItem): string {
  const matched = item.evidence.find((evidence) => evidence.rule === 'sector');
  return matched?.rule === 'sector' ? matched.sector : (item.sectors[0] ?? '');
}

/** Quantity, value, place and last day of a lead as label and value; shared by mail and page. */
export function factsOf(
  language: Language,
  lead: Pick<DigestItem, 'quantity' | 'unit' | 'period' | 'valueUsd' | 'country' | 'place'> & { readonly openUntil: string | null },
): (readonly [string, string])[] {
  const country = sayCountry(language, lead.country);
  const facts: (readonly [string, string])[] = [];
  if (lead.quantity !== null && lead.unit) {
    facts.push([say(language, 'fact.quantity'), sayQuantity(language, { amount: lead.quantity, unit: lead.unit, period: lead.period })]);
  }
  if (lead.valueUsd !== null) facts.push([say(language, 'fact.value'), sayDollars(language, lead.valueUsd)]);
  facts.push([say(language, 'fact.place'), lead.place ? say(language, 'fact.place.value', { place: lead.place, country }) : country]);
  if (lead.openUntil !== null) facts.push([say(language, 'fact.deadline'), sayDay(language, lead.openUntil)]);
  return facts;
}

export function shorten(text: string, max: number): string {
  const letters = Array.from(text);
  return letters.length <= max
    ? text
    : letters
        .slice(0, max - 1)
        .join('')
        .trimEnd() + '…';
}
