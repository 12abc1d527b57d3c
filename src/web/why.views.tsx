import type { ReactNode } from 'react';
import type { Flow } from '../digests/digests.queries.js';
import type { Silence } from '../digests/digests.service.js';
import { perWeek, sayRate } from '../digests/rate.js';
import { type Check, isInTheWay } from '../digests/silence.js';
import type { Firm } from '../firms/firm.entity.js';
import { dirOf, inLanguage, type MessageKey, say, sayCode, sayDay, sayNumber, tagOf } from '../language/say.js';
import { sayAccount, sayBrings } from '../matching/explain.js';
import type { NearMiss, PairAccount } from '../matching/matching.service.js';
import type { Brings, Change } from '../matching/scoring/account.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';
import type { PageContext } from './context.js';
import { Field, Layout } from './layout.js';
import { OpportunityCard } from './public.views.js';
import { DeskTabs, FirmTabs } from './tabs.js';

/** Where a firm makes a change: the field of its profile; undefined where it is made elsewhere. */
export function placeOf(change: Change): string | undefined {
  const field = (name: string) => `/firm/profile#f-${name}`;
  switch (change.change) {
    case 'renew':
      return undefined;
    case 'include-country':
      return field('excludedCountries');
    case 'include-kind':
      return field('excludedKinds');
    case 'include-words':
      return field('excludedWords');
    case 'seek':
      return field('seeks');
    case 'market':
      return field('markets');
    case 'sector':
      return field('sectors');
    case 'certificate':
      return field('certificates');
    case 'season':
      return field(`offers-${change.line ?? 0}-months`);
    case 'capacity':
      return field(`offers-${change.line ?? 0}-amount`);
    case 'offer':
    case 'need':
      return `/firm/profile?add=${change.change}.${change.system}.${change.code}#f-added`;
  }
}

/** The one change, with the way to where the reader makes it. */
function OneChange({ context, brings, linked }: { readonly context: PageContext; readonly brings: Brings; readonly linked: boolean }): ReactNode {
  const place = linked ? placeOf(brings.change) : undefined;
  return (
    <p className="change">
      {sayBrings(context.language, brings)}
      {place && (
        <>
          {' '}
          <a href={place}>{say(context.language, 'near.change')}</a>
        </>
      )}
    </p>
  );
}

interface NearProps {
  readonly context: PageContext;
  /** Null while the matcher is getting ready. */
  readonly misses: readonly NearMiss[] | null;
  readonly threshold: number;
}

/** The leads that a firm nearly got, each with the one change that would bring it. */
export function NearPage({ context, misses, threshold }: NearProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'near.title')}>
      <FirmTabs context={context} here="/firm/near" />
      <p>{say(language, 'near.lead', { threshold })}</p>
      <NearMisses context={context} misses={misses} account={({ reference }) => `/firm/opportunities/${reference}`} />
      <p>
        <a href="/firm/why">{say(language, 'silence.title')}</a>
      </p>
    </Layout>
  );
}

function NearMisses({
  context,
  misses,
  account,
  desk,
}: {
  readonly context: PageContext;
  readonly misses: readonly NearMiss[] | null;
  readonly account: (opportunity: Opportunity) => string;
  readonly desk?: boolean;
}): ReactNode {
  const { language } = context;
  if (!misses) return <p>{say(language, 'preview.preparing')}</p>;
  if (!misses.length) return <p>{say(language, 'near.none')}</p>;
  return (
    <ul className="cards">
      {misses.map(({ opportunity, score, brings }) => (
        <li key={opportunity.id} id={opportunity.reference}>
          <OpportunityCard
            context={context}
            lead={opportunity}
            href={desk ? `/desk/opportunities/${opportunity.id}` : `/opportunities/${opportunity.reference}`}
          />
          <p className="score">
            {say(language, 'near.score')} <strong>{sayNumber(language, Math.floor(score))}</strong> / 100
          </p>
          <OneChange context={context} brings={brings} linked={!desk} />
          <p>
            <a href={account(opportunity)}>{say(language, 'account.whole')}</a>
          </p>
        </li>
      ))}
    </ul>
  );
}

interface WhyProps {
  readonly context: PageContext;
  readonly silence: Silence;
  readonly flow: Flow;
}

/** Why do I get nothing: all that has to be so, and what of it is not. */
export function WhyPage({ context, silence, flow }: WhyProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'silence.title')}>
      <FirmTabs context={context} here="/firm/why" />
      <Checks context={context} silence={silence} flow={flow} linked />
      <p>
        <a href="/firm/near">{say(language, 'near.title')}</a>
      </p>
    </Layout>
  );
}

