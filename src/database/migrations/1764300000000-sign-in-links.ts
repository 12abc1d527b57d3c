import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A link by mail to sign in with, and to set a new password. Only what proves the link is kept, never the link. */
export class SignInLinks1764300000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table account add link_nonce text, add link_sent_at timestamptz');
    await q.query('alter table security_mail drop constraint security_mail_purpose_check');
    await q.query(`alter table security_mail add constraint security_mail_purpose_check check (purpose in ('confirm', 'already-registered', 'sign-in'))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`delete from security_mail where purpose = 'sign-in'`);
    await q.query('alter table security_mail drop constraint security_mail_purpose_check');
    await q.query(`alter table security_mail add constraint security_mail_purpose_check check (purpose in ('confirm', 'already-registered'))`);
    await q.query('alter table account drop link_nonce, drop link_sent_at');
  }
}
