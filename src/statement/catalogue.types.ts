import type { InAllLanguages } from '../language/language.js';

export const ENTRY_KINDS = ['sector', 'corridor', 'platform', 'instrument'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One numbered paragraph of the Joint Statement of 6 February 2025, said in our own words. */
export interface Paragraph {
  readonly number: number;
  /** A short title, at most 60 characters, e.g. "Agriculture". */
  readonly title: InAllLanguages;
  /** One sentence in our own words. */
  readonly summary: InAllLanguages;
}

/** A sector, corridor, platform or instrument that the statement gives rise to. */
export interface Entry {
  /** Stable, lower-case, words joined by a dash; never renamed once published. */
  readonly code: string;
  readonly kind: EntryKind;
  /** Only for sectors: one of the statement's priority sectors. */
  readonly priority?: true;
  /** The paragraphs it comes from, the main one first. */
  readonly paragraphs: readonly number[];
  readonly name: InAllLanguages;
  /** One line: what it means for a firm. */
  readonly summary: InAllLanguages;
}
