import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import { factsOf } from '../digests/compose.js';
import { LANGUAGES } from '../language/language.js';
import { dirOf, inLanguage, NATIVE_NAME, say, sayCode, sayCountry, tagOf } from '../language/say.js';
import { writeHs } from '../nomenclature/hs.js';
import type { LeadCard, PublicLead } from '../opportunities/opportunities.queries.js';
import { ENTRY_KINDS } from '../statement/catalogue.types.js';
import { ENTRIES, PARAGRAPHS } from '../statement/catalogue.js';
import { entryOf } from '../statement/statement.js';
import type { PageContext } from './context.js';
import { type FormBody, kept, many, one, ticked } from './form.js';
import { Choice, Csrf, Errors, Field, Layout, Tick } from './layout.js';
import { linesToAsk, ProfileFields, SuggestionChoice, type Suggestions } from './profile.form.js';

export function OpportunityCards({ context, opportunities }: { readonly context: PageContext; readonly opportunities: readonly LeadCard[] }): ReactNode {
  const { language } = context;
  if (!opportunities.length) return <p>{say(language, 'opportunities.none')}</p>;
  return (
    <ul className="cards">
      {opportunities.map((lead) => (
        <li key={lead.id}>
          <OpportunityCard context={context} lead={lead} href={`/opportunities/${lead.reference}`} />
        </li>
      ))}
    </ul>
  );
}

/** What anybody may see of a lead; never its counterparty. */
export function OpportunityCard({
  context,
  lead,
  href,
}: {
  readonly context: PageContext;
  readonly lead: LeadCard;
  /** Undefined where it has no page any more. */
  readonly href: string | undefined;
}): ReactNode {
  const { language } = context;
  const title = inLanguage(lead.title, language);
  const said = { lang: tagOf(title.language), dir: dirOf(title.language) };
  return (
    <article>
      <h3>
        {href ? (
          <a href={href} {...said}>
            {title.text}
          </a>
        ) : (
          <span {...said}>{title.text}</span>
        )}
      </h3>
      <p className="quiet">
        {sayCode(language, 'kind', lead.kind)} · <bdi>{lead.reference}</bdi>
      </p>
      <Facts context={context} lead={lead} />
    </article>
  );
}

function Facts({ context, lead }: { readonly context: PageContext; readonly lead: LeadCard }): ReactNode {
  return (
    <dl className="facts">
      {factsOf(context.language, lead).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <bdi dir={dirOf(context.language)}>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ForwardProps {
  readonly context: PageContext;
  readonly lead: PublicLead;
  readonly text: string;
}

/** A plain text to copy into any message; the WhatsApp link opens that program with it. */
export function ForwardPage({ context, lead, text }: ForwardProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'forward.title')}>
      <p>{say(language, 'forward.lead')}</p>
      <p className="field">
        <label htmlFor="f-text">{say(language, 'forward.text')}</label>
        <textarea id="f-text" readOnly rows={text.split('\n').length + 2} dir="auto" defaultValue={text} />
      </p>
      <p>
        <a className="button" href={`https://wa.me/?text=${encodeURIComponent(text)}`} rel="noopener noreferrer">
          {say(language, 'forward.whatsapp')}
        </a>
      </p>
      <p>
        <a href={`/opportunities/${lead.reference}`}>
          <bdi>{lead.reference}</bdi>
        </a>
      </p>
    </Layout>
  );
}

