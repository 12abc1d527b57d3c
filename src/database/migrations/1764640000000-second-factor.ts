import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The second factor of the chamber's accounts. */
export class SecondFactor1764640000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table second_factor (
  account_id uuid primary key constraint second_factor_account_id_fkey references account on delete cascade,
  -- sealed with a key of the house; shown to its owner until the first code is right, and never again
  secret text not null,
  enrolled_at timestamptz,
  -- of the code used last, counted in 30 s since 1970: none at or before it is taken again
  last_step bigint not null default 0,
  -- wrong codes in a row, and when the last one came
  failures smallint not null default 0,
  failed_at timestamptz,
  created_at timestamptz not null
);

-- each signs in once in place of a code
create table recovery_code (
  account_id uuid not null constraint recovery_code_account_id_fkey references second_factor on delete cascade,
  code_sha256 text not null,
  used_at timestamptz,
  primary key (account_id, code_sha256)
);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table recovery_code; drop table second_factor');
  }
}
