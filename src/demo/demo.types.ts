import type { InAllLanguages, Language } from '../language/language.js';

/** A line of a demo firm's profile. Codes without dots. */
export interface DemoLine {
  readonly text: string;
  readonly hs?: readonly string[];
  readonly isic?: readonly string[];
  readonly capacity?: { readonly amount: number; readonly unit: string; readonly period: 'month' | 'quarter' | 'year' };
  /** Months of supply, 1-12; absent = all year. */
  readonly months?: readonly number[];
  readonly certificates?: readonly string[];
}

export interface DemoFirm {
  /** 1-25 as in the table of demo firms; 26 and up for those that are there for their state. */
  readonly number: number;
  readonly name: string;
  readonly place: string;
  readonly membershipClass: 'corporate' | 'associate';
  readonly womenLed?: true;
  readonly language: Language;
  readonly contact: { readonly name: string; readonly email: string };
  readonly about: string;
  readonly offers: readonly DemoLine[];
  readonly needs: readonly DemoLine[];
  /** Kinds of opportunity the firm asks for beside trading its offers and needs. */
  readonly seeks: readonly string[];
  readonly sectors: readonly string[];
  readonly ntn?: string;
  readonly state?: 'lapsed' | 'suspended' | 'unsubscribed' | 'unconfirmed' | 'applied' | 'bouncing';
}

export interface DemoOpportunity {
  readonly number: number;
  readonly kind: string;
  readonly title: InAllLanguages;
  readonly summary: InAllLanguages;
  readonly hs: readonly string[];
  readonly isic?: readonly string[];
  readonly quantity?: { readonly amount: number; readonly unit: string; readonly period?: 'month' | 'quarter' | 'year' };
  /** Value in whole US dollars. */
  readonly valueUsd?: number;
  /** Two-letter country of the counterparty (ISO 3166-1). */
  readonly country: string;
  readonly place?: string;
  readonly counterparty: { readonly name: string; readonly email: string; readonly phone?: string };
  readonly sectors: readonly string[];
  readonly platforms?: readonly string[];
  readonly corridors?: readonly string[];
  readonly instruments?: readonly string[];
  readonly certificates?: readonly string[];
  readonly deliveryMonths?: readonly number[];
  /** Days after the first start. */
  readonly deadlineDays: number;
  /** Days before the first start at which it was published (stale leads). */
  readonly publishedDaysAgo?: number;
  readonly state: 'published' | 'held' | 'closed';
  readonly holdReason?: 'duplicate' | 'same-name' | 'fraud';
}
