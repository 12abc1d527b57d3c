import type pg from 'pg';
import { type DataSource, QueryFailedError } from 'typeorm';

/** Names by text; texts are written in the program, so there are few. */
const names = new Map<string, string>();

/**
 * Runs SQL that pages ask for all the time: past TypeORM, and prepared once a connection, so that PostgreSQL neither reads nor plans it again.
 * @param text one of few texts: what varies are the values. Arrays, days and big numbers come as node-postgres reads them; cast where that matters.
 * @throws QueryFailedError as TypeORM does, so that what is known of the reason stays known
 */
export async function prepared<Row>(source: DataSource, text: string, values: readonly unknown[]): Promise<Row[]> {
  let name = names.get(text);
  if (!name) names.set(text, (name = `rabta_${names.size}`));
  const pool = (source.driver as unknown as { readonly master: pg.Pool }).master;
  try {
    return (await pool.query({ name, text, values: [...values] })).rows as Row[];
  } catch (error) {
    throw new QueryFailedError(text, [...values], error as Error);
  }
}
