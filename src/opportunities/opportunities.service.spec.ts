import { describe, expect, it } from '@jest/globals';
import { verdict } from './opportunities.service.js';

const MARKS = [0, 1, 2, 3, 4, 5];
const of = (clear: number, complete: number, source: number, wanted: number) => verdict({ clear, complete, source, wanted });

describe('the verdict of a review', () => {
  it.each([
    [[0, 0, 0, 0], 'return'],
    [[1, 1, 1, 1], 'return'],
    [[4, 0, 0, 0], 'return'],
    [[5, 0, 0, 0], 'hold'],
    [[2, 1, 1, 1], 'hold'],
    [[3, 2, 2, 2], 'hold'],
    [[3, 3, 2, 2], 'publish'],
    [[1, 1, 3, 5], 'publish'],
    [[5, 5, 5, 5], 'publish'],
    [[0, 5, 5, 5], 'hold'],
    [[5, 5, 5, 0], 'hold'],
  ] as const)('of the marks %j is to %s', ([clear, complete, source, wanted], says) => {
    expect(of(clear, complete, source, wanted)).toBe(says);
  });

  it('never gets worse by a better mark, whichever it is', () => {
    const rank = { return: 0, hold: 1, publish: 2 };
    const worse: string[] = [];
    for (const a of MARKS) {
      for (const b of MARKS) {
        for (const c of MARKS) {
          for (const d of MARKS) {
            const says = rank[of(a, b, c, d)];
            const better = [of(a + 1, b, c, d), of(a, b + 1, c, d), of(a, b, c + 1, d), of(a, b, c, d + 1)];
            if (better.some((other) => rank[other] < says)) worse.push(`${a} ${b} ${c} ${d}`);
            if (new Set([of(a, b, c, d), of(d, c, b, a), of(b, a, d, c)]).size > 1) worse.push(`order of ${a} ${b} ${c} ${d}`);
          }
        }
      }
    }
    expect(worse).toEqual([]);
  });
});
