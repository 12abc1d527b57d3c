import type { ReactNode } from 'react';
import { say, sayDay } from '../language/say.js';
import type { WholeDay } from '../meetings/meetings.service.js';
import { entriesFor, entriesOf, type Entry, labelOf } from '../meetings/sheets.js';
import type { PageContext } from './context.js';
import { Layout } from './layout.js';

const SHEETS = ['persons', 'tables', 'interpreters'] as const;
export type Sheets = (typeof SHEETS)[number];
export const isSheets = (text: string): text is Sheets => (SHEETS as readonly string[]).includes(text);

interface SheetsProps {
  readonly context: PageContext;
  readonly whole: WholeDay;
  readonly sheets: Sheets;
  /** One attendee's alone. */
  readonly only?: string;
  readonly back: string;
}

interface Sheet {
  readonly key: string;
  readonly title: string;
  readonly entries: readonly Entry[];
  /** With whom: the other side to a person, both to a table or an interpreter. */
  readonly who: (entry: Entry) => readonly string[];
}

/** Sheets to print, a page each. They are called what everybody may know; only who is behind a lead has the own name above the own sheet. */
export function SheetsPage({ context, whole, sheets, only, back }: SheetsProps): ReactNode {
  const { language } = context;
  const { day } = whole;
  return (
    <Layout context={context} title={say(language, sheets === 'persons' && only ? 'meeting.sheet' : `meeting.sheets.${sheets}`)}>
      <p className="unprinted">
        <a href={back}>{say(language, 'meeting.back')}</a>
      </p>
      {sheetsOf(context, whole, sheets, only).map(({ key, title, entries, who }) => (
        <section key={key} className="sheet">
          <h2>
            <bdi>{title}</bdi>
          </h2>
          <p>
            <bdi>{day.name}</bdi> · {sayDay(language, day.date)} · <bdi>{day.venue}</bdi>
          </p>
          {entries.length ? (
            <Meetings context={context} entries={entries} who={who} table={sheets !== 'tables'} />
          ) : (
            <p>{say(language, 'meeting.has', { n: 0 })}</p>
          )}
        </section>
      ))}
    </Layout>
  );
}

function sheetsOf({ language }: PageContext, whole: WholeDay, sheets: Sheets, only: string | undefined): Sheet[] {
  const entries = entriesOf(whole, whole.accepted);
  const label = (one: Entry['firm']): string => labelOf(language, one);
  if (sheets === 'persons')
    return whole.attendees
      .filter(({ id }) => only === undefined || id === only)
      .map((one) => ({
        key: one.id,
        title: one.name,
        entries: entriesFor(entries, one.id),
        who: ({ firm, counterparty }) => [label(firm.id === one.id ? counterparty : firm)],
      }));
  const both = ({ firm, counterparty }: Entry): string[] => [label(firm), label(counterparty)];
  if (sheets === 'tables')
    return [...new Set(entries.map(({ table }) => table))]
      .sort((a, b) => a - b)
      .map((table) => ({
        key: String(table),
        title: say(language, 'meeting.table', { table }),
        entries: entries.filter((entry) => entry.table === table),
        who: both,
      }));
  return whole.day.interpreters.map(({ name }, i) => ({
    key: String(i),
    title: say(language, 'meeting.with-interpreter', { name }),
    entries: entries.filter((entry) => entry.interpreterAt === i),
    who: both,
  }));
}

interface MeetingsProps {
  readonly context: PageContext;
  readonly entries: readonly Entry[];
  readonly who: Sheet['who'];
  /** Whether each says at which table. */
  readonly table: boolean;
}

/** Meetings of one sheet, by the hour. */
export function Meetings({ context: { language }, entries, who, table }: MeetingsProps): ReactNode {
  return (
    <ul className="hours">
      {entries.map((entry) => (
        <li key={`${entry.at} ${entry.table}`}>
          <span className="hour" dir="ltr">
            {entry.slot.from}–{entry.slot.to}
          </span>
          <span>
            {who(entry).map((name) => (
              <span key={name} className="line-of">
                <bdi>{name}</bdi>
              </span>
            ))}
            <span className="quiet">
              {[
                ...(table ? [say(language, 'meeting.table', { table: entry.table })] : []),
                ...(entry.interpreter === null ? [] : [say(language, 'meeting.with-interpreter', { name: entry.interpreter })]),
              ].join(' · ')}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
