import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, In } from 'typeorm';
import { z } from 'zod';
import { type Act, actsOn, record } from '../audit/audit.js';
import { Clock, localDate } from '../common/clock.js';
import { proseWithoutContact } from '../common/contact-details.js';
import { AppError, conflict, invalid, notFound, parse } from '../common/errors.js';
import { BY_TIME, cursor, type Page, pageOf, pageQuery, type PageQuery } from '../common/paging.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Firm } from '../firms/firm.entity.js';
import { JobsService } from '../jobs/jobs.service.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { addDays } from './business-days.js';
import { daysOff, type Holiday } from './holidays.js';
import * as rows from './introductions.queries.js';
import type { AnswerRecord, Listed, Reach, Stored } from './introductions.queries.js';
import {
  type Actor,
  type Command,
  dueOn,
  type Facts,
  interested,
  type Introduction,
  nextOn,
  OUTCOMES,
  PLACES,
  proposed,
  restsUntil,
  type State,
  STATES,
  step,
} from './introduction.js';

const reason = proseWithoutContact(300).optional();
/** What somebody does with an introduction. */
export const actSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('agree') }),
  z.strictObject({ do: z.literal('approve') }),
  z.strictObject({ do: z.literal('decline'), reason }),
  z.strictObject({ do: z.literal('withdraw'), reason }),
  z
    .strictObject({
      do: z.literal('report'),
      outcome: z.enum(OUTCOMES),
      value: z.number().positive().max(1e13).optional(),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, { error: 'not-a-currency' })
        .optional(),
      proof: proseWithoutContact(300).optional(),
    })
    .refine(({ value, currency }) => (value === undefined) === (currency === undefined), { path: ['currency'], error: 'value-and-currency' }),
]);
/** An introduction that the chamber proposes: the firm that speaks for the others first. */
export const proposalSchema = z.strictObject({
  opportunityId: z.uuid(),
  firmIds: z
    .array(z.uuid())
    .min(1)
    .max(10)
    .refine((ids) => new Set(ids).size === ids.length, { error: 'taken' }),
});
export const stateQuery = pageQuery.extend({ state: z.enum(STATES).default('interested') });
const day = z.iso.date({ abort: true });
export const holidaySchema = z
  .strictObject({ id: z.string().max(60), firstDay: day, lastDay: day })
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay && lastDay <= addDays(firstDay, 20), { path: ['lastDay'], error: 'wrong-form' });

/** The last day for an answer, and whether it has passed. */
export interface Deadline {
  readonly day: string;
  readonly late: boolean;
}

/** Who acts, and as which account or contact. */
export type By = Actor & { readonly id: string | null };
const THE_CLOCK: By = { party: 'clock', id: null };

/** The line of a step in the audit trail. */
export const noteOf = (id: string, by: By, act: string, detail: NonNullable<Act['detail']>, at: Date): Act => ({
  at,
  party: by.party,
  actor: by.id,
  act: `introduction.${act}`,
  subject: 'introduction',
  subjectId: id,
  detail,
});

/** What that line says of the step. */
export const detailOf = (before: Introduction, command: Command, after: Introduction): NonNullable<Act['detail']> => ({
  from: before.state,
  to: after.state,
  ...(after.ending ? { ending: after.ending, endedBy: after.endedBy } : {}),
  ...(command.do === 'report' ? { outcome: command.outcome, value: command.value ?? null, currency: command.currency ?? null } : {}),
});

/** Introductions of a lead that one call of the clock may find. */
const AT_ONCE = 200;

/**
 * From interest to outcome. Every step, whoever makes it, is {@link step} applied to a row in one guarded UPDATE, with the mails it owes and its line in
 * the audit trail, under the lock of its lead; the clock's own steps follow in the same transaction.
 */
