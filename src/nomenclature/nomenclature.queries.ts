import type { DataSource } from 'typeorm';
import type { OfficialRow } from './official.js';

/** Stores rows of an official nomenclature; a code that is there already gets the new description. Found by its primary key. */
export async function storeOfficialRows(source: DataSource, rows: readonly OfficialRow[], now: Date): Promise<void> {
  await source.query(
    `insert into nomenclature (code, description_en, description_zh, updated_at)
     select code, description_en, description_zh, $2 from jsonb_to_recordset($1) as given (code text, description_en text, description_zh text)
     on conflict (code) do update set
       description_en = coalesce(nullif(excluded.description_en, ''), nomenclature.description_en),
       description_zh = coalesce(nullif(excluded.description_zh, ''), nomenclature.description_zh),
       updated_at = excluded.updated_at`,
    [JSON.stringify(rows.map((row) => ({ code: row.code, description_en: row.descriptionEn, description_zh: row.descriptionZh }))), now],
  );
}

/** All imported rows, for the classifier. Reads the whole table, which is small. */
export const readOfficialRows = (source: DataSource): Promise<OfficialRow[]> =>
  source.query<OfficialRow[]>(`select code, description_en as "descriptionEn", description_zh as "descriptionZh" from nomenclature order by code`);
