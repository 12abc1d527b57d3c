import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digest, item } from '../../test/support/digest.js';
import { LANGUAGES } from '../language/language.js';
import { nameOf } from '../nomenclature/names.js';
import { changesOf, compose, factsOf, forwardText, shorten } from './compose.js';

describe('a digest', () => {
  it('groups its items by the sector that made the match, in the order of the best of each', () => {
    const of = (reference: string, sector: string) => item({ reference, sectors: ['power', sector], evidence: [{ rule: 'sector', sector, paragraph: 1 }] });
    const { groups } = compose(digest({ items: [of('A', 'mining'), of('B', 'agriculture'), of('C', 'mining'), of('D', 'agriculture')] }));
    expect(groups.map((group) => group.items.map(({ reference }) => reference))).toEqual([
      ['A', 'C'],
      ['B', 'D'],
    ]);
    expect(groups[1]?.heading).toBe('Agriculture');
  });

  it('puts an item that no sector made under the first sector of the lead', () => {
    const { groups } = compose(digest({ items: [item({ sectors: ['agriculture', 'mining'], evidence: [] })] }));
    expect(groups.map(({ heading }) => heading)).toEqual(['Agriculture']);
  });

  it('says how many of how many it shows, and names the best in its subject', () => {
    const items = [item(), item({ reference: 'RB-0002', title: { en: 'Mangoes' } })];
    const said = compose(digest({ items, total: 23 }));
    expect(said.shown).toBe('2 of 23 shown.');
    expect(said.subject).toBe('2 opportunities for you: Dried whole red chillies');
    expect(compose(digest()).subject).toBe('1 opportunity for you: Dried whole red chillies');
    expect(said.intro).toContain('Kunri Sun Chillies');
    expect(said.greeting).toContain('Naila Arain');
    expect(said.because).toContain('Hyderabad Chamber');
  });

  it('shortens a long title in the subject, never in the item', () => {
    const long = 'چوڑیاں '.repeat(17).trim();
    const said = compose(digest({ language: 'ur', items: [item({ title: { ur: long } })] }));
    expect(said.subject).not.toContain(long);
    expect(said.subject).toMatch(/…$/);
    expect(said.groups[0]?.items[0]?.title.text).toBe(long);
  });

  it('links every item, all matches, the settings and the way out to the address it was given', () => {
    const said = compose(digest());
    const contact = 'c0ffee00-0000-4000-8000-0000000000c0';
    const stop = `https://rabta.example/u/${contact}.${'unsubscribe'.padEnd(32, '-')}`;
    const answer = `https://rabta.example/a/${contact}.c0ffee00-0000-4000-8000-000000000001.${'answer'.padEnd(32, '-')}`;
    const [only] = said.groups[0]?.items ?? [];
    expect([only?.url, ...(only?.answers ?? []).map(({ url }) => url), ...(only?.more ?? []).map(({ url }) => url), said.all.url]).toEqual([
      'https://rabta.example/opportunities/RB-0001',
      `${answer}?do=interested`,
      `${answer}?do=not-for-me`,
      `${answer}?do=save`,
      'https://rabta.example/opportunities/RB-0001/calendar.ics',
      'https://rabta.example/opportunities/RB-0001/forward',
      'https://rabta.example/firm',
    ]);
    expect(said.ways.map(({ url }) => url)).toEqual(['https://rabta.example/firm/digests', `${stop}?what=fewer`, stop]);
  });

  it('gives each item its reasons, its gaps with an action, and its facts', () => {
    const [only] = compose(digest()).groups[0]?.items ?? [];
    expect(only).toMatchObject({
      kind: 'Buy request',
      why: [
        'Your sector: Agriculture (statement, paragraph 12)',
        `The same product as yours: ${nameOf('hs', '090421', 'en')} (HS 0904.21)`,
        'Your words: chillies and \u2068مرچ\u2069',
        'A country you named: China',
      ],
      gaps: [
        { gap: 'Asked for, but not in your profile: GACC registration (China customs).', action: expect.stringMatching(/\w/) },
        { gap: 'You can supply about 40% of the quantity.', action: expect.stringMatching(/\w/) },
      ],
      facts: [
        ['Quantity', '50 t a month'],
        ['Value', 'USD 1,500,000 (15 lakh)'],
        ['Place', 'Chengdu, Sichuan, China'],
        ['Open until', '31 December 2026'],
      ],
    });
  });

  it('tells a near product from the same one, and a service', () => {
    const evidence = [
      { rule: 'product', system: 'hs', theirs: '090421', yours: '0904', digits: 4 },
      { rule: 'product', system: 'isic', theirs: '62', yours: '6201', digits: 2 },
    ] as const;
    expect(compose(digest({ items: [item({ evidence })] })).groups[0]?.items[0]?.why).toEqual([
      `Close to your product: ${nameOf('hs', '090421', 'en')} (HS 0904.21), yours is 0904`,
      `The kind of work you do: ${nameOf('isic', '62', 'en')} (ISIC 62)`,
    ]);
  });

  it('is in the reader’s language, and says in which language a title is that is not', () => {
    for (const language of LANGUAGES) {
      expect(compose(digest({ language })).groups[0]?.items[0]?.title).toEqual({ text: item().title[language], language });
      expect(compose(digest({ language, items: [item({ title: { zh: '芒果' } })] })).groups[0]?.items[0]?.title).toEqual({ text: '芒果', language: 'zh' });
    }
    const english = compose(digest());
    for (const language of LANGUAGES.filter((other) => other !== 'en')) {
      const { greeting, intro, shown, because, groups } = compose(digest({ language }));
      for (const [said, inEnglish] of [
        [greeting, english.greeting],
        [intro, english.intro],
        [shown, english.shown],
        [because, english.because],
      ])
        expect(said).not.toBe(inEnglish);
      const [theirs, ours] = [groups[0]?.items[0], english.groups[0]?.items[0]];
      expect(theirs?.why.filter((reason) => ours?.why.includes(reason))).toEqual([]);
      expect(theirs?.gaps.filter(({ gap }) => ours?.gaps.some((other) => other.gap === gap))).toEqual([]);
    }
  });

  it('is the same for the same facts', () => {
    const facts = () => digest({ items: [item(), item({ reference: 'RB-0002', sectors: ['mining'] })] });
    expect(compose(facts())).toEqual(compose(facts()));
  });

  it('says which paragraph of the statement a group stands in, and nothing where it stands in none', () => {
    const paragraphs = (sector: string) => compose(digest({ items: [item({ sectors: [sector], evidence: [] })] })).groups.map(({ paragraph }) => paragraph);
    expect(paragraphs('agriculture')).toEqual(['statement, paragraph 12']);
    expect(paragraphs('not-in-statement')).toEqual([null]);
  });

  it('says when it is a reader’s first or cannot wait, in subject and text, in every language', () => {
    expect(compose(digest()).notice).toBeNull();
    expect(compose(digest({ occasion: 'starter' }))).toMatchObject({
      subject: expect.stringMatching(/^Welcome: 1 opp/),
      notice: expect.stringContaining('first list'),
    });
    const urgent = compose(digest({ occasion: 'urgent', items: [item({ openUntil: '2026-11-28' })] }));
    expect(urgent.subject).toBe('Urgent, open until 28 November 2026: Dried whole red chillies');
    for (const language of LANGUAGES) {
      const said = (['regular', 'starter', 'urgent'] as const).map((occasion) => compose(digest({ language, occasion })));
      expect(new Set(said.map(({ subject }) => subject)).size).toBe(3);
      expect(new Set(said.map(({ notice }) => notice)).size).toBe(3);
    }
  });

  it('names certificates that are missing in one gap with one action', () => {
    const blockers = [
      { gap: 'certificate-missing', certificate: 'gacc' },
      { gap: 'capacity-short', percent: 40 },
      { gap: 'certificate-missing', certificate: 'halal' },
    ] as const;
    expect(compose(digest({ items: [item({ blockers })] })).groups[0]?.items[0]?.gaps.map(({ gap }) => gap)).toEqual([
      'Asked for, but not in your profile: GACC registration (China customs) and Halal.',
      'You can supply about 40% of the quantity.',
    ]);
  });

  it('offers a calendar file for deadlines and expos, not for the day on which a lead runs out by itself', () => {
    const offers = (over: Parameters<typeof item>[0]) =>
      compose(digest({ items: [item(over)] })).groups[0]?.items[0]?.more.some(({ url }) => url.endsWith('/calendar.ics'));
    expect([offers({}), offers({ deadline: null }), offers({ deadline: null, kind: 'expo_place' })]).toEqual([true, false, true]);
  });

  it('always names the city with province and country', () => {
    expect(compose(digest()).chamber.address).toBe('Hyderabad, Sindh, Pakistan');
    expect(compose(digest({ chamber: { name: 'Women’s Chamber', address: 'Saddar Road' } })).chamber.address).toBe('Saddar Road, Hyderabad, Sindh, Pakistan');
  });
});

