import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.entity.js';
import type { Language } from '../language/language.js';

/** What every page needs to be drawn. */
export interface PageContext {
  readonly language: Language;
  readonly account: Account | null;
  /** The page's own address with its query, for the language switch. */
  readonly address: string;
  /** A token for the forms of this page; asking for it sets the cookie it belongs to. */
  csrf(): string;
}

export function pageContext(request: FastifyRequest, reply: FastifyReply): PageContext {
  let token: string | undefined;
  return {
    language: request.language,
    account: request.caller,
    address: request.url,
    // once: a second call on a first visit would set another cookie, and the first form's token would be void
    csrf: () => (token ??= reply.generateCsrf()),
  };
}

/** The context of the page that is being answered. */
export const Page = createParamDecorator((_: unknown, execution: ExecutionContext): PageContext => {
  const http = execution.switchToHttp();
  return pageContext(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});
