import { spawn } from 'node:child_process';
import type { Log } from '../contract/log.ts';

/** The system's own way to open an address; null where there is nothing to show it on. */
export function openCommand(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): { command: string; args: string[] } | null {
  if (platform === 'darwin') return { command: 'open', args: [] };
  // `start` is part of the shell; this is what it calls.
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  const display = environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'] ?? '';
  return display === '' ? null : { command: 'xdg-open', args: [] };
}

/** Opens an address in the person's browser; false where that is not possible, which is no failure: it is printed too. */
export async function openInBrowser(url: string, log: Log): Promise<boolean> {
  const opener = openCommand(process.platform, process.env);
  if (opener === null) return false;
  return await new Promise((resolve) => {
    const child = spawn(opener.command, [...opener.args, url], { stdio: 'ignore', detached: true });
    child.once('error', (error) => {
      log({ level: 'info', what: 'no browser was opened', detail: error.message });
      resolve(false);
    });
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
