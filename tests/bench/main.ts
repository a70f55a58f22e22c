/** `npm run bench [-- NAME…]`: measures what is named, or everything, and prints one JSON object. */
import { benchApp } from './app.ts';
import { benchCaptions } from './captions.ts';
import { benchEncoder } from './encoder.ts';
import { benchIndexing } from './indexing.ts';
import { benchLanguage } from './language.ts';
import { benchPictures } from './pictures.ts';
import { benchSearch } from './search.ts';
import { measured } from './timing.ts';
import { benchVectors } from './vectors.ts';

const BENCHES: Readonly<Record<string, () => object | Promise<object>>> = {
  indexing: benchIndexing,
  pictures: benchPictures,
  encoder: benchEncoder,
  language: benchLanguage,
  vectors: benchVectors,
  search: benchSearch,
  captions: benchCaptions,
  app: benchApp,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.\n`,
  );
  process.exitCode = 1;
} else {
  const results: Record<string, object> = {};
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (named.length > 0 && !named.includes(name)) continue;
    results[name] = await measured(name, bench);
    if ('failed' in results[name]) process.exitCode = 1;
  }
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
}
