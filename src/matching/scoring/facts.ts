import type { Period } from '../../nomenclature/units.js';
import type { OpportunityKind } from '../../statement/kinds.js';

/** What scoring needs to know of a line: nothing else of the firm's words reaches it. */
export interface LineFacts {
  readonly hs: readonly string[];
  readonly isic: readonly string[];
  /** Codes that its words were taken to mean; they count less than chosen ones. */
  readonly guessedHs: readonly string[];
  readonly guessedIsic: readonly string[];
  /** Words of its text, as nomenclature reads them: key → as written; and what it means ({@link meaningsOf}): key → ''. */
  readonly words: ReadonlyMap<string, string>;
  /** Months of supply, 1-12; empty means all year. */
  readonly months: readonly number[];
  readonly capacity?: { readonly amount: number; readonly unit: string; readonly period: Period };
  readonly certificates: readonly string[];
}

export interface FirmFacts {
  readonly id: string;
  readonly revision: number;
  readonly admitted: boolean;
  /** YYYY-MM-DD, the last day of membership. */
  readonly validUntil: string | null;
  readonly sectors: readonly string[];
  readonly seeks: readonly OpportunityKind[];
  readonly markets: readonly string[];
  /** Platforms of the statement through which its goods and services are offered. */
  readonly platforms: readonly string[];
  readonly certificates: readonly string[];
  readonly excludedCountries: readonly string[];
  readonly excludedKinds: readonly OpportunityKind[];
  readonly excludedWords: readonly string[];
  readonly offers: readonly LineFacts[];
  readonly needs: readonly LineFacts[];
}

export interface OpportunityFacts {
  readonly id: string;
  readonly revision: number;
  readonly kind: OpportunityKind;
  /** Published and not past its last day. */
  readonly open: boolean;
  readonly ownFirmId: string | null;
  readonly hs: readonly string[];
  readonly isic: readonly string[];
  readonly sectors: readonly string[];
  /** Of the deal; null where it says none (imported files). */
  readonly country: string | null;
  readonly platforms: readonly string[];
  readonly certificates: readonly string[];
  /** Months in which it wants delivery, 1-12; empty means any. */
  readonly deliveryMonths: readonly number[];
  readonly quantity?: { readonly amount: number; readonly unit: string; readonly period: Period | null };
  /** The words of its title in each language it has one in: what firms exclude by. */
  readonly titles: readonly ReadonlySet<string>[];
  /**
   * What firms are compared with, one text at a time: title and summary in each language, and what they mean in none. Key → how much more or less it
   * counts than a word (a multiple of 1/4).
   */
  readonly texts: readonly ReadonlyMap<string, number>[];
}

/** One reason for a match, in codes; said in the reader's language when shown. */
export type Evidence =
  | { readonly rule: 'sector'; readonly sector: string; readonly paragraph: number }
  | { readonly rule: 'product'; readonly system: 'hs' | 'isic'; readonly theirs: string; readonly yours: string; readonly digits: number }
  /** As the firm wrote them. */
  | { readonly rule: 'words'; readonly words: readonly string[] }
  /** The words of both are taken to mean the same goods or work, whatever the language. */
  | { readonly rule: 'meaning'; readonly system: 'hs' | 'isic'; readonly code: string }
  /** What its lines of the product can supply together, of the quantity: 100 means all. */
  | { readonly rule: 'capacity'; readonly percent: number }
  /** Months of the delivery window in which it supplies. */
  | { readonly rule: 'season'; readonly months: readonly number[] }
  | { readonly rule: 'country'; readonly country: string }
  | { readonly rule: 'platform'; readonly platform: string; readonly paragraph: number }
  | { readonly rule: 'certificates'; readonly certificates: readonly string[] };

/** One gap against a match; each has one action that closes it. */
export type Blocker =
  | { readonly gap: 'membership-lapsed'; readonly since: string }
  | { readonly gap: 'certificate-missing'; readonly certificate: string }
  | { readonly gap: 'capacity-short'; readonly percent: number }
  /** Months of the delivery window in which it does not supply. */
  | { readonly gap: 'out-of-season'; readonly months: readonly number[] };

/** What a rule says of one pair. */
export interface Verdict {
  readonly points: number;
  /** 0 where the opportunity states nothing that the rule could hold a firm to. */
  readonly max: number;
  readonly evidence: readonly Evidence[];
}

export interface Score {
  /** 0-100, unrounded. */
  readonly score: number;
  readonly evidence: readonly Evidence[];
  readonly blockers: readonly Blocker[];
}
