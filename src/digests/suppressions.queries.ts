import type { EntityManager } from 'typeorm';
import { sha256 } from '../common/tokens.js';

export const SUPPRESSION_KINDS = ['bad-address', 'complaint', 'soft-bounces', 'by-hand'] as const;
export type SuppressionKind = (typeof SUPPRESSION_KINDS)[number];
export const STREAMS = ['digest', 'all'] as const;
export type Stream = (typeof STREAMS)[number];

/** What a suppression is kept under, so that it outlives the erasure of the address; the gate's SQL reckons the same. */
export const addressSha256 = (address: string): string => sha256(address.trim().toLowerCase());

export interface Suppression {
  readonly addressSha256: string;
  /** `digest` unless said. */
  readonly stream?: Stream;
  readonly kind: SuppressionKind;
  /** What the other side, or the person who did it, said; at most 300 characters. */
  readonly reason: string;
  /** First day on which mail goes there again, YYYY-MM-DD; null for good. */
  readonly until: string | null;
  /** Account of the chamber; null where the house does it by itself. */
  readonly by: string | null;
}

/**
 * Suppresses an address, or makes a suppression stricter: for good is more than for a time, and a complaint more than anything. Said twice it
 * changes nothing. Index: suppression's key. To be called inside a transaction.
 * @returns whether anything changed
 */
export async function suppress(
  manager: EntityManager,
  { addressSha256, stream = 'digest', kind, reason, until, by }: Suppression,
  now: Date,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `with changed as (
       insert into suppression as s (address_sha256, stream, kind, reason, until, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (address_sha256, stream) do update
         set kind = excluded.kind, reason = excluded.reason, until = excluded.until, created_by = excluded.created_by, created_at = excluded.created_at
         where (s.until is not null and (excluded.until is null or excluded.until > s.until)) or (excluded.kind = 'complaint' and s.kind <> 'complaint')
       returning *
     )
     insert into suppression_event (address_sha256, stream, what, kind, reason, until, by_account, at)
     select address_sha256, stream, 'added', kind, reason, until, created_by, created_at from changed returning id`,
    [addressSha256, stream, kind, reason, until, by, now],
  );
  return rows.length > 0;
}

/**
 * Takes a suppression away, except that of a complaint, which is for good. Index: suppression's key.
 * @returns what it was; null where there was none that can be lifted
 */
export async function lift(
  manager: EntityManager,
  { addressSha256, stream = 'digest', reason, by }: Pick<Suppression, 'addressSha256' | 'stream' | 'reason' | 'by'>,
  now: Date,
): Promise<SuppressionKind | null> {
  const [row] = await manager.query<{ kind: SuppressionKind }[]>(
    `with gone as (delete from suppression where address_sha256 = $1 and stream = $2 and kind <> 'complaint' returning *)
     insert into suppression_event (address_sha256, stream, what, kind, reason, until, by_account, at)
     select address_sha256, stream, 'lifted', kind, $3, until, $4::uuid, $5::timestamptz from gone returning kind`,
    [addressSha256, stream, reason, by, now],
  );
  return row?.kind ?? null;
}

export interface SuppressionRow {
  readonly address_sha256: string;
  readonly stream: Stream;
  readonly kind: SuppressionKind;
  readonly reason: string;
  /** YYYY-MM-DD, or null for good. */
  readonly until: string | null;
  readonly created_at: Date;
  readonly created_by: string | null;
  /** Name of that account. */
  readonly creator: string | null;
  /** Who has that address today; nobody where it was erased. */
  readonly contacts: readonly { readonly id: string; readonly name: string; readonly email: string; readonly firmId: string; readonly firmName: string }[];
}

/**
 * Suppressions that hold on the given day, latest first; a pause that is over is none any more. Index: suppression_created; the contacts are
 * read once and hashed.
 */
export async function suppressions(
  manager: EntityManager,
  today: string,
  of: {
    readonly kind?: SuppressionKind | undefined;
    readonly addressSha256?: string;
    readonly after?: readonly [string, string] | undefined;
    readonly limit: number;
  },
): Promise<SuppressionRow[]> {
  return manager.query(
    `with held as (
       select * from suppression where (until is null or until > $1::date) and ($2::text is null or kind = $2) and ($6::text is null or address_sha256 = $6)
         and ($3::timestamptz is null or (created_at, address_sha256) < ($3, $4)) order by created_at desc, address_sha256 desc limit $5
     ), known as (
       select encode(sha256(convert_to(lower(c.email), 'UTF8')), 'hex') hash,
              jsonb_build_object('id', c.id, 'name', c.name, 'email', c.email, 'firmId', f.id, 'firmName', f.name) contact
       from contact c join firm f on f.id = c.firm_id where exists (select 1 from held)
     )
     select h.address_sha256, h.stream, h.kind, h.reason, h.until::text, h.created_at, h.created_by, a.name creator,
            coalesce(jsonb_agg(k.contact) filter (where k.hash is not null), '[]') contacts
     from held h left join known k on k.hash = h.address_sha256 left join account a on a.id = h.created_by
     group by h.address_sha256, h.stream, h.kind, h.reason, h.until, h.created_at, h.created_by, a.name order by h.created_at desc, h.address_sha256 desc`,
    [today, of.kind ?? null, of.after?.[0] ?? null, of.after?.[1] ?? null, of.limit, of.addressSha256 ?? null],
  );
}

/** One change of a suppression. */
export interface SuppressionEvent {
  readonly stream: Stream;
  readonly what: 'added' | 'lifted';
  readonly kind: SuppressionKind;
  readonly reason: string;
  readonly at: Date;
  /** Name of the account of the chamber; null where the house did it by itself. */
  readonly by: string | null;
}

/** What became of an address, latest first. Index: suppression_event_address. */
export async function suppressionHistory(manager: EntityManager, addressSha256: string): Promise<SuppressionEvent[]> {
  return manager.query(
    `select e.stream, e.what, e.kind, e.reason, e.at, a.name by from suppression_event e left join account a on a.id = e.by_account
     where e.address_sha256 = $1 order by e.at desc, e.id desc limit 20`,
    [addressSha256],
  );
}
