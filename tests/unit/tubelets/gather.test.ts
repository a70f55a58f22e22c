import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateRows, gatherTubelets } from '../../../electron/engine/tubelets/gather.ts';
import { clipGrids } from '../../../electron/engine/tubelets/geometry.ts';
import type { InputGeometry, Triple, TubeShape } from '../../../electron/engine/tubelets/geometry.ts';
import { PAPER_GEOMETRY } from './shapes.ts';

/** The definition, pixel by pixel: slow and plain. */
function reference(geometry: InputGeometry, frames: Uint8Array, frameCount: number): number[][] {
  const still = frameCount === 1;
  return clipGrids(geometry, frameCount).map(([nt, ny, nx], index) => {
    const { kernel, stride, offset } = geometry.tubes[index]!;
    const bytes: number[] = [];
    for (let t = 0; t < nt; t++)
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++)
          for (let dt = 0; dt < kernel[0]; dt++)
            for (let dy = 0; dy < kernel[1]; dy++)
              for (let dx = 0; dx < kernel[2]; dx++)
                for (let colour = 0; colour < 3; colour++) {
                  const frame = t * stride[0] + (still ? 0 : offset[0]) + dt;
                  const line = y * stride[1] + offset[1] + dy;
                  const column = x * stride[2] + offset[2] + dx;
                  bytes.push(frames[((frame * geometry.size + line) * geometry.size + column) * 3 + colour]!);
                }
    return bytes;
  });
}

function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => (state = (state * 48271) % 2147483647) & 255);
}

function gathered(geometry: InputGeometry, frames: Uint8Array, frameCount: number): number[][] {
  const rows = allocateRows(geometry, frameCount);
  gatherTubelets(geometry, frames, frameCount, rows);
  return rows.map((row) => [...row]);
}

const triple = (low: number, high: number): fc.Arbitrary<Triple> =>
  fc.tuple(
    fc.integer({ min: low, max: 3 }),
    fc.integer({ min: low, max: high }),
    fc.integer({ min: low, max: high }),
  );
const shapes: fc.Arbitrary<TubeShape> = fc.record({
  name: fc.constant('tube'),
  input: fc.constant('tube'),
  kernel: triple(1, 9),
  stride: triple(1, 9),
  offset: triple(0, 9),
});

describe('gathering tubelets', () => {
  it('puts the pixels of a 2x2x2 tube in the order time, height, width, colour', () => {
    const geometry: InputGeometry = {
      frames: 2,
      size: 3,
      seconds: 1,
      tubes: [{ name: 'a', input: 'a', kernel: [2, 2, 2], stride: [2, 1, 1], offset: [0, 1, 0] }],
      still: ['a'],
    };
    const frames = Uint8Array.from({ length: 54 }, (_, i) => i);
    const first = [
      9, 10, 11, 12, 13, 14, 18, 19, 20, 21, 22, 23, 36, 37, 38, 39, 40, 41, 45, 46, 47, 48, 49, 50,
    ];
    expect(gathered(geometry, frames, 2)).toEqual([[...first, ...first.map((value) => value + 3)]]);
  });

  it('equals the definition for any tube, clip and size', () => {
    fc.assert(
      fc.property(
        fc.array(shapes, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 4, max: 24 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (tubes, frameCount, size, seed) => {
          const geometry: InputGeometry = { frames: frameCount, size, seconds: 1, tubes, still: [] };
          const frames = noise(frameCount * size * size * 3, seed);
          expect(gathered(geometry, frames, frameCount)).toEqual(reference(geometry, frames, frameCount));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('equals the definition for the tubes of TubeViT, clip and still', () => {
    const frames = noise(32 * 224 * 224 * 3);
    const rows = allocateRows(PAPER_GEOMETRY, 32);
    gatherTubelets(PAPER_GEOMETRY, frames, 32, rows);
    reference(PAPER_GEOMETRY, frames, 32).forEach((expected, index) => {
      expect(Buffer.compare(rows[index]!, Uint8Array.from(expected))).toBe(0);
    });
    const still = frames.subarray(0, 224 * 224 * 3);
    expect(gathered(PAPER_GEOMETRY, still, 1)).toEqual(reference(PAPER_GEOMETRY, still, 1));
  });

  it('reads a still without the temporal offset of its tube', () => {
    const geometry: InputGeometry = {
      frames: 16,
      size: 16,
      seconds: 4,
      tubes: [
        { name: 'image', input: 'image', kernel: [1, 16, 16], stride: [16, 16, 16], offset: [8, 0, 0] },
      ],
      still: ['image'],
    };
    const still = noise(16 * 16 * 3);
    expect(gathered(geometry, still, 1)).toEqual([[...still]]);
    const clip = noise(16 * 16 * 16 * 3);
    expect(gathered(geometry, clip, 16)).toEqual([[...clip.subarray(8 * 768, 9 * 768)]]);
  });

  it('gives the same rows where the frames do not begin on a word', () => {
    const size = 224 * 224 * 3;
    const shifted = new Uint8Array(size + 1).subarray(1);
    shifted.set(noise(size));
    expect(gathered(PAPER_GEOMETRY, shifted, 1)).toEqual(gathered(PAPER_GEOMETRY, noise(size), 1));
  });

  it('writes each clip of a batch after the other', () => {
    const size = 224 * 224 * 3;
    const [one, two] = [noise(size, 3), noise(size, 4)];
    const rows = allocateRows(PAPER_GEOMETRY, 1, 2);
    gatherTubelets(PAPER_GEOMETRY, one, 1, rows, 0);
    gatherTubelets(PAPER_GEOMETRY, two, 1, rows, 1);
    const alone = [one, two].map((frames) => gathered(PAPER_GEOMETRY, frames, 1)[3]!);
    expect([...rows[3]!]).toEqual(alone.flat());
  });

  it('refuses frames of the wrong length and rows without room', () => {
    const rows = allocateRows(PAPER_GEOMETRY, 1);
    expect(() => {
      gatherTubelets(PAPER_GEOMETRY, new Uint8Array(10), 1, rows);
    }).toThrow(/needs 150528 bytes/);
    const still = new Uint8Array(224 * 224 * 3);
    expect(() => {
      gatherTubelets(PAPER_GEOMETRY, still, 1, rows, 1);
    }).toThrow(/do not hold clip 1/);
  });
});
