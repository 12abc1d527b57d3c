import type { Contact, Firm, FirmLine } from '../firms/firm.entity.js';
import type { MatchWithOpportunity } from '../matching/matching.queries.js';
import type { PublicLead } from '../opportunities/opportunities.queries.js';
import type { Opportunity } from '../opportunities/opportunity.entity.js';

/** What the API says of a line of a profile: the same shape that it takes. */
const lineView = ({ text, hs, isic, capacity, unit, period, months, certificates }: FirmLine) => ({
  text,
  hs,
  isic,
  ...(capacity !== null && unit && period ? { capacity: { amount: capacity, unit, period } } : {}),
  months,
  certificates,
});

/** A firm as its own members and the desk see it. */
export const firmView = (firm: Firm, contacts: readonly Contact[]) => ({
  id: firm.id,
  name: firm.name,
  status: firm.status,
  statusReason: firm.statusReason,
  membershipClass: firm.membershipClass,
  membershipNumber: firm.membershipNumber,
  membershipValidUntil: firm.membershipValidUntil,
  ntn: firm.ntn,
  strn: firm.strn,
  secp: firm.secp,
  language: firm.language,
  appliedAt: firm.appliedAt,
  profile: {
    place: firm.place,
    about: firm.about,
    phone: firm.phone,
    whatsapp: firm.whatsapp,
    womenLed: firm.womenLed,
    offers: firm.lines.filter((line) => line.side === 'offer').map(lineView),
    needs: firm.lines.filter((line) => line.side === 'need').map(lineView),
    seeks: firm.seeks,
    sectors: firm.sectors,
    markets: firm.markets,
    certificates: firm.certificates,
    excludedCountries: firm.excludedCountries,
    excludedKinds: firm.excludedKinds,
    excludedWords: firm.excludedWords,
  },
  contacts: contacts.map(({ id, name, email, language, confirmedAt, digestConsentAt }) => ({ id, name, email, language, confirmedAt, digestConsentAt })),
});

/** What anybody may know of a lead: never its counterparty, source or review. */
export const publicOpportunityView = (lead: PublicLead) => ({
  reference: lead.reference,
  kind: lead.kind,
  title: lead.title,
  summary: lead.summary,
  hs: lead.hs,
  isic: lead.isic,
  sectors: lead.sectors,
  corridors: lead.corridors,
  platforms: lead.platforms,
  instruments: lead.instruments,
  certificates: lead.certificates,
  quantity: lead.quantity === null || !lead.unit ? null : { amount: lead.quantity, unit: lead.unit, period: lead.period },
  valueUsd: lead.valueUsd,
  country: lead.country,
  place: lead.place,
  deliveryMonths: lead.deliveryMonths,
  openUntil: lead.openUntil,
  publishedAt: lead.publishedAt,
});

/** A lead as the desk sees it. */
export const deskOpportunityView = (lead: Opportunity) => ({
  id: lead.id,
  ...publicOpportunityView(lead),
  status: lead.status,
  closedAs: lead.closedAs,
  concerns: lead.concerns,
  review: lead.review,
  reviewNote: lead.reviewNote,
  deadline: lead.deadline,
  counterparty: lead.counterparty,
  counterpartyEmail: lead.counterpartyEmail,
  counterpartyPhone: lead.counterpartyPhone,
  source: lead.source,
});

export const matchView = ({ match, opportunity }: MatchWithOpportunity<PublicLead>) => ({
  score: match.score,
  evidence: match.evidence,
  blockers: match.blockers,
  engine: match.engine,
  opportunity: publicOpportunityView(opportunity),
});
