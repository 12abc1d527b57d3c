import { stringify } from 'csv-stringify/sync';
import type { Language } from '../language/language.js';
import { inLanguage, say, sayCode, sayCountry, sayDay, sayList, sayMonth, sayNumber } from '../language/say.js';
import { saySector } from '../matching/explain.js';
import type { Cell, Column, Table } from '../reports/table.js';
import { PARAGRAPHS } from '../statement/catalogue.js';

/** Where the words of a column's codes are; the others are named as columns are. */
const PREFIX: Readonly<Record<string, string>> = { class: 'membership-class', size: 'size', women: 'report.women', why: 'report.why', lacks: 'report.lacks' };
/** What an empty code says: that nothing is said. */
const NAMES = new Set<Column['kind']>(['text', 'entry', 'paragraph', 'route', 'code']);

/** The head of a column. */
export function sayColumn(language: Language, { name, currency }: Column): string {
  if (name.startsWith('reason-')) return sayCode(language, 'feedback.reason', name.slice('reason-'.length));
  const said = sayCode(language, 'report.column', name);
  return currency ? `${said} (${currency})` : said;
}

/** A value in the reader's words; empty where there is none. */
export function sayCell(language: Language, column: Column, cell: Cell): string {
  if (cell === null) return '';
  if (cell === '' && NAMES.has(column.kind)) return say(language, 'report.none');
  if (typeof cell === 'number') return sayFigure(language, column, cell);
  const several = (one: (code: string) => string) => sayList(language, cell.split(' ').filter(Boolean).map(one));
  const coded = (code: string) => sayCode(language, PREFIX[column.name] ?? 'report.column', code);
  switch (column.kind) {
    case 'entry':
      return saySector(language, cell);
    case 'entries':
      return several((code) => saySector(language, code));
    case 'codes':
      return several(coded);
    case 'code':
      return coded(cell);
    case 'paragraph':
      return say(language, 'report.paragraph', { number: cell, title: titleOf(language, cell) });
    case 'route':
      return cell.replace(/^[A-Z]{2}/, (country) => sayCountry(language, country));
    case 'day':
      return sayDay(language, cell);
    case 'month':
      return sayMonth(language, cell);
    default:
      return cell;
  }
}

function sayFigure(language: Language, { kind }: Column, figure: number): string {
  return kind === 'share' ? `${sayNumber(language, Math.round(figure * 1000) / 10)}%` : sayNumber(language, Math.round(figure * 100) / 100);
}

function titleOf(language: Language, number: string): string {
  const paragraph = PARAGRAPHS.find((one) => String(one.number) === number);
  return paragraph ? inLanguage(paragraph.title, language).text : '';
}

/** A value as a program reads it: figures, days and months as they are, codes in words. */
function plain(language: Language, column: Column, cell: Cell): string | number {
  if (typeof cell === 'number') return column.kind === 'share' || column.kind === 'ratio' ? Math.round(cell * 10_000) / 10_000 : cell;
  return column.kind === 'day' || column.kind === 'month' ? (cell ?? '') : sayCell(language, column, cell);
}

/** A table for a spreadsheet: UTF-8 that says so, and nothing in it that a spreadsheet would reckon with. */
export function csvOf(language: Language, { columns, rows, total }: Table): string {
  const line = (cells: readonly Cell[]) => columns.map((column, i) => plain(language, column, cells[i] ?? null));
  const all = [columns.map((column) => sayColumn(language, column)), ...rows.map(({ cells }) => line(cells))];
  if (total) all.push([say(language, 'report.together'), ...line(total.cells).slice(1)]);
  return stringify(all, { bom: true, escape_formulas: true, record_delimiter: 'windows' });
}
