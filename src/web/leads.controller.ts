import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../common/clock.js';
import { AppError, parse, STATUS_OF } from '../common/errors.js';
import { sha256 } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { calendarOf } from '../digests/calendar.js';
import { forwardText } from '../digests/compose.js';
import { NO_ANSWERS } from '../interests/interests.queries.js';
import { InterestsService } from '../interests/interests.service.js';
import { MAILBOX } from '../mail/mail.module.js';
import type { Mailbox } from '../mail/mailbox.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { opportunityFilter, opportunityQuery } from '../opportunities/opportunity.schemas.js';
import { Page, type PageContext } from './context.js';
import { feedOf } from './feed.js';
import { addressOf, partsOf, searchIn } from './lead-filter.js';
import { HomePage, OpportunitiesPage, OpportunityPage } from './leads.views.js';
import { ForwardPage } from './public.views.js';
import { attach, element, show } from './render.js';

/** Leads on a page: what a phone on a slow link has at once. */
const ON_A_PAGE = 10;
/** Leads in a feed; who looks more seldom than so many come finds the rest on the pages. */
const IN_A_FEED = 30;

type Query_ = Readonly<Record<string, string>>;

/** What anybody sees of the leads, and takes away: pages, feeds, calendar file, text to forward. */
@Controller()
export class LeadsController {
  constructor(
    private readonly opportunities: OpportunitiesService,
    private readonly interests: InterestsService,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
    @Inject(MAILBOX) private readonly mailbox: Mailbox | null,
  ) {}

  @Get()
  async home(@Page() context: PageContext, @Res() reply: FastifyReply): Promise<void> {
    show(reply, element(HomePage, { context, overview: await this.opportunities.overview(), mailbox: this.mailbox !== null }));
  }

  /** A search that cannot be read is shown again with what is wrong with it. */
  @Get('opportunities')
  async list(@Page() context: PageContext, @Query() query: Query_, @Res() reply: FastifyReply): Promise<void> {
    const given = searchIn(query, ['after']);
    try {
      const { after, limit, ...filter } = parse(opportunityQuery, { ...given, limit: ON_A_PAGE });
      const { items, next } = await this.opportunities.listOpen({ after, limit, ...filter });
      show(reply, element(OpportunitiesPage, { context, opportunities: items, next, filter }));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'Invalid') throw error;
      const refused = { values: given as Record<string, string>, issues: error.issues };
      show(reply, element(OpportunitiesPage, { context, opportunities: [], next: null, filter: {}, refused }), STATUS_OF.Invalid);
    }
  }

  @Get('opportunities/feed.atom')
  atom(@Query() query: Query_, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.feed('atom', query, request, reply);
  }

  @Get('opportunities/feed.json')
  json(@Query() query: Query_, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.feed('json', query, request, reply);
  }

  /** A search as a feed; a program that has the newest already is told so without being sent it again. */
  private async feed(kind: 'atom' | 'json', query: Query_, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { language } = request;
    const filter = parse(opportunityFilter, searchIn(query));
    const { items } = await this.opportunities.listOpen({ ...filter, limit: IN_A_FEED });
    const body = await feedOf(kind, {
      language,
      leads: items,
      about: partsOf(language, filter)
        .map(([, said]) => said)
        .join(' · '),
      chamber: this.env.CHAMBER_NAME,
      url: this.env.APP_URL,
      page: addressOf('/opportunities', filter, { lang: language }),
      atom: addressOf('/opportunities/feed.atom', filter, { lang: language }),
      json: addressOf('/opportunities/feed.json', filter, { lang: language }),
      now: this.clock.now(),
    });
    const etag = `"${sha256(body).slice(0, 22)}"`;
    void reply
      .header('etag', etag)
      .header('cache-control', 'public, max-age=600')
      .header('vary', 'accept-language, cookie')
      .type(kind === 'atom' ? 'application/atom+xml; charset=utf-8' : 'application/feed+json; charset=utf-8');
    if (request.headers['if-none-match'] === etag) await reply.status(304).send();
    else await reply.send(body);
  }

  @Get('opportunities/:reference')
  async opportunity(@Page() context: PageContext, @Param('reference') reference: string, @Res() reply: FastifyReply): Promise<void> {
    const lead = await this.opportunities.open(reference);
    const firmId = context.account?.firmId;
    const answers = firmId ? ((await this.interests.about(firmId, [lead.id])).get(lead.id) ?? NO_ANSWERS) : undefined;
    show(reply, element(OpportunityPage, { context, lead, answers, open: this.interests.isOpen(lead) }));
  }

  /** The last day as a calendar file; the same for everybody. */
  @Get('opportunities/:reference/calendar.ics')
  async calendar(@Page() context: PageContext, @Param('reference') reference: string, @Res() reply: FastifyReply): Promise<void> {
    const lead = await this.opportunities.open(reference);
    const file = calendarOf(context.language, lead, this.env.APP_URL, new URL(this.env.APP_URL).hostname);
    attach(reply, 'text/calendar; charset=utf-8', `${lead.reference}.ics`, file);
  }

  @Get('opportunities/:reference/forward')
  async forward(@Page() context: PageContext, @Param('reference') reference: string, @Res() reply: FastifyReply): Promise<void> {
    const lead = await this.opportunities.open(reference);
    const chamber = { name: this.env.CHAMBER_NAME, address: this.env.CHAMBER_ADDRESS };
    show(reply, element(ForwardPage, { context, lead, text: forwardText(context.language, lead, chamber, this.env.APP_URL) }));
  }
}
