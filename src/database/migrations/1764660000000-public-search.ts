import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the public search finds a lead by; filled at the next start where it is empty. The public lists are in the order of publishing. */
export class PublicSearch1764660000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
alter table opportunity add search text[] not null default '{}';
create index opportunity_search on opportunity using gin (search) where status = 'published';
create index opportunity_public on opportunity (published_at desc, id) where status = 'published';
create index opportunity_by_sector on opportunity (sectors, open_until) where status = 'published';
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table opportunity drop search');
    await q.query('drop index opportunity_public; drop index opportunity_by_sector');
  }
}
