import { describe, expect, test } from 'vitest';
import { suits, World } from './world.ts';

describe('the second look', () => {
  const scene = ['giraffe zoo'];
  /** Two films that a search for a giraffe finds alike, and a reader that knows which one was meant. */
  function twins(): { world: World; meant: number; read: { texts: string[]; clips: number } } {
    const read = { texts: [] as string[], clips: 0 };
    const world = new World({
      reads: (text, picture) => {
        read.texts.push(text);
        read.clips++;
        return 100 * suits('giraffe zoo keeper', picture);
      },
    });
    world.filler(10);
    world.film('/films/plain.mp4', scene);
    const { id } = world.film('/films/keeper.mp4', ['giraffe zoo keeper']);
    return { world, meant: id, read };
  }

  test('puts first what the decoder finds likely, with the strength that the first one had', async () => {
    const { world, meant } = twins();
    const before = await world.searcher.moments('a giraffe in the zoo', { quick: true });
    expect(before.moments[0]?.path).toBe('/films/plain.mp4');
    const after = await world.searcher.moments('a giraffe in the zoo');
    expect(after.moments[0]?.mediaId).toBe(meant);
    expect(after.moments[0]?.score).toBe(before.moments[0]?.score);
    expect(after.found).toBe(true);
  });

  test('is not taken of a query that is still being typed, of sequences, of filters and of quoted words', async () => {
    const { world, read } = twins();
    await world.searcher.moments('a giraffe in the zoo', { quick: true });
    await world.searcher.moments('a giraffe then a river');
    await world.searcher.moments('type:video');
    await world.searcher.moments('"giraffe zoo"');
    expect(read.clips).toBe(0);
  });

  test('reads one clip of each scene, and the words alone that are wanted', async () => {
    const { world, read } = twins();
    world.film('/films/still.mp4', Array<string>(40).fill('giraffe zoo'));
    await world.searcher.moments('a giraffe in the zoo -snow');
    expect(new Set(read.texts)).toEqual(new Set(['a giraffe in the zoo']));
    expect(read.clips).toBeLessThanOrEqual(48);
    expect(read.clips).toBeGreaterThan(2);
  });

  test('does not make something of nothing', async () => {
    const world = new World({ reads: (text, picture) => -1000 * suits(text, picture) });
    world.filler(10);
    const [before, after] = [
      await world.searcher.moments('a submarine under polar ice', { quick: true }),
      await world.searcher.moments('a submarine under polar ice'),
    ];
    expect(after.moments[0]?.clipId).not.toBe(before.moments[0]?.clipId);
    expect(after.moments[0]?.score).toBe(before.moments[0]?.score);
    expect(after.found).toBe(false);
  });
});
