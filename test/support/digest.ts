import { digestUrls } from '../../src/digests/answer-links.js';
import type { DigestFacts, DigestItem } from '../../src/digests/compose.js';

/** A match with everything that a mail can say of it. */
export const item = (over: Partial<DigestItem> = {}): DigestItem => ({
  opportunityId: 'c0ffee00-0000-4000-8000-000000000001',
  reference: 'RB-0001',
  kind: 'buy_request',
  title: { en: 'Dried whole red chillies', ur: 'ثابت خشک سرخ مرچ', sd: 'سڪل ثابت ڳاڙها مرچ', zh: '整干红辣椒' },
  sectors: ['agriculture'],
  quantity: 50,
  unit: 't',
  period: 'month',
  valueUsd: 1_500_000,
  country: 'CN',
  place: 'Chengdu, Sichuan',
  deadline: '2026-12-31',
  openUntil: '2026-12-31',
  materialRevision: 1,
  score: 93,
  evidence: [
    { rule: 'sector', sector: 'agriculture', paragraph: 12 },
    { rule: 'product', system: 'hs', theirs: '090421', yours: '090421', digits: 6 },
    { rule: 'words', words: ['chillies', 'مرچ'] },
    { rule: 'country', country: 'CN' },
  ],
  blockers: [
    { gap: 'certificate-missing', certificate: 'gacc' },
    { gap: 'capacity-short', percent: 40 },
  ],
  before: null,
  ...over,
});

/** Tokens as long as real ones. */
const signer = { token: (purpose: string, id: string) => `${id}.${purpose.padEnd(32, '-')}` };

export const digest = (over: Partial<DigestFacts> = {}): DigestFacts => ({
  language: 'en',
  occasion: 'regular',
  contactName: 'Naila Arain',
  firmName: 'Kunri Sun Chillies',
  items: [item()],
  total: 1,
  chamber: { name: 'Hyderabad Chamber', address: 'Hyderabad, Sindh, Pakistan' },
  urls: digestUrls('https://rabta.example', signer, 'c0ffee00-0000-4000-8000-0000000000c0'),
  ...over,
});
