import { sharedDigits } from '../nomenclature/hs.js';
import type { FeedbackReason } from './interest.entity.js';

/** So many answers of one kind make a proposal; two may be chance. */
export const ENOUGH = 3;

/** One opportunity that a firm answered. */
export interface Answered {
  /** Null: the firm was interested. */
  readonly reason: FeedbackReason | null;
  readonly country: string;
  /** HS codes of the opportunity, without dots. */
  readonly hs: readonly string[];
}

/** The settings that a proposal may be about. */
export interface Settings {
  readonly excludedCountries: readonly string[];
  readonly offers: readonly {
    readonly text: string;
    readonly hs: readonly string[];
    /** What the words of a line without codes were taken to mean. */
    readonly guessedHs: readonly string[];
    readonly hasCapacity: boolean;
  }[];
  readonly needs: readonly { readonly hs: readonly string[] }[];
}

/**
 * A change of a firm's own settings, which it accepts or not; nothing is ever changed without that.
 * - `exclude-country`: no more matches with this country
 * - `remove-hs`: this code off every line of the profile
 * - `state-capacity`: say how much of this offer can be supplied; only the firm knows, so it is filled in and not accepted
 */
export type Proposal =
  | { readonly kind: 'exclude-country'; readonly key: string; readonly count: number; readonly country: string }
  | { readonly kind: 'remove-hs'; readonly key: string; readonly count: number; readonly hs: string }
  | { readonly kind: 'state-capacity'; readonly key: string; readonly count: number; readonly line: string };

/**
 * Pure: what a firm's answers suggest about its settings, without what it has decided already. Interest in one opportunity of a kind outweighs
 * any number of refusals. Price, time and "other" suggest no setting. In the order of countries, codes, lines.
 */
export function proposalsOf(answers: readonly Answered[], settings: Settings, decided: ReadonlySet<string>): Proposal[] {
  /** How many were refused for the reason, unless the firm was interested in one of them. */
  const refused = (reason: FeedbackReason, about: (answer: Answered) => boolean): number => {
    const those = answers.filter(about);
    return those.some((answer) => answer.reason === null) ? 0 : those.filter((answer) => answer.reason === reason).length;
  };
  const countries = [...new Set(answers.map(({ country }) => country))].sort().flatMap((country): Proposal[] => {
    const count = settings.excludedCountries.includes(country) ? 0 : refused('country', (answer) => answer.country === country);
    return [{ kind: 'exclude-country', key: `exclude-country:${country}`, count, country }];
  });
  const own = [...new Set([...settings.offers, ...settings.needs].flatMap(({ hs }) => hs))].sort();
  const codes = own.map((hs): Proposal => {
    const count = refused('product', (answer) => answer.hs.some((theirs) => isNear(hs, theirs)));
    return { kind: 'remove-hs', key: `remove-hs:${hs}`, count, hs };
  });
  const capacities = settings.offers.flatMap(({ text, hs, guessedHs, hasCapacity }): Proposal[] => {
    if (hasCapacity) return [];
    const mine = [...hs, ...guessedHs];
    const count = refused('quantity', (answer) => answer.hs.some((theirs) => mine.some((code) => isNear(code, theirs))));
    return [{ kind: 'state-capacity', key: `state-capacity:${mine.join(',')}`, count, line: text }];
  });
  // two lines of the same codes are one proposal
  const all = new Map([...countries, ...codes, ...capacities].reverse().map((proposal) => [proposal.key, proposal]));
  return [...all.values()].reverse().filter(({ key, count }) => count >= ENOUGH && !decided.has(key));
}

/** As near as matching takes two codes to be about the same product: the same heading, or the whole of the broader code. */
const isNear = (a: string, b: string): boolean => sharedDigits(a, b) >= Math.min(4, a.length, b.length);
