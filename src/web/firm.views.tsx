import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { LedgerRow } from '../digests/digests.queries.js';
import type { Subscription } from '../digests/subscription.entity.js';
import { CADENCES } from '../digests/window.js';
import type { Contact, Firm } from '../firms/firm.entity.js';
import { type MessageKey, say, sayCode, sayDay, sayInstant, sayNumber } from '../language/say.js';
import { sayBlocker, sayEvidence } from '../matching/explain.js';
import type { MatchWithOpportunity } from '../matching/matching.service.js';
import type { PageContext } from './context.js';
import type { FormBody } from './form.js';
import { Choice, Csrf, Errors, Field, house, Layout } from './layout.js';
import { ProfileFields, type Suggestions } from './profile.form.js';
import { OpportunityCard } from './public.views.js';

/** Why a firm gets no digest, from what is known of it and its last ledger row; null when nothing is in the way. */
export interface Silence {
  readonly reason: string;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly action?: { readonly href: string; readonly key: MessageKey };
}

interface FirmPageProps {
  readonly context: PageContext;
  readonly firm: Firm;
  readonly contact: Contact;
  readonly lapsed: boolean;
  readonly matches: readonly MatchWithOpportunity[];
  readonly next: string | null;
  readonly silence: Silence | null;
}

