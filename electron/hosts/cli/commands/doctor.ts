import { examine } from '../../../engine/doctor.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';

const MARKS = { good: 'ok  ', attention: 'look', failed: 'FAIL' };

/** `tubelet doctor` */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary: 'check FFmpeg, the model and the library',
  details: ['Exits with 2 where something does not work.'],
  options: {},
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { terminal, json } = context;
  const report = await examine(context.engine('made'));
  if (json) terminal.json(report);
  else {
    for (const { title, state, detail, hint } of report.checks) {
      terminal.line(`${MARKS[state]}  ${title}: ${detail}`);
      if (hint !== null) terminal.line(`      ${hint}`);
    }
  }
  return report.ok ? EXIT.done : EXIT.failed;
}
