import { basename } from 'node:path';
import type { MediaRow } from '../library/types.ts';
import { singleLine, writableCues, type Cue } from './cue.ts';
import { editRate, frameAt, type FrameRate } from './timecode.ts';

/** `markers`: the whole file once, with a marker at each cue. `clips`: the cues' stretches, one after another. */
export type EditListStyle = 'markers' | 'clips';

/** What an editor must know of the file that an edit list refers to. */
export interface EditContext {
  readonly title: string;
  /** Absolute path of the media file. */
  readonly path: string;
  /** Seconds. */
  readonly duration: number;
  /** The file's own; the list is written at the nearest rate that editors know. */
  readonly frameRate: FrameRate;
  readonly width: number;
  readonly height: number;
  readonly hasAudio: boolean;
  readonly style: EditListStyle;
}

/** The context of a file of the library; its facts may be missing where it was never probed. */
export function editContext(media: MediaRow, style: EditListStyle): EditContext {
  return {
    title: basename(media.path),
    path: media.path,
    duration: media.facts?.duration ?? 0,
    frameRate: media.facts?.frameRateRational ?? [25, 1],
    width: media.facts?.width ?? 1920,
    height: media.facts?.height ?? 1080,
    hasAudio: media.facts !== null && media.facts.audioCodec !== null,
    style,
  };
}

/** A cue on the frames of the list: `out` is the frame after the last one. */
export interface EditEvent {
  readonly in: number;
  readonly out: number;
  readonly text: string;
}

/** The list's rate, its length in frames (at least one), and each cue as a stretch of at least one frame inside it. */
export function editEvents(
  cues: readonly Cue[],
  context: EditContext,
): { rate: FrameRate; frames: number; events: EditEvent[] } {
  const rate = editRate(context.frameRate);
  const frames = Math.max(1, frameAt(context.duration, rate), ...cues.map((cue) => frameAt(cue.end, rate)));
  const events = writableCues(cues).map((cue) => {
    const first = Math.min(frameAt(cue.start, rate), frames - 1);
    return {
      in: first,
      out: Math.min(frames, Math.max(first + 1, frameAt(cue.end, rate))),
      text: singleLine(cue.text),
    };
  });
  return { rate, frames, events };
}