/** Where the reader puts it right. */
const REMEDIES: Partial<Readonly<Record<Check['check'], readonly [href: string, key: MessageKey]>>> = {
  address: ['/confirm', 'confirm.enter-code'],
  digests: ['/firm/digests', 'firm.digests'],
  fits: ['/firm/profile', 'firm.profile'],
  score: ['/firm/digests#f-threshold', 'firm.digests'],
};
/** What only the reader put there can be taken away by the reader: it is asked for again under the digests. */
const remedyOf = ({ check, reason }: Check) => REMEDIES[reason === 'asked' ? 'digests' : check];

function Checks({ context, silence, flow, linked }: WhyProps & { readonly linked?: boolean }): ReactNode {
  const { language } = context;
  const { checks, threshold } = silence;
  const obstacle = checks.some(isInTheWay);
  return (
    <>
      <p className={obstacle ? 'gap' : 'notice good'}>{say(language, obstacle ? 'why.something' : 'why.nothing')}</p>
      <ul className="checks">
        {checks.map((one) => {
          const inTheWay = isInTheWay(one);
          const remedy = linked && inTheWay ? remedyOf(one) : undefined;
          return (
            <li key={one.check} className={inTheWay ? 'not' : 'fine'}>
              <span className="mark">{say(language, inTheWay ? 'why.not' : 'why.fine')}</span> <span>{sayCheck(context, one)}</span>
              {remedy && (
                <>
                  {' '}
                  <a href={remedy[0]}>{say(language, remedy[1])}</a>
                </>
              )}
              {one.check === 'score' && <Rates context={context} flow={flow} threshold={threshold} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function sayCheck({ language }: PageContext, { check, reason, values }: Check): string {
  const said = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === 'day' ? sayDay(language, String(value)) : name === 'cadence' ? sayCode(language, 'cadence', String(value)) : value,
    ]),
  );
  return reason === null ? say(language, `why.${check}`, said) : sayCode(language, 'silence', reason, said);
}

/** How much comes at the threshold as it is, and at lower ones that would let more through. */
function Rates({ context, flow, threshold }: { readonly context: PageContext; readonly flow: Flow; readonly threshold: number }): ReactNode {
  const { language } = context;
  const lower = [80, 70, 60, 50, 40].filter((step) => step < threshold && perWeek(flow, step) > perWeek(flow, threshold));
  return (
    <ul className="quiet">
      {[threshold, ...lower].map((step) => (
        <li key={step}>{say(language, 'why.rate', { threshold: step, rate: sayRate(language, perWeek(flow, step)) })}</li>
      ))}
    </ul>
  );
}

interface DeskWhyProps {
  readonly context: PageContext;
  readonly firm: Firm;
  readonly silences: readonly Silence[];
  readonly flow: Flow;
  readonly misses: readonly NearMiss[] | null;
}

/** The same of any firm, for the desk: what each contact reads, and the leads that the firm nearly got. */
export function DeskWhyPage({ context, firm, silences, flow, misses }: DeskWhyProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'why.desk', { firm: firm.name })}>
      <DeskTabs context={context} here="/desk/firms" />
      <p>
        <a href={`/desk/firms/${firm.id}`}>
          <bdi>{firm.name}</bdi>
        </a>
      </p>
      <p className="hint">{say(language, 'why.desk.hint')}</p>
      {silences.map((silence) => (
        <section key={silence.contactId}>
          <h2>
            <bdi>{silence.name}</bdi>
          </h2>
          <Checks context={context} silence={silence} flow={flow} />
        </section>
      ))}
      <section>
        <h2>{say(language, 'near.title')}</h2>
        <NearMisses context={context} misses={misses} account={({ reference }) => `/desk/account?firm=${firm.id}&opportunity=${reference}`} desk />
      </section>
    </Layout>
  );
}

interface AccountPageProps {
  readonly context: PageContext;
  readonly opportunity: Opportunity;
  /** Null while the matcher is getting ready. */
  readonly account: PairAccount | null;
}

/** Why a firm gets an opportunity, or does not, as the firm reads it. */
export function AccountPage({ context, opportunity, account }: AccountPageProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'account.title')}>
      <FirmTabs context={context} here="" />
      <OpportunityCard context={context} lead={opportunity} href={opportunity.status === 'published' ? `/opportunities/${opportunity.reference}` : undefined} />
      <WholeAccount context={context} account={account} linked />
      <p>
        <a href="/firm">{say(language, 'answer.matches')}</a> · <a href="/firm/near">{say(language, 'near.title')}</a>
      </p>
    </Layout>
  );
}

