import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import { say, sayCode, sayInstant, sayNumber } from '../language/say.js';
import { COLUMNS } from '../opportunities/import-file.js';
import type { Imported, ImportFile } from '../opportunities/imports.queries.js';
import { type CheckedRow, countsOf, type Import, ROW_STATES } from '../opportunities/imports.service.js';
import type { PageContext } from './context.js';
import { sayIssue } from './issues.js';
import { Csrf, Errors, house, Layout } from './layout.js';
import { DeskTabs } from './tabs.js';

type Stand = Pick<ImportFile, 'appliedAt' | 'undoneAt'>;
const standOf = ({ appliedAt, undoneAt }: Stand) => (undoneAt ? 'undone' : appliedAt ? 'applied' : 'not-applied');

/** So many errors are shown; the download has them all. */
const SHOWN = 50;

/** Each fault of each row. */
export const errorsOf = (rows: readonly CheckedRow[]): { row: CheckedRow; issue: Issue }[] =>
  rows.flatMap((row) => row.issues.map((issue) => ({ row, issue })));

interface ImportsProps {
  readonly context: PageContext;
  readonly files: readonly Omit<ImportFile, 'rows'>[];
  readonly issues: readonly Issue[];
}

export function ImportsPage({ context, files, issues }: ImportsProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'import.title')}>
      <DeskTabs context={context} here="/desk/imports" />
      <p>{say(language, 'import.lead')}</p>
      <Errors context={context} issues={issues} />
      <form method="post" action="/desk/imports" encType="multipart/form-data" noValidate>
        <Csrf context={context} />
        <p className="field">
          <label htmlFor="f-file">{say(language, 'field.file')}</label>
          <input id="f-file" name="file" type="file" accept=".csv,.txt,.jsonl,.ndjson,text/csv" required />
        </p>
        <button>{say(language, 'import.look')}</button>
      </form>
      <p className="hint">
        {say(language, 'import.format')} <bdi dir="ltr">{COLUMNS.join(', ')}</bdi>
      </p>
      <section>
        <h2>{say(language, 'import.latest')}</h2>
        {!files.length && <p>{say(language, 'import.none')}</p>}
        <ul className="rows">
          {files.map((file) => (
            <li key={file.id}>
              <a href={`/desk/imports/${file.id}`}>{sayInstant(language, file.uploadedAt, house.zone)}</a>{' '}
              <span className="state">{sayCode(language, 'import', standOf(file))}</span>
            </li>
          ))}
        </ul>
      </section>
    </Layout>
  );
}

/** What a file would do, and what came of it. */
export function ImportPage({ context, file, rows, saved, issues }: Import & { readonly context: PageContext; readonly issues: readonly Issue[] }): ReactNode {
  const { language } = context;
  const counts = countsOf(rows);
  const errors = errorsOf(rows);
  const act = (step: string) => `/desk/imports/${file.id}/${step}`;
  const untouched = saved.filter((lead) => lead.untouched).length;
  const others = rows.flatMap(({ state, lead }) => (state === 'changed' && lead ? [lead] : []));
  return (
    <Layout context={context} title={say(language, 'import.page', { at: sayInstant(language, file.uploadedAt, house.zone) })}>
      <DeskTabs context={context} here="/desk/imports" />
      <Errors context={context} issues={issues} />
      <p>
        <span className="state">{sayCode(language, 'import', standOf(file))}</span>
      </p>
      <p className="counts">
        {ROW_STATES.filter((state) => counts[state] > 0).map((state) => (
          <span key={state} className="state">
            {say(language, `import.count.${state}`, { count: counts[state] })}
          </span>
        ))}
      </p>
      {counts.new > 0 ? (
        <>
          <p>{say(language, 'import.count.held', { count: counts.held })}</p>
          <form method="post" action={act('apply')}>
            <Csrf context={context} />
            <button>{say(language, 'import.apply', { count: counts.new })}</button>
          </form>
        </>
      ) : (
        <p>{say(language, 'import.nothing')}</p>
      )}
      {file.appliedAt && (
        <section>
          <h2>{say(language, 'import.saved', { count: saved.length })}</h2>
          {!file.undoneAt && <Leads leads={saved} />}
          {untouched > 0 && (
            <form method="post" action={act('undo')}>
              <Csrf context={context} />
              <p className="hint">{say(language, 'import.undo.hint')}</p>
              <button className="quiet">{say(language, 'import.undo')}</button>
            </form>
          )}
          {file.undoneAt && saved.length > 0 && (
            <>
              <h3>{say(language, 'import.kept')}</h3>
              <Leads leads={saved} />
            </>
          )}
        </section>
      )}
      {others.length > 0 && (
        <section>
          <h2>{say(language, 'import.changed')}</h2>
          <p className="hint">{say(language, 'import.changed.hint')}</p>
          <Leads leads={others} />
        </section>
      )}
      {errors.length > 0 && (
        <section>
          <h2>
            {say(language, 'import.errors')} ({sayNumber(language, errors.length)})
          </h2>
          <p>
            <a href={act('errors.csv')}>{say(language, 'import.errors.download')}</a>
          </p>
          <ul className="rows">
            {errors.slice(0, SHOWN).map(({ row, issue }) => (
              <li key={`${row.line} ${issue.field} ${issue.reason}`}>
                {say(language, 'import.line', { line: row.line })} <bdi>{row.reference}</bdi>: {sayIssue(language, issue)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </Layout>
  );
}

function Leads({ leads }: { readonly leads: readonly Imported[] }): ReactNode {
  return (
    <ul className="rows">
      {leads.map(({ id, reference }) => (
        <li key={id}>
          <a href={`/desk/opportunities/${id}`}>{reference}</a>
        </li>
      ))}
    </ul>
  );
}
