import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { notFound, parse } from '../common/errors.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { FEEDBACK_REASONS } from '../interests/interest.entity.js';
import { addDays } from '../introductions/business-days.js';
import { OUTCOMES } from '../introductions/introduction.js';
import type { Language } from '../language/language.js';
import { inLanguage } from '../language/say.js';
import { USUAL_THRESHOLD } from '../matching/matching.service.js';
import { ENTRIES } from '../statement/catalogue.js';
import * as rows from './reports.queries.js';
import { type Asked, type Basis, type Dimension, DIMENSIONS, type Period, STEPS } from './reports.queries.js';
import { bar, type Cell, code, type Column, count, type Row, type Table, text } from './table.js';

export const REPORTS = ['funnel', 'gap', 'exposure', 'precision', 'sources', 'members', 'review', 'statement'] as const;
export type ReportName = (typeof REPORTS)[number];

/** What each report asks of the address. */
export const ASKS: Readonly<Record<ReportName, readonly (keyof ReportQuery)[]>> = {
  funnel: ['from', 'to', 'by'],
  gap: [],
  exposure: ['from', 'to'],
  precision: ['from', 'to'],
  sources: ['from', 'to'],
  members: ['year'],
  review: ['year'],
  statement: ['from', 'to'],
};

const day = z.iso
  .date()
  .regex(/^(19|20|21)/, { error: 'wrong-form' })
  .optional();
