import { writeFile } from 'node:fs/promises';
import { writeCsv } from '../../../engine/captions/csv.ts';
import type { Cue } from '../../../engine/captions/cue.ts';
import { captionMedia, isCaptioned } from '../../../engine/captions/describe.ts';
import { editContext } from '../../../engine/captions/edit-list.ts';
import { writeEdl } from '../../../engine/captions/edl.ts';
import { writeFcpxml } from '../../../engine/captions/fcpxml.ts';
import { writeSrt } from '../../../engine/captions/srt.ts';
import { subtitleCues } from '../../../engine/captions/track.ts';
import { writeVtt } from '../../../engine/captions/vtt.ts';
import { reportOf, TubeletError } from '../../../engine/errors.ts';
import { problemOf } from '../../../engine/library/scan.ts';
import type { MediaRow } from '../../../engine/library/types.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { clockText, countText } from '../format.ts';
import { mediaAt, onePath } from '../library-media.ts';

/** How each kind of file is written from cues. */
const WRITERS: Record<string, (cues: readonly Cue[], media: MediaRow) => string> = {
  srt: writeSrt,
  vtt: writeVtt,
  csv: writeCsv,
  fcpxml: (cues, media) => writeFcpxml(cues, editContext(media, 'markers')),
  edl: (cues, media) => writeEdl(cues, editContext(media, 'clips')),
};

/** `tubelet caption PATH` */
export const captionCommand: Command = {
  name: 'caption',
  usage: 'PATH [--srt F] [--vtt F] [--csv F] [--fcpxml F] [--edl F] [--again]',
  summary: 'describe a video in words, as subtitles',
  details: [
    'Writes from what indexing kept: the video itself is not opened. Captions of your own stay as they are.',
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
  const { terminal, json, positionals, values, signal } = context;
  const path = onePath(positionals, 'tubelet caption holiday.mp4 --srt holiday.srt');
  const engine = context.engine('existing');
  const media = mediaAt(engine, path);
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
  const cues = subtitleCues(store, media);
  const written: string[] = [];
  for (const [name, write] of Object.entries(WRITERS)) {
    const target = values[name];
    if (typeof target !== 'string') continue;
    await save(target, write(cues, media));
    written.push(target);
  }
  if (json) {
    const lines = cues.map(({ start, end, text, confidence }) => ({ start, end, text, confidence }));
    terminal.json({ path: media.path, cues: lines });
  } else if (written.length > 0) {
    terminal.line(`${countText(cues.length, 'cue')} written to ${written.join(', ')}.`);
  } else {
    for (const { start, end, text } of cues) {
      terminal.line(`${clockText(start, true)} – ${clockText(end, true)}  ${text.replaceAll('\n', ' ')}`);
    }
  }
  return EXIT.done;
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
