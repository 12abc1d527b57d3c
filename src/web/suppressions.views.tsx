import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { Lifted, Suppressed } from '../digests/suppressions.queries.js';
import { STREAMS } from '../digests/suppressions.service.js';
import { say, sayCode, sayInstant } from '../language/say.js';
import type { PageContext } from './context.js';
import { DeskTabs } from './desk.parts.js';
import { Choice, Csrf, Errors, Field, house, Layout } from './layout.js';

interface SuppressionsProps {
  readonly context: PageContext;
  /** What was looked for; null for the list. */
  readonly search: { readonly email: string; readonly lifted: readonly Lifted[] } | null;
  readonly items: readonly Suppressed[];
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
        <Field context={context} name="email" label={say(language, 'suppression.find')} values={{ email: search?.email ?? '' }} type="email" required ltr />
        <button className="quiet">{say(language, 'suppression.find.button')}</button>
      </form>
      {search && !items.length && <p className="notice">{say(language, 'suppression.free', { email: search.email })}</p>}
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
      {search && search.lifted.length > 0 && (
        <section>
          <h2>{say(language, 'suppression.lifted')}</h2>
          <ul className="rows">
            {search.lifted.map((lifted) => (
              <li key={lifted.lifted_at.toISOString()}>
                <bdi>{lifted.lifted_reason}</bdi> · <bdi>{lifted.lifted_by ?? say(language, 'resend.somebody')}</bdi> ·{' '}
                {sayInstant(language, lifted.lifted_at, house.zone)}
                <br />
                <span className="quiet">
                  {sayInstant(language, lifted.created_at, house.zone)}: <bdi>{sayReason(context, lifted.reason)}</bdi>
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
            <Field context={context} name="email" id="add-email" values={values} type="email" required ltr />
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

/** Reasons that the mail itself gave are codes or the relay's own words; a person's are their words. */
const sayReason = (context: PageContext, reason: string): string => sayCode(context.language, 'digest-reason', reason);

function Entry({ context, item }: { readonly context: PageContext; readonly item: Suppressed }): ReactNode {
  const { language } = context;
  return (
    <>
      {item.contacts.map((contact) => (
        <p key={contact.firm_id + contact.email}>
          <a href={`/desk/firms/${contact.firm_id}`}>
            <bdi>{contact.firm_name}</bdi>
          </a>{' '}
          · <bdi>{contact.name}</bdi> · <bdi>{contact.email}</bdi>
        </p>
      ))}
      {!item.contacts.length && (
        <p className="quiet">
          {say(language, 'suppression.nobody')} <bdi dir="ltr">{item.address_sha256.slice(0, 12)}…</bdi>
        </p>
      )}
      <p>
        <span className="state">{sayCode(language, 'suppression.stream', item.stream)}</span> <bdi>{sayReason(context, item.reason)}</bdi>
        <br />
        <span className="quiet">
          {sayInstant(language, item.created_at, house.zone)} · {item.created_by ? <bdi>{item.created_by}</bdi> : say(language, 'suppression.by-mail')}
        </span>
      </p>
      <details>
        <summary>{say(language, 'suppression.lift')}</summary>
        <form method="post" action="/desk/suppressions/lift" noValidate>
          <Csrf context={context} />
          <input type="hidden" name="address" value={item.address_sha256} />
          <input type="hidden" name="stream" value={item.stream} />
          <Field context={context} name="reason" id={`lift-${item.address_sha256.slice(0, 12)}-${item.stream}`} values={{}} required maxLength={200} />
          <button className="quiet">{say(language, 'suppression.lift')}</button>
        </form>
      </details>
    </>
  );
}
