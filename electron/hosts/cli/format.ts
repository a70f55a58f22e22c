/** A time as people say it: 3:05, 1:02:03; tenths where they matter. */
export function clockText(seconds: number, tenths = false): string {
  const scaled = tenths ? Math.floor(seconds * 10 + 1e-6) / 10 : Math.floor(seconds + 1e-6);
  const hours = Math.floor(scaled / 3600);
  const minutes = Math.floor((scaled % 3600) / 60);
  const rest = (scaled % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** How long something took: 0.4 s, 12 s, 3:05. */
export function tookText(seconds: number): string {
  if (seconds >= 60) return clockText(seconds);
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}

/** How long something will take, no more exact than it is known. */
export function aboutText(seconds: number): string {
  if (seconds < 10) return 'a few seconds';
  if (seconds < 90) return `about ${10 * Math.round(seconds / 10)} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}

/** Bytes in the largest unit that leaves a number above one. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit] ?? 'B'}`;
}

/** "1 file", "2 files". */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A file's name for a terminal: the control characters that a name may hold become "?". */
export function nameText(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
