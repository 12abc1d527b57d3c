import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an index in memory needs to keep up with the rows, and the epochs in which the weights of words are frozen. */
export class MatchIndex1764500000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
-- which transaction last touched a firm or an opportunity: one row each, kept by triggers, so that no way of writing can forget it
create table match_change (
  side text not null constraint match_change_side_check check (side in ('firm', 'opportunity')),
  id uuid not null,
  changed xid8 not null,
  primary key (side, id)
);
create index match_change_since on match_change (changed);

create function match_changed() returns trigger language plpgsql as $$
begin
  insert into match_change (side, id, changed)
    select tg_table_name, id, pg_current_xact_id() from touched order by id
    on conflict (side, id) do update set changed = excluded.changed;
  return null;
end $$;
create trigger firm_inserted after insert on firm referencing new table as touched for each statement execute function match_changed();
create trigger firm_updated after update on firm referencing new table as touched for each statement execute function match_changed();
create trigger firm_deleted after delete on firm referencing old table as touched for each statement execute function match_changed();
create trigger opportunity_inserted after insert on opportunity referencing new table as touched for each statement execute function match_changed();
create trigger opportunity_updated after update on opportunity referencing new table as touched for each statement execute function match_changed();
create trigger opportunity_deleted after delete on opportunity referencing old table as touched for each statement execute function match_changed();
insert into match_change (side, id, changed)
  select 'firm', id, pg_current_xact_id() from firm union all select 'opportunity', id, pg_current_xact_id() from opportunity;

-- the weights of words, frozen so that no firm's saving changes another's score
create table match_epoch (
  id integer primary key generated always as identity,
  weights jsonb not null,
  made_at timestamptz not null
);
alter table match add epoch integer not null default 0, alter score type double precision;
alter table match_state
  add epoch integer not null default 0,
  -- pairs of 40 and more that are among the best neither of this side nor of the other, hence not stored
  add left_out integer not null default 0;
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
alter table match_state drop left_out, drop epoch;
alter table match drop epoch, alter score type real;
drop table match_epoch;
drop trigger firm_inserted on firm;
drop trigger firm_updated on firm;
drop trigger firm_deleted on firm;
drop trigger opportunity_inserted on opportunity;
drop trigger opportunity_updated on opportunity;
drop trigger opportunity_deleted on opportunity;
drop function match_changed;
drop table match_change;
`);
  }
}
