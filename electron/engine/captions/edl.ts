/**
 * CMX3600 edit decision lists: the oldest format that every editor still reads. Three-digit event numbers, source times
 * then record times, out points exclusive; comments carry what the format has no field for.
 */
import { TubeletError } from '../errors.ts';
import type { Cue } from './cue.ts';
import { editEvents, type EditContext, type EditEvent } from './edit-list.ts';
import { isDropFrame, timecode } from './timecode.ts';

/** The format numbers its events with three digits. */
export const MOST_EDL_EVENTS = 999;

const comment = (name: string, value: string): string => `* ${name}: ${value.replace(/[\r\n]+/g, ' ')}`;

/**
 * `clips`: one cut a cue, one after another on the record side. `markers`: the whole file as one event with a `LOC` a
 * cue, as Avid and Resolve read them.
 * @throws TubeletError `usage` where there are more events than the format can number.
 */
export function writeEdl(cues: readonly Cue[], context: EditContext): string {
  const { rate, frames, events } = editEvents(cues, context);
  if (context.style === 'clips' && events.length > MOST_EDL_EVENTS) {
    throw new TubeletError('usage', `An EDL holds ${MOST_EDL_EVENTS} events; there are ${events.length}.`, {
      path: context.path,
      hint: 'Export as FCPXML, or export fewer moments.',
    });
  }
  const code = (frame: number): string => timecode(frame, rate);
  const cut = (number: number, event: Pick<EditEvent, 'in' | 'out'>, record: number): string =>
    `${String(number).padStart(3, '0')}  AX       V     C        ` +
    [event.in, event.out, record, record + event.out - event.in].map(code).join(' ');
  const source = [comment('FROM CLIP NAME', context.title), comment('SOURCE FILE', context.path)];

  const lines = [
    `TITLE: ${context.title.replace(/[\r\n]+/g, ' ')}`,
    `FCM: ${isDropFrame(rate) ? 'DROP FRAME' : 'NON-DROP FRAME'}`,
    '',
  ];
  if (context.style === 'markers') {
    lines.push(cut(1, { in: 0, out: frames }, 0), ...source);
    for (const event of events) lines.push(`* LOC: ${code(event.in)} GREEN   ${event.text}`);
  } else {
    let record = 0;
    events.forEach((event, index) => {
      lines.push(cut(index + 1, event, record), ...source, comment('COMMENT', event.text));
      record += event.out - event.in;
    });
  }
  return `${lines.join('\n')}\n`;
}
