import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { launchChromium, whyNoChromium } from './chromium.ts';
import type { Clips } from './clips.ts';
import { openApp } from './page.ts';

/** What a spec over the shared library works with. */
export interface Suite {
  readonly browser: () => Browser;
  readonly clips: () => Clips;
  /** A fresh window on the library that was looked at before all specs. */
  readonly open: (options?: BrowserContextOptions) => ReturnType<typeof openApp>;
}

/** A group of tests with a browser of its own; left out, with the reason printed, where there is no Chromium. */
export function describeApp(what: string, tests: (suite: Suite) => void): void {
  describe.skipIf(whyNoChromium() !== null)(what, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser.close();
    });
    const indexed = (): { url: string; clips: Clips } => {
      const shared = inject('indexed');
      if (shared === null) throw new Error('The shared library was not made.');
      return shared;
    };
    tests({
      browser: () => browser,
      clips: () => indexed().clips,
      open: (options) => openApp(browser, indexed().url, options),
    });
  });
}
