import type { ReactNode } from 'react';
import { LANGUAGES, type Language } from '../language/language.js';
import { dirOf, type MessageKey, NATIVE_NAME, say, sayCode, tagOf } from '../language/say.js';
import type { Issue } from '../common/errors.js';
import type { PageContext } from './context.js';
import { sayIssue } from './issues.js';
import { markup } from './markup.js';

/**
 * Set once at start: what every page says of the chamber, its time zone, the public
 * address, and the address of the style sheet with its version.
 */
export const house = { chamber: '', address: '', zone: 'UTC', url: '', styleSheet: '/style.css' };

/** What a page never holds: control characters, and those that turn the direction of all that follows. A refused form shows what was typed, such too. */
const NEVER_SHOWN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E]/g;

/** A whole document, as sent. */
export const page = (element: ReactNode): string => '<!doctype html>' + markup(element).replace(NEVER_SHOWN, '');

interface LayoutProps {
  readonly context: PageContext;
  readonly title: string;
  readonly children: ReactNode;
  /** Home says its title in a way of its own. */
  readonly bare?: boolean;
  /** What others than readers are told: search engines, messengers, feed readers. */
  readonly head?: ReactNode;
  /** One line about this page. */
  readonly description?: string;
}

export function Layout({ context, title, children, bare, head, description }: LayoutProps): ReactNode {
  const { language, account } = context;
  const t = (key: MessageKey) => say(language, key);
  return (
    <html lang={tagOf(language)} dir={dirOf(language)}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${say(language, 'brand')}`}</title>
        <meta name="description" content={description ?? say(language, 'home.lead')} />
        <link rel="stylesheet" href={house.styleSheet} />
        <link rel="icon" href="data:," />
        {head}
      </head>
      <body className={`lang-${language}`}>
        <a className="skip" href="#main">
          {t('nav.skip')}
        </a>
        <header className="top">
          <a className="brand" href="/">
            {t('brand')}
          </a>
          <nav aria-label={t('nav.main')}>
            <a href="/opportunities">{t('nav.opportunities')}</a>
            <a href="/statement">{t('nav.statement')}</a>
            {account?.role === 'member' && <a href="/firm">{t('nav.firm')}</a>}
            {account && account.role !== 'member' && <a href="/desk">{t('nav.desk')}</a>}
            {!account && <a href="/register">{t('nav.register')}</a>}
            {!account && <a href="/sign-in">{t('nav.sign-in')}</a>}
            {account && (
              <form method="post" action="/sign-out" className="inline">
                <Csrf context={context} />
                <button className="link">{t('nav.sign-out')}</button>
              </form>
            )}
          </nav>
        </header>
        <main id="main">
          {!bare && <h1>{title}</h1>}
          {children}
        </main>
        <footer>
          <nav aria-label={t('nav.languages')} className="languages">
            {LANGUAGES.map((other) => (
              <a
                key={other}
                href={inOther(context.address, other)}
                lang={tagOf(other)}
                dir={dirOf(other)}
                aria-current={other === language ? 'true' : undefined}
              >
                {NATIVE_NAME[other]}
              </a>
            ))}
          </nav>
          <p>
            <bdi>{house.chamber}</bdi>
            <br />
            <bdi>{house.address}</bdi>
          </p>
        </footer>
      </body>
    </html>
  );
}

/** The same page in another language. */
function inOther(address: string, language: Language): string {
  const [path = '', query = ''] = address.split('?', 2);
  // two slashes, of whichever kind, would lead to another house
  const here = /^\/(?![/\\])/.test(path) ? path : '/';
  const others = query.split('&').filter((part) => part && !part.startsWith('lang='));
  return `${here}?${[...others, `lang=${language}`].join('&')}`;
}

export function Csrf({ context }: { readonly context: PageContext }): ReactNode {
  return <input type="hidden" name="_csrf" value={context.csrf()} />;
}

export function Errors({ context, issues }: { readonly context: PageContext; readonly issues: readonly Issue[] }): ReactNode {
  if (!issues.length) return null;
  return (
    <div className="errors" role="alert">
      <p>{say(context.language, 'error.summary')}</p>
      <ul>
        {[...new Set(issues.map((issue) => sayIssue(context.language, issue)))].map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

/** Where a field stands on its page. */
const idOf = (name: string): string => `f-${name.replaceAll('.', '-')}`;

interface FieldProps {
  readonly context: PageContext;
  readonly name: string;
  /** Where a page has the same field in several forms. */
  readonly id?: string;
  readonly values: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly required?: boolean;
  readonly hint?: MessageKey;
  readonly label?: string;
  readonly autoComplete?: string;
  readonly ltr?: boolean;
  readonly rows?: number;
  readonly maxLength?: number;
}

/** One labelled field of a form. Names are the API's names; labels are `field.<name>`. */
export function Field({ context, name, id: own, values, type = 'text', required, hint, label, autoComplete, ltr, rows, maxLength }: FieldProps): ReactNode {
  const id = own ?? idOf(name);
  const shared = {
    id,
    name,
    required,
    maxLength,
    autoComplete,
    dir: ltr ? ('ltr' as const) : ('auto' as const),
    'aria-describedby': hint ? `${id}-hint` : undefined,
  };
  return (
    <p className="field">
      <label htmlFor={id}>
        {label ?? sayCode(context.language, 'field', name)}
        {!required && <span className="optional"> {say(context.language, 'field.optional')}</span>}
      </label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {say(context.language, hint)}
        </span>
      )}
      {rows ? (
        <textarea {...shared} rows={rows} defaultValue={values[name]} />
      ) : (
        <input {...shared} type={type} defaultValue={type === 'password' ? undefined : values[name]} />
      )}
    </p>
  );
}

interface ChoiceProps {
  readonly context: PageContext;
  readonly name: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly label?: string;
}

export function Choice({ context, name, value, options, label }: ChoiceProps): ReactNode {
  const id = idOf(name);
  return (
    <p className="field">
      <label htmlFor={id}>{label ?? sayCode(context.language, 'field', name)}</label>
      <select id={id} name={name} defaultValue={value}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </p>
  );
}

interface TicksProps {
  readonly name: string;
  readonly legend: string;
  readonly chosen: readonly string[];
  readonly options: readonly (readonly [value: string, text: string])[];
  /** Short texts, such as months: several beside each other even on a phone. */
  readonly compact?: boolean;
}

/** Several of several. */
export function Ticks({ name, legend, chosen, options, compact }: TicksProps): ReactNode {
  return (
    <fieldset className={compact ? 'ticks compact' : 'ticks'} id={idOf(name)}>
      <legend>{legend}</legend>
      {options.map(([value, text]) => (
        <label key={value}>
          <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} /> <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Tick({ name, text, checked }: { readonly name: string; readonly text: string; readonly checked: boolean }): ReactNode {
  return (
    <p className="field">
      <label className="tick">
        <input type="checkbox" name={name} value="yes" defaultChecked={checked} /> <span>{text}</span>
      </label>
    </p>
  );
}
