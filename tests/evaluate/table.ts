/** Results of an evaluation as the table of the model's documentation. Pure. */
import { z } from 'zod';

const shareShape = z.object({ right: z.number(), of: z.number(), perCent: z.number().nullable() });

/** What is asked of one number, and where it stands in the results. */
interface Row {
  readonly what: string;
  readonly measured: (results: unknown) => string | null;
  readonly atLeast: string;
  readonly reachFor: string;
}

/** What stands in the results under a path; undefined where nothing does. */
function at(results: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, key) => {
    const object = z.record(z.string(), z.unknown()).safeParse(inside);
    return object.success ? object.data[key] : undefined;
  }, results);
}

const grouped = (value: number): string => value.toLocaleString('en-US');

/** "57.3 % (2,865 of 5,000)" */
function share(...path: string[]): Row['measured'] {
  return (results) => {
    const found = shareShape.safeParse(at(results, path));
    if (!found.success || found.data.perCent === null) return null;
    const { right, of, perCent } = found.data;
    return `${perCent.toFixed(1)} % (${grouped(right)} of ${grouped(of)})`;
  };
}

function number(unit: string, ...path: string[]): Row['measured'] {
  return (results) => {
    const found = z.number().safeParse(at(results, path));
    return found.success ? `${grouped(found.data)}${unit}` : null;
  };
}

/** "−1.2 points (96.8 % against 98.0 %)" */
function difference(path: readonly string[], against: readonly string[]): Row['measured'] {
  return (results) => {
    const [one, other] = [path, against].map(
      (each) => shareShape.safeParse(at(results, each)).data?.perCent ?? null,
    );
    if (one === null || one === undefined || other === null || other === undefined) return null;
    const points = (one - other).toFixed(1).replace('-', '−');
    return `${points} points (${one.toFixed(1)} % against ${other.toFixed(1)} %)`;
  };
}

const ROWS: readonly Row[] = [
  {
    what: 'Flickr8k `val`, text to image, R@1',
    measured: share('flickr8k', 'textToImage', 'r1'),
    atLeast: '18 %',
    reachFor: '25 %',
  },
  {
    what: 'Flickr8k `val`, text to image, R@10',
    measured: share('flickr8k', 'textToImage', 'r10'),
    atLeast: '57 %',
    reachFor: '70 %',
  },
  {
    what: 'Flickr8k `val`, image to text, R@10',
    measured: share('image-to-text', 'imageToText', 'r10'),
    atLeast: '63 %',
    reachFor: '75 %',
  },
  {
    what: 'Flickr8k `val`, captions, BLEU-4',
    measured: number('', 'captions', 'bleu4'),
    atLeast: '17',
    reachFor: '22',
  },
  {
    what: 'Flickr8k `val`, captions, CIDEr-D',
    measured: number('', 'captions', 'ciderD'),
    atLeast: '45',
    reachFor: '60',
  },
  {
    what: 'The same photographs as pans of 4 seconds, text to image, R@10 against the stills',
    measured: difference(['pans', 'pans', 'r10'], ['pans', 'stills', 'r10']),
    atLeast: 'within 2 points',
    reachFor: 'equal',
  },
  {
    what: '`imagenet1000`, "a photo of a …", top-5',
    measured: share('imagenet', 'top5'),
    atLeast: '40 %',
    reachFor: '65 %',
  },
  ...['direction', 'count', 'colour'].map((about) => ({
    what: `Drawn motion, ${about}`,
    measured: share('drawn', 'ordered', about),
    atLeast: '95 %',
    reachFor: '99 %',
  })),
  {
    what: 'Drawn motion with the frames shuffled, direction (must fall)',
    measured: share('drawn', 'shuffled', 'direction'),
    atLeast: 'under 40 %',
    reachFor: '25 %',
  },
  {
    what: 'Questions from captions, five types, exact match',
    measured: share('answers', 'exactMatch', 'overall'),
    atLeast: '45 %',
    reachFor: '60 %',
  },
  {
    what: 'Of these, yes/no',
    measured: share('answers', 'exactMatch', 'yes/no'),
    atLeast: '70 %',
    reachFor: '80 %',
  },
  {
    what: 'Localisation: peak of the heat inside a box of YOLOX',
    measured: share('locate', 'peakInBox'),
    atLeast: '60 %',
    reachFor: '80 %',
  },
  {
    what: 'Encoder, one clip, median',
    measured: number(' ms', 'encoder', 'millisecondsPerClip'),
    atLeast: 'under 80 ms',
    reachFor: 'under 40 ms',
  },
  {
    what: 'Plain queries over real clips: a right file among the first three moments',
    measured: share('clips', 'rightInFirstThree'),
    atLeast: '',
    reachFor: '',
  },
];

/** A Markdown table: what, measured, at least, reach for. A number that the results lack is "not measured". */
export function tableOf(results: unknown): string {
  const rows = ROWS.map(({ what, measured, atLeast, reachFor }) => [
    what,
    measured(results) ?? 'not measured',
    atLeast,
    reachFor,
  ]);
  const lines = [['what', 'measured', 'at least', 'reach for'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
