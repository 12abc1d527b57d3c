import type { Signer } from '../common/tokens.js';

/** What a reader can answer to one opportunity from the mail. */
export const ANSWERS = ['interested', 'not-for-me', 'save'] as const;
export type Answer = (typeof ANSWERS)[number];

type Signs = Pick<Signer, 'token'>;

/** The purpose that answer tokens are signed for. */
export const ANSWER_PURPOSE = 'answer';

/** {@link DigestUrls.answer} with that answer chosen. */
export const answering = (url: string, answer: Answer): string => `${url}?do=${answer}`;

/** The way out: a page with a button on GET, one-click unsubscribing on POST (RFC 8058). */
export function stopUrl(appUrl: string, signer: Signs, contactId: string): string {
  return `${appUrl}/u/${signer.token('unsubscribe', contactId)}`;
}

/** The calendar file of an opportunity; public, and the same for everybody. */
export function calendarUrl(appUrl: string, reference: string): string {
  return `${appUrl}/opportunities/${reference}/calendar.ics`;
}

/** The page with a text to forward; public, so that no name and no token can be in it. */
export function forwardUrl(appUrl: string, reference: string): string {
  return `${appUrl}/opportunities/${reference}/forward`;
}

/** Every address in one contact's mail. */
export interface DigestUrls {
  readonly app: string;
  readonly stop: string;
  readonly fewer: string;
  /**
   * A page that asks for one press before it records an answer; opening it changes nothing, for mail scanners open links. One token is good for every answer
   * of a contact to an opportunity: `{app}/a/{contact}.{opportunity}.{signature}`.
   */
  answer(opportunityId: string): string;
}

export function digestUrls(app: string, signer: Signs, contactId: string): DigestUrls {
  const stop = stopUrl(app, signer, contactId);
  return {
    app,
    stop,
    fewer: `${stop}?what=fewer`,
    answer: (opportunityId) => `${app}/a/${signer.token(ANSWER_PURPOSE, `${contactId}.${opportunityId}`)}`,
  };
}

/** Signs nothing: the buttons of a preview lead nowhere, whoever looks at it. */
export const UNSIGNED: Signs = { token: () => 'preview' };
