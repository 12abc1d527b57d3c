import { remembering } from '../common/remembering.js';
import type { Language } from '../language/language.js';
import { inLanguage, say, sayCode, sayCountry, sayDay, sayDollars, sayList, sayQuantity } from '../language/say.js';
import { sayBlocker, sayEvidence, saySector } from '../matching/explain.js';
import type { Blocker, Evidence } from '../matching/scoring/facts.js';
import { entryOf } from '../statement/statement.js';
import { answering, ANSWERS, calendarUrl, type DigestUrls, forwardUrl } from './answer-links.js';

/** The city, as every mail names it: there is another Hyderabad. */
export const CITY = 'Hyderabad, Sindh, Pakistan';

/** Why the mail comes: by its rhythm, as a reader's first, or because something cannot wait. */
export type Occasion = 'regular' | 'starter' | 'urgent';

/** What a lead said when the contact was last mailed it. */
export interface Before {
  readonly openUntil: string;
  readonly quantity: number | null;
  readonly unit: string | null;
  readonly period: string | null;
  /** It was taken back for another look meanwhile. */
  readonly held: boolean;
}

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
  /** What the counterparty set, YYYY-MM-DD; null where the lead just runs out. */
  readonly deadline: string | null;
  /** Last day it is open, YYYY-MM-DD. */
  readonly openUntil: string;
  readonly materialRevision: number;
  readonly score: number;
  readonly evidence: readonly Evidence[];
  readonly blockers: readonly Blocker[];
  /** Set where it is mentioned again because of a change; null where it is new to the contact. */
  readonly before: Before | null;
}

export interface DigestFacts {
  readonly language: Language;
  readonly occasion: Occasion;
  readonly contactName: string;
  readonly firmName: string;
  /** Best first, already cut to the limit. */
  readonly items: readonly DigestItem[];
  /** How many there were before the cut. */
  readonly total: number;
  readonly chamber: { readonly name: string; readonly address: string };
  readonly urls: DigestUrls;
}

/** A text with the language it is in, where that may not be the reader's. */
export interface Said {
  readonly text: string;
  readonly language: Language;
}

export interface Link {
  readonly text: string;
  readonly url: string;
}

/** What is said of a match to every reader of a language whose firm it suits in the same way. */
interface SaidItem {
  readonly reference: string;
  readonly kind: string;
  readonly title: Said;
  readonly url: string;
  /** What is different since it was last mailed; empty for what is new. */
  readonly changes: readonly string[];
  /** Quantity, value, place, deadline: label and value. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly why: readonly string[];
  readonly gaps: readonly { readonly gap: string; readonly action: string }[];
  /** Calendar file and text to forward. */
  readonly more: readonly Link[];
}

export interface DigestModelItem extends SaidItem {
  /** Interested, not for me, save: each opens a page that asks for one press. */
  readonly answers: readonly Link[];
}

/** A digest in words: both parts of the mail are made from this, so both hold the same. */
export interface DigestModel {
  readonly language: Language;
  readonly subject: string;
  readonly greeting: string;
  readonly intro: string;
  /** What is special about this mail; null for an ordinary one. */
  readonly notice: string | null;
  readonly groups: readonly {
    readonly heading: string;
    /** Where it stands in the statement; null for what is not in it. */
    readonly paragraph: string | null;
    readonly items: readonly DigestModelItem[];
  }[];
  readonly shown: string;
  readonly all: Link;
  /** Settings, fewer, stop. */
  readonly ways: readonly Link[];
  readonly because: string;
  readonly chamber: { readonly name: string; readonly address: string };
}

