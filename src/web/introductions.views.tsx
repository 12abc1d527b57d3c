import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { Fact } from '../mail/letter.view.js';
import type { Holiday } from '../introductions/holidays.js';
import { fraudCard, reachOf, sayEnding } from '../introductions/introduction-mail.service.js';
import type { AnswerRecord, Listed, Reach } from '../introductions/introductions.queries.js';
import type { Deadline } from '../introductions/introductions.service.js';
import { type Outcome, OUTCOMES, type State, STATES } from '../introductions/introduction.js';
import type { Language } from '../language/language.js';
import { dirOf, inLanguage, type MessageKey, say, sayCode, sayCountry, sayDay, sayInstant, sayNumber, tagOf } from '../language/say.js';
import { type FormBody, given, kept, one, amount } from './form.js';
import type { PageContext } from './context.js';
import { Choice, Csrf, Errors, Field, house, Layout } from './layout.js';
import { DeskTabs, FirmTabs } from './tabs.js';

/** What a form about an introduction asks for, as the service takes it. */
export function actOf(body: FormBody): Record<string, unknown> {
  const did = one(body, 'do');
  if (did === 'report')
    return {
      do: did,
      outcome: one(body, 'outcome'),
      value: amount(one(body, 'value')),
      currency: given(body, 'currency')?.toUpperCase(),
      proof: given(body, 'proof'),
    };
  const reason = given(body, 'reason');
  return { do: did, ...(reason === undefined ? {} : { reason }) };
}

/** Acts that a page confirms afterwards. */
export type Done = 'agree' | 'decline' | 'withdraw' | 'report';
export const doneOf = (body: FormBody): Done | undefined => (['agree', 'decline', 'withdraw', 'report'] as const).find((done) => done === one(body, 'do'));

interface Placed {
  readonly context: PageContext;
  /** Where its forms go. */
  readonly action: string;
  /** Forms of signed-in people carry a token. */
  readonly csrf: boolean;
}

function ActForm({
  context,
  action,
  csrf,
  what,
  label,
  quiet,
  children,
}: Placed & { what: string; label: MessageKey; quiet?: boolean; children?: ReactNode }): ReactNode {
  return (
    <form method="post" action={action} noValidate>
      {csrf && <Csrf context={context} />}
      {children}
      <button name="do" value={what} className={quiet ? 'quiet' : undefined}>
        {say(context.language, label)}
      </button>
    </form>
  );
}

/** What came of it: one press in the plainest case. */
function ReportForm({ chosen, body, ...placed }: Placed & { readonly chosen: Outcome | undefined; readonly body: FormBody }): ReactNode {
  const { language } = placed.context;
  return (
    <ActForm {...placed} what="report" label="introduction.do.report">
      <fieldset className="ticks">
        <legend>{say(language, 'introduction.page.report')}</legend>
        {OUTCOMES.map((outcome) => (
          <label key={outcome}>
            <input type="radio" name="outcome" value={outcome} required defaultChecked={(one(body, 'outcome') || chosen) === outcome} />{' '}
            <span>{sayCode(language, 'introduction.outcome', outcome)}</span>
          </label>
        ))}
      </fieldset>
      <p className="hint">{say(language, 'introduction.page.value-why')}</p>
      <div className="row">
        <Field context={placed.context} name="value" id={`value-${placed.action}`} values={kept(body)} ltr />
        <Field
          context={placed.context}
          name="currency"
          id={`currency-${placed.action}`}
          values={{ currency: one(body, 'currency') || 'USD' }}
          ltr
          maxLength={3}
        />
      </div>
      <Field context={placed.context} name="proof" id={`proof-${placed.action}`} values={kept(body)} hint="field.proof.hint" maxLength={300} />
    </ActForm>
  );
}

