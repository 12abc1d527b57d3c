import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, asAppError, type ErrorCode, STATUS_OF } from '../common/errors.js';
import { say } from '../language/say.js';
import type { Account } from '../accounts/account.entity.js';
import { languageOf } from '../accounts/caller.js';
import { pageContext } from './context.js';
import { sayIssue } from './issues.js';
import { Layout, page } from './layout.js';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'Unreadable',
  401: 'NotSignedIn',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'TooLarge',
  415: 'Unreadable',
  422: 'Invalid',
  429: 'TooMany',
  503: 'Unavailable',
};

/** invalid_text_representation, character_not_in_repertoire, invalid_datetime_format, numeric_value_out_of_range. */
const NO_VALUE = new Set(['22P02', '22021', '22007', '22003']);

/** Renders every refusal and failure, for programs as problem details (RFC 9457), for people as a page. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('web');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.understood(thrown, request);
    const status = STATUS_OF[error.code];
    // what failed before the door has neither yet
    const language = languageOf(request, (request as { caller?: Account | null }).caller ?? null);
    request.language = language;
    request.caller ??= null;
    if (/^\/(api|health|hooks)\/|\.json$/.test(request.url.split('?')[0] ?? '')) {
      void reply
        .status(status)
        .type('application/problem+json')
        .send({
          type: 'about:blank',
          status,
          code: error.code,
          title: say(language, `error.${error.code}`),
          errors: error.issues.map((issue) => ({ ...issue, message: sayIssue(language, issue) })),
        });
      return;
    }
    if (error.code === 'NotSignedIn' && request.method === 'GET') {
      void reply.redirect(`/sign-in?back=${encodeURIComponent(request.url)}`, 303);
      return;
    }
    if (error.code === 'SecondFactor' && request.method === 'GET') {
      void reply.redirect(`/second-factor?back=${encodeURIComponent(request.url)}`, 303);
      return;
    }
    const context = pageContext(request, reply);
    void reply
      .status(status)
      .type('text/html; charset=utf-8')
      .send(
        page(
          <Layout context={context} title={say(language, `error.${error.code}`)}>
            <ul className="plain">
              {error.issues.map((issue) => (
                <li key={issue.field + issue.reason}>{sayIssue(language, issue)}</li>
              ))}
            </ul>
            <p>
              <a href="/">{say(language, 'error.home')}</a>
            </p>
          </Layout>,
        ),
      );
  }

  private understood(thrown: unknown, request: FastifyRequest): AppError {
    const known = asAppError(thrown);
    if (known instanceof AppError) {
      if (known.code === 'Unavailable') this.log.warn(`${request.method} ${request.routeOptions.url ?? 'unknown route'}: ${(thrown as Error).message}`);
      return known;
    }
    const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: number }).statusCode;
    const code = BY_STATUS[status ?? 500];
    if (code) return new AppError(code);
    // what PostgreSQL cannot take as a value (no uuid, a NUL): in an address it names nothing, in a body it is not right
    if (NO_VALUE.has((thrown as { driverError?: { code?: string } }).driverError?.code ?? ''))
      return new AppError(request.method === 'GET' ? 'NotFound' : 'Invalid');
    this.log.error(`${request.method} ${request.routeOptions.url ?? 'unknown route'}: ${(thrown as Error).stack ?? String(thrown)}`);
    return new AppError('Internal');
  }
}
