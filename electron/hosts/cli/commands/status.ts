import type { Status } from '../../../engine/engine.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { bytesText, clockText, countText, nameText } from '../format.ts';

/** `tubelet status` */
export const statusCommand: Command = {
  name: 'status',
  usage: '',
  summary: 'what is in the library, and what could not be indexed',
  details: [],
  options: {},
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json } = context;
  const status = await context.engine('existing').status();
  if (json) terminal.json(status);
  else print(context, status);
  return EXIT.done;
}

function print(
  { terminal }: CommandContext,
  { library, pack, packError, roots, totals, failures }: Status,
): void {
  terminal.line(`Library   ${library} (${bytesText(totals.databaseBytes + totals.thumbnailBytes)})`);
  if (pack !== null) terminal.line(`Model     ${pack.id}, revision ${pack.revision}`);
  if (packError !== null) terminal.error(packError);
  for (const { path } of roots) terminal.line(`Folder    ${nameText(path)}`);
  terminal.line(
    `Indexed   ${countText(totals.indexed, 'file')}, ${countText(totals.clips, 'clip')}, ${clockText(totals.seconds)} of video`,
  );
  const rest = [
    ...(totals.waiting > 0 ? [`${totals.waiting} waiting`] : []),
    ...(totals.missing > 0 ? [`${totals.missing} missing`] : []),
    ...(totals.stale > 0 ? [`${totals.stale} made with another model (index again to refresh)`] : []),
    ...(totals.failed > 0 ? [`${totals.failed} failed`] : []),
  ];
  if (rest.length > 0) terminal.line(`Also      ${rest.join(', ')}`);
  for (const { path, error } of failures) {
    terminal.line(
      `  ${nameText(path)}: ${error?.message ?? 'failed'}${error?.hint === undefined ? '' : ` ${error.hint}`}`,
    );
  }
}