function Facts({ language, facts }: { readonly language: Language; readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <bdi dir={dirOf(language)}>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function FraudCard({ language }: { readonly language: Language }): ReactNode {
  const { title, lines } = fraudCard(language);
  return (
    <aside className="notice">
      <h2>{title}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </aside>
  );
}

/** How often the other side has answered, without saying who it is. */
export function sayRecord(language: Language, { asked, answered, days }: AnswerRecord): string {
  if (!asked) return say(language, 'introduction.record.other-none');
  return say(language, 'introduction.record.other', { asked, answered, days: days === null ? -1 : Math.max(1, Math.round(days)) });
}

function Due({ context, of }: { readonly context: PageContext; readonly of: Deadline | null | undefined }): ReactNode {
  if (!of) return null;
  const { day, late } = of;
  return (
    <span className={late ? 'gap' : 'quiet'}>
      {say(context.language, late ? 'introduction.late' : 'introduction.due', { day: sayDay(context.language, day) })}
    </span>
  );
}

function Title({ context, of, href }: { readonly context: PageContext; readonly of: Listed; readonly href?: string }): ReactNode {
  const title = inLanguage(of.title, context.language);
  const said = { lang: tagOf(title.language), dir: dirOf(title.language) };
  return href ? (
    <a href={href} {...said}>
      {title.text}
    </a>
  ) : (
    <span {...said}>{title.text}</span>
  );
}

function Firms({ context, of, linked }: { readonly context: PageContext; readonly of: Listed; readonly linked: boolean }): ReactNode {
  const { language } = context;
  return (
    <>
      {of.firms.map(({ id, name, standing }, i) => (
        <span key={id}>
          {i > 0 && ' + '}
          {linked ? (
            <a href={`/desk/firms/${id}`}>
              <bdi>{name}</bdi>
            </a>
          ) : (
            <bdi>{name}</bdi>
          )}
          {of.state === 'proposed' && (
            <span className="quiet"> ({say(language, of.members[i]?.agreed ? 'introduction.member-agreed' : 'introduction.member-waits')})</span>
          )}
          {linked && !standing && <span className="gap"> ({say(language, 'introduction.member-lapsed')})</span>}
        </span>
      ))}
    </>
  );
}

function Reported({ context, of }: { readonly context: PageContext; readonly of: Listed }): ReactNode {
  const { language } = context;
  if (!of.report) return null;
  const { outcome, value, currency, proof } = of.report;
  return (
    <p>
      {say(language, 'introduction.reported', { outcome: sayCode(language, 'introduction.outcome', outcome) })}
      {value !== undefined && currency !== undefined && (
        <>
          {' · '}
          <bdi>
            {currency} {sayNumber(language, value)}
          </bdi>
        </>
      )}
      {proof && (
        <>
          {' · '}
          <bdi>{proof}</bdi>
        </>
      )}
    </p>
  );
}

// the firm ---------------------------------------------------------------------------------------------------------

interface FirmIntroductionsProps {
  readonly context: PageContext;
  readonly firmId: string;
  readonly introductions: readonly Listed[];
  readonly contacts: ReadonlyMap<string, { readonly counterparty: Reach }>;
  readonly deadlines: ReadonlyMap<string, Deadline | null>;
  readonly about: string | undefined;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

/** Where each introduction of a firm stands, and what it can do. */
export function FirmIntroductionsPage({ context, firmId, introductions, contacts, deadlines, about, body, issues }: FirmIntroductionsProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'introduction.title')}>
      <FirmTabs context={context} here="/firm/introductions" />
      <Errors context={context} issues={issues} />
      {!introductions.length && <p>{say(language, 'introduction.none')}</p>}
      <ul className="cards">
        {introductions.map((one) => {
          const placed = { context, action: `/firm/introductions/${one.id}`, csrf: true };
          const speaks = one.members[0]?.firmId === firmId;
          const reach = speaks ? contacts.get(one.id)?.counterparty : undefined;
          const mine = one.members.find((member) => member.firmId === firmId);
          return (
            <li key={one.id} id={one.id} className={one.state === 'closed' ? 'dim' : undefined}>
              <h3>
                <Title context={context} of={one} />
              </h3>
              <p className="quiet">
                <bdi>{one.reference}</bdi> · {sayCountry(language, one.country)}
              </p>
              {one.firms.length > 1 && (
                <p>
                  <Firms context={context} of={one} linked={false} />
                </p>
              )}
              <p>{one.state === 'closed' ? sayEnding(language, one) : sayCode(language, 'introduction.stands', one.state)}</p>
              {one.endedBy === 'chamber' && one.reason && (
                <p>
                  <bdi>{say(language, 'introduction.reason', { reason: one.reason })}</bdi>
                </p>
              )}
              {one.state === 'proposed' || one.state === 'interested' ? <p className="quiet">{sayRecord(language, one.counterparty)}</p> : null}
              <Due context={context} of={deadlines.get(one.id)} />
              {reach && (
                <>
                  <h4>
                    <bdi>{reach.firm}</bdi>
                  </h4>
                  <Facts language={language} facts={reachOf(language, reach)} />
                  {one.state === 'introduced' && <FraudCard language={language} />}
                </>
              )}
              <Reported context={context} of={one} />
              <div className="answers">
                {one.state === 'proposed' && !mine?.agreed && <ActForm {...placed} what="agree" label="introduction.do.agree" />}
                {one.state === 'proposed' && !mine?.agreed && <ActForm {...placed} what="decline" label="introduction.do.decline" quiet />}
                {one.state !== 'closed' && <ActForm {...placed} what="withdraw" label="introduction.do.withdraw" quiet />}
              </div>
              {one.state === 'introduced' && <ReportForm {...placed} chosen={one.report?.outcome} body={about === one.id ? body : {}} />}
            </li>
          );
        })}
      </ul>
      <p>
        <a href="/firm">{say(language, 'answer.matches')}</a>
      </p>
    </Layout>
  );
}

