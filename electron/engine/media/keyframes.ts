import { judgeExit, planPass, squareRgb, STALL_AFTER } from './decoding.ts';
import type { ClipSource } from './decoding.ts';
import { decodeFrames } from './frames.ts';
import type { ClipFrames } from './types.ts';
import { evenWindows } from './windows.ts';

/** What "not later than" forgives, because times are fractions. Seconds. */
const INSTANT = 0.001;

/**
 * Reads a video by its key frames only. Each window of `geometry.seconds` is a clip of one still: the last key frame that
 * is not later than half a usual interval after the window's middle. Where key frames come evenly that is the nearest; where
 * they are missing, the one before stands, as it does in a player, and never one from behind the window. Cuts are not looked
 * for between frames so far apart: only the file's beginning counts as one.
 */
export async function* readKeyFrames(source: ClipSource): AsyncGenerator<ClipFrames> {
  const { facts, geometry, path } = source;
  const { seconds } = geometry;
  const windows = evenWindows(facts.duration, seconds);
  const first = source.resume?.ordinal ?? 0;
  const tooLate = (seconds + Math.min(seconds, facts.keyFrameInterval ?? 0)) / 2 + INSTANT;
  const pass = await planPass(source, {
    from: first * seconds,
    grid: seconds,
    filters: [
      // Of the frames that fall into a slot the last is passed on: slots end where a key frame comes too late for a window.
      `setpts=PTS+${(seconds - tooLate).toFixed(6)}/TB`,
      `fps=1/${seconds}:round=down:eof_action=pass`,
      ...squareRgb(geometry.size),
    ],
    keyFramesOnly: true,
  });
  const begin = Math.round(pass.begin / seconds);

  let next = first;
  const clip = (frames: Uint8Array): ClipFrames => {
    const window = windows[next] ?? { start: 0, end: facts.duration };
    const ordinal = next++;
    const start = facts.start + window.start;
    const end = facts.start + window.end;
    return { ordinal, start, end, cutBefore: ordinal === 0, frames, frameCount: 1 };
  };

  const limits = { signal: source.signal, stallAfter: source.stallAfter ?? STALL_AFTER };
  const decoder = decodeFrames(source.binaries.ffmpeg, pass.job, geometry.size ** 2 * 3, limits);
  /** The last frame that came: it is handed on, and no longer ours, once it is known that it need not be repeated. */
  let held: { window: number; frame: Uint8Array } | null = null;
  let step = await decoder.next();
  try {
    for (; step.done !== true; step = await decoder.next()) {
      const window = begin + step.value.pts;
      // Windows that were seen before come again where the picture's size changes and ffmpeg begins its filters anew.
      if (held !== null && window <= held.window) continue;
      for (const end = Math.min(window, windows.length); held !== null && next < end;)
        yield clip(next + 1 < end ? held.frame.slice() : held.frame);
      held = { window, frame: step.value.frame };
    }
    // Without an error the last key frame stands until the end; with one, only for the window that it lies in.
    const exit = step.value;
    const failed = exit.failure !== null || exit.errors.length > 0;
    const reached = held === null ? 0 : failed ? (held.window + 1) * seconds : facts.duration;
    while (held !== null && next < windows.length && (windows[next]?.start ?? 0) < reached)
      yield clip(held.frame.slice());
    judgeExit(exit, facts, Math.min(reached, facts.duration), path);
  } finally {
    await decoder.return({ failure: null, errors: [] });
  }
}
