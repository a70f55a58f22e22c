import type { InputGeometry } from '../tubelets/geometry.ts';

/** What ffprobe says of a file, in the terms that the rest of the engine uses. Times in seconds, sizes in pixels. */
export interface MediaFacts {
  readonly kind: 'video' | 'image';
  /** ffprobe's short format names, as given ("mov,mp4,m4a,3gp,3g2,mj2"). */
  readonly container: string;
  /** Seconds from the first to the end of the last frame of the chosen video stream; 0 for an image. */
  readonly duration: number;
  /** Presentation time of the first frame as a player counts it (usually 0). */
  readonly start: number;
  /** As shown: after rotation and after the pixels' aspect ratio. */
  readonly width: number;
  readonly height: number;
  readonly rotation: 0 | 90 | 180 | 270;
  /** Mean frames a second; 0 for an image. */
  readonly frameRate: number;
  /** Exact frame rate as numerator/denominator, for edit lists. */
  readonly frameRateRational: readonly [number, number];
  readonly codec: string;
  readonly codecProfile: string | null;
  readonly pixelFormat: string;
  /** Index of the chosen video stream within the file (ffmpeg's 0:N). */
  readonly streamIndex: number;
  readonly audioCodec: string | null;
  /** Mean seconds between key frames, measured over the first minute; null where unknown. */
  readonly keyFrameInterval: number | null;
  /** When it was taken, ISO 8601, from the container's metadata; null where it says nothing. */
  readonly takenAt: string | null;
}

/** How densely a video is looked at. `fast` decodes key frames only; each clip is then one still. */
export type IndexMode = 'thorough' | 'fast';

/** One clip as it leaves the decoder. */
export interface ClipFrames {
  /** 0, 1, 2 … within the file. */
  readonly ordinal: number;
  /** Seconds on the player's clock. */
  readonly start: number;
  readonly end: number;
  /** True where a hard cut (or the file's beginning) lies at `start`. */
  readonly cutBefore: boolean;
  /** `frameCount` frames of size x size RGB, one after another. The receiver owns the buffer. */
  readonly frames: Uint8Array;
  /** The pack's frame count, or 1 for a still. */
  readonly frameCount: number;
}

/** Where a reading of clips begins again after an interruption: the end of the last clip that was kept. */
export interface ResumePoint {
  readonly ordinal: number;
  readonly start: number;
  readonly cutBefore: boolean;
}

/** What a reading of clips needs to know. */
export interface ReadClipsOptions {
  readonly path: string;
  readonly facts: MediaFacts;
  readonly geometry: InputGeometry;
  readonly mode: IndexMode;
  readonly resume?: ResumePoint;
  /** Folder for the thumbnail sheets made in the same pass; none are made without it. */
  readonly thumbnails?: string;
  readonly signal?: AbortSignal;
}