/** Summary, facts, codes and where it stands in the statement. */
export function OpportunityBody({ context, lead }: { readonly context: PageContext; readonly lead: PublicLead }): ReactNode {
  const { language } = context;
  const summary = inLanguage(lead.summary, language);
  const under = [...lead.sectors, ...lead.corridors, ...lead.platforms, ...lead.instruments].flatMap((code) => entryOf(code) ?? []);
  return (
    <>
      {summary.text && (
        <p lang={tagOf(summary.language)} dir={dirOf(summary.language)} className="summary">
          {summary.text}
        </p>
      )}
      <Facts context={context} lead={lead} />
      {(lead.hs.length > 0 || lead.isic.length > 0) && (
        <p>
          {lead.hs.length > 0 && (
            <>
              {say(language, 'opportunity.hs')}: <bdi>{lead.hs.map(writeHs).join(', ')}</bdi>{' '}
            </>
          )}
          {lead.isic.length > 0 && (
            <>
              {say(language, 'opportunity.isic')}: <bdi>{lead.isic.join(', ')}</bdi>
            </>
          )}
        </p>
      )}
      {lead.certificates.length > 0 && (
        <p>
          {say(language, 'opportunity.certificates')}: {lead.certificates.map((code) => sayCode(language, 'certificate', code)).join(' · ')}
        </p>
      )}
      <ul className="tags">
        {under.map((entry) => (
          <li key={entry.code}>
            <a href={`/statement#${entry.code}`}>
              {say(language, 'opportunity.under', { name: inLanguage(entry.name, language).text, paragraph: entry.paragraphs[0] ?? 0 })}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

export function StatementPage({ context }: { readonly context: PageContext }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'statement.title')}>
      <p>{say(language, 'statement.lead')}</p>
      {ENTRY_KINDS.map((kind) => (
        <section key={kind}>
          <h2>{say(language, `statement.${kind}s`)}</h2>
          <ul className="cards">
            {ENTRIES.filter((entry) => entry.kind === kind).map((entry) => (
              <li key={entry.code} id={entry.code}>
                <article>
                  <h3>
                    {entry.name[language]} {entry.priority && <span className="tag">{say(language, 'statement.priority')}</span>}
                  </h3>
                  <p>{entry.summary[language]}</p>
                  <p className="quiet">
                    {say(language, 'statement.paragraphs')}:{' '}
                    {entry.paragraphs.map((number, i) => (
                      <span key={number}>
                        {i > 0 && ' · '}
                        <a href={`#p${number}`}>{number}</a>
                      </span>
                    ))}
                  </p>
                </article>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <section>
        <h2>{say(language, 'statement.all-paragraphs')}</h2>
        <ol className="paragraphs">
          {PARAGRAPHS.map((paragraph) => (
            <li key={paragraph.number} id={`p${paragraph.number}`} value={paragraph.number}>
              <strong>{paragraph.title[language]}</strong> {paragraph.summary[language]}
            </li>
          ))}
        </ol>
      </section>
    </Layout>
  );
}

interface RegisterProps {
  readonly context: PageContext;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

/** First step: what the firm makes and looks for, in its own words. */
export function RegisterPage({ context, body, issues }: RegisterProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'register.title')}>
      <p>{say(language, 'register.lead')}</p>
      <Errors context={context} issues={issues} />
      <form method="post" action="/register" noValidate>
        <Csrf context={context} />
        <input type="hidden" name="step" value="goods" />
        <Field context={context} name="firmName" values={kept(body)} required autoComplete="organization" maxLength={120} />
        <ProfileFields context={context} body={body} rows={{ offer: 3, need: 2 }} whole={false} />
        <Field context={context} name="ntn" values={kept(body)} ltr hint="field.ntn.hint" />
        <button>{say(language, 'register.next')}</button>
      </form>
    </Layout>
  );
}

/** Fields of the second step; everything else in the body came from the first and is carried along. */
const PERSON = ['contactName', 'email', 'password', 'language', 'digestConsent'];

/** Second step: which goods were meant, and who registers. */
export function RegisterPersonPage({ context, body, issues, suggestions }: RegisterProps & { readonly suggestions: Suggestions }): ReactNode {
  const { language } = context;
  const values = kept(body);
  const asked = linesToAsk(body).filter((line) => suggestions[line]?.length);
  const carried = Object.keys(body).filter((name) => !PERSON.includes(name) && !['_csrf', 'step'].includes(name) && !name.endsWith('.pick'));
  return (
    <Layout context={context} title={say(language, 'register.title')}>
      <Errors context={context} issues={issues} />
      <form method="post" action="/register" noValidate>
        <Csrf context={context} />
        {carried.flatMap((name) => many(body, name).map((value) => <input key={name + value} type="hidden" name={name} value={value} />))}
        {asked.length > 0 && (
          <section>
            <h2>{say(language, 'suggest.title')}</h2>
            <p className="hint">{say(language, 'suggest.lead')}</p>
            {asked.map((line) => (
              <SuggestionChoice key={line} context={context} line={line} body={body} suggestions={suggestions} />
            ))}
          </section>
        )}
        <fieldset>
          <legend>{say(language, 'register.you')}</legend>
          <Field context={context} name="contactName" values={values} required autoComplete="name" maxLength={80} />
          <Field context={context} name="email" values={values} type="email" required autoComplete="email" ltr />
          <Field context={context} name="password" values={values} type="password" required autoComplete="new-password" ltr hint="field.password.hint" />
          <Choice
            context={context}
            name="language"
            value={one(body, 'language') || language}
            options={LANGUAGES.map((code) => [code, NATIVE_NAME[code]] as const)}
          />
          <Tick name="digestConsent" text={say(language, 'register.consent')} checked={ticked(body, 'digestConsent')} />
        </fieldset>
        <p className="quiet">{say(language, 'register.privacy')}</p>
        <button>{say(language, 'register.send')}</button>
      </form>
    </Layout>
  );
}

/** Whether the second step can put these right; otherwise the first is shown again. */
export const isOfPerson = (issues: readonly Issue[]): boolean => issues.every((issue) => PERSON.includes(issue.field));

/** After registering, and for whoever comes back with a code. */
export function CodePage({
  context,
  email,
  issues,
  fresh,
}: {
  readonly context: PageContext;
  readonly email: string;
  readonly issues: readonly Issue[];
  readonly fresh: boolean;
}): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'confirm.title')}>
      <p>{say(language, fresh ? 'confirm.sent' : 'confirm.enter')}</p>
      <Errors context={context} issues={issues} />
      <form method="post" action="/confirm" noValidate>
        <Csrf context={context} />
        <Field context={context} name="email" values={{ email }} type="email" required autoComplete="email" ltr />
        <Field context={context} name="code" values={{}} required autoComplete="one-time-code" ltr />
        <button>{say(language, 'confirm.button')}</button>
      </form>
    </Layout>
  );
}

/** Behind the mailed link. Mail scanners open links, so only the button confirms. */
export function ConfirmPage({ context, token }: { readonly context: PageContext; readonly token: string }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'confirm.title')}>
      <p>{say(language, 'confirm.press')}</p>
      <form method="post" action={`/confirm/${token}`}>
        <Csrf context={context} />
        <button>{say(language, 'confirm.button')}</button>
      </form>
    </Layout>
  );
}

