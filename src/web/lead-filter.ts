import { sayCode, sayCountry, say } from '../language/say.js';
import type { Language } from '../language/language.js';
import { saySector } from '../matching/explain.js';
import { writeHs } from '../nomenclature/hs.js';
import { opportunityFilter, type OpportunityFilter } from '../opportunities/opportunity.schemas.js';

/** The names of what can be looked for, in the order in which an address has them. */
export const FILTERS = Object.keys(opportunityFilter.shape) as (keyof OpportunityFilter)[];

/** Only what a search knows: whoever shares an address may have had something added to it on the way. */
export const searchIn = (query: Readonly<Record<string, unknown>>, more: readonly string[] = []): Record<string, unknown> =>
  Object.fromEntries([...FILTERS, ...more].flatMap((name) => (typeof query[name] === 'string' ? [[name, query[name]]] : [])));

/** The address of a search: the same search always has the same one. */
export function addressOf(path: string, filter: OpportunityFilter, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(more);
  for (const name of FILTERS) if (filter[name] !== undefined) query.set(name, filter[name]);
  return query.size ? `${path}?${query.toString()}` : path;
}

/** One part of a search as the reader would say it. */
export function sayFilter(language: Language, name: keyof OpportunityFilter, value: string): string {
  switch (name) {
    case 'q':
      return `“${value}”`;
    case 'sector':
      return saySector(language, value);
    case 'kind':
      return sayCode(language, 'kind', value);
    case 'country':
      return sayCountry(language, value);
    case 'hs':
      return `HS ${writeHs(value)}`;
    case 'within':
      return say(language, 'leads.within', { days: Number(value) });
  }
}

/** The parts of a search that are given, with how they are said. */
export const partsOf = (language: Language, filter: OpportunityFilter): (readonly [name: keyof OpportunityFilter, said: string])[] =>
  FILTERS.flatMap((name) => (filter[name] === undefined ? [] : [[name, sayFilter(language, name, filter[name])] as const]));
