import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What reports need to know of the past: days of an introduction's steps, how a firm's membership stood before it changed; and a firm's size. */
export class Reports1764705000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
alter table firm add column size text constraint firm_size_check check (size in ('micro', 'small', 'medium', 'large'));

alter table introduction add column screened_on date, add column reported_on date;
-- as the trail has it, in the calendar of Pakistan
update introduction i set screened_on = t.screened_on, reported_on = t.reported_on
from (
  select subject_id, min((at at time zone 'Asia/Karachi')::date) filter (where detail->>'to' = 'queued') screened_on,
         max((at at time zone 'Asia/Karachi')::date) filter (where act = 'introduction.report') reported_on
  from audit where subject = 'introduction' and act like 'introduction.%' group by subject_id
) t where t.subject_id = i.id::text;
create index introduction_asked on introduction (asked_on) where asked_on is not null;

-- How a membership stood until it was changed: who was a member on a day of the past is in the first row after that day, and where there is none in the
-- firm itself. Written by the database, so that no way of changing a firm forgets it.
create table standing_before (
  id bigint generated always as identity primary key,
  firm_id uuid not null constraint standing_before_firm_id_fkey references firm on delete cascade,
  until timestamptz not null,
  status text not null,
  membership_class text,
  membership_number text,
  membership_valid_until date
);
create index standing_before_firm on standing_before (firm_id, until);
create function firm_standing() returns trigger language plpgsql as $$
begin
  insert into standing_before (firm_id, until, status, membership_class, membership_number, membership_valid_until)
  values (old.id, clock_timestamp(), old.status, old.membership_class, old.membership_number, old.membership_valid_until);
  return null;
end $$;
create trigger firm_standing after update of status, membership_class, membership_number, membership_valid_until on firm for each row
  when ((old.status, old.membership_class, old.membership_number, old.membership_valid_until)
        is distinct from (new.status, new.membership_class, new.membership_number, new.membership_valid_until))
  execute function firm_standing();
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
drop trigger firm_standing on firm;
drop function firm_standing;
drop table standing_before;
drop index introduction_asked;
alter table introduction drop column screened_on, drop column reported_on;
alter table firm drop column size;
`);
  }
}
