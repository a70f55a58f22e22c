import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCsv } from '../../../electron/engine/captions/csv.ts';
import type { EditContext, EditListStyle } from '../../../electron/engine/captions/edit-list.ts';
import { writeEdl } from '../../../electron/engine/captions/edl.ts';
import { writeFcpxml } from '../../../electron/engine/captions/fcpxml.ts';
import { frameAt, type FrameRate } from '../../../electron/engine/captions/timecode.ts';
import { cue, typedCues } from './cues.ts';
import { parseXml, type XmlElement } from './xml.ts';

const NTSC: FrameRate = [30_000, 1001];

function context(
  style: EditListStyle,
  frameRate: FrameRate = [25, 1],
  more: Partial<EditContext> = {},
): EditContext {
  const path = '/videos/a & b/100% "fun".mp4';
  return {
    title: 'a & b',
    path,
    duration: 120,
    frameRate,
    width: 1920,
    height: 1080,
    hasAudio: true,
    style,
    ...more,
  };
}

/**
 * The rules of the FCPXML 1.9 DTD that this document type touches, stated here so that the test is the judge:
 * which children an element may have, in which order and how often; which attributes it must and may have.
 */
interface Rule {
  /** A pattern over the names of the children, each followed by a space. */
  readonly children: RegExp;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}
const DTD: Readonly<Record<string, Rule>> = {
  fcpxml: { children: /^(import-options )?(resources )?library $/, required: ['version'], optional: [] },
  resources: { children: /^((asset|effect|format|media) )*$/, required: [], optional: [] },
  format: {
    children: /^$/,
    required: ['id'],
    optional: ['name', 'frameDuration', 'fieldOrder', 'width', 'height', 'colorSpace'],
  },
  asset: {
    children: /^(media-rep )+(metadata )?$/,
    required: ['id'],
    optional: [
      'name',
      'uid',
      'start',
      'duration',
      'hasVideo',
      'format',
      'hasAudio',
      'videoSources',
      'audioSources',
    ],
  },
  'media-rep': {
    children: /^(bookmark )?$/,
    required: ['src'],
    optional: ['kind', 'sig', 'suggestedFilename'],
  },
  library: { children: /^(event )*$/, required: [], optional: ['location', 'colorProcessing'] },
  event: { children: /^((project|asset-clip|clip|keyword) )*$/, required: [], optional: ['name', 'uid'] },
  project: { children: /^sequence $/, required: [], optional: ['name', 'uid', 'id', 'modDate'] },
  sequence: {
    children: /^(note )?spine (metadata )?$/,
    required: ['format'],
    optional: ['duration', 'tcStart', 'tcFormat', 'audioLayout', 'audioRate', 'renderFormat'],
  },
  spine: {
    children: /^((asset-clip|clip|gap|title|video|audio) )*$/,
    required: [],
    optional: ['lane', 'offset', 'name', 'format'],
  },
  'asset-clip': {
    children: /^(note )?((marker|chapter-marker|keyword|rating) )*(metadata )?$/,
    required: ['ref'],
    optional: [
      'name',
      'offset',
      'start',
      'duration',
      'format',
      'tcFormat',
      'enabled',
      'lane',
      'audioRole',
      'videoRole',
    ],
  },
  marker: { children: /^$/, required: ['start', 'value'], optional: ['duration', 'completed', 'note'] },
};
const TIMES = ['frameDuration', 'start', 'duration', 'offset', 'tcStart'];

/** Frames of a time attribute; fails unless it is written as the format asks and is a whole number of frames. */
function framesOf(time: string | undefined, rate: FrameRate): number {
  const match = /^(\d+)(?:\/(\d+))?s$/.exec(time ?? '');
  expect(match, `${String(time)} is a rational time`).not.toBeNull();
  const frames = (Number(match?.[1]) * rate[0]) / (Number(match?.[2] ?? 1) * rate[1]);
  expect(Number.isInteger(frames), `${String(time)} is a whole number of frames`).toBe(true);
  return frames;
}

function all(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(all)];
}

function validate(root: XmlElement, rate: FrameRate): void {
  expect(root.attributes['version']).toBe('1.9');
  const elements = all(root);
  const ids = elements.flatMap((element) => element.attributes['id'] ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, attributes, children } of elements) {
    const rule = DTD[name];
    expect(rule, `<${name}> is an element of the format`).toBeDefined();
    expect(children.map((child) => `${child.name} `).join(''), `children of <${name}>`).toMatch(
      rule!.children,
    );
    for (const required of rule!.required) expect(attributes, `<${name}>`).toHaveProperty(required);
    const allowed = [...rule!.required, ...rule!.optional];
    expect(allowed, `attributes of <${name}>`).toEqual(expect.arrayContaining(Object.keys(attributes)));
    for (const reference of ['ref', 'format']) {
      if (attributes[reference] !== undefined) expect(ids).toContain(attributes[reference]);
    }
    if (attributes['tcFormat'] !== undefined) expect(['DF', 'NDF']).toContain(attributes['tcFormat']);
    if (attributes['kind'] !== undefined)
      expect(['original-media', 'proxy-media']).toContain(attributes['kind']);
    for (const time of TIMES) if (attributes[time] !== undefined) framesOf(attributes[time], rate);
  }
}

const RATES: [string, FrameRate, string, string][] = [
  ['23.976', [24_000, 1001], '1001/24000s', 'NDF'],
  ['25', [25, 1], '1/25s', 'NDF'],
  ['29.97', NTSC, '1001/30000s', 'DF'],
  ['59.94', [60_000, 1001], '1001/60000s', 'DF'],
];

