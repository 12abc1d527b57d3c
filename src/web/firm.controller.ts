import { Body, Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import { Caller, ownFirm } from '../accounts/caller.js';
import { Clock, localDate } from '../common/clock.js';
import { pageQuery } from '../common/paging.js';
import { parse } from '../common/errors.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { DigestsService } from '../digests/digests.service.js';
import type { Subscription } from '../digests/subscription.entity.js';
import { FirmsService, type FirmStanding } from '../firms/firms.service.js';
import { isLapsed } from '../firms/membership.js';
import { InterestsService } from '../interests/interests.service.js';
import { say } from '../language/say.js';
import { MatchingService } from '../matching/matching.service.js';
import { Page, type PageContext } from './context.js';
import { DigestSettingsPage, FirmPage, ProfilePage } from './firm.views.js';
import { type FormBody, kept, one } from './form.js';
import { bodyOf, profileOf, withLine } from './profile.form.js';
import { SuggestionsService } from './suggestions.service.js';
import { MAIL_FRAME_POLICY } from './mailbox.controller.js';
import { MessagePage } from './public.views.js';
import { element, HTML, show, tried } from './render.js';

/** Matches on a page: what a phone on a slow link has at once, and a person can look at. */
const ON_A_PAGE = 10;

/** What a member sees and does: always of their own firm. */
@Controller('firm')
export class FirmController {
  constructor(
    private readonly firms: FirmsService,
    private readonly matching: MatchingService,
    private readonly interests: InterestsService,
    private readonly digests: DigestsService,
    private readonly suggestions: SuggestionsService,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get()
  async home(@Page() context: PageContext, @Caller() caller: Account, @Query('after') after: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const firmId = ownFirm(caller);
    const [{ firm, contact }, { items, next }, proposals] = await Promise.all([
      this.firms.standing(caller.id),
      this.matching.cardsOfFirm(firmId, parse(pageQuery, { after, limit: ON_A_PAGE })),
      after ? [] : this.interests.proposals(firmId),
    ]);
    const [answers, obstacle] = await Promise.all([
      this.interests.about(
        firm.id,
        items.map(({ opportunity }) => opportunity.id),
      ),
      after ? null : this.digests.obstacle(contact.id),
    ]);
    show(reply, element(FirmPage, { context, firm, contact, lapsed: this.lapsed(firm), matches: items, next, obstacle, answers, proposals }));
  }

  private lapsed(firm: FirmStanding): boolean {
    return isLapsed(firm.membershipValidUntil, localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE));
  }

  /** @param add a line that a near miss suggests, `offer.hs.090421`: it stands in the form, and is saved if the firm saves it */
  @Get('profile')
  async profile(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Query('saved') saved: string | undefined,
    @Query('add') add: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const firm = await this.firms.get(ownFirm(caller));
    const body = withLine(bodyOf(firm), add, context.language);
    const suggestions = await this.suggestions.forLines(body, context.language);
    show(reply, element(ProfilePage, { context, body, issues: [], saved: saved === 'yes', suggestions }));
  }

  @Post('profile')
  async saveProfile(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const firm = await this.firms.get(ownFirm(caller));
    // a form that does not show them leaves them as they are
    const unseen = {
      markets: firm.markets,
      excludedCountries: firm.excludedCountries,
      excludedKinds: firm.excludedKinds,
      excludedWords: firm.excludedWords,
    };
    const suggestions = await this.suggestions.forLines(body, context.language);
    await tried(
      reply,
      () => this.firms.updateProfile(firm.id, { ...unseen, ...profileOf(body) }),
      (issues) => element(ProfilePage, { context, body, issues, saved: false, suggestions }),
      '/firm/profile?saved=yes',
    );
  }

  @Get('digests')
  async settings(
    @Page() context: PageContext,
    @Caller() caller: Account,
    @Query('saved') saved: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = await this.settingsView(context, caller);
    show(reply, view(undefined, [], saved === 'yes'));
  }

  private async settingsView(context: PageContext, caller: Account) {
    const contact = await this.firms.contactOf(caller.id);
    const subscription = await this.digests.subscription(contact.id);
    const ledger = await this.digests.ledgerOfFirm(ownFirm(caller));
    const flow = await this.digests.flow(ownFirm(caller));
    return (values: Record<string, string> | undefined, issues: Parameters<typeof DigestSettingsPage>[0]['issues'], saved: boolean) =>
      element(DigestSettingsPage, { context, contact, subscription, values: values ?? this.valuesOf(subscription), issues, ledger, flow, saved });
  }

  private valuesOf(subscription: Subscription | null): Record<string, string> {
    const { cadence, weekday, hour, zone, threshold, maxItems } = subscription ?? {
      cadence: 'weekly',
      weekday: 2,
      hour: 8,
      zone: this.env.CHAMBER_TIME_ZONE,
      threshold: 60,
      maxItems: 10,
    };
    return { cadence, weekday: String(weekday), hour: String(hour), zone, threshold: String(threshold), maxItems: String(maxItems) };
  }

  @Post('digests')
  async saveSettings(@Page() context: PageContext, @Caller() caller: Account, @Body() body: FormBody, @Res() reply: FastifyReply): Promise<void> {
    const contact = await this.firms.contactOf(caller.id);
    const view = await this.settingsView(context, caller);
    const fields = ['cadence', 'weekday', 'hour', 'zone', 'threshold', 'maxItems'];
    await tried(
      reply,
      () => this.digests.subscribe(contact.id, Object.fromEntries(fields.map((name) => [name, one(body, name)]))),
      (issues) => view(kept(body), issues, false),
      '/firm/digests?saved=yes',
    );
  }

  /** The next digest as a mail client would show it. */
  @Get('digests/preview')
  async preview(@Page() context: PageContext, @Caller() caller: Account, @Res() reply: FastifyReply): Promise<void> {
    const contact = await this.firms.contactOf(caller.id);
    const next = await this.digests.preview(contact.id);
    if (!next) {
      show(reply, element(MessagePage, { context, title: say(context.language, 'firm.digests'), text: say(context.language, 'digest.preview.none') }));
      return;
    }
    void reply.type(HTML).header('content-security-policy', MAIL_FRAME_POLICY).send(next.html);
  }

  @Post('confirmation')
  async confirmAgain(@Caller() caller: Account, @Res() reply: FastifyReply): Promise<void> {
    await this.firms.confirmAgain(caller.id);
    await reply.redirect('/confirm', 303);
  }
}
