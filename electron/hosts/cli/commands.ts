import type { Command } from './command.ts';
import { captionCommand } from './commands/caption.ts';
import { doctorCommand } from './commands/doctor.ts';
import { indexCommand } from './commands/index.ts';
import { modelsCommand } from './commands/models.ts';
import { searchCommand } from './commands/search.ts';
import { similarCommand } from './commands/similar.ts';
import { statusCommand } from './commands/status.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  indexCommand,
  searchCommand,
  similarCommand,
  captionCommand,
  statusCommand,
  doctorCommand,
  modelsCommand,
];