describe('FCPXML', () => {
  const cues = [cue(1.02, 2.98, 'A "dog" & a <cat>'), cue(61.5, 64, 'Two\nlines')];

  it.each(RATES)(
    'at %s frames a second keeps the rules of the DTD and the frames',
    (_, rate, frameDuration, tcFormat) => {
      for (const style of ['markers', 'clips'] as const) {
        const root = parseXml(writeFcpxml(cues, context(style, rate)));
        validate(root, rate);
        const elements = all(root);
        expect(elements.find(({ name }) => name === 'format')?.attributes['frameDuration']).toBe(
          frameDuration,
        );
        expect(elements.find(({ name }) => name === 'sequence')?.attributes['tcFormat']).toBe(tcFormat);
        const placed = elements.filter(
          ({ name }) => name === (style === 'markers' ? 'marker' : 'asset-clip'),
        );
        expect(placed.map(({ attributes }) => framesOf(attributes['start'], rate))).toEqual(
          cues.map(({ start }) => frameAt(start, rate)),
        );
      }
    },
  );

  it('lays clips one after another, without a gap, as long as the sequence says', () => {
    const elements = all(parseXml(writeFcpxml(cues, context('clips', NTSC))));
    let end = 0;
    for (const { attributes } of elements.filter(({ name }) => name === 'asset-clip')) {
      expect(framesOf(attributes['offset'], NTSC)).toBe(end);
      end += framesOf(attributes['duration'], NTSC);
    }
    expect(framesOf(elements.find(({ name }) => name === 'sequence')?.attributes['duration'], NTSC)).toBe(
      end,
    );
  });

  it('keeps words and path through escaping', () => {
    const elements = all(parseXml(writeFcpxml(cues, context('markers'))));
    const markers = elements.filter(({ name }) => name === 'marker');
    expect(markers.map(({ attributes }) => attributes['value'])).toEqual(['A "dog" & a <cat>', 'Two lines']);
    const source = elements.find(({ name }) => name === 'media-rep')?.attributes['src'] ?? '';
    expect(fileURLToPath(source)).toBe('/videos/a & b/100% "fun".mp4');
  });

  it('stays valid whatever the captions say', () => {
    const styles = fc.constantFrom<EditListStyle>('markers', 'clips');
    fc.assert(
      fc.property(typedCues, styles, fc.constantFrom(...RATES), (typed, style, [, rate]) => {
        validate(parseXml(writeFcpxml(typed, context(style, rate))), rate);
      }),
      { numRuns: 50 },
    );
    expect(writeFcpxml([cue(0, 1, 'a\u0000b\u0008')], context('markers'))).not.toMatch(/[\u0000\u0008]/);
  });
});

describe('EDL', () => {
  it('cuts the moments one after another, in drop-frame where the rate asks for it', () => {
    expect(writeEdl([cue(60.06, 62.062, 'One'), cue(90, 91, 'Two')], context('clips', NTSC))).toBe(
      [
        'TITLE: a & b',
        'FCM: DROP FRAME',
        '',
        '001  AX       V     C        00:01:00;02 00:01:02;02 00:00:00;00 00:00:02;00',
        '* FROM CLIP NAME: a & b',
        '* SOURCE FILE: /videos/a & b/100% "fun".mp4',
        '* COMMENT: One',
        '002  AX       V     C        00:01:29;29 00:01:30;29 00:00:02;00 00:00:03;00',
        '* FROM CLIP NAME: a & b',
        '* SOURCE FILE: /videos/a & b/100% "fun".mp4',
        '* COMMENT: Two',
        '',
      ].join('\n'),
    );
  });

  it('marks the moments on the whole file', () => {
    const lines = writeEdl([cue(2, 3, 'One\ntwo')], context('markers')).split('\n');
    expect(lines.slice(1, 4)).toEqual([
      'FCM: NON-DROP FRAME',
      '',
      '001  AX       V     C        00:00:00:00 00:02:00:00 00:00:00:00 00:02:00:00',
    ]);
    expect(lines.at(-2)).toBe('* LOC: 00:00:02:00 GREEN   One two');
  });

  it('never lets a title or a path begin a line of its own', () => {
    const edl = writeEdl(
      [cue(0, 1, 'x')],
      context('clips', [25, 1], { title: 'a\n002  AX', path: '/a\r\n003' }),
    );
    expect(edl.split('\n').filter((line) => /^\d{3} /.test(line))).toHaveLength(1);
  });

  it('refuses more events than three digits can number, and says what to do', () => {
    const many = Array.from({ length: 1000 }, (_, index) => cue(index, index + 1, 'x'));
    expect(() => writeEdl(many, context('clips'))).toThrow(/999 events; there are 1000/);
    expect(writeEdl(many, context('markers', [25, 1], { duration: 1000 })).match(/LOC/g)).toHaveLength(1000);
  });
});

describe('CSV', () => {
  it('quotes what needs it and defuses formulas', () => {
    const table = writeCsv([
      cue(0, 1.5, 'Hello, "you"\nthere'),
      cue(2, 3, '=HYPERLINK("x")'),
      cue(3, 4, '- Yes.', { confidence: 0.25, source: 'model' }),
    ]);
    expect(table.split('\r\n')).toEqual([
      'start,end,start_time,end_time,text,confidence,source',
      '0.000,1.500,00:00:00.000,00:00:01.500,"Hello, ""you"" there",1.000,file',
      '2.000,3.000,00:00:02.000,00:00:03.000,"\'=HYPERLINK(""x"")",1.000,file',
      '3.000,4.000,00:00:03.000,00:00:04.000,- Yes.,0.250,model',
      '',
    ]);
  });
});
