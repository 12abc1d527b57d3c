import { describe, expect, it } from '@jest/globals';
import { faults } from '../../test/support/faults.js';
import { parse } from '../common/errors.js';
import { admissionSchema, confirmationSchema, ntn, profileSchema, registrationSchema, statusSchema } from './firm.schemas.js';

const line = { text: 'Whole dried red chillies, Longi', hs: ['0904.21'] };
const registration = (over: Record<string, unknown> = {}) => ({
  firmName: 'Kunri Sun Chillies',
  contactName: '王伟',
  email: 'Naila@Kunri-Sun.example',
  password: 'chillies dry in the sun',
  language: 'ur',
  offers: [line],
  ...over,
});

describe('an NTN', () => {
  it.each([
    ['1234567', '1234567'],
    ['1234567-8', '1234567-8'],
    ['12345678', '1234567-8'],
    [' 1234567 - 8 ', '1234567-8'],
    ['0000001', '0000001'],
    ['', undefined],
    ['  ', undefined],
    [undefined, undefined],
  ])('%j is kept as %j', (written, kept) => {
    expect(parse(ntn, written)).toBe(kept);
  });

  it.each(['123456', '123456789', '1234567-89', '1234-567', 'A123456', '1234567-'])('%s is none', (written) => {
    expect(faults(ntn, written)).toEqual(['body not-an-ntn']);
  });

  it.each(['4210112345671', '42101-1234567-1', '42101 1234567 1'])('of 13 digits is a CNIC, and refused as one: %s', (written) => {
    expect(faults(ntn, written)).toContain('body ntn-is-cnic');
  });
});

describe('a registration', () => {
  it('needs names, address, password, language and one line, and asks for no consent beforehand', () => {
    expect(parse(registrationSchema, registration())).toEqual({
      firmName: 'Kunri Sun Chillies',
      contactName: '王伟',
      email: 'naila@kunri-sun.example',
      password: 'chillies dry in the sun',
      language: 'ur',
      digestConsent: false,
      about: '',
      womenLed: false,
      offers: [{ text: 'Whole dried red chillies, Longi', hs: ['090421'], isic: [], months: [], certificates: [] }],
      needs: [],
      seeks: [],
      sectors: [],
      markets: [],
      certificates: [],
      excludedCountries: [],
      excludedKinds: [],
      excludedWords: [],
    });
    expect(faults(registrationSchema, {})).toEqual(['firmName required', 'contactName required', 'email required', 'password required', 'language not-one-of']);
  });

  it('needs an offer or a need', () => {
    expect(faults(registrationSchema, registration({ offers: [] }))).toEqual(['offers offer-or-need']);
    expect(faults(registrationSchema, registration({ offers: [], needs: [line] }))).toEqual([]);
  });

  it.each([
    ['status unknown-field', { status: 'admitted' }],
    ['membershipClass unknown-field', { membershipClass: 'corporate' }],
    ['role unknown-field', { role: 'administrator' }],
    ['cnic unknown-field', { cnic: '1' }],
    ['offers.0.price unknown-field', { offers: [{ ...line, price: 5 }] }],
    ['offers.0.capacity.firm unknown-field', { offers: [{ ...line, capacity: { amount: 5, unit: 't', period: 'month', firm: true } }] }],
  ])('refuses fields that it does not know: %s', (fault, over) => {
    expect(faults(registrationSchema, registration(over))).toEqual([fault]);
  });

  it.each(['firmName', 'contactName', 'place', 'about', 'strn', 'secp'])('refuses a CNIC and HTML in %s', (field) => {
    expect(faults(registrationSchema, registration({ [field]: '42101-1234567-1' }))).toEqual([`${field} no-cnic`]);
    expect(faults(registrationSchema, registration({ [field]: '<b>x</b>' }))).toEqual([`${field} no-html`]);
  });

  it('refuses a CNIC and HTML in the words of a line', () => {
    expect(faults(registrationSchema, registration({ offers: [line, { text: '۴۲۱۰۱-۱۲۳۴۵۶۷-۱' }] }))).toEqual(['offers.1.text no-cnic']);
    expect(faults(registrationSchema, registration({ needs: [{ text: 'a <script' }] }))).toEqual(['needs.0.text no-html']);
  });

  it('refuses passwords that are short or the first thing anybody would try', () => {
    expect(faults(registrationSchema, registration({ password: 'short' }))).toEqual(['password too-short']);
    for (const password of ['Hyderabad123', 'pakistan!', 'aaaabbbb', 'rabta@2026']) {
      expect(faults(registrationSchema, registration({ password }))).toEqual(['password password-guessable']);
    }
  });
});

