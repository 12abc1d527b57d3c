import { Controller, Get, Req, Res } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { CanaryService } from '../jobs/canary.service.js';
import { JobsService } from '../jobs/jobs.service.js';
import { HealthService } from './health.service.js';
import { Readiness } from './readiness.js';

/** For load balancers, containers and alarms; says nothing that an outsider could use. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly jobs: JobsService,
    private readonly canary: CanaryService,
    private readonly health: HealthService,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  /** The process answers. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * The start is complete, database and queue answer within two seconds, and jobs come through every queue: 503 otherwise. Where the caller is an
   * administrator, with what waits and since when.
   */
  @Get('ready')
  async ready(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const inTime = <T>(work: Promise<T>): Promise<T | undefined> =>
      Promise.race([work, new Promise<undefined>((late) => setTimeout(() => late(undefined), 2000).unref())]).catch(() => undefined);
    const [database, queue, late] = await Promise.all([
      inTime(this.source.query<unknown>('select 1')),
      inTime(this.jobs.counts('upkeep')),
      inTime(this.canary.late(this.readiness.upSeconds())),
    ]);
    const worked = late?.length === 0;
    const ready = this.readiness.waitingFor === null && database !== undefined && queue !== undefined && worked;
    const details = request.caller?.role === 'administrator' ? await inTime(this.health.now()) : undefined;
    await reply
      .status(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: ready ? 'ok' : 'not ready',
        waitingFor: this.readiness.waitingFor,
        database: database !== undefined,
        queue: queue !== undefined,
        canaries: worked,
        ...(details && { details: { late, ...details } }),
      });
  }
}
