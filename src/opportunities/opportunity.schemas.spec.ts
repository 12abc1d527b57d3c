import { describe, expect, it } from '@jest/globals';
import { faults } from '../../test/support/faults.js';
import { parse } from '../common/errors.js';
import { closingSchema, deskQuery, opportunityQuery, opportunitySchema, publicationSchema, returnSchema } from './opportunity.schemas.js';

const lead = (over: Record<string, unknown> = {}) => ({
  kind: 'buy_request',
  title: { en: 'Dried whole red chillies' },
  sectors: ['agriculture'],
  counterparty: 'Lantern Foods',
  ...over,
});

describe('an opportunity', () => {
  it('needs a kind, a title in one language, a sector and a counterparty; China is where the deal is unless it says otherwise', () => {
    expect(parse(opportunitySchema, lead())).toEqual({
      ...lead(),
      summary: {},
      country: 'CN',
      hs: [],
      isic: [],
      corridors: [],
      platforms: [],
      instruments: [],
      certificates: [],
      deliveryMonths: [],
    });
    expect(faults(opportunitySchema, {})).toEqual(['kind not-one-of', 'title required', 'sectors required', 'counterparty required']);
  });

  it.each(['en', 'ur', 'sd', 'zh'])('may have its title in %s alone', (language) => {
    expect(parse(opportunitySchema, lead({ title: { [language]: ' 红辣椒 ', en: language === 'en' ? '红辣椒' : '' } })).title).toEqual({
      [language]: '红辣椒',
    });
  });

  it('takes empty fields of the form as not given', () => {
    const empty = { place: '', deadline: '', counterpartyEmail: ' ', counterpartyPhone: '', source: '', summary: { en: '', zh: ' ' } };
    expect(parse(opportunitySchema, lead(empty))).toEqual(parse(opportunitySchema, lead()));
  });

  it.each([
    ['title one-language', { title: {} }],
    ['title one-language', { title: { en: '', zh: '  ' } }],
    ['title.fr unknown-field', { title: { en: 'Chillies', fr: 'Piments' } }],
    ['title.en one-line', { title: { en: 'a\nb' } }],
    ['title.en no-html', { title: { en: '<b>Chillies' } }],
    ['title.en too-long', { title: { en: 'x'.repeat(121) } }],
    ['summary.ur no-cnic', { summary: { ur: '۴۲۱۰۱-۱۲۳۴۵۶۷-۱' } }],
    ['kind not-one-of', { kind: 'gift' }],
    ['sectors required', { sectors: [] }],
    ['sectors.0 not-in-statement', { sectors: ['growth'] }],
    ['corridors.0 not-in-statement', { corridors: ['agriculture'] }],
    ['platforms.0 not-in-statement', { platforms: ['growth'] }],
    ['instruments.0 not-in-statement', { instruments: ['sez'] }],
    ['hs.0 not-an-hs-code', { hs: ['0904.2'] }],
    ['isic.0 not-an-isic-code', { isic: ['0'] }],
    ['certificates.0 not-one-of', { certificates: ['iso'] }],
    ['quantity.amount more-than', { quantity: { amount: -1, unit: 't' } }],
    ['quantity.unit not-one-of', { quantity: { amount: 1, unit: 'boat' } }],
    ['quantity.firm unknown-field', { quantity: { amount: 1, unit: 't', firm: true } }],
    ['valueUsd more-than', { valueUsd: -5 }],
    ['country not-a-country', { country: 'China' }],
    ['deliveryMonths.0 too-large', { deliveryMonths: [13] }],
    ['deadline wrong-form', { deadline: '2026-02-30' }],
    ['deadline wrong-form', { deadline: '31.01.2027' }],
    ['counterparty required', { counterparty: '' }],
    ['counterpartyEmail not-an-email', { counterpartyEmail: 'x' }],
    ['counterpartyPhone not-a-phone', { counterpartyPhone: 'x' }],
    ['status unknown-field', { status: 'published' }],
    ['firmId unknown-field', { firmId: 'x' }],
  ])('is refused: %s', (fault, over) => {
    expect(faults(opportunitySchema, lead(over))).toEqual([fault]);
  });

  it('holds each code once', () => {
    const twice = { hs: ['0904.21', '090421'], sectors: ['agriculture', 'agriculture'], platforms: ['b2b', 'b2b'], deliveryMonths: [1, 1] };
    expect(parse(opportunitySchema, lead(twice))).toMatchObject({ hs: ['090421'], sectors: ['agriculture'], platforms: ['b2b'], deliveryMonths: [1] });
  });
});

describe('what is said of an opportunity at the desk', () => {
  it('is four marks from 0 to 5, and concerns stand unless they are cleared', () => {
    const marks = { clear: '5', complete: 0, source: 3, wanted: 4 };
    expect(parse(publicationSchema, marks)).toEqual({ ...marks, clear: 5, concernsCleared: false });
    for (const bad of [6, -1, 2.5, 'good', undefined]) expect(faults(publicationSchema, { ...marks, clear: bad })).toHaveLength(1);
    expect(faults(publicationSchema, { ...marks, charm: 5 })).toEqual(['charm unknown-field']);
  });

  it('is returned with a reason and closed as something', () => {
    expect(faults(returnSchema, { reason: '  ' })).toEqual(['reason required']);
    expect(faults(closingSchema, { as: 'filled' })).toEqual([]);
    expect(faults(closingSchema, { as: 'done' })).toEqual(['as not-one-of']);
  });

  it('is listed by kind and sector, at the desk by status, first what is to be reviewed', () => {
    expect(parse(opportunityQuery, { kind: 'tender', sector: 'agriculture', limit: '5' })).toEqual({ kind: 'tender', sector: 'agriculture', limit: 5 });
    expect(faults(opportunityQuery, { status: 'draft' })).toEqual(['status unknown-field']);
    expect(parse(deskQuery, {})).toEqual({ status: 'in_review', limit: 20 });
    expect(faults(deskQuery, { status: 'lost' })).toEqual(['status not-one-of']);
  });
});
