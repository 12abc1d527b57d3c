import type { FastifyReply } from 'fastify';
import { createElement, type FunctionComponent, type ReactNode } from 'react';
import { AppError, type Issue, STATUS_OF } from '../common/errors.js';
import { page } from './layout.js';

export const HTML = 'text/html; charset=utf-8';

export const element = <P extends object>(view: FunctionComponent<P>, props: P): ReactNode => createElement(view, props);

/** Answers with a page. The status is always said: Nest would answer every POST with 201. */
export function show(reply: FastifyReply, view: ReactNode, status = 200): void {
  void reply.status(status).type(HTML).send(page(view));
}

/** Answers with a file to keep. */
export function attach(reply: FastifyReply, type: string, name: string, content: string | Buffer): void {
  void reply.type(type).header('content-disposition', `attachment; filename="${name}"`).send(content);
}

/** So long a page waits for a matcher that is only just getting ready. */
const PREPARING_MS = 2000;
/** What the matcher answers, or null if it is not there in time. */
export const within = <T>(answer: Promise<T>, ms = PREPARING_MS): Promise<T | null> =>
  Promise.race([answer, new Promise<null>((late) => setTimeout(late, ms, null).unref())]);

/**
 * Does what a form asked for. Bad input shows the form again with what was written and what is wrong; otherwise `done`, or what it makes, is shown, or,
 * where that is an address, gone to.
 */
export async function tried(
  reply: FastifyReply,
  work: () => Promise<unknown>,
  again: (issues: readonly Issue[]) => ReactNode | Promise<ReactNode>,
  done: string | (() => ReactNode | Promise<ReactNode>),
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) || !['Invalid', 'Conflict', 'TooMany'].includes(error.code)) throw error;
    show(reply, await again(error.issues), STATUS_OF[error.code]);
    return;
  }
  const next = typeof done === 'string' ? done : await done();
  if (typeof next === 'string') await reply.redirect(next, 303);
  else show(reply, next);
}
