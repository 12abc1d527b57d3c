import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { LedgerRow, RunRow } from '../digests/digests.queries.js';
import { type Contact, type Firm, MEMBERSHIP_CLASSES } from '../firms/firm.entity.js';
import { LANGUAGES } from '../language/language.js';
import { dirOf, inLanguage, NATIVE_NAME, say, sayCode, sayDay, sayInstant, sayNumber, tagOf } from '../language/say.js';
import { sayEvidence, saySector } from '../matching/explain.js';
import type { Match } from '../matching/match.entity.js';
import type { MatchWithOpportunity } from '../matching/matching.service.js';
import { CERTIFICATES } from '../nomenclature/certificates.js';
import { writeHs } from '../nomenclature/hs.js';
import type { Suggested } from '../nomenclature/nomenclature.service.js';
import { PERIODS, UNITS } from '../nomenclature/units.js';
import { CLOSED_AS, type Opportunity, OPPORTUNITY_STATUSES, type OpportunityStatus } from '../opportunities/opportunity.entity.js';
import { OPPORTUNITY_KINDS } from '../statement/kinds.js';
import { entriesOf } from '../statement/statement.js';
import type { PageContext } from './context.js';
import { amount, codes, type FormBody, given, many, one } from './form.js';
import { LedgerTable, MatchList, Standing } from './firm.views.js';
import { Choice, Csrf, Errors, Field, house, Layout, Tick, Ticks } from './layout.js';
import { countryOptions, OpportunityBody } from './public.views.js';

const MONTHS = Array.from({ length: 12 }, (_, i) => i + 1);

interface DeskProps {
  readonly context: PageContext;
  readonly firms: Readonly<Record<string, number>>;
  readonly opportunities: Readonly<Record<string, number>>;
  readonly waiting: readonly Firm[];
  readonly inReview: readonly Opportunity[];
  readonly runs: readonly RunRow[];
}

/** What needs the secretariat today. */
export function DeskPage({ context, firms, opportunities, waiting, inReview, runs }: DeskProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'desk.title')}>
      <DeskTabs context={context} here="/desk" />
      <section>
        <h2>{say(language, 'desk.to-admit', { count: firms['applied'] ?? 0 })}</h2>
        <FirmRows context={context} firms={waiting} />
      </section>
      <section>
        <h2>{say(language, 'desk.to-review', { count: opportunities['in_review'] ?? 0 })}</h2>
        <OpportunityRows context={context} opportunities={inReview} />
        <p>
          <a className="button" href="/desk/opportunities/new">
            {say(language, 'desk.new-opportunity')}
          </a>
        </p>
      </section>
      <section>
        <h2>{say(language, 'desk.runs')}</h2>
        <Runs context={context} runs={runs} />
      </section>
    </Layout>
  );
}

function DeskTabs({ context, here }: { readonly context: PageContext; readonly here: string }): ReactNode {
  const { language } = context;
  const tabs = [
    ['/desk', 'desk.today'],
    ['/desk/firms', 'desk.firms'],
    ['/desk/opportunities', 'desk.opportunities'],
    ['/desk/digests', 'desk.digests'],
  ] as const;
  return (
    <nav className="tabs" aria-label={say(language, 'desk.title')}>
      {tabs.map(([href, key]) => (
        <a key={href} href={href} aria-current={href === here ? 'page' : undefined}>
          {say(language, key)}
        </a>
      ))}
    </nav>
  );
}