/** Pure: the same facts give the same digest. Grouped by sector in the order of the best match of each; `items` must not be empty. */
export function compose(facts: DigestFacts): DigestModel {
  const { language, items, total, urls } = facts;
  const groups = new Map<string, DigestItem[]>();
  for (const item of items) {
    const sector = sectorOf(item);
    groups.set(sector, [...(groups.get(sector) ?? []), item]);
  }
  const count = items.length;
  return {
    language,
    subject: subjectOf(facts),
    greeting: say(language, 'digest.greeting', { name: facts.contactName }),
    intro: say(language, 'digest.intro', { firm: facts.firmName, count }),
    notice: facts.occasion === 'regular' ? null : say(language, facts.occasion === 'urgent' ? 'digest.urgent' : 'digest.starter', { count }),
    groups: [...groups].map(([sector, members]) => {
      const paragraph = entryOf(sector)?.paragraphs[0];
      return {
        heading: saySector(language, sector),
        paragraph: paragraph === undefined ? null : say(language, 'digest.paragraph', { paragraph }),
        items: members.map((item) => itemOf(language, item, urls)),
      };
    }),
    shown: say(language, 'digest.shown', { shown: count, total }),
    all: { text: say(language, 'digest.all'), url: `${urls.app}/firm` },
    ways: [
      { text: say(language, 'digest.settings'), url: `${urls.app}/firm/digests` },
      { text: say(language, 'digest.fewer'), url: urls.fewer },
      { text: say(language, 'digest.stop'), url: urls.stop },
    ],
    because: say(language, 'digest.because', { chamber: facts.chamber.name }),
    chamber: { name: facts.chamber.name, address: inCity(facts.chamber.address) },
  };
}

function subjectOf({ language, occasion, items }: DigestFacts): string {
  const [first] = items;
  const title = shorten(first ? inLanguage(first.title, language).text : '', 70);
  if (occasion === 'urgent' && first) return say(language, 'digest.subject.urgent', { day: sayDay(language, first.openUntil), title });
  return say(language, occasion === 'starter' ? 'digest.subject.starter' : 'digest.subject', { count: items.length, title });
}

/** All of a match that is put into words: what is remembered is never what it said before. */
const WORDS = [
  ...(['reference', 'kind', 'title', 'quantity', 'unit', 'period', 'valueUsd', 'country', 'place', 'deadline', 'openUntil'] as const),
  ...(['evidence', 'blockers', 'before'] as const),
] as const;
const remembered = remembering<SaidItem>(5_000);

function itemOf(language: Language, item: DigestItem, urls: DigestUrls): DigestModelItem {
  const said = remembered(JSON.stringify([language, urls.app, WORDS.map((part) => item[part])]), () => saidOf(language, item, urls.app));
  const page = urls.answer(item.opportunityId);
  return {
    reference: said.reference,
    kind: said.kind,
    title: said.title,
    url: said.url,
    changes: said.changes,
    facts: said.facts,
    why: said.why,
    gaps: said.gaps,
    more: said.more,
    answers: ANSWERS.map((answer) => ({ text: sayCode(language, 'digest.answer', answer), url: answering(page, answer) })),
  };
}

function saidOf(language: Language, item: Pick<DigestItem, (typeof WORDS)[number]>, app: string): SaidItem {
  const { reference } = item;
  return {
    reference,
    kind: sayCode(language, 'kind', item.kind),
    title: inLanguage(item.title, language),
    url: `${app}/opportunities/${reference}`,
    changes: changesOf(language, item),
    facts: factsOf(language, item),
    why: item.evidence.map((evidence) => sayEvidence(language, evidence)),
    gaps: gapsOf(language, item.blockers),
    more: [
      // the day a lead runs out by itself is nothing to write down
      ...(hasDay(item) ? [{ text: say(language, 'digest.calendar'), url: calendarUrl(app, reference) }] : []),
      { text: say(language, 'digest.forward'), url: forwardUrl(app, reference) },
    ],
  };
}

/** Whether its last day belongs into a calendar: somebody has set it, or it is an expo's. */
export const hasDay = ({ deadline, kind }: { readonly deadline: string | null; readonly kind: string }): boolean => deadline !== null || kind === 'expo_place';

