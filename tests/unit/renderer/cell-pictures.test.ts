import { describe, expect, it } from 'vitest';
import { CellPictures, type CellPlace } from '../../../renderer/src/thumbnails/pictures.ts';

interface Picture {
  readonly name: string;
  closed: boolean;
  close(): void;
}

const place = (url: string, x = 0): CellPlace => ({ url, edition: '1', x, y: 0, width: 2, height: 1 });
const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Sheets that are cut when the test says so. */
function sheets(mostKept?: number) {
  const cuts: string[] = [];
  const made: Picture[] = [];
  const waiting: (() => void)[] = [];
  const pictures = new CellPictures<Picture>(async (url, places) => {
    cuts.push(`${url}: ${places.map(({ x }) => x).join(' ')}`);
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (url === 'broken') throw new Error('not a picture');
    return places.map(({ x }) => {
      const picture: Picture = { name: `${url} ${x}`, closed: false, close: () => (picture.closed = true) };
      made.push(picture);
      return picture;
    });
  }, mostKept);
  const finish = async (): Promise<void> => {
    waiting.shift()?.();
    await turn();
  };
  const shown: string[] = [];
  const wantPatiently = (url: string, x: number, patience: number): (() => void) =>
    pictures.want(place(url, x), ({ name }) => shown.push(name), patience);
  const want = (url: string, x = 0): (() => void) => wantPatiently(url, x, 0);
  return { cuts, made, want, wantPatiently, shown, finish };
}

describe('cells of thumbnail sheets', () => {
  it('are cut out of their sheet once, however many are wanted', async () => {
    const { want, cuts, shown, finish } = sheets();
    want('a', 0);
    want('a', 2);
    want('a', 2);
    await turn();
    expect(cuts).toEqual(['a: 0 2']);
    await finish();
    expect(shown).toEqual(['a 0', 'a 2', 'a 2']);
  });

  it('are there at once the next time', async () => {
    const { want, cuts, shown, finish } = sheets();
    want('a');
    await turn();
    await finish();
    want('a');
    expect(shown).toEqual(['a 0', 'a 0']);
    expect(cuts).toHaveLength(1);
  });

  it('come newest first, two sheets at a time, without those that flew past', async () => {
    const { want, cuts, shown, finish } = sheets();
    want('a');
    const flown = want('b');
    want('c');
    want('d');
    await turn();
    expect(cuts).toEqual(['d: 0', 'c: 0']);
    flown();
    await finish();
    await finish();
    await finish();
    expect(cuts).toEqual(['d: 0', 'c: 0', 'a: 0']);
    expect(shown).toEqual(['d 0', 'c 0', 'a 0']);
  });

  it('are not asked for before their patience is over, and those of one frame come together', async () => {
    const { cuts, shown, finish, wantPatiently } = sheets();
    const patience = 60;
    const flown = wantPatiently('flown', 0, patience);
    wantPatiently('a', 0, patience);
    wantPatiently('a', 2, patience);
    await new Promise((resolve) => setTimeout(resolve, patience / 2));
    expect(cuts).toEqual([]);
    flown();
    while (cuts.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(cuts).toEqual(['a: 0 2']);
    await finish();
    expect(shown).toEqual(['a 0', 'a 2']);
    wantPatiently('a', 2, patience);
    expect(shown).toEqual(['a 0', 'a 2', 'a 2']);
  });

  it('are let go when there are too many, those not seen for longest first', async () => {
    const { want, made, finish } = sheets(2);
    for (const url of ['a', 'b', 'a', 'c']) {
      want(url);
      await turn();
      await finish();
    }
    expect(made.map(({ name, closed }) => [name, closed])).toEqual([
      ['a 0', false],
      ['b 0', true],
      ['c 0', false],
    ]);
  });

  it('of a broken sheet stay away, and the others come', async () => {
    const { want, shown, finish } = sheets();
    want('a');
    want('broken');
    await turn();
    await finish();
    await finish();
    expect(shown).toEqual(['a 0']);
  });
});
