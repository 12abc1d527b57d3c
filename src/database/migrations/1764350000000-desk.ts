import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the desk sees and does: canaries of the queues, runs that were halted, digests sent again by a person, suppressions by hand and lifted. */
export class Desk1764350000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
-- when a job last came all the way through a queue
create table canary (
  queue text primary key,
  sang_at timestamptz not null
);

-- since when a firm's or an opportunity's matching has been owed, as the sweeper saw it
create table matching_owed (
  side text not null constraint matching_owed_side_check check (side in ('firm', 'opportunity')),
  id uuid not null,
  seen_at timestamptz not null,
  primary key (side, id)
);

alter table occurrence
  add column if not exists halted_at timestamptz,
  add column if not exists halted_reason text;

-- how often a person had an unknown digest handed over again
alter table digest add column if not exists resends smallint not null default 0;
create table digest_resend (
  digest_id uuid not null constraint digest_resend_digest_id_fkey references digest on delete cascade,
  number smallint not null,
  asked_by uuid not null,
  asked_at timestamptz not null,
  -- why it was unknown when it was asked for
  reason text,
  primary key (digest_id, number)
);

alter table suppression add column if not exists created_by uuid;
-- what was taken off the list, by whom and why: kept, as the list itself is, by hash
create table suppression_lifted (
  id uuid primary key default gen_random_uuid(),
  address_sha256 text not null,
  stream text not null,
  reason text not null,
  created_at timestamptz not null,
  created_by uuid,
  lifted_at timestamptz not null,
  lifted_by uuid not null,
  lifted_reason text not null
);
create index suppression_lifted_address on suppression_lifted (address_sha256, lifted_at desc);
create index suppression_latest on suppression (created_at, address_sha256, stream);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
drop index suppression_latest;
drop table suppression_lifted;
alter table suppression drop column created_by;
drop table digest_resend;
alter table digest drop column resends;
alter table occurrence drop column halted_at, drop column halted_reason;
drop table matching_owed;
drop table canary;
`);
  }
}
