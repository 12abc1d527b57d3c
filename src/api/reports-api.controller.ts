import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { reportQuery, ReportsService } from '../reports/reports.service.js';
import { Asks, Gives } from './openapi.js';
import * as shapes from './shapes.js';

@Controller('api/v1/desk/reports')
export class ReportsApiController {
  constructor(private readonly reports: ReportsService) {}

  /** A report as tables of codes and figures: funnel, gap, exposure, precision, sources, members, review or statement. */
  @Get(':report')
  @Gives(shapes.report)
  @Asks(reportQuery)
  async report(@Param('report') name: string, @Query() query: Record<string, string>, @Req() { language }: FastifyRequest) {
    const { report, asked, tables } = await this.reports.make(name, query, language);
    return {
      report,
      asked,
      tables: tables.map((table) => ({
        name: table.name,
        columns: table.columns.map(({ name: column, kind, currency }) => ({ name: column, kind, ...(currency ? { currency } : {}) })),
        rows: table.rows.map(({ cells }) => cells),
        total: table.total?.cells ?? null,
      })),
    };
  }
}
