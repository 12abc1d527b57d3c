import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { notFound } from '../common/errors.js';
import { ReportsService } from '../reports/reports.service.js';
import { Page, type PageContext } from './context.js';
import { attach, element, show } from './render.js';
import { csvOf } from './report-cells.js';
import { ReportPage, SHOWN } from './reports.views.js';

/** What is asked for; an empty field of a form asks for nothing. */
const askedOf = (query: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));

/** What the chamber sees of the whole, and hands to the regulator and the ministries. */
@Controller('desk/reports')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get()
  funnel(@Page() context: PageContext, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    return this.report(context, 'funnel', query, reply);
  }

  /** `?all` shows every row. */
  @Get(':report')
  async report(@Page() context: PageContext, @Param('report') name: string, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { lang: _, all, ...asked } = query;
    const report = await this.reports.make(name, askedOf(asked), context.language, all === undefined ? SHOWN : null);
    show(reply, element(ReportPage, { context, report, all: all !== undefined }));
  }

  /** `?table` names one of the report's tables; the first where it does not. */
  @Get(':report/csv')
  async csv(@Page() context: PageContext, @Param('report') name: string, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { lang: _, table: wanted, ...asked } = query;
    const { report, asked: about, tables } = await this.reports.make(name, askedOf(asked), context.language);
    const table = wanted === undefined ? tables[0] : tables.find((one) => one.name === wanted);
    if (!table) throw notFound();
    const file = [report, table.name, ...Object.values(about)].join('-');
    attach(reply, 'text/csv; charset=utf-8', `${file}.csv`, csvOf(context.language, table));
  }
}
