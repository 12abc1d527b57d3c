import type { SessionStore } from '@fastify/session';
import type { FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { together } from '../common/together.js';
import { sha256 } from '../common/tokens.js';
import { prepared } from '../database/prepared.js';

declare module 'fastify' {
  interface Session {
    accountId?: string;
    signedInAt?: number;
    /** When its end was last put off, in milliseconds of the epoch. */
    usedAt?: number;
    /** Whether the second factor has been given too. */
    factor?: boolean;
  }
}

/** A session ends this long after its last use … */
export const IDLE_MS = 7 * 86_400_000;
/** … and this long after signing in, whatever happened since. */
export const ABSOLUTE_MS = 30 * 86_400_000;

/**
 * From here on the caller is this account. A session id from before signing in is worth nothing after it.
 * @param factor whether the second factor has been given too; without it an account that must have one reaches nothing but the page that asks for it
 */
export async function beginSession(request: FastifyRequest, { id }: { readonly id: string }, factor = false): Promise<void> {
  await request.session.regenerate();
  request.session.set('accountId', id);
  if (factor) request.session.set('factor', true);
  await request.session.save();
}

/** A use is written down this seldom: a session may end so much earlier than a week after its last use. */
const USE_MS = 3_600_000;

/** The session is in use: puts its end off, and tells the browser. Once an hour is enough; a page that is only read then writes nothing. */
export function noteUse(request: FastifyRequest): void {
  const now = Date.now();
  if (now - (request.session.get('usedAt') ?? 0) > USE_MS) request.session.set('usedAt', now);
}

type StoredSession = Parameters<SessionStore['set']>[1];
type Done = (error: unknown, session?: StoredSession | null) => void;

/** Keeps sessions in the table `session`, under the hash of their id: who reads the table cannot take one over. */
export class DatabaseSessions implements SessionStore {
  private readonly byHash: (hash: string) => Promise<StoredSession | undefined>;

  constructor(private readonly source: DataSource) {
    // Index: session_pkey
    this.byHash = together(async (hashes: readonly string[]) => {
      const rows = await prepared<{ id_hash: string; data: StoredSession }>(
        source,
        'select id_hash, data from session where id_hash = any($1) and expires_at > now() and created_at > $2',
        [hashes, new Date(Date.now() - ABSOLUTE_MS)],
      );
      return new Map(rows.map((row) => [row.id_hash, row.data]));
    });
  }

  set(id: string, session: StoredSession, done: (error?: unknown) => void): void {
    const { cookie, ...data } = session;
    const expires = cookie.expires ? new Date(cookie.expires) : new Date(Date.now() + IDLE_MS);
    this.source
      .query(
        `insert into session (id_hash, account_id, data, expires_at) values ($1, $2, $3, $4)
         on conflict (id_hash) do update set account_id = excluded.account_id, data = excluded.data, expires_at = excluded.expires_at`,
        [sha256(id), data.accountId ?? null, JSON.stringify({ ...data, cookie }), expires],
      )
      .then(() => done(), done);
  }

  get(id: string, done: Done): void {
    this.byHash(sha256(id)).then((session) => done(null, session ?? null), done);
  }

  destroy(id: string, done: (error?: unknown) => void): void {
    this.source.query('delete from session where id_hash = $1', [sha256(id)]).then(() => done(), done);
  }
}
