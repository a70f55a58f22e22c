import { CUT_HISTORY, CutFinder, signatureOf } from './cuts.ts';
import { judgeExit, planPass, squareRgb, STALL_AFTER } from './decoding.ts';
import type { ClipSource } from './decoding.ts';
import { decodeFrames } from './frames.ts';
import { writeSheets } from './thumbnails.ts';
import type { ClipFrames } from './types.ts';
import { spread, WindowPlanner } from './windows.ts';
import type { Window } from './windows.ts';

/**
 * Reads a video densely: `geometry.frames / geometry.seconds` samples a second, counted from the first frame. Sample k
 * stands for the stretch from k to k+1 and shows the frame that is on screen in the middle of it (`fps` rounds to the
 * nearest). Shots are found in the samples and divided into windows; each window is one clip of `geometry.frames` frames.
 */
export async function* readThorough(source: ClipSource): AsyncGenerator<ClipFrames> {
  const { facts, geometry, path } = source;
  const rate = geometry.frames / geometry.seconds;
  const resumed = source.resume;
  const first = resumed === undefined ? 0 : Math.round((resumed.start - facts.start) * rate);
  const watchFrom = Math.max(0, first - CUT_HISTORY - 1);
  const pass = await planPass(source, {
    from: watchFrom / rate,
    grid: 1 / rate,
    filters: [`fps=${geometry.frames}/${geometry.seconds}:eof_action=pass`, ...squareRgb(geometry.size)],
    keyFramesOnly: false,
  });
  const begin = Math.round(pass.begin * rate);

  const planner = new WindowPlanner(geometry.frames, { first, cutBefore: resumed?.cutBefore ?? true });
  const cuts = new CutFinder();
  const samples = new Map<number, Uint8Array>();
  let ordinal = resumed?.ordinal ?? 0;
  let arrived = watchFrom;
  let decided = watchFrom;

  const take = (window: Window, end: number): ClipFrames => {
    const frames = gather(samples, spread(window, geometry.frames), geometry.size);
    for (const sample of samples.keys()) if (sample < window.end) samples.delete(sample);
    const start = time(facts.start, window.first, rate);
    return {
      ordinal: ordinal++,
      start,
      end,
      cutBefore: window.cutBefore,
      frames,
      frameCount: geometry.frames,
    };
  };
  function* settle(answers: readonly boolean[]): Generator<ClipFrames> {
    for (const cut of answers) {
      const sample = decided++;
      if (sample < first) samples.delete(sample);
      else
        for (const window of planner.push(sample, cut))
          yield take(window, time(facts.start, window.end, rate));
    }
  }

  const limits = { signal: source.signal, stallAfter: source.stallAfter ?? STALL_AFTER };
  const decoder = decodeFrames(source.binaries.ffmpeg, pass.job, geometry.size ** 2 * 3, limits);
  let step = await decoder.next();
  try {
    for (; step.done !== true; step = await decoder.next()) {
      const sample = begin + step.value.pts;
      // A place that was seen before comes again where the picture's size changes and ffmpeg begins its filters anew.
      if (sample < arrived) continue;
      const signature = signatureOf(step.value.frame, geometry.size);
      for (; arrived <= sample; arrived++) {
        samples.set(arrived, step.value.frame);
        yield* settle(cuts.push(signature));
      }
    }
    yield* settle(cuts.finish());
    const exit = step.value;
    const reached = arrived === watchFrom && resumed === undefined ? 0 : arrived / rate;
    const damage = damageOf(() => {
      judgeExit(exit, facts, reached, path);
    });
    const last = planner.finish(arrived);
    const whole = damage === null && facts.duration > (arrived - 1) / rate;
    const end = whole ? facts.start + facts.duration : time(facts.start, arrived, rate);
    if (last !== null) yield take(last, end);
    if (pass.sheets !== null && source.thumbnails !== undefined) {
      const cells = Math.max(1, Math.round(arrived / rate / pass.sheets.secondsPerCell));
      await writeSheets(source.thumbnails, { ...pass.sheets, count: cells });
    }
    if (damage !== null) throw damage;
  } finally {
    await decoder.return({ failure: null, errors: [] });
  }
}

/** A damaged file still gives the clips it has: the error waits until they are out. */
function damageOf(judge: () => void): Error | null {
  try {
    judge();
    return null;
  } catch (error) {
    return error as Error;
  }
}

/** Time of a sample on the player's clock, to the microsecond. */
function time(start: number, sample: number, rate: number): number {
  return Math.round((start + sample / rate) * 1e6) / 1e6;
}

function gather(
  samples: ReadonlyMap<number, Uint8Array>,
  wanted: readonly number[],
  size: number,
): Uint8Array {
  const bytes = size ** 2 * 3;
  const frames = new Uint8Array(wanted.length * bytes);
  wanted.forEach((sample, i) => {
    const frame = samples.get(sample);
    if (frame !== undefined) frames.set(frame, i * bytes);
  });
  return frames;
}
