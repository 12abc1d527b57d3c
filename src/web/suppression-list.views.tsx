import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import { STREAMS, type SuppressionEvent, type SuppressionRow } from '../digests/suppressions.queries.js';
import { say, sayCode, sayDay, sayInstant } from '../language/say.js';
import type { PageContext } from './context.js';
import { Choice, Csrf, Errors, Field, house, Layout } from './layout.js';
import { DeskTabs } from './tabs.js';

interface SuppressionsProps {
  readonly context: PageContext;
  /** What was looked for; null for the list. */
  readonly search: { readonly address: string; readonly history: readonly SuppressionEvent[] } | null;
  readonly items: readonly SuppressionRow[];
  readonly next: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly issues: readonly Issue[];
}

export function SuppressionsPage({ context, search, items, next, values, issues }: SuppressionsProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'suppression.title')}>
      <DeskTabs context={context} here="/desk/suppressions" />
      <p>{say(language, 'suppression.lead')}</p>
      <Errors context={context} issues={issues} />
      <form method="post" action="/desk/suppressions/search" role="search" noValidate>
        <Csrf context={context} />
        <Field
          context={context}
          name="address"
          label={say(language, 'suppression.find')}
          values={{ address: search?.address ?? '' }}
          type="email"
          required
          ltr
        />
        <button className="quiet">{say(language, 'suppression.find.button')}</button>
      </form>
      {search && !items.length && <p className="notice">{say(language, 'suppression.free', { email: search.address })}</p>}
      {search && (
        <p>
          <a href="/desk/suppressions">{say(language, 'suppression.all')}</a>
        </p>
      )}
      {!search && !items.length && <p>{say(language, 'desk.nobody')}</p>}
      <ul className="cards">
        {items.map((item) => (
          <li key={item.address_sha256 + item.stream}>
            <Entry context={context} item={item} />
          </li>
        ))}
      </ul>
      {next && (
        <p>
          <a className="button quiet" href={`/desk/suppressions?after=${encodeURIComponent(next)}`}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
      {search && search.history.length > 0 && (
        <section>
          <h2>{say(language, 'suppression.history')}</h2>
          <ul className="rows">
            {search.history.map((event) => (
              <li key={event.at.toISOString() + event.what + event.stream}>
                {sayInstant(language, event.at, house.zone)} · {say(language, event.what === 'added' ? 'suppression.added' : 'suppression.lifted')} ·{' '}
                {event.by ? <bdi>{event.by}</bdi> : say(language, 'suppression.by-mail')}
                <br />
                <span className="quiet">
                  <bdi>{event.reason}</bdi>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!search && (
        <section>
          <h2>{say(language, 'suppression.add')}</h2>
          <form method="post" action="/desk/suppressions" noValidate>
            <Csrf context={context} />
            <Field context={context} name="address" id="add-address" label={say(language, 'field.email')} values={values} type="email" required ltr />
            <Choice
              context={context}
              name="stream"
              label={say(language, 'suppression.stream')}
              value={values['stream'] ?? 'digest'}
              options={STREAMS.map((stream) => [stream, sayCode(language, 'suppression.stream', stream)] as const)}
            />
            <Field context={context} name="reason" values={values} required maxLength={200} />
            <button>{say(language, 'suppression.add')}</button>
          </form>
        </section>
      )}
    </Layout>
  );
}

function Entry({ context, item }: { readonly context: PageContext; readonly item: SuppressionRow }): ReactNode {
  const { language } = context;
  return (
    <>
      {item.contacts.map((contact) => (
        <p key={contact.id}>
          <a href={`/desk/firms/${contact.firmId}`}>
            <bdi>{contact.firmName}</bdi>
          </a>{' '}
          · <bdi>{contact.name}</bdi>
          <br />
          <bdi>{contact.email}</bdi>
        </p>
      ))}
      {!item.contacts.length && (
        <p className="quiet">
          {say(language, 'suppression.nobody')} <bdi dir="ltr">{item.address_sha256.slice(0, 12)}…</bdi>
        </p>
      )}
      <p>
        <span className="state">{sayCode(language, 'suppression.stream', item.stream)}</span> {sayCode(language, 'suppression.kind', item.kind)}:{' '}
        <bdi>{item.reason}</bdi>
        <br />
        <span className="quiet">
          {sayInstant(language, item.created_at, house.zone)} · {item.creator ? <bdi>{item.creator}</bdi> : say(language, 'suppression.by-mail')}
          {item.until && ` · ${say(language, 'suppression.until', { day: sayDay(language, item.until) })}`}
        </span>
      </p>
      {item.kind === 'complaint' ? <p className="gap">{say(language, 'suppression.complaint')}</p> : <Lifting context={context} item={item} />}
    </>
  );
}

/** A complaint is for good; everything else a person may take back, with a reason. */
function Lifting({ context, item }: { readonly context: PageContext; readonly item: SuppressionRow }): ReactNode {
  const { language } = context;
  return (
    <details>
      <summary>{say(language, 'suppression.lift')}</summary>
      <form method="post" action="/desk/suppressions/lift" noValidate>
        <Csrf context={context} />
        <input type="hidden" name="addressSha256" value={item.address_sha256} />
        <input type="hidden" name="stream" value={item.stream} />
        <Field context={context} name="reason" id={`lift-${item.address_sha256.slice(0, 12)}-${item.stream}`} values={{}} required maxLength={200} />
        <button className="quiet">{say(language, 'suppression.lift')}</button>
      </form>
    </details>
  );
}
