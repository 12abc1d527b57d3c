import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock, localDate } from '../../common/clock.js';
import { ENV } from '../../config/config.module.js';
import type { Env } from '../../config/env.js';
import { firmFacts, opportunityFacts } from '../matching.queries.js';
import { type Epoch, EpochMaker, NO_EPOCH } from '../scoring/epoch.js';
import { admittedFirms, changesOfThisServer, changesSince, latestEpoch, publishedOpportunities, saveEpoch } from '../store.queries.js';
import type { FirmFacts } from '../scoring/facts.js';
import { FirmIndex, type Lead } from './firm-index.js';

/** Firms read at once while the index is built. */
const PAGE = 1000;
/** A transaction that met a change made meanwhile is tried again; each time the index has caught up. */
const TRIES = 20;

/** The index as it stands at the snapshot of a transaction. */
export interface View {
  readonly manager: EntityManager;
  readonly firms: FirmIndex;
  /** Open opportunities by id. */
  readonly leads: ReadonlyMap<string, Lead>;
  readonly epoch: Epoch;
  readonly epochId: number;
  /** Local calendar day of the chamber. */
  readonly today: string;
}

/**
 * The index of this process, true to the rows: whoever uses it does so in a transaction, to whose snapshot the index is brought first. It can then
 * be ahead of other processes and of rows, never behind the snapshot; what is ahead fails on the rows it would rest on, and is tried again.
 */
@Injectable()
export class MatchIndex {
  private readonly log = new Logger('matching');
  private readonly firms = new FirmIndex();
  private readonly leads = new Map<string, Lead>();
  private epochId = -1;
  private day = '';
  /** Every transaction below this has been seen; undefined until the index is built. */
  private seen: bigint | undefined;
  /** Snapshots are taken and applied one after the other, so that an older one never overwrites a newer. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  /**
   * Works in one repeatable-read transaction on an index that has caught up with it. What the index says must be asked for before the first
   * `await`: later another snapshot may have been applied.
   */
  async at<T>(work: (view: View) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.once(work);
      } catch (error) {
        // 40001: a row changed under us; 40P01: two of us met crosswise
        if (tries === TRIES || !['40001', '40P01'].includes((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  private async once<T>(work: (view: View) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    let release: () => void = () => undefined;
    const before = this.turn;
    this.turn = new Promise<void>((done) => (release = done));
    try {
      await before;
      await runner.startTransaction('REPEATABLE READ');
      const view = await this.caughtUp(runner.manager);
      const result = work(view);
      release();
      const found = await result;
      await runner.commitTransaction();
      return found;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      release();
      await runner.release();
    }
  }

  /** Builds the index, where that has not been done. */
  async warm(): Promise<void> {
    await this.at(() => Promise.resolve());
  }

  /**
   * Freezes the weights of words anew, as admitted firms use them today.
   * @returns the number of the epoch; everything is owed with it
   */
  async renewEpoch(): Promise<number> {
    return this.source.transaction('REPEATABLE READ', async (manager) => {
      const maker = new EpochMaker();
      for await (const page of this.pages(manager)) page.forEach((firm) => maker.firm(firm));
      (await opportunityFacts(manager, this.today(), await publishedOpportunities(manager))).forEach((lead) => maker.lead(lead));
      return saveEpoch(manager, maker.made(), this.clock.now());
    });
  }

  private today(): string {
    return localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
  }

  private async caughtUp(manager: EntityManager): Promise<View> {
    const today = this.today();
    const { seen, epoch: epochId, changed } = await changesSince(manager, String(this.seen ?? 2n ** 63n));
    if (epochId !== this.epochId) {
      this.firms.setEpoch((await latestEpoch(manager)) ?? NO_EPOCH);
      this.epochId = epochId;
      // leads carry the weights of their words
      this.day = '';
    }
    if (this.seen === undefined) await this.build(manager);
    else {
      const firms = changed.filter(({ side, id, revision }) => side === 'firm' && revision !== this.firms.revisionOf(id)).map(({ id }) => id);
      for (let i = 0; i < firms.length; i += PAGE) await this.refresh(manager, firms.slice(i, i + PAGE));
    }
    // what is open depends on the day
    const leads =
      this.day === today
        ? changed.filter(({ side, id, revision }) => side === 'opportunity' && revision !== this.leads.get(id)?.facts.revision).map(({ id }) => id)
        : await publishedOpportunities(manager);
    if (this.day !== today) this.leads.clear();
    for (const id of leads) this.leads.delete(id);
    for (const lead of await opportunityFacts(manager, today, leads)) if (lead.open) this.leads.set(lead.id, this.firms.compile(lead));
    this.day = today;
    this.seen = BigInt(seen);
    return { manager, firms: this.firms, leads: this.leads, epoch: this.firms.epoch, epochId, today };
  }

  private async refresh(manager: EntityManager, ids: readonly string[]): Promise<void> {
    const facts = new Map((await firmFacts(manager, ids)).map((firm) => [firm.id, firm]));
    for (const id of ids) {
      const firm = facts.get(id);
      if (firm?.admitted) this.firms.put(firm);
      else this.firms.remove(id);
    }
  }

  private async build(manager: EntityManager): Promise<void> {
    const began = performance.now();
    await changesOfThisServer(manager);
    await this.firms.fill(this.pages(manager));
    this.log.log(`index: ${this.firms.size} firms in ${Math.round(performance.now() - began)} ms, ${Math.round(this.firms.bytes / 2 ** 20)} MB`);
  }

  /** All admitted firms. */
  private async *pages(manager: EntityManager): AsyncIterable<FirmFacts[]> {
    let read = 0;
    for (let ids = await admittedFirms(manager, null, PAGE); ids.length; ids = await admittedFirms(manager, ids.at(-1) ?? null, PAGE)) {
      yield await firmFacts(manager, ids);
      if ((read += ids.length) % (20 * PAGE) === 0) this.log.log(`index: ${read} firms read`);
      // others must get their turn
      await new Promise((next) => setImmediate(next));
    }
  }
}
