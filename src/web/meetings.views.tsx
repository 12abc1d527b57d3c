import type { ReactNode } from 'react';
import type { Issue } from '../common/errors.js';
import { LANGUAGES } from '../language/language.js';
import { apart, type MessageKey, say, sayDay, sayInstant, sayLanguage, sayNumber } from '../language/say.js';
import type { Change } from '../meetings/day.js';
import type { MeetingTimetable } from '../meetings/meeting-day.entity.js';
import type { Attending } from '../meetings/meetings.queries.js';
import type { DayInList, WholeDay } from '../meetings/meetings.service.js';
import { entriesFor, entriesOf, type Entry, labelOf } from '../meetings/sheets.js';
import type { PageContext } from './context.js';
import { type FormBody, kept, many, ticked } from './form.js';
import { Choice, Csrf, Errors, Field, house, Layout, Tick, Ticks } from './layout.js';
import { Meetings } from './meetings.sheets.js';
import { DeskTabs, FirmTabs } from './tabs.js';

// the firm ---------------------------------------------------------------------------------------------------------

interface FirmDaysProps {
  readonly context: PageContext;
  readonly days: readonly { readonly whole: WholeDay; readonly attendeeId: string }[];
}

/** A firm's own meetings. Who is behind a lead is called what the lead is about, as everywhere before an introduction. */
export function FirmDaysPage({ context, days }: FirmDaysProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'meeting.mine')}>
      <FirmTabs context={context} here="/firm/meetings" />
      {!days.length && <p>{say(language, 'meeting.mine.none')}</p>}
      {days.map(({ whole, attendeeId }) => {
        const entries = entriesFor(entriesOf(whole, whole.accepted), attendeeId);
        const { day } = whole;
        return (
          <section key={day.id} className="card">
            <h2>
              <bdi>{day.name}</bdi>
            </h2>
            <p>
              {sayDay(language, day.date)} · <bdi>{day.venue}</bdi>
            </p>
            <p>{say(language, 'meeting.has', { n: entries.length })}</p>
            <Meetings context={context} entries={entries} who={({ counterparty }) => [labelOf(language, counterparty)]} table />
            <p className="answers">
              <a className="button quiet" href={`/firm/meetings/${day.id}/sheet`}>
                {say(language, 'meeting.sheet')}
              </a>
              <a className="button quiet" href={`/firm/meetings/${day.id}/calendar.ics`}>
                {say(language, 'meeting.calendar')}
              </a>
            </p>
          </section>
        );
      })}
      {days.length > 0 && <p className="quiet">{say(language, 'opportunity.counterparty-hidden')}</p>}
    </Layout>
  );
}

// the desk ---------------------------------------------------------------------------------------------------------

