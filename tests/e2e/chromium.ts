import { accessSync, constants } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nothing that a browser does on its own account: no updates, no background traffic. */
const FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/** Chromium's program: `CHROMIUM_PATH`, or where systems put it; null where there is none. */
export function chromiumPath(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  const found = (named === undefined ? CANDIDATES : [named]).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      // Not there, or not a program: the next one.
      return false;
    }
  });
  return found ?? null;
}

/** Why the tests of the page cannot run here; null when they can. */
export function whyNoChromium(): string | null {
  return chromiumPath() === null
    ? 'There is no Chromium here; CHROMIUM_PATH can name one. The tests of the page are left out.'
    : null;
}

/** Starts Chromium without a window. The sandbox is given up only for root, where Chromium has none. */
export function launchChromium(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: chromiumPath() ?? '',
    headless: true,
    args: [...FLAGS, '--disable-gpu', ...(asRoot ? ['--no-sandbox'] : [])],
  });
}
