import type { ReactNode } from 'react';
import type { SuppressionRow } from '../digests/suppressions.queries.js';
import { say, sayDay } from '../language/say.js';
import type { PageContext } from './context.js';

/** Addresses whose digests rest because three in a row came back: for the desk to ask on the phone. Nothing where there is none. */
export function Paused({ context, paused }: { readonly context: PageContext; readonly paused: readonly SuppressionRow[] }): ReactNode {
  const { language } = context;
  if (!paused.length) return null;
  return (
    <section>
      <h2>{say(language, 'desk.paused', { count: paused.length })}</h2>
      <p className="quiet">{say(language, 'desk.paused.hint')}</p>
      <ul className="rows">
        {paused.map((row) => (
          <li key={row.address_sha256 + row.stream}>
            {row.contacts.map((contact) => (
              <span key={contact.id}>
                <a href={`/desk/firms/${contact.firmId}`}>
                  <bdi>{contact.firmName}</bdi>
                </a>{' '}
                <bdi>{contact.name}</bdi> <bdi>{contact.email}</bdi>{' '}
              </span>
            ))}
            <span className="quiet">
              {row.until && say(language, 'desk.paused.until', { day: sayDay(language, row.until) })} · <bdi dir="ltr">{row.reason}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
