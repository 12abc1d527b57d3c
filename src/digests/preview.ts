import type { EntityManager } from 'typeorm';
import type { Env } from '../config/env.js';
import { isReserved } from '../mail/outcome.js';
import { compose, type DigestItem } from './compose.js';
import { digestHtml, digestText } from './digest.view.js';
import { candidates, recipients } from './digests.queries.js';

/** What a contact's next digest would be if it were written now, or the reason why there would be none. */
export type Preview =
  { readonly subject: string; readonly html: string; readonly text: string; readonly items: readonly DigestItem[] } | { readonly reason: string };

/** Contacts looked at in one go. */
const MANY = 500;

/**
 * Reads, and writes nothing. The link that stops the digests leads nowhere: a preview is shown to others than its reader.
 * @param today local calendar day of the chamber
 */
export async function preview(manager: EntityManager, env: Env, contactId: string, today: string): Promise<Preview> {
  const to = (await recipients(manager, [contactId], today)).get(contactId);
  if (!to) return { reason: 'no-consent' };
  const reason = to.reason ?? (env.SMTP_URL && isReserved(to.email) ? 'reserved-domain' : null);
  if (reason) return { reason };
  const wanted = (await candidates(manager, [contactId], today)).get(contactId);
  if (!wanted?.items.length) return { reason: 'nothing-new' };
  const model = compose({
    language: to.language,
    contactName: to.name,
    firmName: to.firm_name,
    items: wanted.items,
    total: wanted.total,
    chamber: { name: env.CHAMBER_NAME, address: env.CHAMBER_ADDRESS },
    appUrl: env.APP_URL,
    unsubscribeUrl: `${env.APP_URL}/firm/digests`,
  });
  return { subject: model.subject, html: digestHtml(model), text: digestText(model), items: wanted.items };
}

/** What would become of each contact's digest if it were handed over now: `sent`, or the reason why not. Reads only. */
export async function fates(manager: EntityManager, env: Env, contactIds: readonly string[], today: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < contactIds.length; from += MANY) {
    const some = contactIds.slice(from, from + MANY);
    const to = await recipients(manager, some, today);
    const open = some.filter((id) => to.get(id)?.reason === null);
    const wanted = open.length ? await candidates(manager, open, today) : new Map<string, unknown>();
    for (const id of some) {
      const who = to.get(id);
      found.set(id, !who ? 'gone' : (who.reason ?? (env.SMTP_URL && isReserved(who.email) ? 'reserved-domain' : wanted.has(id) ? 'sent' : 'nothing-new')));
    }
  }
  return found;
}