describe('a profile', () => {
  it('holds each code once', () => {
    const twice = { hs: ['0904.21', '090421'], isic: ['62', '62'], months: [1, 1], certificates: ['halal', 'halal'] };
    const profile = { offers: [{ text: 'x', ...twice }], seeks: ['tender', 'tender'], sectors: ['agriculture', 'agriculture'], markets: ['CN', 'CN'] };
    expect(parse(profileSchema, profile)).toMatchObject({
      offers: [{ hs: ['090421'], isic: ['62'], months: [1], certificates: ['halal'] }],
      seeks: ['tender'],
      sectors: ['agriculture'],
      markets: ['CN'],
    });
  });

  it.each([
    ['sectors.0 not-in-statement', { sectors: ['growth'] }],
    ['sectors.0 not-in-statement', { sectors: ['fishing'] }],
    ['seeks.0 not-one-of', { seeks: ['gift'] }],
    ['markets.0 not-a-country', { markets: ['China'] }],
    ['excludedCountries.0 not-a-country', { excludedCountries: ['cn'] }],
    ['excludedWords.0 required', { excludedWords: [''] }],
    ['certificates.0 not-one-of', { certificates: ['iso'] }],
    ['phone not-a-phone', { phone: '12' }],
    ['offers.0.hs.0 not-an-hs-code', { offers: [{ text: 'x', hs: ['77'] }] }],
    ['offers.0.isic.0 not-an-isic-code', { offers: [{ text: 'x', isic: ['00'] }] }],
    ['offers.0.months.0 too-large', { offers: [{ text: 'x', months: [13] }] }],
    ['offers.0.capacity.amount more-than', { offers: [{ text: 'x', capacity: { amount: 0, unit: 't', period: 'month' } }] }],
    ['offers.0.capacity.unit not-one-of', { offers: [{ text: 'x', capacity: { amount: 1, unit: 'boat', period: 'month' } }] }],
    ['offers.0.capacity.period not-one-of', { offers: [{ text: 'x', capacity: { amount: 1, unit: 't', period: 'day' } }] }],
    ['offers.0.text too-long', { offers: [{ text: 'x'.repeat(301) }] }],
    ['offers too-large', { offers: Array.from({ length: 41 }, () => line) }],
    ['about too-long', { about: 'x'.repeat(1001) }],
  ])('is refused: %s', (fault, over) => {
    expect(faults(profileSchema, { offers: [line], ...over })).toEqual([fault]);
  });
});

describe('what else is sent about a firm', () => {
  it('is confirmed by the token, or by address and six digits, and by no mixture', () => {
    expect(faults(confirmationSchema, { token: 'x' })).toEqual([]);
    expect(parse(confirmationSchema, { email: 'A@b.example', code: '012345' })).toEqual({ email: 'a@b.example', code: '012345' });
    for (const bad of [{}, { email: 'a@b.example' }, { code: '012345' }, { token: 'x', code: '012345' }, { email: 'a@b.example', code: '12345' }]) {
      expect(faults(confirmationSchema, bad)).toHaveLength(1);
    }
  });

  it('is admitted until a 31 March, the next one where none is named', () => {
    const admission = { membershipClass: 'associate', membershipNumber: 'A-77' };
    expect(parse(admissionSchema, { ...admission, validUntil: '' })).toEqual(admission);
    expect(parse(admissionSchema, { ...admission, validUntil: '2027-03-31' })).toEqual({ ...admission, validUntil: '2027-03-31' });
    expect(faults(admissionSchema, { ...admission, validUntil: '2027-04-01' })).toEqual(['validUntil not-31-march']);
    expect(faults(admissionSchema, { ...admission, membershipClass: 'life' })).toEqual(['membershipClass not-one-of']);
  });

  it('changes its status only with a reason', () => {
    expect(faults(statusSchema, { status: 'suspended', reason: 'Dues' })).toEqual([]);
    expect(faults(statusSchema, { status: 'suspended', reason: ' ' })).toEqual(['reason required']);
    expect(faults(statusSchema, { status: 'applied', reason: 'x' })).toEqual(['status not-one-of']);
  });
});
