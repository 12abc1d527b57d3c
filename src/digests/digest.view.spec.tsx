import { describe, expect, it } from '@jest/globals';
import { digest, item } from '../../test/support/digest.js';
import { LANGUAGES } from '../language/language.js';
import { CERTIFICATES } from '../nomenclature/certificates.js';
import { compose, type DigestItem } from './compose.js';
import { digestHtml, digestText } from './digest.view.js';

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
const decoded = (html: string) => html.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
/** What a reader of the HTML part sees, without its spacing. */
const visible = (html: string) => decoded(html.replace(/^.*<body[^>]*>/s, '').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ');
const hrefs = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => decoded(url ?? ''));

const ITEMS = [
  item(),
  item({ reference: 'RB-0002', sectors: ['mining'], evidence: [{ rule: 'sector', sector: 'mining', paragraph: 11 }], blockers: [], title: { zh: '高岭土' } }),
  item({ reference: 'RB-0003', title: { en: 'Onions & garlic <dried>' }, quantity: null, valueUsd: null, place: null }),
];

describe.each(LANGUAGES)('a digest in %s', (language) => {
  const model = compose(digest({ language, items: ITEMS, total: 23 }));
  const [html, text] = [digestHtml(model), digestText(model)];

  it('says the same in both parts: items, reasons, gaps, facts', () => {
    const items = model.groups.flatMap((group) => group.items);
    expect(items).toHaveLength(3);
    const said = [
      ...[model.greeting, model.intro, model.shown, model.because, model.chamber.name, model.chamber.address],
      ...model.groups.map((group) => group.heading),
      ...items.flatMap((one) => [
        one.title.text,
        one.reference,
        one.kind,
        ...one.why,
        ...one.facts.flat(),
        ...one.gaps.flatMap(({ gap, action }) => [gap, action]),
      ]),
    ];
    for (const words of said) {
      expect(visible(html)).toContain(words);
      expect(text).toContain(words);
    }
  });

  it('has the same links in both parts, in the same order', () => {
    const inText = [...text.matchAll(/https:\S+/g)].map(([url]) => url);
    expect(hrefs(html)).toEqual(inText);
    expect(inText).toEqual([
      ...model.groups.flatMap((group) => group.items.map(({ reference }) => `https://rabta.example/opportunities/${reference}`)),
      'https://rabta.example/firm',
      'https://rabta.example/firm/digests',
      'https://rabta.example/u/token',
    ]);
  });

  it('names its language and direction on the page, and again inside for clients that strip the page', () => {
    const tag = language === 'zh' ? 'zh-Hans' : language;
    const dir = language === 'ur' || language === 'sd' ? 'rtl' : 'ltr';
    expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${tag}" dir="${dir}">`));
    expect(html).toMatch(new RegExp(`<body[^>]*><div lang="${tag}" dir="${dir}" style="[^"]*text-align:${dir === 'rtl' ? 'right' : 'left'}`));
  });

  it('sets a title that is in another language in that one', () => {
    expect(html).toMatch(/<a [^>]*lang="zh-Hans" dir="ltr">高岭土<\/a>/);
  });

  it('isolates references, values and the chamber from the direction around them', () => {
    for (const latin of ['RB-0001', 'Hyderabad Chamber', 'Hyderabad, Sindh, Pakistan']) expect(html).toContain(`<bdi>${latin}</bdi>`);
    for (const [, value] of model.groups[0]?.items[0]?.facts ?? []) expect(html).toContain(`<bdi>${value}</bdi>`);
  });

  it('stays below 60 KB with 20 of the longest items, below what mail clients cut off with everything in their way', () => {
    const longest = (i: number, over: Partial<DigestItem> = {}) =>
      item({
        reference: `RB-${1000 + i}`,
        title: { [language]: 'چوڑیاں '.repeat(18).slice(0, 120) },
        kind: 'sez_plot',
        quantity: 999_999_999.99,
        unit: 'sq_ft',
        period: 'quarter',
        valueUsd: 999_999_999_999,
        place: 'چ'.repeat(80),
        evidence: [
          { rule: 'sector', sector: ['agriculture', 'mining', 'information-technology', 'export-industry'][i % 4] ?? '', paragraph: 12 },
          { rule: 'product', system: 'hs', theirs: '090421', yours: '090422', digits: 4 },
          { rule: 'words', words: Array.from({ length: 6 }, (_, n) => `چوڑیاں${n}`) },
          { rule: 'country', country: 'CN' },
        ],
        ...over,
      });
    const bytes = (make: (i: number) => DigestItem) =>
      Buffer.byteLength(digestHtml(compose(digest({ language, items: Array.from({ length: 20 }, (_, i) => make(i)) }))));
    expect(bytes((i) => longest(i))).toBeLessThan(60_000);
    const everything: DigestItem['blockers'] = [
      ...CERTIFICATES.map((certificate) => ({ gap: 'certificate-missing', certificate }) as const),
      { gap: 'capacity-short', percent: 40 },
    ];
    expect(bytes((i) => longest(i, { blockers: everything }))).toBeLessThan(100_000);
  });
});

describe('what people wrote', () => {
  const nasty = `"><img src=x onerror='alert(1)'>&lt;`;
  const model = compose(
    digest({
      contactName: nasty,
      firmName: nasty,
      chamber: { name: nasty, address: nasty },
      items: [item({ title: { en: nasty }, place: nasty, reference: nasty, unit: nasty, evidence: [{ rule: 'words', words: [nasty] }] })],
      unsubscribeUrl: `https://rabta.example/u/${nasty}`,
    }),
  );

  it('is never markup in the HTML part, and is read as it was written', () => {
    const html = digestHtml(model);
    expect(html).not.toContain('<img');
    expect(visible(html).split(nasty).length - 1).toBeGreaterThanOrEqual(9);
    expect(hrefs(html)).toContain(`https://rabta.example/u/${nasty}`);
  });

  it('stands in the text part as it is', () => {
    expect(digestText(model)).toContain(nasty);
  });
});

it('the text part is plain lines that end with one', () => {
  const text = digestText(compose(digest()));
  expect(text).toMatch(/[^\n]\n$/);
  expect(text).not.toMatch(/<[a-z/]|&amp;|\n{3}|\r/);
});
