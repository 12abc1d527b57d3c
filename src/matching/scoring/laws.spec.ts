import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyEpoch, anyFirm, anyLead, anyLine, capacity, firm, lead, line, titled, TODAY } from '../../../test/support/facts.js';
import { DEMO_FIRMS } from '../../demo/firms.js';
import { DEMO_OPPORTUNITIES } from '../../demo/opportunities.js';
import { type InAllLanguages, LANGUAGES, type Texts } from '../../language/language.js';
import { openClassifier } from '../../nomenclature/classify.js';
import { parseLexicon, readHsFiles } from '../../nomenclature/lexicon.js';
import { guessOf } from '../../nomenclature/nomenclature.service.js';
import { type Epoch, makeEpoch, NO_EPOCH } from './epoch.js';
import type { FirmFacts, LineFacts, OpportunityFacts } from './facts.js';
import { linesFor, shutGate } from './gates.js';
import { WEIGHTS, wordsRule } from './rules.js';
import { score, verdictsOf } from './score.js';
import { lineFactsOf, lineWords, textsOf } from './texts.js';

const RUNS = { numRuns: 500 };
/** A score to compare: a pair that may not be matched is below every other. */
const rank = (f: FirmFacts, l: OpportunityFacts, epoch: Epoch = NO_EPOCH): number => score(f, l, epoch, TODAY)?.score ?? -1;
const pair = [anyFirm, anyLead, anyEpoch] as const;

