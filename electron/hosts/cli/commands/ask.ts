import { ask } from '../../../engine/answers/ask.ts';
import { readQuestion } from '../../../engine/answers/question.ts';
import { sayAnswer } from '../../../engine/answers/wording.ts';
import { TubeletError } from '../../../engine/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { mediaAt } from '../library-media.ts';
import { momentJson, printMoments, secondsOf } from '../moments.ts';

/** `tubelet ask QUESTION` */
export const askCommand: Command = {
  name: 'ask',
  usage: 'QUESTION [--in PATH [--at S]]',
  summary: 'ask about the library, a video or a moment',
  details: [
    'Says so where what was seen does not tell.',
    '',
    '  --in PATH   only this file',
    '  --at S      only this moment of it, in seconds or as m:ss',
  ],
  options: { in: { type: 'string' }, at: { type: 'string' } },
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json, positionals, values, signal } = context;
  const question = positionals.join(' ').trim();
  if (question === '') {
    throw new TubeletError('usage', 'What is the question?', {
      hint: 'Example: tubelet ask what is the dog doing',
    });
  }
  const { in: path, at } = values;
  if (typeof at === 'string' && typeof path !== 'string') {
    throw new TubeletError('usage', 'A moment of which file?', { hint: 'Name the file with --in.' });
  }
  const engine = context.engine('existing');
  const scope =
    typeof path !== 'string'
      ? { kind: 'library' as const }
      : typeof at !== 'string'
        ? { kind: 'media' as const, mediaId: mediaAt(engine, path).id }
        : { kind: 'moment' as const, mediaId: mediaAt(engine, path).id, at: secondsOf('at', at) };
  const [language, searcher] = await Promise.all([engine.language(), engine.searcher()]);
  const { answer, confidence, moments } = await ask({
    store: engine.store,
    language,
    searcher,
    question,
    scope,
    signal,
  });
  if (json) terminal.json({ question, answer, confidence, moments: moments.map(momentJson) });
  else {
    const { kind } = readQuestion(question);
    terminal.line(answer === null ? 'I can’t tell from what I see.' : sayAnswer(kind, answer, confidence));
    if (answer === null && moments.length > 0) terminal.line('The nearest to what you ask about:');
    printMoments(context, moments);
  }
  return EXIT.done;
}
