import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { Idempotency } from '../accounts/idempotency.js';
import { countsOf, type Import, importSchema, ImportsService } from '../opportunities/imports.service.js';
import { Gives, Repeatable, Takes } from './openapi.js';
import * as shapes from './shapes.js';

const view = ({ file, rows, saved }: Import) => ({
  id: file.id,
  uploadedAt: file.uploadedAt,
  appliedAt: file.appliedAt,
  undoneAt: file.undoneAt,
  counts: countsOf(rows),
  rows: rows.map(({ line, reference, state, concerns, issues, lead }) => ({
    line,
    reference,
    state,
    concerns,
    errors: issues.map(({ field, reason, values }) => ({ field, reason, ...(values ? { values } : {}) })),
    opportunityId: lead?.id ?? null,
  })),
  saved: saved.map(({ id, reference, untouched }) => ({ id, reference, untouched })),
});

/** Files of leads: what they would do, saving them as drafts, taking them back. */
@Controller('api/v1/desk/imports')
export class ImportsApiController {
  constructor(
    private readonly imports: ImportsService,
    private readonly idempotency: Idempotency,
  ) {}

  /** What a file (CSV or lines of JSON) would do; no lead is saved. The same content is the same import. */
  @Post()
  @Gives(shapes.leadImport)
  @Takes(importSchema)
  @Repeatable()
  async upload(@Body() body: unknown, @Caller() caller: Account, @Req() request: FastifyRequest) {
    const key = [request.headers['idempotency-key']].flat()[0];
    return this.idempotency.once(caller.id, key, ['import', body ?? {}], async () => {
      const id = await this.imports.upload(body ?? {}, caller.id);
      return view(await this.imports.get(id));
    });
  }

  @Get(':importId')
  @Gives(shapes.leadImport)
  async one(@Param('importId') id: string) {
    return view(await this.imports.get(id));
  }

  /** Saves every new row as a draft, all or none; once more changes nothing. */
  @Post(':importId/apply')
  @HttpCode(200)
  @Gives(shapes.leadImport)
  async apply(@Param('importId') id: string, @Caller() caller: Account) {
    return view(await this.imports.apply(id, caller.id));
  }

  /** Removes the drafts that nobody has touched; `saved` names those that stay. */
  @Post(':importId/undo')
  @HttpCode(200)
  @Gives(shapes.leadImport)
  async undo(@Param('importId') id: string, @Caller() caller: Account) {
    return view(await this.imports.undo(id, caller.id));
  }
}
