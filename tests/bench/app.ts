import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { ensurePage, pagePlaces } from '../../electron/hosts/http/page-build.ts';
import { launchChromium, whyNoChromium } from '../e2e/chromium.ts';
import { serveApp, temporaryFolder, type ServedApp } from '../e2e/served-app.ts';
import { bundleSize } from './app/bundle.ts';
import { scrollThroughLibrary } from './app/grid.ts';
import { drawLanes } from './app/lane.ts';
import { searchByKeys } from './app/search.ts';
import { startToUsable } from './app/start.ts';
import { madeLibrary } from './made-library.ts';
import { PACK_FOLDER } from './pack.ts';
import { measured, progress } from './timing.ts';

/**
 * The app in a real Chromium without a window, over its own host: how soon it is there, how soon it answers, how it
 * draws and scrolls, and how large its page is. All but the empty start is measured on a library of 20,000 files and
 * 100,000 clips. Chromium draws in software here: a graphics card does better.
 */
export async function benchApp(): Promise<object> {
  const page = await ensurePage(pagePlaces(), progress);
  const bundle = await measured('bundle', () => bundleSize(page));
  const skipped = whyNoChromium();
  if (skipped !== null) {
    progress(skipped);
    return { bundle, skipped };
  }
  // The served app takes its pack from there.
  process.env['TUBELET_E2E_PACK'] ??= PACK_FOLDER;
  const made = await madeLibrary();
  const browser = await launchChromium();
  try {
    const start = await measured('start', async () => ({
      emptyLibrary: await startWithNothing(browser),
      largeLibrary: await startToUsable(browser, made.library),
    }));
    const served = (work: (browser: Browser, app: ServedApp) => Promise<object>): Promise<object> =>
      withApp(made.library, (app) => work(browser, app));
    return {
      files: made.files,
      clips: made.clips,
      start,
      search: await measured('search', () => served(searchByKeys)),
      lane: await measured('lane', () => served((_, app) => drawLanes(browser, app, made))),
      grid: await measured('grid', () => served(scrollThroughLibrary)),
      bundle,
    };
  } finally {
    await browser.close();
  }
}

async function startWithNothing(browser: Browser): Promise<object> {
  const library = await temporaryFolder('bench');
  try {
    return await startToUsable(browser, library);
  } finally {
    await rm(library, { recursive: true, force: true });
  }
}

/** Each part has an app of its own, so that one cannot warm up or wear out the next. */
async function withApp<T>(library: string, work: (app: ServedApp) => Promise<T>): Promise<T> {
  const app = await serveApp({ library });
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}
