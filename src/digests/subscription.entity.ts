import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cadence } from './window.js';

/** What a contact wants in which rhythm. */
@Entity('subscription')
export class Subscription {
  @PrimaryColumn('uuid')
  contactId: string;

  @Column('text', { default: 'weekly' })
  cadence: Cadence;

  @Column('text')
  zone: string;

  /** 1 Monday … 7 Sunday. */
  @Column('smallint', { default: 2 })
  weekday: number;

  @Column('smallint', { default: 8 })
  hour: number;

  /** Matches below this score stay out. */
  @Column('smallint', { default: 60 })
  threshold: number;

  @Column('smallint', { default: 10 })
  maxItems: number;

  /** Nothing scheduled before this is owed. */
  @Column('timestamptz')
  since: Date;

  @Column('timestamptz', { nullable: true })
  unsubscribedAt: Date | null;
}
