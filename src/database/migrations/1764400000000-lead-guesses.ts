import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes that a lead without any is taken to mean: they tell what it is about in no language, and are never shown as its own. */
export class LeadGuesses1764400000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table opportunity add guessed_hs text[] not null default '{}', add guessed_isic text[] not null default '{}'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table opportunity drop guessed_hs, drop guessed_isic');
  }
}
