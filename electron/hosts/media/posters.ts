import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FfmpegBinaries } from '../../engine/media/binaries.ts';
import { makePoster, posterFileName } from '../../engine/media/poster.ts';
import { throwIfCancelled } from '../../engine/media/ffmpeg.ts';

/**
 * Posters for files that were indexed before there were any, made when they are first asked for. One after another,
 * because a list of files asks for a screenful at once; those that nobody waits for any more at their turn are left out.
 */
export class Posters {
  readonly #binaries: () => Promise<FfmpegBinaries>;
  #last: Promise<void> = Promise.resolve();

  constructor(binaries: () => Promise<FfmpegBinaries>) {
    this.#binaries = binaries;
  }

  /**
   * Resolves when the poster of a video is in its thumbnail folder.
   * @throws TubeletError `cancelled`, `not-found` where there are no sheets to make it from, `ffmpeg-failed`,
   *   `ffmpeg-missing`
   */
  async make(folder: string, signal: AbortSignal): Promise<void> {
    const made = this.#last.then(async () => {
      throwIfCancelled(signal, folder);
      if (existsSync(join(folder, posterFileName('video')))) return;
      await makePoster(folder, (await this.#binaries()).ffmpeg, signal);
    });
    this.#last = made.catch(() => undefined);
    await made;
  }
}
