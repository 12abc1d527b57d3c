import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { AppError, conflict, invalid, notFound, parse } from '../common/errors.js';
import { BY_TIME, cursor, type Page, pageOf } from '../common/paging.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { JobsService } from '../jobs/jobs.service.js';
import { inLanguage } from '../language/say.js';
import { type Guess, NomenclatureService } from '../nomenclature/nomenclature.service.js';
import { corridorsOf } from '../nomenclature/sectors.js';
import { type Concern, concernsOf, type LeadFacts } from './concerns.js';
import { OpenLeads } from './open-leads.js';
import type { LeadCard, PublicLead } from './opportunities.queries.js';
import { type ClosedAs, Opportunity, type OpportunityStatus, type Review } from './opportunity.entity.js';
import {
  closingSchema,
  type deskQuery,
  type OpportunityInput,
  type opportunityQuery,
  opportunitySchema,
  publicationSchema,
  returnSchema,
} from './opportunity.schemas.js';
import { searchKeysOf, soughtOf } from './search.js';

/** A lead without a deadline is open this many days. */
const OPEN_DAYS = 90;
/** Leads on the first page. */
const LATEST = 5;

/** What the first page says of the leads that are open now. */
export interface Overview {
  readonly bySector: ReadonlyMap<string, number>;
  readonly latest: readonly LeadCard[];
}

/** What becomes of a review: 10 marks of 20 and no zero publish it, four or fewer send it back, the rest is held. */
export function verdict(review: Review): 'publish' | 'hold' | 'return' {
  const marks = [review.clear, review.complete, review.source, review.wanted];
  const sum = marks.reduce((a, b) => a + b, 0);
  if (sum <= 4) return 'return';
  return sum >= 10 && !marks.includes(0) ? 'publish' : 'hold';
}

@Injectable()
export class OpportunitiesService {
  constructor(
    @InjectRepository(Opportunity) private readonly opportunities: Repository<Opportunity>,
    @Inject(ENV) private readonly env: Env,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
    private readonly nomenclature: NomenclatureService,
    private readonly leads: OpenLeads,
  ) {}

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  /** @throws AppError Invalid */
  async draft(input: unknown, by: string | null): Promise<Opportunity> {
    const given = this.read(input);
    const made = await this.opportunities.save(
      this.opportunities.create({ ...columnsOf(given, await this.guess(given)), createdBy: by, createdAt: this.clock.now() }),
    );
    return this.get(made.id);
  }

  /** What a lead means where it names no code. */
  guess(given: OpportunityInput): Promise<Guess> {
    return this.nomenclature.guessLead({ text: inLanguage(given.title, 'en').text, hs: given.hs, isic: given.isic });
  }

  /**
   * A lead as the desk may save it.
   * @throws AppError Invalid
   */
  read(input: unknown): OpportunityInput {
    const given = parse(opportunitySchema, input);
    if (given.deadline && given.deadline < this.today()) throw invalid('deadline', 'in-the-past');
    return given;
  }

  /**
   * Replaces what the lead says. A published one stays published unless a new concern shows, which puts it back into review; what readers would want to hear again counts as a material change.
   * @throws AppError Invalid, NotFound, Conflict for a closed one
   */
  async update(id: string, input: unknown): Promise<Opportunity> {
    const given = this.read(input);
    const before = await this.get(id);
    if (before.status === 'closed') throw conflict('status', 'already-closed');
    const columns = columnsOf(given, await this.guess(given));
    const material =
      before.deadline !== columns.deadline || before.quantity !== columns.quantity || before.unit !== columns.unit || before.period !== columns.period;
    const concerns = before.status === 'draft' ? [] : await this.concernsOf(id, columns);
    const held = before.status === 'published' && concerns.some((concern) => !before.concerns.includes(concern));
    const told = before.status === 'published' && (material || held);
    await this.step(
      before,
      {
        ...columns,
        concerns,
        ...(held ? { status: 'in_review', concernsClearedBy: null } : {}),
        ...(before.status === 'published' ? { openUntil: this.openUntil(columns.deadline, before.publishedAt ?? this.clock.now()) } : {}),
        ...(told ? { materialRevision: before.materialRevision + 1 } : {}),
      },
      told ? { held } : undefined,
    );
    return this.get(id);
  }

