import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { notFound } from '../common/errors.js';
import { FirmsService } from '../firms/firms.service.js';
import { erasureSchema, PersonsService } from '../persons/persons.service.js';
import { Gives, Takes } from './openapi.js';
import * as shapes from './shapes.js';

/** What is kept about one person: for themselves, and for an administrator who is asked on paper. */
@Controller('api/v1/firms/:firmId/contacts/:contactId')
export class PersonsApiController {
  constructor(
    private readonly persons: PersonsService,
    private readonly firms: FirmsService,
  ) {}

  @Get('export')
  @Gives(shapes.personExport)
  async export(@Param('firmId') firmId: string, @Param('contactId') contactId: string, @Caller() caller: Account) {
    await this.mayAsk(caller, contactId);
    return this.persons.export(firmId, contactId);
  }

  /** Erases the person; the address has to be given once more. What stays is its hash, so that it is never mailed again. */
  @Post('erase')
  @Takes(erasureSchema)
  @HttpCode(204)
  async erase(@Param('firmId') firmId: string, @Param('contactId') contactId: string, @Body() body: unknown, @Caller() caller: Account): Promise<void> {
    await this.mayAsk(caller, contactId);
    await this.persons.erase(firmId, contactId, body, { party: caller.role === 'member' ? 'firm' : 'chamber', id: caller.id });
  }

  /** Each for themselves: a colleague's mails are nobody's business. */
  private async mayAsk(caller: Account, contactId: string): Promise<void> {
    if (caller.role === 'member' && (await this.firms.contactOf(caller.id)).id !== contactId) throw notFound();
  }
}
