/**
 * Clock times, frame numbers and timecode. Pure. Drop-frame timecode follows SMPTE ST 12-1: at 29.97 (59.94) frames a
 * second the first 2 (4) frame *numbers* of every minute are skipped, except in every tenth minute.
 */
import { TubeletError } from '../errors.ts';

/** Frames a second as numerator and denominator: [30000, 1001] is 29.97. */
export type FrameRate = readonly [numerator: number, denominator: number];

/** The rates that edit lists and editors know. */
export const EDIT_RATES: readonly FrameRate[] = [
  [24_000, 1001],
  [24, 1],
  [25, 1],
  [30_000, 1001],
  [30, 1],
  [48, 1],
  [50, 1],
  [60_000, 1001],
  [60, 1],
];

/** The rate of `EDIT_RATES` nearest to a file's own (which may be 15, 12.5 or a mean such as 29.83). */
export function editRate([numerator, denominator]: FrameRate): FrameRate {
  const rate = denominator > 0 ? numerator / denominator : 0;
  let best: FrameRate = [25, 1];
  let distance = rate > 0 ? Infinity : 0;
  for (const candidate of EDIT_RATES) {
    const apart = Math.abs(Math.log(candidate[0] / candidate[1] / rate));
    if (apart < distance) [best, distance] = [candidate, apart];
  }
  return best;
}

/** Frames counted in one second of timecode: 30 at 29.97. */
export function nominalRate([numerator, denominator]: FrameRate): number {
  return Math.round(numerator / denominator);
}

/** True for the rates whose timecode skips numbers to stay with the clock: 29.97 and 59.94. */
export function isDropFrame(rate: FrameRate): boolean {
  return rate[1] === 1001 && nominalRate(rate) % 30 === 0;
}

/** The frame nearest to a time. */
export function frameAt(seconds: number, [numerator, denominator]: FrameRate): number {
  return Math.max(0, Math.round((seconds * numerator) / denominator));
}

/** The time at which a frame begins. */
export function secondsAt(frame: number, [numerator, denominator]: FrameRate): number {
  return (frame * denominator) / numerator;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** HH:MM:SS:FF, with `;` before the frames where numbers are dropped. */
export function timecode(frame: number, rate: FrameRate): string {
  const fps = nominalRate(rate);
  const drop = isDropFrame(rate);
  let number = frame;
  if (drop) {
    const skipped = fps / 15;
    const minute = fps * 60 - skipped;
    const tenMinutes = minute * 10 + skipped;
    const tens = Math.floor(frame / tenMinutes);
    const rest = frame % tenMinutes;
    number += tens * 9 * skipped + (rest < fps * 60 ? 0 : Math.floor((rest - skipped) / minute) * skipped);
  }
  const seconds = Math.floor(number / fps);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}${drop ? ';' : ':'}${two(number % fps)}`;
}

/**
 * The frame that a timecode names.
 * @throws TubeletError `usage` where it is malformed or names a number that drop-frame skips.
 */
export function frameOfTimecode(code: string, rate: FrameRate): number {
  const match = /^(\d{2,}):(\d{2}):(\d{2})[:;](\d{2})$/.exec(code);
  const fps = nominalRate(rate);
  const [hours, minutes, seconds, frames] = (match?.slice(1).map(Number) ?? []) as [
    number,
    number,
    number,
    number,
  ];
  if (!match || minutes > 59 || seconds > 59 || frames >= fps) {
    throw new TubeletError('usage', `Not a timecode at ${fps} frames a second: ${code}`, {
      hint: 'Write HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame.',
    });
  }
  const number = ((hours * 60 + minutes) * 60 + seconds) * fps + frames;
  if (!isDropFrame(rate)) return number;
  const skipped = fps / 15;
  if (seconds === 0 && frames < skipped && minutes % 10 !== 0) {
    throw new TubeletError('usage', `Drop-frame timecode has no ${code}.`, {
      hint: `The minute begins at frame ${two(skipped)}.`,
    });
  }
  const allMinutes = hours * 60 + minutes;
  return number - skipped * (allMinutes - Math.floor(allMinutes / 10));
}

/** A whole number of frames as FCPXML writes time: a fraction of seconds, "1001/30000s", or whole seconds, "5s". */
export function rationalTime(frames: number, [numerator, denominator]: FrameRate): string {
  const top = frames * denominator;
  return top % numerator === 0 ? `${top / numerator}s` : `${top}/${numerator}s`;
}

/** HH:MM:SS and milliseconds after `mark` (SRT writes a comma, WebVTT a dot). */
export function clockTime(seconds: number, mark: ',' | '.'): string {
  const total = Math.max(0, Math.round(seconds * 1000));
  const whole = Math.floor(total / 1000);
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(':');
  return `${clock}${mark}${String(total % 1000).padStart(3, '0')}`;
}
