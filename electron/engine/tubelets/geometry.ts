/**
 * Tube geometry after TubeViT (Piergiovanni et al. 2022, arXiv 2212.03229, table 1): where each tube of a clip
 * lies. All triples are in the order time (frames), height (pixels), width (pixels).
 */

/** Time, height, width. */
export type Triple = readonly [t: number, h: number, w: number];

/** One kind of tube: a box of pixels that becomes one token, repeated over a sparse grid. */
export interface TubeShape {
  readonly name: string;
  /** Name of the input of `vision.onnx` that takes this tube's rows. */
  readonly input: string;
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly offset: Triple;
}

/** What a model pack reads: one clip of `frames` RGB frames of `size` x `size` pixels that span `seconds`. */
export interface InputGeometry {
  readonly frames: number;
  readonly size: number;
  readonly seconds: number;
  readonly tubes: readonly TubeShape[];
  /** Names of the tubes that a still image (a clip of one frame) is cut into. */
  readonly still: readonly string[];
}

/** How many tubes fit on each axis: floor((extent - offset - kernel) / stride) + 1, never below 0. */
export function tubeGrid(shape: TubeShape, frames: number, size: number): Triple {
  const fit = (extent: number, axis: 0 | 1 | 2): number =>
    Math.max(0, Math.floor((extent - shape.offset[axis] - shape.kernel[axis]) / shape.stride[axis]) + 1);
  return [fit(frames, 0), fit(size, 1), fit(size, 2)];
}

/**
 * The tubes of a clip with `frameCount` frames. A still (`frameCount` 1) keeps only the shapes named in
 * `geometry.still`, with their temporal offset taken as 0; every other shape has an empty grid.
 */
export function clipGrids(geometry: InputGeometry, frameCount: number): Triple[] {
  return geometry.tubes.map((shape) => {
    if (frameCount !== 1) return tubeGrid(shape, frameCount, geometry.size);
    if (!geometry.still.includes(shape.name)) return [0, 0, 0];
    const [, rows, columns] = tubeGrid(shape, geometry.frames, geometry.size);
    return [1, rows, columns];
  });
}

/** Number of tubes in a grid. */
export function tubeCount(grid: Triple): number {
  return grid[0] * grid[1] * grid[2];
}

/** Number of bytes in one row of a tube input: t*h*w pixels of RGB. */
export function rowBytes(shape: TubeShape): number {
  return shape.kernel[0] * shape.kernel[1] * shape.kernel[2] * 3;
}
