import type { Texts } from '../language/language.js';

/** Why a person must look at a lead before it may be published. */
export const CONCERNS = ['same-name', 'fraud', 'duplicate'] as const;
export type Concern = (typeof CONCERNS)[number];

/** What concerns are read from. */
export interface LeadFacts {
  readonly kind: string;
  readonly title: Texts;
  readonly summary: Texts;
  readonly hs: readonly string[];
  readonly isic: readonly string[];
  readonly valueUsd: number | null;
  readonly country: string;
  readonly place: string | null;
  readonly counterparty: string;
  readonly counterpartyEmail: string | null;
  readonly counterpartyPhone: string | null;
}

/** Signs that a lead means Hyderabad in Telangana, India, rather than the one in Sindh. */
const SAME_NAME = [
  /\btelangana\b|تلنگان|تیلنگان|特伦甘纳|泰伦加纳/i,
  /\bGSTIN\b/i,
  /\+91[\s-]?\d/,
  /\bPIN(?: code)?:?\s*500\s?\d{3}\b|hyderabad\W{1,3}500\s?\d{3}\b/i,
  /hyderabad\W{1,3}(?:deccan\b|india\b)|حیدرآباد\W{0,3}(?:دکن|بھارت|انڈیا)|印度海得拉巴/i,
  /\bINR\b|₹|\blakhs? rupees indian/i,
];

/** Patterns of advance-fee and payment fraud that exporters are warned of. */
const FRAUD = [
  /advance (?:registration |processing |security )?fee|(?:registration|processing|clearance|insurance) fee (?:in advance|before|first|up ?front)|pay .{0,40}fee .{0,30}(?:before|first|in advance)/i,
  /personal (?:bank )?account|account in (?:the|my|his|her) (?:own )?name|western union|moneygram/i,
  /(?:bank|account)(?: details)? (?:have|has) changed|new beneficiary/i,
  /پیشگی فیس|ذاتی (?:بینک )?اکاؤنٹ/,
  /预付(?:手续|注册|保证)?费|个人(?:银行)?账户|私人账户/,
];

/** Looks at one lead alone and beside the others that are open or in review with the same counterparty. */
export function concernsOf(lead: LeadFacts, others: readonly LeadFacts[]): Concern[] {
  const text = [...Object.values(lead.title), ...Object.values(lead.summary), lead.place, lead.counterparty, lead.counterpartyPhone].join('\n');
  const found: Concern[] = [];
  if (lead.country === 'IN' || SAME_NAME.some((sign) => sign.test(text))) found.push('same-name');
  if (FRAUD.some((sign) => sign.test(text)) || isLargeFromFreeMail(lead)) found.push('fraud');
  if (others.some((other) => isDuplicate(lead, other))) found.push('duplicate');
  return found;
}

/** The same counterparty asking for the same kind of thing under the same code, whatever the title says. */
function isDuplicate(a: LeadFacts, b: LeadFacts): boolean {
  const sameParty = a.counterparty.toLowerCase() === b.counterparty.toLowerCase() || (!!a.counterpartyEmail && a.counterpartyEmail === b.counterpartyEmail);
  return sameParty && a.kind === b.kind && (a.hs.some((code) => b.hs.includes(code)) || a.isic.some((code) => b.isic.includes(code)));
}

/** A large order from an address that anybody can have. */
function isLargeFromFreeMail({ valueUsd, counterpartyEmail }: LeadFacts): boolean {
  return (valueUsd ?? 0) >= 100_000 && /@(?:gmail|yahoo|hotmail|outlook|live|aol|proton(?:mail)?|yandex|mail)\.[a-z.]+$/i.test(counterpartyEmail ?? '');
}
