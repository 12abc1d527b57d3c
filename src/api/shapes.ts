import { z } from 'zod';
import { ROLES } from '../accounts/account.entity.js';
import { DIGEST_STATES } from '../digests/digests.queries.js';
import { CHECKS } from '../digests/silence.js';
import { STREAMS, SUPPRESSION_KINDS } from '../digests/suppressions.queries.js';
import { FIRM_SIZES, FIRM_STATUSES, MEMBERSHIP_CLASSES } from '../firms/firm.entity.js';
import { FEEDBACK_REASONS } from '../interests/interest.entity.js';
import { ENDINGS, OUTCOMES, PARTIES, STATES } from '../introductions/introduction.js';
import { LANGUAGES } from '../language/language.js';
import { ATTENDEE_SIDES, TIMETABLE_STATES } from '../meetings/meeting-day.entity.js';
import { PERIODS } from '../nomenclature/units.js';
import { ROW_STATES } from '../opportunities/imports.service.js';
import { CLOSED_AS, OPPORTUNITY_STATUSES } from '../opportunities/opportunity.entity.js';
import { REPORTS } from '../reports/reports.service.js';
import { ENTRY_KINDS } from '../statement/catalogue.types.js';
import { OPPORTUNITY_KINDS } from '../statement/kinds.js';

/**
 * What the API answers, for its description: each answer is held to these by a test. They name every field that leaves the house, so that one that is
 * added has to be added here too.
 */

const text = z.string();
const id = z.guid();
const day = z.iso.date();
const instant = z.iso.datetime();
/** Said as a union: a null among the values of an enumeration has to be one of them. */
const orNull = <T extends z.ZodType>(type: T) => z.union([type, z.null()]);
const count = z.int().min(0);
const score = z.number().min(0).max(100);
const texts = z.strictObject({ en: text, ur: text, sd: text, zh: text }).partial();
const inAllLanguages = z.strictObject({ en: text, ur: text, sd: text, zh: text });
const items = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item) });
const page = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), next: orNull(text) });
const done = (status: string) => z.strictObject({ status: z.literal(status) });

export const problem = z.strictObject({
  type: text,
  status: z.int().min(400).max(599),
  code: text,
  title: text,
  errors: z.array(z.strictObject({ field: text, reason: text, values: z.record(z.string(), z.union([z.string(), z.number()])).optional(), message: text })),
});

export const statement = z.strictObject({
  paragraphs: z.array(z.strictObject({ number: count, title: inAllLanguages, summary: inAllLanguages })),
  entries: z.array(
    z.strictObject({
      code: text,
      kind: z.enum(ENTRY_KINDS),
      priority: z.boolean().optional(),
      paragraphs: z.array(count),
      name: inAllLanguages,
      summary: inAllLanguages,
    }),
  ),
});
export const suggestions = items(z.strictObject({ system: z.enum(['hs', 'isic']), code: text, name: text, score: z.number().min(0).max(1) }));

const accountShape = z.strictObject({ id, email: text, name: text, role: z.enum(ROLES), language: z.enum(LANGUAGES), firmId: orNull(id) });
export const session = z.strictObject({ account: accountShape });
export const begun = z.strictObject({ token: text, account: accountShape, secondFactor: z.enum(['not-needed', 'given', 'wanted']) });
export const completed = begun.extend({ recoveryCodes: orNull(z.array(text)) });
export const enrolment = z.strictObject({ secret: text, uri: text });

export const mailSent = done('mail-sent');
export const confirmed = done('confirmed');
export const queued = done('queued');

