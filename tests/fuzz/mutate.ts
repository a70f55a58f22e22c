/** Subtitle files as they should be, and what happens to them on the way: a seeded generator of damaged inputs. */

/** A small fast generator of pseudo-random numbers (mulberry32): the same seed gives the same inputs. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <T>(random: () => number, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

/** A made file in which every word is told apart: `word0`, `word1` … */
export function makeFile(random: () => number): string {
  const vtt = random() < 0.5;
  const mark = vtt ? '.' : ',';
  const time = (seconds: number): string =>
    `${random() < 0.9 ? '00:' : ''}0${seconds % 10}:${String((seconds * 7) % 60).padStart(2, '0')}${mark}${String((seconds * 131) % 1000).padStart(3, '0')}`;
  let word = 0;
  const blocks = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index) => {
    const lines = Array.from({ length: 1 + Math.floor(random() * 2) }, () =>
      Array.from(
        { length: 1 + Math.floor(random() * 3) },
        () => `${pick(random, ['', '', '<i>', '- ', '&amp; '])}word${word++}x`,
      ).join(' '),
    );
    const label = vtt ? (random() < 0.3 ? [`label${index}x`] : []) : [String(index + 1)];
    const settings = vtt && random() < 0.2 ? ' align:start' : '';
    return [...label, `${time(index)} --> ${time(index + 1)}${settings}`, ...lines].join('\n');
  });
  if (vtt && random() < 0.3) blocks.splice(Math.floor(random() * blocks.length), 0, `NOTE word${word}x`);
  return [...(vtt ? ['WEBVTT'] : []), ...blocks].join('\n\n') + (random() < 0.8 ? '\n' : '');
}

const PIECES = [
  ...[
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    '\uFEFF',
    '-->',
    '->',
    '00:00:01,000 --> 00:00:02,000',
    '1',
    '99',
    ':',
    ',',
    '.',
    ' ',
    '\t',
  ],
  ...[
    '<',
    '>',
    '<i>',
    '</i>',
    '<v Ann>',
    '&',
    '&amp;',
    '&#0;',
    '&#x110000;',
    '{\\an8}',
    '{',
    '}',
    'NOTE',
    'STYLE\n',
    'WEBVTT',
  ],
  ...['\u0000', '\u2060', '\u2028', '\uD83D', '🎬', '99999999:99:99,999 --> 0:0', '\n--> \n'],
] as const;

/** One to six damages: pieces put in, characters and lines taken out, doubled, or changed places, the end cut off. */
export function damage(text: string, random: () => number): string {
  let damaged = text;
  for (let left = 1 + Math.floor(random() * 6); left > 0; left--) {
    const at = Math.floor(random() * (damaged.length + 1));
    const lines = damaged.split('\n');
    const line = Math.floor(random() * lines.length);
    switch (Math.floor(random() * 6)) {
      case 0:
      case 1:
        damaged = damaged.slice(0, at) + pick(random, PIECES) + damaged.slice(at);
        break;
      case 2:
        damaged = damaged.slice(0, at) + damaged.slice(at + 1 + Math.floor(random() * 3));
        break;
      case 3:
        lines.splice(line, random() < 0.5 ? 1 : 0, ...(random() < 0.5 ? [lines[line] ?? ''] : []));
        damaged = lines.join('\n');
        break;
      case 4:
        [lines[0], lines[line]] = [lines[line] ?? '', lines[0] ?? ''];
        damaged = lines.join('\n');
        break;
      default:
        damaged =
          random() < 0.2
            ? damaged.slice(0, at)
            : damaged.replaceAll('\n', pick(random, ['\r\n', '\r', '\n', ' \n']));
    }
  }
  return damaged;
}
