import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import { AppError, invalid, type Issue, parse } from '../common/errors.js';
import { line } from '../common/text.js';
import { LANGUAGES } from '../language/language.js';
import { sectorsOf } from '../nomenclature/sectors.js';
import { z } from 'zod';

/** A file may be this long, in bytes of UTF-8, … */
const FILE_BYTES = 1_000_000;
/** … which as a field of a form or of JSON takes no more than this, … */
export const IMPORT_BODY_BYTES = 2 * FILE_BYTES + 65_536;
/** … and hold so many leads. */
const FILE_ROWS = 1000;

/** A row of a file: what it says of a lead, in the shape that `opportunitySchema` takes, or why it cannot be read. */
export interface ImportRow {
  /** Where it begins in the file, counted from 1. */
  readonly line: number;
  /** What its source calls it. */
  readonly reference: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
}

const LISTS = ['hs', 'isic', 'sectors', 'corridors', 'platforms', 'instruments', 'certificates', 'deliveryMonths'];
const TEXTS = ['title', 'summary'];
/** What a file may say of a lead. */
export const COLUMNS = [
  ...['reference', 'kind', 'quantity', 'unit', 'period', 'valueUsd', 'country', 'place', 'deadline'],
  ...['counterparty', 'counterpartyEmail', 'counterpartyPhone', 'source'],
  ...LISTS,
  ...TEXTS.flatMap((name) => LANGUAGES.map((language) => `${name}.${language}`)),
];
/** Column names as they are written, in lower case. */
const COLUMN = new Map<string, string>([
  ...COLUMNS.map((name) => [name.toLowerCase(), name] as const),
  ['id', 'reference'],
  ...TEXTS.map((name) => [name, `${name}.en`] as const),
]);

/**
 * Reads a file of leads: lines of JSON, or CSV with comma, semicolon or tab, by what stands in it. The names of columns are those of the API.
 * @throws AppError Invalid for a file that as a whole is none
 */
export function readImport(content: string): ImportRow[] {
  const text = content.replace(/^\uFEFF/, '');
  if (!text.trim()) throw invalid('file', 'required');
  if (Buffer.byteLength(content) > FILE_BYTES) throw invalid('file', 'file-too-large', { max: FILE_BYTES / 1000 });
  // what could not be decoded was replaced by U+FFFD
  if (/[\0\uFFFD]/.test(text)) throw invalid('file', 'not-utf-8');
  const rows = text.trimStart().startsWith('{') ? jsonRows(text) : csvRows(text);
  if (!rows.length) throw invalid('file', 'required');
  if (rows.length > FILE_ROWS) throw invalid('file', 'too-many-rows', { max: FILE_ROWS });
  const seen = new Set<string>();
  return rows.map((row) => {
    const key = keyOf(row);
    if (row.issues.length) return row;
    if (seen.has(key)) return { ...row, issues: [{ field: 'reference', reason: 'twice-in-file' }] };
    seen.add(key);
    return row;
  });
}

/** By what a row is known again: its source and what that calls it. */
export const keyOf = ({ reference, input }: ImportRow): string =>
  JSON.stringify([typeof input['source'] === 'string' ? input['source'].trim() : '', reference]);

const referenceSchema = z.object({ reference: line(100) });

function rowOf(at: number, reference: unknown, input: Record<string, unknown>): ImportRow {
  try {
    const read = parse(referenceSchema, { reference: typeof reference === 'number' ? String(reference) : reference });
    return { line: at, reference: read.reference, input: withSectors(input), issues: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { line: at, reference: '', input, issues: error.issues };
  }
}

/** Where a row names no sector, its codes do. */
function withSectors(input: Record<string, unknown>): Record<string, unknown> {
  const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
  if (strings(input['sectors']).length) return input;
  return { ...input, sectors: sectorsOf({ hs: strings(input['hs']).map((code) => code.replace(/\D/g, '')), isic: strings(input['isic']) }) };
}

const split = (text: string): string[] => text.split(/[\s,;|،؛、，]+/).filter(Boolean);
const amount = (text: string): unknown => {
  const plain = text.replaceAll(',', '');
  return Number.isFinite(Number(plain)) ? Number(plain) : text;
};

function csvRows(text: string): ImportRow[] {
  const head = /^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '';
  const delimiter = [',', ';', '\t'].reduce((best, one) => (head.split(one).length > head.split(best).length ? one : best));
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parseCsv(text, { delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true, max_record_size: 100_000 }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid('file', 'not-csv', { line: Number(error['lines'] ?? 1) });
  }
  const names = records[0]?.record ?? [];
  const columns = names.map((name) => COLUMN.get(name.toLowerCase()));
  const unknown = names.filter((_, i) => !columns[i]);
  if (unknown.length)
    throw new AppError(
      'Invalid',
      unknown.slice(0, 20).map((column) => ({ field: 'file', reason: 'unknown-column', values: { column: column.slice(0, 60) } })),
    );
  if (new Set(columns).size < columns.length) throw invalid('file', 'column-twice');
  return records.slice(1).flatMap(({ record, info }) => {
    if (record.every((cell) => cell === '')) return [];
    if (record.length > columns.length) return [{ line: info.lines, reference: '', input: {}, issues: [{ field: 'row', reason: 'too-many-cells' }] }];
    const cells = Object.fromEntries(record.flatMap((cell, i) => (cell === '' ? [] : [[columns[i] ?? '', cell]])));
    return [rowOf(info.lines, cells['reference'], inputOf(cells))];
  });
}

function inputOf(cells: Readonly<Record<string, string>>): Record<string, unknown> {
  const input: Record<string, unknown> = { title: {}, summary: {} };
  for (const [column, cell] of Object.entries(cells)) {
    const [name = '', language] = column.split('.');
    if (language) Object.assign(input[name] as object, { [language]: cell });
    else if (name === 'deliveryMonths') input[name] = split(cell).map(amount);
    else if (LISTS.includes(name)) input[name] = split(cell);
    else if (name === 'valueUsd') input[name] = amount(cell);
    else if (!['reference', 'quantity', 'unit', 'period'].includes(name)) input[name] = cell;
  }
  const { quantity, unit, period } = cells;
  return quantity === undefined ? input : { ...input, quantity: { amount: amount(quantity), unit, period } };
}

function jsonRows(text: string): ImportRow[] {
  return text.split('\n').flatMap((written, i): ImportRow[] => {
    if (!written.trim()) return [];
    let said: unknown;
    try {
      said = JSON.parse(written);
    } catch {
      said = null;
    }
    if (typeof said !== 'object' || said === null || Array.isArray(said))
      return [{ line: i + 1, reference: '', input: {}, issues: [{ field: 'row', reason: 'not-json' }] }];
    const { id, reference = id, ...rest } = said as Record<string, unknown>;
    const input = Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]): [string, unknown][] => {
        if (value === null) return [];
        if (typeof value !== 'string') return [[name, value]];
        return [[name, TEXTS.includes(name) ? { en: value } : LISTS.includes(name) ? split(value) : value]];
      }),
    );
    return [rowOf(i + 1, reference, input)];
  });
}
