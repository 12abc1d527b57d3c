import { describe, expect, it } from '@jest/globals';
import { firm, lead, line, titleOf } from '../../../test/support/facts.js';
import { OPPORTUNITY_KINDS, type OpportunityKind } from '../../statement/kinds.js';
import { linesFor, shutGate } from './gates.js';

const offer = line('red chillies');
const need = line('solar dryer');
const maker = firm({ offers: [offer] });

describe('the gates', () => {
  it('are open to an admitted firm at the other end of an open lead', () => {
    expect(shutGate(maker, lead({ titles: [titleOf('Red chillies')] }))).toBeNull();
  });

  it('are shut to a firm that is not admitted, whatever else holds', () => {
    expect(shutGate({ ...maker, admitted: false }, lead())).toBe('not-admitted');
  });

  it('are shut to a lead that is not open', () => {
    expect(shutGate(maker, lead({ open: false }))).toBe('not-open');
  });

  it('are shut to the firm’s own lead, and to nobody else’s', () => {
    expect(shutGate(maker, lead({ ownFirmId: maker.id }))).toBe('own-lead');
    expect(shutGate(maker, lead({ ownFirmId: 'another' }))).toBeNull();
  });

  it('are shut to a country, a kind or a word that the firm excluded', () => {
    expect(shutGate({ ...maker, excludedCountries: ['AE', 'CN'] }, lead())).toBe('excluded');
    expect(shutGate({ ...maker, excludedKinds: ['buy_request'] }, lead())).toBe('excluded');
    const worded = lead({ titles: [titleOf('Red chillies'), titleOf('لال مرچ')] });
    for (const word of ['chilli', 'مرچ']) expect(shutGate({ ...maker, excludedWords: [word] }, worded)).toBe('excluded');
    expect(shutGate({ ...maker, excludedCountries: ['AE'], excludedKinds: ['tender'], excludedWords: ['wine'] }, worded)).toBeNull();
  });

  it('are open to a lapsed firm: that stands in the way, and says so', () => {
    expect(shutGate({ ...maker, validUntil: '2020-03-31' }, lead())).toBeNull();
  });
});

describe('the direction', () => {
  const OPEN_TO: Record<OpportunityKind, readonly string[]> = {
    buy_request: ['offers'],
    tender: ['offers'],
    sell_offer: ['needs'],
    technology: ['needs', 'seeks'],
    joint_venture: ['seeks'],
    investment: ['seeks'],
    sez_plot: ['seeks'],
    expo_place: ['sector'],
    training: ['sector'],
  };

  it.each(OPPORTUNITY_KINDS)('of %s is open to exactly those at its other end', (kind) => {
    const firms = {
      offers: firm({ offers: [offer] }),
      needs: firm({ needs: [need] }),
      seeks: firm({ seeks: [kind] }),
      sector: firm({ sectors: ['mining', 'agriculture'] }),
      others: firm({ seeks: OPPORTUNITY_KINDS.filter((other) => other !== kind), sectors: ['power'] }),
    };
    const open = Object.entries(firms).filter(([, one]) => shutGate(one, lead({ kind, sectors: ['agriculture'] })) === null);
    expect(open.map(([who]) => who)).toEqual(OPEN_TO[kind]);
    expect(shutGate(firms.others, lead({ kind, sectors: ['agriculture'] }))).toBe('direction');
  });

  it.each<[OpportunityKind, string[]]>([
    ['buy_request', ['offer']],
    ['tender', ['offer']],
    ['expo_place', ['offer']],
    ['training', ['offer']],
    ['sell_offer', ['need']],
    ['technology', ['need']],
    ['joint_venture', ['offer', 'need']],
    ['investment', ['offer', 'need']],
    ['sez_plot', ['offer', 'need']],
  ])('of %s holds the lead against these lines: %j', (kind, sides) => {
    const both = firm({ offers: [offer], needs: [need] });
    expect(linesFor(both, lead({ kind }))).toEqual(sides.map((side) => (side === 'offer' ? offer : need)));
  });
});