describe('a second mention', () => {
  const before = { openUntil: '2026-12-31', quantity: 50, unit: 't', period: 'month', held: false };
  const changes = (over: Parameters<typeof item>[0]) => changesOf('en', item({ before, ...over }));

  it('names what is different since the last: last day, quantity, open again', () => {
    expect(changes({ openUntil: '2027-01-15' })).toEqual(['Changed: now open until 15 January 2027 (before: 31 December 2026).']);
    expect(changes({ quantity: 60 })).toEqual(['Changed: the quantity is now 60 t a month (before: 50 t a month).']);
    expect(changes({ period: null })).toEqual(['Changed: the quantity is now 50 t (before: 50 t a month).']);
    expect(changes({ quantity: null, unit: null })).toEqual(['Changed: no quantity is given any more (before: 50 t a month).']);
    expect(changes({ before: { ...before, quantity: null, unit: null } })).toEqual(['Changed: the quantity is now 50 t a month.']);
    expect(changes({ before: { ...before, held: true } })).toEqual(['Checked once more by the chamber, and open again.']);
    expect(changes({ openUntil: '2027-01-15', quantity: 60 })).toHaveLength(2);
  });

  it('says at least that it has changed, and a first mention says nothing of it', () => {
    expect(changes({})).toEqual(['Changed since we mailed it to you.']);
    expect(changes({ before: null })).toEqual([]);
  });
});

