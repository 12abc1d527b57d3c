import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import type { Account } from './account.entity.js';
import { AccountsService } from './accounts.service.js';
import { isSigned } from './hook-signature.js';
import { type Rule, ruleFor } from './policy.js';
import { DatabaseSessions, noteUse } from './sessions.js';
import { Clock } from '../common/clock.js';
import { AppError } from '../common/errors.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { isLanguage } from '../language/say.js';
import { bearerOf, languageOf } from './caller.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The one door: who calls, whether the policy lets them, and whether the request comes from our own pages. */
@Injectable()
export class DoorGuard implements CanActivate {
  private readonly sessions: DatabaseSessions;

  constructor(
    private readonly accounts: AccountsService,
    private readonly adapter: HttpAdapterHost,
    @InjectDataSource() source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
  ) {
    this.sessions = new DatabaseSessions(source);
  }

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const http = execution.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const path = request.routeOptions.url ?? '';
    const rule = ruleFor(request.method, path);
    const { account, complete } = await this.signedIn(request);
    // half signed in is nobody, but where the other half is given
    request.caller = complete || rule?.beforeSecondFactor ? account : null;
    request.language = languageOf(request, account);
    const { lang } = request.query as { lang?: unknown };
    if (isLanguage(lang))
      void reply.setCookie('lang', lang, { path: '/', maxAge: 365 * 86_400, sameSite: 'lax', secure: this.env.APP_URL.startsWith('https:') });

    if (!rule) throw new AppError('Forbidden'); // a route that nobody allowed is nobody's
    this.mayCall(rule, request, account !== null);
    this.onWhoseData(rule, request);
    if (!READS.has(request.method) && rule.csrf !== 'exempt') await this.fromOurPages(request, reply, path, rule);
    if (rule.who !== 'anyone') void reply.header('cache-control', 'no-store');
    if (rule.on === 'token') void reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
    return true;
  }

  /**
   * From the session cookie, or for programs from a session id given as a bearer token.
   * @returns the account, and whether all has been given that it signs in with: for the chamber's accounts that is a second factor too
   */
  private async signedIn(request: FastifyRequest): Promise<{ account: Account | null; complete: boolean }> {
    const bearer = bearerOf(request);
    const session = bearer ? await this.sessionOf(bearer) : { accountId: request.session.get('accountId'), factor: request.session.get('factor') };
    if (session.accountId && !bearer) noteUse(request);
    const account = session.accountId ? await this.accounts.active(session.accountId) : null;
    return { account, complete: account?.role === 'member' || session.factor === true };
  }

  private sessionOf(id: string): Promise<{ accountId?: string | undefined; factor?: boolean | undefined }> {
    return new Promise((found, failed) => {
      this.sessions.get(id, (error, session) =>
        error ? failed(error instanceof Error ? error : new Error('the session could not be read')) : found(session ?? {}),
      );
    });
  }

  private mayCall(rule: Rule, request: FastifyRequest, known: boolean): void {
    const { who } = rule;
    if (who === 'anyone') return;
    if (who === 'this-machine') {
      // by a name of this machine too: a page elsewhere may have its own name point here
      const here = /^(127\.|::1$|::ffff:127\.)/.test(request.ip) && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '');
      if (!here) throw new AppError('NotFound');
      return;
    }
    if (who === 'signed') {
      const { 'x-rabta-timestamp': timestamp, 'x-rabta-signature': signature } = request.headers;
      const { rawBody: body } = request as { rawBody?: Buffer };
      const secret = this.env.BOUNCE_WEBHOOK_SECRET;
      if (!secret || !isSigned(secret, { timestamp, signature, body }, this.clock.now())) throw new AppError('NotSignedIn');
      return;
    }
    if (!request.caller) throw new AppError(known ? 'SecondFactor' : 'NotSignedIn');
    if (!who.includes(request.caller.role)) throw new AppError('Forbidden');
  }

  /** A member reaches their own firm and learns nothing about any other, not even that it exists. */
  private onWhoseData(rule: Rule, request: FastifyRequest): void {
    if (rule.on !== 'firm-in-path' || request.caller?.role !== 'member') return;
    if ((request.params as { firmId?: string }).firmId !== request.caller.firmId) throw new AppError('NotFound');
  }

  /**
   * Forms carry a token; JSON cannot be sent from another site without asking first, and is never allowed to. Both must not come from elsewhere
   * by the browser's own word; pages that know no token of ours must be said to come from here.
   */
  private async fromOurPages(request: FastifyRequest, reply: FastifyReply, path: string, rule: Rule): Promise<void> {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AppError('Forbidden', [{ field: 'form', reason: 'form-expired' }]);
    const { origin, host } = request.headers;
    if (origin !== undefined && origin !== 'null' && hostOf(origin) !== host && origin !== new URL(this.env.APP_URL).origin) {
      throw new AppError('Forbidden', [{ field: 'form', reason: 'form-expired' }]);
    }
    if (rule.csrf === 'same-origin') {
      if (site !== 'same-origin' && (origin === undefined || origin === 'null')) throw new AppError('Forbidden', [{ field: 'form', reason: 'form-expired' }]);
      return;
    }
    if (path.startsWith('/api/')) {
      if (request.body !== undefined && request.body !== null && !request.headers['content-type']?.startsWith('application/json')) {
        throw new AppError('Unreadable', [{ field: 'content-type', reason: 'json-only' }]);
      }
      return;
    }
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    await new Promise<void>((right, wrong) => {
      fastify.csrfProtection(request, reply, (error?: Error) => (error ? wrong(error) : right()));
    }).catch(() => {
      throw new AppError('Forbidden', [{ field: 'form', reason: 'form-expired' }]);
    });
  }
}

/** Host and port of an origin; undefined where it is none. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
