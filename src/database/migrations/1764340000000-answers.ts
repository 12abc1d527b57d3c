import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What firms answer to opportunities, what they decided about their settings because of it, and answers kept for repeated requests. */
export class Answers1764340000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table interest (
  id uuid primary key default gen_random_uuid(),
  firm_id uuid not null constraint interest_firm_id_fkey references firm on delete cascade,
  opportunity_id uuid not null constraint interest_opportunity_id_fkey references opportunity on delete cascade,
  -- who said it; the firm's word outlives the person
  contact_id uuid constraint interest_contact_id_fkey references contact on delete set null,
  sentence text not null,
  state text not null constraint interest_state_check check (state in ('expressed', 'withdrawn')),
  at timestamptz not null,
  constraint interest_once unique (firm_id, opportunity_id)
);
create index interest_to_screen on interest (at, id) where state = 'expressed';
create index interest_of_opportunity on interest (opportunity_id);

create table feedback (
  firm_id uuid not null constraint feedback_firm_id_fkey references firm on delete cascade,
  opportunity_id uuid not null constraint feedback_opportunity_id_fkey references opportunity on delete cascade,
  contact_id uuid constraint feedback_contact_id_fkey references contact on delete set null,
  reason text not null constraint feedback_reason_check check (reason in ('product', 'quantity', 'price', 'country', 'too-late', 'other')),
  text text not null,
  -- the opportunity as it was when the firm said so
  material_revision integer not null,
  at timestamptz not null,
  primary key (firm_id, opportunity_id)
);
create index feedback_of_opportunity on feedback (opportunity_id);

create table saved (
  firm_id uuid not null constraint saved_firm_id_fkey references firm on delete cascade,
  opportunity_id uuid not null constraint saved_opportunity_id_fkey references opportunity on delete cascade,
  contact_id uuid constraint saved_contact_id_fkey references contact on delete set null,
  at timestamptz not null,
  primary key (firm_id, opportunity_id)
);
create index saved_of_opportunity on saved (opportunity_id);

-- what was proposed to a firm and answered with yes or no is not proposed again
create table proposal_decision (
  firm_id uuid not null constraint proposal_decision_firm_id_fkey references firm on delete cascade,
  key text not null,
  decision text not null constraint proposal_decision_decision_check check (decision in ('accept', 'dismiss')),
  contact_id uuid constraint proposal_decision_contact_id_fkey references contact on delete set null,
  at timestamptz not null,
  primary key (firm_id, key)
);

create table idempotency (
  account_id uuid not null constraint idempotency_account_id_fkey references account on delete cascade,
  key text not null,
  -- of the whole request: the same key with another one is a mistake
  request_sha256 text not null,
  -- as it was written: jsonb would sort its keys
  answer json,
  created_at timestamptz not null,
  primary key (account_id, key)
);
create index idempotency_created on idempotency (created_at);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table idempotency, proposal_decision, saved, feedback, interest');
  }
}
