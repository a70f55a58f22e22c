import type { Readable } from 'node:stream';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinaries } from './binaries.ts';
import { runFfmpeg, throwIfCancelled } from './ffmpeg.ts';
import type { MediaFacts } from './types.ts';

/** Previews are no larger than this on their longer side. Pixels. */
const PREVIEW_SIDE = 1280;

/** A preview that is being made. */
export interface Preview {
  /** Fragmented MP4 (H.264 and AAC), written as fast as it is read; ends with the file, errors where ffmpeg fails. */
  readonly stream: Readable;
  /** MIME type with codecs for the player. */
  readonly type: string;
  /** Stops making it; settles once ffmpeg is gone. */
  close(): Promise<void>;
}

/** The output options that turn any file into a stream that every Chromium plays from its first fragment on. */
export function previewArguments(facts: MediaFacts): string[] {
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(1, facts.width, facts.height));
  const even = (pixels: number): number => Math.max(2, Math.round((pixels * scale) / 2) * 2);
  return [
    ...['-map', `0:${facts.streamIndex}`, '-map', '0:a:0?', '-sn', '-dn'],
    ...['-vf', `scale=${even(facts.width)}:${even(facts.height)}:flags=bilinear,setsar=1,format=yuv420p`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '26'],
    // A fragment begins at each key frame: one a second keeps the first picture and every seek quick.
    ...['-force_key_frames', 'expr:gte(t,n_forced*1)'],
    ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2'],
    ...['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'],
  ];
}

/**
 * Begins to make a preview from `from` seconds on the player's clock; the stream's own clock begins at 0 there. ffmpeg is
 * killed when the signal is aborted, the stream destroyed or `close` called.
 * @throws TubeletError `cancelled`
 */
export function openPreview(
  path: string,
  facts: MediaFacts,
  from: number,
  options: { readonly binaries: FfmpegBinaries; readonly signal?: AbortSignal },
): Preview {
  const { signal } = options;
  throwIfCancelled(signal, path);
  const run = runFfmpeg(options.binaries.ffmpeg, {
    inputs: [{ path, options: from > 0 ? ['-ss', from.toFixed(3)] : [] }],
    outputs: [{ target: 'stdout', options: previewArguments(facts) }],
  });
  const stop = (): void => {
    run.stdout.destroy();
    void run.kill();
  };
  signal?.addEventListener('abort', stop, { once: true });
  void run.exit.then((exit) => {
    signal?.removeEventListener('abort', stop);
    if (exit.failure === null || run.stdout.destroyed) return;
    run.stdout.destroy(
      new TubeletError('ffmpeg-failed', `The preview failed: ${exit.errors.at(-1) ?? exit.failure}`, {
        path,
        hint: 'Open the file in another player.',
      }),
    );
  });
  return { stream: run.stdout, type: 'video/mp4; codecs="avc1.42C01F,mp4a.40.2"', close: () => run.kill() };
}
