import { locate } from '../../../engine/answers/locate.ts';
import { TubeletError } from '../../../engine/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { mediaAt } from '../library-media.ts';
import { secondsOf } from '../moments.ts';

/** `tubelet locate PHRASE --in PATH --at S` */
export const locateCommand: Command = {
  name: 'locate',
  usage: 'PHRASE --in PATH [--at S]',
  summary: 'where in the frame something is',
  details: [
    'The box is left, top, width and height in fractions of the frame.',
    '',
    '  --in PATH   the video or image',
    '  --at S      the moment, in seconds or as m:ss (the beginning without it)',
  ],
  options: { in: { type: 'string' }, at: { type: 'string' } },
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json, positionals, values } = context;
  const phrase = positionals.join(' ').trim();
  const path = values['in'];
  if (phrase === '' || typeof path !== 'string') {
    throw new TubeletError('usage', 'Find what, and where?', {
      hint: 'Example: tubelet locate the red ball --in garden.mp4 --at 12',
    });
  }
  const at = typeof values['at'] === 'string' ? secondsOf('at', values['at']) : 0;
  const engine = context.engine('existing');
  const media = mediaAt(engine, path);
  const language = await engine.language();
  const { box, score, heat } = await locate({ store: engine.store, language, mediaId: media.id, at, phrase });
  if (json) terminal.json({ phrase, box, score, heat });
  else if (box === null)
    terminal.line(`There is no ${phrase.replace(/^(?:an?|the|any|some) /i, '')} to be seen there.`);
  else {
    const [left, top, width, height] = box.map((part) => `${Math.round(100 * part)} %`);
    terminal.line(`${phrase}: ${left} from the left, ${top} from the top, ${width} wide, ${height} high`);
  }
  return EXIT.done;
}
