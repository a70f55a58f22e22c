import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findElectron } from '../../electron/hosts/electron-program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Why the shell cannot be started here; null where it can. */
function whyNot(): string | null {
  const electron = findElectron();
  if (electron.path === null) return `Electron's program is not there: ${electron.reason}`;
  if (!existsSync(join(root, 'dist', 'electron', 'main', 'main.js')))
    return 'the app is not compiled: npm run build';
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '';
  return process.platform === 'linux' && display === '' ? 'there is no display' : null;
}

const reason = whyNot();
if (reason !== null) console.warn(`skipped: the Electron shell, because ${reason}`);

describe.skipIf(reason !== null)('the Electron shell', () => {
  it('shows the library, in a page without Node, connected to the engine', async () => {
    const electron = findElectron();
    const library = await mkdtemp(join(tmpdir(), 'tubelet-electron-'));
    const app = await _electron.launch({
      executablePath: electron.path ?? '',
      args: [root, `--library=${library}`],
    });
    try {
      const page = await app.firstWindow();
      expect(page.url()).toBe('app://tubelet/index.html#/library');
      await page.getByRole('button', { name: /sample library/i }).waitFor();
      expect(await page.evaluate('typeof require + typeof process + typeof module')).toBe(
        'undefined'.repeat(3),
      );
      expect(await page.evaluate('Object.keys(window.tubelet).sort().join()')).toBe(
        'chooseFolders,pathsOf,saveText',
      );
    } finally {
      await app.close();
      await rm(library, { recursive: true, force: true });
    }
  });
});
