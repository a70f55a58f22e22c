import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { tubelet, type SearchLine } from './command-line.ts';
import { progress, type Evaluation } from './evaluation.ts';
import { heldOut } from './held-out.ts';
import { recall } from './recall.ts';

/** How deep a search has to look. */
const DEEPEST = 10;

/**
 * Text-to-image retrieval on Flickr8k through the command line: its 1,000 `val` photographs are the library, each of their
 * 5,000 captions is a query, and a query counts as answered at the rank of its own photograph.
 */
export async function evaluateFlickr8k(evaluation: Evaluation): Promise<object> {
  const { photographs, folder, library } = heldOut(evaluation);
  const at = path.join(evaluation.work, library);
  const asked = photographs.flatMap(({ file, captions }) => captions.map((caption) => ({ file, caption })));
  const queries = path.join(evaluation.work, 'captions.txt');
  writeFileSync(queries, asked.map(({ caption }) => `${caption}\n`).join(''));

  progress(`indexing ${photographs.length} photographs, unless they are`);
  const indexing = await timedSeconds(() => tubelet(at, 'index', folder));
  progress(`searching for ${asked.length} captions`);
  let replies: SearchLine[] = [];
  const searching = await timedSeconds(async () => {
    replies = await tubelet<SearchLine>(at, 'search', '--queries', queries, '--limit', `${DEEPEST}`);
  });
  if (replies.length !== asked.length) {
    throw new Error(`${asked.length} captions were asked and ${replies.length} answered.`);
  }
  const ranks = asked.map(({ file }, i) => {
    const found = replies[i]?.moments.findIndex((moment) => path.basename(moment.path) === file) ?? -1;
    return found === -1 ? Infinity : found + 1;
  });
  return {
    photographs: photographs.length,
    captions: asked.length,
    textToImage: recall(ranks),
    indexingSeconds: indexing,
    searchingSeconds: searching,
  };
}

async function timedSeconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round((performance.now() - begun) / 100) / 10;
}
