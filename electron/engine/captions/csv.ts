/** Captions as a table (RFC 4180): for spreadsheets and scripts. */
import { singleLine, writableCues, type Cue } from './cue.ts';
import { clockTime } from './timecode.ts';

/** What a spreadsheet would run as a formula; captions may come from files that someone else wrote. */
const FORMULA = /^[=+@\t\r]|^-(?=[^\s-])/;

function field(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A header row, then one row a cue; times in seconds and as a clock shows them; CRLF line ends. */
export function writeCsv(cues: readonly Cue[]): string {
  const rows = writableCues(cues).map((cue) =>
    [
      cue.start.toFixed(3),
      cue.end.toFixed(3),
      clockTime(cue.start, '.'),
      clockTime(cue.end, '.'),
      field(singleLine(cue.text)),
      cue.confidence.toFixed(3),
      cue.source,
    ].join(','),
  );
  return ['start,end,start_time,end_time,text,confidence,source', ...rows, ''].join('\r\n');
}
