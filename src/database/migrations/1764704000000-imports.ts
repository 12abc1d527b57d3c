import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of leads that the desk was given, and which lead came from which. */
export class Imports1764704000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table import_file (
  id uuid primary key default gen_random_uuid(),
  -- of the content: the same file is the same import
  sha256 text not null constraint import_file_sha256 unique,
  -- its rows as they were read; of one that was refused only where it stands and why. Not jsonb: what was said is hashed as it was said
  rows json not null,
  uploaded_by uuid not null,
  uploaded_at timestamptz not null,
  applied_at timestamptz,
  undone_at timestamptz
);
create index import_file_uploaded on import_file (uploaded_at desc, id);

create table import_row (
  opportunity_id uuid primary key constraint import_row_opportunity_id_fkey references opportunity on delete cascade,
  import_id uuid not null constraint import_row_import_id_fkey references import_file on delete cascade,
  -- of source and reference, by which the row is known again
  key text not null constraint import_row_key unique,
  -- of what the row said
  sha256 text not null
);
create index import_row_import on import_row (import_id);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table import_row; drop table import_file;');
  }
}
