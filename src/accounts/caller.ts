import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../common/errors.js';
import type { Language } from '../language/language.js';
import { isLanguage } from '../language/say.js';
import type { Account } from './account.entity.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null for nobody. Set by the door. */
    caller: Account | null;
    /** Language of the answer. Set by the door. */
    language: Language;
  }
}

/** The account that calls; the door has made sure that there is one. */
export const Caller = createParamDecorator((_: unknown, execution: ExecutionContext): Account => {
  const { caller } = execution.switchToHttp().getRequest<FastifyRequest>();
  if (!caller) throw new Error('a route for accounts was reached without one');
  return caller;
});

/** The firm of a member. @throws AppError NotFound for an account without one */
export function ownFirm(caller: Account): string {
  if (!caller.firmId) throw notFound();
  return caller.firmId;
}

/** The session id that a program gives as a bearer token. */
export const bearerOf = (request: FastifyRequest): string | undefined => /^Bearer ([\w-]+)$/.exec(request.headers.authorization ?? '')?.[1];

/** What the reader asked for: in the address, in the cookie, in the account, in the browser's list; English otherwise. */
export function languageOf(request: FastifyRequest, account: Account | null): Language {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang;
  if (isLanguage(asked)) return asked;
  const kept = request.cookies['lang'];
  if (isLanguage(kept)) return kept;
  if (account) return account.language;
  for (const part of (request.headers['accept-language'] ?? '').split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase();
    if (isLanguage(tag)) return tag;
  }
  return 'en';
}
