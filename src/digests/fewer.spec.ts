import { describe, expect, it } from '@jest/globals';
import { fewerThan } from './fewer.js';
import type { Cadence } from './window.js';

describe('fewer mails', () => {
  it('are one step less often each time, down to the urgent ones, and never none', () => {
    const walk = (cadence: Cadence): Cadence[] => {
      const next = fewerThan({ cadence, threshold: 60 }).cadence;
      return next ? [next, ...walk(next)] : [];
    };
    expect(walk('daily')).toEqual(['weekly', 'fortnightly', 'monthly', 'urgent']);
    expect(walk('off')).toEqual([]);
  });

  it('are closer matches, up to the closest', () => {
    const next = (threshold: number) => fewerThan({ cadence: 'weekly', threshold }).threshold;
    expect([next(40), next(60), next(95), next(100)]).toEqual([50, 70, 100, undefined]);
  });
});