// behind a mailed link ---------------------------------------------------------------------------------------------

interface LinkPageProps extends Placed {
  readonly introduction: Listed;
  readonly lead: { readonly title: string; readonly facts: readonly Fact[] };
  /** Of the firms, for the counterparty. */
  readonly cards: readonly { readonly name: string; readonly facts: readonly Fact[] }[];
  /** The firm that the link is for; null for the counterparty. */
  readonly firmId: string | null;
  readonly deadline: Deadline | null;
  readonly records: readonly string[];
  readonly outcome: Outcome | undefined;
  readonly done: Done | undefined;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

/** What one side is asked, and the buttons with which it answers. Nothing is done before one is pressed: mail scanners open links. No contact is on it. */
export function LinkPage({ introduction: now, lead, cards, firmId, deadline, records, outcome, done, body, issues, ...placed }: LinkPageProps): ReactNode {
  const { context } = placed;
  const { language } = context;
  const party = firmId === null ? 'counterparty' : 'firm';
  const mine = now.members.find((member) => member.firmId === firmId);
  const asked = party === 'firm' ? now.state === 'proposed' && !mine?.agreed : now.state === 'asked';
  const firm = now.firms.find(({ id }) => id === firmId)?.name ?? '';
  const reports = now.state === 'introduced' && (party === 'counterparty' || now.members[0]?.firmId === firmId);
  const mayWithdraw = now.state !== 'closed' && !asked && (party === 'firm' || now.state === 'agreed' || now.state === 'introduced');
  return (
    <Layout context={context} title={say(language, 'introduction.page.title', { chamber: house.chamber })}>
      {done && (
        <p className="notice good" role="status">
          {say(language, `introduction.done.${done}`)}
        </p>
      )}
      {asked && <p>{party === 'firm' ? say(language, 'introduction.page.propose', { firm }) : say(language, 'introduction.page.ask')}</p>}
      <div className="card">
        <h2>{lead.title}</h2>
        <Facts language={language} facts={lead.facts} />
      </div>
      {now.firms.length > 1 && (
        <p>{say(language, 'introduction.pool', { firms: now.firms.map(({ name }) => name).join(' · '), firm: now.firms[0]?.name ?? '' })}</p>
      )}
      {cards.map(({ name, facts }) => (
        <div key={name} className="card">
          <h2>
            <bdi>{name}</bdi>
          </h2>
          <Facts language={language} facts={facts} />
        </div>
      ))}
      {records.map((line) => (
        <p key={line} className="quiet">
          {line}
        </p>
      ))}
      <Errors context={context} issues={issues} />
      {asked && (
        <>
          <p>
            <Due context={context} of={deadline} />
          </p>
          <ActForm {...placed} what="agree" label="introduction.do.agree" />
          <ActForm {...placed} what="decline" label="introduction.do.decline" quiet />
        </>
      )}
      {reports && <ReportForm {...placed} chosen={outcome} body={body} />}
      {!asked && !reports && !done && <p>{say(language, standing(now.state, party))}</p>}
      {mayWithdraw && <ActForm {...placed} what="withdraw" label="introduction.do.withdraw" quiet />}
    </Layout>
  );
}

function standing(state: State, party: 'firm' | 'counterparty'): MessageKey {
  if (state === 'closed') return 'introduction.page.over';
  if (party === 'counterparty') return state === 'agreed' || state === 'introduced' ? 'introduction.page.agreed' : 'introduction.page.waits';
  return `introduction.stands.${state}`;
}

// the desk ---------------------------------------------------------------------------------------------------------

interface DeskIntroductionsProps {
  readonly context: PageContext;
  readonly state: State;
  readonly counts: Partial<Readonly<Record<State, number>>>;
  readonly introductions: readonly Listed[];
  readonly deadlines: ReadonlyMap<string, Deadline | null>;
  readonly next: string | null;
}

/** What waits for the chamber, and where the others stand. */
export function DeskIntroductionsPage({ context, state, counts, introductions, deadlines, next }: DeskIntroductionsProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'introduction.title')}>
      <DeskTabs context={context} here="/desk/introductions" />
      <nav className="filter" aria-label={say(language, 'field.state')}>
        {STATES.map((one) => (
          <a key={one} href={`/desk/introductions?state=${one}`} aria-current={one === state ? 'page' : undefined}>
            {sayCode(language, 'introduction.state', one)} ({sayNumber(language, counts[one] ?? 0)})
          </a>
        ))}
      </nav>
      {!introductions.length && <p>{say(language, 'opportunities.none')}</p>}
      <ul className="rows">
        {introductions.map((one) => (
          <li key={one.id}>
            <Firms context={context} of={one} linked /> · <bdi>{one.reference}</bdi>{' '}
            <Title context={context} of={one} href={`/desk/opportunities/${one.opportunityId}`} />
            {one.sentence && (
              <q className="said">
                <bdi>{one.sentence}</bdi>
              </q>
            )}{' '}
            <span className="quiet">{sayInstant(language, one.createdAt, house.zone)}</span> <Due context={context} of={deadlines.get(one.id)} />
            {one.state === 'closed' && <span> {sayEnding(language, one)}</span>}
            <Reported context={context} of={one} />
            <p>
              <a className="button quiet" href={`/desk/introductions/${one.id}`}>
                {say(language, one.state === 'interested' ? 'introduction.state.interested' : 'introduction.desk.history')}
              </a>
            </p>
          </li>
        ))}
      </ul>
      {next && (
        <p>
          <a className="button quiet" href={`/desk/introductions?state=${state}&after=${encodeURIComponent(next)}`}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
      <p>
        <a href="/desk/holidays">{say(language, 'holiday.title')}</a>
      </p>
    </Layout>
  );
}

