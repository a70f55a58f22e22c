import type { Command } from './command.ts';

/** What every command understands. */
const COMMON = [
  '  --library DIR   the library to use (TUBELET_LIBRARY, else the place for application data)',
  '  --pack ID       the model pack to use, by id or folder',
  '  --json          print JSON, one value a line',
  '  --help          this text',
];

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  return [
    'Find any moment in your own videos by describing it. Nothing leaves the machine.',
    '',
    'Usage: tubelet COMMAND …',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`),
    '',
    'All commands:',
    ...COMMON,
    '',
    'tubelet COMMAND --help says more about a command.',
  ].join('\n');
}

/** What one command's `--help` prints. */
export function helpOf({ name, usage, summary, details }: Command): string {
  const first = `Usage: tubelet ${name} ${usage}`.trimEnd();
  const body = details.length === 0 ? [] : ['', ...details];
  return [first, '', `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`, ...body, '', ...COMMON].join(
    '\n',
  );
}
