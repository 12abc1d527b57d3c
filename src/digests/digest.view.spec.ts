import { describe, expect, it } from '@jest/globals';
import { digest, item } from '../../test/support/digest.js';
import { LANGUAGES } from '../language/language.js';
import { say } from '../language/say.js';
import { CERTIFICATES } from '../nomenclature/certificates.js';
import { Signer } from '../common/tokens.js';
import { readEnv } from '../config/env.js';
import { Transport } from '../mail/transport.js';
import { digestUrls } from './answer-links.js';
import { compose, type DigestItem } from './compose.js';
import { digestHtml, digestText } from './digest.view.js';
import { writeDigest } from './write.js';

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
const decoded = (html: string) => html.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
/** What a reader of the HTML part sees, without its spacing. */
const visible = (html: string) => decoded(html.replace(/^.*<body[^>]*>/s, '').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ');
const hrefs = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => decoded(url ?? ''));

const ITEMS = [
  item(),
  item({ reference: 'RB-0002', sectors: ['mining'], evidence: [{ rule: 'sector', sector: 'mining', paragraph: 11 }], blockers: [], title: { zh: '高岭土' } }),
  item({
    reference: 'RB-0003',
    before: { openUntil: '2026-12-01', quantity: 5, unit: 't', period: null, held: true },
    title: { en: 'Onions & garlic <dried>' },
    quantity: null,
    valueUsd: null,
    place: null,
  }),
];