interface DeskIntroductionProps {
  readonly context: PageContext;
  readonly introduction: Listed;
  readonly deadline: Deadline | null;
  /** The firms' records by id, the counterparty's and the source's. */
  readonly records: readonly string[];
  readonly hasMail: boolean;
  readonly history: readonly { readonly seq: string; readonly at: Date; readonly party: string; readonly act: string; readonly detail?: object }[];
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

/** One introduction: what is known before effort is spent on it, what the chamber can do, and what happened. */
export function DeskIntroductionPage({ context, introduction: now, deadline, records, hasMail, history, body, issues }: DeskIntroductionProps): ReactNode {
  const { language } = context;
  const placed = { context, action: `/desk/introductions/${now.id}`, csrf: true };
  return (
    <Layout context={context} title={inLanguage(now.title, language).text}>
      <DeskTabs context={context} here="/desk/introductions" />
      <p className="standing">
        {sayCode(language, 'introduction.state', now.state)}
        {now.state === 'closed' && ` · ${sayEnding(language, now)}`} <Due context={context} of={deadline} />
      </p>
      <p>
        <Firms context={context} of={now} linked /> · <bdi>{now.reference}</bdi>{' '}
        <Title context={context} of={now} href={`/desk/opportunities/${now.opportunityId}`} />
      </p>
      {now.sentence && (
        <q className="said">
          <bdi>{now.sentence}</bdi>
        </q>
      )}
      {now.reason && (
        <p>
          <bdi>{say(language, 'introduction.reason', { reason: now.reason })}</bdi>
        </p>
      )}
      <ul className="why">
        {records.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {!hasMail && <p className="gap">{say(language, 'introduction.desk.no-mail')}</p>}
      <Reported context={context} of={now} />
      <Errors context={context} issues={issues} />
      {now.state === 'interested' && (
        <>
          <ActForm {...placed} what="approve" label="introduction.do.approve" />
          <ActForm {...placed} what="decline" label="introduction.do.refuse" quiet>
            <Field context={context} name="reason" values={kept(body)} required maxLength={300} />
          </ActForm>
        </>
      )}
      {now.state === 'asked' && (
        <>
          <ActForm {...placed} what="agree" label="introduction.do.other-agrees" />
          <ActForm {...placed} what="decline" label="introduction.do.other-declines" quiet>
            <Field context={context} name="reason" values={kept(body)} required maxLength={300} />
          </ActForm>
        </>
      )}
      {(now.state === 'introduced' || (now.state === 'closed' && now.releasedOn)) && <ReportForm {...placed} chosen={now.report?.outcome} body={body} />}
      {now.state !== 'closed' && now.state !== 'interested' && <ActForm {...placed} what="withdraw" label="introduction.do.withdraw" quiet />}
      <h2>{say(language, 'introduction.desk.history')}</h2>
      <ul className="rows">
        {history.map(({ seq, at, party, act, detail }) => (
          <li key={seq}>
            {sayCode(language, 'introduction.party', party)} {sayCode(language, 'introduction.act', act.replace('introduction.', ''))}
            {detail && 'to' in detail && ` → ${sayCode(language, 'introduction.state', String(detail.to))}`}{' '}
            <span className="quiet">{sayInstant(language, at, house.zone)}</span>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

/** Proposes an introduction to a firm, or to a pool of which one speaks for the others. */
export function ProposeForm({
  context,
  opportunityId,
  firms,
}: {
  readonly context: PageContext;
  readonly opportunityId: string;
  readonly firms: readonly (readonly [id: string, name: string])[];
}): ReactNode {
  const { language } = context;
  return (
    <form method="post" action="/desk/introductions" className="answers">
      <Csrf context={context} />
      <input type="hidden" name="opportunityId" value={opportunityId} />
      {firms.map(([id]) => (
        <input key={id} type="hidden" name="firmIds" value={id} />
      ))}
      {firms.length > 1 && <Choice context={context} name="speaks" label={say(language, 'introduction.desk.speaks')} value={firms[0]?.[0]} options={firms} />}
      <button className="quiet">{say(language, firms.length > 1 ? 'introduction.desk.propose-pool' : 'introduction.desk.propose')}</button>
    </form>
  );
}

interface HolidaysProps {
  readonly context: PageContext;
  readonly holidays: readonly Holiday[];
  readonly about: string | undefined;
  readonly issues: readonly Issue[];
}

/** The coming public holidays of both countries; what the moon decides is confirmed here. */
export function HolidaysPage({ context, holidays, about, issues }: HolidaysProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'holiday.title')}>
      <DeskTabs context={context} here="/desk/introductions" />
      <p>{say(language, 'holiday.hint')}</p>
      <ul className="cards">
        {holidays.map(({ id, country, name, firstDay, lastDay, confirmed }) => (
          <li key={id} id={id}>
            <h3>
              {sayCode(language, 'holiday', name)} · {sayCountry(language, country)}
            </h3>
            <p>
              {sayDay(language, firstDay)}
              {lastDay !== firstDay && ` – ${sayDay(language, lastDay)}`}
            </p>
            {about === id && <Errors context={context} issues={issues} />}
            {!confirmed && (
              <form method="post" action="/desk/holidays" noValidate>
                <Csrf context={context} />
                <p className="gap">{say(language, 'holiday.unconfirmed')}</p>
                <input type="hidden" name="id" value={id} />
                <div className="row">
                  <Field context={context} name="firstDay" id={`first-${id}`} type="date" values={{ firstDay }} required ltr />
                  <Field context={context} name="lastDay" id={`last-${id}`} type="date" values={{ lastDay }} required ltr />
                </div>
                <button className="quiet">{say(language, 'holiday.confirm')}</button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </Layout>
  );
}
