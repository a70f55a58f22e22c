import { judgeExit, planPass, squareRgb, STALL_AFTER } from './decoding.ts';
import type { ClipSource } from './decoding.ts';
import { decodeFrames } from './frames.ts';
import type { ClipFrames } from './types.ts';
import { evenWindows } from './windows.ts';

/** The demuxer hands on nothing but key frames; their times are kept in milliseconds. */
const TICKS = 1000;
/** Seconds before the first wanted window at which decoding begins, so that its nearest key frame is surely seen. */
const MARGIN = 4;

/**
 * Reads a video by its key frames only. Each window of `geometry.seconds` is a clip of one still: the key frame nearest
 * its middle. Cuts are not looked for between frames so far apart: only the file's beginning counts as one.
 */
export async function* readKeyFrames(source: ClipSource): AsyncGenerator<ClipFrames> {
  const { facts, geometry, path } = source;
  const windows = evenWindows(facts.duration, geometry.seconds);
  const firstOrdinal = source.resume?.ordinal ?? 0;
  let next = firstOrdinal;
  const from = Math.max(0, (windows[next]?.start ?? 0) - MARGIN);
  const pass = await planPass(source, {
    from,
    grid: 1,
    filters: [`settb=1/${TICKS}`, ...squareRgb(geometry.size)],
    keyFramesOnly: true,
  });

  let before: { time: number; frame: Uint8Array } | null = null;
  const clip = (frame: Uint8Array): ClipFrames => {
    const window = windows[next] ?? { start: 0, end: facts.duration };
    const ordinal = next++;
    const start = facts.start + window.start;
    const end = facts.start + window.end;
    return { ordinal, start, end, cutBefore: ordinal === 0, frames: frame.slice(), frameCount: 1 };
  };
  const middle = (): number => {
    const window = windows[next];
    return window === undefined ? Infinity : (window.start + window.end) / 2;
  };

  const limits = { signal: source.signal, stallAfter: source.stallAfter ?? STALL_AFTER };
  const decoder = decodeFrames(source.binaries.ffmpeg, pass.job, geometry.size ** 2 * 3, limits);
  let step = await decoder.next();
  try {
    for (; step.done !== true; step = await decoder.next()) {
      const now = { time: pass.begin + step.value.pts / TICKS, frame: step.value.frame };
      while (now.time >= middle()) {
        const nearer = before !== null && middle() - before.time <= now.time - middle() ? before : now;
        yield clip(nearer.frame);
      }
      before = now;
    }
    // Without an error the last key frame stands until the end; with one, only for the window that it lies in.
    const exit = step.value;
    const failed = exit.failure !== null || exit.errors.length > 0;
    const reached = failed ? (before?.time ?? 0) + geometry.seconds : facts.duration;
    while (before !== null && next < windows.length && (windows[next]?.start ?? 0) < reached)
      yield clip(before.frame);
    judgeExit(exit, facts, before === null ? 0 : Math.min(reached, facts.duration), path);
  } finally {
    await decoder.return({ failure: null, errors: [] });
  }
}
