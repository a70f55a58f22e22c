/** What hosts write down: what happened, and to whom. Refusals are always written. */
export interface LogEntry {
  readonly level: 'info' | 'refused' | 'failed';
  /** A short fixed phrase, such as "wrong token". */
  readonly what: string;
  /** What it was about: a path, a header, a message. Comes from outside and is never trusted. */
  readonly detail?: string;
}

/** Where hosts write. */
export type Log = (entry: LogEntry) => void;

const LONGEST_DETAIL = 300;

/** One line of text for an entry. Control characters are escaped, so that no detail can forge a second line. */
export function formatLogEntry(entry: LogEntry, now: Date): string {
  const detail = entry.detail === undefined ? '' : `: ${printable(entry.detail)}`;
  return `${now.toISOString()} ${entry.level} ${entry.what}${detail}`;
}

/** Writes entries to a stream, one a line. */
export function streamLog(stream: { write(text: string): unknown }): Log {
  return (entry) => {
    stream.write(`${formatLogEntry(entry, new Date())}\n`);
  };
}

function printable(text: string): string {
  const short = text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text;
  return short.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0') ?? '0000'}`;
  });
}
