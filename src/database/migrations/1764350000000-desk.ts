import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the desk sees and does: canaries of the queues, runs that were halted and resumed, digests sent again by a person. */
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
  add column if not exists halted_reason text,
  add column if not exists resumed_at timestamptz,
  add column if not exists resumed_by uuid,
  add column if not exists resumed_reason text;

-- how often a person had an unknown digest handed over again
alter table digest add column resends smallint not null default 0;
create table digest_resend (
  digest_id uuid not null constraint digest_resend_digest_id_fkey references digest on delete cascade,
  number smallint not null,
  asked_by uuid not null,
  asked_at timestamptz not null,
  -- why it was unknown when it was asked for
  reason text,
  primary key (digest_id, number)
);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
drop table digest_resend;
alter table digest drop column resends;
drop table matching_owed;
drop table canary;
`);
  }
}
