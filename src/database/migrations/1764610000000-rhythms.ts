import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom an occurrence is for is looked up for each rhythm every few minutes, however many subscriptions there are. */
export class Rhythms1764610000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('create index subscription_rhythm on subscription (cadence, zone, weekday, hour) where unsubscribed_at is null');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop index subscription_rhythm');
  }
}
