import type { Role } from './account.entity.js';

/** Who may call a route: everybody, everybody on this machine, programs that sign with the secret we share, or accounts of these roles. */
export type Who = 'anyone' | 'this-machine' | 'signed' | readonly Role[];

/**
 * On whose data a route acts.
 * - `none`: on nobody's
 * - `token`: on what the signed token in the address names
 * - `own-firm`: on the firm of the member who calls
 * - `firm-in-path`: on the firm whose id is in the address; a member only on their own, and is told "not found" for another's
 * - `all`: on the chamber's whole data
 */
export type On = 'none' | 'token' | 'own-firm' | 'firm-in-path' | 'all';

export interface Rule {
  readonly who: Who;
  readonly on: On;
  /**
   * - `exempt`: what is pressed behind a mailed link, the one-click unsubscribe of RFC 8058 and what programs sign come without cookie or form token
   *   of ours
   * - `same-origin`: pages that know nothing of our token; the browser itself must say that the call comes from this site
   */
  readonly csrf?: 'exempt' | 'same-origin';
  /** Also for an account of the chamber that has given its password, or used a mailed link, and has still to give its second factor. */
  readonly beforeSecondFactor?: true;
}

const DESK = ['curator', 'administrator'] as const;
const ADMINISTRATOR = ['administrator'] as const;
const MEMBER = ['member'] as const;
const PERSON_OR_ADMINISTRATOR = ['member', 'administrator'] as const;
const EVERYBODY_KNOWN = ['member', 'curator', 'administrator'] as const;

