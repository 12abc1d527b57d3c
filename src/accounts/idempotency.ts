import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../common/clock.js';
import { invalid, parse } from '../common/errors.js';
import { sha256 } from '../common/tokens.js';

/** An answer is kept this long for whoever asks again; forgotten with the ended sessions, once a day. */
export const KEPT_MS = 48 * 3_600_000;

const keySchema = z.strictObject({ 'idempotency-key': z.string().min(1).max(255) });

/** Requests that a client may repeat without doing anything twice: the same `Idempotency-Key` gets the same answer. */
@Injectable()
export class Idempotency {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the work in one transaction with the note that it was done, or gives the answer noted before. Of several at once the later ones wait for
   * the first; where that fails nothing is noted, and the next one does the work.
   * @param key what the client sent; undefined: the work is simply done
   * @param request all that the request says, its address among it
   * @returns the work's answer; the one noted before comes as it was in JSON
   * @throws AppError Invalid for a key that came with another request before
   */
  async once<T>(accountId: string, key: string | undefined, request: unknown, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (key === undefined) return this.source.transaction(work);
    parse(keySchema, { 'idempotency-key': key });
    const hash = sha256(JSON.stringify(request));
    return this.source.transaction(async (manager) => {
      const first = await manager.query<unknown[]>(
        `insert into idempotency (account_id, key, request_sha256, created_at) values ($1, $2, $3, $4) on conflict do nothing returning key`,
        [accountId, key, hash, this.clock.now()],
      );
      if (first.length) {
        const answer = await work(manager);
        await manager.query('update idempotency set answer = $3 where account_id = $1 and key = $2', [accountId, key, JSON.stringify(answer)]);
        return answer;
      }
      const [known] = await manager.query<{ request_sha256: string; answer: T }[]>(
        'select request_sha256, answer from idempotency where account_id = $1 and key = $2',
        [accountId, key],
      );
      if (known?.request_sha256 !== hash) throw invalid('idempotency-key', 'key-reused');
      return known.answer;
    });
  }
}
