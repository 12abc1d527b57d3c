import type { FirmFacts, OpportunityFacts, Score } from './facts.js';
import { linesFor, shutGate } from './gates.js';
import { blockersOf, countryRule, productRule, sectorRule, wordsRule } from './rules.js';

/** Goes up with every change that could give a pair another score; matches stored by an older engine are computed anew. */
export const ENGINE = '2';

/** Matches below this are not stored. */
export const MIN_SCORE = 40;

/**
 * Score = 100 × points ÷ the maximum of the rules that the opportunity states anything for. Pure: the same facts give the same answer.
 * @param today local calendar day of the chamber
 * @returns null where a gate is shut, however good the words
 */
export function score(firm: FirmFacts, lead: OpportunityFacts, today: string): Score | null {
  if (shutGate(firm, lead)) return null;
  const lines = linesFor(firm, lead);
  const verdicts = [sectorRule(firm, lead), productRule(lines, lead), wordsRule(lines, lead), countryRule(firm, lead)];
  const max = verdicts.reduce((sum, v) => sum + v.max, 0);
  const points = verdicts.reduce((sum, v) => sum + v.points, 0);
  return {
    score: max ? (100 * points) / max : 0,
    evidence: verdicts.flatMap((v) => v.evidence),
    blockers: blockersOf(firm, lines, lead, today),
  };
}
