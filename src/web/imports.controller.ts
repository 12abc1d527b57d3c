import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import type { Issue } from '../common/errors.js';
import { say } from '../language/say.js';
import { ImportsService } from '../opportunities/imports.service.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, one } from './form.js';
import { errorsOf, ImportPage, ImportsPage } from './imports.views.js';
import { sayIssue } from './issues.js';
import { attach, element, show, tried } from './render.js';

/** Files of leads that the secretariat brings in: looked at, saved as drafts, taken back. */
@Controller('desk/imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Get()
  async list(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.listView(context, []));
  }

  private async listView(context: PageContext, issues: readonly Issue[]) {
    return element(ImportsPage, { context, files: await this.imports.latest(), issues });
  }

  @Post()
  async upload(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    let id = '';
    await tried(
      reply,
      async () => (id = await this.imports.upload({ content: one(body, 'file') }, caller.id)),
      (issues) => this.listView(context, issues),
      () => `/desk/imports/${id}`,
    );
  }

  @Get(':importId')
  async one(@Page() context: PageContext, @Param('importId') id: string, @Res() reply: FastifyReply): Promise<void> {
    show(reply, await this.view(context, id, []));
  }

  private async view(context: PageContext, id: string, issues: readonly Issue[]) {
    return element(ImportPage, { context, ...(await this.imports.get(id)), issues });
  }

  /** Every error of a file, for a spreadsheet: marked as UTF-8, and no cell is a formula. */
  @Get(':importId/errors.csv')
  async errors(@Page() context: PageContext, @Param('importId') id: string, @Res() reply: FastifyReply): Promise<void> {
    const { rows } = await this.imports.get(id);
    const { language } = context;
    const lines = errorsOf(rows).map(({ row, issue }) => [row.line, row.reference, issue.field, issue.reason, sayIssue(language, issue)]);
    const columns = ['line', say(language, 'field.reference'), 'field', 'code', say(language, 'field.reason')];
    const csv = stringify([columns, ...lines], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
    attach(reply, 'text/csv; charset=utf-8', 'errors.csv', csv);
  }

  @Post(':importId/apply')
  async apply(@Page() context: PageContext, @Caller() caller: Account, @Param('importId') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.step(context, id, reply, () => this.imports.apply(id, caller.id));
  }

  @Post(':importId/undo')
  async undo(@Page() context: PageContext, @Caller() caller: Account, @Param('importId') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.step(context, id, reply, () => this.imports.undo(id, caller.id));
  }

  private step(context: PageContext, id: string, reply: FastifyReply, work: () => Promise<unknown>): Promise<void> {
    return tried(reply, work, (issues) => this.view(context, id, issues), `/desk/imports/${id}`);
  }
}
