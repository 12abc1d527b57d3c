import type { ReactNode } from 'react';
import { type MessageKey, say, sayCode, sayDay, sayNumber } from '../language/say.js';
import { DIMENSIONS } from '../reports/reports.queries.js';
import { monthFrom, type Report, REPORTS } from '../reports/reports.service.js';
import type { Column, Row, Table } from '../reports/table.js';
import type { PageContext } from './context.js';
import { Choice, Field, Layout } from './layout.js';
import { sayCell, sayColumn } from './report-cells.js';
import { DeskTabs } from './tabs.js';

/** Rows of a table on a page. */
export const SHOWN = 100;
const FIGURES = new Set<Column['kind']>(['count', 'share', 'ratio', 'days', 'amount']);

interface Props {
  readonly context: PageContext;
  readonly report: Report;
  /** Every row, however many. */
  readonly all: boolean;
}

/** One report: what it is about, its figures as bars and tables, and each table as a file. */
export function ReportPage({ context, report, all }: Props): ReactNode {
  const { language } = context;
  const name = report.report;
  const path = `/desk/reports/${name}`;
  const query = new URLSearchParams(report.asked).toString();
  return (
    <Layout context={context} title={sayCode(language, 'report', name)}>
      <DeskTabs context={context} here="/desk/reports" />
      <nav className="filter" aria-label={say(language, 'report.title')}>
        {REPORTS.map((other) => (
          <a key={other} href={other === 'funnel' ? '/desk/reports' : `/desk/reports/${other}`} aria-current={other === name ? 'page' : undefined}>
            {sayCode(language, 'report', other)}
          </a>
        ))}
      </nav>
      <p>{sayCode(language, 'report', `${name}.hint`)}</p>
      <p className="about">{aboutOf(context, report)}</p>
      <Asks context={context} report={report} path={path} />
      {report.tables.map((table) => (
        <TableSection
          key={table.name}
          context={context}
          table={table}
          most={all ? Infinity : SHOWN}
          csv={`${path}/csv?${query}${query ? '&' : ''}table=${table.name}`}
          whole={`${path}?${query}${query ? '&' : ''}all`}
        />
      ))}
    </Layout>
  );
}

/** The days that it is about, as they stand on the printed page too. */
function aboutOf({ language }: PageContext, { report, asked }: Report): string {
  if (report === 'members' && asked.year) return say(language, 'report.on', { day: sayDay(language, `${asked.year}-11-30`) });
  if (asked.from && asked.to) return say(language, 'report.period', { from: sayDay(language, asked.from), to: sayDay(language, asked.to) });
  return asked.year ?? '';
}

/** What can be asked for: a form that is read by its address, so that a report can be kept and handed on. */
function Asks({ context, report: { report, asked }, path }: { context: PageContext; report: Report; path: string }): ReactNode {
  const { language } = context;
  const t = (key: MessageKey) => say(language, key);
  if (!Object.keys(asked).length) return null;
  const values = { ...asked };
  const month = (day: string, by: number) => `${path}?${new URLSearchParams({ ...monthFrom(day, by) }).toString()}`;
  const field = (name: string, type: string, label: string) => <Field context={context} name={name} values={values} type={type} label={label} required ltr />;
  return (
    <>
      {report === 'exposure' && asked.from && (
        <p className="links asks">
          <a href={month(asked.from, -1)}>{t('report.earlier')}</a> <a href={month(asked.from, 1)}>{t('report.later')}</a>
        </p>
      )}
      <form method="get" action={path} className="asks">
        <div className="row">
          {asked.from && field('from', 'date', t('report.from'))}
          {asked.to && field('to', 'date', t('report.to'))}
          {asked.year && field('year', 'number', t('report.year'))}
        </div>
        {asked.by && (
          <Choice
            context={context}
            name="by"
            label={t('report.by')}
            value={asked.by}
            options={DIMENSIONS.map((one) => [one, sayCode(language, 'report.column', one)] as const)}
          />
        )}
        <button>{t('report.show')}</button>
      </form>
    </>
  );
}

interface TableProps {
  readonly context: PageContext;
  readonly table: Table;
  readonly most: number;
  readonly csv: string;
  readonly whole: string;
}

function TableSection({ context, table, most, csv, whole }: TableProps): ReactNode {
  const { language } = context;
  const title = sayCode(language, 'report.table', table.name);
  const shown = table.rows.slice(0, most);
  const count = table.of ?? table.rows.length;
  const bars = table.columns.flatMap(({ bar }, i) => (bar ? [i] : []));
  const longest = Math.max(0, ...table.rows.flatMap(({ cells }) => bars.map((i) => Number(cells[i] ?? 0))));
  const line = (row: Row, total: boolean) =>
    table.columns.map((column, i) => {
      const cell = row.cells[i] ?? null;
      const text = total && i === 0 ? say(language, 'report.together') : sayCell(language, column, cell);
      const named = column.name === 'firm' || column.name === 'reference';
      const said =
        named && table.about && row.subject ? (
          <a href={`/desk/${table.about === 'firm' ? 'firms' : 'opportunities'}/${row.subject}${table.name === 'firms' ? '/why' : ''}`}>
            <bdi>{text}</bdi>
          </a>
        ) : (
          <bdi>{text}</bdi>
        );
      if (i === 0 && !FIGURES.has(column.kind))
        return (
          <th key={i} scope="row">
            {said}
          </th>
        );
      return (
        <td key={i} className={FIGURES.has(column.kind) ? 'figure' : undefined}>
          {said}
          {column.bar && !total && typeof cell === 'number' && longest > 0 && <Bar part={cell / longest} />}
        </td>
      );
    });
  return (
    <section>
      <h2 id={`t-${table.name}`}>{title}</h2>
      {table.rows.length === 0 ? (
        <p>{say(language, 'report.nothing')}</p>
      ) : (
        <>
          <div className="wide" role="region" aria-labelledby={`t-${table.name}`} tabIndex={0}>
            <table className={table.columns.length <= 3 ? 'few' : undefined}>
              <thead>
                <tr>
                  {table.columns.map((column, i) => (
                    <th key={i} scope="col" className={FIGURES.has(column.kind) ? 'figure' : undefined}>
                      {sayColumn(language, column)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((row, at) => (
                  <tr key={at}>{line(row, false)}</tr>
                ))}
              </tbody>
              {table.total && (
                <tfoot>
                  <tr>{line(table.total, true)}</tr>
                </tfoot>
              )}
            </table>
          </div>
          {shown.length < count && (
            <p className="quiet asks">
              {say(language, 'report.rows', { shown: sayNumber(language, shown.length), count: sayNumber(language, count) })}{' '}
              <a href={whole}>{say(language, 'report.all')}</a>
            </p>
          )}
          <p className="asks">
            <a className="button quiet" href={csv}>
              {say(language, 'report.csv')}
            </a>
          </p>
        </>
      )}
    </section>
  );
}

/** A figure as a length; the figure itself stands beside it. */
const Bar = ({ part }: { readonly part: number }): ReactNode => (
  <svg className="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect width={Math.round(Math.max(0, Math.min(1, part)) * 1000) / 10} height="8" />
  </svg>
);
