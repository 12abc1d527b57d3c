import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Official nomenclatures that a chamber imported: weak evidence beside the lexicon, which is part of the program. */
export class Nomenclature1764100000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table nomenclature (
  -- 2, 4 or 6 digits, without dots
  code text primary key constraint nomenclature_code_check check (code ~ '^([0-9]{2}){1,3}$'),
  description_en text not null default '',
  description_zh text not null default '',
  updated_at timestamptz not null,
  constraint nomenclature_says_something_check check (description_en <> '' or description_zh <> '')
);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table nomenclature');
  }
}
