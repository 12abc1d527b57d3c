import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The whole house as it stood on its first day. Constraints and indexes are named here and nowhere else. */
export class House1764000000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table setting (
  key text primary key,
  value text not null
);

-- statement -------------------------------------------------------------------------------------------------------
create table statement_paragraph (
  number smallint primary key,
  title jsonb not null,
  summary jsonb not null
);
create table statement_entry (
  code text primary key,
  kind text not null constraint statement_entry_kind_check check (kind in ('sector', 'corridor', 'platform', 'instrument')),
  priority boolean not null default false,
  position smallint not null,
  paragraphs smallint[] not null,
  name jsonb not null,
  summary jsonb not null
);

-- firms -----------------------------------------------------------------------------------------------------------
create table firm (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  place text,
  status text not null default 'applied' constraint firm_status_check check (status in ('applied', 'admitted', 'suspended', 'refused')),
  status_reason text,
  membership_class text constraint firm_membership_class_check check (membership_class in ('corporate', 'associate')),
  membership_number text,
  membership_valid_until date,
  women_led boolean not null default false,
  ntn text constraint firm_ntn_check check (ntn ~ '^[0-9]{7}(-[0-9])?$'),
  strn text,
  secp text,
  phone text,
  whatsapp text,
  about text not null default '',
  language text not null,
  sectors text[] not null default '{}',
  seeks text[] not null default '{}',
  markets text[] not null default '{}',
  certificates text[] not null default '{}',
  excluded_countries text[] not null default '{}',
  excluded_kinds text[] not null default '{}',
  excluded_words text[] not null default '{}',
  revision integer not null default 1,
  applied_at timestamptz not null,
  admitted_at timestamptz,
  admitted_by uuid,
  constraint firm_admitted_complete_check check (status not in ('admitted', 'suspended') or (membership_class is not null and membership_valid_until is not null))
);
-- one admitted firm for a tax number; a second applicant waits at the desk
create unique index firm_ntn_admitted on firm (split_part(ntn, '-', 1)) where status in ('admitted', 'suspended');
create index firm_status on firm (status, applied_at, id);

create table firm_line (
  id uuid primary key default gen_random_uuid(),
  firm_id uuid not null constraint firm_line_firm_id_fkey references firm on delete cascade,
  side text not null constraint firm_line_side_check check (side in ('offer', 'need')),
  position smallint not null,
  text text not null,
  hs text[] not null default '{}',
  isic text[] not null default '{}',
  capacity double precision constraint firm_line_capacity_check check (capacity > 0),
  unit text,
  period text constraint firm_line_period_check check (period in ('month', 'quarter', 'year')),
  months smallint[] not null default '{}',
  certificates text[] not null default '{}'
);
create index firm_line_firm on firm_line (firm_id, side, position);

create table account (
  id uuid primary key default gen_random_uuid(),
  email text not null,
  password_hash text not null,
  name text not null,
  role text not null constraint account_role_check check (role in ('member', 'curator', 'administrator')),
  language text not null,
  firm_id uuid constraint account_firm_id_fkey references firm on delete cascade,
  disabled_at timestamptz,
  created_at timestamptz not null,
  constraint account_member_has_firm_check check ((role = 'member') = (firm_id is not null))
);
create unique index account_email on account (lower(email));

