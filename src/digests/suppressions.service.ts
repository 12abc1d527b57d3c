import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock, localDate } from '../common/clock.js';
import { conflict, notFound, parse } from '../common/errors.js';
import { cursor, type Page, pageOf, pageQuery } from '../common/paging.js';
import { email, line } from '../common/text.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import {
  addressSha256,
  lift,
  STREAMS,
  suppress,
  SUPPRESSION_KINDS,
  type SuppressionEvent,
  suppressionHistory,
  type SuppressionRow,
  suppressions,
} from './suppressions.queries.js';

export const suppressionsQuery = pageQuery.extend({ kind: z.enum(SUPPRESSION_KINDS).optional() });
const stream = z.enum(STREAMS).default('digest');
export const addSchema = z.strictObject({ address: email, stream, reason: line(300) });
export const liftSchema = z.strictObject({ addressSha256: z.string().regex(/^[0-9a-f]{64}$/), stream, reason: line(300) });
export const searchSchema = z.strictObject({ address: email });
const BY_HASH = z.tuple([z.iso.datetime(), z.string()]);

/** Addresses that are mailed no more, or not for a time: what the chamber sees of them, and what it may change. */
@Injectable()
export class SuppressionsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  /**
   * What is suppressed today, latest first.
   * @param input `kind`, `after`, `limit`
   */
  async list(input: unknown): Promise<Page<SuppressionRow>> {
    const { kind, after, limit } = parse(suppressionsQuery, input);
    const today = localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
    const rows = await suppressions(this.source.manager, today, { kind, after: cursor(after, BY_HASH), limit: limit + 1 });
    return pageOf(rows, limit, (row) => [row.created_at.toISOString(), row.address_sha256]);
  }

  /** Whether an address is suppressed today, and what became of it before. */
  async search(input: unknown): Promise<{ address: string; found: SuppressionRow[]; history: SuppressionEvent[] }> {
    const { address } = parse(searchSchema, input);
    const today = localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE);
    const of = { addressSha256: addressSha256(address), limit: 10 };
    const [found, history] = await Promise.all([suppressions(this.source.manager, today, of), suppressionHistory(this.source.manager, of.addressSha256)]);
    return { address, found, history };
  }

  /**
   * Suppresses an address by hand, for good.
   * @param input `address`, `reason`, and the `stream`, else that of the digests
   * @param by account of the chamber
   * @returns whether it was not so before
   */
  async add(input: unknown, by: string): Promise<boolean> {
    const { address, ...given } = parse(addSchema, input);
    const added = { ...given, addressSha256: addressSha256(address), kind: 'by-hand', until: null, by } as const;
    return this.source.transaction((manager) => suppress(manager, added, this.clock.now()));
  }

  /**
   * Lets mail go to an address again, and its soft bounces count from nought.
   * @param input `addressSha256`, `reason`, and the `stream`, else that of the digests
   * @param by account of the chamber
   * @throws AppError NotFound where it is not suppressed; Conflict after a complaint, which only another address undoes
   */
  async lift(input: unknown, by: string): Promise<void> {
    const given = parse(liftSchema, input);
    await this.source.transaction(async (manager) => {
      if (await lift(manager, { ...given, by }, this.clock.now())) return;
      const left = await manager.query<unknown[]>('select 1 from suppression where address_sha256 = $1 and stream = $2', [given.addressSha256, given.stream]);
      throw left.length ? conflict('status', 'complaint-stays') : notFound();
    });
  }
}
