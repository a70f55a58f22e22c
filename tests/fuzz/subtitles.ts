/**
 * Reads damaged subtitle files: `npm run fuzz [-- COUNT [SEED]]`, a million unless told. Prints one JSON object; exits
 * with 1 at the first input that crashes the reader, loses a word, or does not survive being written and read again.
 */
import { pathToFileURL } from 'node:url';
import type { Subtitles } from '../../electron/engine/captions/reading.ts';
import { writeSrt } from '../../electron/engine/captions/srt.ts';
import { readSubtitles } from '../../electron/engine/captions/subtitles.ts';
import { writeVtt } from '../../electron/engine/captions/vtt.ts';
import { damage, makeFile, seeded } from './mutate.ts';

/** Everything that a reading kept, wherever it put it. */
function kept(read: Subtitles): string {
  const cues = read.cues.map(({ text }) => text);
  const timings = read.problems.filter(({ code }) => code === 'time-unreadable').map(({ text }) => text);
  return [...cues, ...read.loose, ...read.comments, ...timings].join('\n');
}

const wordsOf = (text: string): string[] => text.match(/word\d+x/g) ?? [];

/** What is wrong with the reading of an input; null where nothing is. */
export function faultOf(input: string): string | null {
  const read = readSubtitles(input);
  const counts = new Map<string, number>();
  for (const word of wordsOf(kept(read))) counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const word of wordsOf(input)) {
    const left = (counts.get(word) ?? 0) - 1;
    if (left < 0) return `lost ${word}`;
    counts.set(word, left);
  }
  const bad = read.cues.find(
    ({ start, end }) => !Number.isFinite(start) || !Number.isFinite(end) || end < start,
  );
  if (bad) return `a cue from ${bad.start} to ${bad.end}`;
  for (const write of [writeSrt, writeVtt]) {
    const back = readSubtitles(write(read.cues));
    if (wordsOf(kept(back)).length !== wordsOf(read.cues.map(({ text }) => text).join('\n')).length)
      return `${write.name} lost a word`;
    if (back.cues.length !== read.cues.length)
      return `${write.name}: ${read.cues.length} cues became ${back.cues.length}`;
  }
  return null;
}

/** Reads `count` damaged files; stops at the first fault. */
export function fuzz(
  count: number,
  seed: number,
): { inputs: number; problems: number; fault: string | null; input: string | null } {
  const random = seeded(seed);
  let problems = 0;
  for (let inputs = 1; inputs <= count; inputs++) {
    const input = damage(makeFile(random), random);
    const fault = faultOf(input);
    if (fault !== null) return { inputs, problems, fault, input };
    problems += readSubtitles(input).problems.length;
  }
  return { inputs: count, problems, fault: null, input: null };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [count = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
  const begun = performance.now();
  const result = fuzz(count, seed);
  process.stdout.write(
    `${JSON.stringify({ ...result, seed, seconds: (performance.now() - begun) / 1000 })}\n`,
  );
  process.exitCode = result.fault === null ? 0 : 1;
}
