/**
 * Where a tubelet lies, and the fixed 3-D code of that place (TubeViT, arXiv 2212.03229, section 3.2). The codes are
 * inside the pack's vision graph; here they serve tests of a pack and views that show what the encoder looks at.
 */
import type { Triple, TubeShape } from './geometry.ts';
import { tubeCount, tubeGrid } from './geometry.ts';

/** Every axis is stretched to this length first, so that time and space use the same range of frequencies. */
const AXIS_LENGTH = 32;
/** Base of the geometric series of frequencies. */
const FREQUENCY_BASE = 1000;
const AXES = [0, 1, 2] as const;

/** The middle of every tube of a shape: index * stride + offset + kernel / 2, in the order time, row, column. */
export function tubeCentres(shape: TubeShape, frames: number, size: number): Triple[] {
  const grid = tubeGrid(shape, frames, size);
  const middle = (index: number, axis: 0 | 1 | 2): number =>
    index * shape.stride[axis] + shape.offset[axis] + shape.kernel[axis] / 2;
  const centres: Triple[] = [];
  for (let t = 0; t < grid[0]; t++) {
    for (let y = 0; y < grid[1]; y++) {
      for (let x = 0; x < grid[2]; x++) centres.push([middle(t, 0), middle(y, 1), middle(x, 2)]);
    }
  }
  return centres;
}

/**
 * Fixed sine and cosine codes of every tube of a shape: `tubes` x `width` floats, row by row. A third of the width
 * belongs to each axis (time, height, width); within it the sines of all frequencies come first, then the cosines.
 *
 * @param width a multiple of 6.
 */
export function fixedPositions(shape: TubeShape, frames: number, size: number, width: number): Float32Array {
  const pairs = width / 6;
  if (!Number.isInteger(pairs))
    throw new RangeError(`A position code needs a width divisible by 6, not ${width}.`);
  const extent: Triple = [frames, size, size];
  const codes = new Float32Array(tubeCount(tubeGrid(shape, frames, size)) * width);
  tubeCentres(shape, frames, size).forEach((centre, row) => {
    for (const axis of AXES) {
      const start = row * width + axis * 2 * pairs;
      const place = (centre[axis] / extent[axis]) * AXIS_LENGTH;
      for (let i = 0; i < pairs; i++) {
        const angle = place * FREQUENCY_BASE ** (-i / pairs);
        codes[start + i] = Math.sin(angle);
        codes[start + pairs + i] = Math.cos(angle);
      }
    }
  });
  return codes;
}
