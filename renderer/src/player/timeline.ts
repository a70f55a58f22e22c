/**
 * The arithmetic of the timeline: a view is the stretch of the video that the width shows. Seconds on the player's
 * clock, x in CSS pixels from the left edge of the track.
 */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Shortest stretch that can be zoomed to, in seconds. */
const CLOSEST = 2;

/** The whole video. */
export function wholeView(duration: number): View {
  return { from: 0, to: Math.max(duration, 0.04) };
}

/** Where a time lies. */
export function xOf(view: View, width: number, seconds: number): number {
  return ((seconds - view.from) / (view.to - view.from)) * width;
}

/** The time under a pixel, kept inside the view. */
export function timeAt(view: View, width: number, x: number): number {
  const share = width > 0 ? Math.min(Math.max(x / width, 0), 1) : 0;
  return view.from + share * (view.to - view.from);
}

/** Zooms by a factor (below 1 is closer) around a time that keeps its place. */
export function zoom(view: View, duration: number, factor: number, around: number): View {
  const whole = wholeView(duration);
  const length = Math.min(Math.max((view.to - view.from) * factor, Math.min(CLOSEST, whole.to)), whole.to);
  const share = (around - view.from) / (view.to - view.from);
  return pan({ from: around - share * length, to: around + (1 - share) * length }, duration, 0);
}

/** Moves the view by seconds, without leaving the video. */
export function pan(view: View, duration: number, by: number): View {
  const whole = wholeView(duration);
  const length = Math.min(view.to - view.from, whole.to);
  const from = Math.min(Math.max(view.from + by, 0), whole.to - length);
  return { from, to: from + length };
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** Round times for the ruler, at least `apart` pixels from each other. */
export function rulerTimes(view: View, width: number, apart: number): number[] {
  if (width <= 0) return [];
  const least = ((view.to - view.from) / width) * apart;
  const step = STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / 3600) * 3600;
  const first = Math.ceil(view.from / step - 1e-9);
  const last = Math.floor(view.to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
}

/** The first time after `now` (or last before), with a hair of room so that standing on one moves on. */
export function neighbour(times: readonly number[], now: number, direction: 1 | -1): number | null {
  const room = 0.05;
  return direction === 1
    ? (times.find((time) => time > now + room) ?? null)
    : (times.findLast((time) => time < now - room) ?? null);
}
