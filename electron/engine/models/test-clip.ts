/** A clip that every pack can be tested with: soft colour waves that move, the same on every machine. */
import type { InputGeometry } from '../tubelets/geometry.ts';
import type { VisionClip } from './vision-runner.ts';

/** A clip of the pack's frame count, or a still of the same waves. */
export function testClip({ frames: most, size }: InputGeometry, frameCount = most): VisionClip {
  const frames = new Uint8Array(frameCount * size * size * 3);
  let i = 0;
  for (let t = 0; t < frameCount; t++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        for (let colour = 0; colour < 3; colour++) {
          const angle = ((x * (colour + 1) + y * (3 - colour)) / size) * Math.PI + (t / most) * 2 * Math.PI;
          frames[i++] = Math.round(127.5 + 127.5 * Math.sin(angle));
        }
      }
    }
  }
  return { frames, frameCount };
}
