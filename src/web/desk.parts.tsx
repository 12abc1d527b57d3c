import type { ReactNode } from 'react';
import type { RunRow } from '../digests/digests.queries.js';
import type { Language } from '../language/language.js';
import { say, sayCode, sayDay, sayNumber } from '../language/say.js';
import type { PageContext } from './context.js';

/** The latest digest runs, each with how its digests ended. */
export function Runs({ context, runs }: { readonly context: PageContext; readonly runs: readonly RunRow[] }): ReactNode {
  const { language } = context;
  if (!runs.length) return <p>{say(language, 'digests.none-yet')}</p>;
  return (
    <ul className="rows">
      {runs.map((run) => {
        return (
          <li key={run.id}>
            <a href={`/desk/digests/${run.id}`}>{sayRun(language, run.key)}</a> <Counts context={context} run={run} />
          </li>
        );
      })}
    </ul>
  );
}

function Counts({ context, run }: { readonly context: PageContext; readonly run: RunRow }): ReactNode {
  const { language } = context;
  return (
    <span className="counts">
      {Object.entries(run.counts).map(([what, n]) => {
        const [state = '', reason] = what.split(' ');
        return (
          <span key={what} className={`state ${state}`}>
            {sayState(language, state, reason)}: {sayNumber(language, n)}
          </span>
        );
      })}
    </span>
  );
}

/** A state of the ledger with its reason. */
export const sayState = (language: Language, state: string, reason: string | null | undefined): string =>
  sayCode(language, 'digest-state', state) + (reason ? ` (${sayCode(language, 'digest-reason', reason)})` : '');

/** The name of a run: its cadence and its day. */
export function sayRun(language: Language, key: string): string {
  const [cadence = '', day = ''] = key.split(':');
  return `${sayCode(language, 'cadence', cadence)} · ${sayDay(language, day)}`;
}
