import type { Moment, SearchReply } from '../../engine/search/types.ts';
import { TubeletError } from '../../engine/errors.ts';
import type { CommandContext } from './command.ts';
import { clockText, nameText } from './format.ts';

/** A reply as programs get it. */
export function replyJson({ query, moments }: SearchReply): object {
  return {
    query,
    moments: moments.map(momentJson),
  };
}

/** A moment as programs get it. */
export function momentJson({ path, start, end, score, match }: Moment): object {
  return { path, start, end, score, match };
}

/** Prints a reply for people: where, when, how sure. */
export function printReply(context: CommandContext, reply: SearchReply): void {
  const { terminal } = context;
  for (const { message } of reply.notes) terminal.note(message);
  if (!reply.found) {
    const nearest = reply.moments.length === 0 ? '' : ' The nearest:';
    terminal.line(`Nothing here matches ${reply.query === '' ? 'that' : `“${reply.query}”`}.${nearest}`);
  }
  printMoments(context, reply.moments);
}

/** One line a moment. */
export function printMoments({ terminal }: CommandContext, moments: readonly Moment[]): void {
  for (const { kind, path, start, end, match, words } of moments) {
    const when = kind === 'image' ? 'image' : `${clockText(start)}–${clockText(end)}`;
    terminal.line(
      `${match.padEnd(6)}  ${when.padEnd(13)}  ${nameText(path)}${words === undefined ? '' : `  “${words}”`}`,
    );
  }
}

/** The number of moments asked for. */
export function limitOf({ values }: CommandContext): number {
  const text = values['limit'];
  if (text === undefined) return 10;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new TubeletError('usage', `--limit ${String(text)} is not a number of moments.`, {
    hint: 'Example: --limit 20',
  });
}

/** A time in seconds, or as m:ss or h:mm:ss. */
export function secondsOf(option: string, text: string): number {
  const parts = text.split(':').map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) : Number.NaN));
  const seconds = parts.reduce((sum, part) => sum * 60 + part, 0);
  if (parts.length <= 3 && Number.isFinite(seconds)) return seconds;
  throw new TubeletError('usage', `--${option} ${text} is not a time.`, {
    hint: `Examples: --${option} 75, --${option} 1:15`,
  });
}
