import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyFirm, anyLead, anyLine, capacity, firm, lead, line, titleOf, TODAY } from '../../../test/support/facts.js';
import type { FirmFacts, LineFacts, OpportunityFacts } from './facts.js';
import { linesFor, shutGate } from './gates.js';
import { countryRule, productRule, sectorRule, wordsRule } from './rules.js';
import { score } from './score.js';

const RUNS = { numRuns: 500 };
/** A score to compare: a pair that may not be matched is below every other. */
const rank = (f: FirmFacts, l: OpportunityFacts): number => score(f, l, TODAY)?.score ?? -1;
const pair = [anyFirm, anyLead] as const;

describe('a score', () => {
  it('lies between 0 and 100', () => {
    fc.assert(
      fc.property(...pair, (f, l) => {
        const found = score(f, l, TODAY);
        fc.pre(found !== null);
        expect(found.score).toBeGreaterThanOrEqual(0);
        expect(found.score).toBeLessThanOrEqual(100);
      }),
      RUNS,
    );
  });

  it('is 100 × points ÷ the maximum of the rules that the opportunity states anything for', () => {
    fc.assert(
      fc.property(...pair, (f, l) => {
        const found = score(f, l, TODAY);
        fc.pre(found !== null);
        const lines = linesFor(f, l);
        const verdicts = [sectorRule(f, l), productRule(lines, l), wordsRule(lines, l), countryRule(f, l)];
        for (const { points, max } of verdicts) expect(points >= 0 && points <= max).toBe(true);
        expect(verdicts.map(({ max }) => max > 0)).toEqual([
          l.sectors.length > 0,
          l.hs.length + l.isic.length > 0,
          l.titles.some((title) => title.size > 0),
          true,
        ]);
        const [points, max] = [verdicts.reduce((sum, v) => sum + v.points, 0), verdicts.reduce((sum, v) => sum + v.max, 0)];
        expect(found.score).toBeCloseTo((100 * points) / max, 9);
        expect(found.evidence).toEqual(verdicts.flatMap((v) => v.evidence));
      }),
      RUNS,
    );
  });

  it('is never lowered by one more offer or need, wherever it stands', () => {
    fc.assert(
      fc.property(...pair, anyLine, fc.boolean(), fc.boolean(), (f, l, more, offered, first) => {
        const added = (lines: readonly LineFacts[]) => (first ? [more, ...lines] : [...lines, more]);
        const richer = offered ? { ...f, offers: added(f.offers) } : { ...f, needs: added(f.needs) };
        expect(rank(richer, l)).toBeGreaterThanOrEqual(rank(f, l));
      }),
      RUNS,
    );
  });

  it('is never lowered by one more certificate, of the firm or of a line, or by a capacity', () => {
    const certificate = fc.constantFrom('gacc', 'halal', 'haccp', 'iso-9001');
    fc.assert(
      fc.property(...pair, certificate, capacity, (f, l, more, able) => {
        const lines = (of: readonly LineFacts[]) => of.map((one, i) => (i === 0 ? { ...one, certificates: [...one.certificates, more], capacity: able } : one));
        expect(rank({ ...f, certificates: [...f.certificates, more] }, l)).toBeGreaterThanOrEqual(rank(f, l));
        expect(rank({ ...f, offers: lines(f.offers), needs: lines(f.needs) }, l)).toBeGreaterThanOrEqual(rank(f, l));
      }),
      RUNS,
    );
  });

  it('does not change with the order and repetition of anything in the profile or the lead', () => {
    const turned = <T>(list: readonly T[]): T[] => [...list, ...list].reverse();
    fc.assert(
      fc.property(...pair, (f, l) => {
        const turnedLine = (one: LineFacts): LineFacts => ({ ...one, hs: turned(one.hs), isic: turned(one.isic), words: new Map([...one.words].reverse()) });
        const otherFirm: FirmFacts = {
          ...f,
          sectors: turned(f.sectors),
          seeks: turned(f.seeks),
          markets: turned(f.markets),
          excludedWords: turned(f.excludedWords),
          offers: turned(f.offers.map(turnedLine)),
          needs: turned(f.needs.map(turnedLine)),
        };
        const otherLead: OpportunityFacts = {
          ...l,
          hs: turned(l.hs),
          isic: turned(l.isic),
          sectors: turned(l.sectors),
          titles: turned(l.titles.map((title) => new Set([...title].reverse()))),
        };
        expect(rank(otherFirm, l)).toBe(rank(f, l));
        expect(rank(f, otherLead)).toBe(rank(f, l));
        expect(wordsRule(linesFor(otherFirm, l), l)).toEqual(wordsRule(linesFor(f, l), l));
      }),
      RUNS,
    );
  });

  it('is null exactly where a gate is shut, however good the words', () => {
    fc.assert(
      fc.property(...pair, (f, l) => expect(score(f, l, TODAY) === null).toBe(shutGate(f, l) !== null)),
      RUNS,
    );
    const perfect = firm({ sectors: ['agriculture'], offers: [line('dried red chillies', { hs: ['090421'] })] });
    const wanted = lead({ hs: ['090421'], sectors: ['agriculture'], titles: [titleOf('Dried red chillies')] });
    expect(score(perfect, wanted, TODAY)?.score).toBe(100);
    expect(score({ ...perfect, admitted: false }, wanted, TODAY)).toBeNull();
    expect(score(perfect, { ...wanted, open: false }, TODAY)).toBeNull();
  });

  it('is the same for the same facts, and leaves them as they are', () => {
    fc.assert(
      fc.property(...pair, (f, l) => {
        const [firmBefore, leadBefore] = [structuredClone(f), structuredClone(l)];
        const once = score(f, l, TODAY);
        expect(score(structuredClone(f), structuredClone(l), TODAY)).toEqual(once);
        expect([f, l]).toEqual([firmBefore, leadBefore]);
      }),
    );
  });

  it('is not lowered by what stands in the way', () => {
    fc.assert(
      fc.property(...pair, (f, l) => {
        const bare = { ...l, certificates: [], quantity: undefined };
        expect(rank(f, l)).toBe(rank({ ...f, validUntil: null }, bare));
      }),
      RUNS,
    );
  });

  it('names as its reason only codes, words, sectors and countries that both sides have', () => {
    fc.assert(
      fc.property(...pair, (f, l) => {
        const lines = linesFor(f, l);
        for (const reason of score(f, l, TODAY)?.evidence ?? []) {
          if (reason.rule === 'sector') expect([f.sectors.includes(reason.sector), l.sectors.includes(reason.sector)]).toEqual([true, true]);
          if (reason.rule === 'country') expect([f.markets.includes(reason.country), l.country]).toEqual([true, reason.country]);
          if (reason.rule === 'words') expect(lines.some((one) => reason.words.every((word) => [...one.words.values()].includes(word)))).toBe(true);
          if (reason.rule === 'product') {
            expect(l[reason.system]).toContain(reason.theirs);
            const own = lines.flatMap((one) => (reason.system === 'hs' ? [...one.hs, ...one.guessedHs] : [...one.isic, ...one.guessedIsic]));
            expect(own).toContain(reason.yours);
          }
        }
      }),
      RUNS,
    );
  });
});

describe('the score of a firm of the city', () => {
  const bangles = lead({
    hs: ['701810'],
    sectors: ['export-industry'],
    titles: [titleOf('Glass bangles for the wedding season'), titleOf('شادی سیزن کے لیے کانچ کی چوڑیاں')],
  });
  const maker = firm({ sectors: ['export-industry'], offers: [line('کانچ کی چوڑیاں، ہاتھ سے سجی ہوئی', { hs: ['701810'] })] });

  it('is high for its own product in its own language', () => {
    expect(score(maker, bangles, TODAY)?.score).toBeCloseTo((100 * (20 + 50 + (20 * 2) / 3 + 10)) / 100, 9);
  });

  it('is too low to be kept for another product of the same sector', () => {
    expect(score(firm({ ...maker, offers: [line('Cotton yarn', { hs: ['520512'] })] }), bangles, TODAY)?.score).toBe(30);
  });

  it('is nothing where nothing is stated that it meets', () => {
    expect(score(firm({ ...maker, markets: ['AE'] }), lead(), TODAY)?.score).toBe(0);
  });
});
