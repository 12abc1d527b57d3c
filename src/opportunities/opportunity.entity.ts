import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Texts } from '../language/language.js';
import type { Period } from '../nomenclature/units.js';
import type { OpportunityKind } from '../statement/kinds.js';
import type { Concern } from './concerns.js';

export const OPPORTUNITY_STATUSES = ['draft', 'in_review', 'published', 'closed'] as const;
export type OpportunityStatus = (typeof OPPORTUNITY_STATUSES)[number];
export const CLOSED_AS = ['filled', 'expired', 'withdrawn', 'fraud'] as const;
export type ClosedAs = (typeof CLOSED_AS)[number];

/** The curator's four marks, 0-5 each. */
export interface Review {
  readonly clear: number;
  readonly complete: number;
  readonly source: number;
  readonly wanted: number;
}

/** A trade lead. Who is behind it (the counterparty) stays hidden until both sides agree. */
@Entity('opportunity')
export class Opportunity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  /** `RB-0001`: what people say on the telephone. Made by the database; the default is written as TypeORM reads it back. */
  @Column({
    type: 'text',
    insert: false,
    update: false,
    default: () => `('RB-'|| lpad((nextval('opportunity_reference')), 4, '0'))`,
  })
  reference: string;

  @Column('text')
  kind: OpportunityKind;

  @Column('text', { default: 'draft' })
  status: OpportunityStatus;

  @Column('text', { nullable: true })
  closedAs: ClosedAs | null;

  @Column('text', { array: true, default: '{}' })
  concerns: Concern[];

  @Column('uuid', { nullable: true })
  concernsClearedBy: string | null;

  /** What the curator wrote when returning it. */
  @Column('text', { nullable: true })
  reviewNote: string | null;

  @Column('jsonb', { nullable: true })
  review: Review | null;

  /** In at least one language. */
  @Column('jsonb')
  title: Texts;

  @Column('jsonb')
  summary: Texts;

  @Column('text', { array: true, default: '{}' })
  hs: string[];

  @Column('text', { array: true, default: '{}' })
  isic: string[];

  /** What its title was taken to mean where no code was chosen: for matching only, never shown as its own. */
  @Column('text', { array: true, default: '{}' })
  guessedHs: string[];

  @Column('text', { array: true, default: '{}' })
  guessedIsic: string[];

  /** What the public search finds it by. */
  @Column('text', { array: true, default: '{}', select: false })
  search: string[];

  @Column('text', { array: true, default: '{}' })
  sectors: string[];

  @Column('text', { array: true, default: '{}' })
  corridors: string[];

  @Column('text', { array: true, default: '{}' })
  platforms: string[];

  @Column('text', { array: true, default: '{}' })
  instruments: string[];

  @Column('text', { array: true, default: '{}' })
  certificates: string[];

  @Column('double precision', { nullable: true })
  quantity: number | null;

  @Column('text', { nullable: true })
  unit: string | null;

  @Column('text', { nullable: true })
  period: Period | null;

  /** Whole US dollars. */
  @Column('bigint', { nullable: true, transformer: { to: (n: number | null) => n, from: (s: string | null) => (s === null ? null : Number(s)) } })
  valueUsd: number | null;

  @Column('text')
  country: string;

  @Column('text', { nullable: true })
  place: string | null;

  @Column('smallint', { array: true, default: '{}' })
  deliveryMonths: number[];

  @Column('date', { nullable: true })
  deadline: string | null;

  @Column('text')
  counterparty: string;

  @Column('text', { nullable: true })
  counterpartyEmail: string | null;

  @Column('text', { nullable: true })
  counterpartyPhone: string | null;

  /** Where it came from. */
  @Column('text', { nullable: true })
  source: string | null;

  /** The member firm whose own lead it is. */
  @Column('uuid', { nullable: true })
  firmId: string | null;

  /** Goes up with every change that matching could see. */
  @Column('integer', { default: 1 })
  revision: number;

  /** Goes up with changes worth telling again: deadline, quantity, status. */
  @Column('integer', { default: 1 })
  materialRevision: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { nullable: true })
  publishedAt: Date | null;

  @Column('date', { nullable: true })
  openUntil: string | null;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;
}
