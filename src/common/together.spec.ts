import { describe, expect, it } from '@jest/globals';
import { together } from './together.js';

describe('questions asked together', () => {
  const lengths = () => {
    const calls: string[][] = [];
    const ask = together((words: readonly string[]) => {
      calls.push([...words]);
      return Promise.resolve(new Map(words.filter((word) => word !== 'nothing').map((word) => [word, word.length])));
    });
    return { calls, ask };
  };

  it('are one call, each key once, and each gets its own answer', async () => {
    const { calls, ask } = lengths();
    expect(await Promise.all([ask('a'), ask('bcd'), ask('a'), ask('nothing')])).toEqual([1, 3, 1, undefined]);
    expect(calls).toEqual([['a', 'bcd', 'nothing']]);
  });

  it('are asked anew the next time: nothing is kept', async () => {
    const { calls, ask } = lengths();
    await ask('a');
    await ask('a');
    expect(calls).toEqual([['a'], ['a']]);
  });

  it('all fail where the call fails, and the next is tried', async () => {
    let times = 0;
    const ask = together(() => (times++ ? Promise.resolve(new Map([['a', 1]])) : Promise.reject(new Error('no'))));
    expect((await Promise.allSettled([ask('a'), ask('a')])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask('a')).toBe(1);
  });
});
