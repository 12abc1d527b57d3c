import type { Role } from './account.entity.js';

/** Who may call a route: everybody, everybody on this machine, or accounts of these roles. */
export type Who = 'anyone' | 'this-machine' | readonly Role[];

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
  /** The one-click unsubscribe of RFC 8058 comes without cookie or token of ours; the signed token in its address is all. */
  readonly csrf?: 'exempt';
}

const DESK = ['curator', 'administrator'] as const;
const ADMINISTRATOR = ['administrator'] as const;
const MEMBER = ['member'] as const;
const EVERYBODY_KNOWN = ['member', 'curator', 'administrator'] as const;

/** Every route there is. A route without an entry is refused, and fails the build. */
export const POLICY: Readonly<Record<string, Rule>> = {
  'GET /': { who: 'anyone', on: 'none' },
  'GET /style.css': { who: 'anyone', on: 'none' },
  'GET /statement': { who: 'anyone', on: 'none' },
  'GET /opportunities': { who: 'anyone', on: 'none' },
  'GET /opportunities/:reference': { who: 'anyone', on: 'none' },
  'GET /register': { who: 'anyone', on: 'none' },
  'POST /register': { who: 'anyone', on: 'none' },
  'GET /confirm': { who: 'anyone', on: 'none' },
  'POST /confirm': { who: 'anyone', on: 'none' },
  'GET /confirm/:token': { who: 'anyone', on: 'token' },
  'POST /confirm/:token': { who: 'anyone', on: 'token' },
  'GET /sign-in': { who: 'anyone', on: 'none' },
  'POST /sign-in': { who: 'anyone', on: 'none' },
  'POST /sign-out': { who: 'anyone', on: 'none' },
  'GET /u/:token': { who: 'anyone', on: 'token' },
  'POST /u/:token': { who: 'anyone', on: 'token', csrf: 'exempt' },

  'GET /firm': { who: MEMBER, on: 'own-firm' },
  'GET /firm/profile': { who: MEMBER, on: 'own-firm' },
  'POST /firm/profile': { who: MEMBER, on: 'own-firm' },
  'GET /firm/digests': { who: MEMBER, on: 'own-firm' },
  'POST /firm/digests': { who: MEMBER, on: 'own-firm' },
  'POST /firm/confirmation': { who: MEMBER, on: 'own-firm' },

  'GET /desk': { who: DESK, on: 'all' },
  'GET /desk/firms': { who: DESK, on: 'all' },
  'GET /desk/firms/:firmId': { who: DESK, on: 'all' },
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
  'GET /desk/digests': { who: DESK, on: 'all' },
  'POST /desk/digests': { who: ADMINISTRATOR, on: 'all' },
  'GET /desk/digests/:occurrenceId': { who: DESK, on: 'all' },
  'GET /desk/mails/:digestId': { who: DESK, on: 'all' },

  'GET /mailbox': { who: 'this-machine', on: 'all' },
  'GET /mailbox/messages.json': { who: 'this-machine', on: 'all' },
  'GET /mailbox/:id': { who: 'this-machine', on: 'all' },
  'GET /mailbox/:id/html': { who: 'this-machine', on: 'all' },

  'GET /health/live': { who: 'anyone', on: 'none' },
  'GET /health/ready': { who: 'anyone', on: 'none' },

  'GET /api/openapi.json': { who: 'anyone', on: 'none' },
  'GET /api/v1/statement': { who: 'anyone', on: 'none' },
  'GET /api/v1/suggestions': { who: 'anyone', on: 'none' },
  'POST /api/v1/session': { who: 'anyone', on: 'none' },
  'GET /api/v1/session': { who: EVERYBODY_KNOWN, on: 'none' },
  'DELETE /api/v1/session': { who: EVERYBODY_KNOWN, on: 'none' },
  'POST /api/v1/firms': { who: 'anyone', on: 'none' },
  'POST /api/v1/confirmations': { who: 'anyone', on: 'none' },
  'GET /api/v1/firms': { who: DESK, on: 'all' },
  'GET /api/v1/firms/:firmId': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'PUT /api/v1/firms/:firmId/profile': { who: MEMBER, on: 'firm-in-path' },
  'POST /api/v1/firms/:firmId/admit': { who: ADMINISTRATOR, on: 'all' },
  'POST /api/v1/firms/:firmId/status': { who: ADMINISTRATOR, on: 'all' },
  'GET /api/v1/firms/:firmId/matches': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
  'GET /api/v1/firms/:firmId/digests': { who: EVERYBODY_KNOWN, on: 'firm-in-path' },
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
  'GET /api/v1/desk/occurrences': { who: DESK, on: 'all' },
};

export const ruleFor = (method: string, path: string): Rule | undefined => POLICY[`${method === 'HEAD' ? 'GET' : method} ${path}`];
