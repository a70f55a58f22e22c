import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { launchChromium, whyNoChromium } from './chromium.ts';
import { makeClips, type Clips } from './clips.ts';
import { addFolder, openApp, waitUntilReady } from './page.ts';
import { serveApp, temporaryFolder } from './served-app.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** An app whose library was looked at already; null where there is no Chromium to show it. */
    indexed: { url: string; clips: Clips } | null;
  }
}

/** Before all specs: one library is looked at, through the page, for those that only need one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const reason = whyNoChromium();
  if (reason !== null) {
    console.log(reason);
    project.provide('indexed', null);
    return () => Promise.resolve();
  }
  const folder = await temporaryFolder('clips');
  const clips = await makeClips(folder);
  const app = await serveApp();
  const browser = await launchChromium();
  const page = await openApp(browser, app.url);
  try {
    await addFolder(page, folder);
    await waitUntilReady(page, clips.count);
  } catch (error) {
    await page.screenshot({ path: 'test-results/setup-failed.png' });
    await app.close();
    throw error;
  } finally {
    await browser.close();
  }
  project.provide('indexed', { url: app.url, clips });
  return async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  };
}