describe('a score', () => {
  it('lies between 0 and 100', () => {
    fc.assert(
      fc.property(...pair, (f, l, epoch) => {
        const found = score(f, l, epoch, TODAY);
        fc.pre(found !== null);
        expect(found.score).toBeGreaterThanOrEqual(0);
        expect(found.score).toBeLessThanOrEqual(100);
      }),
      RUNS,
    );
  });

  it('is 100 × points ÷ the maximum of the rules that the opportunity states anything for', () => {
    fc.assert(
      fc.property(...pair, (f, l, epoch) => {
        const found = score(f, l, epoch, TODAY);
        fc.pre(found !== null);
        const verdicts = verdictsOf(f, l, epoch);
        for (const { points, max } of verdicts) expect(points >= 0 && points <= max).toBe(true);
        const order = (l.kind === 'buy_request' || l.kind === 'tender') && l.hs.length + l.isic.length > 0;
        expect(Object.fromEntries(verdicts.map(({ rule, max }) => [rule, max]))).toEqual({
          product: l.hs.length + l.isic.length > 0 ? WEIGHTS.product : 0,
          sector: l.sectors.length > 0 ? WEIGHTS.sector : 0,
          words: l.texts.some((text) => text.size > 0) ? WEIGHTS.words : 0,
          capacity: l.quantity && order ? WEIGHTS.capacity : 0,
          certificates: l.certificates.length > 0 ? WEIGHTS.certificates : 0,
          season: l.deliveryMonths.length > 0 && order ? WEIGHTS.season : 0,
          country: l.country === null ? 0 : WEIGHTS.country,
          platform: l.platforms.length > 0 ? WEIGHTS.platform : 0,
        });
        const [points, max] = [verdicts.reduce((sum, v) => sum + v.points, 0), verdicts.reduce((sum, v) => sum + v.max, 0)];
        expect(found.score).toBeCloseTo(max ? (100 * points) / max : 0, 9);
        expect(found.evidence).toEqual(verdicts.flatMap((v) => v.evidence));
      }),
      RUNS,
    );
  });

  it('is never lowered by one more offer or need, wherever it stands', () => {
    fc.assert(
      fc.property(...pair, anyLine, fc.boolean(), fc.boolean(), (f, l, epoch, more, offered, first) => {
        const added = (lines: readonly LineFacts[]) => (first ? [more, ...lines] : [...lines, more]);
        const richer = offered ? { ...f, offers: added(f.offers) } : { ...f, needs: added(f.needs) };
        expect(rank(richer, l, epoch)).toBeGreaterThanOrEqual(rank(f, l, epoch));
      }),
      RUNS,
    );
  });

  it('is never lowered by one more certificate, of the firm or of a line, or by a capacity where there was none', () => {
    const certificate = fc.constantFrom('gacc', 'halal', 'haccp', 'iso-9001');
    fc.assert(
      fc.property(...pair, certificate, capacity, (f, l, epoch, more, able) => {
        const lines = (of: readonly LineFacts[]) =>
          of.map((one, i) => (i === 0 ? { ...one, certificates: [...one.certificates, more], capacity: one.capacity ?? able } : one));
        expect(rank({ ...f, certificates: [...f.certificates, more] }, l, epoch)).toBeGreaterThanOrEqual(rank(f, l, epoch));
        expect(rank({ ...f, offers: lines(f.offers), needs: lines(f.needs) }, l, epoch)).toBeGreaterThanOrEqual(rank(f, l, epoch));
      }),
      RUNS,
    );
  });

  it('does not change with the order and repetition of anything in the profile or the lead', () => {
    const turned = <T>(list: readonly T[]): T[] => [...list, ...list].reverse();
    fc.assert(
      fc.property(...pair, (f, l, epoch) => {
        const turnedLine = (one: LineFacts): LineFacts => ({
          ...one,
          hs: turned(one.hs),
          isic: turned(one.isic),
          months: turned(one.months),
          words: new Map([...one.words].reverse()),
        });
        const otherFirm: FirmFacts = {
          ...f,
          sectors: turned(f.sectors),
          seeks: turned(f.seeks),
          markets: turned(f.markets),
          platforms: turned(f.platforms),
          certificates: turned(f.certificates),
          excludedWords: turned(f.excludedWords),
          offers: turned(f.offers.map(turnedLine)),
          needs: turned(f.needs.map(turnedLine)),
        };
        const otherLead: OpportunityFacts = {
          ...l,
          hs: turned(l.hs),
          isic: turned(l.isic),
          sectors: turned(l.sectors),
          platforms: turned(l.platforms),
          certificates: turned(l.certificates),
          deliveryMonths: turned(l.deliveryMonths),
          titles: turned(l.titles.map((title) => new Set([...title].reverse()))),
          texts: turned(l.texts.map((text) => new Map([...text].reverse()))),
        };
        expect(rank(otherFirm, l, epoch)).toBe(rank(f, l, epoch));
        expect(rank(f, otherLead, epoch)).toBe(rank(f, l, epoch));
        expect(wordsRule(linesFor(otherFirm, l), l, epoch)).toEqual(wordsRule(linesFor(f, l), l, epoch));
      }),
      RUNS,
    );
  });

  it('does not change with case, punctuation, spacing or the keyboard that Urdu and Sindhi were typed on', () => {
    const KEYBOARDS: readonly (readonly [string, string])[] = [
      ['ک', 'ك'],
      ['ی', 'ي'],
      ['ہ', 'ه'],
      [' ', '  '],
      ['،', ', '],
      ['a', 'A'],
      ['e', 'E'],
      ['s', 'S'],
    ];
    const lines = DEMO_FIRMS.flatMap(({ offers, needs }) => [...offers, ...needs].map(({ text }) => text));
    const told = (text: string) => firm({ offers: [line(text, { words: lineWords(text, { hs: [], isic: [] }) })] });
    const asked = (text: string) => lead({ hs: ['090421'], ...titled(text) });
    const variant = fc.record({ text: fc.constantFrom(...lines), swaps: fc.subarray([...KEYBOARDS]), mark: fc.constantFrom('', '!', ' - ', '…', '،') });
    fc.assert(
      fc.property(variant, fc.constantFrom(...lines), ({ text, swaps, mark }, other) => {
        const written = mark + swaps.reduce((t, [one, another]) => t.replaceAll(one, another), text).replaceAll(', ', ` ${mark}, `) + mark;
        for (const title of [text, other]) {
          expect(rank(told(written), asked(title))).toBe(rank(told(text), asked(title)));
          expect(rank(told(title), asked(written))).toBe(rank(told(title), asked(text)));
        }
      }),
      RUNS,
    );
  });

  it('does not change when another firm saves: the weights of words are those of the epoch', () => {
    fc.assert(
      fc.property(anyFirm, anyFirm, anyFirm, anyLead, (f, other, changed, l) => {
        const epoch = makeEpoch([f, other], [l]);
        const frozen = structuredClone(epoch);
        const before = score(f, l, epoch, TODAY);
        score(changed, l, epoch, TODAY);
        expect(score(f, l, epoch, TODAY)).toEqual(before);
        expect(epoch).toEqual(frozen);
        // while a new epoch may well see words otherwise, it too hangs on no order
        expect(makeEpoch([changed, f], [l])).toEqual(makeEpoch([f, changed], [l]));
      }),
    );
  });

  it('is null exactly where a gate is shut, however good the words', () => {
    fc.assert(
      fc.property(...pair, (f, l, epoch) => expect(score(f, l, epoch, TODAY) === null).toBe(shutGate(f, l) !== null)),
      RUNS,
    );
    const perfect = firm({ sectors: ['agriculture'], offers: [line('dried red chillies', { hs: ['090421'] })] });
    const wanted = lead({ hs: ['090421'], sectors: ['agriculture'], ...titled('Dried red chillies') });
    expect(rank(perfect, wanted)).toBeGreaterThan(90);
    expect(score({ ...perfect, admitted: false }, wanted, NO_EPOCH, TODAY)).toBeNull();
    expect(score(perfect, { ...wanted, open: false }, NO_EPOCH, TODAY)).toBeNull();
  });

  it('is the same for the same facts, and leaves them as they are', () => {
    fc.assert(
      fc.property(...pair, (f, l, epoch) => {
        const before = structuredClone([f, l, epoch]);
        const once = score(f, l, epoch, TODAY);
        expect(score(structuredClone(f), structuredClone(l), structuredClone(epoch), TODAY)).toEqual(once);
        expect([f, l, epoch]).toEqual(before);
      }),
    );
  });

  it('is not lowered by a membership that has lapsed', () => {
    fc.assert(fc.property(...pair, (f, l, epoch) => expect(rank(f, l, epoch)).toBe(rank({ ...f, validUntil: null }, l, epoch))));
  });

  it('names as its reason only what both sides have', () => {
    fc.assert(
      fc.property(...pair, (f, l, epoch) => {
        const lines = linesFor(f, l);
        const written = lines.flatMap((one) => [...one.words.values()]);
        for (const reason of score(f, l, epoch, TODAY)?.evidence ?? []) {
          switch (reason.rule) {
            case 'sector':
              expect([f.sectors.includes(reason.sector), l.sectors.includes(reason.sector)]).toEqual([true, true]);
              break;
            case 'country':
              expect([f.markets.includes(reason.country), l.country]).toEqual([true, reason.country]);
              break;
            case 'words':
              for (const word of reason.words) expect(written).toContain(word);
              break;
            case 'meaning': {
              const key = `${reason.system === 'hs' ? '#' : '@'}${reason.code}`;
              expect([lines.some(({ words }) => words.has(key)), l.texts.some((text) => text.has(key))]).toEqual([true, true]);
              break;
            }
            case 'product':
              expect(l[reason.system]).toContain(reason.theirs);
              expect(lines.flatMap((one) => (reason.system === 'hs' ? [...one.hs, ...one.guessedHs] : [...one.isic, ...one.guessedIsic]))).toContain(
                reason.yours,
              );
              break;
            case 'capacity':
              expect([l.quantity !== undefined, lines.some((one) => one.capacity)]).toEqual([true, true]);
              break;
            case 'season':
              for (const month of reason.months) expect(l.deliveryMonths).toContain(month);
              break;
            case 'platform':
              expect([f.platforms.includes(reason.platform), l.platforms.includes(reason.platform)]).toEqual([true, true]);
              break;
            case 'certificates': {
              const held = [...f.certificates, ...lines.flatMap((one) => one.certificates)];
              for (const one of reason.certificates) expect([held.includes(one), l.certificates.includes(one)]).toEqual([true, true]);
            }
          }
        }
      }),
      RUNS,
    );
  });
});