create table session (
  id_hash text primary key,
  account_id uuid constraint session_account_id_fkey references account on delete cascade,
  data jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_expires on session (expires_at);
create index session_account on session (account_id);

create table contact (
  id uuid primary key default gen_random_uuid(),
  firm_id uuid not null constraint contact_firm_id_fkey references firm on delete cascade,
  account_id uuid constraint contact_account_id_fkey references account on delete set null,
  name text not null,
  email text not null,
  language text not null,
  -- what the confirmation link and code are derived from; a new one makes the old ones void
  nonce text not null,
  code_attempts smallint not null default 0,
  confirm_sent_at timestamptz not null,
  confirmed_at timestamptz,
  digest_consent_at timestamptz,
  created_at timestamptz not null
);
create unique index contact_email_of_firm on contact (firm_id, lower(email));
create index contact_email on contact (lower(email));
create index contact_account on contact (account_id);

-- opportunities ---------------------------------------------------------------------------------------------------
create sequence opportunity_reference;
create table opportunity (
  id uuid primary key default gen_random_uuid(),
  reference text not null default 'RB-' || lpad(nextval('opportunity_reference')::text, 4, '0'),
  kind text not null constraint opportunity_kind_check check (kind in
    ('buy_request', 'sell_offer', 'joint_venture', 'investment', 'sez_plot', 'tender', 'expo_place', 'training', 'technology')),
  status text not null default 'draft' constraint opportunity_status_check check (status in ('draft', 'in_review', 'published', 'closed')),
  closed_as text constraint opportunity_closed_as_check check (closed_as in ('filled', 'expired', 'withdrawn', 'fraud')),
  -- why a person must look before it may be published: codes of concerns
  concerns text[] not null default '{}',
  concerns_cleared_by uuid,
  review_note text,
  review jsonb,
  title jsonb not null,
  summary jsonb not null,
  hs text[] not null default '{}',
  isic text[] not null default '{}',
  sectors text[] not null default '{}',
  corridors text[] not null default '{}',
  platforms text[] not null default '{}',
  instruments text[] not null default '{}',
  certificates text[] not null default '{}',
  quantity double precision constraint opportunity_quantity_check check (quantity > 0),
  unit text,
  period text constraint opportunity_period_check check (period in ('month', 'quarter', 'year')),
  value_usd bigint constraint opportunity_value_usd_check check (value_usd > 0),
  country text not null constraint opportunity_country_check check (country ~ '^[A-Z]{2}$'),
  place text,
  delivery_months smallint[] not null default '{}',
  deadline date,
  counterparty text not null,
  counterparty_email text,
  counterparty_phone text,
  source text,
  firm_id uuid constraint opportunity_firm_id_fkey references firm on delete set null,
  revision integer not null default 1,
  -- counts the changes that make it worth telling a reader again (deadline, quantity, status)
  material_revision integer not null default 1,
  created_at timestamptz not null,
  created_by uuid,
  published_at timestamptz,
  -- last day it is open: the deadline, or 90 days after publishing
  open_until date,
  closed_at timestamptz,
  constraint opportunity_published_complete_check check (status <> 'published' or (published_at is not null and open_until is not null)),
  constraint opportunity_closed_has_reason_check check ((status = 'closed') = (closed_as is not null))
);
create unique index opportunity_reference_key on opportunity (reference);
create index opportunity_status on opportunity (status, created_at desc, id);
create index opportunity_open on opportunity (open_until) where status = 'published';

-- matching --------------------------------------------------------------------------------------------------------
create table match (
  firm_id uuid not null constraint match_firm_id_fkey references firm on delete cascade,
  opportunity_id uuid not null constraint match_opportunity_id_fkey references opportunity on delete cascade,
  score real not null constraint match_score_check check (score between 0 and 100),
  evidence jsonb not null,
  blockers jsonb not null,
  engine text not null,
  firm_revision integer not null,
  opportunity_revision integer not null,
  computed_at timestamptz not null,
  primary key (firm_id, opportunity_id)
);
create index match_of_firm on match (firm_id, score desc, opportunity_id);
create index match_of_opportunity on match (opportunity_id, score desc, firm_id);

-- up to which revision a firm's or an opportunity's matches are computed; behind means owed
create table match_state (
  side text not null constraint match_state_side_check check (side in ('firm', 'opportunity')),
  id uuid not null,
  revision integer not null,
  engine text not null,
  computed_at timestamptz not null,
  primary key (side, id)
);

-- digests ---------------------------------------------------------------------------------------------------------
create table subscription (
  contact_id uuid primary key constraint subscription_contact_id_fkey references contact on delete cascade,
  cadence text not null default 'weekly' constraint subscription_cadence_check check (cadence in ('daily', 'weekly', 'fortnightly', 'monthly', 'urgent', 'off')),
  zone text not null,
  weekday smallint not null default 2 constraint subscription_weekday_check check (weekday between 1 and 7),
  hour smallint not null default 8 constraint subscription_hour_check check (hour between 0 and 23),
  threshold smallint not null default 60 constraint subscription_threshold_check check (threshold between 40 and 100),
  max_items smallint not null default 10 constraint subscription_max_items_check check (max_items between 1 and 15),
  since timestamptz not null,
  unsubscribed_at timestamptz
);

create table occurrence (
  id uuid primary key default gen_random_uuid(),
  key text not null constraint occurrence_key_key unique,
  cadence text not null,
  local_date date not null,
  opened_at timestamptz not null,
  completed_at timestamptz
);
create index occurrence_running on occurrence (opened_at) where completed_at is null;

create table digest (
  id uuid primary key default gen_random_uuid(),
  occurrence_id uuid not null constraint digest_occurrence_id_fkey references occurrence on delete cascade,
  contact_id uuid not null constraint digest_contact_id_fkey references contact on delete cascade,
  state text not null default 'queued' constraint digest_state_check check (state in ('queued', 'claimed', 'handing_off', 'sent', 'failed', 'skipped', 'unknown')),
  reason text,
  due_at timestamptz not null,
  next_attempt_at timestamptz not null,
  attempts smallint not null default 0,
  claim uuid,
  lease_until timestamptz,
  language text,
  message_id text,
  subject text,
  message bytea,
  message_sha256 text,
  items_total integer,
  reply text,
  finished_at timestamptz,
  constraint digest_once_for_an_occurrence unique (occurrence_id, contact_id),
  constraint digest_skipped_has_reason_check check (state not in ('skipped', 'failed') or reason is not null)
);
create index digest_owed on digest (next_attempt_at) where state in ('queued', 'claimed', 'handing_off');
create index digest_of_contact on digest (contact_id, due_at desc);

create table digest_item (
  digest_id uuid not null constraint digest_item_digest_id_fkey references digest on delete cascade,
  opportunity_id uuid not null constraint digest_item_opportunity_id_fkey references opportunity on delete cascade,
  position smallint not null,
  score real not null,
  material_revision integer not null,
  primary key (digest_id, opportunity_id)
);
create index digest_item_opportunity on digest_item (opportunity_id);

-- mail ------------------------------------------------------------------------------------------------------------
create table security_mail (
  id uuid primary key default gen_random_uuid(),
  purpose text not null constraint security_mail_purpose_check check (purpose in ('confirm', 'already-registered')),
  -- the contact or account it is about
  subject_id uuid not null,
  nonce text not null,
  recipient_name text not null,
  recipient text not null,
  language text not null,
  state text not null default 'queued' constraint security_mail_state_check check (state in ('queued', 'claimed', 'sent', 'failed')),
  attempts smallint not null default 0,
  next_attempt_at timestamptz not null,
  claim uuid,
  lease_until timestamptz,
  reply text,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index security_mail_owed on security_mail (next_attempt_at) where state in ('queued', 'claimed');

-- by hash, so that it outlives the erasure of the address
create table suppression (
  address_sha256 text not null,
  stream text not null constraint suppression_stream_check check (stream in ('all', 'digest')),
  reason text not null,
  created_at timestamptz not null,
  primary key (address_sha256, stream)
);
`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('There is nothing before the first day: restore a backup instead.'));
  }
}
