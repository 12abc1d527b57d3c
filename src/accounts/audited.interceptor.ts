import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import type { DataSource } from 'typeorm';
import { record } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { ruleFor } from './policy.js';

/**
 * Whatever somebody of the chamber does to anybody's data stands in the audit trail before it is done: who, by which route, to what. An act that cannot be
 * recorded does not happen; whether it was possible the steps' own lines say.
 */
@Injectable()
export class AuditedInterceptor implements NestInterceptor {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly clock: Clock,
  ) {}

  async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { method, routeOptions, params, caller } = execution.switchToHttp().getRequest<FastifyRequest>();
    const route = routeOptions.url ?? '';
    const on = ruleFor(method, route)?.on;
    if (caller && caller.role !== 'member' && method !== 'GET' && method !== 'HEAD' && (on === 'all' || on === 'firm-in-path')) {
      const [name = 'house', id = ''] = Object.entries((params ?? {}) as Record<string, string>)[0] ?? [];
      await record(this.source.manager, {
        at: this.clock.now(),
        party: 'chamber',
        actor: caller.id,
        act: `${method} ${route}`,
        subject: SUBJECTS[name] ?? name,
        // what is no id (somebody tries) is not worth keeping
        subjectId: /^[0-9a-f-]{36}$/i.test(id) ? id : '',
      });
    }
    return next.handle();
  }
}

/** What the first parameter of a route names. */
const SUBJECTS: Readonly<Record<string, string>> = {
  firmId: 'firm',
  id: 'opportunity',
  introductionId: 'introduction',
  dayId: 'meeting-day',
  occurrenceId: 'occurrence',
  digestId: 'digest',
  importId: 'import',
};