@Injectable()
export class IntroductionsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  // steps ----------------------------------------------------------------------------------------------------------

  /**
   * A firm is interested. Said again it changes the sentence; said to a proposal of the chamber it is the firm's yes. Part of the caller's transaction.
   * @throws AppError Conflict while the pair rests
   */
  async express(tx: EntityManager, firmId: string, contactId: string | null, opportunityId: string, sentence: string): Promise<void> {
    await rows.lockLead(tx, opportunityId);
    const [latest] = await rows.ofPair(tx, opportunityId, firmId);
    if (latest && latest.state !== 'closed') {
      if (latest.state === 'interested') await tx.query('update introduction set sentence = $2 where id = $1', [latest.id, sentence]);
      if (latest.state === 'proposed') await this.apply(tx, latest, { do: 'agree' }, { party: 'firm', firmId, id: contactId });
      return;
    }
    await this.mustNotRest(tx, opportunityId, firmId);
    const begun = interested(firmId, this.today());
    await this.begin(tx, opportunityId, begun.after, [], { sentence, by: { party: 'firm', firmId, id: contactId } });
  }

  /** A firm takes its interest back, wherever the introduction stands. Part of the caller's transaction. */
  async takeBack(tx: EntityManager, firmId: string, contactId: string | null, opportunityId: string): Promise<void> {
    await rows.lockLead(tx, opportunityId);
    const [latest] = await rows.ofPair(tx, opportunityId, firmId);
    if (latest && latest.state !== 'closed') await this.apply(tx, latest, { do: 'withdraw' }, { party: 'firm', firmId, id: contactId });
  }

  /**
   * The chamber proposes an introduction to a firm, or to a pool of firms that each have to agree. Interests of their own that nobody has screened yet go
   * into it.
   * @param by account of the chamber
   * @returns its id
   * @throws AppError Invalid, NotFound; Conflict where the lead is closed or a firm's own, a firm is not a member, is on the way already, or rests
   */
  async propose(input: unknown, by: string, manager?: EntityManager): Promise<string> {
    const { opportunityId, firmIds } = parse(proposalSchema, input);
    const id = await this.within(manager, async (tx) => {
      await rows.lockLead(tx, opportunityId);
      const lead = await tx.findOneBy(Opportunity, { id: opportunityId });
      const firms = await tx.findBy(Firm, { id: In(firmIds) });
      if (!lead || firms.length !== firmIds.length) throw notFound();
      if (lead.status !== 'published' || (lead.openUntil ?? '') < this.today()) throw conflict('status', 'lead-closed');
      if (firms.some((firm) => firm.id === lead.firmId)) throw conflict('status', 'own-lead');
      if (firms.some((firm) => firm.status !== 'admitted')) throw conflict('status', 'not-a-member');
      const actor: By = { party: 'chamber', id: by };
      const pooled: Act[] = [];
      for (const firmId of firmIds) {
        const [latest] = await rows.ofPair(tx, opportunityId, firmId);
        if (latest?.state === 'interested') pooled.push(await this.pool(tx, latest, actor));
        else if (latest && latest.state !== 'closed') throw conflict('status', 'on-the-way');
        else await this.mustNotRest(tx, opportunityId, firmId);
      }
      const off = daysOff(await rows.holidays(tx), lead.country);
      const { after, mails } = proposed(firmIds, { today: this.today(), off });
      const made = await this.begin(tx, opportunityId, after, mails, { sentence: '', by: actor });
      for (const act of pooled) await record(tx, act);
      return made;
    });
    await this.wake();
    return id;
  }

  /**
   * One step by a person.
   * @param input as {@link actSchema} has it
   * @throws AppError Invalid, NotFound, Conflict where it is not possible from where the introduction stands, or not for this person
   */
  async act(id: string, input: unknown, by: By, manager?: EntityManager): Promise<void> {
    const command = parse(actSchema, input);
    if (command.do === 'decline' && by.party === 'chamber' && !command.reason) throw invalid('reason', 'required');
    await this.within(manager, async (tx) => {
      const found = await rows.introductionOf(tx, id);
      if (!found) throw notFound();
      await rows.lockLead(tx, found.opportunityId);
      const now = await rows.introductionOf(tx, id);
      // a firm learns nothing about what others are in, not even that it exists
      if (!now || (by.party === 'firm' && !now.members.some(({ firmId }) => firmId === by.firmId))) throw notFound();
      await this.apply(tx, now, command, by);
    });
    await this.wake();
  }

  /** Does what time and circumstances ask for; each lead in a transaction of its own. */
  async tick(): Promise<void> {
    for (const { id, opportunityId } of await rows.dueIntroductions(this.source.manager, this.today(), AT_ONCE)) {
      await this.source.transaction(async (tx) => {
        await rows.lockLead(tx, opportunityId);
        const now = await rows.introductionOf(tx, id);
        const done: Act[] = [];
        if (now) await this.attempt(tx, now, { do: 'clock' }, THE_CLOCK, done);
        await this.settle(tx, opportunityId, done);
      });
    }
    await this.wake();
  }

  /** How many the clock would find; the sweeper asks. */
  async dueNow(): Promise<number> {
    return (await rows.dueIntroductions(this.source.manager, this.today(), AT_ONCE)).length;
  }

  private async begin(
    tx: EntityManager,
    opportunityId: string,
    after: Introduction,
    mails: Parameters<typeof rows.oweMails>[3],
    { sentence, by }: { readonly sentence: string; readonly by: By },
  ): Promise<string> {
    const at = this.clock.now();
    const id = await rows.insertIntroduction(tx, opportunityId, after, { sentence, contactId: by.party === 'firm' ? by.id : null, at });
    await rows.oweMails(tx, id, after.members, mails, at);
    const detail = { to: after.state, firms: after.members.length, opportunity: opportunityId };
    await record(tx, noteOf(id, by, after.state === 'interested' ? 'express' : 'propose', detail, at));
    return id;
  }

  /** An unscreened interest goes into a pool, and nobody hears of an ending. */
  private async pool(tx: EntityManager, now: Stored, by: By): Promise<Act> {
    const after: Introduction = { ...now, state: 'closed', ending: 'pooled', endedBy: 'chamber', since: this.today(), nextOn: null };
    if (!(await rows.writeStep(tx, now, after, this.clock.now()))) throw conflict('status', 'changed-meanwhile');
    return noteOf(now.id, by, 'pool', { from: now.state, to: 'closed', ending: 'pooled' }, this.clock.now());
  }

  /** One step, and those that follow from it by themselves. */
  private async apply(tx: EntityManager, now: Stored, command: Command, by: By): Promise<void> {
    const done: Act[] = [];
    if (!(await this.attempt(tx, now, command, by, done))) throw conflict('status', 'no-such-step');
    await this.settle(tx, now.opportunityId, done);
  }

  /** @param done gets the step's line for the audit trail, which is written last of all: whoever holds the trail must not wait for a row */
  private async attempt(tx: EntityManager, now: Stored, command: Command, by: By, done: Act[]): Promise<boolean> {
    const made = step(now, command, by, await this.facts(tx, now.id));
    if ('refused' in made) return false;
    const at = this.clock.now();
    const { after } = made;
    if (!(await rows.writeStep(tx, now, after, at))) throw conflict('status', 'changed-meanwhile');
    await rows.oweMails(tx, now.id, now.members, made.mails, at);
    done.push(noteOf(now.id, by, command.do, detailOf(now, command, after), at));
    return true;
  }

  /** Both sides have agreed: contacts are released. A place is free: the next in the queue is asked. */
  private async settle(tx: EntityManager, opportunityId: string, done: Act[]): Promise<void> {
    for (const waiting of await rows.waitingOf(tx, opportunityId)) await this.attempt(tx, waiting, { do: 'clock' }, THE_CLOCK, done);
    for (const act of done) await record(tx, act);
  }

  private async facts(tx: EntityManager, id: string): Promise<Facts> {
    const today = this.today();
    const { standing, lead, held, country } = await rows.circumstances(tx, id, today);
    return { today, off: daysOff(await rows.holidays(tx), country), standing, lead, free: PLACES - held };
  }

  private async mustNotRest(tx: EntityManager, opportunityId: string, firmId: string): Promise<void> {
    const today = this.today();
    for (const before of await rows.ofPair(tx, opportunityId, firmId)) {
      const until = restsUntil(before);
      if (until !== null && until > today) throw new AppError('Conflict', [{ field: 'status', reason: 'pair-rests', values: { day: until } }]);
    }
  }

  private within<T>(manager: EntityManager | undefined, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return manager ? work(manager) : this.source.transaction(work);
  }

  /** Somebody shall look whether mails are owed. */
  private wake(): Promise<void> {
    return this.jobs.enqueue('mail.introductions', {});
  }

  // what people see ------------------------------------------------------------------------------------------------

  /** @throws AppError NotFound */
  async get(id: string, manager = this.source.manager): Promise<Listed> {
    const found = await rows.listed(manager, this.today(), id);
    if (!found) throw notFound();
    return found;
  }

  /** The desk's list of one state, those that wait longest first. */
  async list({ state, ...page }: PageQuery & { readonly state: State }): Promise<Page<Listed>> {
    const found = await rows.listByState(this.source.manager, this.today(), state, cursor(page.after, BY_TIME), page.limit + 1);
    return pageOf(found, page.limit, (row) => [row.createdAt.toISOString(), row.id]);
  }

  /** Those of a firm: what is on the way first, then the latest. */
  ofFirm(firmId: string): Promise<Listed[]> {
    return rows.listOfFirm(this.source.manager, this.today(), firmId, 100);
  }

  counts(): Promise<Partial<Record<State, number>>> {
    return rows.countStates(this.source.manager);
  }

  /** Until when each has to be answered; null where no answer is waited for. */
  async deadlines(found: readonly Listed[], manager = this.source.manager): Promise<Map<string, Deadline | null>> {
    const known = await rows.holidays(manager);
    const today = this.today();
    return new Map(
      found.map((one) => {
        const day = dueOn(one, daysOff(known, one.country));
        return [one.id, day === null ? null : { day, late: day < today }];
      }),
    );
  }

  /** Contacts of those that are released; the others are not in the map. */
  contacts(ids: readonly string[]): Promise<Map<string, { firm: Reach; counterparty: Reach }>> {
    return rows.releasedContacts(this.source.manager, ids);
  }

  /** How a lead's other side and its source have answered so far. */
  records(opportunityId: string): Promise<{ counterparty: AnswerRecord; source: AnswerRecord }> {
    return rows.recordsOf(this.source.manager, opportunityId);
  }

  recordOfFirm(firmId: string): Promise<AnswerRecord> {
    return rows.recordOfFirm(this.source.manager, firmId);
  }

  /** The steps of one, from the audit trail. */
  async history(id: string) {
    return (await actsOn(this.source.manager, 'introduction', id)).filter(({ act }) => act.startsWith('introduction.'));
  }

  // the calendar ---------------------------------------------------------------------------------------------------

  /** Holidays from today on. */
  holidays(): Promise<Holiday[]> {
    return rows.holidays(this.source.manager, this.today());
  }

  /**
   * The desk confirms when a holiday is, or moves it; the clocks that run are counted anew.
   * @param by account of the chamber
   * @throws AppError Invalid, NotFound
   */
  async confirmHoliday(input: unknown, by: string): Promise<void> {
    const { id, firstDay, lastDay } = parse(holidaySchema, input);
    await this.source.transaction(async (tx) => {
      const at = this.clock.now();
      const [, changed] = await tx.query<[unknown, number]>(
        'update holiday set first_day = $2, last_day = $3, confirmed = true, changed_by = $4, changed_at = $5 where id = $1',
        [id, firstDay, lastDay, by, at],
      );
      if (changed !== 1) throw notFound();
      const known = await rows.holidays(tx);
      const today = this.today();
      for (const one of await rows.running(tx)) {
        const { country } = await rows.circumstances(tx, one.id, today);
        const next = nextOn(one, { today, off: daysOff(known, country) });
        if (next !== one.nextOn)
          await tx.query('update introduction set next_on = $2, version = version + 1 where id = $1 and version = $3', [one.id, next, one.version]);
      }
      await record(tx, { at, party: 'chamber', actor: by, act: 'holiday.confirm', subject: 'holiday', subjectId: id, detail: { firstDay, lastDay } });
    });
  }
}
