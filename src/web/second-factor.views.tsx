import type { ReactNode } from 'react';
import type { Enrolment } from '../accounts/second-factor.service.js';
import { localDate } from '../common/clock.js';
import type { Issue } from '../common/errors.js';
import { say, sayDay } from '../language/say.js';
import type { PageContext } from './context.js';
import { Csrf, Errors, Field, house, Layout } from './layout.js';

interface Props {
  readonly context: PageContext;
  /** Where the reader wanted to go. */
  readonly back: string;
}

/** Why, and the one press that begins. */
export function EnrolPage({ context, back }: Props): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'factor.title')}>
      <p>{say(language, 'factor.why')}</p>
      <p>{say(language, 'factor.app')}</p>
      <form method="post" action="/second-factor/enrolment">
        <Csrf context={context} />
        <input type="hidden" name="back" value={back} />
        <button>{say(language, 'factor.begin')}</button>
      </form>
    </Layout>
  );
}

/** The picture for the app, the same as text, and the first code. */
export function SetupPage({
  context,
  back,
  secret,
  picture,
  issues,
}: Props & { readonly secret: string; readonly picture: string; readonly issues: readonly Issue[] }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'factor.title')}>
      <Errors context={context} issues={issues} />
      <ol>
        <li>
          <p>{say(language, 'factor.scan')}</p>
          <p>
            <img className="qr" src={picture} alt={say(language, 'factor.picture')} width="220" height="220" />
          </p>
          <p>{say(language, 'factor.type')}</p>
          <p>
            <bdi className="key" dir="ltr">
              {secret.replace(/(.{4})(?=.)/g, '$1 ')}
            </bdi>
          </p>
        </li>
        <li>
          <p>{say(language, 'factor.first')}</p>
          <CodeForm context={context} back={back} button="factor.confirm" />
        </li>
      </ol>
    </Layout>
  );
}

function CodeForm({
  context,
  back,
  button,
  action = '/second-factor',
}: Props & { readonly button: 'factor.confirm' | 'factor.give' | 'factor.renew'; readonly action?: string }): ReactNode {
  return (
    <form method="post" action={action} noValidate>
      <Csrf context={context} />
      <input type="hidden" name="back" value={back} />
      <Field context={context} name="code" label={say(context.language, 'factor.code')} values={{}} required autoComplete="one-time-code" ltr maxLength={60} />
      <button>{say(context.language, button)}</button>
    </form>
  );
}

/** The second question of signing in. */
export function CodePage({ context, back, issues }: Props & { readonly issues: readonly Issue[] }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'factor.give.title')}>
      <Errors context={context} issues={issues} />
      <p>{say(language, 'factor.ask')}</p>
      <CodeForm context={context} back={back} button="factor.give" />
      <p className="hint">{say(language, 'factor.lost')}</p>
    </Layout>
  );
}

/** Shown once, when it has been set up. */
export function RecoveryCodesPage({ context, back, codes }: Props & { readonly codes: readonly string[] }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'factor.codes')}>
      <p>{say(language, 'factor.codes.keep')}</p>
      <ul className="plain key" dir="ltr">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p>
        <a className="button" href={back}>
          {say(language, 'factor.codes.kept')}
        </a>
      </p>
    </Layout>
  );
}

/** Since when it is there, and the way to set it up anew. */
export function EnrolledPage({
  context,
  enrolment: { enrolledAt, left },
  issues,
}: {
  readonly context: PageContext;
  readonly enrolment: Enrolment;
  readonly issues: readonly Issue[];
}): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'factor.title')}>
      <Errors context={context} issues={issues} />
      {enrolledAt && <p>{say(language, 'factor.since', { day: sayDay(language, localDate(enrolledAt, house.zone)) })}</p>}
      <p>{say(language, 'factor.left', { count: left })}</p>
      <h2>{say(language, 'factor.renew.title')}</h2>
      <p>{say(language, 'factor.renew.hint')}</p>
      <CodeForm context={context} back="/desk" button="factor.renew" action="/second-factor/renewal" />
      <p>
        <a href="/desk">{say(language, 'desk.title')}</a>
      </p>
    </Layout>
  );
}
