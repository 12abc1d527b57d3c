import type { Source } from './trade-index.js';

/** A row of an official nomenclature: weak evidence beside the lexicon. */
export interface OfficialRow {
  readonly code: string;
  readonly descriptionEn: string;
  readonly descriptionZh: string;
}

/** Splits CSV (RFC 4180) into records; the line number is that of the record's first line. */
export function* readCsv(text: string): Generator<{ line: number; fields: string[] }> {
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let start = 1;
  const body = text.replace(/^\uFEFF/, '');
  for (let i = 0; i < body.length; i++) {
    const c = body.charAt(i);
    if (c === '\n') line++;
    if (quoted) {
      if (c !== '"') field += c;
      else if (body.charAt(i + 1) === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === ',') {
      fields.push(field);
      field = '';
    } else if (c === '\n') {
      fields.push(field.replace(/\r$/, ''));
      if (fields.length > 1 || fields[0] !== '') yield { line: start, fields };
      fields = [];
      field = '';
      start = line;
    } else field += c;
  }
  if (field !== '' || fields.length) yield { line: start, fields: [...fields, field.replace(/\r$/, '')] };
}

/** A file that is no nomenclature at all: it lacks a column. */
export class NotANomenclature extends Error {}

/**
 * Reads an official nomenclature: columns code, description_en and, if there, description_zh; others are left alone.
 * Rows that cannot be read are passed to `fault` with their line.
 */
export function readOfficial(text: string, fault: (line: number, what: string) => void): OfficialRow[] {
  const records = readCsv(text);
  const header = (records.next().value as { fields: string[] } | undefined)?.fields.map((name) => name.trim().toLowerCase()) ?? [];
  const column = (name: string) => header.indexOf(name);
  const [codeAt, enAt, zhAt] = [column('code'), column('description_en'), column('description_zh')];
  if (codeAt < 0 || enAt < 0) throw new NotANomenclature('The file needs the columns code and description_en.');
  const rows: OfficialRow[] = [];
  const seen = new Set<string>();
  for (const { line, fields } of records) {
    const code = (fields[codeAt] ?? '').replace(/[.\s]/g, '');
    const descriptionEn = (fields[enAt] ?? '').trim();
    const descriptionZh = zhAt < 0 ? '' : (fields[zhAt] ?? '').trim();
    if (!/^(?:\d{2}|\d{4}|\d{6})$/.test(code) || Number(code.slice(0, 2)) === 0 || Number(code.slice(0, 2)) > 97)
      fault(line, `"${code}" is not an HS code of 2, 4 or 6 digits`);
    else if (descriptionEn === '' && descriptionZh === '') fault(line, `${code} has no description`);
    else if (seen.has(code)) fault(line, `${code} twice`);
    else {
      seen.add(code);
      rows.push({ code, descriptionEn, descriptionZh });
    }
  }
  return rows;
}

/** Rows as a source of the classifier: a description is one phrase, and nothing of the form of the lexicon's files can come in by it. */
export function officialSource(rows: readonly OfficialRow[]): Source {
  const oneLine = (text: string) => text.replace(/\s+/g, ' ').replace(/[;；]/g, ',');
  return {
    kind: 'official',
    text: rows
      .map(({ code, descriptionEn, descriptionZh }) =>
        [code, descriptionEn && `en: ${oneLine(descriptionEn)}`, descriptionZh && `zh: ${oneLine(descriptionZh)}`].filter(Boolean).join('\n'),
      )
      .join('\n\n'),
  };
}
