import type { DataSource } from 'typeorm';
import { randomToken } from '../common/tokens.js';

/** The secret that signs links and cookies: the one given, or one made once and kept in the database for all replicas. */
export async function signingSecret(source: DataSource, given: string | undefined): Promise<string> {
  if (given) return given;
  await source.query(`insert into setting (key, value) values ('secret', $1) on conflict (key) do nothing`, [randomToken()]);
  const [row] = await source.query<{ value: string }[]>(`select value from setting where key = 'secret'`);
  if (!row) throw new Error('the secret was not stored');
  return row.value;
}