interface MessageProps {
  readonly context: PageContext;
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly href: string; readonly text: string };
}

/** One thing to say, and perhaps one place to go. */
export function MessagePage({ context, title, text, link }: MessageProps): ReactNode {
  return (
    <Layout context={context} title={title}>
      <p>{text}</p>
      {link && (
        <p>
          <a className="button" href={link.href}>
            {link.text}
          </a>
        </p>
      )}
    </Layout>
  );
}

export function SignInPage({
  context,
  email,
  back,
  issues,
}: {
  readonly context: PageContext;
  readonly email: string;
  readonly back: string;
  readonly issues: readonly Issue[];
}): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'sign-in.title')}>
      <Errors context={context} issues={issues} />
      <form method="post" action="/sign-in" noValidate>
        <Csrf context={context} />
        <input type="hidden" name="back" value={back} />
        <Field context={context} name="email" values={{ email }} type="email" required autoComplete="username" ltr />
        <Field context={context} name="password" values={{}} type="password" required autoComplete="current-password" ltr />
        <button>{say(language, 'sign-in.button')}</button>
      </form>
      <p>
        <a href="/sign-in/link">{say(language, 'link.forgotten')}</a>
      </p>
      <p>
        <a href="/register">{say(language, 'home.register')}</a>
      </p>
    </Layout>
  );
}

/** For whoever has forgotten the password, or never wants one on this phone. */
export function AskLinkPage({
  context,
  email,
  issues,
}: {
  readonly context: PageContext;
  readonly email: string;
  readonly issues: readonly Issue[];
}): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'link.title')}>
      <p>{say(language, 'link.lead')}</p>
      <Errors context={context} issues={issues} />
      <form method="post" action="/sign-in/link" noValidate>
        <Csrf context={context} />
        <Field context={context} name="email" values={{ email }} type="email" required autoComplete="username" ltr />
        <button>{say(language, 'link.button')}</button>
      </form>
    </Layout>
  );
}

/** Behind the mailed link: sign in, or set a new password first. */
export function LinkPage({
  context,
  token,
  email,
  issues,
}: {
  readonly context: PageContext;
  readonly token: string;
  readonly email: string;
  readonly issues: readonly Issue[];
}): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'sign-in.title')}>
      <Errors context={context} issues={issues} />
      {email && (
        <p>
          <bdi>{email}</bdi>
        </p>
      )}
      <form method="post" action={`/sign-in/link/${token}`}>
        <Csrf context={context} />
        <button>{say(language, 'sign-in.button')}</button>
      </form>
      <h2>{say(language, 'link.new-password')}</h2>
      <form method="post" action={`/sign-in/link/${token}`} noValidate>
        <Csrf context={context} />
        <Field context={context} name="password" values={{}} type="password" required autoComplete="new-password" ltr hint="field.password.hint" />
        <button>{say(language, 'link.set-password')}</button>
      </form>
    </Layout>
  );
}

export const countryOptions = (context: PageContext): (readonly [string, string])[] =>
  ['CN', 'PK', 'AE', 'AF', 'BD', 'DE', 'GB', 'IN', 'IR', 'KZ', 'MY', 'OM', 'QA', 'SA', 'TR', 'US', 'UZ', 'VN'].map(
    (code) => [code, sayCountry(context.language, code)] as const,
  );
