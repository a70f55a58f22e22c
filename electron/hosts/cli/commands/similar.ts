import type { Engine } from '../../../engine/engine.ts';
import { TubeletError } from '../../../engine/errors.ts';
import type { MediaRow } from '../../../engine/library/types.ts';
import type { SearchReply } from '../../../engine/search/types.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { findMedia, onePath } from '../library-media.ts';
import { limitOf, printReply, replyJson, secondsOf } from '../moments.ts';

/** `tubelet similar PATH` */
export const similarCommand: Command = {
  name: 'similar',
  usage: 'PATH [--at S] [--limit N]',
  summary: 'find moments that look like a picture or like a moment',
  details: [
    'PATH is any image, or a video of the library.',
    '',
    '  --at S      the moment of the video, in seconds or as m:ss; the whole video without it',
    '  --limit N   most moments (10)',
  ],
  options: { at: { type: 'string' }, limit: { type: 'string' } },
  run,
};

/** Moments of the file itself that may stand among the best when a whole video is the question. */
const OWN_MOMENTS = 50;

async function run(context: CommandContext): Promise<number> {
  const { terminal, json, positionals, values, signal } = context;
  const path = onePath(positionals, 'tubelet similar holiday.mp4 --at 1:15');
  const limit = limitOf(context);
  const at = typeof values['at'] === 'string' ? secondsOf('at', values['at']) : null;
  const engine = context.engine('existing');
  const searcher = await engine.searcher();
  const media = findMedia(engine, path);
  let reply: SearchReply;
  if (media === undefined) {
    reply = await searcher.similarTo(
      { embedding: await engine.embedPicture(path, signal) },
      { limit, signal },
    );
  } else if (at !== null || media.kind === 'image') {
    reply = await searcher.similarTo({ mediaId: media.id, at: at ?? 0 }, { limit, signal });
  } else {
    const embedding = await meanEmbedding(engine, media);
    const all = await searcher.similarTo({ embedding }, { limit: limit + OWN_MOMENTS, signal });
    const others = all.moments.filter((moment) => moment.mediaId !== media.id).slice(0, limit);
    reply = { ...all, moments: others };
  }
  reply = { ...reply, query: path };
  if (json) terminal.json(replyJson(reply));
  else printReply(context, reply);
  return EXIT.done;
}

/** The direction in which a whole video lies: the mean of its clips, of unit length. */
async function meanEmbedding(engine: Engine, media: MediaRow): Promise<Float32Array> {
  const { facts } = await engine.pack();
  const clips = engine.store.mediaEmbeddings(media.id, facts.revision);
  if (clips.length === 0) {
    throw new TubeletError('not-found', 'This file has not been indexed with the model in use.', {
      path: media.path,
      hint: `Index it: tubelet index ${JSON.stringify(media.path)}`,
    });
  }
  const mean = new Float32Array(facts.embedding);
  for (const { embedding } of clips)
    for (const [axis, value] of embedding.entries()) mean[axis] = (mean[axis] ?? 0) + value;
  const length = Math.hypot(...mean);
  return mean.map((value) => value / length);
}
