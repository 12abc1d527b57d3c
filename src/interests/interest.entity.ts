import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What a firm can answer to an opportunity, from the mail, its pages or the API. */
export const ANSWERS = ['interested', 'not-for-me', 'save'] as const;
export type Answer = (typeof ANSWERS)[number];

/** Why an opportunity is not for a firm. */
export const FEEDBACK_REASONS = ['product', 'quantity', 'price', 'country', 'too-late', 'other'] as const;
export type FeedbackReason = (typeof FEEDBACK_REASONS)[number];

/** A firm's expression of interest in an opportunity: one row a pair, whatever the firm says again or takes back. */
@Entity('interest')
export class Interest {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  firmId: string;

  @Column('uuid')
  opportunityId: string;

  /** Who of the firm said it; null once the person is gone. */
  @Column('uuid', { nullable: true })
  contactId: string | null;

  /** A sentence for the chamber; may be empty. */
  @Column('text')
  sentence: string;

  @Column('text')
  state: 'expressed' | 'withdrawn';

  @Column('timestamptz')
  at: Date;
}

/** "Not for me because …": of one firm about one opportunity; never more than that. */
@Entity('feedback')
export class Feedback {
  @PrimaryColumn('uuid')
  firmId: string;

  @PrimaryColumn('uuid')
  opportunityId: string;

  @Column('uuid', { nullable: true })
  contactId: string | null;

  @Column('text')
  reason: FeedbackReason;

  @Column('text')
  text: string;

  /** The opportunity's at the time: a change of what was in the way makes it worth telling again. */
  @Column('integer')
  materialRevision: number;

  @Column('timestamptz')
  at: Date;
}

/** An opportunity that a firm keeps on its list. */
@Entity('saved')
export class Saved {
  @PrimaryColumn('uuid')
  firmId: string;

  @PrimaryColumn('uuid')
  opportunityId: string;

  @Column('uuid', { nullable: true })
  contactId: string | null;

  @Column('timestamptz')
  at: Date;
}
