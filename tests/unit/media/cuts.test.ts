import { describe, expect, it } from 'vitest';
import { CUT_HISTORY, CutFinder, differenceOf, signatureOf } from '../../../electron/engine/media/cuts.ts';

const SIZE = 64;

type Painter = (x: number, y: number) => [number, number, number];

function paint(painter: Painter): Uint8Array {
  const frame = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) frame.set(painter(x, y), (y * SIZE + x) * 3);
  return frame;
}

/** Two scenes that differ in colours and in layout; `shift` pans, `gain` changes the light. */
const beach =
  (shift = 0, gain = 1): Painter =>
  (x, y) =>
    y < 30 + 4 * Math.sin((x + shift) / 9)
      ? [60 * gain, 120 * gain, 220 * gain]
      : [210 * gain, 180 * gain, 120 * gain];
const forest =
  (shift = 0, gain = 1): Painter =>
  (x) =>
    Math.floor((x + shift) / 8) % 2 === 0
      ? [20 * gain, 60 * gain, 20 * gain]
      : [40 * gain, 140 * gain, 50 * gain];

function cutsIn(painters: readonly Painter[], skip = 0): number[] {
  const finder = new CutFinder();
  const answers: boolean[] = [];
  for (const painter of painters.slice(skip)) answers.push(...finder.push(signatureOf(paint(painter), SIZE)));
  answers.push(...finder.finish());
  return answers.flatMap((cut, i) => (cut ? [i + skip] : []));
}

const repeat = (count: number, painter: (i: number) => Painter): Painter[] =>
  Array.from({ length: count }, (_, i) => painter(i));

describe('cut detection', () => {
  it('finds a hard cut at the first sample of the new shot', () => {
    expect(cutsIn([...repeat(8, () => beach()), ...repeat(8, () => forest())])).toEqual([8]);
  });

  it('finds both cuts around an insert of a second', () => {
    const film = [...repeat(6, () => beach()), ...repeat(4, () => forest()), ...repeat(6, () => beach())];
    expect(cutsIn(film)).toEqual([6, 10]);
  });

  it('takes a pan for one shot', () => {
    expect(cutsIn(repeat(20, (i) => beach(i * 6)))).toEqual([]);
  });

  it('takes a flash for part of its shot', () => {
    const flash: Painter = () => [250, 250, 250];
    expect(cutsIn([...repeat(8, () => beach()), flash, ...repeat(8, () => beach())])).toEqual([]);
  });

  it('takes a fade to black and back for one shot', () => {
    const gains = [1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1];
    expect(cutsIn(gains.map((gain) => beach(0, gain)))).toEqual([]);
  });

  it('takes a dissolve over a second and more for one shot', () => {
    const mixed =
      (share: number): Painter =>
      (x, y) => {
        const a = beach()(x, y);
        const b = forest()(x, y);
        return [0, 1, 2].map((c) => Math.round(a[c]! * (1 - share) + b[c]! * share)) as [
          number,
          number,
          number,
        ];
      };
    const shares = [0, 0, 0, 0, 0, 0.17, 0.33, 0.5, 0.67, 0.83, 1, 1, 1, 1, 1];
    expect(cutsIn(shares.map(mixed))).toEqual([]);
  });

  it('does not mistake a lamp that is switched on for a cut', () => {
    expect(cutsIn([...repeat(8, () => beach(0, 0.5)), ...repeat(8, () => beach(0, 0.95))])).toEqual([]);
  });

  it('finds a cut from black into a scene', () => {
    expect(cutsIn([...repeat(8, () => forest(0, 0)), ...repeat(8, () => beach())])).toEqual([8]);
  });

  it('decides alike when it begins in the middle with its history', () => {
    const film = [
      ...repeat(9, (i) => beach(i * 5)),
      ...repeat(7, (i) => forest(i * 2)),
      ...repeat(5, () => beach()),
      ...repeat(9, () => forest()),
    ];
    const whole = cutsIn(film);
    expect(whole).toEqual([9, 16, 21]);
    for (let from = 0; from < film.length; from++) {
      const skip = Math.max(0, from - CUT_HISTORY - 1);
      expect(cutsIn(film, skip).filter((cut) => cut >= from)).toEqual(whole.filter((cut) => cut >= from));
    }
  });

  it('measures no difference between equal frames and a large one between unlike scenes', () => {
    const a = signatureOf(paint(beach()), SIZE);
    expect(differenceOf(a, a)).toBeCloseTo(0, 5);
    expect(differenceOf(a, signatureOf(paint(forest()), SIZE))).toBeGreaterThan(0.6);
  });
});
