import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import { factsOf, hasDay } from '../digests/compose.js';
import type { Answers } from '../interests/interests.queries.js';
import { LANGUAGES, type Language } from '../language/language.js';
import { inLanguage, say, sayCode, tagOf } from '../language/say.js';
import { saySector } from '../matching/explain.js';
import type { LeadCard, PublicLead } from '../opportunities/opportunities.queries.js';
import type { Overview } from '../opportunities/opportunities.service.js';
import { type OpportunityFilter, WITHIN_DAYS } from '../opportunities/opportunity.schemas.js';
import { OPPORTUNITY_KINDS } from '../statement/kinds.js';
import { entriesOf } from '../statement/statement.js';
import { AnswerButtons, AnswersGiven, placeOfFirm } from './answer.form.js';
import type { PageContext } from './context.js';
import { Choice, Errors, house, Layout } from './layout.js';
import { addressOf, partsOf } from './lead-filter.js';
import { countryOptions, OpportunityBody, OpportunityCards } from './public.views.js';

/** One address for a page in each language, and the one that stands for all: search engines show each reader their own. */
function Elsewhere({ address }: { readonly address: string }): ReactNode {
  const url = `${house.url}${address}`;
  const mark = address.includes('?') ? '&' : '?';
  return (
    <>
      <link rel="canonical" href={url} />
      {LANGUAGES.map((language) => (
        <link key={language} rel="alternate" hrefLang={tagOf(language)} href={`${url}${mark}lang=${language}`} />
      ))}
    </>
  );
}

const LOCALE: Readonly<Record<Language, string>> = { en: 'en_PK', ur: 'ur_PK', sd: 'sd_PK', zh: 'zh_CN' };

/** What a messenger shows of an address that is sent to somebody (Open Graph). */
function Preview({
  language,
  title,
  text,
  address,
}: {
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  readonly address: string;
}): ReactNode {
  return (
    <>
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={`${say(language, 'brand')} · ${house.chamber}`} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={text} />
      <meta property="og:url" content={`${house.url}${address}`} />
      <meta property="og:locale" content={LOCALE[language]} />
      <meta name="twitter:card" content="summary" />
    </>
  );
}

/** The one field that most people need. */
function SearchField({ context, value }: { readonly context: PageContext; readonly value: string | undefined }): ReactNode {
  const { language } = context;
  return (
    <p className="field find">
      <label htmlFor="f-q">{say(language, 'field.q')}</label>
      <span className="hint" id="f-q-hint">
        {say(language, 'leads.q.hint')}
      </span>
      <span className="beside">
        <input id="f-q" name="q" type="search" dir="auto" maxLength={100} defaultValue={value} aria-describedby="f-q-hint" enterKeyHint="search" />
        <button>{say(language, 'leads.find')}</button>
      </span>
    </p>
  );
}

interface HomeProps {
  readonly context: PageContext;
  readonly overview: Overview;
  readonly mailbox: boolean;
}

const STEPS = ['leads.how.say', 'leads.how.find', 'leads.how.meet'] as const;

