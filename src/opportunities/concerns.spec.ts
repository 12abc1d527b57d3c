import { describe, expect, it } from '@jest/globals';
import { concernsOf, type LeadFacts } from './concerns.js';

const lead = (over: Partial<LeadFacts> = {}): LeadFacts => ({
  kind: 'buy_request',
  title: { en: 'Dried whole red chillies', ur: 'ثابت خشک سرخ مرچ' },
  summary: { en: '50 t a month for Hyderabad, Sindh; 30% in advance by bank transfer, the rest against documents.' },
  hs: ['090421'],
  isic: [],
  valueUsd: null,
  country: 'CN',
  place: 'Chengdu, Sichuan',
  counterparty: 'Lantern Foods',
  counterpartyEmail: 'buy@lantern-foods.example',
  counterpartyPhone: '+862800000000',
  ...over,
});

describe('a lead that may mean the other Hyderabad', () => {
  it.each<[string, Partial<LeadFacts>]>([
    ['the country', { country: 'IN' }],
    ['the state', { place: 'Hyderabad, Telangana' }],
    ['the state in Urdu', { title: { ur: 'حیدرآباد، تلنگانہ' } }],
    ['the state in Chinese', { title: { zh: '特伦甘纳邦海得拉巴' } }],
    ['a tax number', { summary: { en: 'gstin 36AAAAA0000A1Z5' } }],
    ['a telephone number', { counterpartyPhone: '+914012345678' }],
    ['a telephone number in the text', { summary: { en: 'Call +91 40 1234 5678' } }],
    ['a PIN', { summary: { en: 'Begum Bazar, PIN: 500 012' } }],
    ['a PIN without the word', { place: 'Hyderabad 500012' }],
    ['the currency', { summary: { en: 'INR 40 per kg' } }],
    ['the sign of the currency', { title: { en: 'Chillies at ₹40' } }],
    ['the counterparty', { counterparty: 'Telangana Spices' }],
  ])('is held for a person: %s', (_sign, over) => {
    expect(concernsOf(lead(over), [])).toEqual(['same-name']);
  });

  it.each<[string, Partial<LeadFacts>]>([
    ['Hyderabad in Sindh', { place: 'SITE Hyderabad, Sindh', country: 'PK', counterpartyPhone: '+922200000000' }],
    ['a quantity', { summary: { en: '500 t, 15000 bags, 5000 dozen' } }],
    ['a Chinese postcode', { place: 'Chengdu 610500' }],
    ['a word with the letters in it', { title: { en: 'Ring-spun yarn for spinrooms' } }],
  ])('is not held for what only looks like it: %s', (_sign, over) => {
    expect(concernsOf(lead(over), [])).toEqual([]);
  });
});

describe('a lead with a pattern of fraud', () => {
  it.each([
    'An advance fee of 200 dollars applies.',
    'Advance processing fee by Friday',
    'Please pay the small registration fee before samples are sent.',
    'The clearance fee upfront, please',
    'Payment to my personal account',
    'Transfer to the personal bank account of our director',
    'Send it to the account in my own name',
    'By Western Union only',
    'MoneyGram accepted',
    'Our bank details have changed',
    'There is a new beneficiary',
  ])('is held for a person: %s', (text) => {
    expect(concernsOf(lead({ summary: { en: text } }), [])).toEqual(['fraud']);
  });

  it.each([
    '30% advance payment, 70% against documents',
    'Letter of credit at sight',
    'The exhibition fee is paid by the chamber',
    'Personal protective equipment',
  ])('is not held for ordinary terms: %s', (text) => {
    expect(concernsOf(lead({ summary: { en: text } }), [])).toEqual([]);
  });
});

describe('a lead that is there already', () => {
  it('has the same counterparty, kind and code, whatever its title says', () => {
    const again = lead({ title: { zh: '辣椒' }, hs: ['100630', '090421'], counterparty: 'LANTERN FOODS', counterpartyEmail: null });
    expect(concernsOf(again, [lead()])).toEqual(['duplicate']);
    expect(concernsOf(lead({ counterparty: 'Another name' }), [lead()])).toEqual(['duplicate']);
  });

  it.each<[string, Partial<LeadFacts>]>([
    ['kind', { kind: 'sell_offer' }],
    ['code', { hs: ['090422'] }],
    ['counterparty', { counterparty: 'Another', counterpartyEmail: 'x@another.example' }],
    ['counterparty, both without an address', { counterparty: 'Another', counterpartyEmail: null }],
  ])('is another when it has another %s', (_what, over) => {
    expect(concernsOf(lead(over), [lead(over.counterpartyEmail === null ? { counterpartyEmail: null } : {})])).toEqual([]);
  });
});

it('all concerns of a lead are named, each once', () => {
  const bad = lead({ country: 'IN', place: 'Telangana', summary: { en: 'advance fee by Western Union', ur: 'advance fee' } });
  expect(concernsOf(bad, [lead(), lead()])).toEqual(['same-name', 'fraud', 'duplicate']);
});
