import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { type Issue, parse } from '../common/errors.js';
import { pageQuery, type PageQuery } from '../common/paging.js';
import { SuppressionsService } from '../digests/suppressions.service.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, kept, one } from './form.js';
import { element, show, tried } from './render.js';
import { SuppressionsPage } from './suppressions.views.js';

/** Addresses that are not mailed: found, added and lifted by the secretariat. */
@Controller('desk/suppressions')
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  @Get()
  async list(@Page() context: PageContext, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { lang: _, ...asked } = query;
    show(reply, await this.view(context, parse(pageQuery, asked)));
  }

  /** A form, for an address has no place in the address of a page. */
  @Post('search')
  async search(@Page() context: PageContext, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    let search: Awaited<ReturnType<SuppressionsService['search']>> = { email: '', found: [], lifted: [] };
    await tried(
      reply,
      async () => (search = await this.suppressions.search({ email: one(body, 'email') })),
      (issues) => this.view(context, { limit: 20 }, issues),
      () => element(SuppressionsPage, { context, search, items: search.found, next: null, values: {}, issues: [] }),
    );
  }

  @Post()
  async add(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const input = { email: one(body, 'email'), stream: one(body, 'stream') || undefined, reason: one(body, 'reason') };
    await tried(
      reply,
      () => this.suppressions.add(input, caller.id),
      (issues) => this.view(context, { limit: 20 }, issues, kept(body)),
      '/desk/suppressions',
    );
  }

  @Post('lift')
  async lift(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const input = { address: one(body, 'address'), stream: one(body, 'stream'), reason: one(body, 'reason') };
    await tried(
      reply,
      () => this.suppressions.lift(input, caller.id),
      (issues) => this.view(context, { limit: 20 }, issues),
      '/desk/suppressions',
    );
  }

  private async view(context: PageContext, page: PageQuery, issues: readonly Issue[] = [], values: Readonly<Record<string, string>> = {}) {
    const { items, next } = await this.suppressions.list(page);
    return element(SuppressionsPage, { context, search: null, items, next, values, issues });
  }
}
