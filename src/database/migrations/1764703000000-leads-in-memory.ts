import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Public searches are answered from memory: nothing reads these indexes any more, and each writing of a lead paid for them. */
export class LeadsInMemory1764703000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('drop index opportunity_search; drop index opportunity_public; drop index opportunity_by_sector');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create index opportunity_search on opportunity using gin (search) where status = 'published';
create index opportunity_public on opportunity (published_at desc, id) where status = 'published';
create index opportunity_by_sector on opportunity (sectors, open_until) where status = 'published';
`);
  }
}
