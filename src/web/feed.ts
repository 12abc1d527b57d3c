import { factsOf } from '../digests/compose.js';
import type { Language } from '../language/language.js';
import { inLanguage, say, sayCode, tagOf } from '../language/say.js';
import { saySector } from '../matching/explain.js';
import type { PublicLead } from '../opportunities/opportunities.queries.js';

interface FeedFacts {
  readonly language: Language;
  readonly leads: readonly PublicLead[];
  /** What the feed is narrowed to, in words; empty for all leads. */
  readonly about: string;
  readonly chamber: string;
  /** Public address of this house. */
  readonly url: string;
  /** Addresses of the same search, from the house's root: page, Atom and JSON. */
  readonly page: string;
  readonly atom: string;
  readonly json: string;
  /** When there is no lead to tell the time of the last change. */
  readonly now: Date;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const html = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

/** A search as a feed that readers' programs fetch: what the public pages say, in one language. The library is loaded when a feed is first asked for. */
export async function feedOf(kind: 'atom' | 'json', { language, leads, about, chamber, url, page, atom, json, now }: FeedFacts): Promise<string> {
  const { Feed } = await import('feed');
  const title = `${chamber}: ${say(language, 'opportunities.title')}${about && ` · ${about}`}`;
  const feed = new Feed({
    id: url + page,
    link: url + page,
    title,
    language: tagOf(language),
    description: say(language, 'home.lead'),
    generator: say(language, 'brand'),
    updated: leads[0]?.publishedAt ?? now,
    feedLinks: { atom: url + atom, json: url + json },
    author: { name: chamber, link: url },
  });
  for (const lead of leads) {
    const summary = inLanguage(lead.summary, language).text;
    const facts = [[sayCode(language, 'kind', lead.kind), lead.reference] as const, ...factsOf(language, lead)];
    const published = lead.publishedAt ?? now;
    const name = inLanguage(lead.title, language).text;
    feed.addItem({
      id: `${url}/opportunities/${lead.reference}`,
      link: `${url}/opportunities/${lead.reference}?lang=${language}`,
      title: kind === 'atom' ? html(name) : name, // Atom's is HTML to the library
      date: published,
      published,
      content: [...(summary ? [`<p>${html(summary)}</p>`] : []), `<p>${facts.map(([label, value]) => html(`${label}: ${value}`)).join('<br>')}</p>`].join(''),
      category: lead.sectors.map((code) => ({ name: saySector(language, code), term: code })),
    });
  }
  return kind === 'atom' ? feed.atom1() : feed.json1();
}
