import { Controller, Get, Param } from '@nestjs/common';
import type { Account } from '../accounts/account.entity.js';
import { Caller } from '../accounts/caller.js';
import { DigestsService } from '../digests/digests.service.js';
import { FirmsService } from '../firms/firms.service.js';
import { InterestsService } from '../interests/interests.service.js';
import { sayAccount, sayBrings } from '../matching/explain.js';
import { MatchingService } from '../matching/matching.service.js';
import type { Brings } from '../matching/scoring/account.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { Gives } from './openapi.js';
import * as shapes from './shapes.js';
import { publicOpportunityView } from './views.js';

/** The one change in codes and in the caller's language. */
const bringsView = (brings: Brings | null, { language }: Account) => brings && { ...brings, said: sayBrings(language, brings) };

/** Why a firm gets what it gets, and not what it does not get. */
@Controller('api/v1/firms/:firmId')
export class WhyApiController {
  constructor(
    private readonly firms: FirmsService,
    private readonly opportunities: OpportunitiesService,
    private readonly interests: InterestsService,
    private readonly matching: MatchingService,
    private readonly digests: DigestsService,
  ) {}

  /** The open opportunities that the firm nearly got, the nearest first, each with the one change that would bring it; at most 60. */
  @Get('near-misses')
  @Gives(shapes.nearMisses)
  async nearMisses(@Param('firmId') firmId: string, @Caller() caller: Account) {
    await this.firms.get(firmId);
    const threshold = await this.digests.thresholdOf(firmId);
    const misses = await this.matching.nearMisses(firmId, threshold);
    return {
      threshold,
      items: misses.map(({ score, brings, opportunity }) => ({ score, brings: bringsView(brings, caller), opportunity: publicOpportunityView(opportunity) })),
    };
  }

  /** For each contact of the firm, what has to be so for digests to come, in the order in which one would put it right; `reason` is null where it is so. */
  @Get('silence')
  @Gives(shapes.silences)
  async silence(@Param('firmId') firmId: string) {
    await this.firms.get(firmId);
    return { items: await this.digests.silence(firmId) };
  }

  /**
   * Everything that speaks for the pair and against it, rule by rule, matched or not. A member asks of published opportunities and those it has
   * answered; the desk of any.
   */
  @Get('opportunities/:reference/account')
  @Gives(shapes.account)
  async account(@Param('firmId') firmId: string, @Param('reference') reference: string, @Caller() caller: Account) {
    const opportunity = caller.role === 'member' ? await this.interests.opportunity(firmId, reference) : await this.opportunities.byReference(reference);
    const threshold = await this.digests.thresholdOf(firmId);
    const account = await this.matching.account(firmId, opportunity, threshold);
    const { shut, rules } = sayAccount(caller.language, account);
    return {
      reference,
      threshold,
      score: account.score,
      gate: account.gate,
      rules: account.rules.map(({ rule, points, max, evidence }, i) => ({
        rule,
        points,
        max,
        evidence,
        because: rules[i]?.because ?? [],
        short: rules[i]?.short ?? null,
      })),
      blockers: account.blockers,
      shut: shut ?? null,
      brings: bringsView(account.brings, caller),
    };
  }
}
