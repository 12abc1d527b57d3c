import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '../language/language.js';
import { perWeek, sayRate } from './rate.js';

describe('how many a week', () => {
  it('counts what reaches the threshold, over the weeks there were', () => {
    const flow = { weeks: 4, scores: [40, 59.9, 60, 80, 100] };
    expect([40, 60, 80, 90].map((threshold) => perWeek(flow, threshold))).toEqual([1.25, 0.75, 0.5, 0.25]);
    expect(perWeek({ weeks: 8, scores: [] }, 40)).toBe(0);
  });

  it('is said in whole numbers by the week or month, and never as more than it is', () => {
    expect([12.4, 1.5, 1, 0.9, 0.25, 0.2, 0.1, 0].map((weekly) => sayRate('en', weekly))).toEqual([
      'about 12 a week',
      'about 2 a week',
      'about 1 a week',
      'about 4 a month',
      'about 1 a month',
      'about 1 a month',
      'less than one a month',
      'none so far',
    ]);
  });

  it('is said in every language, each rate in its own words', () => {
    for (const language of LANGUAGES) expect(new Set([12, 1, 0.5, 0.1, 0].map((weekly) => sayRate(language, weekly))).size).toBe(5);
  });
});
