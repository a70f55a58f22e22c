/**
 * The gather: from the frames of a clip to one row of bytes per tubelet, the input of the vision encoder. Rows are in
 * the order of the tube grid (time, row, column); inside a row the pixels are in the order time, height, width, colour.
 */
import { TubeletError } from '../errors.ts';
import { clipGrids, rowBytes, tubeCount } from './geometry.ts';
import type { InputGeometry, Triple, TubeShape } from './geometry.ts';

/** Bytes or whole words of frames and rows: the same copy serves both. */
type Cells = Uint8Array | Uint32Array;

const CHANNELS = 3;
const WORD = Uint32Array.BYTES_PER_ELEMENT;

/**
 * One buffer per tube input, in the order of `geometry.tubes`: `clips` x tubes x t*h*w*3 bytes. A still
 * (`frameCount` 1) has empty buffers for the shapes that it is not cut into.
 */
export function allocateRows(geometry: InputGeometry, frameCount: number, clips = 1): Uint8Array[] {
  return clipGrids(geometry, frameCount).map(
    (grid, index) => new Uint8Array(clips * tubeCount(grid) * rowBytes(shapeAt(geometry, index))),
  );
}

/**
 * Copies the tubelets of one clip into `rows`, as the clip number `clip` of a batch.
 *
 * @param frames `frameCount` frames of size x size x 3 bytes, one after another.
 * @param rows what {@link allocateRows} made for the same geometry and frame count.
 * @throws TubeletError `internal` where a buffer is too short for what it should hold.
 */
export function gatherTubelets(
  geometry: InputGeometry,
  frames: Uint8Array,
  frameCount: number,
  rows: readonly Uint8Array[],
  clip = 0,
): void {
  const frameBytes = geometry.size * geometry.size * CHANNELS;
  if (frames.length !== frameCount * frameBytes) {
    throw new TubeletError(
      'internal',
      `A clip of ${frameCount} frames needs ${frameCount * frameBytes} bytes, but ${frames.length} were given.`,
    );
  }
  clipGrids(geometry, frameCount).forEach((grid, index) => {
    const shape = shapeAt(geometry, index);
    const bytes = tubeCount(grid) * rowBytes(shape);
    if (bytes === 0) return;
    const target = rows[index]?.subarray(clip * bytes, (clip + 1) * bytes);
    if (target?.length !== bytes) {
      throw new TubeletError('internal', `The rows of tube "${shape.name}" do not hold clip ${clip}.`);
    }
    const still = frameCount === 1;
    const place: Triple = still ? [0, shape.offset[1], shape.offset[2]] : shape.offset;
    const cell = cellBytes(shape, geometry.size, frames, target);
    copyTubes(
      cell === WORD ? asWords(frames) : frames,
      cell === WORD ? asWords(target) : target,
      { ...shape, offset: place },
      grid,
      (geometry.size * CHANNELS) / cell,
      geometry.size,
      CHANNELS / cell,
    );
  });
}

/** The inner loops. Lengths along a line are in cells: `pitch` a line, `pixel` a pixel (3/4 where cells are words). */
function copyTubes(
  source: Cells,
  target: Cells,
  shape: TubeShape,
  grid: Triple,
  pitch: number,
  lines: number,
  pixel: number,
): void {
  const [depth, height, width] = shape.kernel;
  const run = width * pixel;
  let to = 0;
  for (let t = 0; t < grid[0]; t++) {
    for (let y = 0; y < grid[1]; y++) {
      for (let x = 0; x < grid[2]; x++) {
        const left = (x * shape.stride[2] + shape.offset[2]) * pixel;
        for (let dt = 0; dt < depth; dt++) {
          const line =
            (t * shape.stride[0] + shape.offset[0] + dt) * lines + y * shape.stride[1] + shape.offset[1];
          for (let dy = 0; dy < height; dy++) {
            const from = (line + dy) * pitch + left;
            for (let i = 0; i < run; i++) target[to + i] = source[from + i] as number;
            to += run;
          }
        }
      }
    }
  }
}

/** Copies go word by word where every run starts and ends on a word; all of TubeViT's own shapes do. */
function cellBytes(shape: TubeShape, size: number, frames: Uint8Array, target: Uint8Array): number {
  const aligned = [shape.kernel[2], shape.stride[2], shape.offset[2], size].every(
    (pixels) => pixels % WORD === 0,
  );
  return aligned && frames.byteOffset % WORD === 0 && target.byteOffset % WORD === 0 ? WORD : 1;
}

function asWords(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / WORD);
}

function shapeAt(geometry: InputGeometry, index: number): TubeShape {
  const shape = geometry.tubes[index];
  if (shape === undefined) throw new TubeletError('internal', `There is no tube shape ${index}.`);
  return shape;
}