  /** draft → in review, with the concerns that a machine can see. */
  async submit(id: string): Promise<Opportunity> {
    const lead = await this.inStatus(id, 'draft');
    const concerns = await this.concernsOf(id, lead);
    await this.step(lead, { status: 'in_review', concerns, concernsClearedBy: null, reviewNote: null });
    return this.get(id);
  }

  /** What a machine can see of a lead, held against the open ones and those in review of the same counterparty. */
  private async concernsOf(id: string, lead: LeadFacts): Promise<Concern[]> {
    const sameParty = await this.opportunities
      .createQueryBuilder('o')
      .where(`o.status in ('in_review', 'published') and o.id <> :id`, { id })
      .andWhere('(lower(o.counterparty) = lower(:name) or lower(o.counterpartyEmail) = lower(:email))', {
        name: lead.counterparty,
        email: lead.counterpartyEmail ?? '',
      })
      .getMany();
    return concernsOf(lead, sameParty);
  }

  /** in review → draft, with the reason. */
  async sendBack(id: string, input: unknown): Promise<Opportunity> {
    const { reason } = parse(returnSchema, input);
    const lead = await this.inStatus(id, 'in_review');
    await this.step(lead, { status: 'draft', reviewNote: reason });
    return this.get(id);
  }

  /**
   * in review → published, if the four marks say so and no concern stands.
   * @throws AppError Conflict where the marks hold or return it, or a concern has not been cleared; the marks are kept
   */
  async publish(id: string, input: unknown, by: string | null): Promise<Opportunity> {
    const { concernsCleared, ...review } = parse(publicationSchema, input);
    const lead = await this.inStatus(id, 'in_review');
    if (lead.concerns.length && !concernsCleared)
      throw new AppError(
        'Conflict',
        lead.concerns.map((c) => ({ field: 'concerns', reason: `concern-${c}` })),
      );
    if (lead.deadline && lead.deadline < this.today()) throw invalid('deadline', 'in-the-past');
    const says = verdict(review);
    if (says !== 'publish') {
      await this.opportunities.update(id, { review });
      throw conflict('review', says === 'hold' ? 'marks-hold' : 'marks-return');
    }
    const now = this.clock.now();
    await this.step(lead, {
      status: 'published',
      review,
      concernsClearedBy: lead.concerns.length ? by : null,
      publishedAt: now,
      openUntil: this.openUntil(lead.deadline, now),
    });
    await this.jobs.enqueue('matching.opportunity', { opportunityId: id });
    return this.get(id);
  }

  async close(id: string, input: unknown): Promise<Opportunity> {
    const given = parse(closingSchema, input);
    const lead = await this.get(id);
    if (lead.status === 'closed') throw conflict('status', 'already-closed');
    await this.closeAs(lead, given.as);
    return this.get(id);
  }

  /** Closes what has passed its last day. Index: opportunity_open. */
  async expire(): Promise<number> {
    const passed = await this.opportunities.createQueryBuilder('o').where(`o.status = 'published' and o.openUntil < :today`, { today: this.today() }).getMany();
    for (const lead of passed) await this.closeAs(lead, 'expired');
    return passed.length;
  }

  private async closeAs(lead: Opportunity, closedAs: ClosedAs): Promise<void> {
    await this.step(lead, { status: 'closed', closedAs, closedAt: this.clock.now() });
  }

