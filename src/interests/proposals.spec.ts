import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FEEDBACK_REASONS } from './interest.entity.js';
import { type Answered, ENOUGH, proposalsOf, type Settings } from './proposals.js';

const answer = (over: Partial<Answered> = {}): Answered => ({ reason: 'country', country: 'AE', hs: ['090421'], ...over });
const offer = (over: Partial<Settings['offers'][number]> = {}) => ({ text: 'Red chillies', hs: ['090421'], guessedHs: [], hasCapacity: false, ...over });
const settings = (over: Partial<Settings> = {}): Settings => ({ excludedCountries: [], offers: [offer()], needs: [], ...over });
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one);
const NOTHING = new Set<string>();
const keys = (answers: readonly Answered[], of: Settings = settings(), decided: ReadonlySet<string> = NOTHING) =>
  proposalsOf(answers, of, decided).map(({ key }) => key);

describe('what answers suggest', () => {
  it('is nothing before there are three of a kind', () => {
    expect(keys(times(ENOUGH - 1, answer()))).toEqual([]);
    expect(keys([answer({ country: 'AE' }), answer({ country: 'CN' }), answer({ country: 'SA' })])).toEqual([]);
    expect(keys([answer(), answer({ reason: 'product' }), answer({ reason: 'quantity' })])).toEqual([]);
  });

  it('is to leave a country out', () => {
    expect(proposalsOf(times(3, answer()), settings(), NOTHING)).toEqual([{ kind: 'exclude-country', key: 'exclude-country:AE', count: 3, country: 'AE' }]);
    expect(keys(times(3, answer()), settings({ excludedCountries: ['AE'] }))).toEqual([]);
  });

  it('is to take an own code off, however near the code of the opportunity is', () => {
    const product = (hs: string) => times(3, answer({ reason: 'product', hs: [hs] }));
    expect(keys(product('090421'))).toEqual(['remove-hs:090421']);
    expect(keys(product('090422'))).toEqual(['remove-hs:090421']);
    expect(keys(product('0904'))).toEqual(['remove-hs:090421']);
    expect(keys(product('090611'))).toEqual([]);
    expect(keys(product('090611'), settings({ offers: [], needs: [{ hs: ['09'] }] }))).toEqual(['remove-hs:09']);
    // a code that was only guessed is no setting of the firm's
    expect(keys(product('090421'), settings({ offers: [offer({ hs: [], guessedHs: ['090421'] })] }))).toEqual([]);
  });

  it('is to say how much one can supply, where that is not said', () => {
    const quantity = times(3, answer({ reason: 'quantity' }));
    expect(proposalsOf(quantity, settings(), NOTHING)).toMatchObject([{ kind: 'state-capacity', line: 'Red chillies', count: 3 }]);
    expect(keys(quantity, settings({ offers: [offer({ text: 'Longi' }), offer({ text: 'Kunri' })] }))).toEqual(['state-capacity:090421']);
    expect(keys(quantity, settings({ offers: [offer({ hasCapacity: true })] }))).toEqual([]);
    expect(keys(quantity, settings({ offers: [offer({ hs: ['701810'] })] }))).toEqual([]);
    expect(keys(quantity, settings({ offers: [offer({ hs: [], guessedHs: ['0904'] })] }))).toHaveLength(1);
  });

  it.each(['price', 'too-late', 'other'] as const)('is nothing because of %s', (reason) => {
    expect(keys(times(20, answer({ reason })))).toEqual([]);
  });

  it('is nothing where the firm was interested in one of the same kind', () => {
    expect(keys([...times(5, answer()), answer({ reason: null })])).toEqual([]);
    expect(keys([...times(5, answer({ reason: 'product' })), answer({ reason: null, country: 'CN' })])).toEqual([]);
    expect(keys([...times(5, answer()), answer({ reason: null, country: 'CN' })])).toEqual(['exclude-country:AE']);
  });

  it('never comes back once it is decided, never doubles, and depends on no order', () => {
    const anyAnswer = fc.record({
      reason: fc.constantFrom(null, ...FEEDBACK_REASONS),
      country: fc.constantFrom('AE', 'CN'),
      hs: fc.subarray(['090421', '0904', '701810']),
    });
    fc.assert(
      fc.property(fc.array(anyAnswer, { maxLength: 20 }), fc.nat(), (answers, seed) => {
        const found = keys(answers);
        expect(new Set(found).size).toBe(found.length);
        expect(keys(answers, settings(), new Set(found))).toEqual([]);
        const shuffled = answers.map((a, i) => [((i + 1) * (seed + 7)) % 31, a] as const).sort(([a], [b]) => a - b);
        expect(keys(shuffled.map(([, a]) => a))).toEqual(found);
      }),
    );
  });
});
