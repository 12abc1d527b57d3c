import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { AccountsModule } from './accounts/accounts.module.js';
import { AuditedInterceptor } from './accounts/audited.interceptor.js';
import { AnswersApiController } from './api/answers-api.controller.js';
import { ApiController } from './api/api.controller.js';
import { DeskApiController } from './api/desk-api.controller.js';
import { FirmsApiController } from './api/firms-api.controller.js';
import { HealthController } from './api/health.controller.js';
import { HooksController } from './api/hooks.controller.js';
import { HealthService } from './api/health.service.js';
import { ImportsApiController } from './api/imports-api.controller.js';
import { IntroductionsApiController } from './api/introductions-api.controller.js';
import { MeetingsApiController } from './api/meetings-api.controller.js';
import { OpenApiController } from './api/openapi.controller.js';
import { OpenApi } from './api/openapi.js';
import { PersonsApiController } from './api/persons-api.controller.js';
import { Readiness } from './api/readiness.js';
import { ReportsApiController } from './api/reports-api.controller.js';
import { RunsApiController } from './api/runs-api.controller.js';
import { WhyApiController } from './api/why-api.controller.js';
import type { Clock } from './common/clock.js';
import { ConfigModule } from './config/config.module.js';
import type { Env } from './config/env.js';
import { dataSourceOptions, PatientDataSource } from './database/data-source.js';
import { DigestsModule } from './digests/digests.module.js';
import { FirmsModule } from './firms/firms.module.js';
import { InterestsModule } from './interests/interests.module.js';
import { IntroductionsModule } from './introductions/introductions.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import type { QueueBackend } from './jobs/queues.js';
import { MailModule } from './mail/mail.module.js';
import type { Mailbox } from './mail/mailbox.js';
import { MatchingModule } from './matching/matching.module.js';
import { MeetingsModule } from './meetings/meetings.module.js';
import { NomenclatureModule } from './nomenclature/nomenclature.module.js';
import { OpportunitiesModule } from './opportunities/opportunities.module.js';
import { PersonsModule } from './persons/persons.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { AnswersController } from './web/answers.controller.js';
import { DeskController } from './web/desk.controller.js';
import { ImportsController } from './web/imports.controller.js';
import { DoorGuard } from './accounts/door.guard.js';
import { ErrorFilter } from './web/error.filter.js';
import { FirmController } from './web/firm.controller.js';
import { LeadsController } from './web/leads.controller.js';
import { DeskIntroductionsController, FirmIntroductionsController, IntroductionLinksController } from './web/introductions.controller.js';
import { MailLinksController } from './web/mail-links.controller.js';
import { DeskMeetingsController, FirmMeetingsController } from './web/meetings.controller.js';
import { MailboxController } from './web/mailbox.controller.js';
import { PublicController } from './web/public.controller.js';
import { PersonController } from './web/person.controller.js';
import { QueueBoardController } from './web/queue-board.controller.js';
import { ReportsController } from './web/reports.controller.js';
import { RunsController } from './web/runs.controller.js';
import { SecondFactorController } from './web/second-factor.controller.js';
import { SuggestionsService } from './web/suggestions.service.js';
import { SuppressionsController } from './web/suppression-list.controller.js';
import { WhyController } from './web/why.controller.js';
import { WorkerService } from './worker/worker.service.js';

/** What the house stands on; made before it, in boot.ts or by a test. */
export interface Ground {
  readonly env: Env;
  readonly databaseUrl: string;
  readonly secret: string;
  readonly queues: QueueBackend;
  readonly relayUrl: string;
  readonly mailbox: Mailbox | null;
  readonly clock: Clock;
}

const PAGES = [
  LeadsController,
  PublicController,
  MailLinksController,
  SecondFactorController,
  FirmController,
  AnswersController,
  WhyController,
  DeskController,
  ImportsController,
  DeskIntroductionsController,
  FirmIntroductionsController,
  DeskMeetingsController,
  FirmMeetingsController,
  PersonController,
  IntroductionLinksController,
  RunsController,
  ReportsController,
  SuppressionsController,
  QueueBoardController,
];
/** The controllers whose routes `/api/openapi.json` describes. */
export const API = [
  OpenApiController,
  ApiController,
  FirmsApiController,
  AnswersApiController,
  WhyApiController,
  IntroductionsApiController,
  MeetingsApiController,
  PersonsApiController,
  DeskApiController,
  ImportsApiController,
  RunsApiController,
  ReportsApiController,
];

/** The table of contents, in the order in which data flows. */
@Module({})
export class AppModule {
  static on(ground: Ground): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(ground.env, ground.secret, ground.clock),
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(ground.databaseUrl), autoLoadEntities: true, retryAttempts: 3 }),
          dataSourceFactory: (options) => Promise.resolve(new PatientDataSource(options as DataSourceOptions)),
        }),
        JobsModule.on(ground.queues, ground.env.CHAMBER_TIME_ZONE),
        MailModule.with(ground.env, ground.relayUrl, ground.mailbox),
        AccountsModule,
        NomenclatureModule,
        FirmsModule,
        OpportunitiesModule,
        MatchingModule,
        IntroductionsModule,
        MeetingsModule,
        InterestsModule,
        DigestsModule,
        PersonsModule,
        ReportsModule,
      ],
      providers: [
        WorkerService,
        Readiness,
        HealthService,
        OpenApi,
        SuggestionsService,
        { provide: APP_GUARD, useClass: DoorGuard },
        { provide: APP_INTERCEPTOR, useClass: AuditedInterceptor },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
      controllers:
        ground.env.ROLE === 'worker'
          ? [HealthController]
          : [
              ...PAGES,
              ...(ground.mailbox ? [MailboxController] : []),
              ...(ground.env.BOUNCE_WEBHOOK_SECRET ? [HooksController] : []),
              HealthController,
              ...API,
            ],
    };
  }
}
