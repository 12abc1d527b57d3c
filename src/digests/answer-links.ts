import type { Signer } from '../common/tokens.js';

/** What a reader can answer to one opportunity from the mail. */
export const ANSWERS = ['interested', 'not-for-me', 'save'] as const;
export type Answer = (typeof ANSWERS)[number];

type Signs = Pick<Signer, 'token'>;

/** The purpose that answer tokens are signed for. */
export const ANSWER_PURPOSE = 'answer';

/**
 * The address of a page that asks for one press before it records the answer; opening it changes nothing, for mail scanners open links.
 * @returns `{appUrl}/a/{contact}.{opportunity}.{signature}?do={answer}`
 */
export function answerUrl(appUrl: string, signer: Signs, contactId: string, opportunityId: string, answer: Answer): string {
  return `${appUrl}/a/${signer.token(ANSWER_PURPOSE, `${contactId}.${opportunityId}`)}?do=${answer}`;
}

/** The way out: a page with a button on GET, one-click unsubscribing on POST (RFC 8058). */
export function stopUrl(appUrl: string, signer: Signs, contactId: string): string {
  return `${appUrl}/u/${signer.token('unsubscribe', contactId)}`;
}

/** The page behind "fewer mails". */
export function fewerUrl(appUrl: string, signer: Signs, contactId: string): string {
  return `${stopUrl(appUrl, signer, contactId)}?what=fewer`;
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
  answer(opportunityId: string, answer: Answer): string;
}

export const digestUrls = (app: string, signer: Signs, contactId: string): DigestUrls => ({
  app,
  stop: stopUrl(app, signer, contactId),
  fewer: fewerUrl(app, signer, contactId),
  answer: (opportunityId, answer) => answerUrl(app, signer, contactId, opportunityId, answer),
});

/** Signs nothing: the buttons of a preview lead nowhere, whoever looks at it. */
export const UNSIGNED: Signs = { token: () => 'preview' };
