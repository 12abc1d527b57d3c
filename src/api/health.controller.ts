import { Controller, Get, Res } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import type { DataSource } from 'typeorm';
import { JobsService } from '../jobs/jobs.service.js';
import { Readiness } from './readiness.js';

/** For load balancers and containers; says nothing that an outsider could use. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly jobs: JobsService,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  /** The process answers. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The start is complete, and database and queue answer within two seconds; 503 otherwise. */
  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const answers = (work: Promise<unknown>) =>
      Promise.race([work.then(() => true), new Promise<false>((late) => setTimeout(() => late(false), 2000).unref())]).catch(() => false);
    const [database, queue] = await Promise.all([answers(this.source.query('select 1')), answers(this.jobs.counts('upkeep'))]);
    const ready = this.readiness.waitingFor === null && database && queue;
    await reply
      .status(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ok' : 'not ready', waitingFor: this.readiness.waitingFor, database, queue });
  }
}
