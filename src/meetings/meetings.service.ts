import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, In, IsNull } from 'typeorm';
import { type Act, record } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { conflict, invalid, notFound, parse } from '../common/errors.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Firm } from '../firms/firm.entity.js';
import { JobsService } from '../jobs/jobs.service.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { type Slot, slotsOf } from './hours.js';
import { MeetingAttendee, MeetingDay, MeetingTimetable } from './meeting-day.entity.js';
import * as rows from './meetings.queries.js';
import type { Attending } from './meetings.queries.js';
import { attendanceSchema, attendeeSchema, AT_MOST, dayActSchema, daySchema } from './meetings.schemas.js';
import { changesBetween, dayOf } from './room.js';
import { repaired, timetable } from './timetable.js';

/** A day with all that belongs to it. */
export interface WholeDay {
  readonly day: MeetingDay;
  readonly slots: readonly Slot[];
  readonly attendees: readonly Attending[];
  /** What everybody has in hand. */
  readonly accepted: MeetingTimetable | null;
  /** The latest that is waited for, that waits to be accepted, or that could not be made. */
  readonly latest: MeetingTimetable | null;
}

/** A day as a list has it. */
export interface DayInList {
  readonly day: MeetingDay;
  readonly firms: number;
  readonly counterparties: number;
  readonly meetings: number;
}

/**
 * Meeting days. The timetable that the desk asks for is a row that is wanted; a job makes it, the desk accepts it, and only then is it what people have in
 * hand. A repair is the same, made of the accepted one.
 */