describe('the text to forward', () => {
  it('says what the public page says and whose it is, in every language, and names neither reader nor counterparty nor token', () => {
    const chamber = { name: 'Hyderabad Chamber', address: 'Hyderabad, Sindh, Pakistan' };
    for (const language of LANGUAGES) {
      const text = forwardText(language, item(), chamber, 'https://rabta.example');
      expect(text.split('\n')[0]).toBe(item().title[language]);
      for (const said of ['RB-0001', 'https://rabta.example/opportunities/RB-0001', 'Hyderabad, Sindh, Pakistan']) expect(text).toContain(said);
      expect(text).not.toMatch(/Naila|Kunri|\/a\/|\/u\/|token|c0ffee/);
      expect(text.length).toBeLessThan(600);
    }
  });
});

describe('the facts of a lead', () => {
  const labels = (over: Parameters<typeof item>[0]) => factsOf('en', item(over)).map(([label]) => label);

  it('are those that it states', () => {
    expect(labels({})).toEqual(['Quantity', 'Value', 'Place', 'Open until']);
    expect(labels({ quantity: null, unit: null, period: null, valueUsd: null })).toEqual(['Place', 'Open until']);
    expect(factsOf('en', { ...item(), openUntil: null }).map(([label]) => label)).toEqual(['Quantity', 'Value', 'Place']);
  });

  it('name the country where no place is known', () => {
    expect(factsOf('en', item({ place: null }))).toContainEqual(['Place', 'China']);
    expect(factsOf('en', item({ period: null }))).toContainEqual(['Quantity', '50 t']);
  });
});

describe('a shortened text', () => {
  it('is never longer than asked, is left alone where it fits, and never breaks a letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'چ', '辣', '🌶', ' '), maxLength: 30 }), fc.integer({ min: 1, max: 30 }), (text, max) => {
        const short = shorten(text, max);
        const length = Array.from(text).length;
        expect(Array.from(short).length).toBeLessThanOrEqual(max);
        expect(short).not.toMatch(/\p{Surrogate}/u);
        expect(short === text || short.endsWith('…')).toBe(true);
        if (length <= max) expect(short).toBe(text);
        else expect(text.startsWith(short.slice(0, -1))).toBe(true);
      }),
    );
  });
});
