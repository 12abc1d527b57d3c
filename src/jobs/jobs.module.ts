import { type DynamicModule, Module } from '@nestjs/common';
import { CanaryService } from './canary.service.js';
import { JobsService, QUEUE_BACKEND, SCHEDULE_ZONE } from './jobs.service.js';
import type { QueueBackend } from './queues.js';

@Module({})
export class JobsModule {
  static on(backend: QueueBackend, zone: string): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      providers: [{ provide: QUEUE_BACKEND, useValue: backend }, { provide: SCHEDULE_ZONE, useValue: zone }, JobsService, CanaryService],
      exports: [JobsService, CanaryService, QUEUE_BACKEND],
    };
  }
}
