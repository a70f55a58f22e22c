import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { TubeletError } from '../../../engine/errors.ts';
import { problemOf } from '../../../engine/library/scan.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { limitOf, printReply, replyJson } from '../moments.ts';

/** `tubelet search QUERY` */
export const searchCommand: Command = {
  name: 'search',
  usage: 'QUERY [--limit N] | --queries FILE',
  summary: 'find moments by describing them',
  details: [
    'Plain words are always understood. Also: -word leaves out, "quoted words" are looked for in captions and subtitles,',
    'A then B finds one after the other, in:folder, type:image, longer:10s, after:2024-05.',
    '',
    '  --limit N        most moments for a query (10)',
    '  --queries FILE   one query a line, answered in order; - reads them from standard input',
  ],
  options: { limit: { type: 'string' }, queries: { type: 'string' } },
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json, signal } = context;
  const limit = limitOf(context);
  const queries = await queriesOf(context);
  const engine = context.engine('existing');
  const searcher = await engine.searcher();
  let first = true;
  for await (const reply of searcher.momentsOfMany(queries, { limit, signal })) {
    if (json) terminal.json(replyJson(reply));
    else {
      if (queries.length > 1) terminal.line(`${first ? '' : '\n'}${reply.query}`);
      printReply(context, reply);
    }
    if (first && reply.clips === 0)
      terminal.note('The library holds nothing to search yet; see `tubelet status`.');
    first = false;
  }
  return EXIT.done;
}

async function queriesOf({ positionals, values }: CommandContext): Promise<string[]> {
  const path = values['queries'];
  if (typeof path === 'string') {
    if (positionals.length > 0) {
      throw new TubeletError('usage', 'Give either a query or --queries, not both.');
    }
    const lines = (await textOf(path)).split(/\r?\n/).filter((line) => line.trim() !== '');
    if (lines.length === 0) throw new TubeletError('usage', 'There is no query in the file.', { path });
    return lines;
  }
  const query = positionals.join(' ').trim();
  if (query === '') {
    throw new TubeletError('usage', 'What are you looking for?', {
      hint: 'Example: tubelet search a dog on a beach',
    });
  }
  return [query];
}

async function textOf(path: string): Promise<string> {
  if (path === '-') return readAll(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code, message, hint } = problemOf(cause, path);
    throw new TubeletError(code, message, { path, cause, ...(hint === undefined ? {} : { hint }) });
  }
}
