import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports of what became of digests after the relay had them, and suppressions that say why, until when and by whom. */
export class Bounces1764320000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
create table mail_report (
  id uuid primary key default gen_random_uuid(),
  digest_id uuid not null constraint mail_report_digest_id_fkey references digest on delete cascade,
  -- of what it says: the same report, come twice, is one
  fingerprint text not null,
  kind text not null constraint mail_report_kind_check check (kind in ('hard', 'soft', 'complaint', 'delivered', 'delayed')),
  action text not null,
  status text,
  diagnostic text,
  source text not null constraint mail_report_source_check check (source in ('smtp', 'webhook')),
  received_at timestamptz not null,
  constraint mail_report_once unique (digest_id, fingerprint)
);
create index mail_report_received on mail_report (received_at desc, id);

alter table suppression
  add kind text not null default 'bad-address' constraint suppression_kind_check check (kind in ('bad-address', 'complaint', 'soft-bounces', 'by-hand')),
  -- first day on which mail goes there again; null for good
  add until date,
  -- account of the chamber; null where the house did it by itself
  add created_by uuid,
  add constraint suppression_complaint_is_for_good_check check (kind <> 'complaint' or until is null);
create index suppression_created on suppression (created_at desc, address_sha256);

-- every change of a suppression, for good
create table suppression_event (
  id bigint generated always as identity primary key,
  address_sha256 text not null,
  stream text not null,
  what text not null constraint suppression_event_what_check check (what in ('added', 'lifted')),
  kind text not null,
  reason text not null,
  until date,
  by_account uuid,
  at timestamptz not null
);
create index suppression_event_address on suppression_event (address_sha256, stream, at);
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(/* sql */ `
drop table suppression_event;
drop index suppression_created;
alter table suppression drop constraint suppression_complaint_is_for_good_check, drop kind, drop until, drop created_by;
drop table mail_report;
`);
  }
}
