import { expect, it } from 'vitest';
import { batchSize } from '../../../electron/engine/models/vision-encoder.ts';

it.each([
  { frameCounts: [], size: 0, why: 'there is nothing' },
  { frameCounts: [16, 16, 1], size: 1, why: 'a clip goes alone' },
  { frameCounts: [1, 1, 1], size: 3, why: 'stills go together' },
  { frameCounts: [1, 1, 16, 1], size: 2, why: 'a clip ends a row of stills' },
  { frameCounts: [1, 1, 1, 1, 1, 1], size: 4, why: 'a batch is full' },
])('takes $size of $frameCounts because $why', ({ frameCounts, size }) => {
  expect(batchSize(frameCounts, 4)).toBe(size);
});
