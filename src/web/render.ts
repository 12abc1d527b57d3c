import type { FastifyReply } from 'fastify';
import { createElement, type FunctionComponent, type ReactNode } from 'react';
import { AppError, type Issue, STATUS_OF } from '../common/errors.js';
import { page } from './layout.js';

export const HTML = 'text/html; charset=utf-8';

export const element = <P extends object>(view: FunctionComponent<P>, props: P): ReactNode => createElement(view, props);

/**
 * Does what a form asked for. Bad input shows the form again with what was written and what is wrong; otherwise `done` is shown, or, where it is an
 * address, gone to.
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
    void reply
      .status(STATUS_OF[error.code])
      .type(HTML)
      .send(page(await again(error.issues)));
    return;
  }
  if (typeof done === 'string') await reply.redirect(done, 303);
  else void reply.type(HTML).send(page(await done()));
}
