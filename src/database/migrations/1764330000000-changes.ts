import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a published lead said before each change worth telling again, so that a second mention can name the difference. */
export class Changes1764330000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table opportunity_change (
  opportunity_id uuid not null constraint opportunity_change_opportunity_id_fkey references opportunity on delete cascade,
  -- the revision that the change made
  material_revision integer not null,
  -- as it stood before
  open_until date not null,
  quantity double precision,
  unit text,
  period text,
  -- it was taken back for another look, and is open again
  held boolean not null default false,
  changed_at timestamptz not null,
  primary key (opportunity_id, material_revision)
)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table opportunity_change');
  }
}
