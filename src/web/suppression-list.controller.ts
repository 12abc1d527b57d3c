import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import type { Issue } from '../common/errors.js';
import { SuppressionsService } from '../digests/suppressions.service.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, kept, one } from './form.js';
import { element, show, tried } from './render.js';
import { SuppressionsPage } from './suppression-list.views.js';

/** Addresses that are not mailed: found, added and lifted by the secretariat. */
@Controller('desk/suppressions')
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  @Get()
  async list(@Page() context: PageContext, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const { lang: _, ...asked } = query;
    show(reply, await this.view(context, asked));
  }

  /** A form, for an address has no place in the address of a page. */
  @Post('search')
  async search(@Page() context: PageContext, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    let search: Awaited<ReturnType<SuppressionsService['search']>> = { address: '', found: [], history: [] };
    await tried(
      reply,
      async () => (search = await this.suppressions.search({ address: one(body, 'address') })),
      (issues) => this.view(context, {}, issues),
      () => element(SuppressionsPage, { context, search, items: search.found, next: null, values: {}, issues: [] }),
    );
  }

  @Post()
  async add(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const input = { address: one(body, 'address'), stream: one(body, 'stream') || undefined, reason: one(body, 'reason') };
    await tried(
      reply,
      () => this.suppressions.add(input, caller.id),
      (issues) => this.view(context, {}, issues, kept(body)),
      '/desk/suppressions',
    );
  }

  @Post('lift')
  async lift(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const input = { addressSha256: one(body, 'addressSha256'), stream: one(body, 'stream'), reason: one(body, 'reason') };
    await tried(
      reply,
      () => this.suppressions.lift(input, caller.id),
      (issues) => this.view(context, {}, issues),
      '/desk/suppressions',
    );
  }

  private async view(context: PageContext, page: unknown, issues: readonly Issue[] = [], values: Readonly<Record<string, string>> = {}) {
    const { items, next } = await this.suppressions.list(page);
    return element(SuppressionsPage, { context, search: null, items, next, values, issues });
  }
}