/** What a report may be asked for; each heeds what concerns it. */
export const reportQuery = z
  .strictObject({
    /** First and last day, in the chamber's calendar. */
    from: day,
    to: day,
    by: z.enum(DIMENSIONS).default('sector'),
    year: z.coerce.number().int().min(1950).max(2150).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, { path: ['to'], error: 'wrong-form' });
export type ReportQuery = z.output<typeof reportQuery>;

/** A report is made of tables; the first says most. */
export interface Report {
  readonly report: ReportName;
  /** What it is about, nothing left open. */
  readonly asked: Readonly<Partial<Record<keyof ReportQuery, string>>>;
  readonly tables: readonly Table[];
}

/** Days that a report looks back where nothing is said; exposure begins with the month. */
const LOOKS_BACK = { precision: 92, others: 365 };
const row = (...cells: Cell[]): Row => ({ cells });
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((n, item) => n + of(item), 0);

/** What the chamber, the regulator and the ministries see of the whole: straight from the rows, nothing kept. */
@Injectable()
export class ReportsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  /**
   * @param name one of {@link REPORTS}
   * @param input as {@link reportQuery} has it
   * @param language of the titles of leads
   * @param most rows of the list of members; null for all
   * @param basis where the days of steps are taken from
   * @throws AppError NotFound, Invalid
   */
  async make(name: string, input: unknown, language: Language, most: number | null = null, basis: Basis = 'state'): Promise<Report> {
    if (!REPORTS.includes(name as ReportName)) throw notFound();
    const report = name as ReportName;
    const given = parse(reportQuery, input);
    const today = localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
    const to = given.to ?? (given.from !== undefined && given.from > today ? given.from : today);
    const from = given.from ?? (report === 'exposure' ? `${to.slice(0, 7)}-01` : addDays(to, 1 - LOOKS_BACK[report === 'precision' ? 'precision' : 'others']));
    const whole = { from, to, by: given.by, year: String(given.year ?? today.slice(0, 4)) };
    const asked = { from, to, zone: this.env.CHAMBER_TIME_ZONE, basis };
    const tables = async (): Promise<Table[]> => {
      switch (report) {
        case 'funnel':
          return this.funnel(asked, given.by);
        case 'gap':
          return this.gap(today, language);
        case 'exposure':
          return this.exposure(asked);
        case 'precision':
          return this.precision(asked);
        case 'sources':
          return this.sources(asked);
        case 'members':
          return [await this.members(`${whole.year}-11-30`, most)];
        case 'review':
          return this.review(Number(whole.year), basis);
        case 'statement':
          return (await this.funnel(asked, 'paragraph')).map(everyParagraph);
      }
    };
    const concerns = Object.fromEntries(ASKS[report].map((key) => [key, whole[key]]));
    return { report, asked: concerns, tables: await tables() };
  }

  private async funnel(asked: Asked, by: Dimension): Promise<Table[]> {
    const { manager } = this.source;
    const [steps, outcomes, reach] = await Promise.all([
      rows.stepsBy(manager, asked, by),
      rows.outcomesBy(manager, asked, by),
      rows.reachBy(manager, asked, by),
    ]);
    const of = <T extends { key: string | null }>(all: readonly T[], key: string | null): T[] => all.filter((one) => one.key === key);
    const [allSteps, allOutcomes, allReach] = [of(steps, null), of(outcomes, null), of(reach, null)];
    const currencies = currenciesOf(allOutcomes);
    const line = (key: Cell, [made]: typeof steps, came: typeof outcomes, [mailed]: typeof reach): Row =>
      row(
        key,
        ...(isOfFirms(by) ? [] : [mailed?.published ?? 0]),
        mailed?.reached ?? 0,
        ...STEPS.map((step) => made?.[step] ?? 0),
        ...currencies.map((currency) => valueIn(came, currency)),
      );
    const keys = [...new Set([...steps, ...reach].map(({ key }) => key))].filter((key) => key !== null);
    const begun = (key: string | null) => of(steps, key)[0]?.begun ?? 0;
    const sorted = keys.toSorted((a, b) => Number(a === '') - Number(b === '') || begun(b) - begun(a) || (a < b ? -1 : 1));
    const key: Column = { name: by, kind: KIND_OF[by] ?? 'code' };
    const total = line(null, allSteps, allOutcomes, allReach);
    return [
      {
        name: 'steps',
        columns: [code('step'), bar('count'), ...currencies.map(amountIn)],
        rows: [
          ...(isOfFirms(by) ? [] : [row('published', allReach[0]?.published ?? 0, ...currencies.map(() => null))]),
          row(isOfFirms(by) ? 'reachedFirms' : 'reached', allReach[0]?.reached ?? 0, ...currencies.map(() => null)),
          ...STEPS.map((step) =>
            row(step, allSteps[0]?.[step] ?? 0, ...currencies.map((currency) => (step === 'signed' ? valueIn(allOutcomes, currency) : null))),
          ),
        ],
      },
      {
        name: 'funnel',
        columns: [key, ...(isOfFirms(by) ? [count('reachedFirms')] : [count('published'), count('reached')]), ...STEPS.map(bar), ...currencies.map(amountIn)],
        rows: sorted.map((one) => line(one, of(steps, one), of(outcomes, one), of(reach, one))),
        total,
      },
      {
        name: 'outcomes',
        columns: [key, ...OUTCOMES.map((outcome) => count(outcome))],
        rows: sorted.filter((one) => of(outcomes, one).length > 0).map((one) => row(one, ...OUTCOMES.map((outcome) => countOf(of(outcomes, one), outcome)))),
        total: row(null, ...OUTCOMES.map((outcome) => countOf(allOutcomes, outcome))),
      },
    ];
  }

  private async gap(today: string, language: Language): Promise<Table[]> {
    const { manager } = this.source;
    const [leads, members] = await Promise.all([rows.openLeads(manager, today, USUAL_THRESHOLD), rows.memberFits(manager, today)]);
    const unserved = leads.filter(({ served }) => !served);
    const without = members.filter(({ best }) => best === null || best < USUAL_THRESHOLD);
    const sectors = [...new Set([...leads, ...members].flatMap((one) => (one.sectors.length ? one.sectors : [''])))];
    const within = (all: readonly { readonly sectors: readonly string[] }[], sector: string): number =>
      all.filter((one) => (sector === '' ? one.sectors.length === 0 : one.sectors.includes(sector))).length;
    const bySector = sectors.map((sector) => row(sector, within(leads, sector), within(unserved, sector), within(members, sector), within(without, sector)));
    return [
      {
        name: 'gap',
        columns: [{ name: 'sector', kind: 'entry' }, bar('open'), bar('unserved'), count('members'), count('without')],
        rows: bySector.toSorted((a, b) => Number(b.cells[2]) - Number(a.cells[2]) || Number(b.cells[4]) - Number(a.cells[4])),
        total: row(null, leads.length, unserved.length, members.length, without.length),
      },
      {
        name: 'leads',
        about: 'opportunity',
        columns: [
          text('reference'),
          text('title'),
          { name: 'sectors', kind: 'entries' },
          { name: 'route', kind: 'route' },
          text('wanted'),
          { name: 'lacks', kind: 'codes' },
          count('best'),
        ],
        rows: unserved.map(({ id, reference, title, sectors: of, country, wanted, best, gaps }) => ({
          subject: id,
          cells: [
            reference,
            inLanguage(title, language).text,
            of.join(' '),
            country,
            wanted.join(' '),
            best === null ? 'nobody' : best < USUAL_THRESHOLD ? 'distant' : gaps.join(' '),
            best === null ? null : Math.floor(best),
          ],
        })),
      },
      {
        name: 'firms',
        about: 'firm',
        columns: [text('firm'), code('class'), text('area'), { name: 'sectors', kind: 'entries' }, code('why'), count('best')],
        rows: without.map((one) => ({
          subject: one.id,
          cells: [
            one.name,
            one.class,
            one.place,
            one.sectors.join(' '),
            one.lapsed ? 'lapsed' : one.best !== null ? 'below-threshold' : one.inSector ? 'no-match' : 'no-lead',
            one.best === null ? null : Math.floor(one.best),
          ],
        })),
      },
    ];
  }

  private async exposure(period: Period): Promise<Table[]> {
    const found = await rows.exposureOf(this.source.manager, period, this.env.CHAMBER_TIME_ZONE);
    return (['class', 'size', 'women', 'area'] as const).map((dimension) => {
      const of = found.filter((one) => one.dimension === dimension);
      const [members, shown, introduced] = [sum(of, (one) => one.members), sum(of, (one) => one.shown), sum(of, (one) => one.introduced)];
      return {
        name: dimension,
        columns: [
          dimension === 'area' ? text('area') : code(dimension),
          count('members'),
          { name: 'ofMembers', kind: 'share', bar: true },
          count('shown'),
          { name: 'ofShown', kind: 'share', bar: true },
          { name: 'turn', kind: 'ratio' },
          count('introduced'),
          { name: 'ofIntroduced', kind: 'share', bar: true },
        ],
        rows: of.map((one) => {
          const [ofMembers, ofShown] = [share(one.members, members), share(one.shown, shown)];
          const turn = ofMembers === null || ofShown === null ? null : ofShown / ofMembers;
          return row(one.key, one.members, ofMembers, one.shown, ofShown, turn, one.introduced, share(one.introduced, introduced));
        }),
        total: row(null, members, share(members, members), shown, share(shown, shown), null, introduced, share(introduced, introduced)),
      };
    });
  }

  private async precision(asked: Asked): Promise<Table[]> {
    const found = await rows.precisionOf(this.source.manager, asked, asked.zone);
    const notForMe = (one: rows.Precision) => sum(Object.values(one.reasons), (n) => n);
    const columns: Column[] = [
      { name: 'sector', kind: 'entry' },
      count('shown'),
      bar('interested'),
      bar('notForMe'),
      { name: 'precision', kind: 'share' },
      ...FEEDBACK_REASONS.map((reason) => count(`reason-${reason}`)),
    ];
    const line = (key: Cell, of: readonly rows.Precision[]): Cell[] => {
      const [interested, refused] = [sum(of, (one) => one.interested), sum(of, notForMe)];
      return [
        key,
        sum(of, (one) => one.shown),
        interested,
        refused,
        share(interested, interested + refused),
        ...FEEDBACK_REASONS.map((reason) => sum(of, (one) => one.reasons[reason] ?? 0)),
      ];
    };
    const sectors = [...new Set(found.map(({ sector }) => sector))].sort();
    return [
      {
        name: 'sectors',
        columns,
        rows: sectors.map((sector) =>
          row(
            ...line(
              sector,
              found.filter((one) => one.sector === sector),
            ),
          ),
        ),
      },
      { name: 'months', columns: [{ name: 'month', kind: 'month' }, ...columns], rows: found.map((one) => row(one.month, ...line(one.sector, [one]))) },
    ];
  }

  private async sources(period: Period): Promise<Table[]> {
    const tables = (['source', 'counterparty'] as const).map(async (by): Promise<Table> => {
      const found = await rows.recordsBy(this.source.manager, by, period);
      return {
        name: by,
        columns: [
          text(by),
          count('leads'),
          bar('asked'),
          bar('answered'),
          bar('noReply'),
          { name: 'inTime', kind: 'share' },
          { name: 'days', kind: 'days' },
          count('cameOf'),
          count('signed'),
        ],
        rows: found.map((one) =>
          row(one.name, one.leads, one.asked, one.answered, one.asked - one.answered, share(one.answered, one.asked), one.days, one.reported, one.deals),
        ),
      };
    });
    return Promise.all(tables);
  }

  private async members(on: string, most: number | null): Promise<Table> {
    const { members: found, count: of } = await rows.membersOn(this.source.manager, on, this.env.CHAMBER_TIME_ZONE, most);
    return {
      name: 'members',
      about: 'firm',
      of,
      columns: [
        count('serial'),
        text('number'),
        text('firm'),
        code('class'),
        text('area'),
        { name: 'sectors', kind: 'entries' },
        text('ntn'),
        text('strn'),
        text('secp'),
        text('representative'),
        text('phone'),
        text('email'),
        { name: 'admitted', kind: 'day' },
        { name: 'valid', kind: 'day' },
        code('women'),
        code('size'),
      ],
      rows: found.map((one, at) => ({
        subject: one.id,
        cells: [
          at + 1,
          one.number,
          one.name,
          one.class,
          one.place,
          one.sectors.join(' '),
          ...[one.ntn, one.strn, one.secp, one.representative, one.phone, one.email],
          ...[one.admitted, one.valid, one.women, one.size],
        ],
      })),
    };
  }

  private async review(year: number, basis: Basis): Promise<Table[]> {
    const { manager } = this.source;
    const zone = this.env.CHAMBER_TIME_ZONE;
    const ofYear = (of: number) => {
      const asked: Asked = { ...yearOf(of), zone, basis };
      return Promise.all([
        rows.membershipOn(manager, `${of}-12-31`, `${of - 1}-12-31`, zone),
        rows.stepsBy(manager, asked, null),
        rows.reachBy(manager, asked, null),
        rows.outcomesBy(manager, asked, null),
        rows.mailedIn(manager, asked, zone),
      ]);
    };
    const [now, before, funnel] = await Promise.all([ofYear(year), ofYear(year - 1), this.funnel({ ...yearOf(year), zone, basis }, 'sector')]);
    const columns: Column[] = [code('measure'), count('thisYear'), count('yearBefore')];
    const measures = (...all: readonly (readonly [string, (of: typeof now) => number])[]): Row[] => all.map(([name, of]) => row(name, of(now), of(before)));
    const currencies = [...new Set([...currenciesOf(now[3]), ...currenciesOf(before[3])])].sort();
    return [
      {
        name: 'membership',
        columns,
        rows: measures(
          ...(['members', 'corporate', 'associate', 'women', 'joined', 'left'] as const).map((name) => [name, ([of]: typeof now) => of[name]] as const),
        ),
      },
      {
        name: 'work',
        columns,
        rows: measures(
          ['published', ([, , of]) => of[0]?.published ?? 0],
          ['digests', ([, , , , of]) => of.digests],
          ['reached', ([, , of]) => of[0]?.reached ?? 0],
          ['notForMe', ([, , , , of]) => of.notForMe],
          ...STEPS.map((step) => [step, ([, of]: typeof now) => of[0]?.[step] ?? 0] as const),
        ),
      },
      {
        name: 'values',
        columns: [text('currency'), count('thisYear'), count('yearBefore')],
        rows: currencies.map((currency) => row(currency, valueIn(now[3], currency), valueIn(before[3], currency))),
      },
      ...funnel.slice(1),
    ];
  }
}

