import type { EntityManager } from 'typeorm';
import type { Env } from '../config/env.js';
import { isReserved } from '../mail/outcome.js';
import { digestUrls, UNSIGNED } from './answer-links.js';
import { candidates, recipients } from './digests.queries.js';
import { writeDigest, type Written } from './write.js';

/** What a contact's next digest would be if it were written now, or the reason why there would be none. */
export type Preview = Written | { readonly reason: string };

/** Contacts looked at in one go. */
const MANY = 500;

/**
 * Reads, and writes nothing. Its links are signed for nobody: a preview is shown to others than its reader.
 * @param today local calendar day of the chamber
 */
export async function preview(manager: EntityManager, env: Env, contactId: string, today: string, now: Date): Promise<Preview> {
  const to = (await recipients(manager, [contactId], today, now)).get(contactId);
  if (!to) return { reason: 'no-consent' };
  // the next one comes on another day
  const shut = to.reason === 'one-a-day' ? null : to.reason;
  const reason = shut ?? (env.SMTP_URL && isReserved(to.email) ? 'reserved-domain' : null);
  if (reason) return { reason };
  const wanted = (await candidates(manager, [contactId], today, null)).get(contactId);
  if (!wanted?.items.length) return { reason: 'nothing-new' };
  return writeDigest(env, to, wanted, digestUrls(env.APP_URL, UNSIGNED, contactId));
}

/** What would become of each contact's digest if it were handed over now: `sent`, or the reason why not. Reads only. */
export async function fates(manager: EntityManager, env: Env, contactIds: readonly string[], today: string, now: Date): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < contactIds.length; from += MANY) {
    const some = contactIds.slice(from, from + MANY);
    const to = await recipients(manager, some, today, now);
    const open = some.filter((id) => to.get(id)?.reason === null);
    const wanted = open.length ? await candidates(manager, open, today, null) : new Map<string, unknown>();
    for (const id of some) {
      const who = to.get(id);
      found.set(id, !who ? 'gone' : (who.reason ?? (env.SMTP_URL && isReserved(who.email) ? 'reserved-domain' : wanted.has(id) ? 'sent' : 'nothing-new')));
    }
  }
  return found;
}
