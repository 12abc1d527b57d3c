import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { LedgerRow, RunRow } from '../digests/digests.queries.js';
import type { SuppressionRow } from '../digests/suppressions.queries.js';
import { type Contact, type Firm, MEMBERSHIP_CLASSES } from '../firms/firm.entity.js';
import { dirOf, inLanguage, say, sayCode, sayInstant, sayLanguage, sayNumber, tagOf } from '../language/say.js';
import { sayEvidence, saySector } from '../matching/explain.js';
import type { Match } from '../matching/match.entity.js';
import type { MatchWithOpportunity } from '../matching/matching.queries.js';
import type { Preview } from '../matching/matching.service.js';
import type { Pool } from '../matching/pools.js';
import { writeHs } from '../nomenclature/hs.js';
import { CLOSED_AS, type Opportunity, OPPORTUNITY_STATUSES, type OpportunityStatus } from '../opportunities/opportunity.entity.js';
import type { PageContext } from './context.js';
import { Runs } from './desk.parts.js';
import { ProposeForm } from './introductions.views.js';
import { LedgerTable, MatchList, Standing } from './firm.views.js';
import { Choice, Csrf, Errors, Field, house, Layout, Tick } from './layout.js';
import { type Names, Pools, PreviewSection } from './preview.view.js';
import { OpportunityBody } from './public.views.js';
import { Paused } from './suppressions.views.js';
import { DeskTabs } from './tabs.js';

interface DeskProps {
  readonly context: PageContext;
  readonly firms: Readonly<Record<string, number>>;
  readonly opportunities: Readonly<Record<string, number>>;
  readonly waiting: readonly Firm[];
  readonly inReview: readonly Opportunity[];
  readonly interests: number;
  readonly runs: readonly RunRow[];
  readonly paused: readonly SuppressionRow[];
}

/** What needs the secretariat today. */
export function DeskPage({ context, firms, opportunities, waiting, inReview, interests, runs, paused }: DeskProps): ReactNode {
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
        <h2>
          <a href="/desk/introductions">{say(language, 'introduction.desk.count', { count: interests })}</a>
        </h2>
      </section>
      <section>
        <h2>{say(language, 'desk.runs')}</h2>
        <Runs context={context} runs={runs} />
      </section>
      <Paused context={context} paused={paused} />
      <p>
        <a href="/second-factor">{say(language, 'factor.title')}</a>
      </p>
    </Layout>
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
    <Layout context={context} title={{ text: firm.name }}>
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
      <p dir="auto">
        <bdi>{firm.about}</bdi>
      </p>
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
              <bdi>{contact.name}</bdi> · <bdi>{contact.email}</bdi> · {sayLanguage(language, contact.language)} ·{' '}
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
        <MatchList context={context} matches={matches} account={({ reference }) => `/desk/account?firm=${firm.id}&opportunity=${reference}`} />
        <p>
          <a href={`/desk/firms/${firm.id}/why`}>{say(language, 'why.desk.link')}</a> ·{' '}
          <a href={`/desk/account?firm=${firm.id}`}>{say(language, 'account.desk')}</a>
        </p>
      </section>
      <section>
        <h2>{say(language, 'digests.past')}</h2>
        <p>
          <a href={`/desk/firms/${firm.id}/preview`}>{say(language, 'run.preview')}</a>
        </p>
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
        </a>{' '}
        <a className="button quiet" href="/desk/imports">
          {say(language, 'import.title')}
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

interface DeskOpportunityProps {
  readonly context: PageContext;
  readonly lead: Opportunity;
  readonly matches: readonly Match[];
  readonly pools: readonly Pool[];
  /** Of a lead that is not published yet; null while the matcher is getting ready. */
  readonly preview: Preview | null | undefined;
  readonly names: Names;
  readonly issues: readonly Issue[];
}

export function DeskOpportunityPage({ context, lead, matches, pools, preview, names, issues }: DeskOpportunityProps): ReactNode {
  const { language } = context;
  const act = (step: string) => `/desk/opportunities/${lead.id}/${step}`;
  return (
    <Layout context={context} title={inLanguage(lead.title, language)}>
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
      {preview !== undefined && <PreviewSection context={context} preview={preview} names={names} />}
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
      {preview === undefined && (
        <section>
          <h2>{say(language, 'desk.matched', { count: matches.length })}</h2>
          <ul className="rows">
            {matches.map((match) => (
              <li key={match.firmId}>
                <strong>{sayNumber(language, Math.round(match.score))}</strong>{' '}
                <a href={`/desk/firms/${match.firmId}`}>
                  <bdi>{names.get(match.firmId) ?? ''}</bdi>
                </a>{' '}
                <span className="quiet">{match.evidence.map((evidence) => sayEvidence(language, evidence)).join(' · ')}</span>
                {lead.status === 'published' && (
                  <ProposeForm context={context} opportunityId={lead.id} firms={[[match.firmId, names.get(match.firmId) ?? '']]} />
                )}
              </li>
            ))}
          </ul>
          <p>
            <a href={`/desk/account?opportunity=${lead.reference}`}>{say(language, 'account.desk')}</a>
          </p>
          <Pools context={context} pools={pools} names={names} {...(lead.status === 'published' ? { opportunityId: lead.id } : {})} />
        </section>
      )}
    </Layout>
  );
}
