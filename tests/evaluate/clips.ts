import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tubelet, type SearchLine } from './command-line.ts';
import { sampleSize, share, shuffled, type Evaluation } from './evaluation.ts';

const FIRST = 3;

interface PlainQuery {
  readonly query: string;
  /** Any of these files is right. */
  readonly expected: readonly string[];
}

/** Plain queries about the real clips: is a right file among the first three moments? */
export async function evaluateClips(evaluation: Evaluation): Promise<object> {
  const library = path.join(evaluation.work, 'clips');
  const all = JSON.parse(readFileSync(path.join(import.meta.dirname, 'clips.json'), 'utf8')) as PlainQuery[];
  const asked = shuffled(all).slice(0, sampleSize(evaluation, all.length));
  const queries = path.join(evaluation.work, 'clips.txt');
  writeFileSync(queries, asked.map(({ query }) => `${query}\n`).join(''));
  await tubelet(library, 'index', path.join(evaluation.data, 'videos'));
  const replies = await tubelet<SearchLine>(library, 'search', '--queries', queries, '--limit', '50');
  const results = replies.map(({ query, moments }, i) => {
    const right = asked[i]?.expected ?? [];
    const files = moments.map((moment) => path.basename(moment.path));
    const rank = 1 + files.findIndex((file) => right.includes(file));
    const fileRank = 1 + [...new Set(files)].findIndex((file) => right.includes(file));
    return { query, rank, fileRank, first: moments[0] && { file: files[0], ...strengthOf(moments[0]) } };
  });
  const within = results.filter(({ rank }) => rank >= 1 && rank <= FIRST).length;
  return { queries: results.length, rightInFirstThree: share(within, results.length), results };
}

function strengthOf({ score, match }: SearchLine['moments'][number]): object {
  return { score: Math.round(score * 1000) / 1000, match };
}
