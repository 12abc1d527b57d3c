import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { Flow, LedgerRow } from '../digests/digests.queries.js';
import { perWeek, sayRate } from '../digests/rate.js';
import { type Check, firstInTheWay } from '../digests/silence.js';
import type { Subscription } from '../digests/subscription.entity.js';
import { CADENCES } from '../digests/window.js';
import type { Contact, Firm } from '../firms/firm.entity.js';
import type { ContactStanding, FirmStanding } from '../firms/firms.service.js';
import { type Answers, NO_ANSWERS } from '../interests/interests.queries.js';
import type { Proposal } from '../interests/proposals.js';
import type { Language } from '../language/language.js';
import { say, sayCode, sayDay, sayInstant, sayNumber } from '../language/say.js';
import { sayBlocker, sayEvidence } from '../matching/explain.js';
import type { MatchWithOpportunity } from '../matching/matching.queries.js';
import type { LeadCard } from '../opportunities/opportunities.queries.js';
import { AnswerButtons, AnswersGiven, placeOfFirm } from './answer.form.js';
import { Proposals } from './answers.views.js';
import type { PageContext } from './context.js';
import type { FormBody } from './form.js';
import { Choice, Csrf, Errors, Field, house, Layout } from './layout.js';
import { ProfileFields, type Suggestions } from './profile.form.js';
import { countryOptions, OpportunityCard } from './public.views.js';
import { FirmTabs } from './tabs.js';

interface FirmPageProps {
  readonly context: PageContext;
  readonly firm: FirmStanding;
  readonly contact: ContactStanding;
  readonly lapsed: boolean;
  readonly matches: readonly MatchWithOpportunity[];
  readonly next: string | null;
  /** What has to be so for digests to come. */
  readonly checks: readonly Check[];
  readonly answers: ReadonlyMap<string, Answers>;
  readonly proposals: readonly Proposal[];
}

