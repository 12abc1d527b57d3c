import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that can be halted, mail that can be slowed down, and a ledger of any length that is claimed as fast as a short one. */
export class Delivery1764310000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
-- halted: nothing more is handed over until a person resumes it
alter table occurrence
  add halted_at timestamptz,
  add halted_reason text,
  add resumed_at timestamptz,
  add resumed_by uuid,
  add resumed_reason text,
  add constraint occurrence_halted_has_reason_check check ((halted_at is null) or halted_reason is not null);

drop index digest_owed;
-- what is owed of an occurrence in the order in which it is claimed
create index digest_owed on digest (occurrence_id, next_attempt_at, id) where state = 'queued';
-- what a worker has in hand
create index digest_leased on digest (occurrence_id, lease_until) where state in ('claimed', 'handing_off');
-- base64 does not get smaller: trying costs more than writing it
alter table digest alter column message set storage external;

-- how many digests asked to go out in a minute: all together (scope *), and to a recipient's domain
create table mail_rate (
  scope text not null,
  minute timestamptz not null,
  asked integer not null,
  primary key (scope, minute)
);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
drop table mail_rate;
drop index digest_leased;
drop index digest_owed;
create index digest_owed on digest (next_attempt_at) where state in ('queued', 'claimed', 'handing_off');
alter table digest alter column message set storage extended;
alter table occurrence drop halted_at, drop halted_reason, drop resumed_at, drop resumed_by, drop resumed_reason;
`);
  }
}
