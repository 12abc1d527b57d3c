import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { parse } from '../common/errors.js';
import { ledgerQuery, resendSchema, resumeSchema, RunsService } from '../digests/runs.service.js';
import type { SuppressionRow } from '../digests/suppressions.queries.js';
import { addSchema, liftSchema, searchSchema, SuppressionsService, suppressionsQuery } from '../digests/suppressions.service.js';
import { FirmsService } from '../firms/firms.service.js';
import { Asks, Gives, Takes } from './openapi.js';
import * as shapes from './shapes.js';

const suppressedView = ({ address_sha256, stream, kind, reason, until, created_at, creator, contacts }: SuppressionRow) => ({
  addressSha256: address_sha256,
  stream,
  kind,
  reason,
  until,
  createdAt: created_at,
  createdBy: creator,
  contacts,
});

/** Digest runs, their digests, and the addresses that get none. */
@Controller('api/v1/desk')
export class RunsApiController {
  constructor(
    private readonly runs: RunsService,
    private readonly suppressions: SuppressionsService,
    private readonly firms: FirmsService,
  ) {}

  /** One run: how its digests ended, how far it is, and about how long the rest will take. */
  @Get('occurrences/:occurrenceId')
  @Gives(shapes.occurrence)
  async run(@Param('occurrenceId') id: string) {
    const run = await this.runs.run(id);
    return {
      id: run.id,
      key: run.key,
      openedAt: run.opened_at,
      completedAt: run.completed_at,
      haltedAt: run.halted_at,
      haltedReason: run.halted_reason,
      total: run.total,
      done: run.done,
      restSeconds: run.restSeconds,
      putOffUntil: run.put_off_until,
      counts: run.counts,
    };
  }

  /** The ledger of a run, those first that need a person. */
  @Get('occurrences/:occurrenceId/digests')
  @Gives(shapes.ledger)
  @Asks(ledgerQuery)
  async digests(@Param('occurrenceId') id: string, @Query() query: Record<string, string>) {
    await this.runs.run(id);
    const { items, next } = await this.runs.ledger(id, parse(ledgerQuery, query));
    return {
      items: items.map((row) => ({
        id: row.id,
        firmId: row.firm_id,
        firm: row.firm_name,
        contact: row.contact_name,
        state: row.state,
        reason: row.reason,
        subject: row.subject,
        items: row.items,
        dueAt: row.due_at,
        finishedAt: row.finished_at,
        reply: row.reply,
      })),
      next,
    };
  }

  /** Goes on with a halted run. */
  @Post('occurrences/:occurrenceId/resume')
  @Gives(shapes.occurrence)
  @Takes(resumeSchema)
  @HttpCode(200)
  async resume(@Param('occurrenceId') id: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.runs.resume(id, body, caller.id);
    return this.run(id);
  }

  /** What the digests of each cadence would come to if they were written now; nothing is. */
  @Get('dry-run')
  @Gives(shapes.forecast)
  async dryRun() {
    return { items: await this.runs.forecast() };
  }

  /** What the next digest of each of a firm's contacts would be, or the reason why there would be none. */
  @Get('firms/:firmId/preview')
  @Gives(shapes.nextDigests)
  async preview(@Param('firmId') firmId: string) {
    await this.firms.get(firmId);
    const contacts = await this.firms.contactsOf(firmId);
    return {
      items: await Promise.all(
        contacts.map(async ({ id, name }) => {
          const preview = await this.runs.preview(id);
          if ('reason' in preview) return { contactId: id, contact: name, reason: preview.reason };
          const { subject, html, text, items } = preview;
          return { contactId: id, contact: name, subject, html, text, opportunities: items.map(({ reference }) => reference) };
        }),
      ),
    };
  }

  /** Hands an unknown digest over once more. `seen` is how often it had been sent again when the decision was taken. */
  @Post('digests/:digestId/resend')
  @Gives(shapes.queued)
  @Takes(resendSchema)
  @HttpCode(202)
  async resend(@Param('digestId') id: string, @Body() body: unknown, @Caller() caller: Account) {
    await this.runs.resend(id, body, caller.id);
    return { status: 'queued' };
  }

  /** Addresses that are not mailed, latest first, each by its SHA-256. */
  @Get('suppressions')
  @Gives(shapes.suppressedList)
  @Asks(suppressionsQuery)
  async list(@Query() query: Record<string, string>) {
    const { items, next } = await this.suppressions.list(query);
    return { items: items.map(suppressedView), next };
  }

  /** Whether an address is on the list, and what became of it before. */
  @Post('suppressions/search')
  @Gives(shapes.suppressionSearch)
  @Takes(searchSchema)
  @HttpCode(200)
  async search(@Body() body: unknown) {
    const { found, history } = await this.suppressions.search(body);
    return { items: found.map(suppressedView), history };
  }

  @Post('suppressions')
  @Takes(addSchema)
  @HttpCode(204)
  async add(@Body() body: unknown, @Caller() caller: Account): Promise<void> {
    await this.suppressions.add(body, caller.id);
  }

  @Post('suppressions/lift')
  @Takes(liftSchema)
  @HttpCode(204)
  async lift(@Body() body: unknown, @Caller() caller: Account): Promise<void> {
    await this.suppressions.lift(body, caller.id);
  }
}
