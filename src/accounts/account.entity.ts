import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Language } from '../language/language.js';

export const ROLES = ['member', 'curator', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** A person who signs in. A member belongs to one firm; curators and administrators to the chamber. */
@Entity('account')
export class Account {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  email: string;

  /** argon2id, with its parameters inside. */
  @Column('text')
  passwordHash: string;

  @Column('text')
  name: string;

  @Column('text')
  role: Role;

  @Column('text')
  language: Language;

  @Column('uuid', { nullable: true })
  firmId: string | null;

  @Column('timestamptz', { nullable: true })
  disabledAt: Date | null;

  /** Proves the newest mailed link; null once it has been used. */
  @Column('text', { nullable: true })
  linkNonce: string | null;

  @Column('timestamptz', { nullable: true })
  linkSentAt: Date | null;

  @Column('timestamptz')
  createdAt: Date;
}
