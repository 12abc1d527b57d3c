/** A value of a report: a code or a text, a figure, or nothing. */
export type Cell = string | number | null;

/**
 * How a column is read, and said to a person:
 * - `entry`: code of an entry of the statement; `paragraph`: its number
 * - `route`: `CN` or `CN, Zhejiang`: where the other side is
 * - `codes`: several, separated by a space, each a message below the column's name
 * - `code`: one such
 * - `share`, `ratio`: 0 to 1, and times
 * - `amount`: in the currency that the column names
 */
export type Kind = 'text' | 'entry' | 'entries' | 'paragraph' | 'route' | 'code' | 'codes' | 'count' | 'share' | 'ratio' | 'days' | 'day' | 'month' | 'amount';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
  /** ISO 4217, of an amount. */
  readonly currency?: string;
  /** Also shown as a bar; those of one table have one scale. */
  readonly bar?: true;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** Id of what the row is about, where the desk has a page for it. */
  readonly subject?: string;
}

export interface Table {
  readonly name: string;
  readonly about?: 'firm' | 'opportunity';
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** How many rows there are, where not all of them are here. */
  readonly of?: number;
  /** Of the whole, each thing once: what belongs to several rows is in each of them. */
  readonly total?: Row;
}

export const text = (name: string): Column => ({ name, kind: 'text' });
export const count = (name: string): Column => ({ name, kind: 'count' });
export const bar = (name: string): Column => ({ name, kind: 'count', bar: true });
export const code = (name: string): Column => ({ name, kind: 'code' });
