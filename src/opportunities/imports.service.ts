import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Brackets, type DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { record } from '../audit/audit.js';
import { Clock } from '../common/clock.js';
import { AppError, conflict, type Issue, notFound, parse } from '../common/errors.js';
import { sha256 } from '../common/tokens.js';
import { type Concern, concernsOf, type LeadFacts } from './concerns.js';
import { type ImportRow, keyOf, readImport } from './import-file.js';
import {
  alone,
  fileOf,
  forgetRows,
  type Imported,
  importedByKey,
  importedFrom,
  type ImportFile,
  keepFile,
  latestFiles,
  markFile,
  noteRows,
  removeUntouched,
} from './imports.queries.js';
import { columnsOf, OpportunitiesService } from './opportunities.service.js';
import { Opportunity } from './opportunity.entity.js';
import type { OpportunityInput } from './opportunity.schemas.js';

/** So long a file can be saved, taken back and saved again without being given once more. */
const KEPT_MS = 30 * 86_400_000;

export const importSchema = z.strictObject({ content: z.string() });

/** What would become of a row: saved as a draft, there already, there with other words, or refused. */
export const ROW_STATES = ['new', 'same', 'changed', 'wrong'] as const;
export type RowState = (typeof ROW_STATES)[number];

export interface CheckedRow {
  readonly line: number;
  readonly reference: string;
  readonly state: RowState;
  readonly issues: readonly Issue[];
  /** What the reviewer will be told of it. */
  readonly concerns: readonly Concern[];
  /** The lead that is there already. */
  readonly lead: Imported | null;
}
interface Read extends CheckedRow {
  readonly key: string;
  readonly sha256: string;
  readonly given: OpportunityInput | null;
}

/** A file, what would become of its rows now, and what came of it. */
export interface Import {
  readonly file: ImportFile;
  readonly rows: readonly CheckedRow[];
  readonly saved: readonly Imported[];
}

