import type { ReactNode } from 'react';
import type { Health } from '../api/health.service.js';
import { say, sayCode, sayDuration, sayNumber } from '../language/say.js';
import type { PageContext } from './context.js';
import { Layout } from './layout.js';
import { DeskTabs } from './tabs.js';

const COLUMNS = ['waiting', 'active', 'delayed', 'failed'] as const;
const OWED = ['digests', 'securityMail', 'introductionMail', 'matching'] as const;

/** Whether the work is being done, and what waits for it. */
export function HealthPage({ context, health }: { readonly context: PageContext; readonly health: Health }): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'health.title')}>
      <DeskTabs context={context} here="/desk/health" />
      <h2>{say(language, 'health.owed')}</h2>
      <dl className="facts">
        {OWED.map((what) => {
          const { owed, oldestSeconds } = health[what];
          return (
            <div key={what}>
              <dt>{say(language, `health.${what}`)}</dt>
              <dd>
                {say(language, 'health.count', { count: owed })}
                {oldestSeconds !== null && ` · ${say(language, 'health.oldest', { time: sayDuration(language, oldestSeconds) })}`}
              </dd>
            </div>
          );
        })}
      </dl>
      <h2>{say(language, 'queue.title')}</h2>
      <p className="hint">{say(language, 'queue.hint')}</p>
      <ul className="cards">
        {health.queues.map((queue) => (
          <li key={queue.queue}>
            <h3>
              {sayCode(language, 'queue', queue.queue)}{' '}
              <span className={`state ${queue.late ? 'failed' : 'sent'}`}>{say(language, queue.late ? 'queue.late' : 'queue.fine')}</span>
            </h3>
            <p className="quiet">
              {queue.canarySeconds === null ? say(language, 'queue.never') : say(language, 'queue.ago', { time: sayDuration(language, queue.canarySeconds) })}
            </p>
            <dl className="numbers">
              {COLUMNS.map((column) => (
                <div key={column}>
                  <dt>{say(language, `queue.${column}`)}</dt>
                  <dd>{sayNumber(language, queue[column])}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      {context.account?.role === 'administrator' && (
        <p>
          <a className="button quiet" href="/desk/queues">
            {say(language, 'queue.board')}
          </a>
        </p>
      )}
    </Layout>
  );
}
