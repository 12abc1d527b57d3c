import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A digest's row is written four times within a second: that shall cost its page, and no index until it has its end. */
export class QuickLedger1764701000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
-- a row that has come to its end is four times as long as when it was owed: its later versions find room in the page (heap-only updates)
alter table digest set (fillfactor = 20);

-- what has no end yet, in the order in which it is claimed; no column of it changes on the way to the end
drop index digest_leased;
drop index digest_owed;
create index digest_owed on digest (occurrence_id, next_attempt_at, id) where finished_at is null;

-- leads are never deleted; a lock on each of them for each mail that names it was the dearest part of noting what a mail named
alter table digest_item drop constraint digest_item_opportunity_id_fkey;
drop index digest_item_opportunity;
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create index digest_item_opportunity on digest_item (opportunity_id);
alter table digest_item add constraint digest_item_opportunity_id_fkey foreign key (opportunity_id) references opportunity on delete cascade;
drop index digest_owed;
create index digest_owed on digest (occurrence_id, next_attempt_at, id) where state = 'queued';
create index digest_leased on digest (occurrence_id, lease_until) where state in ('claimed', 'handing_off');
alter table digest reset (fillfactor);
`);
  }
}
