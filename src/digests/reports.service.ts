import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { parse } from '../common/errors.js';
import { sha256, Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Intake } from '../mail/bounce-listener.js';
import { ACTIONS, diagnosticOf, kindOf, type ReadReport, readReport, type Report } from '../mail/report.js';
import { digestOfReturnPath } from '../mail/return-path.js';
import { latestReports, lockReported, recordReport, type ReportRow, resolveDigest, softBouncesInARow } from './reports.queries.js';
import { addressSha256, suppress } from './suppressions.queries.js';

/** Soft bounces in a row after which a contact's digests rest. */
const SOFT_BOUNCES = 3;
const PAUSE_DAYS = 30;

/** The JSON of `POST /hooks/mail`: what happened to which digest, each named by its return path or its Message-ID (without brackets). */
export const hookSchema = z.strictObject({
  reports: z
    .array(
      z
        .strictObject({
          returnPath: z.string().max(320).optional(),
          messageId: z.string().max(320).optional(),
          action: z.enum(ACTIONS),
          status: z
            .string()
            .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
            .optional(),
          diagnostic: z.string().max(2000).optional(),
        })
        .refine((r) => r.returnPath !== undefined || r.messageId !== undefined, { path: ['returnPath'], error: 'required' }),
    )
    .min(1)
    .max(100),
});

/** What comes back after a digest was handed over, by whatever way, and what it changes. */
@Injectable()
export class ReportsService implements Intake {
  private readonly log = new Logger('reports');

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  private digestOf(address: string): string | undefined {
    return this.env.BOUNCE_DOMAIN === undefined ? undefined : digestOfReturnPath(this.signer, address, this.env.BOUNCE_DOMAIN);
  }

  private isComplaints(address: string): boolean {
    return address.toLowerCase() === `complaints@${this.env.BOUNCE_DOMAIN?.toLowerCase()}`;
  }

  /** A return path of ours, or where providers send complaints: `complaints@` the bounce domain. */
  accepts(address: string): boolean {
    return this.isComplaints(address) || this.digestOf(address) !== undefined;
  }

  /**
   * A message that came to an address which {@link accepts} took. A return path says by its signature which digest it is about, whatever the message
   * says; a complaint has to name one by something that only its reader's provider has seen.
   */
  async take(raw: Buffer, address: string): Promise<void> {
    const read = await readReport(raw);
    if (!read) return;
    const digestId = this.digestOf(address) ?? (read.kind === 'complaint' ? await this.named(read) : undefined);
    if (digestId) await this.apply({ ...eventOf(read), digestId, receivedAt: this.clock.now() }, 'smtp');
  }

  /**
   * What a signed webhook brought: the JSON of {@link hookSchema}, or a raw report. What it says of digests that are not ours is passed over.
   * @throws AppError Invalid
   */
  async takeHook(body: unknown): Promise<void> {
    const reports = Buffer.isBuffer(body) ? [await readReport(body)] : parse(hookSchema, body).reports.map(ofHook);
    for (const read of reports) {
      const digestId = read && (await this.named(read));
      if (digestId) await this.apply({ ...eventOf(read), digestId, receivedAt: this.clock.now() }, 'webhook');
    }
  }

  /** The digest that a report names by a return path of ours, else by the Message-ID that we gave it, signature and all. */
  private async named(read: ReadReport): Promise<string | undefined> {
    const known = read.returnPaths.map((address) => this.digestOf(address)).find(Boolean);
    if (known) return known;
    for (const messageId of read.messageIds) {
      const id = /^d\.([0-9a-f-]{36})\./.exec(messageId)?.[1];
      if (!z.uuid().safeParse(id).success) continue;
      const rows = await this.source.query<{ id: string }[]>('select id from digest where id = $1 and message_id = $2', [id, messageId]);
      if (rows[0]) return rows[0].id;
    }
    return undefined;
  }

  /** All that a report changes, in one transaction; come again, it changes nothing. */
  private async apply(report: Report, source: 'smtp' | 'webhook'): Promise<void> {
    const fingerprint = sha256([report.action, report.status ?? '', report.diagnostic ?? ''].join('\n'));
    const paused = await this.source.transaction(async (manager) => {
      const of = await lockReported(manager, report.digestId);
      if (!of || !(await recordReport(manager, report, fingerprint, source))) return false;
      return this.effects(manager, report, of);
    });
    if (paused) this.log.warn(`digests of a contact rest for ${PAUSE_DAYS} days: ${SOFT_BOUNCES} in a row came back`);
  }

  /** @returns whether the contact's digests now rest */
  private async effects(manager: EntityManager, report: Report, of: { contact_id: string; email: string }): Promise<boolean> {
    const now = report.receivedAt;
    const address = addressSha256(of.email);
    const reply = report.diagnostic ?? report.status;
    const underWay = ['queued', 'claimed', 'handing_off', 'unknown'] as const;
    const sent = { state: 'sent', reason: null, reply: null } as const;
    switch (report.kind) {
      case 'delayed':
        await resolveDigest(manager, report.digestId, ['unknown'], sent, now);
        return false;
      case 'delivered':
        await resolveDigest(manager, report.digestId, underWay, sent, now);
        return false;
      case 'complaint':
        await resolveDigest(manager, report.digestId, underWay, sent, now);
        await suppress(manager, { addressSha256: address, kind: 'complaint', reason: reply ?? 'complaint', until: null, by: null }, now);
        return false;
      case 'hard':
        await resolveDigest(manager, report.digestId, [...underWay, 'sent'], { state: 'failed', reason: 'bad-address', reply }, now);
        await suppress(manager, { addressSha256: address, kind: 'bad-address', reason: reply ?? 'bounced', until: null, by: null }, now);
        return false;
      case 'soft': {
        await resolveDigest(manager, report.digestId, [...underWay, 'sent'], { state: 'failed', reason: 'bounced', reply }, now);
        if ((await softBouncesInARow(manager, of.contact_id, report.digestId, address)) < SOFT_BOUNCES) return false;
        const until = localDate(new Date(now.getTime() + PAUSE_DAYS * 86_400_000), this.env.CHAMBER_TIME_ZONE);
        return suppress(manager, { addressSha256: address, kind: 'soft-bounces', reason: reply ?? 'bounced', until, by: null }, now);
      }
    }
  }

  /** The latest reports, of all digests or of one firm's. */
  latest(limit = 50, firmId?: string): Promise<ReportRow[]> {
    return latestReports(this.source.manager, limit, firmId);
  }
}

const eventOf = ({ kind, action, status, diagnostic }: ReadReport) => ({ kind, action, status, diagnostic });

function ofHook(given: z.output<typeof hookSchema>['reports'][number]): ReadReport {
  const status = given.status ?? null;
  return {
    kind: kindOf(given.action, status),
    action: given.action,
    status,
    diagnostic: diagnosticOf(given.diagnostic ?? ''),
    returnPaths: given.returnPath === undefined ? [] : [given.returnPath],
    messageIds: given.messageId === undefined ? [] : [given.messageId],
  };
}
