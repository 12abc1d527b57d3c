import { DataSource } from 'typeorm';
import { dataSourceOptions, migrate } from './database/data-source.js';
import { signingSecret } from './database/secret.js';
import { HOLIDAYS } from './introductions/holidays.js';
import { storeHolidays } from './introductions/introductions.queries.js';
import { fillSearch } from './opportunities/opportunities.queries.js';
import { storeCatalogue } from './statement/statement.js';

/**
 * Makes a database ready for this version of the program: schema, catalogue, holidays, what the search needs, and the secret that signs links. Safe to repeat, and from several
 * processes at once.
 * @param givenSecret SECRET_KEY, if it is set
 */
export async function prepareDatabase(url: string, givenSecret?: string): Promise<{ readonly migrations: number; readonly secret: string }> {
  const source = await new DataSource(dataSourceOptions(url)).initialize();
  try {
    const migrations = await migrate(source);
    await storeCatalogue(source);
    await fillSearch(source);
    await storeHolidays(source, HOLIDAYS);
    return { migrations, secret: await signingSecret(source, givenSecret) };
  } finally {
    await source.destroy();
  }
}
