import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { changedLeads, type PublicLead } from './opportunities.queries.js';
import { hsKey, type Sought } from './search.js';

/** What a reader looks for; what is left out is not asked about. */
export interface LeadFilter {
  readonly sector?: string | undefined;
  readonly kind?: string | undefined;
  readonly country?: string | undefined;
  /** Digits of an HS code: leads of that code and of those below it. */
  readonly hs?: string | undefined;
  /** Last day at the latest, YYYY-MM-DD. */
  readonly until?: string | undefined;
  readonly sought?: Sought | undefined;
}

interface Found {
  readonly lead: PublicLead;
  /** When it was published, in milliseconds of the epoch. */
  readonly at: number;
  /** What the search finds it by. */
  readonly keys: readonly string[];
}

/**
 * The published leads in memory, brought up to the rows before each question: one question to PostgreSQL for all readers who wait, which reads the leads
 * that were touched since the last look, hence mostly none.
 */
@Injectable()
export class OpenLeads {
  private readonly byId = new Map<string, Found>();
  private readonly byKey = new Map<string, Set<Found>>();
  private byReference: ReadonlyMap<string, PublicLead> = new Map();
  /** Those published last first. */
  private inOrder: readonly Found[] = [];
  /** Until a lead is touched, or the day ends. */
  private counted: { readonly today: string; readonly bySector: ReadonlyMap<string, number> } | undefined;
  /** Every transaction below this has been seen. */
  private seen = '0';
  /** The look that is under way, and the next one: looks follow each other, so that an older one never overwrites a newer. */
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** Those that are open and are looked for, published last first, after the last one seen. */
  async find(today: string, filter: LeadFilter, after: readonly [at: string, id: string] | undefined, limit: number): Promise<PublicLead[]> {
    await this.look();
    const { sector, kind, country, hs, until, sought } = filter;
    const code = hs && this.withKey(hsKey(hs));
    const words = sought?.words.map((word) => this.withKey(word));
    const meanings = sought?.meanings.map((meaning) => this.withKey(meaning)).filter(({ size }) => size);
    const [last, lastId] = after ? [Date.parse(after[0]), after[1]] : [Infinity, ''];
    const found: PublicLead[] = [];
    for (const one of this.inOrder) {
      const { lead, at } = one;
      const day = lead.openUntil ?? '';
      if (
        (at < last || (at === last && lead.id > lastId)) &&
        day >= today &&
        (!until || day <= until) &&
        (!sector || lead.sectors.includes(sector)) &&
        (!kind || lead.kind === kind) &&
        (!country || lead.country === country) &&
        (!code || code.has(one)) &&
        (!words || words.every((leads) => leads.has(one)) || meanings?.some((leads) => leads.has(one))) &&
        found.push(lead) === limit
      )
        break;
    }
    return found;
  }

  /** How many open leads each sector has. */
  async bySector(today: string): Promise<ReadonlyMap<string, number>> {
    await this.look();
    if (this.counted?.today !== today) this.counted = { today, bySector: this.count(today) };
    return this.counted.bySector;
  }

  private count(today: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { lead } of this.inOrder)
      if ((lead.openUntil ?? '') >= today) for (const sector of lead.sectors) counts.set(sector, (counts.get(sector) ?? 0) + 1);
    return counts;
  }

  /** A published lead by its public reference. */
  async one(reference: string): Promise<PublicLead | undefined> {
    await this.look();
    return this.byReference.get(reference);
  }

  private withKey(key: string): ReadonlySet<Found> {
    return this.byKey.get(key) ?? NONE;
  }

  /** Whoever comes while a look is under way waits for the next: it may have missed what they have just written. */
  private look(): Promise<void> {
    return (this.next ??= this.running.then(() => {
      this.next = undefined;
      const look = this.catchUp();
      this.running = look.catch(() => undefined);
      return look;
    }));
  }

  private async catchUp(): Promise<void> {
    const { seen, changed } = await changedLeads(this.source, this.seen);
    for (const { id, keys, ...lead } of changed) {
      this.takeOff(id);
      if (keys) this.put({ lead: { ...lead, id }, at: lead.publishedAt?.getTime() ?? 0, keys });
    }
    if (changed.length) {
      this.counted = undefined;
      this.inOrder = [...this.byId.values()].sort((a, b) => b.at - a.at || (a.lead.id < b.lead.id ? -1 : 1));
      this.byReference = new Map(this.inOrder.map(({ lead }) => [lead.reference, lead]));
    }
    this.seen = seen;
  }

  private put(found: Found): void {
    this.byId.set(found.lead.id, found);
    for (const key of found.keys) {
      const leads = this.byKey.get(key) ?? new Set();
      this.byKey.set(key, leads.add(found));
    }
  }

  private takeOff(id: string): void {
    const found = this.byId.get(id);
    if (!found) return;
    this.byId.delete(id);
    for (const key of found.keys) {
      const leads = this.byKey.get(key);
      leads?.delete(found);
      if (leads?.size === 0) this.byKey.delete(key);
    }
  }
}

const NONE: ReadonlySet<Found> = new Set();