/** Every route there is. A route without an entry is refused, and fails the build. */
export const POLICY: Readonly<Record<string, Rule>> = {
  'GET /': { who: 'anyone', on: 'none' },
  'GET /style.css': { who: 'anyone', on: 'none' },
  'GET /fonts/nastaliq.woff2': { who: 'anyone', on: 'none' },
  'GET /fonts/naskh.woff2': { who: 'anyone', on: 'none' },
  'GET /statement': { who: 'anyone', on: 'none' },
  'GET /opportunities': { who: 'anyone', on: 'none' },
  'GET /opportunities/feed.atom': { who: 'anyone', on: 'none' },
  'GET /opportunities/feed.json': { who: 'anyone', on: 'none' },
  'GET /opportunities/:reference': { who: 'anyone', on: 'none' },
  'GET /opportunities/:reference/calendar.ics': { who: 'anyone', on: 'none' },
  'GET /opportunities/:reference/forward': { who: 'anyone', on: 'none' },
  'GET /register': { who: 'anyone', on: 'none' },
  'POST /register': { who: 'anyone', on: 'none' },
  'GET /confirm': { who: 'anyone', on: 'none' },
  'POST /confirm': { who: 'anyone', on: 'none' },
  'GET /confirm/:token': { who: 'anyone', on: 'token' },
  'POST /confirm/:token': { who: 'anyone', on: 'token' },
  'GET /sign-in': { who: 'anyone', on: 'none' },
  'POST /sign-in': { who: 'anyone', on: 'none' },
  'GET /sign-in/link': { who: 'anyone', on: 'none' },
  'POST /sign-in/link': { who: 'anyone', on: 'none' },
  'GET /sign-in/link/:token': { who: 'anyone', on: 'token' },
  'POST /sign-in/link/:token': { who: 'anyone', on: 'token' },
  'GET /second-factor': { who: DESK, on: 'none', beforeSecondFactor: true },
  'POST /second-factor': { who: DESK, on: 'none', beforeSecondFactor: true },
  'POST /second-factor/enrolment': { who: DESK, on: 'none', beforeSecondFactor: true },
  'POST /second-factor/renewal': { who: DESK, on: 'none' },
  'POST /sign-out': { who: 'anyone', on: 'none' },
  'GET /u/:token': { who: 'anyone', on: 'token' },
  'POST /u/:token': { who: 'anyone', on: 'token', csrf: 'exempt' },
  'POST /u/:token/fewer': { who: 'anyone', on: 'token', csrf: 'exempt' },
  'POST /u/:token/all': { who: 'anyone', on: 'token', csrf: 'exempt' },
  'GET /a/:token': { who: 'anyone', on: 'token' },
  'POST /a/:token': { who: 'anyone', on: 'token', csrf: 'exempt' },

  'GET /i/:token': { who: 'anyone', on: 'token' },
  'POST /i/:token': { who: 'anyone', on: 'token', csrf: 'exempt' },

  'GET /firm': { who: MEMBER, on: 'own-firm' },
  'GET /firm/profile': { who: MEMBER, on: 'own-firm' },
  'POST /firm/profile': { who: MEMBER, on: 'own-firm' },
  'GET /firm/digests': { who: MEMBER, on: 'own-firm' },
  'POST /firm/digests': { who: MEMBER, on: 'own-firm' },
  'GET /firm/digests/preview': { who: MEMBER, on: 'own-firm' },
  'POST /firm/confirmation': { who: MEMBER, on: 'own-firm' },
  'GET /firm/near': { who: MEMBER, on: 'own-firm' },
  'GET /firm/why': { who: MEMBER, on: 'own-firm' },
  'GET /firm/opportunities/:reference': { who: MEMBER, on: 'own-firm' },
  'GET /firm/saved': { who: MEMBER, on: 'own-firm' },
  'GET /firm/answers/:reference': { who: MEMBER, on: 'own-firm' },
  'POST /firm/answers/:reference': { who: MEMBER, on: 'own-firm' },
  'POST /firm/proposals': { who: MEMBER, on: 'own-firm' },
  'GET /firm/person': { who: MEMBER, on: 'own-firm' },
  'POST /firm/person': { who: MEMBER, on: 'own-firm' },
  'GET /firm/person/export': { who: MEMBER, on: 'own-firm' },
  'GET /firm/introductions': { who: MEMBER, on: 'own-firm' },
  'POST /firm/introductions/:introductionId': { who: MEMBER, on: 'own-firm' },

  'GET /desk': { who: DESK, on: 'all' },
  'GET /desk/introductions': { who: DESK, on: 'all' },
  'POST /desk/introductions': { who: DESK, on: 'all' },
  'GET /desk/introductions/:introductionId': { who: DESK, on: 'all' },
  'POST /desk/introductions/:introductionId': { who: DESK, on: 'all' },
  'GET /desk/holidays': { who: DESK, on: 'all' },
  'POST /desk/holidays': { who: DESK, on: 'all' },
  'GET /desk/firms': { who: DESK, on: 'all' },
  'GET /desk/firms/:firmId': { who: DESK, on: 'all' },
  'GET /desk/firms/:firmId/why': { who: DESK, on: 'all' },
  'GET /desk/account': { who: DESK, on: 'all' },
  'POST /desk/firms/:firmId/admit': { who: ADMINISTRATOR, on: 'all' },
  'POST /desk/firms/:firmId/status': { who: ADMINISTRATOR, on: 'all' },
  'GET /desk/opportunities': { who: DESK, on: 'all' },
  'GET /desk/opportunities/new': { who: DESK, on: 'all' },
  'POST /desk/opportunities/new': { who: DESK, on: 'all' },
  'GET /desk/opportunities/:id': { who: DESK, on: 'all' },
  'GET /desk/opportunities/:id/edit': { who: DESK, on: 'all' },
  'POST /desk/opportunities/:id/edit': { who: DESK, on: 'all' },
  'POST /desk/opportunities/:id/submit': { who: DESK, on: 'all' },
  'POST /desk/opportunities/:id/return': { who: DESK, on: 'all' },
  'POST /desk/opportunities/:id/publish': { who: DESK, on: 'all' },
  'POST /desk/opportunities/:id/close': { who: DESK, on: 'all' },
  'GET /desk/imports': { who: DESK, on: 'all' },
  'POST /desk/imports': { who: DESK, on: 'all' },
  'GET /desk/imports/:importId': { who: DESK, on: 'all' },
  'GET /desk/imports/:importId/errors.csv': { who: DESK, on: 'all' },
  'POST /desk/imports/:importId/apply': { who: DESK, on: 'all' },
  'POST /desk/imports/:importId/undo': { who: DESK, on: 'all' },
  'GET /desk/digests': { who: DESK, on: 'all' },
  'POST /desk/digests': { who: ADMINISTRATOR, on: 'all' },
  'GET /desk/digests/dry-run': { who: DESK, on: 'all' },
  'GET /desk/digests/:occurrenceId': { who: DESK, on: 'all' },
  'POST /desk/digests/:occurrenceId/resume': { who: ADMINISTRATOR, on: 'all' },
  'GET /desk/mails/:digestId': { who: DESK, on: 'all' },
  'GET /desk/mails/:digestId/html': { who: DESK, on: 'all' },
  'GET /desk/mails/:digestId/source.eml': { who: DESK, on: 'all' },
  'GET /desk/mails/:digestId/resend': { who: DESK, on: 'all' },
  'POST /desk/mails/:digestId/resend': { who: DESK, on: 'all' },
  'GET /desk/firms/:firmId/preview': { who: DESK, on: 'all' },
  'GET /desk/firms/:firmId/preview/:contactId': { who: DESK, on: 'all' },
  'GET /desk/suppressions': { who: DESK, on: 'all' },
  'POST /desk/suppressions': { who: DESK, on: 'all' },
  'POST /desk/suppressions/search': { who: DESK, on: 'all' },
  'POST /desk/suppressions/lift': { who: DESK, on: 'all' },
  'GET /desk/health': { who: DESK, on: 'all' },

  'GET /desk/queues': { who: ADMINISTRATOR, on: 'all' },
  'GET /desk/queues/*': { who: ADMINISTRATOR, on: 'all' },
  'POST /desk/queues/*': { who: ADMINISTRATOR, on: 'all', csrf: 'same-origin' },
  'PUT /desk/queues/*': { who: ADMINISTRATOR, on: 'all', csrf: 'same-origin' },
  'PATCH /desk/queues/*': { who: ADMINISTRATOR, on: 'all', csrf: 'same-origin' },

  'GET /mailbox': { who: 'this-machine', on: 'all' },
  'GET /mailbox/messages.json': { who: 'this-machine', on: 'all' },
  'GET /mailbox/:id': { who: 'this-machine', on: 'all' },
  'GET /mailbox/:id/html': { who: 'this-machine', on: 'all' },

  'POST /hooks/mail': { who: 'signed', on: 'none', csrf: 'exempt' },

  'GET /health/live': { who: 'anyone', on: 'none' },
  'GET /health/ready': { who: 'anyone', on: 'none' },

  'GET /api/openapi.json': { who: 'anyone', on: 'none' },
  'GET /api/v1/statement': { who: 'anyone', on: 'none' },
  'GET /api/v1/suggestions': { who: 'anyone', on: 'none' },
  'POST /api/v1/session': { who: 'anyone', on: 'none' },
  'POST /api/v1/session/link': { who: 'anyone', on: 'none' },
  'POST /api/v1/session/link/:token': { who: 'anyone', on: 'token' },
  'GET /api/v1/session': { who: EVERYBODY_KNOWN, on: 'none', beforeSecondFactor: true },
  'DELETE /api/v1/session': { who: EVERYBODY_KNOWN, on: 'none', beforeSecondFactor: true },
  'POST /api/v1/session/second-factor': { who: DESK, on: 'none', beforeSecondFactor: true },
  'POST /api/v1/session/second-factor/enrolment': { who: DESK, on: 'none', beforeSecondFactor: true },
  'POST /api/v1/firms': { who: 'anyone', on: 'none' },
  'POST /api/v1/confirmations': { who: 'anyone', on: 'none' },
  'GET /api/v1/firms': { who: DESK, on: 'all' },
  'GET /api/v1/firms/:firmId': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'PUT /api/v1/firms/:firmId/profile': { who: MEMBER, on: 'firm-in-path' },
  'POST /api/v1/firms/:firmId/admit': { who: ADMINISTRATOR, on: 'all' },
  'POST /api/v1/firms/:firmId/status': { who: ADMINISTRATOR, on: 'all' },
  'GET /api/v1/firms/:firmId/matches': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/near-misses': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/silence': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/opportunities/:reference/account': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/digests': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/answers': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'POST /api/v1/firms/:firmId/opportunities/:reference/interest': { who: MEMBER, on: 'firm-in-path' },
  'DELETE /api/v1/firms/:firmId/opportunities/:reference/interest': { who: MEMBER, on: 'firm-in-path' },
  'PUT /api/v1/firms/:firmId/opportunities/:reference/feedback': { who: MEMBER, on: 'firm-in-path' },
  'DELETE /api/v1/firms/:firmId/opportunities/:reference/feedback': { who: MEMBER, on: 'firm-in-path' },
  'PUT /api/v1/firms/:firmId/opportunities/:reference/saved': { who: MEMBER, on: 'firm-in-path' },
  'DELETE /api/v1/firms/:firmId/opportunities/:reference/saved': { who: MEMBER, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/introductions': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'POST /api/v1/firms/:firmId/introductions/:introductionId': { who: MEMBER, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/contacts/:contactId/export': { who: PERSON_OR_ADMINISTRATOR, on: 'firm-in-path' },
  'POST /api/v1/firms/:firmId/contacts/:contactId/erase': { who: PERSON_OR_ADMINISTRATOR, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/proposals': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'POST /api/v1/firms/:firmId/proposals': { who: MEMBER, on: 'firm-in-path' },
  'GET /api/v1/opportunities': { who: 'anyone', on: 'none' },
  'GET /api/v1/opportunities/:reference': { who: 'anyone', on: 'none' },
  'GET /api/v1/desk/opportunities': { who: DESK, on: 'all' },
  'POST /api/v1/desk/opportunities': { who: DESK, on: 'all' },
  'GET /api/v1/desk/opportunities/:id': { who: DESK, on: 'all' },
  'PUT /api/v1/desk/opportunities/:id': { who: DESK, on: 'all' },
  'POST /api/v1/desk/opportunities/:id/submit': { who: DESK, on: 'all' },
  'POST /api/v1/desk/opportunities/:id/return': { who: DESK, on: 'all' },
  'POST /api/v1/desk/opportunities/:id/publish': { who: DESK, on: 'all' },
  'POST /api/v1/desk/opportunities/:id/close': { who: DESK, on: 'all' },
  'GET /api/v1/desk/opportunities/:id/matches': { who: DESK, on: 'all' },
  'GET /api/v1/desk/opportunities/:id/preview': { who: DESK, on: 'all' },
  'GET /api/v1/desk/introductions': { who: DESK, on: 'all' },
  'POST /api/v1/desk/introductions': { who: DESK, on: 'all' },
  'GET /api/v1/desk/introductions/:introductionId': { who: DESK, on: 'all' },
  'POST /api/v1/desk/introductions/:introductionId': { who: DESK, on: 'all' },
  'GET /api/v1/desk/holidays': { who: DESK, on: 'all' },
  'POST /api/v1/desk/holidays': { who: DESK, on: 'all' },
  'POST /api/v1/desk/imports': { who: DESK, on: 'all' },
  'GET /api/v1/desk/imports/:importId': { who: DESK, on: 'all' },
  'POST /api/v1/desk/imports/:importId/apply': { who: DESK, on: 'all' },
  'POST /api/v1/desk/imports/:importId/undo': { who: DESK, on: 'all' },
  'GET /api/v1/desk/occurrences': { who: DESK, on: 'all' },
  'GET /api/v1/desk/occurrences/:occurrenceId': { who: DESK, on: 'all' },
  'GET /api/v1/desk/occurrences/:occurrenceId/digests': { who: DESK, on: 'all' },
  'POST /api/v1/desk/occurrences/:occurrenceId/resume': { who: ADMINISTRATOR, on: 'all' },
  'GET /api/v1/desk/dry-run': { who: DESK, on: 'all' },
  'GET /api/v1/desk/firms/:firmId/preview': { who: DESK, on: 'all' },
  'POST /api/v1/desk/digests/:digestId/resend': { who: DESK, on: 'all' },
  'GET /api/v1/desk/suppressions': { who: DESK, on: 'all' },
  'POST /api/v1/desk/suppressions': { who: DESK, on: 'all' },
  'POST /api/v1/desk/suppressions/search': { who: DESK, on: 'all' },
  'POST /api/v1/desk/suppressions/lift': { who: DESK, on: 'all' },
};

export const ruleFor = (method: string, path: string): Rule | undefined => POLICY[`${method === 'HEAD' ? 'GET' : method} ${path}`];
