import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, whyNoChromium } from './chromium.ts';
import { makeClips, type Clips } from './clips.ts';
import { addFolder, goTo, openApp, openFile, searchFor, waitUntilReady } from './page.ts';
import { serveApp, temporaryFolder } from './served-app.ts';

/**
 * `npm run screenshots`: a picture of every screen, light and dark, 1280 and 800 wide, empty, busy, failed and full,
 * of the real app over a library that it makes. They are written to test-results/screenshots.
 */
const TARGET = 'test-results/screenshots';
const LOOKS = [
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 800 },
  { colorScheme: 'light', width: 800 },
] as const;
type Look = (typeof LOOKS)[number];

/** Things settle: thumbnails arrive, tooltips go. */
const SETTLE_MS = 900;

async function main(): Promise<void> {
  const reason = whyNoChromium();
  if (reason !== null) {
    console.log(reason);
    return;
  }
  await rm(TARGET, { recursive: true, force: true });
  await mkdir(TARGET, { recursive: true });
  const folder = await temporaryFolder('screenshots');
  const clips = await makeClips(folder);
  const app = await serveApp();
  const browser = await launchChromium();
  try {
    await each(browser, app.url, 'empty', firstScreens);
    const page = await openApp(browser, app.url);
    await addFolder(page, folder);
    await page.getByRole('region', { name: 'Work under way' }).waitFor();
    await each(browser, app.url, 'busy', async (busy, take) => {
      await take('library');
    });
    await waitUntilReady(page, clips.count);
    await describe(page, clips);
    await each(browser, app.url, 'full', (full, take) => allScreens(full, take, clips));
    await each(browser, app.url, 'failed', (failed, take) => failures(failed, take, clips));
  } finally {
    await browser.close();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`Screenshots are in ${TARGET}.`);
}

type Take = (name: string) => Promise<void>;

async function each(
  browser: Browser,
  url: string,
  state: string,
  scene: (page: Page, take: Take) => Promise<void>,
): Promise<void> {
  for (const look of LOOKS) {
    const page = await openApp(browser, url, {
      colorScheme: look.colorScheme,
      viewport: { width: look.width, height: 800 },
    });
    await scene(page, (name) => shoot(page, look, `${state}-${name}`));
    await page.context().close();
  }
}

async function shoot(page: Page, { colorScheme, width }: Look, name: string): Promise<void> {
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(TARGET, `${name}-${colorScheme}-${width}.png`) });
}

async function firstScreens(page: Page, take: Take): Promise<void> {
  await take('first-run');
  await page.getByRole('button', { name: 'Choose folders' }).click();
  await page.getByRole('dialog').getByText('directly in it').waitFor();
  await take('folder-chooser');
  await page.keyboard.press('Escape');
  await goTo(page, 'Ask');
  await take('ask');
  await goTo(page, 'Health');
  await take('health');
}

/** Captions of the watched file, one of them edited. */
async function describe(page: Page, clips: Clips): Promise<void> {
  await openFile(page, clips.watched);
  const write = page.getByRole('button', { name: 'Write captions' });
  await write.click();
  const cues = page.getByRole('list', { name: 'Captions' }).getByRole('listitem');
  await cues.first().waitFor({ timeout: 120_000 });
  await cues.nth(1).getByRole('button').first().dblclick();
  await page.getByRole('textbox', { name: /^Caption at/ }).fill('Somebody sets a third bottle on the table.');
  await page.keyboard.press('Control+Enter');
}

async function allScreens(page: Page, take: Take, clips: Clips): Promise<void> {
  await page.locator('article .frame.seen').first().waitFor();
  await take('library');
  await goTo(page, 'Search');
  await take('search-start');
  await searchFor(page, 'a bottle on a table');
  await take('search');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Space');
  await page.getByRole('dialog').locator('video, img').waitFor();
  await take('peek');
  await page.keyboard.press('Escape');
  await openFile(page, clips.watched);
  for (const words of ['a hand', 'an empty table']) {
    await page.keyboard.press('f');
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
  }
  const box = await page.getByRole('slider', { name: 'Position' }).boundingBox();
  if (box !== null) await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.6);
  await take('player');
  await page.getByRole('tab', { name: 'Ask' }).click();
  await page.getByRole('textbox', { name: 'Your question' }).fill('What is on the table?');
  await page.keyboard.press('Enter');
  await page.getByRole('log').locator('.answer').waitFor();
  await take('player-ask');
  await page.getByRole('tab', { name: 'Where' }).click();
  const phrase = page.getByRole('textbox', { name: 'What to find in this frame' });
  if (await phrase.isEnabled()) {
    await phrase.fill('bottle');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Clear the marks' }).waitFor();
  }
  await take('player-where');
  await page.getByRole('tab', { name: 'Info' }).click();
  await take('player-info');
  await goTo(page, 'Ask');
  await page.getByRole('textbox', { name: 'Your question' }).fill('Where is a person?');
  await page.keyboard.press('Enter');
  await page.getByRole('log').locator('.answer').nth(1).waitFor();
  await take('ask');
  await goTo(page, 'Health');
  await page.getByRole('heading', { name: 'Checks' }).waitFor();
  await take('health');
  await goTo(page, 'Settings');
  await take('settings');
  await page.keyboard.press('?');
  await take('keys');
}

async function failures(page: Page, take: Take, clips: Clips): Promise<void> {
  await page.getByRole('button', { name: 'Failed 1' }).click();
  await take('library');
  await page.getByRole('button', { name: new RegExp(`^${clips.damaged}`) }).click();
  await take('player');
  await goTo(page, 'Search');
  await searchFor(page, 'a dog in:no-such-folder');
  await take('search');
  await goTo(page, 'Library');
  await page.getByRole('button', { name: `All ${clips.count}` }).click();
  await openFile(page, clips.unplayable);
  await take('preview');
}

await main();
