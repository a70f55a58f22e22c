import { basename } from 'node:path';
import type { PathOutcome } from '../../../engine/library/outcomes.ts';
import { TubeletError } from '../../../engine/errors.ts';
import type { IndexMode } from '../../../engine/media/types.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { clockText, countText, nameText, tookText } from '../format.ts';

/** `tubelet index PATH…` */
export const indexCommand: Command = {
  name: 'index',
  usage: 'PATH… [--mode thorough|fast]',
  summary: 'look at videos and images, so that they can be searched',
  details: [
    'PATH is a folder or a file. New and changed files are indexed, moved ones are recognised, those that failed are',
    'tried again. Stop it at any time: the next run goes on where it stood.',
    '',
    '  --mode thorough   every clip, sampled evenly (the default)',
    '  --mode fast       key frames only, where they are close enough together; ten times faster',
  ],
  options: { mode: { type: 'string' } },
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json, positionals, signal } = context;
  if (positionals.length === 0) {
    throw new TubeletError('usage', 'Which folder or file is to be indexed?', {
      hint: 'Example: tubelet index ~/Videos',
    });
  }
  const mode = modeOf(context.values['mode']);
  let usable = 0;
  const summary = await context.engine('made').index(positionals, {
    signal,
    ...(mode === undefined ? {} : { mode }),
    onFile: (outcome) => {
      if (outcome.state === 'indexed' || outcome.clips > 0) usable += 1;
      if (json) terminal.json(lineOf(outcome));
      else tell(context, outcome);
    },
    onProgress: ({ fraction, filesDone, filesTotal, path, secondsLeft }) => {
      const what = `${filesDone}/${filesTotal}  ${path === null ? '' : basename(path)}`;
      terminal.progress(fraction, what, secondsLeft);
    },
  });
  if (json) terminal.json(summary);
  else {
    const { indexed, failed, clips, seconds, elapsed } = summary;
    const failures = failed === 0 ? '' : `, ${failed} failed`;
    terminal.line(
      `${countText(indexed, 'file')} indexed${failures}: ${countText(clips, 'clip')}, ${clockText(seconds)} of video, in ${tookText(elapsed)}.`,
    );
  }
  if (summary.files === 0) terminal.note('There are no videos or images there.');
  return usable > 0 ? EXIT.done : EXIT.failed;
}

function modeOf(value: string | boolean | undefined): IndexMode | undefined {
  if (value === undefined || value === 'thorough' || value === 'fast') return value;
  throw new TubeletError('usage', `There is no mode "${String(value)}".`, {
    hint: 'The modes are thorough and fast.',
  });
}

function lineOf({ path, state, clips, seconds, error, note }: PathOutcome): object {
  return {
    path,
    state,
    clips,
    seconds,
    ...(error === undefined ? {} : { error }),
    ...(note === undefined ? {} : { note }),
  };
}

function tell({ terminal }: CommandContext, { path, state, clips, error, note }: PathOutcome): void {
  if (error !== undefined) terminal.error({ ...error, path });
  else terminal.line(`${nameText(path)}  ${state === 'missing' ? 'is gone' : countText(clips, 'clip')}`);
  if (note !== undefined) terminal.note(`  thorough instead of fast: ${note}`);
}
