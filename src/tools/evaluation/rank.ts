import type { Epoch } from '../../matching/scoring/epoch.js';
import type { FirmFacts, OpportunityFacts } from '../../matching/scoring/facts.js';
import { shutGate } from '../../matching/scoring/gates.js';
import { scoreOf, verdictsOf } from '../../matching/scoring/score.js';

/** A document with its score, unrounded. */
export interface Ranked {
  readonly id: string;
  readonly score: number;
}

/** The best of a stream; equal scores by id, so that a run comes out the same every time. */
class Best {
  private readonly found: Ranked[] = [];
  private least: Ranked | undefined;

  constructor(private readonly most: number) {}

  offer(one: Ranked): void {
    if (this.least && before(this.least, one)) return;
    this.found.push(one);
    // twice as many as wanted are kept before they are sorted
    if (this.found.length >= this.most * 2) this.cut();
  }

  cut(): readonly Ranked[] {
    this.found.sort((a, b) => (before(a, b) ? -1 : 1));
    this.found.length = Math.min(this.found.length, this.most);
    if (this.found.length === this.most) this.least = this.found.at(-1);
    return this.found;
  }
}
const before = (a: Ranked, b: Ranked): boolean => a.score > b.score || (a.score === b.score && a.id < b.id);

/**
 * Holds every firm against every opportunity by the rules of the matcher, and ranks all pairs that no gate shuts off and that have anything in common.
 * @param of whose list it is: a firm's opportunities, or an opportunity's firms
 * @returns query → its best documents, in the order in which the queries came
 */
export function rankAll(
  firms: readonly FirmFacts[],
  leads: readonly OpportunityFacts[],
  epoch: Epoch,
  of: 'firm' | 'opportunity',
  top: number,
  tell: (done: number, total: number) => void = () => undefined,
): ReadonlyMap<string, readonly Ranked[]> {
  const lists = new Map((of === 'firm' ? firms : leads).map(({ id }) => [id, new Best(top)]));
  leads.forEach((lead, i) => {
    for (const firm of firms) {
      if (shutGate(firm, lead)) continue;
      const verdicts = verdictsOf(firm, lead, epoch);
      if (!verdicts.some(({ evidence }) => evidence.length)) continue;
      const score = scoreOf(verdicts);
      if (of === 'firm') lists.get(firm.id)?.offer({ id: lead.id, score });
      else lists.get(lead.id)?.offer({ id: firm.id, score });
    }
    tell(i + 1, leads.length);
  });
  return new Map([...lists].map(([id, best]) => [id, best.cut()]));
}
