/** How times are written: always tabular, never longer than needed. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `3:12`, or `1:03:12` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = two(whole % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** `00:03:12:08`: hours, minutes, seconds and the frame within the second, counted from 0. */
export function timecode(seconds: number, frameRate: number): string {
  const rate = frameRate > 0 ? frameRate : 25;
  // A frame's presentation time is often a hair below its exact multiple: a tenth of a frame settles it.
  const settled = Math.max(0, seconds) + 0.1 / rate;
  const whole = Math.floor(settled);
  const frame = Math.floor((settled - whole) * rate);
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}:${two(frame)}`;
}

/** Reads `1:02:03.5`, `2:03` or `3.5` as seconds; null when it is none of these. */
export function parseClock(text: string): number | null {
  const match = /^(?:(?:(\d+):)?(\d{1,3}):)?(\d{1,5}(?:[.,]\d+)?)$/.exec(text.trim());
  if (match === null) return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
}

/** `0:03.2`: for the edges of captions, where tenths matter. */
export function clockTenths(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  return `${clock(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** How long is left, in the words of a person: `under a minute`, `4 minutes`, `1 h 20 min`. */
export function remaining(seconds: number): string {
  if (seconds < 45) return 'under a minute';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes <= 1 ? 'about a minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** Total length of many files: `42 s`, `12 min`, `3.4 h`, `1,204 h`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const hours = seconds / 3600;
  return hours < 10 ? `${hours.toFixed(1)} h` : `${Math.round(hours).toLocaleString('en')} h`;
}