describe.each(LANGUAGES)('a digest in %s', (language) => {
  const model = compose(digest({ language, items: ITEMS, total: 23, occasion: 'starter' }));
  const [html, text] = [digestHtml(model), digestText(model)];

  it('says the same in both parts: items, reasons, gaps, facts', () => {
    const items = model.groups.flatMap((group) => group.items);
    expect(items).toHaveLength(3);
    const said = [
      ...[model.greeting, model.intro, model.notice ?? '', model.shown, model.because, model.chamber.name, model.chamber.address],
      ...model.groups.map((group) => group.heading),
      ...items.flatMap((one) => [
        one.title.text,
        one.reference,
        one.kind,
        ...one.why,
        ...one.changes,
        one.answers[0]?.text ?? '',
        ...one.facts.flat(),
        ...one.gaps.flatMap(({ gap, action }) => [gap, action]),
      ]),
    ];
    for (const words of said) {
      expect(visible(html)).toContain(words);
      expect(text).toContain(words);
    }
  });

  it('links each item, its answers, calendar and text to forward; the text part the item and the first answer', () => {
    const items = model.groups.flatMap((group) => group.items);
    const ends = [model.all.url, ...model.ways.map(({ url }) => url)];
    const linked = (all: boolean) => [
      ...items.flatMap((one) => [one.url, ...(all ? [...one.answers, ...one.more] : one.answers.slice(0, 1)).map(({ url }) => url)]),
      ...ends,
    ];
    expect(hrefs(html)).toEqual(linked(true));
    expect([...text.matchAll(/https:\S+/g)].map(([url]) => url)).toEqual(linked(false));
    expect(hrefs(html)).toHaveLength(3 * 6 + 4);
  });

  it('names its language and direction on the page, and again inside for clients that strip the page', () => {
    const tag = language === 'zh' ? 'zh-Hans' : language;
    const dir = language === 'ur' || language === 'sd' ? 'rtl' : 'ltr';
    expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${tag}" dir="${dir}">`));
    expect(html).toMatch(new RegExp(`<body[^>]*><div class="s" lang="${tag}" dir="${dir}" style="[^"]*text-align:${dir === 'rtl' ? 'right' : 'left'}`));
  });

  it('sets a title that is in another language in that one', () => {
    if (language !== 'zh') expect(html).toMatch(/<a [^>]*lang="zh-Hans" dir="ltr">高岭土<\/a>/);
    if (language !== 'en') expect(html).toMatch(/<a [^>]*lang="en" dir="ltr">Onions/);
  });

  it('isolates references, values and the chamber from the direction around them', () => {
    for (const latin of ['RB-0001', 'Hyderabad Chamber', 'Hyderabad, Sindh, Pakistan']) expect(html).toContain(`<bdi>${latin}</bdi>`);
    // what is said from right to left isolates its Latin words itself; from left to right a value may be of people's own letters
    const rtl = language === 'ur' || language === 'sd';
    for (const [, value] of model.groups[0]?.items[0]?.facts ?? []) expect(html).toContain(rtl ? value : `<bdi>${value}</bdi>`);
    if (rtl) expect(html).toContain('\u2068Chengdu, Sichuan\u2069');
  });

  it('keeps to its styles alone where a client drops the sheet, and turns dark where it does not', () => {
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain('@media (prefers-color-scheme:dark)');
    // every ground has its ink beside it
    const grounds = [...html.matchAll(/style="([^"]*background-color[^"]*)"/g)].map(([, style]) => style ?? '');
    expect(grounds.length).toBeGreaterThan(3);
    for (const style of grounds) expect(style).toMatch(/(?:^|;)color:/);
  });

  const long = { ur: 'چوڑیاں ', sd: 'چوڙيون ', zh: '玻璃手镯', en: 'bangles ' }[language];
  const longest = (i: number, over: Partial<DigestItem> = {}): DigestItem =>
    item({
      opportunityId: `c0ffee00-0000-4000-8000-0000000000${10 + i}`,
      reference: `RB-${10_000 + i}`,
      title: { [language]: long.repeat(30).slice(0, 120) },
      kind: 'sez_plot',
      quantity: 999_999_999,
      unit: 'sq_ft',
      valueUsd: 999_999_999_999,
      evidence: [
        { rule: 'sector', sector: ['agriculture', 'mining', 'information-technology', 'export-industry'][i % 4] ?? '', paragraph: 12 },
        { rule: 'product', system: 'hs', theirs: '090421', yours: '090422', digits: 4 },
        { rule: 'words', words: Array.from({ length: 6 }, (_, n) => `${long.trim()}${n}`) },
        { rule: 'country', country: 'CN' },
      ],
      // whose membership has lapsed gets no mail
      blockers: [...CERTIFICATES.map((certificate) => ({ gap: 'certificate-missing', certificate }) as const), { gap: 'capacity-short', percent: 40 }],
      ...over,
    });
  const env = readEnv({ APP_URL: 'https://rabta.chamber.example' });
  const urls = digestUrls(env.APP_URL, new Signer('s'), 'c0ffee00-0000-4000-8000-0000000000c0');
  const written = async (items: DigestItem[]) => {
    const full = writeDigest(env, { language, name: 'Naila Arain', firm_name: 'Kunri Sun Chillies' }, { occasion: 'starter', items, total: 200 }, urls);
    const { raw } = await new Transport(env, 'smtp://127.0.0.1:1').build({
      ...full,
      to: { name: 'Naila Arain', address: 'naila@kunri-sun.example' },
      messageId: 'd.1@rabta.example',
      date: new Date(0),
      language,
      list: { id: 'digest', unsubscribeUrl: urls.stop },
    });
    return { shown: full.items.length, html: Buffer.byteLength(full.html), raw: raw.length, text: full.text };
  };

  it('is at most 60 KB, and 90 KB as a message, at 15 items with the longest titles and everything in their way', async () => {
    const { shown, html: bytes, raw } = await written(Array.from({ length: 15 }, (_, i) => longest(i)));
    expect(shown).toBe(15);
    expect(bytes).toBeLessThanOrEqual(60_000);
    expect(raw).toBeLessThanOrEqual(90_000);
  });

  it('holds fewer items rather than grow beyond that, and says how many', async () => {
    const place = long.repeat(200);
    const { shown, html: bytes, raw, text: said } = await written(Array.from({ length: 15 }, (_, i) => longest(i, { place })));
    expect(shown).toBeGreaterThan(3);
    expect(shown).toBeLessThan(15);
    expect(said).toContain(say(language, 'digest.shown', { shown, total: 200 }));
    expect(bytes).toBeLessThanOrEqual(60_000);
    expect(raw).toBeLessThanOrEqual(90_000);
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
      urls: { ...digest().urls, stop: `https://rabta.example/u/${nasty}` },
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