interface DeskDaysProps {
  readonly context: PageContext;
  readonly days: readonly DayInList[];
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

export function DeskDaysPage({ context, days, body, issues }: DeskDaysProps): ReactNode {
  const { language } = context;
  return (
    <Layout context={context} title={say(language, 'meeting.title')}>
      <DeskTabs context={context} here="/desk/meetings" />
      {!days.length && <p>{say(language, 'meeting.none')}</p>}
      <ul className="rows">
        {days.map(({ day, ...counts }) => (
          <li key={day.id}>
            <a href={`/desk/meetings/${day.id}`}>
              <bdi>{day.name}</bdi>
            </a>{' '}
            · {sayDay(language, day.date)}
            <br />
            <span className="quiet">{say(language, 'meeting.counts', counts)}</span>
          </li>
        ))}
      </ul>
      <h2>{say(language, 'meeting.new')}</h2>
      <Errors context={context} issues={issues} />
      <DayForm context={context} action="/desk/meetings" body={body} button="meeting.create" />
    </Layout>
  );
}

interface DayFormProps {
  readonly context: PageContext;
  readonly action: string;
  readonly body: FormBody;
  readonly button: MessageKey;
}

function DayForm({ context, action, body, button }: DayFormProps): ReactNode {
  const values = kept(body);
  const given = { context, values };
  return (
    <form method="post" action={action} noValidate>
      <Csrf context={context} />
      <Field {...given} name="name" required maxLength={120} />
      <div className="row">
        <Field {...given} name="date" type="date" required ltr />
        <Field {...given} name="venue" required maxLength={200} />
      </div>
      <div className="row">
        <Field {...given} name="opens" type="time" required ltr />
        <Field {...given} name="closes" type="time" required ltr />
        <Field {...given} name="slotMinutes" type="number" required ltr />
      </div>
      <div className="row">
        <Field {...given} name="tables" type="number" required ltr />
        <Field {...given} name="least" type="number" ltr />
      </div>
      <Field {...given} name="breaks" rows={2} hint="meeting.breaks.hint" ltr />
      <Field {...given} name="interpreters" rows={4} hint="meeting.interpreters.hint" />
      <button>{say(context.language, button)}</button>
    </form>
  );
}

interface DeskDayProps {
  readonly context: PageContext;
  readonly whole: WholeDay;
  readonly toInvite: {
    readonly firms: readonly { readonly id: string; readonly name: string }[];
    readonly counterparties: readonly { readonly id: string; readonly name: string; readonly reference: string }[];
  };
  readonly edited: FormBody;
  /** The form of the day was sent, and refused. */
  readonly editing: boolean;
  readonly invited: FormBody;
  readonly issues: readonly Issue[];
}

/** One day: who comes, what is proposed, what is in everybody's hand, and what can be done about it. */
export function DeskDayPage({ context, whole, toInvite, edited, editing, invited, issues }: DeskDayProps): ReactNode {
  const { language } = context;
  const { day, attendees, accepted, latest } = whole;
  const address = `/desk/meetings/${day.id}`;
  return (
    <Layout context={context} title={{ text: day.name }}>
      <DeskTabs context={context} here="/desk/meetings" />
      <p>
        {sayDay(language, day.date)} · <bdi>{day.venue}</bdi> · {say(language, 'meeting.hours', { from: day.opens, to: day.closes })}
        <br />
        <span className="quiet">
          {day.publishedAt
            ? `${say(language, 'meeting.published')} · ${sayInstant(language, day.publishedAt, house.zone)}`
            : say(language, 'meeting.unpublished')}
        </span>
      </p>
      <Errors context={context} issues={issues} />
      {latest && <Latest context={context} whole={whole} latest={latest} address={address} />}
      {accepted && (
        <section>
          <h2>{say(language, 'meeting.accepted')}</h2>
          <Quality context={context} whole={whole} timetable={accepted} />
          <Grid context={context} entries={entriesOf(whole, accepted)} />
          <p className="answers">
            {!day.publishedAt && <ActButton context={context} address={address} act="publish" label="meeting.publish" />}
            {(['persons', 'tables', 'interpreters'] as const).map((sheets) => (
              <a key={sheets} className="button quiet" href={`${address}/sheets/${sheets}`}>
                {say(language, `meeting.sheets.${sheets}`)}
              </a>
            ))}
          </p>
          <details>
            <summary>{say(language, 'meeting.repair')}</summary>
            <p>{say(language, 'meeting.repair.hint')}</p>
            <form method="post" action={`${address}/timetable`} noValidate>
              <Csrf context={context} />
              <input type="hidden" name="do" value="repair" />
              <Choice context={context} name="attendeeId" value="" options={[['', '—'], ...attendees.map(({ id, name }) => [id, apart(name)] as const)]} />
              <Tick name="missing" text={say(language, 'meeting.missing')} checked={false} />
              <div className="row">
                <Field context={context} name="arrives" type="time" values={{}} ltr />
                <Field context={context} name="leaves" type="time" values={{}} ltr />
              </div>
              <button>{say(language, 'meeting.repair.do')}</button>
            </form>
          </details>
        </section>
      )}
      <p>
        <ActButton context={context} address={address} act="propose" label="meeting.propose" quiet={accepted !== null || latest !== null} />
      </p>
      <section id="attendees">
        <People context={context} whole={whole} side="firm" title="meeting.firms" />
        <People context={context} whole={whole} side="counterparty" title="meeting.counterparties" />
        <h2>{say(language, 'meeting.add')}</h2>
        <form method="post" action={`${address}/attendees`} noValidate>
          <Csrf context={context} />
          {toInvite.firms.length > 0 && (
            <Choice
              context={context}
              name="firmId"
              label={say(language, 'meeting.add-firm')}
              value={kept(invited)['firmId']}
              options={[['', '—'], ...toInvite.firms.map(({ id, name }) => [id, apart(name)] as const)]}
            />
          )}
          {toInvite.counterparties.length > 0 && (
            <Choice
              context={context}
              name="opportunityId"
              label={say(language, 'meeting.add-lead')}
              value={kept(invited)['opportunityId']}
              options={[['', '—'], ...toInvite.counterparties.map(({ id, name, reference }) => [id, `${apart(name)} · ${reference}`] as const)]}
            />
          )}
          <Field context={context} name="name" id="f-invited" label={say(language, 'meeting.add-name')} values={kept(invited)} maxLength={120} />
          <Speaks context={context} body={invited} />
          <button>{say(language, 'meeting.add')}</button>
        </form>
      </section>
      <details open={editing}>
        <summary>{say(language, 'meeting.edit')}</summary>
        <DayForm context={context} action={address} body={edited} button="meeting.save" />
      </details>
    </Layout>
  );
}

const Speaks = ({ context, body }: { readonly context: PageContext; readonly body: FormBody }): ReactNode => (
  <Ticks
    name="languages"
    legend={say(context.language, 'field.languages')}
    chosen={many(body, 'languages')}
    options={LANGUAGES.map((language) => [language, sayLanguage(context.language, language)])}
    compact
  />
);

interface ActButtonProps {
  readonly context: PageContext;
  readonly address: string;
  readonly act: 'propose' | 'accept' | 'publish';
  readonly label: MessageKey;
  readonly quiet?: boolean;
}

const ActButton = ({ context, address, act, label, quiet }: ActButtonProps): ReactNode => (
  <form method="post" action={`${address}/timetable`} className="inline">
    <Csrf context={context} />
    <input type="hidden" name="do" value={act} />
    <button className={quiet ? 'quiet' : undefined}>{say(context.language, label)}</button>
  </form>
);

interface LatestProps {
  readonly context: PageContext;
  readonly whole: WholeDay;
  readonly latest: MeetingTimetable;
  readonly address: string;
}

/** What is being made, could not be made, or waits to be accepted. */
function Latest({ context, whole, latest, address }: LatestProps): ReactNode {
  const { language } = context;
  if (latest.state === 'wanted')
    return (
      <p className="notice" role="status">
        {say(language, 'meeting.wanted')} <a href={address}>{say(language, 'meeting.look-again')}</a>
      </p>
    );
  if (latest.state === 'failed') return <p className="gap">{say(language, 'meeting.failed')}</p>;
  return (
    <section>
      <h2>{say(language, 'meeting.proposed')}</h2>
      <Quality context={context} whole={whole} timetable={latest} />
      {whole.accepted && <Changes context={context} whole={whole} changes={latest.changes} />}
      <details open={!whole.accepted}>
        <summary>{say(language, 'meeting.timetable')}</summary>
        <Grid context={context} entries={entriesOf(whole, latest)} />
      </details>
      {latest.revision === whole.day.revision ? (
        <p>
          <ActButton context={context} address={address} act="accept" label="meeting.accept" />
        </p>
      ) : (
        <p className="gap">{say(language, 'meeting.stale')}</p>
      )}
    </section>
  );
}

/** How good a timetable is, in plain words: beside the bound, and who has few meetings. */
function Quality({ context, whole, timetable }: { readonly context: PageContext; readonly whole: WholeDay; readonly timetable: MeetingTimetable }): ReactNode {
  const { language } = context;
  const names = new Map(whole.attendees.map(({ id, name }) => [id, name]));
  // who has as many as are possible lacks nothing that could be given
  const short = timetable.short.filter(({ meetings, possible }) => meetings < possible);
  const percent = timetable.bound > 0 ? Math.floor((1000 * timetable.score) / timetable.bound) / 10 : 100;
  return (
    <>
      <p>
        {say(language, 'meeting.has', { n: timetable.meetings.length })}. {say(language, 'meeting.quality', { percent: sayNumber(language, percent) })}{' '}
        {!short.length && say(language, 'meeting.all-have', { least: whole.day.least })}
      </p>
      {short.length > 0 && (
        <ul className="why">
          {short.map(({ id, meetings, possible }) => (
            <li key={id}>{say(language, 'meeting.short', { name: names.get(id) ?? '', meetings, possible })}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What a repair moves. */
function Changes({ context, whole, changes }: { readonly context: PageContext; readonly whole: WholeDay; readonly changes: readonly Change[] }): ReactNode {
  const { language } = context;
  const names = new Map(whole.attendees.map(({ id, name }) => [id, name]));
  const at = (place: Change['from']): string => (place ? (whole.slots[place.slot]?.from ?? '') : '');
  return (
    <>
      <h3>{say(language, 'meeting.changes', { n: changes.length })}</h3>
      <ul className="rows">
        {changes.map((change) => {
          const values = { from: at(change.from), was: change.from?.table ?? 0, to: at(change.to), table: change.to?.table ?? 0 };
          return (
            <li key={`${change.firm} ${change.counterparty}`}>
              <bdi>{names.get(change.firm) ?? ''}</bdi> · <bdi>{names.get(change.counterparty) ?? ''}</bdi>
              <br />
              {say(language, !change.from ? 'meeting.change.new' : change.to ? 'meeting.change.moved' : 'meeting.change.given-up', values)}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** The timetable by slot and table; wider than a phone, it scrolls by itself. For the desk: with everybody's name. */
function Grid({ context, entries }: { readonly context: PageContext; readonly entries: readonly Entry[] }): ReactNode {
  const { language } = context;
  const tables = [...new Set(entries.map(({ table }) => table))].sort((a, b) => a - b);
  const slots = [...new Map(entries.map(({ at, slot }) => [at, slot])).entries()].sort(([a], [b]) => a - b);
  const cells = new Map(entries.map((entry) => [`${entry.at} ${entry.table}`, entry]));
  if (!entries.length) return <p>{say(language, 'meeting.has', { n: 0 })}</p>;
  return (
    <div className="wide hall" role="region" aria-label={say(language, 'meeting.timetable')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say(language, 'meeting.time')}</th>
            {tables.map((table) => (
              <th key={table} scope="col">
                {say(language, 'meeting.table', { table })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {slots.map(([at, slot]) => (
            <tr key={at}>
              <th scope="row">{slot.from}</th>
              {tables.map((table) => {
                const entry = cells.get(`${at} ${table}`);
                return (
                  <td key={table}>
                    {entry && (
                      <>
                        <bdi>{entry.firm.name}</bdi>
                        <br />
                        <bdi>{entry.counterparty.name}</bdi>
                        {entry.interpreter !== null && (
                          <>
                            <br />
                            <span className="quiet">{say(language, 'meeting.with-interpreter', { name: entry.interpreter })}</span>
                          </>
                        )}
                      </>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PeopleProps {
  readonly context: PageContext;
  readonly whole: WholeDay;
  readonly side: Attending['side'];
  readonly title: MessageKey;
}

/** Who comes of one side, when, and with how many meetings. */
function People({ context, whole, side, title }: PeopleProps): ReactNode {
  const { language } = context;
  const { day, attendees, accepted, latest } = whole;
  const shown = accepted ?? (latest?.state === 'proposed' ? latest : null);
  const entries = entriesOf(whole, shown);
  const mine = attendees.filter((one) => one.side === side);
  return (
    <>
      <h2>{say(language, title)}</h2>
      {!mine.length && <p>{say(language, 'meeting.nobody')}</p>}
      <ul className="rows">
        {mine.map((one) => (
          <li key={one.id}>
            <a href={`/desk/meetings/${day.id}/attendees/${one.id}`}>
              <bdi>{one.name}</bdi>
            </a>
            {shown && ` · ${say(language, 'meeting.has', { n: entriesFor(entries, one.id).length })}`}
            <br />
            <span className="quiet">{sayAttendance(context, whole, one)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function sayAttendance({ language }: PageContext, { day }: WholeDay, one: Attending): string {
  return [
    one.missing
      ? say(language, 'field.missing')
      : one.arrives || one.leaves
        ? say(language, 'meeting.hours', { from: one.arrives ?? day.opens, to: one.leaves ?? day.closes })
        : '',
    one.languages.map((spoken) => sayLanguage(language, spoken)).join(' / '),
    one.wants.length ? say(language, 'meeting.asks', { n: one.wants.length }) : '',
    one.reference ?? '',
  ]
    .filter(Boolean)
    .join(' · ');
}

interface AttendeeProps {
  readonly context: PageContext;
  readonly whole: WholeDay;
  readonly attendee: Attending;
  readonly body: FormBody;
  readonly issues: readonly Issue[];
}

/** One who comes: their meetings, when they are there, whom they ask for. */
export function AttendeePage({ context, whole, attendee, body, issues }: AttendeeProps): ReactNode {
  const { language } = context;
  const action = `/desk/meetings/${whole.day.id}/attendees/${attendee.id}`;
  const entries = entriesFor(entriesOf(whole, whole.accepted), attendee.id);
  const values = kept(body);
  return (
    <Layout context={context} title={{ text: attendee.name }}>
      <DeskTabs context={context} here="/desk/meetings" />
      <p>
        <a href={`/desk/meetings/${whole.day.id}`}>
          <bdi>{whole.day.name}</bdi>
        </a>{' '}
        · {sayDay(language, whole.day.date)}
      </p>
      <p>{say(language, 'meeting.has', { n: entries.length })}</p>
      <Meetings context={context} entries={entries} who={({ firm, counterparty }) => [(firm.id === attendee.id ? counterparty : firm).name]} table />
      {entries.length > 0 && (
        <p>
          <a className="button quiet" href={`${action}/calendar.ics`}>
            {say(language, 'meeting.calendar')}
          </a>
        </p>
      )}
      <Errors context={context} issues={issues} />
      <form method="post" action={action} noValidate>
        <Csrf context={context} />
        <Speaks context={context} body={body} />
        <div className="row">
          <Field context={context} name="arrives" type="time" values={values} ltr />
          <Field context={context} name="leaves" type="time" values={values} ltr />
        </div>
        <Tick name="missing" text={say(language, 'meeting.missing')} checked={ticked(body, 'missing')} />
        <Ticks
          name="wants"
          legend={say(language, 'field.wants')}
          chosen={many(body, 'wants')}
          options={whole.attendees.filter(({ side }) => side !== attendee.side).map(({ id, name }) => [id, apart(name)])}
        />
        <button>{say(language, 'meeting.save')}</button>
      </form>
      <form method="post" action={action}>
        <Csrf context={context} />
        <input type="hidden" name="do" value="remove" />
        <button className="quiet">{say(language, 'meeting.remove')}</button>
      </form>
    </Layout>
  );
}