export function FirmPage({ context, firm, contact, lapsed, matches, next, checks, answers, proposals }: FirmPageProps): ReactNode {
  const { language } = context;
  const obstacle = firstInTheWay(checks);
  return (
    <Layout context={context} title={firm.name}>
      <FirmTabs context={context} here="/firm" />
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
      {obstacle && (
        <div className="notice" id="why-nothing">
          <h2>{say(language, 'silence.title')}</h2>
          <p>{sayCode(language, 'silence', obstacle.reason, obstacle.values)}</p>
          <p>
            <a href="/firm/why">{say(language, 'why.link')}</a>
          </p>
        </div>
      )}
      <Proposals context={context} proposals={proposals} />
      <h2>{say(language, 'firm.matches')}</h2>
      <MatchList context={context} matches={matches} answers={answers} account={({ reference }) => `/firm/opportunities/${reference}`} />
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

interface MatchListProps {
  readonly context: PageContext;
  readonly matches: readonly MatchWithOpportunity[];
  /** What the firm has answered; only where the reader may answer for it. */
  readonly answers?: ReadonlyMap<string, Answers>;
  /** Where the whole account of a match stands. */
  readonly account: (opportunity: LeadCard) => string;
}

export function MatchList({ context, matches, answers, account }: MatchListProps): ReactNode {
  const { language } = context;
  if (!matches.length) return <p>{say(language, 'firm.no-matches')}</p>;
  return (
    <ul className="cards">
      {matches.map(({ match, opportunity }) => (
        <li key={opportunity.id} id={opportunity.reference} className={answers?.get(opportunity.id)?.feedback ? 'dim' : undefined}>
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
          <p>
            <a href={account(opportunity)}>{say(language, 'account.whole')}</a>
          </p>
          {answers && <MatchAnswers context={context} opportunity={opportunity} answers={answers.get(opportunity.id) ?? NO_ANSWERS} />}
        </li>
      ))}
    </ul>
  );
}

function MatchAnswers({
  context,
  opportunity,
  answers,
}: {
  readonly context: PageContext;
  readonly opportunity: LeadCard;
  readonly answers: Answers;
}): ReactNode {
  const place = placeOfFirm(opportunity, '/firm');
  return (
    <>
      <AnswersGiven context={context} place={place} answers={answers} />
      {!answers.feedback && <AnswerButtons context={context} place={place} answers={answers} open />}
    </>
  );
}

/** Where the membership stands. */
export function Standing({ context, firm, lapsed }: { readonly context: PageContext; readonly firm: FirmStanding; readonly lapsed: boolean }): ReactNode {
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
      <FirmTabs context={context} here="/firm/profile" />
      {saved && <p className="notice good">{say(language, 'saved')}</p>}
      <Errors context={context} issues={issues} />
      <form method="post" action="/firm/profile" noValidate>
        <Csrf context={context} />
        <ProfileFields
          context={context}
          body={body}
          rows={{ offer: count('offer') + 2, need: count('need') + 2 }}
          whole
          suggestions={suggestions}
          countries={countryOptions(context)}
        />
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
  readonly flow: Flow;
  readonly saved: boolean;
}

export function DigestSettingsPage({ context, contact, subscription, values, issues, ledger, flow, saved }: DigestsPageProps): ReactNode {
  const { language } = context;
  const weekday = (day: number) => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + day));
  return (
    <Layout context={context} title={say(language, 'firm.digests')}>
      <FirmTabs context={context} here="/firm/digests" />
      {saved && <p className="notice good">{say(language, 'saved')}</p>}
      {(!subscription || subscription.unsubscribedAt) && <p className="notice">{say(language, 'digests.stopped', { email: contact.email })}</p>}
      <Errors context={context} issues={issues} />
      <form method="post" action="/firm/digests" noValidate>
        <Csrf context={context} />
        <Choice
          context={context}
          name="cadence"
          value={values['cadence']}
          options={CADENCES.map((cadence) => [cadence, sayCode(language, 'cadence', cadence)] as const)}
        />
        <Choice context={context} name="weekday" value={values['weekday']} options={[1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), weekday(day)] as const)} />
        <Choice
          context={context}
          name="hour"
          value={values['hour']}
          options={Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, '0')}:00`] as const)}
        />
        <Field context={context} name="zone" values={values} required ltr />
        <Choice context={context} name="threshold" value={values['threshold']} options={thresholds(language, flow, values['threshold'] ?? '')} />
        <p className="hint">
          {say(language, 'field.threshold.hint')} {say(language, 'digest.rate.note', { weeks: Math.ceil(flow.weeks) })}
        </p>
        <Field context={context} name="maxItems" values={values} type="number" required ltr />
        <button>{say(language, subscription && !subscription.unsubscribedAt ? 'save' : 'digests.start')}</button>
      </form>
      <p>
        <a href="/firm/digests/preview">{say(language, 'digest.preview')}</a>
      </p>
      <h2>{say(language, 'digests.past')}</h2>
      <LedgerTable context={context} rows={ledger} />
      <p>
        <a href="/firm">{say(language, 'firm.matches')}</a>
      </p>
    </Layout>
  );
}

/** The lowest scores one can choose, each with how many opportunities it would have let through lately; a score that was chosen otherwise stays one. */
function thresholds(language: Language, flow: Flow, chosen: string): (readonly [string, string])[] {
  const steps = [40, 50, 60, 70, 80, 90].map(String);
  if (/^\d+$/.test(chosen) && !steps.includes(chosen)) steps.push(chosen);
  return steps
    .sort((a, b) => Number(a) - Number(b))
    .map((threshold) => [threshold, say(language, 'digest.rate.option', { threshold, rate: sayRate(language, perWeek(flow, Number(threshold))) })]);
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
          {/^(starter|urgent):/.test(row.key) && `${sayCode(language, 'occasion', row.key.split(':')[0] ?? '')} `}
          <span className={`state ${row.state}`}>{sayCode(language, 'digest-state', row.state)}</span>{' '}
          {row.reason && <span>{sayCode(language, 'digest-reason', row.reason)}</span>}{' '}
          {row.subject && <bdi>{desk ? <a href={`/desk/mails/${row.id}`}>{row.subject}</a> : row.subject}</bdi>}
          {row.finished_at && <span className="quiet"> {sayInstant(language, row.finished_at, house.zone)}</span>}
        </li>
      ))}
    </ul>
  );
}
