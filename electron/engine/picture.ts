import { TubeletError } from './errors.ts';
import type { FfmpegBinaries } from './media/binaries.ts';
import { readClips } from './media/clips.ts';
import { probe } from './media/probe.ts';
import type { VisionEncoder } from './models/types.ts';

/**
 * The embedding of a picture that is not in the library, as a query.
 *
 * @throws TubeletError `usage` for a video, and whatever `probe` says of a file that is no picture.
 */
export async function embedPicture(
  path: string,
  binaries: FfmpegBinaries,
  encoder: VisionEncoder,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const facts = await probe(path, binaries, signal);
  if (facts.kind !== 'image') {
    throw new TubeletError('usage', 'This video is not in the library.', {
      path,
      hint: 'Index it first; a picture can be searched by without that.',
    });
  }
  const { geometry } = encoder.pack;
  const clips = readClips({
    path,
    facts,
    geometry,
    mode: 'thorough',
    binaries,
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const { frames, frameCount } of clips) {
    const { embedding } = await encoder.embedClip(frames, frameCount);
    return embedding;
  }
  throw new TubeletError('damaged', 'There is no picture in this file.', {
    path,
    hint: 'Open it in another program and save it again.',
  });
}
