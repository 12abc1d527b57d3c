import { describe, expect, it } from '@jest/globals';
import { faults } from '../../test/support/faults.js';
import { LANGUAGES } from '../language/language.js';
import { type Concern, concernsOf, type LeadFacts } from '../opportunities/concerns.js';
import { opportunitySchema } from '../opportunities/opportunity.schemas.js';
import type { DemoOpportunity } from './demo.types.js';
import { DEMO_OPPORTUNITIES } from './opportunities.js';

const factsOf = ({ kind, title, summary, hs, isic, valueUsd, country, place, counterparty }: DemoOpportunity): LeadFacts => ({
  ...{ kind, title, summary, hs, country },
  isic: isic ?? [],
  valueUsd: valueUsd ?? null,
  place: place ?? null,
  counterparty: counterparty.name,
  counterpartyEmail: counterparty.email,
  counterpartyPhone: counterparty.phone ?? null,
});

describe('the demo opportunities', () => {
  it('are at least 25, each with a number of its own', () => {
    expect(DEMO_OPPORTUNITIES.length).toBeGreaterThanOrEqual(25);
    expect(new Set(DEMO_OPPORTUNITIES.map((lead) => lead.number)).size).toBe(DEMO_OPPORTUNITIES.length);
  });

  it.each(DEMO_OPPORTUNITIES.map((lead) => [lead.number, lead] as const))('number %i could have been entered at the desk', (_number, lead) => {
    const { number: _, deadlineDays, publishedDaysAgo, state, holdReason, counterparty, ...said } = lead;
    const input = { ...said, counterparty: counterparty.name, counterpartyEmail: counterparty.email, counterpartyPhone: counterparty.phone };
    expect(faults(opportunitySchema, input)).toEqual([]);
    expect(Number.isInteger(deadlineDays)).toBe(true);
    expect(publishedDaysAgo ?? 1).toBeGreaterThan(0);
    expect(holdReason === undefined || state === 'held').toBe(true);
  });

  it('are told in all four languages', () => {
    const silent = DEMO_OPPORTUNITIES.filter((lead) => LANGUAGES.some((language) => !lead.title[language] || !lead.summary[language]));
    expect(silent.map((lead) => lead.number)).toEqual([]);
  });

  it('come from counterparties whose addresses belong to nobody', () => {
    expect(DEMO_OPPORTUNITIES.map((lead) => lead.counterparty.email).filter((address) => !/^[^@]+@[a-z0-9.-]+\.example$/.test(address))).toEqual([]);
  });

  it('are held exactly for what the desk’s own checks see', () => {
    const seen = DEMO_OPPORTUNITIES.map((lead, i): [number, Concern[]] => [
      lead.number,
      concernsOf(factsOf(lead), DEMO_OPPORTUNITIES.slice(0, i).map(factsOf)),
    ]);
    const meant = DEMO_OPPORTUNITIES.flatMap((lead) => (lead.holdReason ? [[lead.number, [lead.holdReason]]] : []));
    expect(seen.filter(([, concerns]) => concerns.length > 0)).toEqual(meant);
    expect(new Set(DEMO_OPPORTUNITIES.map((lead) => lead.holdReason))).toEqual(new Set([undefined, 'duplicate', 'same-name', 'fraud']));
  });
});