@Injectable()
export class MeetingsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  // what people see ------------------------------------------------------------------------------------------------

  /** The latest hundred days, the last one first. */
  async list(): Promise<DayInList[]> {
    const { manager } = this.source;
    const days = await manager.find(MeetingDay, { order: { date: 'DESC', id: 'ASC' }, take: 100 });
    const ids = days.map(({ id }) => id);
    const [counts, accepted] = await Promise.all([
      manager.query<{ id: string; firms: number; counterparties: number }[]>(
        `select day_id id, count(*) filter (where side = 'firm')::int firms, count(*) filter (where side = 'counterparty')::int counterparties
         from meeting_attendee where day_id = any($1::uuid[]) group by day_id`,
        [ids],
      ),
      manager.query<{ id: string; n: number }[]>(
        `select day_id id, jsonb_array_length(meetings) n from meeting_timetable where day_id = any($1::uuid[]) and state = 'accepted'`,
        [ids],
      ),
    ]);
    return days.map((day) => {
      const count = counts.find(({ id }) => id === day.id);
      return {
        day,
        firms: count?.firms ?? 0,
        counterparties: count?.counterparties ?? 0,
        meetings: accepted.find(({ id }) => id === day.id)?.n ?? 0,
      };
    });
  }

  /** @throws AppError NotFound */
  async get(id: string, manager = this.source.manager): Promise<WholeDay> {
    const day = await manager.findOneBy(MeetingDay, { id });
    if (!day) throw notFound();
    const attendees = await rows.attendingOf(manager, id);
    const [accepted] = await manager.find(MeetingTimetable, { where: { dayId: id, state: 'accepted' }, take: 1 });
    const [latest] = await manager.find(MeetingTimetable, {
      where: { dayId: id, state: In(['wanted', 'proposed', 'failed']) },
      order: { createdAt: 'DESC', id: 'ASC' },
      take: 1,
    });
    return { day, slots: slotsOf(day), attendees, accepted: accepted ?? null, latest: latest ?? null };
  }

  /** Those who can still be invited: member firms, and who is behind an open lead. */
  async toInvite(id: string) {
    const { manager } = this.source;
    const [firms, counterparties] = [await rows.firmsToInvite(manager, id), await rows.counterpartiesToInvite(manager, id)];
    return { firms, counterparties };
  }

  /** The published days of a firm, the last one first, each with who it is there. */
  async ofFirm(firmId: string): Promise<{ whole: WholeDay; attendeeId: string }[]> {
    const found = [];
    for (const { dayId, attendeeId } of await rows.publishedDaysOf(this.source.manager, firmId)) found.push({ whole: await this.get(dayId), attendeeId });
    return found;
  }

  /** One published day of a firm. @throws AppError NotFound */
  async dayOfFirm(firmId: string, dayId: string): Promise<{ whole: WholeDay; attendeeId: string }> {
    const one = (await rows.publishedDaysOf(this.source.manager, firmId)).find((day) => day.dayId === dayId);
    if (!one) throw notFound();
    return { whole: await this.get(dayId), attendeeId: one.attendeeId };
  }

  // the desk -------------------------------------------------------------------------------------------------------

  /**
   * @param by account of the chamber
   * @returns its id
   * @throws AppError Invalid
   */
  async create(input: unknown, by: string): Promise<string> {
    const { zone = this.env.CHAMBER_TIME_ZONE, ...given } = parse(daySchema, input);
    return this.source.transaction(async (tx) => {
      const made = await tx.insert(MeetingDay, { ...given, zone, createdAt: this.clock.now(), createdBy: by });
      const { id } = made.identifiers[0] as { id: string };
      await this.note(tx, id, by, 'create', { date: given.date });
      return id;
    });
  }

  /** Changes what a day is like. Other hours are other slots: the accepted timetable is none for them, and is taken back. @throws AppError Invalid, NotFound */
  async change(id: string, input: unknown, by: string): Promise<void> {
    const { zone, ...given } = parse(daySchema, input);
    await this.changing(id, by, 'change', async (tx, day) => {
      await tx.update(MeetingDay, { id }, { ...given, zone: zone ?? day.zone });
      const same = JSON.stringify(slotsOf(day)) === JSON.stringify(slotsOf(given));
      if (!same) await tx.update(MeetingTimetable, { dayId: id, state: 'accepted' }, { state: 'replaced' });
    });
  }

  /**
   * Somebody more comes.
   * @returns their id as an attendee
   * @throws AppError Invalid, NotFound; Conflict where they come already, the firm is no member, the lead is closed, or there are too many
   */
  async invite(id: string, input: unknown, by: string): Promise<string> {
    const { firmId = null, opportunityId = null, name = null, ...comes } = parse(attendeeSchema, input);
    let attendeeId = '';
    await this.changing(id, by, 'invite', async (tx) => {
      const side = firmId === null ? 'counterparty' : 'firm';
      if (firmId !== null) {
        const firm = await tx.findOneBy(Firm, { id: firmId });
        if (!firm) throw invalid('firmId', 'not-one-of');
        if (firm.status !== 'admitted') throw conflict('status', 'not-a-member');
      }
      const lead = opportunityId === null ? null : await tx.findOneBy(Opportunity, { id: opportunityId });
      if (opportunityId !== null && !lead) throw invalid('opportunityId', 'not-one-of');
      if (lead && lead.status !== 'published') throw conflict('status', 'lead-closed');
      const there = (await rows.attendingOf(tx, id)).filter((one) => one.side === side);
      if (there.length >= AT_MOST) throw conflict('status', 'day-full');
      if (there.some((one) => (firmId ? one.firmId === firmId : one.name === (lead?.counterparty ?? name)))) throw conflict('status', 'comes-already');
      const made = await tx.insert(MeetingAttendee, { dayId: id, side, firmId, opportunityId, name, ...comes });
      attendeeId = (made.identifiers[0] as { id: string }).id;
    });
    return attendeeId;
  }

  /** When somebody is there, what they speak, whom they ask for. @throws AppError Invalid, NotFound */
  async attend(id: string, attendeeId: string, input: unknown, by: string): Promise<void> {
    const given = parse(attendanceSchema, input);
    await this.changing(id, by, 'attend', async (tx) => {
      const known = await rows.attendingOf(tx, id);
      const mine = known.find((one) => one.id === attendeeId);
      if (!mine) throw notFound();
      const wants = [...new Set(given.wants)];
      if (wants.some((wanted) => !known.some((one) => one.id === wanted && one.side !== mine.side))) throw invalid('wants', 'not-one-of');
      await tx.update(MeetingAttendee, { id: attendeeId }, { ...given, wants });
    });
  }

  /** Somebody does not come after all, and is taken off the list. @throws AppError NotFound */
  async remove(id: string, attendeeId: string, by: string): Promise<void> {
    await this.changing(id, by, 'remove', async (tx) => {
      if (!(await tx.delete(MeetingAttendee, { id: attendeeId, dayId: id })).affected) throw notFound();
    });
  }

  /**
   * @param input as {@link dayActSchema} has it
   * @throws AppError Invalid, NotFound; Conflict where nobody comes on one side, or there is no timetable to accept, to repair or to publish
   */
  async act(id: string, input: unknown, by: string): Promise<void> {
    const act = parse(dayActSchema, input);
    if (act.do === 'repair' && act.attendeeId === undefined && (act.missing || act.arrives !== null || act.leaves !== null))
      throw invalid('attendeeId', 'required');
    if (act.do === 'repair' && act.attendeeId !== undefined) {
      const { attendeeId, missing } = act;
      if (!missing && act.arrives === null && act.leaves === null) throw invalid('arrives', 'required');
      await this.changing(id, by, missing ? 'missing' : 'late', async (tx) => {
        const one = await tx.findOneBy(MeetingAttendee, { id: attendeeId, dayId: id });
        if (!one) throw notFound();
        const [arrives, leaves] = [act.arrives ?? one.arrives, act.leaves ?? one.leaves];
        if (arrives !== null && leaves !== null && arrives >= leaves) throw invalid('leaves', 'ends-before-it-begins');
        await tx.update(MeetingAttendee, { id: attendeeId }, { missing, arrives, leaves });
        await this.want(tx, id, by, true);
      });
    } else {
      await this.source.transaction(async (tx) => {
        const day = await this.locked(tx, id);
        if (act.do === 'accept') await this.accept(tx, day, by);
        else if (act.do === 'publish') await this.publish(tx, day, by);
        else await this.want(tx, id, by, act.do === 'repair');
      });
    }
    await this.wake(id);
  }

  private async want(tx: EntityManager, dayId: string, by: string, repair: boolean): Promise<void> {
    const { day, attendees, accepted } = await this.get(dayId, tx);
    if (repair && !accepted) throw conflict('status', 'nothing-accepted');
    if (new Set(attendees.map(({ side }) => side)).size < 2) throw conflict('status', 'nobody-comes');
    await tx.update(MeetingTimetable, { dayId, state: In(['wanted', 'proposed', 'failed']) }, { state: 'replaced' });
    await tx.insert(MeetingTimetable, { dayId, repair, revision: day.revision, createdAt: this.clock.now() });
    await this.note(tx, dayId, by, repair ? 'repair' : 'propose', {
      firms: attendees.filter(({ side }) => side === 'firm').length,
      attendees: attendees.length,
    });
  }

  private async accept(tx: EntityManager, day: MeetingDay, by: string): Promise<void> {
    const { latest } = await this.get(day.id, tx);
    if (latest?.state !== 'proposed') throw conflict('status', 'nothing-proposed');
    if (latest.revision !== day.revision) throw conflict('status', 'changed-meanwhile');
    await tx.update(MeetingTimetable, { dayId: day.id, state: 'accepted' }, { state: 'replaced' });
    await tx.update(MeetingTimetable, { id: latest.id }, { state: 'accepted' });
    await this.note(tx, day.id, by, 'accept', { meetings: latest.meetings.length, changes: latest.changes.length });
  }

  private async publish(tx: EntityManager, day: MeetingDay, by: string): Promise<void> {
    if (!(await tx.existsBy(MeetingTimetable, { dayId: day.id, state: 'accepted' }))) throw conflict('status', 'nothing-accepted');
    await tx.update(MeetingDay, { id: day.id, publishedAt: IsNull() }, { publishedAt: this.clock.now() });
    await this.note(tx, day.id, by, 'publish', {});
  }

  // the job --------------------------------------------------------------------------------------------------------

  /** Makes the timetable that a day waits for, if it still does. */
  async plan(dayId: string): Promise<void> {
    const { manager } = this.source;
    const wanted = await manager.findOne(MeetingTimetable, { where: { dayId, state: 'wanted' }, order: { createdAt: 'DESC' } });
    if (!wanted) return;
    const { day, slots, attendees, accepted } = await this.get(dayId);
    const asked = dayOf(day, slots, attendees, await rows.fitsOf(manager, dayId));
    // not before it is known what for: whatever changes from here on, it cannot be accepted for
    const before = wanted.repair ? (accepted?.meetings ?? []) : [];
    const made = await (wanted.repair ? repaired(before, asked) : timetable(asked)).catch((error: unknown) => error as Error);
    const at = this.clock.now();
    await this.source.transaction(async (tx) => {
      const found =
        made instanceof Error
          ? { state: 'failed' as const }
          : {
              state: 'proposed' as const,
              meetings: [...made.meetings],
              score: made.score,
              bound: made.bound,
              short: [...made.short],
              changes: accepted ? changesBetween(accepted.meetings, made.meetings) : [],
            };
      const { affected } = await tx.update(MeetingTimetable, { id: wanted.id, state: 'wanted' }, { ...found, revision: day.revision, finishedAt: at });
      if (!affected) return;
      const detail = { state: found.state, meetings: made instanceof Error ? 0 : made.meetings.length };
      await record(tx, { at, party: 'clock', actor: null, act: 'meeting-day.plan', subject: 'meeting-day', subjectId: dayId, detail });
    });
  }

  /** Days that wait for a timetable; the sweeper asks. Index: meeting_timetable_wanted. */
  async owed(): Promise<string[]> {
    const found = await this.source.query<{ id: string }[]>(`select distinct day_id id from meeting_timetable where state = 'wanted' limit 20`);
    return found.map(({ id }) => id);
  }

  private async wake(dayId: string): Promise<void> {
    if (await this.source.manager.existsBy(MeetingTimetable, { dayId, state: 'wanted' })) await this.jobs.enqueue('meetings.plan', { dayId });
  }

  /** A change of a day or of who comes, under its lock, with its line in the audit trail. */
  private async changing(id: string, by: string, act: string, work: (tx: EntityManager, day: MeetingDay) => Promise<void>): Promise<void> {
    await this.source.transaction(async (tx) => {
      const day = await this.locked(tx, id);
      await tx.increment(MeetingDay, { id }, 'revision', 1);
      await work(tx, day);
      await this.note(tx, id, by, act, {});
    });
  }

  private async locked(tx: EntityManager, id: string): Promise<MeetingDay> {
    const day = await tx.findOne(MeetingDay, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!day) throw notFound();
    return day;
  }

  private note(tx: EntityManager, id: string, by: string, act: string, detail: NonNullable<Act['detail']>): Promise<void> {
    return record(tx, { at: this.clock.now(), party: 'chamber', actor: by, act: `meeting-day.${act}`, subject: 'meeting-day', subjectId: id, detail });
  }
}