const line = z.strictObject({
  text,
  hs: z.array(text),
  isic: z.array(text),
  capacity: z.strictObject({ amount: z.number(), unit: text, period: z.enum(PERIODS) }).optional(),
  months: z.array(z.int().min(1).max(12)),
  certificates: z.array(text),
});
const membership = { membershipClass: orNull(z.enum(MEMBERSHIP_CLASSES)), membershipValidUntil: orNull(day) };
export const firm = z.strictObject({
  id,
  name: text,
  status: z.enum(FIRM_STATUSES),
  statusReason: orNull(text),
  ...membership,
  membershipNumber: orNull(text),
  ntn: orNull(text),
  strn: orNull(text),
  secp: orNull(text),
  language: z.enum(LANGUAGES),
  appliedAt: instant,
  profile: z.strictObject({
    place: orNull(text),
    about: text,
    phone: orNull(text),
    whatsapp: orNull(text),
    womenLed: z.boolean(),
    size: orNull(z.enum(FIRM_SIZES)),
    offers: z.array(line),
    needs: z.array(line),
    seeks: z.array(z.enum(OPPORTUNITY_KINDS)),
    sectors: z.array(text),
    markets: z.array(text),
    certificates: z.array(text),
    excludedCountries: z.array(text),
    excludedKinds: z.array(z.enum(OPPORTUNITY_KINDS)),
    excludedWords: z.array(text),
  }),
  contacts: z.array(
    z.strictObject({ id, name: text, email: text, language: z.enum(LANGUAGES), confirmedAt: orNull(instant), digestConsentAt: orNull(instant) }),
  ),
});
export const firms = page(z.strictObject({ id, name: text, place: orNull(text), status: z.enum(FIRM_STATUSES), ...membership, appliedAt: instant }));

export const opportunity = z.strictObject({
  reference: text,
  kind: z.enum(OPPORTUNITY_KINDS),
  title: texts,
  summary: texts,
  hs: z.array(text),
  isic: z.array(text),
  sectors: z.array(text),
  corridors: z.array(text),
  platforms: z.array(text),
  instruments: z.array(text),
  certificates: z.array(text),
  quantity: orNull(z.strictObject({ amount: z.number(), unit: text, period: orNull(z.enum(PERIODS)) })),
  valueUsd: orNull(z.number()),
  country: text,
  place: orNull(text),
  deliveryMonths: z.array(z.int().min(1).max(12)),
  openUntil: orNull(day),
  publishedAt: orNull(instant),
});
export const opportunities = page(opportunity);
export const deskOpportunity = opportunity.extend({
  id,
  status: z.enum(OPPORTUNITY_STATUSES),
  closedAs: orNull(z.enum(CLOSED_AS)),
  concerns: z.array(text),
  review: orNull(z.strictObject({ clear: count, complete: count, source: count, wanted: count })),
  reviewNote: orNull(text),
  deadline: orNull(day),
  counterparty: text,
  counterpartyEmail: orNull(text),
  counterpartyPhone: orNull(text),
  source: orNull(text),
});
export const deskOpportunities = page(deskOpportunity);

/** In codes, each with what it needs besides. */
const evidence = z.looseObject({ rule: text });
const blocker = z.looseObject({ gap: text });
const brings = orNull(z.strictObject({ change: z.looseObject({ change: text }), score, said: text }));
const rule = { rule: text, points: z.number(), max: z.number(), evidence: z.array(evidence) };
export const matches = page(z.strictObject({ score, evidence: z.array(evidence), blockers: z.array(blocker), engine: text, opportunity }));
const reached = z.strictObject({ firmId: id, firm: text.optional(), score, evidence: z.array(evidence), blockers: z.array(blocker) });
export const reachedFirms = items(reached);
export const preview = z.strictObject({
  matched: count,
  mailed: count,
  best: z.array(reached),
  nearest: z.array(
    z.strictObject({
      firmId: id,
      firm: text.optional(),
      account: z.strictObject({ gate: orNull(text), score, rules: z.array(z.strictObject(rule)), blockers: z.array(blocker) }),
      brings: orNull(z.strictObject({ change: z.looseObject({ change: text }), score })),
    }),
  ),
  pools: z.array(z.strictObject({ code: text, members: z.array(z.strictObject({ firmId: id, firm: text.optional(), share: z.number() })) })),
});
export const nearMisses = z.strictObject({ threshold: count, items: z.array(z.strictObject({ score, brings, opportunity })) });
export const account = z.strictObject({
  reference: text,
  threshold: count,
  score,
  gate: orNull(text),
  rules: z.array(z.strictObject({ ...rule, because: z.array(text), short: orNull(text) })),
  blockers: z.array(blocker),
  shut: orNull(text),
  brings,
});
export const silences = items(
  z.strictObject({
    contactId: id,
    name: text,
    threshold: count,
    checks: z.array(z.strictObject({ check: z.enum(CHECKS), reason: orNull(text), values: z.record(z.string(), z.union([z.string(), z.number()])) })),
  }),
);

