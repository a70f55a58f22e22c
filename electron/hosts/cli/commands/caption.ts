import { realpathSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { writeCsv } from '../../../engine/captions/csv.ts';
import type { Cue } from '../../../engine/captions/cue.ts';
import { captionLibrary, captionMedia, isCaptioned } from '../../../engine/captions/describe.ts';
import { editContext } from '../../../engine/captions/edit-list.ts';
import { writeEdl } from '../../../engine/captions/edl.ts';
import { writeFcpxml } from '../../../engine/captions/fcpxml.ts';
import { writeSrt } from '../../../engine/captions/srt.ts';
import { describedCues, subtitleCues } from '../../../engine/captions/track.ts';
import { writeVtt } from '../../../engine/captions/vtt.ts';
import type { Engine } from '../../../engine/engine.ts';
import { reportOf, TubeletError } from '../../../engine/errors.ts';
import { problemOf } from '../../../engine/library/scan.ts';
import type { MediaRow } from '../../../engine/library/types.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { clockText, countText } from '../format.ts';
import { findMedia, mediaAt, onePath } from '../library-media.ts';

/** How each kind of file is written from cues. */
const WRITERS: Record<string, (cues: readonly Cue[], media: MediaRow) => string> = {
  srt: writeSrt,
  vtt: writeVtt,
  csv: writeCsv,
  fcpxml: (cues, media) => writeFcpxml(cues, editContext(media, 'markers')),
  edl: (cues, media) => writeEdl(cues, editContext(media, 'clips')),
};

/** Timed by the rules for subtitles; the others hold the whole stretch that each caption is about. */
const TIMED: ReadonlySet<string> = new Set(['srt', 'vtt']);

/** `tubelet caption PATH` */
export const captionCommand: Command = {
  name: 'caption',
  usage: 'PATH [--srt F] [--vtt F] [--csv F] [--fcpxml F] [--edl F] [--again]',
  summary: 'describe a video, or all of a folder, in words',
  details: [
    'Writes from what indexing kept: the video itself is not opened. Captions of your own stay as they are.',
    'Of a folder, every file that has no captions yet; stop at any time, and go on with the same command.',
    '',
    '  --srt F, --vtt F   subtitles',
    '  --csv F            a table',
    '  --fcpxml F         markers for Final Cut Pro, Premiere and Resolve',
    '  --edl F            an edit list (CMX 3600)',
    '  --again            describe it anew, even if that was done before',
  ],
  options: {
    ...Object.fromEntries(Object.keys(WRITERS).map((name) => [name, { type: 'string' as const }])),
    again: { type: 'boolean' },
  },
  run,
};

async function run(context: CommandContext): Promise<number> {
  const path = onePath(context.positionals, 'tubelet caption holiday.mp4 --srt holiday.srt');
  const engine = context.engine('existing');
  if (findMedia(engine, path) === undefined && isFolder(path))
    return await captionFolder(context, engine, path);
  return await captionFile(context, engine, mediaAt(engine, path));
}

async function captionFile(context: CommandContext, engine: Engine, media: MediaRow): Promise<number> {
  const { terminal, json, values, signal } = context;
  const { store } = engine;
  const language = await engine.language();
  if (values['again'] === true || !isCaptioned(store, language, media)) {
    await captionMedia({
      store,
      language,
      mediaId: media.id,
      signal,
      onProgress: ({ clipsDone, clipsTotal }) => {
        terminal.progress(clipsDone / clipsTotal, `${clipsDone} of ${countText(clipsTotal, 'clip')}`, null);
      },
    });
  }
  const cues = describedCues(store, media);
  const written: string[] = [];
  for (const [name, write] of Object.entries(WRITERS)) {
    const target = values[name];
    if (typeof target !== 'string') continue;
    await save(target, write(TIMED.has(name) ? subtitleCues(store, media) : cues, media));
    written.push(target);
  }
  if (json) terminal.json(cuesJson(media, subtitleCues(store, media)));
  else if (written.length > 0) {
    terminal.line(`${countText(cues.length, 'caption')} written to ${written.join(', ')}.`);
  } else printCues(context, cues);
  return EXIT.done;
}

/** Describes every file below a folder that is not described yet; stopped at any moment, the next call goes on. */
async function captionFolder(context: CommandContext, engine: Engine, path: string): Promise<number> {
  const { terminal, json, values, signal } = context;
  const target = Object.keys(WRITERS).find((name) => values[name] !== undefined);
  if (target !== undefined) {
    throw new TubeletError('usage', `--${target} is for one file.`, {
      hint: 'Name the file instead of its folder.',
    });
  }
  const { store } = engine;
  const folder = `${realpathSync(path)}${sep}`;
  const files = store.allMedia({ states: ['indexed'] }).filter((media) => media.path.startsWith(folder));
  if (files.length === 0) {
    throw new TubeletError('not-found', 'No file of this folder is in the library.', {
      path,
      hint: `Index it first: tubelet index ${JSON.stringify(path)}`,
    });
  }
  const { captioned, kept, failed } = await captionLibrary({
    store,
    language: await engine.language(),
    signal,
    mediaIds: files.map(({ id }) => id),
    again: values['again'] === true,
    onProgress: ({ filesDone, filesTotal, fraction, path: file }) => {
      terminal.progress((filesDone + fraction) / filesTotal, basename(file), null);
    },
  });
  for (const { error } of failed) terminal.error(error);
  const broken = new Set(failed.map((failure) => failure.path));
  for (const media of files.filter((file) => !broken.has(file.path))) {
    if (json) terminal.json(cuesJson(media, subtitleCues(store, media)));
    else {
      terminal.line(media.path);
      printCues(context, describedCues(store, media));
    }
  }
  if (!json) terminal.note(`${countText(captioned, 'file')} described, ${kept} had been before.`);
  return captioned + kept === 0 ? EXIT.failed : EXIT.done;
}

/** A file's captions as programs get them: the cues that a subtitle file has. */
function cuesJson(media: MediaRow, cues: readonly Cue[]): object {
  return {
    path: media.path,
    cues: cues.map(({ start, end, text, confidence, source }) => ({ start, end, text, confidence, source })),
  };
}

/** One line a caption: when, how sure, what; a person's own are told from the model's. */
function printCues({ terminal }: CommandContext, cues: readonly Cue[]): void {
  for (const { start, end, text, confidence, source } of cues) {
    const sure = source === 'user' ? 'yours' : `${Math.round(100 * confidence)} %`;
    const when = `${clockText(start, true)} – ${clockText(end, true)}`;
    terminal.line(`${when}  ${sure.padStart(5)}  ${text.replaceAll('\n', ' ')}`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function save(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    const { code, message, hint } =
      reportOf(cause).code === 'disk-full'
        ? reportOf(cause, path)
        : { ...problemOf(cause, path), hint: 'Choose another place to write to.' };
    throw new TubeletError(code, message, { path, cause, ...(hint === undefined ? {} : { hint }) });
  }
}
