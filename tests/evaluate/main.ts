/**
 * `npm run evaluate -- [--data DIR] [NAME…]`: measures search (through the command line) and answers on real data, and
 * prints one JSON object. DIR (or TUBELET_DATA) holds `flickr8k/` with captions.tsv and `videos/`; neither comes with
 * Tubelet.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluateAnswers } from './answers.ts';
import { evaluateClips } from './clips.ts';
import { evaluateFlickr8k } from './flickr8k.ts';

const EVALUATIONS: Readonly<Record<string, { folder: string; run: typeof evaluateClips }>> = {
  clips: { folder: 'videos', run: evaluateClips },
  flickr8k: { folder: 'flickr8k', run: evaluateFlickr8k },
  answers: { folder: 'flickr8k', run: evaluateAnswers },
};

const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });
const dataFolder = values.data ?? process.env['TUBELET_DATA'];
const unknown = positionals.filter((name) => !(name in EVALUATIONS));
if (dataFolder === undefined || unknown.length > 0) {
  process.stderr.write(`Usage: npm run evaluate -- --data DIR [${Object.keys(EVALUATIONS).join('|')}]\n`);
  process.exitCode = 1;
} else {
  const scratch = mkdtempSync(path.join(tmpdir(), 'tubelet-evaluate-'));
  try {
    const results: Record<string, object> = {};
    for (const [name, { folder, run }] of Object.entries(EVALUATIONS)) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      if (!existsSync(path.join(dataFolder, folder))) {
        process.stderr.write(
          `evaluate: ${name} is left out, because ${dataFolder} has no folder ${folder}.\n`,
        );
        continue;
      }
      results[name] = await run(dataFolder, scratch);
    }
    process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
