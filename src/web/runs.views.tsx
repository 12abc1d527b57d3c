import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import type { LedgerRow, RunRow } from '../digests/digests.queries.js';
import type { Preview } from '../digests/preview.js';
import type { Resend, SentDigest } from '../digests/runs.queries.js';
import type { Forecast, Run } from '../digests/runs.service.js';
import type { Contact, Firm } from '../firms/firm.entity.js';
import { say, sayCode, sayDuration, sayInstant, sayNumber } from '../language/say.js';
import type { PageContext } from './context.js';
import { Runs, sayRun, sayState } from './desk.parts.js';
import { LedgerTable } from './firm.views.js';
import { Csrf, Errors, Field, house, Layout } from './layout.js';
import { DeskTabs } from './tabs.js';

export function RunsPage({ context, runs }: { readonly context: PageContext; readonly runs: readonly RunRow[] }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'desk.digests')}>
      <DeskTabs context={context} here="/desk/digests" />
      <p>
        <a className="button quiet" href="/desk/digests/dry-run">
          {say(language, 'run.dry')}
        </a>
      </p>
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

export interface RunProps {
  readonly context: PageContext;
  readonly run: Run;
  readonly ledger: readonly LedgerRow[];
  readonly next: string | null;
  readonly only: { readonly state?: string | undefined; readonly reason?: string | undefined };
  readonly going: boolean;
  /** Whether the page renews itself. */
  readonly renews: boolean;
  readonly issues: readonly Issue[];
}

/** A run: how far it is, how its digests ended, and the ledger below, those that need a person first. */
export function RunPage({ context, run, ledger, next, only, going, renews, issues }: RunProps): ReactNode {
  const { language } = context;
  const here = `/desk/digests/${run.id}`;
  const filtered = (extra: Readonly<Record<string, string | null | undefined>>): string => {
    const query = new URLSearchParams(Object.entries(extra).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])));
    return query.size ? `${here}?${query.toString()}` : here;
  };
  return (
    <Layout context={context} title={sayRun(language, run.key)}>
      <DeskTabs context={context} here="/desk/digests" />
      <Errors context={context} issues={issues} />
      <Halt context={context} run={run} />
      <p className="progress">
        <progress max={run.total || 1} value={run.total ? run.done : 1} aria-label={say(language, 'run.progress-of', { run: sayRun(language, run.key) })} />
        <span>{say(language, 'run.progress', { done: sayNumber(language, run.done), total: sayNumber(language, run.total) })}</span>
      </p>
      {going && (
        <p role="status">
          {run.restSeconds !== null && `${say(language, 'run.rest', { time: sayDuration(language, run.restSeconds) })} `}
          {run.put_off_until && `${say(language, 'run.put-off', { at: sayInstant(language, run.put_off_until, house.zone) })} `}
          {renews && say(language, 'run.renews')}{' '}
          {renews ? <a href={`${here}?still`}>{say(language, 'run.still')}</a> : <a href={here}>{say(language, 'run.renew')}</a>}
        </p>
      )}
      <dl className="facts">
        <Fact term={say(language, 'run.started')} value={sayInstant(language, run.opened_at, house.zone)} />
        <Fact
          term={say(language, 'run.finished')}
          value={run.completed_at ? sayInstant(language, run.completed_at, house.zone) : say(language, run.halted_at ? 'run.not-while-halted' : 'run.not-yet')}
        />
      </dl>
      <ul className="counts plain" aria-label={say(language, 'run.ends')}>
        <li>
          <a className="state" href={here} aria-current={only.state ? undefined : 'true'}>
            {say(language, 'run.all')}: {sayNumber(language, run.total)}
          </a>
        </li>
        {run.counts.map(({ state, reason, n }) => (
          <li key={`${state} ${reason}`}>
            <a
              className={`state ${state}`}
              href={filtered({ state, reason })}
              aria-current={only.state === state && (only.reason ?? null) === reason ? 'true' : undefined}
            >
              {sayState(language, state, reason)}: {sayNumber(language, n)}
            </a>
          </li>
        ))}
      </ul>
      <LedgerTable context={context} rows={ledger} desk />
      {next && (
        <p>
          <a className="button quiet" href={filtered({ ...only, after: next })}>
            {say(language, 'page.next')}
          </a>
        </p>
      )}
    </Layout>
  );
}

