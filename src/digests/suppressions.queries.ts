import type { EntityManager } from 'typeorm';

/** An address that is not mailed, with the contacts that have it, where there are any. */
export interface Suppressed {
  readonly address_sha256: string;
  /** `digest`, or `all`. */
  readonly stream: string;
  readonly reason: string;
  readonly created_at: Date;
  /** Who put it there by hand; null where the mail itself did. */
  readonly created_by: string | null;
  readonly contacts: readonly { readonly name: string; readonly email: string; readonly firm_id: string; readonly firm_name: string }[];
}

/** Latest first, or those of one address. Indexes: suppression_latest, the key; contacts are hashed as the gate does it, once a page. */
export async function suppressedPage(
  manager: EntityManager,
  of: { readonly after?: readonly [at: string, address: string, stream: string] | undefined; readonly address?: string },
  limit: number,
): Promise<Suppressed[]> {
  return manager.query(
    `with page as (
       select * from suppression where ($1::text is null or address_sha256 = $1)
         and ($2::timestamptz is null or (created_at, address_sha256, stream) < ($2, $3, $4))
       order by created_at desc, address_sha256 desc, stream desc limit $5
     ), hashed as (
       select encode(sha256(convert_to(lower(c.email), 'UTF8')), 'hex') hash, c.name, c.email, c.firm_id from contact c
     )
     select p.address_sha256, p.stream, p.reason, p.created_at, a.name created_by,
            coalesce(jsonb_agg(jsonb_build_object('name', h.name, 'email', h.email, 'firm_id', f.id, 'firm_name', f.name) order by f.name) filter (where f.id is not null), '[]') contacts
     from page p left join account a on a.id = p.created_by left join hashed h on h.hash = p.address_sha256 left join firm f on f.id = h.firm_id
     group by p.address_sha256, p.stream, p.reason, p.created_at, a.name
     order by p.created_at desc, p.address_sha256 desc, p.stream desc`,
    [of.address ?? null, of.after?.[0] ?? null, of.after?.[1] ?? null, of.after?.[2] ?? null, limit],
  );
}

/** How an address came off the list. */
export interface Lifted {
  readonly stream: string;
  readonly reason: string;
  readonly created_at: Date;
  readonly lifted_at: Date;
  readonly lifted_by: string | null;
  readonly lifted_reason: string;
}

/** Latest first. Index: suppression_lifted_address. */
export async function liftedOf(manager: EntityManager, address: string): Promise<Lifted[]> {
  return manager.query(
    `select l.stream, l.reason, l.created_at, l.lifted_at, a.name lifted_by, l.lifted_reason
     from suppression_lifted l left join account a on a.id = l.lifted_by where l.address_sha256 = $1 order by l.lifted_at desc limit 20`,
    [address],
  );
}