const states = z.enum(DIGEST_STATES);
export const firmDigests = items(
  z.strictObject({ occurrence: text, state: states, reason: orNull(text), subject: orNull(text), items: count, dueAt: instant, finishedAt: orNull(instant) }),
);

const answersGiven = {
  reference: text,
  interest: orNull(z.strictObject({ sentence: text, at: instant })),
  feedback: orNull(z.strictObject({ reason: z.enum(FEEDBACK_REASONS), text, at: instant })),
  savedAt: orNull(instant),
};
export const answers = z.strictObject(answersGiven);
export const answeredList = page(z.strictObject({ ...answersGiven, latest: instant, opportunity }));
export const proposals = items(
  z.strictObject({
    kind: z.enum(['exclude-country', 'remove-hs', 'state-capacity']),
    key: text,
    count,
    country: text.optional(),
    hs: text.optional(),
    line: text.optional(),
  }),
);
export const interests = page(
  z.strictObject({
    id,
    at: instant,
    sentence: text,
    firmId: id,
    firm: text,
    contact: orNull(text),
    opportunityId: id,
    reference: text,
    title: texts,
  }),
);

const run = { id, key: text, openedAt: instant, completedAt: orNull(instant) };
export const occurrences = items(z.strictObject({ ...run, counts: z.record(z.string(), count) }));
export const occurrence = z.strictObject({
  ...run,
  haltedAt: orNull(instant),
  haltedReason: orNull(text),
  total: count,
  done: count,
  restSeconds: orNull(count),
  putOffUntil: orNull(instant),
  counts: z.array(z.strictObject({ state: states, reason: orNull(text), n: count })),
});
export const ledger = page(
  z.strictObject({
    id,
    firmId: id,
    firm: text,
    contact: text,
    state: states,
    reason: orNull(text),
    subject: orNull(text),
    items: count,
    dueAt: instant,
    finishedAt: orNull(instant),
    reply: orNull(text),
  }),
);
export const forecast = items(z.strictObject({ cadence: text, key: text, all: z.record(z.string(), count), now: z.record(z.string(), count) }));
export const nextDigests = items(
  z.union([
    z.strictObject({ contactId: id, contact: text, reason: text }),
    z.strictObject({ contactId: id, contact: text, subject: text, html: text, text, opportunities: z.array(text) }),
  ]),
);
const suppressed = z.strictObject({
  addressSha256: text,
  stream: z.enum(STREAMS),
  kind: z.enum(SUPPRESSION_KINDS),
  reason: text,
  until: orNull(day),
  createdAt: instant,
  createdBy: orNull(text),
  contacts: z.array(z.strictObject({ id, name: text, email: text, firmId: id, firmName: text })),
});
export const suppressedList = page(suppressed);
export const suppressionSearch = z.strictObject({
  items: z.array(suppressed),
  history: z.array(
    z.strictObject({
      stream: z.enum(STREAMS),
      what: z.enum(['added', 'lifted']),
      kind: z.enum(SUPPRESSION_KINDS),
      reason: text,
      at: instant,
      by: orNull(text),
    }),
  ),
});

const record = z.strictObject({ asked: count, answered: count, days: orNull(z.number().min(0)), deals: count });
const anIntroduction = z.strictObject({
  id,
  reference: text,
  title: texts,
  country: text,
  state: z.enum(STATES),
  ending: orNull(z.enum(ENDINGS)),
  endedBy: orNull(z.enum(PARTIES)),
  reason: orNull(text),
  sentence: text,
  firms: z.array(z.strictObject({ firmId: id, firm: text, agreed: z.boolean() })),
  createdAt: instant,
  since: day,
  answerDue: orNull(day),
  outcome: orNull(
    z.strictObject({
      outcome: z.enum(OUTCOMES),
      value: z.number().min(0).optional(),
      currency: text.optional(),
      proof: text.optional(),
      by: orNull(z.enum(PARTIES)),
    }),
  ),
  record,
  /** There once both sides have agreed, and to the firm that speaks for it alone. */
  counterparty: z.strictObject({ name: text, firm: text, email: orNull(text), phones: z.array(text) }).optional(),
});
export const introduction = anIntroduction;
export const introductions = items(anIntroduction);
export const introductionPage = page(anIntroduction);
export const introductionAtDesk = z.strictObject({
  ...anIntroduction.shape,
  records: z.strictObject({ counterparty: record, source: record }),
  history: z.array(
    z.strictObject({ seq: text, at: instant, party: text, actor: orNull(text), act: text, detail: z.union([z.record(z.string(), z.unknown()), z.null()]) }),
  ),
});
export const holidays = items(z.strictObject({ id: text, country: text, name: text, firstDay: day, lastDay: day, confirmed: z.boolean() }));

