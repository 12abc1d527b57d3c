import type { Epoch } from './epoch.js';
import type { FirmFacts, LineFacts, OpportunityFacts, Score, Verdict } from './facts.js';
import { linesFor, shutGate } from './gates.js';
import { blockersOf, capacityRule, certificatesRule, countryRule, platformRule, productRule, type Rule, seasonRule, sectorRule, wordsRule } from './rules.js';

/** Goes up with every change that could give a pair another score; matches stored by an older engine are computed anew. */
export const ENGINE = '3';

/** Matches below this are not stored. */
export const MIN_SCORE = 40;

/** The weightiest first. */
const RULES: readonly Rule[] = ['product', 'sector', 'words', 'capacity', 'certificates', 'season', 'country', 'platform'];

/** What the {@link RULES} say, in their order. */
const said = (firm: FirmFacts, lead: OpportunityFacts, epoch: Epoch, lines: readonly LineFacts[]): readonly Verdict[] => [
  productRule(lines, lead),
  sectorRule(firm, lead),
  wordsRule(lines, lead, epoch),
  capacityRule(lines, lead),
  certificatesRule(firm, lines, lead),
  seasonRule(lines, lead),
  countryRule(firm, lead),
  platformRule(firm, lead),
];

/** What each rule says of a pair, the weightiest rule first. The gates are not looked at. */
export const verdictsOf = (firm: FirmFacts, lead: OpportunityFacts, epoch: Epoch): readonly (Verdict & { readonly rule: Rule })[] =>
  said(firm, lead, epoch, linesFor(firm, lead)).map((verdict, i) => ({ rule: RULES[i] as Rule, ...verdict }));

/**
 * Score = 100 × points ÷ the maximum of the rules that the opportunity states anything for. Pure: the same facts give the same answer.
 * @param epoch what words weigh
 * @param today local calendar day of the chamber
 * @returns null where a gate is shut, however good the words
 */
export function score(firm: FirmFacts, lead: OpportunityFacts, epoch: Epoch, today: string): Score | null {
  if (shutGate(firm, lead)) return null;
  const lines = linesFor(firm, lead);
  const verdicts = said(firm, lead, epoch, lines);
  return { score: scoreOf(verdicts), evidence: verdicts.flatMap((v) => v.evidence), blockers: blockersOf(firm, lines, lead, today) };
}

/** 0 to 100, unrounded. */
export function scoreOf(verdicts: readonly Verdict[]): number {
  const max = verdicts.reduce((sum, v) => sum + v.max, 0);
  const points = verdicts.reduce((sum, v) => sum + v.points, 0);
  return max ? (100 * points) / max : 0;
}