  /**
   * One step of a lead's life; refused when somebody else was quicker.
   * @param told set where the change is worth telling again: what the lead said before is kept beside it
   */
  private async step(before: Opportunity, columns: Partial<Opportunity>, told?: { readonly held: boolean }): Promise<void> {
    await this.opportunities.manager.transaction(async (manager) => {
      const changed = await manager.update(Opportunity, { id: before.id, revision: before.revision }, { ...columns, revision: before.revision + 1 });
      if (!changed.affected) throw conflict('status', 'changed-meanwhile');
      if (told) {
        const { id, materialRevision, openUntil, quantity, unit, period } = before;
        await manager.query(
          `insert into opportunity_change (opportunity_id, material_revision, open_until, quantity, unit, period, held, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [id, materialRevision + 1, openUntil, quantity, unit, period, told.held, this.clock.now()],
        );
      }
    });
    if (before.status === 'published') await this.jobs.enqueue('matching.opportunity', { opportunityId: before.id });
  }

  private openUntil(deadline: string | null, publishedAt: Date): string {
    return deadline ?? localDate(new Date(publishedAt.getTime() + OPEN_DAYS * 86_400_000), this.env.CHAMBER_TIME_ZONE);
  }

  private async inStatus(id: string, status: OpportunityStatus): Promise<Opportunity> {
    const lead = await this.get(id);
    if (lead.status !== status) throw conflict('status', 'no-such-step');
    return lead;
  }

  /** @throws AppError NotFound */
  async get(id: string): Promise<Opportunity> {
    const lead = await this.opportunities.findOneBy({ id });
    if (!lead) throw notFound();
    return lead;
  }

  /**
   * A published lead by its public reference.
   * @throws AppError NotFound
   */
  async open(reference: string): Promise<PublicLead> {
    const lead = await this.leads.one(reference);
    if (!lead) throw notFound();
    return lead;
  }

  /**
   * A lead by its reference, published or not: for the desk.
   * @throws AppError NotFound
   */
  async byReference(reference: string): Promise<Opportunity> {
    const lead = await this.opportunities.findOneBy({ reference });
    if (!lead) throw notFound();
    return lead;
  }

  /** Open leads, those published last first. */
  async listOpen({ after, limit, q, within, ...filter }: z.output<typeof opportunityQuery>): Promise<Page<PublicLead>> {
    const sought = q === undefined ? undefined : soughtOf(q, await this.nomenclature.guess({ text: q, hs: [], isic: [] }));
    const until = within && localDate(new Date(this.clock.now().getTime() + Number(within) * 86_400_000), this.env.CHAMBER_TIME_ZONE);
    const last = cursor(after, BY_TIME);
    const leads = await this.leads.find(this.today(), { ...filter, sought, until }, last, limit + 1);
    return pageOf(leads, limit, (lead) => [lead.publishedAt?.toISOString() ?? '', lead.id]);
  }

  /** What the first page shows. */
  async overview(): Promise<Overview> {
    const today = this.today();
    const [bySector, latest] = await Promise.all([this.leads.bySector(today), this.leads.find(today, {}, undefined, LATEST)]);
    return { bySector, latest };
  }

  async listForDesk(query: z.output<typeof deskQuery>): Promise<Page<Opportunity>> {
    const after = cursor(query.after, BY_TIME);
    const q = this.opportunities
      .createQueryBuilder('o')
      .where('o.status = :status', { status: query.status })
      .orderBy('o.createdAt', 'DESC')
      .addOrderBy('o.id')
      .take(query.limit + 1);
    if (after) q.andWhere('(o.createdAt < :at or (o.createdAt = :at and o.id > :id))', { at: after[0], id: after[1] });
    return pageOf(await q.getMany(), query.limit, (o) => [o.createdAt.toISOString(), o.id]);
  }

  async countByStatus(): Promise<Record<OpportunityStatus, number>> {
    const rows = await this.opportunities
      .createQueryBuilder('o')
      .select('o.status', 'status')
      .addSelect('count(*)', 'n')
      .groupBy('o.status')
      .getRawMany<{ status: OpportunityStatus; n: string }>();
    return Object.assign({ draft: 0, in_review: 0, published: 0, closed: 0 }, Object.fromEntries(rows.map((r) => [r.status, Number(r.n)])));
  }
}

/** @param guess what it means where it names no code */
export function columnsOf({ quantity, ...given }: OpportunityInput, guess: Guess) {
  const columns = { ...given, ...guess, place: given.place ?? null };
  return {
    ...columns,
    search: searchKeysOf(columns),
    // where the curator names none, the goods say it
    corridors: given.corridors.length ? given.corridors : corridorsOf(given),
    quantity: quantity?.amount ?? null,
    unit: quantity?.unit ?? null,
    period: quantity?.period ?? null,
    valueUsd: given.valueUsd ?? null,
    deadline: given.deadline ?? null,
    counterpartyEmail: given.counterpartyEmail ?? null,
    counterpartyPhone: given.counterpartyPhone ?? null,
    source: given.source ?? null,
  };
}
