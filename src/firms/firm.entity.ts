import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import type { Language } from '../language/language.js';
import type { OpportunityKind } from '../statement/kinds.js';
import type { Period } from '../nomenclature/units.js';

export const FIRM_STATUSES = ['applied', 'admitted', 'suspended', 'refused'] as const;
export type FirmStatus = (typeof FIRM_STATUSES)[number];
export const MEMBERSHIP_CLASSES = ['corporate', 'associate'] as const;
export type MembershipClass = (typeof MEMBERSHIP_CLASSES)[number];
/** By the people who work there: up to 9, up to 49, up to 249, more. */
export const FIRM_SIZES = ['micro', 'small', 'medium', 'large'] as const;
export type FirmSize = (typeof FIRM_SIZES)[number];
export const SIDES = ['offer', 'need'] as const;
export type Side = (typeof SIDES)[number];

/** A member business, or one that has asked to become a member. */
@Entity('firm')
export class Firm {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  place: string | null;

  @Column('text', { default: 'applied' })
  status: FirmStatus;

  /** Why it was suspended or refused, as the desk wrote it. */
  @Column('text', { nullable: true })
  statusReason: string | null;

  @Column('text', { nullable: true })
  membershipClass: MembershipClass | null;

  @Column('text', { nullable: true })
  membershipNumber: string | null;

  /** Always a 31 March (Trade Organizations Rules 2013); the last day on which the membership holds. */
  @Column('date', { nullable: true })
  membershipValidUntil: string | null;

  @Column('boolean', { default: false })
  womenLed: boolean;

  /** Null where the firm has not said. */
  @Column('text', { nullable: true })
  size: FirmSize | null;

  /** Seven digits, perhaps a check digit behind a dash; only the shape is known. */
  @Column('text', { nullable: true })
  ntn: string | null;

  @Column('text', { nullable: true })
  strn: string | null;

  @Column('text', { nullable: true })
  secp: string | null;

  /** E.164. */
  @Column('text', { nullable: true })
  phone: string | null;

  @Column('text', { nullable: true })
  whatsapp: string | null;

  @Column('text', { default: '' })
  about: string;

  @Column('text')
  language: Language;

  /** Codes of the statement's sectors. */
  @Column('text', { array: true, default: '{}' })
  sectors: string[];

  /** Kinds of opportunity it asks for beside trading its offers and needs. */
  @Column('text', { array: true, default: '{}' })
  seeks: OpportunityKind[];

  /** Countries it wants to deal with (ISO 3166-1 alpha-2); empty means any. */
  @Column('text', { array: true, default: '{}' })
  markets: string[];

  @Column('text', { array: true, default: '{}' })
  certificates: string[];

  @Column('text', { array: true, default: '{}' })
  excludedCountries: string[];

  @Column('text', { array: true, default: '{}' })
  excludedKinds: OpportunityKind[];

  @Column('text', { array: true, default: '{}' })
  excludedWords: string[];

  /** Goes up with every change that matching could see. */
  @Column('integer', { default: 1 })
  revision: number;

  @Column('timestamptz')
  appliedAt: Date;

  @Column('timestamptz', { nullable: true })
  admittedAt: Date | null;

  @Column('uuid', { nullable: true })
  admittedBy: string | null;

  @OneToMany(() => FirmLine, (line) => line.firm, { cascade: ['insert'] })
  lines: Relation<FirmLine[]>;
}

/** An offer (what it can supply) or a need (what it looks for): a line of a firm's profile, in the firm's own words. */
@Entity('firm_line')
export class FirmLine {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  firmId: string;

  @ManyToOne(() => Firm, (firm) => firm.lines, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'firm_id', foreignKeyConstraintName: 'firm_line_firm_id_fkey' })
  firm: Relation<Firm>;

  @Column('text')
  side: Side;

  @Column('smallint')
  position: number;

  @Column('text')
  text: string;

  /** HS codes without dots, of 2, 4 or 6 digits. */
  @Column('text', { array: true, default: '{}' })
  hs: string[];

  /** ISIC Rev.4 codes of 2 to 4 digits, for services. */
  @Column('text', { array: true, default: '{}' })
  isic: string[];

  /** What the words were taken to mean where the firm chose no code. */
  @Column('text', { array: true, default: '{}' })
  guessedHs: string[];

  @Column('text', { array: true, default: '{}' })
  guessedIsic: string[];

  /** How much it can supply in a period, in `unit`. */
  @Column('double precision', { nullable: true })
  capacity: number | null;

  @Column('text', { nullable: true })
  unit: string | null;

  @Column('text', { nullable: true })
  period: Period | null;

  /** Months of supply, 1-12; empty means all year. */
  @Column('smallint', { array: true, default: '{}' })
  months: number[];

  @Column('text', { array: true, default: '{}' })
  certificates: string[];
}

/** A person of a firm with a mail address and a subscription of their own. */
@Entity('contact')
export class Contact {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  firmId: string;

  @ManyToOne(() => Firm, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'firm_id', foreignKeyConstraintName: 'contact_firm_id_fkey' })
  firm: Relation<Firm>;

  @Column('uuid', { nullable: true })
  accountId: string | null;

  @Column('text')
  name: string;

  @Column('text')
  email: string;

  @Column('text')
  language: Language;

  @Column('text')
  nonce: string;

  @Column('smallint', { default: 0 })
  codeAttempts: number;

  @Column('timestamptz')
  confirmSentAt: Date;

  @Column('timestamptz', { nullable: true })
  confirmedAt: Date | null;

  /** When the person agreed to digests by mail; null means they did not. */
  @Column('timestamptz', { nullable: true })
  digestConsentAt: Date | null;

  @Column('timestamptz')
  createdAt: Date;
}
