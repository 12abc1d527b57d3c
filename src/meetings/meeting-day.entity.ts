import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Language } from '../language/language.js';
import type { Change } from './day.js';
import type { Break } from './hours.js';
import type { Meeting, Timetable } from './timetable.js';

/** Somebody who interprets between the languages that they speak. */
export interface Interpreter {
  readonly name: string;
  readonly languages: readonly Language[];
}

/** A day on which firms and counterparties meet, each pair at a table for one slot. */
@Entity('meeting_day')
export class MeetingDay {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('date')
  date: string;

  @Column('text')
  venue: string;

  /** IANA; hours are said in it. */
  @Column('text')
  zone: string;

  @Column('smallint')
  tables: number;

  /** HH:MM, as all hours here. */
  @Column('text')
  opens: string;

  @Column('text')
  closes: string;

  /** Minutes. */
  @Column('smallint')
  slotMinutes: number;

  @Column('jsonb')
  breaks: Break[];

  @Column('jsonb')
  interpreters: Interpreter[];

  /** So many meetings each should have. */
  @Column('smallint')
  least: number;

  /** Since when the people see their own timetable. */
  @Column('timestamptz', { nullable: true })
  publishedAt: Date | null;

  /** Goes up with every change of the day or its attendees: a timetable is accepted for the day that it was made for, or not at all. */
  @Column('integer', { default: 1 })
  revision: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('uuid', { nullable: true })
  createdBy: string | null;
}

export const ATTENDEE_SIDES = ['firm', 'counterparty'] as const;
export type AttendeeSide = (typeof ATTENDEE_SIDES)[number];

/** A member firm, who is behind a lead, or a counterparty entered by name, that comes to a day. */
@Entity('meeting_attendee')
export class MeetingAttendee {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  dayId: string;

  @Column('text')
  side: AttendeeSide;

  @Column('uuid', { nullable: true })
  firmId: string | null;

  /** One of the counterparty's leads. */
  @Column('uuid', { nullable: true })
  opportunityId: string | null;

  /** Of a counterparty that has no lead here. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { array: true, default: '{}' })
  languages: Language[];

  /** HH:MM; null: from the beginning. */
  @Column('text', { nullable: true })
  arrives: string | null;

  /** HH:MM; null: to the end. */
  @Column('text', { nullable: true })
  leaves: string | null;

  @Column('boolean', { default: false })
  missing: boolean;

  /** Attendees of the other side whom they ask for. */
  @Column('uuid', { array: true, default: '{}' })
  wants: string[];
}

export const TIMETABLE_STATES = ['wanted', 'proposed', 'accepted', 'replaced', 'failed'] as const;
export type TimetableState = (typeof TIMETABLE_STATES)[number];

/** A timetable of a day, read and written as a whole; at most one of a day is accepted. */
@Entity('meeting_timetable')
export class MeetingTimetable {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  dayId: string;

  @Column('text', { default: 'wanted' })
  state: TimetableState;

  /** Made of the accepted one, by moving as few meetings as possible. */
  @Column('boolean')
  repair: boolean;

  /** The day's at which it was asked for. */
  @Column('integer')
  revision: number;

  @Column('jsonb', { default: '[]' })
  meetings: Meeting[];

  @Column('double precision', { default: 0 })
  score: number;

  @Column('double precision', { default: 0 })
  bound: number;

  @Column('jsonb', { default: '[]' })
  short: Timetable['short'][number][];

  /** What is another than in the accepted one at that time. */
  @Column('jsonb', { default: '[]' })
  changes: Change[];

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;
}
