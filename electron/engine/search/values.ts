/** Seconds in each unit that a length may be given in. */
const UNIT_SECONDS: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
};

/** Seconds of a length as a person writes it: `10`, `10s`, `1.5m`, `2min`, `1h`, `1:30`, `1:02:03`. Null for anything else. */
export function parseLength(text: string): number | null {
  const clock = /^(?:(\d+):)?(\d{1,2}):(\d{2})$/.exec(text);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const amount = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text);
  const unit = UNIT_SECONDS[amount?.[2]?.toLowerCase() ?? 'none'];
  return amount === null || unit === undefined ? null : Number(amount[1]) * unit;
}

/**
 * The beginning of a year, month or day (`2024`, `2024-05`, `2024-05-17`) in the machine's time zone, in milliseconds
 * since 1970. Null for anything else, also for a day that the calendar does not have.
 */
export function parseDay(text: string): number | null {
  const parts = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text);
  if (parts === null) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)];
  const date = new Date(2000, month - 1, day);
  date.setFullYear(year, month - 1, day);
  const exists = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return exists ? date.getTime() : null;
}
