import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReactNode } from 'react';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import type { Issue } from '../common/errors.js';
import { FirmsService } from '../firms/firms.service.js';
import { say } from '../language/say.js';
import { PersonsService } from '../persons/persons.service.js';
import { Page, type PageContext } from './context.js';
import { type FormBody, kept, one } from './form.js';
import { Csrf, Errors, Field, Layout } from './layout.js';
import { MessagePage } from './public.views.js';
import { element, show, tried } from './render.js';
import { FirmTabs } from './tabs.js';

interface PersonProps {
  readonly context: PageContext;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

function PersonPage({ context, body, issues }: PersonProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'person.title')}>
      <FirmTabs context={context} here="/firm/person" />
      <p>{say(language, 'person.hint')}</p>
      <p>
        <a className="button" href="/firm/person/export">
          {say(language, 'person.export')}
        </a>
      </p>
      <h2>{say(language, 'person.erase')}</h2>
      <p>{say(language, 'person.erase.hint')}</p>
      <Errors context={context} issues={issues} />
      <form method="post" action="/firm/person" noValidate>
        <Csrf context={context} />
        <Field context={context} name="address" values={kept(body)} type="email" required ltr autoComplete="off" />
        <button className="quiet">{say(language, 'person.erase')}</button>
      </form>
    </Layout>
  );
}

/** A person's own data. */
@Controller('firm/person')
export class PersonController {
  constructor(
    private readonly persons: PersonsService,
    private readonly firms: FirmsService,
  ) {}

  @Get()
  page(@Page() context: PageContext, @Res() reply: FastifyReply): void {
    show(reply, element(PersonPage, { context, body: {}, issues: [] }));
  }

  @Get('export')
  async export(@Caller() caller: Account, @Res() reply: FastifyReply): Promise<void> {
    const { id, firmId } = await this.firms.contactOf(caller.id);
    void reply
      .header('content-disposition', 'attachment; filename="rabta.json"')
      .type('application/json')
      .send(await this.persons.export(firmId, id));
  }

  @Post()
  async erase(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Req() request: FastifyRequest,
    @Body() body: FormBody,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { id, firmId } = await this.firms.contactOf(caller.id);
    await tried(
      reply,
      async () => {
        await this.persons.erase(firmId, id, { address: one(body, 'address') }, { party: 'firm', id: caller.id });
        await request.session.destroy();
      },
      (issues) => element(PersonPage, { context, body, issues }),
      () =>
        element(MessagePage, {
          context: { ...context, account: null },
          title: say(context.language, 'person.title'),
          text: say(context.language, 'person.erased'),
        }),
    );
  }
}
