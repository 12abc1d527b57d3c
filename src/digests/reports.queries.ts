import type { EntityManager } from 'typeorm';
import type { Report } from '../mail/report.js';
import type { DigestState } from './digests.queries.js';

/**
 * Locks the contact of a digest, so that reports about the same contact are taken one after the other. Index: the keys.
 * @returns null where there is no such digest
 */
export async function lockReported(manager: EntityManager, digestId: string): Promise<{ contact_id: string; email: string } | null> {
  const [row] = await manager.query<{ contact_id: string; email: string }[]>(
    `select c.id contact_id, c.email from digest d join contact c on c.id = d.contact_id where d.id = $1 for no key update of c`,
    [digestId],
  );
  return row ?? null;
}

/** @returns whether the report is new; the same one, come twice, is one. Index: mail_report_once */
export async function recordReport(manager: EntityManager, report: Report, fingerprint: string, source: 'smtp' | 'webhook'): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `insert into mail_report (digest_id, fingerprint, kind, action, status, diagnostic, source, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict on constraint mail_report_once do nothing returning id`,
    [report.digestId, fingerprint, report.kind, report.action, report.status, report.diagnostic, source, report.receivedAt],
  );
  return rows.length > 0;
}

/**
 * A report proves that the relay had the digest, whatever we knew. Unknown, it is thereby known; about to be tried again, it is not, for that would
 * be a second copy. The claim is taken away, so that a worker which still waits for its answer does not overwrite this. Index: digest's key.
 * @param from states out of which it may go; *queued* and *claimed* only where it had been handed over before
 */
export async function resolveDigest(
  manager: EntityManager,
  digestId: string,
  from: readonly DigestState[],
  to: { readonly state: DigestState; readonly reason: string | null; readonly reply: string | null },
  now: Date,
): Promise<void> {
  await manager.query(
    `update digest set state = $3, reason = $4, reply = coalesce($5, reply), claim = null, lease_until = null, finished_at = coalesce(finished_at, $6)
     where id = $1 and state = any($2) and (state not in ('queued', 'claimed') or attempts > 0)`,
    [digestId, from, to.state, to.reason, to.reply, now],
  );
}

/**
 * How many digests of the contact, this one among them, came back softly without one between them that did not. What was never handed over counts
 * neither way, and neither does what was due before the last pause ended or somebody lifted it. Indexes: digest_of_contact, suppression_event_address.
 */
export async function softBouncesInARow(manager: EntityManager, contactId: string, digestId: string, addressSha256: string): Promise<number> {
  const [row] = await manager.query<{ n: number }[]>(
    `with anew as (
       select coalesce(max(case what when 'lifted' then at else until::timestamptz end), '-infinity') since
       from suppression_event where address_sha256 = $3 and (what = 'lifted' or kind = 'soft-bounces')
     ), handed as (
       select id, state = 'failed' soft, count(*) filter (where state = 'sent') over (order by due_at, id) gap
       from digest where contact_id = $1 and (state = 'sent' or (state = 'failed' and reason = 'bounced')) and due_at >= (select since from anew)
     )
     select count(*)::int n from handed where soft and gap = (select gap from handed where id = $2)`,
    [contactId, digestId, addressSha256],
  );
  return row?.n ?? 0;
}

export interface ReportRow {
  readonly id: string;
  readonly digest_id: string;
  readonly kind: Report['kind'];
  readonly status: string | null;
  readonly diagnostic: string | null;
  readonly source: 'smtp' | 'webhook';
  readonly received_at: Date;
  readonly firm_id: string;
  readonly firm_name: string;
  readonly contact_name: string;
}

/** The latest reports, of all digests or of one firm's. Index: mail_report_received. */
export async function latestReports(manager: EntityManager, limit: number, firmId?: string): Promise<ReportRow[]> {
  return manager.query(
    `select r.id, r.digest_id, r.kind, r.status, r.diagnostic, r.source, r.received_at, f.id firm_id, f.name firm_name, c.name contact_name
     from mail_report r join digest d on d.id = r.digest_id join contact c on c.id = d.contact_id join firm f on f.id = c.firm_id
     where $2::uuid is null or f.id = $2 order by r.received_at desc, r.id limit $1`,
    [limit, firmId ?? null],
  );
}