function Halt({ context, run }: { readonly context: PageContext; readonly run: Run }): ReactNode {
  const { language } = context;
  if (!run.halted_at) return null;
  return (
    <div className="notice halted">
      <p>
        <strong>{say(language, 'run.halted', { at: sayInstant(language, run.halted_at, house.zone) })}</strong>{' '}
        <bdi>{sayCode(language, 'digest-reason', run.halted_reason ?? '')}</bdi>
      </p>
      <p>{say(language, 'run.halted.hint')}</p>
      {context.account?.role === 'administrator' && (
        <form method="post" action={`/desk/digests/${run.id}/resume`}>
          <Csrf context={context} />
          <Field context={context} name="reason" values={{}} required maxLength={300} />
          <button>{say(language, 'run.resume')}</button>
        </form>
      )}
    </div>
  );
}

function Fact({ term, value, ltr }: { readonly term: string; readonly value: ReactNode; readonly ltr?: boolean }): ReactNode {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{ltr ? <bdi dir="ltr">{value}</bdi> : <bdi>{value}</bdi>}</dd>
    </div>
  );
}

interface MailProps {
  readonly context: PageContext;
  readonly digest: SentDigest;
  readonly resends: readonly Resend[];
  readonly text: string;
  readonly headers: string;
  /** Whether the stored bytes still have the sum that was stored with them. */
  readonly whole: boolean;
}

const FRAME = 'allow-popups allow-top-navigation-by-user-activation';

