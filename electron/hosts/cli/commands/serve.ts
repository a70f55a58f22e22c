import { TubeletError } from '../../../engine/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';

/** `tubelet serve` */
export const serveCommand: Command = {
  name: 'serve',
  usage: '[--port P] [--open]',
  summary: 'the app in a browser on this machine',
  details: [
    'Only this machine can reach it, and only with the token in the address. Runs until Ctrl+C.',
    '',
    '  --port P   the port to listen at; a free one without it',
    '  --open     open the browser as well',
  ],
  options: { port: { type: 'string' }, open: { type: 'boolean' } },
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json, values, signal, library, pack } = context;
  const port = Number(values['port'] ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TubeletError('usage', `--port ${String(values['port'])} is not a port.`, {
      hint: 'Example: --port 8080',
    });
  }
  // Loaded here, so that every other command starts without it.
  const { serve } = await import('../../http/serve.ts');
  const serving = await serve({
    library,
    port,
    openBrowser: values['open'] === true,
    say: (line) => {
      terminal.note(line);
    },
    ...(pack === undefined ? {} : { pack }),
  });
  if (json) terminal.json({ url: serving.url, port: serving.port });
  else terminal.line(serving.url);
  if (!signal.aborted) {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
    });
  }
  await serving.close();
  return EXIT.done;
}
