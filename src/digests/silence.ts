import type { Cadence } from './window.js';

/** What is known of a contact that bears on whether digests reach it. */
export interface SilenceFacts {
  readonly contactId: string;
  readonly name: string;
  readonly email: string;
  readonly status: 'applied' | 'admitted' | 'suspended' | 'refused';
  /** YYYY-MM-DD, the last day of membership. */
  readonly validUntil: string | null;
  readonly lapsed: boolean;
  readonly confirmed: boolean;
  readonly consent: boolean;
  readonly unsubscribed: boolean;
  readonly cadence: Cadence;
  readonly threshold: number;
  /** Why its address is not mailed: `complaint`, `suppressed`, `asked`, `by-hand` or `paused`; null where it is. */
  readonly mailbox: string | null;
  /** Open opportunities that its firm matches, those of them that it has not answered, and those of these that reach the threshold. */
  readonly open: number;
  readonly unanswered: number;
  readonly reaching: number;
  /** The best score among the unanswered, 0-100. */
  readonly best: number | null;
  /** How many opportunities the next digest would name. */
  readonly fresh: number;
  /** The latest digest that has ended. */
  readonly last: { readonly state: string; readonly reason: string | null; readonly day: string } | null;
}

/** What must be so for a digest to come, in the order in which one would put it right. */
export const CHECKS = ['admitted', 'membership', 'address', 'digests', 'mailbox', 'fits', 'score', 'news', 'last'] as const;

/** Why a digest was not written that the other checks look at as things stand now. */
const ASKED_NOW = new Set(['nothing-new', 'lapsed', 'suspended', 'not-admitted', 'unconfirmed', 'no-consent', 'unsubscribed', 'off', 'suppressed', 'paused']);

/** One of them: fine, or the reason why not (a message below `silence.`), with what its text needs. */
export interface Check {
  readonly check: (typeof CHECKS)[number];
  readonly reason: string | null;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Everything that has to be so for a contact to get digests, and what of it is not. Pure. */
export function checksOf(facts: SilenceFacts): Check[] {
  const { open, unanswered, reaching, best, threshold, cadence, fresh, last } = facts;
  const check = (what: Check['check'], reason: string | null, values: Check['values'] = {}): Check => ({ check: what, reason, values });
  const checks = [
    check('admitted', facts.status === 'admitted' ? null : facts.status),
    ...(facts.validUntil === null ? [] : [check('membership', facts.lapsed ? 'lapsed' : null, { day: facts.validUntil })]),
    check('address', facts.confirmed ? null : 'unconfirmed', { email: facts.email }),
    check('digests', !facts.consent ? 'no-consent' : facts.unsubscribed ? 'unsubscribed' : cadence === 'off' ? 'off' : null, { cadence, threshold }),
    check('mailbox', facts.mailbox, { email: facts.email }),
  ];
  // nobody is matched before the chamber has admitted them
  if (facts.status !== 'admitted') return checks;
  checks.push(check('fits', open === 0 ? 'no-match' : unanswered === 0 ? 'answered' : null, { count: unanswered }));
  if (best !== null) {
    checks.push(check('score', reaching === 0 ? 'below-threshold' : null, { count: reaching, best: Math.floor(best), threshold }));
    if (reaching > 0) checks.push(check('news', fresh === 0 ? 'nothing-new' : null, { count: fresh }));
  }
  if (last && !ASKED_NOW.has(last.reason ?? '')) {
    checks.push(check('last', last.state === 'sent' ? null : last.state === 'unknown' ? 'lost' : last.reason, { day: last.day }));
  }
  return checks;
}

/** Whether it stands in the way; that there is nothing new since the last mail is as it should be. */
export const isInTheWay = (check: Check): check is Check & { readonly reason: string } => check.reason !== null && check.check !== 'news';

/** The first thing in the way; null where nothing is. */
export const firstInTheWay = (checks: readonly Check[]): (Check & { readonly reason: string }) | null => checks.find(isInTheWay) ?? null;
