import { describe, expect, it } from 'vitest';
import { Slices, sortInSlices } from '../../../electron/hosts/channels/slices.ts';
import { seeded } from '../vectors/clusters.ts';

describe('sorting in slices', () => {
  it.each([0, 1, 2, 255, 256, 257, 5000])(
    'puts %i items in the order that sort gives them',
    async (count) => {
      const random = seeded(count);
      // Few different values: equal ones have to stay as they came.
      const items = Array.from({ length: count }, (_, at) => ({ value: Math.floor(random() * 40), at }));
      const compare = (a: { value: number }, b: { value: number }): number => a.value - b.value;
      expect(await sortInSlices(items, compare, new Slices())).toEqual(items.toSorted(compare));
    },
  );

  it('lets others have their turn', async () => {
    const items = Array.from({ length: 20_000 }, (_, at) => at);
    let turns = 0;
    const others = setInterval(() => (turns += 1), 1);
    let compared = 0;
    const slow = (a: number, b: number): number => {
      // A comparison as slow as those of long names.
      if (++compared % 100 === 0) for (const until = performance.now() + 0.1; performance.now() < until;);
      return b - a;
    };
    expect((await sortInSlices(items, slow, new Slices()))[0]).toBe(19_999);
    clearInterval(others);
    expect(turns).toBeGreaterThan(3);
  });
});
