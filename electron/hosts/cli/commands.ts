import type { Command } from './command.ts';
import { askCommand } from './commands/ask.ts';
import { captionCommand } from './commands/caption.ts';
import { doctorCommand } from './commands/doctor.ts';
import { indexCommand } from './commands/index.ts';
import { locateCommand } from './commands/locate.ts';
import { modelsCommand } from './commands/models.ts';
import { searchCommand } from './commands/search.ts';
import { serveCommand } from './commands/serve.ts';
import { similarCommand } from './commands/similar.ts';
import { statusCommand } from './commands/status.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  indexCommand,
  searchCommand,
  similarCommand,
  captionCommand,
  askCommand,
  locateCommand,
  statusCommand,
  doctorCommand,
  modelsCommand,
  serveCommand,
];