/** A digest as it was handed over. */
export function MailPage({ context, digest, resends, text, headers, whole }: MailProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={digest.subject}>
      <DeskTabs context={context} here="/desk/digests" />
      <p>
        <span className={`state ${digest.state}`}>{sayState(language, digest.state, digest.reason)}</span>
        {digest.finished_at && <span className="quiet">{sayInstant(language, digest.finished_at, house.zone)}</span>}
      </p>
      {digest.state === 'unknown' && (
        <div className="notice">
          <p>{say(language, 'resend.what')}</p>
          <p>
            <a className="button quiet" href={`/desk/mails/${digest.id}/resend`}>
              {say(language, 'resend.title')}
            </a>
          </p>
        </div>
      )}
      <dl className="facts">
        <Fact term={say(language, 'run.mail.firm')} value={<a href={`/desk/firms/${digest.firm_id}`}>{digest.firm_name}</a>} />
        <Fact term={say(language, 'run.mail.to')} value={`${digest.contact_name} <${digest.email}>`} />
        <Fact term={say(language, 'run.mail.run')} value={<a href={`/desk/digests/${digest.occurrence_id}`}>{sayRun(language, digest.key)}</a>} />
        <Fact term={say(language, 'run.mail.tries')} value={sayNumber(language, digest.attempts)} />
        {digest.reply && <Fact term={say(language, 'run.mail.reply')} value={digest.reply} ltr />}
        <Fact term="Message-ID" value={digest.message_id} ltr />
        <Fact term="SHA-256" value={digest.message_sha256} ltr />
      </dl>
      <p className={whole ? 'quiet' : 'gap'}>{say(language, whole ? 'run.mail.whole' : 'run.mail.changed')}</p>
      {resends.length > 0 && (
        <section>
          <h2>{say(language, 'resend.history')}</h2>
          <ul className="rows">
            {resends.map((resend) => (
              <li key={resend.number}>
                <bdi>{resend.asked_by ?? say(language, 'resend.somebody')}</bdi> · {sayInstant(language, resend.asked_at, house.zone)}
                {resend.reason && <span className="quiet"> · {sayCode(language, 'digest-reason', resend.reason)}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <iframe className="mail" src={`/desk/mails/${digest.id}/html`} sandbox={FRAME} title={digest.subject} />
      <h2>{say(language, 'mailbox.text')}</h2>
      <pre dir="auto">{text}</pre>
      <h2>{say(language, 'mailbox.headers')}</h2>
      <pre dir="ltr">{headers}</pre>
      <p>
        <a href={`/desk/mails/${digest.id}/source.eml`}>{say(language, 'run.mail.source')}</a>
      </p>
    </Layout>
  );
}

interface ResendProps {
  readonly context: PageContext;
  readonly digest: SentDigest;
  /** Why the gate would refuse it now. */
  readonly refusal: string | null;
  readonly issues: readonly Issue[];
}

/** Says what sending an unknown digest again means, and asks. */
export function ResendPage({ context, digest, refusal, issues }: ResendProps): ReactNode {
  const { language } = context;
  const may = digest.state === 'unknown' && refusal === null;
  return (
    <Layout context={context} title={say(language, 'resend.title')}>
      <DeskTabs context={context} here="/desk/digests" />
      <Errors context={context} issues={issues} />
      <p>
        <a href={`/desk/mails/${digest.id}`}>
          <bdi>{digest.subject}</bdi>
        </a>{' '}
        → <bdi>{`${digest.contact_name} <${digest.email}>`}</bdi>
      </p>
      <p>
        <span className={`state ${digest.state}`}>{sayState(language, digest.state, digest.reason)}</span>
      </p>
      {refusal && <p className="gap">{say(language, 'resend.refused-now', { reason: sayCode(language, 'digest-reason', refusal) })}</p>}
      {digest.state !== 'unknown' && <p>{say(language, 'resend.not-unknown')}</p>}
      {may && (
        <>
          <p>{say(language, 'resend.what')}</p>
          <ul>
            <li>{say(language, 'resend.cost')}</li>
            <li>{say(language, 'resend.once')}</li>
            <li>{say(language, 'resend.next')}</li>
            {digest.named_since > 0 && <li>{say(language, 'resend.named', { named: digest.named_since, items: digest.items })}</li>}
          </ul>
          <form method="post" action={`/desk/mails/${digest.id}/resend`}>
            <Csrf context={context} />
            <input type="hidden" name="seen" value={digest.resends} />
            <button>{say(language, 'resend.button')}</button>
          </form>
        </>
      )}
    </Layout>
  );
}

/** What the digests of each cadence would come to. */
export function DryRunPage({ context, forecasts }: { readonly context: PageContext; readonly forecasts: readonly Forecast[] }): ReactNode {
  const { language } = context;
  const counts = (of: Readonly<Record<string, number>>): ReactNode => {
    const known = Object.entries(of).sort(([a, n], [b, m]) => Number(b === 'sent') - Number(a === 'sent') || m - n || (a < b ? -1 : 1));
    if (!known.length) return <p>{say(language, 'desk.nobody')}</p>;
    return (
      <p className="counts">
        {known.map(([what, n]) => (
          <span key={what} className={`state ${what === 'sent' ? 'sent' : 'skipped'}`}>
            {what === 'sent' ? say(language, 'run.dry.would-send') : sayState(language, 'skipped', what)}: {sayNumber(language, n)}
          </span>
        ))}
      </p>
    );
  };
  return (
    <Layout context={context} title={say(language, 'run.dry')}>
      <DeskTabs context={context} here="/desk/digests" />
      <p>{say(language, 'run.dry.lead')}</p>
      {!forecasts.length && <p>{say(language, 'desk.nobody')}</p>}
      {forecasts.map((forecast) => (
        <section key={forecast.key}>
          <h2>{sayCode(language, 'cadence', forecast.cadence)}</h2>
          <h3>{say(language, 'run.dry.all')}</h3>
          {counts(forecast.all)}
          <h3>{say(language, 'run.dry.now', { run: sayRun(language, forecast.key) })}</h3>
          {counts(forecast.now)}
        </section>
      ))}
    </Layout>
  );
}

interface FirmPreviewProps {
  readonly context: PageContext;
  readonly firm: Firm;
  readonly previews: readonly { readonly contact: Contact; readonly preview: Preview }[];
}

/** What the next digest of each contact of a firm would be, or why there would be none. */
export function FirmPreviewPage({ context, firm, previews }: FirmPreviewProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'run.preview')}>
      <DeskTabs context={context} here="/desk/firms" />
      <p>
        <a href={`/desk/firms/${firm.id}`}>
          <bdi>{firm.name}</bdi>
        </a>
      </p>
      <p>{say(language, 'run.preview.lead')}</p>
      {previews.map(({ contact, preview }) => (
        <section key={contact.id}>
          <h2>
            <bdi>{contact.name}</bdi> <bdi className="quiet">{contact.email}</bdi>
          </h2>
          {'reason' in preview ? (
            <p className="gap">{say(language, 'run.preview.none', { reason: sayCode(language, 'digest-reason', preview.reason) })}</p>
          ) : (
            <>
              <p>
                <strong>
                  <bdi>{preview.subject}</bdi>
                </strong>
              </p>
              <iframe className="mail" src={`/desk/firms/${firm.id}/preview/${contact.id}`} sandbox={FRAME} title={preview.subject} />
              <details>
                <summary>{say(language, 'mailbox.text')}</summary>
                <pre dir="auto">{preview.text}</pre>
              </details>
            </>
          )}
        </section>
      ))}
    </Layout>
  );
}