/** Files of leads: looked at first, then saved as drafts, all at once or not at all; a draft nobody touched can be taken back. */
@Injectable()
export class ImportsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly opportunities: OpportunitiesService,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps the rows of a file for a look at what they would do; the same one twice is the same import.
   * @throws AppError Invalid for what is no file of leads
   */
  async upload(input: unknown, by: string): Promise<string> {
    const { content } = parse(importSchema, input);
    const rows = readImport(content).map((row) => this.readable(row));
    const now = this.clock.now();
    await forgetRows(this.source.manager, new Date(now.getTime() - KEPT_MS));
    return keepFile(this.source.manager, sha256(content), rows, by, now);
  }

  /** A row that would be refused says no more than why: what may not be stored, such as a CNIC, is not stored on the way either. */
  private readable(row: ImportRow): ImportRow {
    const issues = row.issues.length ? row.issues : this.issuesOf(row);
    return issues.length ? { ...row, input: {}, issues } : row;
  }

  private issuesOf({ input }: ImportRow): readonly Issue[] {
    try {
      this.opportunities.read(input);
      return [];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.issues;
    }
  }

  latest(): Promise<Omit<ImportFile, 'rows'>[]> {
    return latestFiles(this.source.manager, 20);
  }

  /** @throws AppError NotFound */
  async get(id: string): Promise<Import> {
    const file = await this.file(id);
    const [rows, saved] = await Promise.all([this.check(file), importedFrom(this.source.manager, id)]);
    return { file, rows, saved };
  }

  private async file(id: string): Promise<ImportFile> {
    const file = await fileOf(this.source.manager, id);
    if (!file) throw notFound();
    return file;
  }

  private async check({ rows }: ImportFile): Promise<Read[]> {
    const there = new Map(
      (
        await importedByKey(
          this.source.manager,
          rows.map((row) => sha256(keyOf(row))),
        )
      ).map((one) => [one.key, one]),
    );
    const read = rows.map((row): Read => {
      const [key, said] = [sha256(keyOf(row)), sha256(JSON.stringify(row.input))];
      const base = { line: row.line, reference: row.reference, key, sha256: said, concerns: [], lead: null, given: null };
      if (row.issues.length) return { ...base, state: 'wrong', issues: row.issues };
      const lead = there.get(key);
      if (lead?.sha256 === said) return { ...base, state: 'same', issues: [], lead };
      // what could be read when the file came may be refused today: a deadline passes
      const issues = this.issuesOf(row);
      if (issues.length) return { ...base, state: 'wrong', issues, lead: lead ?? null };
      return { ...base, state: lead ? 'changed' : 'new', issues, lead: lead ?? null, given: this.opportunities.read(row.input) };
    });
    const others = await this.ofSameParties(read.flatMap(({ given }) => given ?? []));
    const before: LeadFacts[] = [];
    return read.map((row) => {
      if (row.state !== 'new' || !row.given) return row;
      const facts = factsOf(row.given);
      const concerns = concernsOf(facts, [...others, ...before]);
      before.push(facts);
      return { ...row, concerns };
    });
  }

  /** Leads that are open or in review with one of these counterparties. */
  private async ofSameParties(leads: readonly OpportunityInput[]): Promise<Opportunity[]> {
    if (!leads.length) return [];
    return this.source.manager
      .createQueryBuilder(Opportunity, 'o')
      .where(`o.status in ('in_review', 'published')`)
      .andWhere(
        new Brackets((either) =>
          either
            .where('lower(o.counterparty) = any(:names)', { names: leads.map(({ counterparty }) => counterparty.toLowerCase()) })
            .orWhere('lower(o.counterpartyEmail) = any(:emails)', { emails: leads.flatMap(({ counterpartyEmail }) => counterpartyEmail ?? []) }),
        ),
      )
      .getMany();
  }

  /**
   * Saves each new row as a draft, in one transaction; once more changes nothing.
   * @throws AppError NotFound
   */
  async apply(id: string, by: string): Promise<Import> {
    const rows = await this.check(await this.file(id));
    const leads: { row: Read; columns: ReturnType<typeof columnsOf> }[] = [];
    for (const row of rows) {
      if (row.state === 'new' && row.given) leads.push({ row, columns: columnsOf(row.given, await this.opportunities.guess(row.given)) });
    }
    await this.source.transaction(async (manager) => {
      await alone(manager);
      const there = new Set(
        (
          await importedByKey(
            manager,
            leads.map(({ row }) => row.key),
          )
        ).map(({ key }) => key),
      );
      const missing = leads.filter(({ row }) => !there.has(row.key));
      const now = this.clock.now();
      const made = await manager.save(
        missing.map(({ columns }) => manager.create(Opportunity, { ...columns, createdBy: by, createdAt: now })),
        { chunk: 100 },
      );
      await noteRows(
        manager,
        id,
        made.map((lead, i) => ({ id: lead.id, key: missing[i]?.row.key ?? '', sha256: missing[i]?.row.sha256 ?? '' })),
      );
      await markFile(manager, id, 'applied', now);
      await this.note(manager, id, by, 'import applied', made.length);
    });
    return this.get(id);
  }

  /**
   * Removes the drafts of this file that nobody has touched since; what has been worked on stays.
   * @throws AppError NotFound; Conflict for one that was not applied
   */
  async undo(id: string, by: string): Promise<Import> {
    if (!(await this.file(id)).appliedAt) throw conflict('status', 'no-such-step');
    await this.source.transaction(async (manager) => {
      await alone(manager);
      const removed = await removeUntouched(manager, id);
      await markFile(manager, id, 'undone', this.clock.now());
      await this.note(manager, id, by, 'import undone', removed);
    });
    return this.get(id);
  }

  private note(manager: EntityManager, id: string, actor: string, act: string, leads: number): Promise<void> {
    return record(manager, { at: this.clock.now(), party: 'chamber', actor, act, subject: 'import', subjectId: id, detail: { leads } });
  }
}

const factsOf = (given: OpportunityInput): LeadFacts => ({
  ...given,
  valueUsd: given.valueUsd ?? null,
  place: given.place ?? null,
  counterpartyEmail: given.counterpartyEmail ?? null,
  counterpartyPhone: given.counterpartyPhone ?? null,
});

/** How many rows are in which state, and how many of the new ones a reviewer will be warned about. */
export function countsOf(rows: readonly CheckedRow[]): Record<RowState | 'held', number> {
  const counts = { new: 0, same: 0, changed: 0, wrong: 0, held: 0 };
  for (const row of rows) {
    counts[row.state]++;
    if (row.concerns.length) counts.held++;
  }
  return counts;
}
