/**
 * `npm run -s evaluate -- --data DIR [NAME…]`: measures the model with real data, through the app's own engine, and
 * prints one JSON object. DIR (or TUBELET_DATA) holds `flickr8k/`, `imagenet1000/`, `videos/` and `yolox-nano/`, none of
 * which comes with Tubelet. TUBELET_PACK names another pack. See docs/evaluation.md.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchEncoder } from '../bench/encoder.ts';
import { evaluateAnswers } from './answers.ts';
import { evaluateCalibration } from './calibration/calibrate.ts';
import { evaluateCaptions } from './captions.ts';
import { evaluateClips } from './clips.ts';
import { evaluateDrawnMotion } from './drawn-motion.ts';
import { progress, type Evaluation } from './evaluation.ts';
import { evaluateFlickr8k } from './flickr8k.ts';
import { evaluateImageToText } from './image-to-text.ts';
import { evaluateImagenet } from './imagenet.ts';
import { evaluateLocate } from './locate.ts';
import { evaluatePans } from './pans.ts';
import { tableOf } from './table.ts';
import { evaluateWords } from './words.ts';

/** One part of the evaluation, and the folders of data that it needs. */
interface Part {
  readonly folders: readonly string[];
  readonly run: (evaluation: Evaluation) => Promise<object>;
}

const PARTS: Readonly<Record<string, Part>> = {
  calibration: { folders: ['flickr8k', 'yolox-nano'], run: evaluateCalibration },
  encoder: { folders: [], run: benchEncoder },
  clips: { folders: ['videos'], run: evaluateClips },
  flickr8k: { folders: ['flickr8k'], run: evaluateFlickr8k },
  'image-to-text': { folders: ['flickr8k'], run: evaluateImageToText },
  captions: { folders: ['flickr8k'], run: evaluateCaptions },
  answers: { folders: ['flickr8k'], run: evaluateAnswers },
  locate: { folders: ['flickr8k', 'yolox-nano'], run: evaluateLocate },
  words: { folders: ['flickr8k'], run: evaluateWords },
  pans: { folders: ['flickr8k'], run: evaluatePans },
  imagenet: { folders: ['imagenet1000'], run: evaluateImagenet },
  drawn: { folders: [], run: evaluateDrawnMotion },
};

const USAGE = `Usage: npm run -s evaluate -- [--data DIR] [--work DIR] [--limit N | --full] [--write] [--report DIR] [--markdown] [NAME…]
       npm run -s evaluate -- --markdown --results FILE [--results FILE…]
  NAME        ${Object.keys(PARTS).join(', ')}; all of them where none is named
  --work      folder where libraries are kept for the next time; a temporary one unless told
  --limit     most photographs, scenes or queries of each part (a seeded sample)
  --full      everything instead of each part's own sample
  --write     calibration writes what it finds into the pack's manifest
  --report    folder for what calibration finds, as a page with pictures
  --markdown  a table instead of JSON; of earlier results with --results
`;

const { values, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    work: { type: 'string' },
    limit: { type: 'string' },
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    report: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    results: { type: 'string', multiple: true },
  },
  allowPositionals: true,
});
const limit = values.limit === undefined ? null : Number(values.limit);
const understood =
  positionals.every((name) => name in PARTS) && (limit === null || (Number.isInteger(limit) && limit > 0));

if (!understood) {
  process.stderr.write(USAGE);
  process.exitCode = 1;
} else {
  const results = values.results ? earlier(values.results) : await measured();
  process.stdout.write(values.markdown ? tableOf(results) : `${JSON.stringify(results, null, 2)}\n`);
}

/** The parts of several runs together; of a part that is in two, the later. */
function earlier(files: readonly string[]): object {
  return Object.assign(
    {},
    ...files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as object),
  ) as object;
}

async function measured(): Promise<object> {
  const { work } = values;
  const data = values.data ?? process.env['TUBELET_DATA'];
  if (work !== undefined) mkdirSync(work, { recursive: true });
  const folder = realpathSync(work ?? mkdtempSync(path.join(tmpdir(), 'tubelet-evaluate-')));
  const results: Record<string, object> = {};
  try {
    for (const [name, { folders, run }] of Object.entries(PARTS)) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      const missing = folders.filter((each) => data === undefined || !existsSync(path.join(data, each)));
      if (missing.length > 0) {
        progress(`${name} is left out, because ${data ?? '--data'} has no folder ${missing.join(', ')}.`);
        continue;
      }
      progress(name);
      const begun = performance.now();
      const evaluation = {
        data: path.resolve(data ?? ''),
        work: folder,
        limit,
        full: values.full,
        write: values.write,
        report: values.report ?? null,
      };
      try {
        const result = await run(evaluation);
        results[name] = { ...result, tookSeconds: Math.round((performance.now() - begun) / 1000) };
      } catch (error) {
        // A part that fails does not take the figures of the others with it.
        const failed = error instanceof Error ? error.message : String(error);
        progress(`${name} failed: ${failed}`);
        results[name] = { failed };
        process.exitCode = 2;
      }
    }
    return results;
  } finally {
    if (work === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
