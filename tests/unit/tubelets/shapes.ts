import type { InputGeometry, TubeShape } from '../../../electron/engine/tubelets/geometry.ts';

/** The four tubes of TubeViT for a clip of 32 x 224 x 224 (arXiv 2212.03229, section 4). */
export const PAPER_SHAPES: readonly TubeShape[] = [
  { name: '8x8x8', input: 'a', kernel: [8, 8, 8], stride: [16, 32, 32], offset: [0, 0, 0] },
  { name: '16x4x4', input: 'b', kernel: [16, 4, 4], stride: [6, 32, 32], offset: [4, 8, 8] },
  { name: '4x12x12', input: 'c', kernel: [4, 12, 12], stride: [16, 32, 32], offset: [0, 16, 16] },
  { name: '1x16x16', input: 'd', kernel: [1, 16, 16], stride: [32, 16, 16], offset: [0, 0, 0] },
];

/** A geometry with those tubes, where stills are cut into the last. */
export const PAPER_GEOMETRY: InputGeometry = {
  frames: 32,
  size: 224,
  seconds: 4,
  tubes: PAPER_SHAPES,
  still: ['1x16x16'],
};
