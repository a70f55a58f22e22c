import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { FIXTURE_FFMPEG } from '../fixtures/videos.ts';
import { index, nullDecode } from './indexing.ts';
import { progress, rounded } from './timing.ts';

const run = promisify(execFile);

/** Pictures as the web has them, and as telephones take them. */
const SETS = { small: { size: '640x480', count: 200 }, large: { size: '4000x3000', count: 60 } };
/** Pictures that are decoded one by one, for comparison. */
const COMPARED = 20;

/**
 * Indexing folders of JPEGs through the command line, into a new library each time, against one ffmpeg after another that
 * does nothing but decode a picture.
 */
export async function benchPictures(): Promise<object> {
  const results: Record<string, object> = {};
  for (const [name, { size, count }] of Object.entries(SETS)) {
    progress(`making ${count} pictures of ${size}`);
    const folder = await makePictures(size, count);
    progress('decoding some of them to nothing, one by one');
    const files = (await readdir(folder)).slice(0, COMPARED);
    let seconds = 0;
    for (const file of files) seconds += await nullDecode(path.join(folder, file));
    progress(`indexing the ${name} pictures`);
    const indexing = await index(folder, 'thorough');
    const decodedPerSecond = rounded(files.length / seconds);
    const indexedPerSecond = rounded(count / indexing.indexingSeconds);
    results[name] = {
      pictures: count,
      size,
      decodedPerSecond,
      indexedPerSecond,
      indexedToDecoded: rounded(indexedPerSecond / decodedPerSecond),
      peakMebibytes: indexing.peakMebibytes,
    };
  }
  return results;
}

/** A folder of drawn pictures with fine structure and grain; made once and kept. */
async function makePictures(size: string, count: number): Promise<string> {
  const folder = path.join(tmpdir(), `tubelet-bench-pictures-${size}-${count}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}.part`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  const drawn = `mandelbrot=size=640x480:rate=1:start_scale=2:end_scale=0.01:end_pts=${count}:maxiter=400`;
  const grain = `scale=${size.replace('x', ':')},noise=alls=8:allf=t`;
  await run(FIXTURE_FFMPEG, [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', `${drawn},${grain}`],
    ...['-frames:v', `${count}`, '-q:v', '3', path.join(partial, '%03d.jpg')],
  ]);
  await rename(partial, folder);
  return folder;
}
