import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { ENTRIES, PARAGRAPHS } from './catalogue.js';
import type { Entry, EntryKind } from './catalogue.types.js';

const BY_CODE: ReadonlyMap<string, Entry> = new Map(ENTRIES.map((entry) => [entry.code, entry]));

/** The entry with that code, if there is one. */
export const entryOf = (code: string): Entry | undefined => BY_CODE.get(code);
export const entriesOf = (kind: EntryKind): readonly Entry[] => ENTRIES.filter((entry) => entry.kind === kind);

/** A list of codes of one kind, without repetition; every later record refers to the statement through this. */
export const codesOf = (kind: EntryKind) =>
  z
    .array(z.string().refine((code) => BY_CODE.get(code)?.kind === kind, { error: 'not-in-statement' }))
    .max(20)
    .transform((codes) => [...new Set(codes)]);

/** Brings the catalogue's rows in line with the reviewed data of this version; entries are never removed, for records refer to them. */
export async function storeCatalogue(source: DataSource): Promise<void> {
  await source.query(
    `insert into statement_paragraph (number, title, summary)
     select number, title, summary from jsonb_to_recordset($1) as given (number smallint, title jsonb, summary jsonb)
     on conflict (number) do update set title = excluded.title, summary = excluded.summary`,
    [JSON.stringify(PARAGRAPHS)],
  );
  await source.query(
    `insert into statement_entry (code, kind, priority, position, paragraphs, name, summary)
     select code, kind, coalesce(priority, false), position, array(select jsonb_array_elements_text(paragraphs)::smallint), name, summary
     from jsonb_to_recordset($1) as given (code text, kind text, priority boolean, position smallint, paragraphs jsonb, name jsonb, summary jsonb)
     on conflict (code) do update set kind = excluded.kind, priority = excluded.priority, position = excluded.position,
       paragraphs = excluded.paragraphs, name = excluded.name, summary = excluded.summary`,
    [JSON.stringify(ENTRIES.map((entry, position) => ({ ...entry, position })))],
  );
}
