import type { EntityManager } from 'typeorm';
import type { ImportRow } from './import-file.js';

/** A file of leads that the desk was given. */
export interface ImportFile {
  readonly id: string;
  /** Empty once it is too long ago. */
  readonly rows: readonly ImportRow[];
  readonly uploadedAt: Date;
  readonly appliedAt: Date | null;
  readonly undoneAt: Date | null;
}
const COLUMNS = 'id, rows, uploaded_at "uploadedAt", applied_at "appliedAt", undone_at "undoneAt"';

/** A lead that came from a file. */
export interface Imported {
  readonly key: string;
  readonly sha256: string;
  readonly id: string;
  readonly reference: string;
  /** A draft that nobody has touched. */
  readonly untouched: boolean;
}
const IMPORTED = `r.key, r.sha256, o.id, o.reference, (o.status = 'draft' and o.revision = 1) untouched
  from import_row r join opportunity o on o.id = r.opportunity_id`;

/** The same content is the same import. Index: import_file_sha256. */
export async function keepFile(manager: EntityManager, sha256: string, rows: readonly ImportRow[], by: string, at: Date): Promise<string> {
  const [file] = await manager.query<{ id: string }[]>(
    `insert into import_file (sha256, rows, uploaded_by, uploaded_at) values ($1, $2, $3, $4)
     on conflict (sha256) do update set rows = excluded.rows, uploaded_at = excluded.uploaded_at returning id`,
    [sha256, JSON.stringify(rows), by, at],
  );
  return file?.id ?? '';
}

/** Index: import_file_pkey. */
export async function fileOf(manager: EntityManager, id: string): Promise<ImportFile | undefined> {
  const [file] = await manager.query<ImportFile[]>(`select ${COLUMNS} from import_file where id = $1`, [id]);
  return file;
}

/** Forgets what files from before then said; which lead came from which stays. */
export const forgetRows = (manager: EntityManager, before: Date): Promise<unknown> =>
  manager.query(`update import_file set rows = '[]' where uploaded_at < $1 and rows::text <> '[]'`, [before]);

/** The files given last. Index: import_file_uploaded. */
export const latestFiles = (manager: EntityManager, limit: number): Promise<Omit<ImportFile, 'rows'>[]> =>
  manager.query('select id, uploaded_at "uploadedAt", applied_at "appliedAt", undone_at "undoneAt" from import_file order by uploaded_at desc, id limit $1', [
    limit,
  ]);

/** What came from rows with these keys. Index: import_row_key. */
export const importedByKey = (manager: EntityManager, keys: readonly string[]): Promise<Imported[]> =>
  manager.query(`select ${IMPORTED} where r.key = any($1)`, [keys]);

/** What came from a file. Index: import_row_import. */
export const importedFrom = (manager: EntityManager, importId: string): Promise<Imported[]> =>
  manager.query(`select ${IMPORTED} where r.import_id = $1 order by o.reference`, [importId]);

/** One import at a time, until the transaction ends: what is new stays so. */
export const alone = (manager: EntityManager): Promise<unknown> => manager.query('lock table import_row in share row exclusive mode');

/** Which lead came from which row. */
export const noteRows = (manager: EntityManager, importId: string, rows: readonly { id: string; key: string; sha256: string }[]): Promise<unknown> =>
  manager.query(
    'insert into import_row (opportunity_id, import_id, key, sha256) select a, $1, b, c from unnest($2::uuid[], $3::text[], $4::text[]) t (a, b, c)',
    [importId, rows.map(({ id }) => id), rows.map(({ key }) => key), rows.map(({ sha256 }) => sha256)],
  );

/** Removes the drafts of a file that nobody has touched. Index: import_row_import. */
export async function removeUntouched(manager: EntityManager, importId: string): Promise<number> {
  const [, n] = await manager.query<[unknown[], number]>(
    `delete from opportunity o using import_row r where r.import_id = $1 and o.id = r.opportunity_id and o.status = 'draft' and o.revision = 1`,
    [importId],
  );
  return n;
}

/** Index: import_file_pkey. */
export const markFile = (manager: EntityManager, id: string, what: 'applied' | 'undone', at: Date): Promise<unknown> =>
  manager.query(`update import_file set ${what === 'applied' ? 'applied_at = $2, undone_at = null' : 'undone_at = $2'} where id = $1`, [id, at]);
