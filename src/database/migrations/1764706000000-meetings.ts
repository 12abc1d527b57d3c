import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days on which firms and counterparties meet, who comes, and the timetables made for them. */
export class Meetings1764706000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table meeting_day (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  date date not null,
  venue text not null,
  zone text not null,
  tables smallint not null constraint meeting_day_tables_check check (tables > 0),
  opens text not null,
  closes text not null,
  slot_minutes smallint not null constraint meeting_day_slot_minutes_check check (slot_minutes > 0),
  breaks jsonb not null,
  interpreters jsonb not null,
  least smallint not null,
  published_at timestamptz,
  revision integer not null default 1,
  created_at timestamptz not null,
  created_by uuid,
  constraint meeting_day_hours_check check (opens < closes)
);
create index meeting_day_by_date on meeting_day (date, id);

create table meeting_attendee (
  id uuid primary key default gen_random_uuid(),
  day_id uuid not null constraint meeting_attendee_day_id_fkey references meeting_day on delete cascade,
  side text not null constraint meeting_attendee_side_check check (side in ('firm', 'counterparty')),
  firm_id uuid constraint meeting_attendee_firm_id_fkey references firm on delete cascade,
  opportunity_id uuid constraint meeting_attendee_opportunity_id_fkey references opportunity on delete cascade,
  name text,
  languages text[] not null default '{}',
  arrives text,
  leaves text,
  missing boolean not null default false,
  wants uuid[] not null default '{}',
  -- a firm is a member's; a counterparty is behind a lead, or is called something
  constraint meeting_attendee_who_check check (
    (side = 'firm') = (firm_id is not null) and num_nonnulls(firm_id, opportunity_id, name) = 1
  ),
  constraint meeting_attendee_hours_check check (arrives < leaves)
);
create unique index meeting_attendee_firm on meeting_attendee (firm_id, day_id) where firm_id is not null;
create unique index meeting_attendee_lead on meeting_attendee (day_id, opportunity_id) where opportunity_id is not null;
create index meeting_attendee_of_day on meeting_attendee (day_id);

create table meeting_timetable (
  id uuid primary key default gen_random_uuid(),
  day_id uuid not null constraint meeting_timetable_day_id_fkey references meeting_day on delete cascade,
  state text not null default 'wanted' constraint meeting_timetable_state_check check (state in ('wanted', 'proposed', 'accepted', 'replaced', 'failed')),
  repair boolean not null,
  revision integer not null,
  -- ids of attendees, slots and tables: written once, read as a whole
  meetings jsonb not null default '[]',
  score double precision not null default 0,
  bound double precision not null default 0,
  short jsonb not null default '[]',
  changes jsonb not null default '[]',
  created_at timestamptz not null,
  finished_at timestamptz
);
create unique index meeting_timetable_accepted on meeting_timetable (day_id) where state = 'accepted';
create index meeting_timetable_of_day on meeting_timetable (day_id, created_at);
create index meeting_timetable_wanted on meeting_timetable (created_at) where state = 'wanted';
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `drop table meeting_timetable, meeting_attendee, meeting_day;`);
  }
}
