import { EXIT, type Command, type CommandContext } from '../command.ts';

/** `tubelet models` */
export const modelsCommand: Command = {
  name: 'models',
  usage: '',
  summary: 'the model packs that are installed',
  details: ['Choose one for a command with --pack ID, or with the path of its folder.'],
  options: {},
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json } = context;
  const engine = context.engine('made');
  const inUse = engine.packChoice();
  const packs = (await engine.models()).map(({ directory, pack, error }) => ({
    directory,
    inUse: inUse === directory || inUse === pack?.facts.id,
    ...(pack === null
      ? { error }
      : {
          id: pack.facts.id,
          name: pack.facts.name,
          revision: pack.facts.revision,
          kind: pack.kind,
          capabilities: pack.facts.capabilities,
        }),
  }));
  if (json) terminal.json({ packs });
  else {
    for (const pack of packs) {
      const mark = pack.inUse ? '*' : ' ';
      if ('id' in pack) {
        terminal.line(
          `${mark} ${pack.id}  ${pack.name}, revision ${pack.revision}: ${pack.capabilities.join(', ')}`,
        );
      } else {
        terminal.line(`${mark} ${pack.directory}  cannot be used: ${pack.error?.message ?? 'unknown'}`);
      }
    }
  }
  return EXIT.done;
}
