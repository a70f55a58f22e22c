/**
 * FCPXML 1.9, which Final Cut Pro, DaVinci Resolve and Premiere (through converters) read. Every time is a whole number
 * of frames as a fraction of seconds; the rules of the DTD that this writer keeps are checked in its tests.
 */
import { pathToFileURL } from 'node:url';
import type { Cue } from './cue.ts';
import { editEvents, type EditContext } from './edit-list.ts';
import { isDropFrame, rationalTime } from './timecode.ts';

/** What XML 1.0 cannot hold, escaped or not. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function attribute(value: string): string {
  return value
    .replace(FORBIDDEN, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, ' ');
}

function tag(name: string, attributes: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(String(value))}"`);
  return `<${name}${pairs.join('')}`;
}

/** One project whose timeline holds the file once with markers, or the cues' stretches one after another. */
export function writeFcpxml(cues: readonly Cue[], context: EditContext): string {
  const { rate, frames, events } = editEvents(cues, context);
  const time = (count: number): string => rationalTime(count, rate);
  const tcFormat = isDropFrame(rate) ? 'DF' : 'NDF';
  const whole = {
    ref: 'r2',
    name: context.title,
    offset: '0s',
    start: '0s',
    duration: time(frames),
    tcFormat,
  };

  let offset = 0;
  const story =
    context.style === 'markers'
      ? [
          `${tag('asset-clip', whole)}>`,
          ...events.map(
            (event) =>
              `  ${tag('marker', { start: time(event.in), duration: time(1), value: event.text })}/>`,
          ),
          '</asset-clip>',
        ]
      : events.map((event) => {
          const length = event.out - event.in;
          const clip = tag('asset-clip', {
            ref: 'r2',
            name: event.text,
            offset: time(offset),
            start: time(event.in),
            duration: time(length),
            tcFormat,
          });
          offset += length;
          return `${clip}/>`;
        });
  const length = context.style === 'markers' ? frames : offset;

  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE fcpxml>',
    '<fcpxml version="1.9">',
    '  <resources>',
    `    ${tag('format', { id: 'r1', frameDuration: time(1), width: context.width, height: context.height })}/>`,
    `    ${tag('asset', {
      id: 'r2',
      name: context.title,
      start: '0s',
      duration: time(frames),
      hasVideo: 1,
      format: 'r1',
      ...(context.hasAudio ? { hasAudio: 1 } : {}),
    })}>`,
    `      ${tag('media-rep', { kind: 'original-media', src: pathToFileURL(context.path).href })}/>`,
    '    </asset>',
    '  </resources>',
    '  <library>',
    `    ${tag('event', { name: context.title })}>`,
    `      ${tag('project', { name: context.title })}>`,
    `        ${tag('sequence', { format: 'r1', duration: time(length), tcStart: '0s', tcFormat })}>`,
    '          <spine>',
    ...story.map((line) => `            ${line}`),
    '          </spine>',
    '        </sequence>',
    '      </project>',
    '    </event>',
    '  </library>',
    '</fcpxml>',
    '',
  ].join('\n');
}