export function HomePage({ context, overview: { bySector, latest }, mailbox }: HomeProps): ReactNode {
  const { language, account } = context;
  const title = say(language, 'home.title');
  const sectors = entriesOf('sector').filter((entry) => entry.priority ?? bySector.has(entry.code));
  const head = (
    <>
      <Elsewhere address="/" />
      <Preview language={language} title={title} text={say(language, 'home.lead')} address="/" />
    </>
  );
  return (
    <Layout context={context} title={title} bare head={head}>
      <section className="hero">
        <h1>{title}</h1>
        <p>{say(language, 'home.lead')}</p>
        <p>
          <a className="button" href={account ? (account.role === 'member' ? '/firm' : '/desk') : '/register'}>
            {say(language, account ? 'home.continue' : 'home.register')}
          </a>
        </p>
      </section>
      <ol className="steps">
        {STEPS.map((key) => (
          <li key={key}>{say(language, key)}</li>
        ))}
      </ol>
      <section>
        <h2>{say(language, 'home.sectors')}</h2>
        <ul className="cards small">
          {sectors.map((entry) => (
            <li key={entry.code}>
              <a href={`/opportunities?sector=${entry.code}`}>
                <strong>{saySector(language, entry.code)}</strong>
                <span>{say(language, 'home.open', { count: bySector.get(entry.code) ?? 0 })}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{say(language, 'home.latest')}</h2>
        <OpportunityCards context={context} opportunities={latest} />
        <p>
          <a href="/opportunities">{say(language, 'home.all')}</a>
        </p>
      </section>
      {mailbox && (
        <p className="notice">
          <a href="/mailbox">{say(language, 'home.mailbox')}</a>
        </p>
      )}
    </Layout>
  );
}

interface ListProps {
  readonly context: PageContext;
  readonly opportunities: readonly LeadCard[];
  readonly next: string | null;
  readonly filter: OpportunityFilter;
  /** Where the search could not be read: what was written, and what is wrong with it. */
  readonly refused?: { readonly values: Readonly<Record<string, string>>; readonly issues: readonly Issue[] };
}

export function OpportunitiesPage({ context, opportunities, next, filter, refused }: ListProps): ReactNode {
  const { language } = context;
  const parts = partsOf(language, filter);
  const about = parts.map(([, said]) => said).join(' · ');
  const title = about ? `${say(language, 'opportunities.title')}: ${about}` : say(language, 'opportunities.title');
  const here = addressOf('/opportunities', filter);
  const [atom, json] = ['/opportunities/feed.atom', '/opportunities/feed.json'].map((path) => addressOf(path, filter, { lang: language }));
  const head = (
    <>
      <Elsewhere address={here} />
      <Preview language={language} title={title} text={say(language, 'home.lead')} address={here} />
      <link rel="alternate" type="application/atom+xml" href={atom} title={title} />
      <link rel="alternate" type="application/feed+json" href={json} title={title} />
    </>
  );
  return (
    <Layout context={context} title={title} bare head={head}>
      <h1>{say(language, 'opportunities.title')}</h1>
      <Errors context={context} issues={refused?.issues ?? []} />
      <SearchForm context={context} values={refused?.values ?? filter} narrowed={parts.some(([name]) => name !== 'q') || refused !== undefined} />
      {parts.length > 0 && (
        <ul className="tags chosen" aria-label={say(language, 'leads.chosen')}>
          {parts.map(([name, said]) => (
            <li key={name}>
              <a href={addressOf('/opportunities', { ...filter, [name]: undefined })} aria-label={say(language, 'leads.without', { filter: said })}>
                <bdi>{said}</bdi> <span aria-hidden="true">×</span>
              </a>
            </li>
          ))}
          {parts.length > 1 && (
            <li>
              <a href="/opportunities">{say(language, 'leads.clear')}</a>
            </li>
          )}
        </ul>
      )}
      {opportunities.length || refused ? (
        opportunities.length > 0 && <OpportunityCards context={context} opportunities={opportunities} />
      ) : (
        <p className="notice">{say(language, parts.length ? 'leads.none' : 'opportunities.none')}</p>
      )}
      {next && (
        <p>
          <a className="button quiet" href={addressOf('/opportunities', filter, { after: next })}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
      {!refused && (
        <p className="quiet">
          {say(language, 'leads.follow')}{' '}
          <a href={atom} type="application/atom+xml">
            Atom
          </a>{' '}
          ·{' '}
          <a href={json} type="application/feed+json">
            JSON
          </a>
        </p>
      )}
    </Layout>
  );
}

/** Its fields are the parts of the address, so that a search can be kept and sent. */
function SearchForm({
  context,
  values,
  narrowed,
}: {
  readonly context: PageContext;
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly narrowed: boolean;
}): ReactNode {
  const { language } = context;
  const all = ['', say(language, 'leads.any')] as const;
  return (
    <form method="get" action="/opportunities" role="search" className="search">
      <SearchField context={context} value={values['q']} />
      <details open={narrowed}>
        <summary>{say(language, 'leads.more')}</summary>
        <div className="row">
          <Choice
            context={context}
            name="sector"
            value={values['sector'] ?? ''}
            options={[all, ...entriesOf('sector').map(({ code }) => [code, saySector(language, code)] as const)]}
          />
          <Choice
            context={context}
            name="kind"
            value={values['kind'] ?? ''}
            options={[all, ...OPPORTUNITY_KINDS.map((kind) => [kind, sayCode(language, 'kind', kind)] as const)]}
          />
          <Choice context={context} name="country" value={values['country'] ?? ''} options={[all, ...countryOptions(context)]} />
          <Choice
            context={context}
            name="within"
            value={values['within'] ?? ''}
            options={[all, ...WITHIN_DAYS.map((days) => [days, say(language, 'leads.within', { days: Number(days) })] as const)]}
          />
          <p className="field">
            <label htmlFor="f-hs">{say(language, 'opportunity.hs')}</label>
            <input id="f-hs" name="hs" dir="ltr" maxLength={20} defaultValue={values['hs']} />
          </p>
        </div>
        <button className="quiet">{say(language, 'leads.apply')}</button>
      </details>
    </form>
  );
}

interface OpportunityPageProps {
  readonly context: PageContext;
  readonly lead: PublicLead;
  /** What the firm of the reader has answered; undefined for everybody else. */
  readonly answers: Answers | undefined;
  readonly open: boolean;
}

export function OpportunityPage({ context, lead, answers, open }: OpportunityPageProps): ReactNode {
  const { language } = context;
  const address = `/opportunities/${lead.reference}`;
  const place = placeOfFirm(lead, address);
  const title = inLanguage(lead.title, language);
  const text = [sayCode(language, 'kind', lead.kind), ...factsOf(language, lead).map(([label, value]) => `${label}: ${value}`)].join(' · ');
  const head = (
    <>
      <Elsewhere address={address} />
      <Preview language={language} title={title.text} text={text} address={address} />
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: structured(language, lead) }} />
    </>
  );
  return (
    <Layout context={context} title={title.text} description={text} head={head}>
      <p className="quiet">
        {sayCode(language, 'kind', lead.kind)} · <bdi>{lead.reference}</bdi>
      </p>
      <OpportunityBody context={context} lead={lead} />
      {answers && <AnswersGiven context={context} place={place} answers={answers} />}
      {answers && <AnswerButtons context={context} place={place} answers={answers} open={open} />}
      <p className="notice">{say(language, 'opportunity.counterparty-hidden')}</p>
      {!context.account && (
        <p>
          <a className="button" href="/register">
            {say(language, 'home.register')}
          </a>
        </p>
      )}
      <ul className="links">
        {hasDay(lead) && (
          <li>
            <a href={`${address}/calendar.ics`}>{say(language, 'calendar.add')}</a>
          </li>
        )}
        <li>
          <a href={`${address}/forward`}>{say(language, 'forward.title')}</a>
        </li>
        {lead.sectors.map((sector) => (
          <li key={sector}>
            <a href={`/opportunities?sector=${sector}`}>{say(language, 'leads.more-in', { sector: saySector(language, sector) })}</a>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

/** Kinds by which somebody looks for something; the others offer it. */
const DEMANDS: ReadonlySet<string> = new Set(['buy_request', 'tender']);

/**
 * What search engines read of a lead (schema.org `Demand` or `Offer`), in words of the page. Whoever asks about it asks the chamber.
 * @returns JSON that can stand inside a script element
 */
export function structured(language: Language, lead: PublicLead): string {
  const url = `${house.url}/opportunities/${lead.reference}`;
  const chamber = { '@type': 'Organization', name: house.chamber, address: house.address, url: house.url };
  const name = inLanguage(lead.title, language).text;
  const description = inLanguage(lead.summary, language).text || undefined;
  const data = {
    '@context': 'https://schema.org',
    '@type': DEMANDS.has(lead.kind) ? 'Demand' : 'Offer',
    '@id': url,
    url,
    identifier: lead.reference,
    name,
    description,
    inLanguage: tagOf(language),
    category: lead.sectors.map((code) => saySector(language, code)),
    validFrom: lead.publishedAt?.toISOString(),
    validThrough: lead.openUntil ?? undefined,
    availabilityEnds: lead.openUntil ?? undefined,
    areaServed: { '@type': 'Country', name: lead.country },
    eligibleQuantity: lead.quantity !== null && lead.unit ? { '@type': 'QuantitativeValue', value: lead.quantity, unitText: lead.unit } : undefined,
    priceSpecification: lead.valueUsd === null ? undefined : { '@type': 'PriceSpecification', price: lead.valueUsd, priceCurrency: 'USD' },
    itemOffered: {
      '@type': 'Product',
      name,
      additionalProperty: lead.hs.map((code) => ({ '@type': 'PropertyValue', propertyID: 'HS', value: code })),
    },
    offeredBy: DEMANDS.has(lead.kind) ? undefined : chamber,
    provider: DEMANDS.has(lead.kind) ? chamber : undefined,
  };
  // `<` would let a title end the element
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
