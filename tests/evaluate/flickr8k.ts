import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { perCent, tubelet, type SearchLine } from './command-line.ts';

/** The split that is measured, and how deep. */
const SPLIT = 'val';
const DEPTHS = [1, 5, 10];

/**
 * Text-to-image retrieval on Flickr8k: its 1,000 `val` photographs are the library, each of their 5,000 captions is a
 * query, and a query counts as answered at the rank of its own photograph. Recall in per cent.
 */
export async function evaluateFlickr8k(dataFolder: string, scratch: string): Promise<object> {
  const source = path.join(dataFolder, 'flickr8k');
  const pairs = readFileSync(path.join(source, 'captions.tsv'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .flatMap(([file = '', split, caption = '']) => (split === SPLIT ? [{ file, caption }] : []));
  const photographs = [...new Set(pairs.map(({ file }) => file))];
  const folder = path.join(scratch, 'photographs');
  mkdirSync(folder, { recursive: true });
  for (const file of photographs) copyFileSync(path.join(source, file), path.join(folder, file));
  const queries = path.join(scratch, 'captions.txt');
  writeFileSync(queries, pairs.map(({ caption }) => `${caption}\n`).join(''));

  const library = path.join(scratch, 'flickr8k');
  const indexing = await timedSeconds(() => tubelet(library, 'index', folder));
  const deepest = String(Math.max(...DEPTHS));
  let replies: SearchLine[] = [];
  const searching = await timedSeconds(async () => {
    replies = await tubelet<SearchLine>(library, 'search', '--queries', queries, '--limit', deepest);
  });
  if (replies.length !== pairs.length) {
    throw new Error(`${pairs.length} captions were asked and ${replies.length} answered.`);
  }
  const ranks = pairs.map(({ file }, i) => {
    const found = replies[i]?.moments.findIndex((moment) => path.basename(moment.path) === file) ?? -1;
    return found === -1 ? Infinity : found + 1;
  });
  const recall = DEPTHS.map((depth) => [
    `r${depth}`,
    perCent(ranks.filter((rank) => rank <= depth).length, ranks.length),
  ]);
  return {
    photographs: photographs.length,
    captions: pairs.length,
    textToImage: Object.fromEntries(recall) as object,
    indexingSeconds: indexing,
    searchingSeconds: searching,
  };
}

async function timedSeconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round((performance.now() - begun) / 100) / 10;
}