function FirmRows({ context, firms }: { readonly context: PageContext; readonly firms: readonly Firm[] }): ReactNode {
  const { language } = context;
  if (!firms.length) return <p>{say(language, 'desk.nobody')}</p>;
  return (
    <ul className="rows">
      {firms.map((firm) => (
        <li key={firm.id}>
          <a href={`/desk/firms/${firm.id}`}>
            <bdi>{firm.name}</bdi>
          </a>{' '}
          <span className="quiet">
            {firm.place && <bdi>{firm.place}</bdi>} · {sayInstant(language, firm.appliedAt, house.zone)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function OpportunityRows({ context, opportunities }: { readonly context: PageContext; readonly opportunities: readonly Opportunity[] }): ReactNode {
  const { language } = context;
  if (!opportunities.length) return <p>{say(language, 'opportunities.none')}</p>;
  return (
    <ul className="rows">
      {opportunities.map((lead) => {
        const title = inLanguage(lead.title, language);
        return (
          <li key={lead.id}>
            <bdi>{lead.reference}</bdi>{' '}
            <a href={`/desk/opportunities/${lead.id}`} lang={tagOf(title.language)} dir={dirOf(title.language)}>
              {title.text}
            </a>{' '}
            <span className="quiet">{sayCode(language, 'kind', lead.kind)}</span>
            {lead.concerns.map((concern) => (
              <span key={concern} className="tag warn">
                {sayCode(language, 'concern', concern)}
              </span>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

function Runs({ context, runs }: { readonly context: PageContext; readonly runs: readonly RunRow[] }): ReactNode {
  const { language } = context;
  if (!runs.length) return <p>{say(language, 'digests.none-yet')}</p>;
  return (
    <ul className="rows">
      {runs.map((run) => {
        const [cadence = '', day = ''] = run.key.split(':');
        return (
          <li key={run.id}>
            <a href={`/desk/digests/${run.id}`}>
              {sayCode(language, 'cadence', cadence)} · {sayDay(language, day)}
            </a>{' '}
            <Counts context={context} run={run} />
          </li>
        );
      })}
    </ul>
  );
}

function Counts({ context, run }: { readonly context: PageContext; readonly run: RunRow }): ReactNode {
  const { language } = context;
  return (
    <span className="counts">
      {Object.entries(run.counts).map(([what, n]) => {
        const [state = '', reason] = what.split(' ');
        return (
          <span key={what} className={`state ${state}`}>
            {sayCode(language, 'digest-state', state)}
            {reason && ` (${sayCode(language, 'digest-reason', reason)})`}: {sayNumber(language, n)}
          </span>
        );
      })}
    </span>
  );
}

interface FirmsProps {
  readonly context: PageContext;
  readonly status: string;
  readonly firms: readonly Firm[];
  readonly next: string | null;
}

export function DeskFirmsPage({ context, status, firms, next }: FirmsProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'desk.firms')}>
      <DeskTabs context={context} here="/desk/firms" />
      <Filter context={context} path="/desk/firms" chosen={status} options={['applied', 'admitted', 'suspended', 'refused']} prefix="firm-status" />
      <FirmRows context={context} firms={firms} />
      {next && (
        <p>
          <a className="button quiet" href={`/desk/firms?status=${status}&after=${encodeURIComponent(next)}`}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
    </Layout>
  );
}

function Filter(props: {
  readonly context: PageContext;
  readonly path: string;
  readonly chosen: string;
  readonly options: readonly string[];
  readonly prefix: string;
}): ReactNode {
  return (
    <p className="filter">
      {props.options.map((option) => (
        <a key={option} href={`${props.path}?status=${option}`} aria-current={option === props.chosen ? 'true' : undefined}>
          {sayCode(props.context.language, props.prefix, option)}
        </a>
      ))}
    </p>
  );
}

interface DeskFirmProps {
  readonly context: PageContext;
  readonly firm: Firm;
  readonly contacts: readonly Contact[];
  readonly lapsed: boolean;
  readonly sameNtn: readonly Firm[];
  readonly matches: readonly MatchWithOpportunity[];
  readonly ledger: readonly LedgerRow[];
  readonly issues: readonly Issue[];
}

export function DeskFirmPage({ context, firm, contacts, lapsed, sameNtn, matches, ledger, issues }: DeskFirmProps): ReactNode {
  const { language } = context;
  const mayAdmit = context.account?.role === 'administrator' && firm.status !== 'refused';
  return (
    <Layout context={context} title={firm.name}>
      <DeskTabs context={context} here="/desk/firms" />
      <Standing context={context} firm={firm} lapsed={lapsed} />
      <Errors context={context} issues={issues} />
      {sameNtn.length > 0 && (
        <p className="gap">
          {say(language, 'desk.same-ntn')}{' '}
          {sameNtn.map((other) => (
            <a key={other.id} href={`/desk/firms/${other.id}`}>
              <bdi>{other.name}</bdi>
            </a>
          ))}
        </p>
      )}
      <p>{firm.about}</p>
      <dl className="facts">
        {(
          [
            ['field.place', firm.place],
            ['field.ntn', firm.ntn],
            ['field.phone', firm.phone],
            ['field.whatsapp', firm.whatsapp],
            ['profile.sectors', firm.sectors.map((code) => saySector(language, code)).join(' · ')],
          ] as const
        ).map(
          ([key, value]) =>
            value && (
              <div key={key}>
                <dt>{say(language, key)}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
      {(['offer', 'need'] as const).map((side) => (
        <section key={side}>
          <h2>{say(language, side === 'offer' ? 'profile.offers' : 'profile.needs')}</h2>
          <ul>
            {firm.lines
              .filter((line) => line.side === side)
              .map((line) => (
                <li key={line.id}>
                  <bdi>{line.text}</bdi> <bdi className="quiet">{[...line.hs.map(writeHs), ...line.isic.map((code) => `ISIC ${code}`)].join(', ')}</bdi>
                </li>
              ))}
          </ul>
        </section>
      ))}
      <section>
        <h2>{say(language, 'desk.contacts')}</h2>
        <ul>
          {contacts.map((contact) => (
            <li key={contact.id}>
              <bdi>{contact.name}</bdi> · <bdi>{contact.email}</bdi> · {NATIVE_NAME[contact.language]} ·{' '}
              {say(language, contact.confirmedAt ? 'desk.confirmed' : 'desk.unconfirmed')}
            </li>
          ))}
        </ul>
      </section>
      {mayAdmit && (
        <section>
          <h2>{say(language, firm.status === 'applied' ? 'desk.admit' : 'desk.renew')}</h2>
          <form method="post" action={`/desk/firms/${firm.id}/admit`} noValidate>
            <Csrf context={context} />
            <Choice
              context={context}
              name="membershipClass"
              value={firm.membershipClass ?? 'associate'}
              options={MEMBERSHIP_CLASSES.map((option) => [option, sayCode(language, 'membership-class', option)] as const)}
            />
            <Field context={context} name="membershipNumber" values={{ membershipNumber: firm.membershipNumber ?? '' }} required ltr />
            <Field context={context} name="validUntil" values={{}} hint="field.validUntil.hint" ltr />
            <button>{say(language, firm.status === 'applied' ? 'desk.admit' : 'desk.renew')}</button>
          </form>
          <form method="post" action={`/desk/firms/${firm.id}/status`} noValidate>
            <Csrf context={context} />
            <input type="hidden" name="status" value={firm.status === 'applied' ? 'refused' : firm.status === 'admitted' ? 'suspended' : 'admitted'} />
            <Field context={context} name="reason" values={{}} required />
            <button className="quiet">
              {say(language, firm.status === 'applied' ? 'desk.refuse' : firm.status === 'admitted' ? 'desk.suspend' : 'desk.reinstate')}
            </button>
          </form>
        </section>
      )}
      <section>
        <h2>{say(language, 'firm.matches')}</h2>
        <MatchList context={context} matches={matches} />
      </section>
      <section>
        <h2>{say(language, 'digests.past')}</h2>
        <LedgerTable context={context} rows={ledger} desk />
      </section>
    </Layout>
  );
}

interface DeskOpportunitiesProps {
  readonly context: PageContext;
  readonly status: OpportunityStatus;
  readonly opportunities: readonly Opportunity[];
  readonly next: string | null;
}

export function DeskOpportunitiesPage({ context, status, opportunities, next }: DeskOpportunitiesProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'desk.opportunities')}>
      <DeskTabs context={context} here="/desk/opportunities" />
      <p>
        <a className="button" href="/desk/opportunities/new">
          {say(language, 'desk.new-opportunity')}
        </a>
      </p>
      <Filter context={context} path="/desk/opportunities" chosen={status} options={OPPORTUNITY_STATUSES} prefix="opportunity-status" />
      <OpportunityRows context={context} opportunities={opportunities} />
      {next && (
        <p>
          <a className="button quiet" href={`/desk/opportunities?status=${status}&after=${encodeURIComponent(next)}`}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
    </Layout>
  );
}

interface OpportunityFormProps {
  readonly context: PageContext;
  readonly action: string;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
  /** Likely codes for its title, while it has none. */
  readonly suggestions: readonly Suggested[];
}

export function OpportunityFormPage({ context, action, body, issues, suggestions }: OpportunityFormProps): ReactNode {
  const { language } = context;
  const values = Object.fromEntries(Object.keys(body).map((name) => [name, one(body, name)]));
  const entries = (kind: 'sector' | 'corridor' | 'platform' | 'instrument') =>
    entriesOf(kind).map((entry) => [entry.code, saySector(language, entry.code)] as const);
  return (
    <Layout context={context} title={say(language, action.endsWith('/new') ? 'desk.new-opportunity' : 'desk.edit-opportunity')}>
      <Errors context={context} issues={issues} />
      <form method="post" action={action} noValidate>
        <Csrf context={context} />
        <Choice
          context={context}
          name="kind"
          value={values['kind']}
          options={OPPORTUNITY_KINDS.map((kind) => [kind, sayCode(language, 'kind', kind)] as const)}
        />
        {LANGUAGES.map((code) => (
          <fieldset key={code} lang={tagOf(code)}>
            <legend>{NATIVE_NAME[code]}</legend>
            <Field context={context} name={`title.${code}`} label={say(language, 'field.title')} values={values} maxLength={120} />
            <Field context={context} name={`summary.${code}`} label={say(language, 'field.summary')} values={values} rows={3} maxLength={1500} />
          </fieldset>
        ))}
        {suggestions.length > 0 && (
          <>
            <input type="hidden" name="suggested" value="yes" />
            <Ticks
              name="picks"
              legend={say(language, 'suggest.title')}
              chosen={many(body, 'picks')}
              options={suggestions.map(
                ({ system, code, name }) => [`${system}:${code}`, `${name} (${system === 'hs' ? writeHs(code) : `ISIC ${code}`})`] as const,
              )}
            />
          </>
        )}
        <Field context={context} name="hs" values={values} ltr hint="line.hs.hint" />
        <Field context={context} name="isic" values={values} ltr />
        <Ticks name="sectors" legend={say(language, 'field.sectors')} chosen={many(body, 'sectors')} options={entries('sector')} />
        <details>
          <summary>{say(language, 'desk.more-fields')}</summary>
          {(['corridor', 'platform', 'instrument'] as const).map((kind) => (
            <Ticks key={kind} name={`${kind}s`} legend={say(language, `statement.${kind}s`)} chosen={many(body, `${kind}s`)} options={entries(kind)} />
          ))}
          <Ticks
            name="certificates"
            legend={say(language, 'opportunity.certificates')}
            chosen={many(body, 'certificates')}
            options={CERTIFICATES.map((code) => [code, sayCode(language, 'certificate', code)] as const)}
          />
          <Ticks
            compact
            name="deliveryMonths"
            legend={say(language, 'field.deliveryMonths')}
            chosen={many(body, 'deliveryMonths')}
            options={MONTHS.map(
              (month) => [String(month), new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2025, month - 1))] as const,
            )}
          />
        </details>
        <div className="row">
          <Field context={context} name="quantity" values={values} ltr />
          <Choice
            context={context}
            name="unit"
            label={say(language, 'line.unit')}
            value={values['unit']}
            options={UNITS.map((unit) => [unit, sayCode(language, 'unit-name', unit)] as const)}
          />
          <Choice
            context={context}
            name="period"
            label={say(language, 'line.period')}
            value={values['period']}
            options={[['', say(language, 'period.once')] as const, ...PERIODS.map((period) => [period, sayCode(language, 'period', period)] as const)]}
          />
        </div>
        <Field context={context} name="valueUsd" values={values} ltr />
        <Choice context={context} name="country" value={values['country'] ?? 'CN'} options={countryOptions(context)} />
        <Field context={context} name="place" values={values} />
        <Field context={context} name="deadline" values={values} type="date" ltr hint="field.deadline.hint" />
        <fieldset>
          <legend>{say(language, 'desk.counterparty')}</legend>
          <p className="hint">{say(language, 'desk.counterparty.hint')}</p>
          <Field context={context} name="counterparty" values={values} required />
          <Field context={context} name="counterpartyEmail" values={values} type="email" ltr />
          <Field context={context} name="counterpartyPhone" values={values} type="tel" ltr />
          <Field context={context} name="source" values={values} />
        </fieldset>
        <button>{say(language, 'save')}</button>
      </form>
    </Layout>
  );
}

/** The form's fields as the input that `opportunitySchema` takes. */
export function opportunityOf(body: FormBody) {
  const texts = (name: string) => Object.fromEntries(LANGUAGES.map((code) => [code, one(body, `${name}.${code}`)]));
  const picked = (system: string) => many(body, 'picks').flatMap((pick) => (pick.startsWith(`${system}:`) ? [pick.slice(system.length + 1)] : []));
  const quantity = amount(one(body, 'quantity'));
  const period = given(body, 'period');
  const value = amount(one(body, 'valueUsd'));
  return {
    kind: one(body, 'kind'),
    title: texts('title'),
    summary: texts('summary'),
    hs: [...codes(one(body, 'hs')), ...picked('hs')],
    isic: [...codes(one(body, 'isic')), ...picked('isic')],
    sectors: many(body, 'sectors'),
    corridors: many(body, 'corridors'),
    platforms: many(body, 'platforms'),
    instruments: many(body, 'instruments'),
    certificates: many(body, 'certificates'),
    deliveryMonths: many(body, 'deliveryMonths').map(Number),
    ...(quantity === undefined ? {} : { quantity: { amount: quantity, unit: one(body, 'unit'), ...(period ? { period } : {}) } }),
    ...(value === undefined ? {} : { valueUsd: value }),
    country: one(body, 'country'),
    place: one(body, 'place'),
    deadline: one(body, 'deadline'),
    counterparty: one(body, 'counterparty'),
    counterpartyEmail: one(body, 'counterpartyEmail'),
    counterpartyPhone: one(body, 'counterpartyPhone'),
    source: one(body, 'source'),
  };
}

/** A stored lead as the form shows it. */
export function bodyOfOpportunity(lead: Opportunity): FormBody {
  const texts = (name: 'title' | 'summary') => Object.fromEntries(LANGUAGES.map((code) => [`${name}.${code}`, lead[name][code] ?? '']));
  return {
    kind: lead.kind,
    ...texts('title'),
    ...texts('summary'),
    hs: lead.hs.map(writeHs).join(', '),
    isic: lead.isic.join(', '),
    sectors: lead.sectors,
    corridors: lead.corridors,
    platforms: lead.platforms,
    instruments: lead.instruments,
    certificates: lead.certificates,
    deliveryMonths: lead.deliveryMonths.map(String),
    quantity: lead.quantity === null ? '' : String(lead.quantity),
    unit: lead.unit ?? '',
    period: lead.period ?? '',
    valueUsd: lead.valueUsd === null ? '' : String(lead.valueUsd),
    country: lead.country,
    place: lead.place ?? '',
    deadline: lead.deadline ?? '',
    counterparty: lead.counterparty,
    counterpartyEmail: lead.counterpartyEmail ?? '',
    counterpartyPhone: lead.counterpartyPhone ?? '',
    source: lead.source ?? '',
  };
}

interface DeskOpportunityProps {
  readonly context: PageContext;
  readonly lead: Opportunity;
  readonly matches: readonly (readonly [Match, string])[];
  readonly issues: readonly Issue[];
}

export function DeskOpportunityPage({ context, lead, matches, issues }: DeskOpportunityProps): ReactNode {
  const { language } = context;
  const act = (step: string) => `/desk/opportunities/${lead.id}/${step}`;
  return (
    <Layout context={context} title={inLanguage(lead.title, language).text}>
      <DeskTabs context={context} here="/desk/opportunities" />
      <p className="standing">
        <bdi>{lead.reference}</bdi> · {sayCode(language, 'kind', lead.kind)} · {sayCode(language, 'opportunity-status', lead.status)}
        {lead.closedAs && ` (${sayCode(language, 'closed-as', lead.closedAs)})`}
      </p>
      <Errors context={context} issues={issues} />
      {lead.reviewNote && (
        <p className="gap">
          {say(language, 'desk.returned')}: <bdi>{lead.reviewNote}</bdi>
        </p>
      )}
      {lead.concerns.map((concern) => (
        <p key={concern} className="gap">
          {sayCode(language, 'error', `concern-${concern}`)}
        </p>
      ))}
      <OpportunityBody context={context} lead={lead} />
      <p>
        {say(language, 'field.counterparty')}: <bdi>{[lead.counterparty, lead.counterpartyEmail, lead.counterpartyPhone].filter(Boolean).join(' · ')}</bdi>
      </p>
      {lead.status !== 'closed' && (
        <p>
          <a className="button quiet" href={act('edit')}>
            {say(language, 'desk.edit-opportunity')}
          </a>
        </p>
      )}
      {lead.status === 'draft' && (
        <form method="post" action={act('submit')}>
          <Csrf context={context} />
          <button>{say(language, 'desk.submit')}</button>
        </form>
      )}
      {lead.status === 'in_review' && (
        <>
          <form method="post" action={act('publish')} noValidate>
            <Csrf context={context} />
            <fieldset>
              <legend>{say(language, 'desk.review')}</legend>
              <p className="hint">{say(language, 'desk.review.hint')}</p>
              {(['clear', 'complete', 'source', 'wanted'] as const).map((mark) => (
                <Choice
                  key={mark}
                  context={context}
                  name={mark}
                  label={say(language, `review.${mark}`)}
                  value={String(lead.review?.[mark] ?? 3)}
                  options={[0, 1, 2, 3, 4, 5].map((n) => [String(n), String(n)] as const)}
                />
              ))}
            </fieldset>
            {lead.concerns.length > 0 && <Tick name="concernsCleared" text={say(language, 'desk.concerns-cleared')} checked={false} />}
            <button>{say(language, 'desk.publish')}</button>
          </form>
          <form method="post" action={act('return')} noValidate>
            <Csrf context={context} />
            <Field context={context} name="reason" values={{}} required />
            <button className="quiet">{say(language, 'desk.return')}</button>
          </form>
        </>
      )}
      {lead.status !== 'closed' && (
        <form method="post" action={act('close')} noValidate>
          <Csrf context={context} />
          <Choice context={context} name="as" value="filled" options={CLOSED_AS.map((as) => [as, sayCode(language, 'closed-as', as)] as const)} />
          <button className="quiet">{say(language, 'desk.close')}</button>
        </form>
      )}
      <section>
        <h2>{say(language, 'desk.matched', { count: matches.length })}</h2>
        <ul className="rows">
          {matches.map(([match, name]) => (
            <li key={match.firmId}>
              <strong>{sayNumber(language, Math.round(match.score))}</strong>{' '}
              <a href={`/desk/firms/${match.firmId}`}>
                <bdi>{name}</bdi>
              </a>{' '}
              <span className="quiet">{match.evidence.map((evidence) => sayEvidence(language, evidence)).join(' · ')}</span>
            </li>
          ))}
        </ul>
      </section>
    </Layout>
  );
}

export function DeskDigestsPage({ context, runs }: { readonly context: PageContext; readonly runs: readonly RunRow[] }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'desk.digests')}>
      <DeskTabs context={context} here="/desk/digests" />
      <Runs context={context} runs={runs} />
      {context.account?.role === 'administrator' && (
        <form method="post" action="/desk/digests">
          <Csrf context={context} />
          <p className="hint">{say(language, 'desk.run-now.hint')}</p>
          <button className="quiet">{say(language, 'desk.run-now')}</button>
        </form>
      )}
    </Layout>
  );
}

interface RunProps {
  readonly context: PageContext;
  readonly run: RunRow;
  readonly ledger: readonly LedgerRow[];
}

export function DeskRunPage({ context, run, ledger }: RunProps): ReactNode {
  const { language } = context;
  const [cadence = '', day = ''] = run.key.split(':');
  return (
    <Layout context={context} title={`${sayCode(language, 'cadence', cadence)} · ${sayDay(language, day)}`}>
      <DeskTabs context={context} here="/desk/digests" />
      <p>
        <Counts context={context} run={run} />
      </p>
      <p>
        {run.completed_at ? say(language, 'desk.run-complete', { at: sayInstant(language, run.completed_at, house.zone) }) : say(language, 'desk.run-going')}
      </p>
      <LedgerTable context={context} rows={ledger} desk />
    </Layout>
  );
}