/** What a reader who knows the lead should hear: new last day, new quantity, open again. */
export function changesOf(language: Language, item: Pick<DigestItem, 'before' | 'openUntil' | 'quantity' | 'unit' | 'period'>): string[] {
  const { before } = item;
  if (!before) return [];
  const changes: string[] = [];
  if (before.openUntil !== item.openUntil) {
    changes.push(say(language, 'digest.changed.deadline', { day: sayDay(language, item.openUntil), before: sayDay(language, before.openUntil) }));
  }
  const [now, then] = [quantityOf(language, item), quantityOf(language, before)];
  if (now !== then) {
    if (now === null) changes.push(say(language, 'digest.changed.quantity-gone', { before: then ?? '' }));
    else if (then === null) changes.push(say(language, 'digest.changed.quantity-new', { quantity: now }));
    else changes.push(say(language, 'digest.changed.quantity', { quantity: now, before: then }));
  }
  if (before.held) changes.push(say(language, 'digest.changed.reopened'));
  return changes.length ? changes : [say(language, 'digest.changed')];
}

const quantityOf = (language: Language, { quantity, unit, period }: Pick<DigestItem, 'quantity' | 'unit' | 'period'>): string | null =>
  quantity !== null && unit ? sayQuantity(language, { amount: quantity, unit, period }) : null;

/** What stands in the way, each with its action; certificates that are missing are one gap, for they are one errand. */
function gapsOf(language: Language, blockers: readonly Blocker[]): { gap: string; action: string }[] {
  const missing = blockers.flatMap((blocker) => (blocker.gap === 'certificate-missing' ? [sayCode(language, 'certificate', blocker.certificate)] : []));
  const gaps: { gap: string; action: string }[] = [];
  for (const blocker of blockers) {
    if (blocker.gap !== 'certificate-missing') gaps.push(sayBlocker(language, blocker));
    else if (missing.length) {
      const certificate = sayList(language, missing.splice(0));
      gaps.push({ gap: say(language, 'blocker.certificate-missing', { certificate }), action: say(language, 'blocker.certificate-missing.action') });
    }
  }
  return gaps;
}

/** The sector that made the match, else the lead's first. */
function sectorOf(item: DigestItem): string {
  const matched = item.evidence.find((evidence) => evidence.rule === 'sector');
  return matched?.rule === 'sector' ? matched.sector : (item.sectors[0] ?? '');
}

type LeadFacts = Pick<DigestItem, 'quantity' | 'unit' | 'period' | 'valueUsd' | 'country' | 'place'> & { readonly openUntil: string | null };

/** Quantity, value, place and last day of a lead as label and value; shared by mail, page and the text to forward. */
export function factsOf(language: Language, lead: LeadFacts): (readonly [string, string])[] {
  const country = sayCountry(language, lead.country);
  const facts: (readonly [string, string])[] = [];
  const quantity = quantityOf(language, lead);
  if (quantity !== null) facts.push([say(language, 'fact.quantity'), quantity]);
  if (lead.valueUsd !== null) facts.push([say(language, 'fact.value'), sayDollars(language, lead.valueUsd)]);
  facts.push([say(language, 'fact.place'), lead.place ? say(language, 'fact.place.value', { place: lead.place, country }) : country]);
  if (lead.openUntil !== null) facts.push([say(language, 'fact.deadline'), sayDay(language, lead.openUntil)]);
  return facts;
}

/** A short plain text for WhatsApp or WeChat: what the lead's public page says, and whose it is; no reader, no token, no counterparty. */
export function forwardText(
  language: Language,
  lead: LeadFacts & Pick<DigestItem, 'kind' | 'title' | 'reference'>,
  chamber: { readonly name: string; readonly address: string },
  appUrl: string,
): string {
  return [
    inLanguage(lead.title, language).text,
    `${sayCode(language, 'kind', lead.kind)} · ${lead.reference}`,
    ...factsOf(language, lead).map(([label, value]) => `${label}: ${value}`),
    `${appUrl}/opportunities/${lead.reference}`,
    say(language, 'forward.sender', { chamber: chamber.name }),
    inCity(chamber.address),
  ].join('\n');
}

/** The chamber's address with the city in it. */
const inCity = (address: string): string => (address.includes(CITY) ? address : `${address}, ${CITY}`);

export function shorten(text: string, max: number): string {
  const letters = Array.from(text);
  return letters.length <= max
    ? text
    : letters
        .slice(0, max - 1)
        .join('')
        .trimEnd() + '…';
}
