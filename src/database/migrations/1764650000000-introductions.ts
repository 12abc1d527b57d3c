import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From interest to outcome: introductions, their mails, the holidays of their clocks, and the trail of every act. */
export class Introductions1764650000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
-- audit -----------------------------------------------------------------------------------------------------------
-- Every act, one after the other: each row holds the hash of the row before it. No foreign keys, for what happened outlives whom it was about; and no
-- names, addresses or free text, so that there is nothing to erase.
create table audit (
  seq bigint primary key,
  at timestamptz not null,
  -- who: an account of the chamber, a contact or account of a firm, the counterparty of an introduction, or the house itself
  party text not null constraint audit_party_check check (party in ('firm', 'counterparty', 'chamber', 'clock')),
  actor uuid,
  act text not null,
  subject text not null,
  subject_id text not null,
  detail jsonb not null default '{}',
  previous text not null,
  hash text not null,
  constraint audit_previous_key unique (previous)
);
create index audit_subject on audit (subject, subject_id, seq);

-- what is hashed of a row: its columns in this order, each with its length, so that no two rows read alike
create function audit_hash(a audit) returns text language sql immutable as $$
  select encode(sha256(convert_to((
    select string_agg(octet_length(part) || ':' || part, '' order by n) from unnest(array[
      a.seq::text, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.party, coalesce(a.actor::text, ''), a.act, a.subject, a.subject_id,
      a.detail::text, a.previous
    ]) with ordinality as parts (part, n)
  ), 'UTF8')), 'hex')
$$;
create function audit_chain() returns trigger language plpgsql as $$
declare last record;
begin
  -- one after the other, until the end of the transaction: a row is never chained to one that is rolled back
  perform pg_advisory_xact_lock(7263004);
  select seq, hash into last from audit order by seq desc limit 1;
  new.seq := coalesce(last.seq, 0) + 1;
  new.previous := coalesce(last.hash, '');
  new.hash := audit_hash(new);
  return new;
end $$;
create trigger audit_chain before insert on audit for each row execute function audit_chain();
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_is_append_only();
create trigger audit_no_truncate before truncate on audit for each statement execute function audit_is_append_only();
-- also where a session replicates, which switches ordinary triggers off
alter table audit enable always trigger audit_chain;
alter table audit enable always trigger audit_append_only;
alter table audit enable always trigger audit_no_truncate;
-- where the program runs as a role of its own (README), that role may add and read, nothing more
do $$ begin
  if exists (select 1 from pg_roles where rolname = 'rabta_app') and current_user <> 'rabta_app' then
    revoke all on audit from rabta_app;
    grant select, insert on audit to rabta_app;
  end if;
end $$;

-- introductions ---------------------------------------------------------------------------------------------------
create table introduction (
  id uuid primary key default gen_random_uuid(),
  opportunity_id uuid not null constraint introduction_opportunity_id_fkey references opportunity on delete cascade,
  -- the firm that speaks for it
  firm_id uuid not null constraint introduction_firm_id_fkey references firm on delete cascade,
  state text not null constraint introduction_state_check check (state in ('proposed', 'interested', 'queued', 'asked', 'agreed', 'introduced', 'closed')),
  ending text constraint introduction_ending_check check (ending in ('declined', 'withdrawn', 'no-reply', 'lead-closed', 'pooled', 'outcome')),
  ended_by text constraint introduction_ended_by_check check (ended_by in ('firm', 'counterparty', 'chamber', 'clock')),
  reason text,
  -- the firm's sentence for the chamber
  sentence text not null default '',
  since date not null,
  nudges smallint not null default 0,
  next_on date,
  asked_on date,
  answered_on date,
  released_on date,
  outcome text constraint introduction_outcome_check check (outcome in ('meeting', 'sample', 'mou', 'order', 'joint-venture', 'nothing', 'no-reply')),
  outcome_value numeric(16, 2) constraint introduction_outcome_value_check check (outcome_value > 0),
  outcome_currency text constraint introduction_outcome_currency_check check (outcome_currency ~ '^[A-Z]{3}$'),
  outcome_proof text,
  outcome_by text constraint introduction_outcome_by_check check (outcome_by in ('firm', 'counterparty', 'chamber')),
  -- goes up with every step; a step says which version it is about
  version integer not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint introduction_closed_has_ending_check check ((state = 'closed') = (ending is not null)),
  constraint introduction_released_check check (state <> 'introduced' or released_on is not null),
  -- nobody's contact before the counterparty has been asked and has answered
  constraint introduction_released_after_answer_check check (released_on is null or (asked_on is not null and answered_on is not null)),
  constraint introduction_value_has_currency_check check ((outcome_value is null) = (outcome_currency is null))
);
create unique index introduction_once on introduction (firm_id, opportunity_id) where state <> 'closed';
create index introduction_of_opportunity on introduction (opportunity_id, state);
create index introduction_by_state on introduction (state, since, id);
create index introduction_next on introduction (next_on) where next_on is not null;

create table introduction_member (
  introduction_id uuid not null constraint introduction_member_introduction_id_fkey references introduction on delete cascade,
  firm_id uuid not null constraint introduction_member_firm_id_fkey references firm on delete cascade,
  -- the one that speaks for the others is the first
  position smallint not null,
  -- who of the firm said it; the firm's word outlives the person
  contact_id uuid constraint introduction_member_contact_id_fkey references contact on delete set null,
  agreed boolean not null,
  primary key (introduction_id, firm_id)
);
create index introduction_member_firm on introduction_member (firm_id);

-- owed mails; addresses are looked up when one is sent, so that none is kept here
create table introduction_mail (
  id uuid primary key default gen_random_uuid(),
  introduction_id uuid not null constraint introduction_mail_introduction_id_fkey references introduction on delete cascade,
  what text not null constraint introduction_mail_what_check check (what in ('propose', 'ask', 'contacts', 'outcome', 'ended')),
  -- the firm; null for the counterparty
  firm_id uuid constraint introduction_mail_firm_id_fkey references firm on delete cascade,
  again smallint not null,
  state text not null default 'queued' constraint introduction_mail_state_check check (state in ('queued', 'claimed', 'sent', 'failed', 'skipped')),
  attempts smallint not null default 0,
  next_attempt_at timestamptz not null,
  claim uuid,
  lease_until timestamptz,
  reply text,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint introduction_mail_once unique nulls not distinct (introduction_id, firm_id, what, again)
);
create index introduction_mail_owed on introduction_mail (next_attempt_at) where state in ('queued', 'claimed');

create table holiday (
  id text primary key,
  country text not null,
  name text not null,
  first_day date not null,
  last_day date not null,
  confirmed boolean not null,
  changed_by uuid,
  changed_at timestamptz,
  constraint holiday_days_check check (first_day <= last_day)
);

-- interests that the chamber has not looked at yet
with begun as (
  insert into introduction (opportunity_id, firm_id, state, sentence, since, created_at, changed_at)
  select opportunity_id, firm_id, 'interested', sentence, at::date, at, at from interest where state = 'expressed'
  returning id, firm_id, opportunity_id
)
insert into introduction_member (introduction_id, firm_id, position, contact_id, agreed)
select b.id, b.firm_id, 0, i.contact_id, true from begun b join interest i on i.firm_id = b.firm_id and i.opportunity_id = b.opportunity_id;
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
drop table holiday, introduction_mail, introduction_member, introduction;
drop table audit;
drop function audit_hash, audit_chain, audit_is_append_only;
`);
  }
}
