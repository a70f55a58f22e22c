/** The thread of the vision encoder. */
import type { ModelPack } from './pack.ts';
import type { SessionOptions } from './session.ts';
import { serve } from './thread.ts';
import type { EncodedClip } from './types.ts';
import { openVisionRunner } from './vision-runner.ts';
import type { VisionClip } from './vision-runner.ts';

/** What the thread offers. */
export type VisionOffers = {
  encode(clips: readonly VisionClip[]): Promise<EncodedClip[]>;
};

/** What it starts with. */
export interface VisionStart {
  readonly pack: ModelPack;
  readonly session: SessionOptions;
}

await serve(async (start): Promise<VisionOffers> => {
  const { pack, session } = start as VisionStart;
  const runner = await openVisionRunner(pack, session);
  let last: Promise<unknown> = Promise.resolve();
  return {
    // One batch after the other: the rows that a run reads are the ones that the next gather writes.
    encode: (clips) => {
      const encoded = last.then(() => runner.encode(clips));
      last = encoded.catch(() => undefined);
      return encoded;
    },
  };
});
