import type { ReactNode } from 'react';
import { say, sayInstant } from '../language/say.js';
import type { CaughtMail } from '../mail/mailbox.js';
import type { PageContext } from './context.js';
import { house, Layout } from './layout.js';

export function MailboxPage({ context, mails }: { readonly context: PageContext; readonly mails: readonly CaughtMail[] }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'mailbox.title')}>
      <p>{say(language, 'mailbox.lead')}</p>
      {!mails.length && <p>{say(language, 'mailbox.empty')}</p>}
      <ul className="rows">
        {mails.map((mail) => (
          <li key={mail.id}>
            <a href={`/mailbox/${mail.id}`}>
              <bdi>{mail.subject}</bdi>
            </a>{' '}
            <span className="quiet">
              <bdi>{mail.to}</bdi> · {sayInstant(language, new Date(mail.date), house.zone)}
            </span>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

const SHOWN = ['message-id', 'list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'content-language', 'dkim-signature', 'return-path'];

export function MailboxMailPage({ context, mail }: { readonly context: PageContext; readonly mail: CaughtMail }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={{ text: mail.subject }}>
      <p className="quiet">
        <bdi>{mail.from}</bdi> → <bdi>{mail.to}</bdi>
      </p>
      <iframe className="mail" src={`/mailbox/${mail.id}/html`} sandbox="allow-popups allow-top-navigation-by-user-activation" title={mail.subject} />
      <h2>{say(language, 'mailbox.text')}</h2>
      <pre dir="auto">{mail.text}</pre>
      <h2>{say(language, 'mailbox.headers')}</h2>
      <pre dir="ltr">{SHOWN.flatMap((name) => (mail.headers[name] ? [`${name}: ${mail.headers[name]}`] : [])).join('\n')}</pre>
      <p>
        <a href="/mailbox">{say(language, 'mailbox.title')}</a>
      </p>
    </Layout>
  );
}
