import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes that a line without any is taken to mean, kept apart from those that the firm chose. */
export class Guesses1764200000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table firm_line add guessed_hs text[] not null default '{}', add guessed_isic text[] not null default '{}'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table firm_line drop guessed_hs, drop guessed_isic');
  }
}