function WholeAccount({
  context,
  account,
  linked,
}: {
  readonly context: PageContext;
  readonly account: PairAccount | null;
  readonly linked?: boolean;
}): ReactNode {
  const { language } = context;
  if (!account) return <p>{say(language, 'preview.preparing')}</p>;
  const { score, shut, rules, blockers } = sayAccount(language, account);
  const because = rules.filter((rule) => rule.because.length > 0);
  const short = rules.filter((rule) => rule.short !== undefined);
  return (
    <>
      <p className="score">
        {say(language, shut ? 'account.would' : 'match.score')} <strong>{sayNumber(language, score)}</strong> / 100
      </p>
      {shut && (
        <p className="gap">
          {say(language, 'account.shut')}: {shut}
        </p>
      )}
      {account.brings && (
        <section>
          <h2>{say(language, 'account.one-change')}</h2>
          <OneChange context={context} brings={account.brings} linked={linked ?? false} />
        </section>
      )}
      <section>
        <h2>{say(language, shut ? 'account.for-it' : 'account.because')}</h2>
        {because.length === 0 && <p>{say(language, 'account.nothing')}</p>}
        <ul className="rows account">
          {because.map((rule) => (
            <li key={rule.rule}>
              <strong>{rule.rule}</strong> <span className="quiet">{rule.points}</span>
              {rule.because.map((text) => (
                <p key={text}>{text}</p>
              ))}
            </li>
          ))}
        </ul>
      </section>
      {(short.length > 0 || blockers.length > 0) && (
        <section>
          <h2>{say(language, 'account.held-back')}</h2>
          {blockers.map(({ gap, action }) => (
            <p key={gap} className="gap">
              {gap} <span>{action}</span>
            </p>
          ))}
          <ul className="rows account">
            {short.map((rule) => (
              <li key={rule.rule}>
                <strong>{rule.rule}</strong> <span className="quiet">{rule.points}</span>
                <p>{rule.short}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface DeskAccountProps {
  readonly context: PageContext;
  /** What was asked for, as it was written. */
  readonly asked: { readonly firm: string; readonly opportunity: string };
  /** The firm, or the several that what was written may mean. */
  readonly firms: readonly Firm[];
  readonly opportunity: Opportunity | null;
  /** Undefined where the pair is not settled; null while the matcher is getting ready. */
  readonly account: PairAccount | null | undefined;
}

/** Any firm and any opportunity held against each other. */
export function DeskAccountPage({ context, asked, firms, opportunity, account }: DeskAccountProps): ReactNode {
  const { language } = context;
  const [firm] = firms;
  const title = opportunity && inLanguage(opportunity.title, language);
  const values = { firm: firms.length === 1 ? (firm?.name ?? '') : asked.firm, opportunity: opportunity?.reference ?? asked.opportunity };
  return (
    <Layout context={context} title={say(language, 'account.desk')}>
      <DeskTabs context={context} here="/desk/account" />
      <form method="get" action="/desk/account">
        <Field context={context} name="firm" label={say(language, 'account.desk.firm')} hint="account.desk.firm.hint" values={values} required />
        <Field context={context} name="opportunity" label={say(language, 'account.desk.opportunity')} values={values} required ltr />
        <button>{say(language, 'account.desk.button')}</button>
      </form>
      {asked.firm && firms.length === 0 && <p className="gap">{say(language, 'account.desk.no-firm', { text: asked.firm })}</p>}
      {asked.opportunity && !opportunity && <p className="gap">{say(language, 'account.desk.no-opportunity', { text: asked.opportunity })}</p>}
      {firms.length > 1 && (
        <section>
          <h2>{say(language, 'account.desk.which')}</h2>
          <ul className="rows">
            {firms.map((one) => (
              <li key={one.id}>
                <a href={`/desk/account?firm=${one.id}&opportunity=${encodeURIComponent(values.opportunity)}`}>
                  <bdi>{one.name}</bdi>
                </a>{' '}
                <span className="quiet">
                  <bdi>{[one.place, one.membershipNumber].filter(Boolean).join(' · ')}</bdi>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {firms.length === 1 && firm && opportunity && title && account !== undefined && (
        <section id="account">
          <h2>
            <a href={`/desk/firms/${firm.id}`}>
              <bdi>{firm.name}</bdi>
            </a>{' '}
            ×{' '}
            <a href={`/desk/opportunities/${opportunity.id}`} lang={tagOf(title.language)} dir={dirOf(title.language)}>
              {title.text}
            </a>
          </h2>
          <p className="hint">{say(language, 'why.desk.hint')}</p>
          <WholeAccount context={context} account={account} />
        </section>
      )}
    </Layout>
  );
}
