import type { Browser } from 'playwright-core';
import { serveApp } from '../../e2e/served-app.ts';
import { percentile, progress } from '../timing.ts';

const STARTS = 3;
const PATIENCE_MS = 60_000;

interface Start {
  /** From the start of the process to its address, milliseconds. */
  readonly host: number;
  /** From there to a search box that can be typed into. */
  readonly page: number;
  readonly usable: number;
}

/**
 * From the start of `tubelet serve` to a search box that has the focus, in a browser that runs already. Medians of a
 * few starts, in milliseconds.
 */
export async function startToUsable(browser: Browser, library: string): Promise<object> {
  const starts: Start[] = [];
  for (let number = 1; number <= STARTS; number++) {
    progress(`start ${number} of ${STARTS}`);
    starts.push(await once(browser, library));
  }
  const median = (of: (start: Start) => number): number => percentile(starts.map(of), 0.5);
  return {
    hostMilliseconds: median(({ host }) => host),
    pageMilliseconds: median(({ page }) => page),
    usableMilliseconds: median(({ usable }) => usable),
    slowestMilliseconds: percentile(
      starts.map(({ usable }) => usable),
      1,
    ),
  };
}

async function once(browser: Browser, library: string): Promise<Start> {
  const begun = wallClock();
  const app = await serveApp({ library });
  const served = wallClock();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    await context.addInitScript(markUsable);
    const page = await context.newPage();
    await page.goto(app.url);
    const marked = await page.waitForFunction(() => performance.getEntriesByName('usable').length > 0, null, {
      timeout: PATIENCE_MS,
    });
    await marked.dispose();
    const usable = await page.evaluate(
      () => performance.timeOrigin + (performance.getEntriesByName('usable')[0]?.startTime ?? Number.NaN),
    );
    return { host: served - begun, page: usable - served, usable: usable - begun };
  } finally {
    await context.close();
    await app.stop();
  }
}

/** Runs in the page, before its own scripts: tries each frame whether the search box takes the focus. */
function markUsable(): void {
  const look = (): void => {
    const box = document.querySelector<HTMLElement>('input[role="searchbox"]');
    box?.focus();
    if (box !== null && document.activeElement === box) performance.mark('usable');
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Milliseconds that can be compared with another process's. */
function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
