import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { draw, makeClips } from './clips.ts';
import { addFolder, goTo, openApp, searchFor, waitUntilReady } from './page.ts';
import { serveApp, temporaryFolder, type ServedApp } from './served-app.ts';
import { describeApp } from './suite.ts';

describeApp('The first run', ({ browser }) => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  async function start(options: { library?: string } = {}): Promise<ServedApp> {
    const app = await serveApp(options);
    cleanups.push(() => app.close());
    return app;
  }
  async function folder(): Promise<string> {
    const path = await temporaryFolder('first');
    cleanups.push(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  it('reaches a found moment in four actions: choose, add, type, open', async () => {
    const path = await folder();
    await draw(path, 'fractal.mp4', 4, 'mandelbrot=size=320x180:rate=25');
    const app = await start();
    const page = await openApp(browser(), app.url);
    await page.getByRole('heading', { name: 'Find any moment in your own videos' }).waitFor();
    await addFolder(page, path);
    await waitUntilReady(page, 1);
    await searchFor(page, 'a colourful pattern');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'fractal.mp4', level: 1 }).waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('says what is wrong with a folder that is not there', async () => {
    const app = await start();
    const page = await openApp(browser(), app.url);
    await page.getByRole('button', { name: 'Choose folders' }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill('/no/such/folder');
    await page.getByRole('button', { name: 'Go' }).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('/no/such/folder');
  });

  it('makes a sample library for those who only want to look', async () => {
    const app = await start();
    const page = await openApp(browser(), app.url);
    await page.getByRole('button', { name: 'Make a small sample library' }).click();
    const files = page.getByRole('group', { name: 'Files' }).locator('[data-media-index]');
    await expect.poll(() => files.count(), { timeout: 60_000 }).toBeGreaterThan(2);
  });

  it('pauses, resumes and cancels, and goes on after it was killed, with every file once', async () => {
    const path = await folder();
    const clips = await makeClips(path);
    const library = join(await folder(), 'library');
    const first = await serveApp({ library });
    const page = await openApp(browser(), first.url);
    await addFolder(page, path);
    const work = page.getByRole('region', { name: 'Work under way' });
    await work.getByRole('button', { name: 'Pause' }).click();
    await work.getByText('Paused').waitFor();
    await work.getByRole('button', { name: 'Resume' }).click();
    await work.getByText('Looking at').waitFor();
    await work.getByRole('button', { name: 'Cancel' }).click();
    await work.waitFor({ state: 'detached' });
    await first.kill();

    const second = await start({ library });
    const again = await openApp(browser(), second.url);
    await again.getByRole('button', { name: `All ${clips.count}` }).waitFor();
    await again.getByRole('button', { name: 'More' }).click();
    await again.getByRole('menuitem', { name: 'Look for changes' }).click();
    await waitUntilReady(again, clips.count);
    await again.getByRole('button', { name: `Ready ${clips.count - 1}` }).waitFor();
    await goTo(again, 'Health');
    await again.getByText('1 file could not be looked at').waitFor();
  });
});
