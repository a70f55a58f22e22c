import { openVisionEncoder } from '../../electron/engine/models/vision-encoder.ts';
import { allocateRows, gatherTubelets } from '../../electron/engine/tubelets/gather.ts';
import { seeded } from '../unit/vectors/clusters.ts';
import { packUnderTest } from './pack.ts';
import { percentile, progress, rounded, timed } from './timing.ts';

const RUNS = 25;

/** The vision encoder for one clip and one still, and the gather's share of it. */
export async function benchEncoder(): Promise<object> {
  progress('encoding clips');
  const pack = await packUnderTest();
  const { geometry, id } = pack.facts;
  const random = seeded(1);
  const picture = (count: number): Uint8Array =>
    Uint8Array.from({ length: count * geometry.size ** 2 * 3 }, () => 256 * random());
  const [clip, still] = [picture(geometry.frames), picture(1)];

  const rows = allocateRows(geometry, geometry.frames);
  const gather = await timed(200, () => {
    gatherTubelets(geometry, clip, geometry.frames, rows);
  });
  const encoder = await openVisionEncoder(pack);
  try {
    const clips = await timed(RUNS, () => encoder.embedClip(clip.slice(), geometry.frames));
    const stills = await timed(RUNS, () => encoder.embedClip(still.slice(), 1));
    const millisecondsPerClip = percentile(clips, 0.5);
    const gatherMilliseconds = percentile(gather, 0.5);
    return {
      pack: id,
      millisecondsPerClip,
      millisecondsPerStill: percentile(stills, 0.5),
      gatherMilliseconds,
      gatherShare: rounded(gatherMilliseconds / millisecondsPerClip),
    };
  } finally {
    await encoder.close();
  }
}
