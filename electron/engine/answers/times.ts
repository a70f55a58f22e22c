/** "When does …?": the times at which what is asked about is seen. */
import { basename } from 'node:path';
import type { Moment } from '../search/types.ts';

/** Times that one answer names. */
const MOST_TIMES = 5;

/** m:ss, or h:mm:ss from an hour on. */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts}` : parts.replace(/^0/, '');
}

function spokenMoment(moment: Moment, named: boolean): string {
  const file = basename(moment.path);
  if (moment.kind === 'image') return `in ${file}`;
  return `${spokenTime(moment.start)} to ${spokenTime(moment.end)}${named ? ` in ${file}` : ''}`;
}

/**
 * The moments that match, said as times: within one file in the order of time, over a library the best first. Null
 * where none matches.
 */
export function sayWhen(
  moments: readonly Moment[],
  oneFile: boolean,
): { text: string; moments: Moment[] } | null {
  const matching = moments
    .filter(({ match }) => match === 'strong' || match === 'likely')
    .slice(0, MOST_TIMES);
  if (matching.length === 0) return null;
  const ordered = oneFile ? matching.sort((a, b) => a.start - b.start) : matching;
  const said = ordered.map((moment) => spokenMoment(moment, !oneFile));
  const last = said.pop() ?? '';
  return { text: said.length === 0 ? last : `${said.join(', ')} and ${last}`, moments: ordered };
}