describe('the same offer said in another of the four languages', () => {
  const POINTS = 5;
  const classifier = openClassifier();
  /** A firm that says this and no more; where it chooses no code, its words are read. */
  const offering = (text: string, hs: readonly string[] = []): FirmFacts =>
    firm({ offers: [lineFactsOf({ text, hs, isic: [], months: [], certificates: [], ...guessOf(classifier, { text, hs, isic: [] }) })] });
  const asking = (title: Texts, hs: readonly string[]): OpportunityFacts =>
    lead({ hs, sectors: ['agriculture'], quantity: { amount: 1, unit: 't', period: null }, texts: textsOf({ title, summary: {}, hs, isic: [] }) });
  const languages = fc.tuple(fc.constantFrom(...LANGUAGES), fc.constantFrom(...LANGUAGES), fc.constantFrom(...LANGUAGES));

  const goods = readHsFiles()
    .flatMap(({ text }) => parseLexicon(text))
    .filter(({ code, items }) => code.length === 4 && LANGUAGES.every((language) => items[language]?.[0]))
    .map(({ code, items }) => ({ code, names: Object.fromEntries(LANGUAGES.map((language) => [language, items[language]?.[0] ?? ''])) as InAllLanguages }));
  const read = goods.map(({ names }) =>
    LANGUAGES.map((language) => guessOf(classifier, { text: names[language], hs: [], isic: [] }).guessedHs[0]?.slice(0, 4)),
  );

  it('scores within five points, for every good of the lexicon whose code was chosen', () => {
    fc.assert(
      fc.property(fc.constantFrom(...goods), languages, anyEpoch, ({ code, names }, [one, other, theirs], epoch) => {
        const asked = asking({ [theirs]: names[theirs] }, [code]);
        const points = [one, other].map((language) => rank(offering(names[language], [code]), asked, epoch)) as [number, number];
        expect(Math.abs(points[0] - points[1])).toBeLessThanOrEqual(POINTS);
      }),
      RUNS,
    );
  });

  it('scores within five points where none was chosen, for every good that the lexicon reads alike', () => {
    const alike = goods.filter((_, i) => new Set(read[i]).size === 1 && read[i]?.[0] !== undefined);
    // nineteen of twenty, or the law would be about little
    expect(alike.length / goods.length).toBeGreaterThan(0.95);
    fc.assert(
      fc.property(fc.constantFrom(...alike), languages, anyEpoch, ({ code, names }, [one, other, theirs], epoch) => {
        const asked = asking({ [theirs]: names[theirs] }, [code]);
        const points = [one, other].map((language) => rank(offering(names[language]), asked, epoch)) as [number, number];
        expect(Math.abs(points[0] - points[1])).toBeLessThanOrEqual(POINTS);
      }),
      RUNS,
    );
  });

  it('scores within five points for what the demo chamber trades in', () => {
    const leads = DEMO_OPPORTUNITIES.filter(({ kind, hs }) => kind === 'buy_request' && hs.length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...leads), languages, ({ hs, title }, [one, other, theirs]) => {
        const asked = asking({ [theirs]: title[theirs] }, hs);
        const points = [one, other].map((language) => rank(offering(title[language], hs), asked)) as [number, number];
        expect(Math.abs(points[0] - points[1])).toBeLessThanOrEqual(POINTS);
      }),
      RUNS,
    );
  });
});
