import fs from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { LANGUAGES } from '../src/language/language.js';
import { poolsOf } from '../src/matching/pools.js';
import { makeEpoch } from '../src/matching/scoring/epoch.js';
import type { FirmFacts, OpportunityFacts } from '../src/matching/scoring/facts.js';
import { oneChange } from '../src/matching/scoring/account.js';
import { shutGate } from '../src/matching/scoring/gates.js';
import { score } from '../src/matching/scoring/score.js';
import { type Classifier, openClassifier } from '../src/nomenclature/classify.js';
import { concernsOf } from '../src/opportunities/concerns.js';
import { readFirms, readOpportunities } from '../src/tools/evaluation/facts.js';
import { TODAY } from './support/facts.js';

/** What a trade officer expects of firms and leads. Firms are named by their ids. */
const expectation = z.strictObject({
  /** From the best down. */
  order: z.array(z.string()).optional(),
  matches: z
    .record(z.string(), z.strictObject({ atLeast: z.number(), atMost: z.number().optional(), because: z.array(z.string()), heldBack: z.array(z.string()) }))
    .optional(),
  /** Firms whose score stays under so many points: 40 is no match at all, 60 none that is mailed. */
  below: z.record(z.string(), z.number()).optional(),
  /** Firms that may not be matched, by the gate that is shut. */
  shut: z.record(z.string(), z.string()).optional(),
  /** The one change that would bring it. */
  change: z.record(z.string(), z.string()).optional(),
  /** No two firms are further apart, in points. */
  within: z.number().optional(),
  /** Why the lead is held for a person. */
  concerns: z.array(z.string()).optional(),
  /** Firms that can supply it together, the strongest first. */
  pools: z.array(z.array(z.string())).optional(),
});
const texts = z.partialRecord(z.enum(LANGUAGES), z.string()).default({});
const scenario = z.strictObject({
  title: z.string(),
  says: z.string(),
  firms: z.array(z.looseObject({ id: z.string() })).min(1),
  opportunities: z.array(z.looseObject({ id: z.string(), title: texts, summary: texts })).min(1),
  expect: expectation,
});

const FOLDER = new URL('./scenarios/', import.meta.url);
const scenarios = fs
  .readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, ...scenario.parse(JSON.parse(fs.readFileSync(new URL(name, FOLDER), 'utf8'))) }));

let classifier: Classifier;
beforeAll(() => {
  classifier = openClassifier();
});

const asLines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

describe.each(scenarios)('$title ($name)', ({ name, firms: givenFirms, opportunities: givenLeads, expect: wanted, says }) => {
  let firms: FirmFacts[];
  let leads: OpportunityFacts[];
  beforeAll(() => {
    firms = readFirms(name, asLines(givenFirms), classifier);
    leads = readOpportunities(name, asLines(givenLeads), classifier);
  });

  it(says, () => {
    const epoch = makeEpoch(firms, leads);
    const firm = (id: string): FirmFacts => {
      const found = firms.find((one) => one.id === id);
      if (!found) throw new Error(`${name} expects something of ${id}, which is none of its firms`);
      return found;
    };
    expect(Object.keys(wanted)).not.toEqual([]);
    if (wanted.pools) expect(leads.flatMap((lead) => poolsOf(firms, lead)).map(({ members }) => members.map(({ firmId }) => firmId))).toEqual(wanted.pools);
    leads.forEach((lead, i) => {
      const found = new Map(firms.map((one) => [one.id, score(one, lead, epoch, TODAY)]));
      const points = (id: string): number => found.get(firm(id).id)?.score ?? -1;
      for (const [id, { atLeast, atMost, because, heldBack }] of Object.entries(wanted.matches ?? {})) {
        expect({ id, points: points(id) }).toEqual({ id, points: expect.any(Number) });
        expect(points(id)).toBeGreaterThanOrEqual(atLeast);
        if (atMost !== undefined) expect(points(id)).toBeLessThanOrEqual(atMost);
        expect(found.get(id)?.evidence.map(({ rule }) => rule)).toEqual(expect.arrayContaining(because));
        expect(found.get(id)?.blockers.map(({ gap }) => gap)).toEqual(heldBack);
      }
      for (const [id, least] of Object.entries(wanted.below ?? {})) expect(points(id)).toBeLessThan(least);
      for (const [id, gate] of Object.entries(wanted.shut ?? {})) expect(shutGate(firm(id), lead)).toBe(gate);
      for (const [id, change] of Object.entries(wanted.change ?? {})) expect(oneChange(firm(id), lead, epoch, TODAY)?.change.change).toBe(change);
      const order = wanted.order ?? [];
      expect([...order].sort((a, b) => points(b) - points(a))).toEqual(order);
      expect(new Set(order.map(points)).size).toBe(order.length);
      if (wanted.within !== undefined) {
        const all = firms.map(({ id }) => points(id));
        expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(wanted.within);
      }
      const given = givenLeads[i];
      if (wanted.concerns && given) {
        const text = (key: string): string | null => (typeof given[key] === 'string' ? given[key] : null);
        const facts = { ...lead, title: given.title, summary: given.summary, valueUsd: null, country: lead.country ?? '', place: text('place') };
        const { counterparty, ...contact } = {
          counterparty: text('counterparty') ?? '',
          counterpartyEmail: text('counterpartyEmail'),
          counterpartyPhone: null,
        };
        expect(concernsOf({ ...facts, counterparty, ...contact }, [])).toEqual(wanted.concerns);
      }
    });
  });
});