const KIND_OF: Partial<Record<Dimension, Column['kind']>> = {
  sector: 'entry',
  corridor: 'entry',
  platform: 'entry',
  paragraph: 'paragraph',
  route: 'route',
  area: 'text',
};
const FIRMS: readonly Dimension[] = ['class', 'size', 'women', 'area'];
const isOfFirms = (by: Dimension): boolean => FIRMS.includes(by);

type Came = Awaited<ReturnType<typeof rows.outcomesBy>>;
const countOf = (came: Came, outcome: string): number =>
  sum(
    came.filter((one) => one.outcome === outcome),
    ({ n }) => n,
  );
const currenciesOf = (came: Came): string[] =>
  [...new Set(came.flatMap(({ currency, value }) => (currency !== null && value !== null ? [currency] : [])))].sort();
const valueIn = (came: Came, currency: string): number =>
  sum(
    came.filter((one) => one.currency === currency),
    ({ value }) => value ?? 0,
  );
const amountIn = (currency: string): Column => ({ name: 'value', kind: 'amount', currency });

const yearOf = (year: number): Period => ({ from: `${year}-01-01`, to: `${year}-12-31` });

/** The whole month so many months from the day's. */
export function monthFrom(day: string, by: number): Period {
  const first = (months: number) => new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1)).toISOString().slice(0, 10);
  return { from: first(by), to: addDays(first(by + 1), -1) };
}

/** Every paragraph that something can come from, also where nothing came; in the order of the statement. */
function everyParagraph(table: Table): Table {
  if (table.columns[0]?.name !== 'paragraph') return table;
  const numbers = [...new Set(ENTRIES.flatMap(({ paragraphs }) => paragraphs))].sort((a, b) => a - b);
  const found = new Map(table.rows.map((one) => [one.cells[0], one]));
  const none = (number: string): Row => row(number, ...table.columns.slice(1).map(() => 0));
  return { ...table, rows: numbers.map((number) => found.get(String(number)) ?? none(String(number))).concat(found.get('') ?? []) };
}
