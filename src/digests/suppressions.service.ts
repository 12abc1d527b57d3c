import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../common/clock.js';
import { conflict, parse } from '../common/errors.js';
import { cursor, type Page, pageOf, type PageQuery } from '../common/paging.js';
import { email, line } from '../common/text.js';
import { sha256 } from '../common/tokens.js';
import { type Lifted, liftedOf, type Suppressed, suppressedPage } from './suppressions.queries.js';

export const STREAMS = ['digest', 'all'] as const;

export const suppressionSchema = z.strictObject({ email, stream: z.enum(STREAMS).default('digest'), reason: line(200) });
export const searchSchema = z.strictObject({ email });
/** Named by the hash of the address: the address itself may be erased already. */
export const liftingSchema = z.strictObject({
  address: z.string().regex(/^[0-9a-f]{64}$/),
  stream: z.string().regex(/^[a-z-]{1,20}$/),
  reason: line(200),
});

const BY_TIME_AND_ADDRESS = z.tuple([z.iso.datetime(), z.string().max(64), z.string().max(20)]);

/** Addresses that are not mailed, by hash: it outlives the erasure of the address. */
@Injectable()
export class SuppressionsService {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Latest first. Index: suppression_latest. */
  async list(page: PageQuery): Promise<Page<Suppressed>> {
    const after = cursor(page.after, BY_TIME_AND_ADDRESS);
    const rows = await suppressedPage(this.source.manager, { after }, page.limit + 1);
    return pageOf(rows, page.limit, (row) => [row.created_at.toISOString(), row.address_sha256, row.stream]);
  }

  /** Whether an address is on the list, and how it came off it before. */
  async search(input: unknown): Promise<{ email: string; found: Suppressed[]; lifted: Lifted[] }> {
    const given = parse(searchSchema, input);
    const address = sha256(given.email);
    const [found, lifted] = await Promise.all([suppressedPage(this.source.manager, { address }, 10), liftedOf(this.source.manager, address)]);
    return { email: given.email, found, lifted };
  }

  /** Puts an address on the list by hand; one that is on it already keeps its first reason. */
  async add(input: unknown, by: string): Promise<void> {
    const given = parse(suppressionSchema, input);
    await this.source.query(
      'insert into suppression (address_sha256, stream, reason, created_at, created_by) values ($1, $2, $3, $4, $5) on conflict do nothing',
      [sha256(given.email), given.stream, given.reason, this.clock.now(), by],
    );
  }

  /**
   * Takes an address off the list; who did it, when and why is kept.
   * @throws AppError Conflict where it is not on it (any more)
   */
  async lift(input: unknown, by: string): Promise<void> {
    const given = parse(liftingSchema, input);
    const lifted = await this.source.query<unknown[]>(
      `with off as (delete from suppression where address_sha256 = $1 and stream = $2 returning address_sha256, stream, reason, created_at, created_by)
       insert into suppression_lifted (address_sha256, stream, reason, created_at, created_by, lifted_at, lifted_by, lifted_reason)
       select address_sha256, stream, reason, created_at, created_by, $3, $4, $5 from off returning id`,
      [given.address, given.stream, this.clock.now(), by, given.reason],
    );
    if (!lifted.length) throw conflict('form', 'not-suppressed');
  }
}
