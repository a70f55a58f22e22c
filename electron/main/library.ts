import { resolve } from 'node:path';

const NAME = '--library=';

/** The library to open: the one named on the command line, else the person's own. */
export function libraryOf(args: readonly string[], own: string): string {
  const named = args.find((argument) => argument.startsWith(NAME))?.slice(NAME.length) ?? '';
  return named === '' ? own : resolve(named);
}
