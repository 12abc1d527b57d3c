import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyEpoch, anyFirm, anyLead, firm, lead, line, titled, TODAY } from '../../../test/support/facts.js';
import { LANGUAGES } from '../../language/language.js';
import { sayAccount, sayBrings } from '../explain.js';
import { accountOf, type Change, oneChange } from './account.js';
import { NO_EPOCH } from './epoch.js';
import type { FirmFacts, OpportunityFacts } from './facts.js';
import { shutGate } from './gates.js';
import { score } from './score.js';

const wanted = lead({
  hs: ['090421'],
  sectors: ['agriculture'],
  certificates: ['gacc'],
  deliveryMonths: [6, 7],
  quantity: { amount: 100, unit: 't', period: 'month' },
  ...titled('Dried red chillies'),
});
const maker = firm({ sectors: ['agriculture'], offers: [line('dried red chillies', { hs: ['090421'] })] });

describe('the account of a pair', () => {
  it('is the score with every rule that the lead states anything for, and agrees with the match', () => {
    fc.assert(
      fc.property(anyFirm, anyLead, anyEpoch, (f, l, epoch) => {
        const account = accountOf(f, l, epoch, TODAY);
        const found = score(f, l, epoch, TODAY);
        expect(account.gate).toBe(shutGate(f, l));
        expect(account.gate === null).toBe(found !== null);
        if (found) expect({ ...found, evidence: account.rules.flatMap(({ evidence }) => evidence) }).toEqual({ ...found, score: account.score });
        expect(account.rules.every(({ max }) => max > 0)).toBe(true);
      }),
    );
  });

  it.each(LANGUAGES)('is said in full in %s, with what holds it back', (language) => {
    const said = sayAccount(language, accountOf({ ...maker, markets: ['AE'], validUntil: '2026-03-31' }, wanted, NO_EPOCH, TODAY));
    expect(said.shut).toBeUndefined();
    expect(said.rules).toHaveLength(7);
    expect(said.rules.find(({ short }) => short === undefined)?.because).not.toEqual([]);
    expect(said.rules.filter(({ short }) => short !== undefined)).toHaveLength(4);
    expect(said.blockers).toHaveLength(2);
    const texts = said.rules.flatMap(({ rule, points, because, short }) => [rule, points, ...because, short ?? '']).join('\n');
    expect(texts).not.toMatch(/\{|undefined|rule\./);
    expect(sayAccount(language, accountOf({ ...maker, offers: [] }, wanted, NO_EPOCH, TODAY)).shut).toEqual(expect.any(String));
  });
});

describe('the one change that would bring a lead', () => {
  const of = (f: FirmFacts, l: OpportunityFacts = wanted, threshold = 60) => oneChange(f, l, NO_EPOCH, TODAY, threshold);
  const change = (f: FirmFacts, l?: OpportunityFacts, threshold?: number): Change | undefined => of(f, l, threshold)?.change;

  it('is none where it comes already, nor where one is not enough', () => {
    expect(of(maker)).toBeNull();
    expect(of({ ...maker, validUntil: '2026-03-31', offers: [] })).toBeNull();
    expect(of({ ...maker, admitted: false })).toBeNull();
  });

  it('is a renewal, which changes no score', () => {
    const lapsed = { ...maker, validUntil: '2026-03-31' };
    expect(of(lapsed)).toEqual({ change: { change: 'renew' }, score: score(maker, wanted, NO_EPOCH, TODAY)?.score });
  });

  it('is what the firm itself excluded or did not tick', () => {
    expect(change({ ...maker, excludedCountries: ['CN', 'IN'] })).toEqual({ change: 'include-country', country: 'CN' });
    expect(change({ ...maker, excludedKinds: ['buy_request'] })).toEqual({ change: 'include-kind', kind: 'buy_request' });
    expect(change({ ...maker, excludedWords: ['wine', 'chilli'] })).toEqual({ change: 'include-words', words: ['chilli'] });
    expect(change(maker, { ...wanted, kind: 'joint_venture' })).toEqual({ change: 'seek', kind: 'joint_venture' });
  });

  it('is the product, where that is what is missing', () => {
    expect(change({ ...maker, offers: [line('onions', { hs: ['070310'] })] })).toEqual({ change: 'offer', system: 'hs', code: '090421' });
    expect(change({ ...maker, needs: [line('pumps')] }, { ...wanted, kind: 'sell_offer' })).toEqual({ change: 'need', system: 'hs', code: '090421' });
  });

  it.each<[string, Partial<FirmFacts>, Change]>([
    ['a sector', { sectors: [] }, { change: 'sector', sector: 'agriculture' }],
    ['a country', { markets: ['AE'] }, { change: 'market', country: 'CN' }],
    ['the capacity', {}, { change: 'capacity', line: 0 }],
    [
      'the season',
      { offers: [line('dried red chillies', { hs: ['090421'], months: [1], capacity: { amount: 100, unit: 't', period: 'month' } })] },
      { change: 'season', months: [6, 7], line: 0 },
    ],
    [
      'a certificate',
      { offers: [line('dried red chillies', { hs: ['090421'], capacity: { amount: 100, unit: 't', period: 'month' } })] },
      { change: 'certificate', certificate: 'gacc' },
    ],
  ])('is %s, where that lifts it over the threshold', (_what, over, expected) => {
    const near = { ...maker, ...over };
    const reached = (score(near, wanted, NO_EPOCH, TODAY)?.score ?? 0) + 0.1;
    const found = of(near, wanted, reached);
    expect(found?.change).toEqual(expected);
    expect(found?.score).toBeGreaterThan(reached);
  });

  it('always brings what it says, and can be said in four languages', () => {
    fc.assert(
      fc.property(anyFirm, anyLead, anyEpoch, fc.integer({ min: 40, max: 90 }), (f, l, epoch, threshold) => {
        const found = oneChange(f, l, epoch, TODAY, threshold);
        fc.pre(found !== null);
        expect(found.score).toBeGreaterThanOrEqual(threshold);
        for (const language of LANGUAGES) expect(sayBrings(language, found)).not.toMatch(/\{|undefined|change\./);
      }),
    );
  });
});