export function FirmPage({ context, firm, contact, lapsed, matches, next, silence }: FirmPageProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={firm.name}>
      <nav className="tabs" aria-label={say(language, 'firm.tabs')}>
        <a href="/firm" aria-current="page">
          {say(language, 'firm.matches')}
        </a>
        <a href="/firm/profile">{say(language, 'firm.profile')}</a>
        <a href="/firm/digests">{say(language, 'firm.digests')}</a>
      </nav>
      <Standing context={context} firm={firm} lapsed={lapsed} />
      {!contact.confirmedAt && (
        <div className="notice">
          <p>{say(language, 'firm.unconfirmed', { email: contact.email })}</p>
          <p>
            <a className="button" href="/confirm">
              {say(language, 'confirm.enter-code')}
            </a>
          </p>
          <form method="post" action="/firm/confirmation">
            <Csrf context={context} />
            <button className="quiet">{say(language, 'confirm.again')}</button>
          </form>
        </div>
      )}
      {silence && (
        <div className="notice" id="why-nothing">
          <h2>{say(language, 'silence.title')}</h2>
          <p>{sayCode(language, 'silence', silence.reason, silence.values)}</p>
          {silence.action && (
            <p>
              <a href={silence.action.href}>{say(language, silence.action.key)}</a>
            </p>
          )}
        </div>
      )}
      <h2>{say(language, 'firm.matches')}</h2>
      <MatchList context={context} matches={matches} />
      {next && (
        <p>
          <a className="button quiet" href={`/firm?after=${encodeURIComponent(next)}`}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
    </Layout>
  );
}

export function MatchList({ context, matches }: { readonly context: PageContext; readonly matches: readonly MatchWithOpportunity[] }): ReactNode {
  const { language } = context;
  if (!matches.length) return <p>{say(language, 'firm.no-matches')}</p>;
  return (
    <ul className="cards">
      {matches.map(({ match, opportunity }) => (
        <li key={opportunity.id}>
          <OpportunityCard context={context} lead={opportunity} href={`/opportunities/${opportunity.reference}`} />
          <p className="score">
            {say(language, 'match.score')} <strong>{sayNumber(language, Math.round(match.score))}</strong> / 100
          </p>
          <ul className="why">
            {match.evidence.map((evidence) => {
              const text = sayEvidence(language, evidence);
              return <li key={text}>{text}</li>;
            })}
          </ul>
          {match.blockers.map((blocker) => {
            const { gap, action } = sayBlocker(language, blocker);
            return (
              <p key={gap} className="gap">
                {gap} <span>{action}</span>
              </p>
            );
          })}
        </li>
      ))}
    </ul>
  );
}

/** Where the membership stands. */
export function Standing({ context, firm, lapsed }: { readonly context: PageContext; readonly firm: Firm; readonly lapsed: boolean }): ReactNode {
  const { language } = context;
  const state = firm.status === 'admitted' && lapsed ? 'lapsed' : firm.status;
  return (
    <p className={`standing ${state}`}>
      {sayCode(language, 'firm-status', state)}
      {firm.membershipValidUntil && ` · ${say(language, 'firm.valid-until', { day: sayDay(language, firm.membershipValidUntil) })}`}
      {firm.membershipNumber && (
        <>
          {' '}
          · <bdi>{firm.membershipNumber}</bdi>
        </>
      )}
      {firm.statusReason && ` · ${firm.statusReason}`}
    </p>
  );
}

interface ProfilePageProps {
  readonly context: PageContext;
  readonly firm: Firm;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
  readonly saved: boolean;
  readonly suggestions: Suggestions;
}

export function ProfilePage({ context, firm, body, issues, saved, suggestions }: ProfilePageProps): ReactNode {
  const { language } = context;
  const count = (side: string) => Object.keys(body).filter((name) => new RegExp(`^${side}s\\.\\d+\\.text$`).test(name)).length;
  return (
    <Layout context={context} title={`${say(language, 'firm.profile')}: ${firm.name}`}>
      {saved && <p className="notice good">{say(language, 'saved')}</p>}
      <Errors context={context} issues={issues} />
      <form method="post" action="/firm/profile" noValidate>
        <Csrf context={context} />
        <ProfileFields context={context} body={body} rows={{ offer: count('offer') + 2, need: count('need') + 2 }} whole suggestions={suggestions} />
        <button>{say(language, 'save')}</button>
      </form>
      <p>
        <a href="/firm">{say(language, 'firm.matches')}</a>
      </p>
    </Layout>
  );
}

interface DigestsPageProps {
  readonly context: PageContext;
  readonly contact: Contact;
  readonly subscription: Subscription | null;
  readonly values: Readonly<Record<string, string>>;
  readonly issues: readonly Issue[];
  readonly ledger: readonly LedgerRow[];
  readonly saved: boolean;
}

export function DigestSettingsPage({ context, contact, subscription, values, issues, ledger, saved }: DigestsPageProps): ReactNode {
  const { language } = context;
  const weekday = (day: number) => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + day));
  return (
    <Layout context={context} title={say(language, 'firm.digests')}>
      {saved && <p className="notice good">{say(language, 'saved')}</p>}
      {(!subscription || subscription.unsubscribedAt) && <p className="notice">{say(language, 'digests.stopped', { email: contact.email })}</p>}
      <Errors context={context} issues={issues} />
      <form method="post" action="/firm/digests" noValidate>
        <Csrf context={context} />
        <Choice
          context={context}
          name="cadence"
          value={values['cadence']}
          options={CADENCES.filter((cadence) => cadence !== 'urgent').map((cadence) => [cadence, sayCode(language, 'cadence', cadence)] as const)}
        />
        <Choice context={context} name="weekday" value={values['weekday']} options={[1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), weekday(day)] as const)} />
        <Choice
          context={context}
          name="hour"
          value={values['hour']}
          options={Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, '0')}:00`] as const)}
        />
        <Field context={context} name="zone" values={values} required ltr />
        <Field context={context} name="threshold" values={values} type="number" required ltr hint="field.threshold.hint" />
        <Field context={context} name="maxItems" values={values} type="number" required ltr />
        <button>{say(language, subscription && !subscription.unsubscribedAt ? 'save' : 'digests.start')}</button>
      </form>
      <h2>{say(language, 'digests.past')}</h2>
      <LedgerTable context={context} rows={ledger} />
      <p>
        <a href="/firm">{say(language, 'firm.matches')}</a>
      </p>
    </Layout>
  );
}

/** What became of a firm's digests, and why. */
export function LedgerTable({
  context,
  rows,
  desk,
}: {
  readonly context: PageContext;
  readonly rows: readonly LedgerRow[];
  readonly desk?: boolean;
}): ReactNode {
  const { language } = context;
  if (!rows.length) return <p>{say(language, 'digests.none-yet')}</p>;
  return (
    <ul className="rows">
      {rows.map((row) => (
        <li key={row.id}>
          <bdi>{sayDay(language, row.key.split(':')[1] ?? '')}</bdi>{' '}
          {desk && (
            <a href={`/desk/firms/${row.firm_id}`}>
              <bdi>{row.firm_name}</bdi>
            </a>
          )}{' '}
          <span className={`state ${row.state}`}>{sayCode(language, 'digest-state', row.state)}</span>{' '}
          {row.reason && <span>{sayCode(language, 'digest-reason', row.reason)}</span>}{' '}
          {row.subject && <bdi>{desk ? <a href={`/desk/mails/${row.id}`}>{row.subject}</a> : row.subject}</bdi>}
          {row.finished_at && <span className="quiet"> {sayInstant(language, row.finished_at, house.zone)}</span>}
        </li>
      ))}
    </ul>
  );
}
