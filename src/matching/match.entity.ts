import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Blocker, Evidence } from './scoring/facts.js';

/** A firm and an opportunity with a score, the evidence for it and the blockers against it; reproducible from the revisions and the engine. */
@Entity('match')
export class Match {
  @PrimaryColumn('uuid')
  firmId: string;

  @PrimaryColumn('uuid')
  opportunityId: string;

  /** 0-100, unrounded. */
  @Column('double precision')
  score: number;

  @Column('jsonb')
  evidence: Evidence[];

  @Column('jsonb')
  blockers: Blocker[];

  @Column('text')
  engine: string;

  /** Which frozen weights of words it was computed with. */
  @Column('integer', { default: 0 })
  epoch: number;

  @Column('integer')
  firmRevision: number;

  @Column('integer')
  opportunityRevision: number;

  @Column('timestamptz')
  computedAt: Date;
}