const hours = z.strictObject({ from: text, to: text });
const place = z.strictObject({ slot: count, table: count });
const timetable = z.strictObject({
  id,
  state: z.enum(TIMETABLE_STATES),
  repair: z.boolean(),
  score: z.number(),
  bound: z.number(),
  createdAt: instant,
  finishedAt: orNull(instant),
  meetings: z.array(z.strictObject({ firm: id, counterparty: id, slot: count, table: count, interpreter: orNull(count), score: z.number() })),
  short: z.array(z.strictObject({ id, meetings: count, possible: count })),
  changes: z.array(z.strictObject({ firm: id, counterparty: id, from: orNull(place), to: orNull(place) })),
});
const dayOfMeetings = { id, name: text, date: day, venue: text, zone: text, publishedAt: orNull(instant) };
export const meetingDays = items(z.strictObject({ ...dayOfMeetings, firms: count, counterparties: count, meetings: count }));
export const meetingDay = z.strictObject({
  ...dayOfMeetings,
  tables: count,
  opens: text,
  closes: text,
  slotMinutes: count,
  breaks: z.array(hours),
  interpreters: z.array(z.strictObject({ name: text, languages: z.array(z.enum(LANGUAGES)) })),
  least: count,
  revision: count,
  slots: z.array(hours),
  attendees: z.array(
    z.strictObject({
      id,
      side: z.enum(ATTENDEE_SIDES),
      firmId: orNull(id),
      opportunityId: orNull(id),
      name: text,
      languages: z.array(z.enum(LANGUAGES)),
      arrives: orNull(text),
      leaves: orNull(text),
      missing: z.boolean(),
      wants: z.array(id),
    }),
  ),
  accepted: orNull(timetable),
  latest: orNull(timetable),
});
/** With whom: what others are told, see `labelOf`. */
export const firmMeetings = items(
  z.strictObject({ ...dayOfMeetings, meetings: z.array(z.strictObject({ ...hours.shape, table: count, with: text, interpreter: orNull(text) })) }),
);

const rows = z.array(z.record(z.string(), z.unknown()));
const row = z.record(z.string(), z.unknown());
/** A person's own rows, with the columns that the tables have. */
export const personExport = z.strictObject({
  contact: row,
  account: orNull(row),
  subscription: orNull(row),
  digests: rows,
  interests: rows,
  notForMe: rows,
  saved: rows,
  introductions: rows,
  securityMail: rows,
  suppressions: rows,
  acts: rows,
});

const cells = z.array(z.union([text, z.number(), z.null()]));
export const report = z.strictObject({
  report: z.enum(REPORTS),
  asked: z.record(z.string(), text),
  tables: z.array(
    z.strictObject({
      name: text,
      columns: z.array(z.strictObject({ name: text, kind: text, currency: text.optional() })),
      rows: z.array(cells),
      total: orNull(cells),
    }),
  ),
});
export const leadImport = z.strictObject({
  id,
  uploadedAt: instant,
  appliedAt: orNull(instant),
  undoneAt: orNull(instant),
  counts: z.strictObject({ new: count, same: count, changed: count, wrong: count, held: count }),
  rows: z.array(
    z.strictObject({
      line: count,
      reference: text,
      state: z.enum(ROW_STATES),
      concerns: z.array(text),
      errors: z.array(z.strictObject({ field: text, reason: text, values: z.record(z.string(), z.union([z.string(), z.number()])).optional() })),
      opportunityId: orNull(id),
    }),
  ),
  saved: z.array(z.strictObject({ id, reference: text, untouched: z.boolean() })),
});
