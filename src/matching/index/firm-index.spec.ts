import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyFirm, anyLead, TODAY } from '../../../test/support/facts.js';
import { makeEpoch } from '../scoring/epoch.js';
import type { FirmFacts, OpportunityFacts } from '../scoring/facts.js';
import { score } from '../scoring/score.js';
import { FirmIndex, type Found } from './firm-index.js';

const uuid = (n: number): string => `${((n * 2654435761) % 2 ** 32) >>> 0}`.padStart(8, '0').slice(0, 8) + `-0000-4000-8000-${String(n).padStart(12, '0')}`;
/** Firms under ids of their own; few, so that changes meet them again. */
const someFirm = fc.tuple(anyFirm, fc.nat({ max: 29 })).map(([firm, n]): FirmFacts => ({ ...firm, id: uuid(n) }));
const someLead = fc
  .tuple(anyLead, fc.option(fc.nat({ max: 29 })))
  .map(([lead, own]): OpportunityFacts => ({ ...lead, ownFirmId: own === null ? null : uuid(own) }));
const change = fc.oneof(
  { weight: 5, arbitrary: someFirm.map((firm) => ({ put: firm })) },
  { weight: 2, arbitrary: fc.nat({ max: 29 }).map((n) => ({ remove: uuid(n) })) },
  { weight: 1, arbitrary: fc.constant({ compact: true }) },
);

/** What a double loop says. */
const byLoop = (
  pairs: readonly (readonly [id: string, FirmFacts, OpportunityFacts])[],
  epoch: ReturnType<typeof makeEpoch>,
  most: number,
  floor: number,
): Found[] =>
  pairs
    .flatMap(([id, firm, lead]) => {
      const found = score(firm, lead, epoch, TODAY);
      return found && found.score >= floor ? [{ id, score: found.score }] : [];
    })
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, most);

const most = fc.constantFrom(1, 3, 10, Infinity);
const floor = fc.constantFrom(0, 40, 70);

describe('the index', () => {
  it('finds of a lead the firms that a double loop finds, in its order, to the last bit, whatever was added, changed, removed and merged before', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.array(someLead, { minLength: 1, maxLength: 6 }), most, floor, (changes, leads, k, least) => {
        const firms = new Map<string, FirmFacts>();
        const index = new FirmIndex();
        for (const what of changes) {
          if ('put' in what) {
            const firm = { ...what.put, revision: (firms.get(what.put.id)?.revision ?? 0) + 1 };
            firms.set(firm.id, firm);
            if (firm.admitted) index.put(firm);
            else index.remove(firm.id);
          } else if ('remove' in what) {
            firms.delete(what.remove);
            index.remove(what.remove);
          } else index.compact();
        }
        const epoch = makeEpoch([...firms.values()].slice(0, 20), leads);
        index.setEpoch(epoch);
        for (const lead of leads) {
          const wanted = byLoop(
            [...firms.values()].map((firm) => [firm.id, firm, lead] as const),
            epoch,
            k,
            least,
          );
          expect(index.firmsOf(index.compile(lead), k, least)).toEqual(wanted);
        }
        for (const firm of firms.values()) expect(index.revisionOf(firm.id)).toBe(firm.admitted ? firm.revision : undefined);
        expect(index.size).toBe([...firms.values()].filter((firm) => firm.admitted).length);
      }),
      { numRuns: 500 },
    );
  });

  it('finds of firms the leads that a double loop finds', () => {
    fc.assert(
      fc.property(
        fc.array(someFirm, { maxLength: 20 }),
        fc.array(someFirm, { maxLength: 8 }),
        fc.array(someLead, { maxLength: 20 }),
        floor,
        (others, firms, given, least) => {
          const leads = given.map((lead, n) => ({ ...lead, id: uuid(n) }));
          const epoch = makeEpoch(others, []);
          const index = new FirmIndex();
          index.setEpoch(epoch);
          const wanted = firms.map((firm) =>
            byLoop(
              leads.map((lead) => [lead.id, firm, lead] as const),
              epoch,
              Infinity,
              least,
            ),
          );
          const compiled = leads.map((lead) => index.compile(lead));
          const found = index.leadsOf(firms, compiled, least).map((list) => list.map(({ lead, score }) => ({ id: lead.facts.id, score })));
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 500 },
    );
  });
});
