import { stat } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openFile } from './page.ts';
import { describeApp } from './suite.ts';

/** Where the player stands, in seconds, as it tells a screen reader. */
function position(page: Page): Promise<number> {
  return page
    .getByRole('slider', { name: 'Position' })
    .getAttribute('aria-valuenow')
    .then((text) => Number(text));
}

describeApp('The player', ({ open, clips }) => {
  async function watch(): ReturnType<typeof open> {
    const page = await open();
    await openFile(page, clips().watched);
    await page.locator('video').evaluate(async (video: HTMLVideoElement) => {
      if (video.readyState < 2) {
        await new Promise((resolve) => {
          video.addEventListener('loadeddata', resolve, { once: true });
        });
      }
    });
    return page;
  }

  it('obeys the keys: play, pause, frames, seconds, start and end', async () => {
    const page = await watch();
    await page.keyboard.press('Home');
    expect(await position(page)).toBe(0);
    await page.keyboard.press('Shift+ArrowRight');
    expect(await position(page)).toBeCloseTo(1, 1);
    await page.keyboard.press('ArrowRight');
    const oneFrameOn = await position(page);
    expect(oneFrameOn).toBeGreaterThan(1);
    expect(oneFrameOn).toBeLessThan(1.2);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await expect.poll(() => position(page)).toBeGreaterThan(oneFrameOn);
    await page.keyboard.press('k');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('End');
    const duration = Number(
      await page.getByRole('slider', { name: 'Position' }).getAttribute('aria-valuemax'),
    );
    await expect.poll(() => position(page)).toBeGreaterThan(duration - 0.2);
    expect(page.complaints).toEqual([]);
  });

  it('scrubs: dragging over the timeline moves the video, hovering shows the frame', async () => {
    const page = await watch();
    const track = page.getByRole('slider', { name: 'Position' });
    const box = await track.boundingBox();
    if (box === null) throw new Error('The timeline is not on screen.');
    const duration = Number(await track.getAttribute('aria-valuemax'));
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
    await page.locator('.hover .cell').waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 6 });
    await page.mouse.up();
    expect(await position(page)).toBeCloseTo(duration * 0.75, 0);
    await expect
      .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
      .toBeCloseTo(duration * 0.75, 0);
  });

  it('lights up a lane for words, tells of it in words, and takes four at most', async () => {
    const page = await watch();
    for (const words of ['a bottle', 'a person', 'a dog', 'a car', 'a tree']) {
      await page.keyboard.press('f');
      await page.keyboard.type(words);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: `Remove “${words}”` }).waitFor({ state: 'attached' });
      if (words === 'a car') await page.getByRole('button', { name: 'Remove “a bottle”' }).click();
    }
    expect(await page.getByRole('button', { name: /^Remove “/ }).count()).toBe(4);
    const told = page.locator('.label .unseen').filter({ hasText: /a tree: / });
    await told.waitFor({ state: 'attached' });
    expect(await told.textContent()).toMatch(/no match in this video|match(es)?, best (strong|likely|weak)/);
  });

  it('visits the peaks of the lanes with N and P and says them', async () => {
    const page = await watch();
    for (const words of ['a bottle on a table', 'a hand holding something', 'an empty table']) {
      await page.keyboard.press('f');
      await page.keyboard.type(words);
      await page.keyboard.press('Enter');
    }
    await page.getByText('looking…').first().waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await page.keyboard.press('n');
    const spoken = page.locator('[role="status"][aria-live="polite"]');
    await expect
      .poll(() => spoken.textContent())
      .toMatch(/^(Next match, \d+:\d\d, (strong|likely|weak)|No further match)/);
  });

  it('saves the marked range as a file of its length', async () => {
    const page = await watch();
    await page.keyboard.press('Home');
    await page.keyboard.press('i');
    for (let second = 0; second < 4; second += 1) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('o');
    await page.getByText('0:00 – 0:04').waitFor();
    await page.getByRole('toolbar', { name: 'Player' }).getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Save this range as a file' }).click();
    const notice = page.getByText(/^Saved/);
    await notice.waitFor();
    const path = (await notice.textContent())?.replace(/^Saved[^:]*: /, '') ?? '';
    expect((await stat(path)).size).toBeGreaterThan(1000);
  });

  it('shows a file that Chromium cannot play through a preview, says so, and seeks in it', async () => {
    const page = await open();
    await openFile(page, clips().unplayable);
    await page.getByRole('paragraph').filter({ hasText: 'Shown through a preview' }).waitFor();
    const width = (): Promise<number> =>
      page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth);
    await expect.poll(width, { timeout: 30_000 }).toBeGreaterThan(0);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => position(page), { timeout: 30_000 }).toBeCloseTo(3, 0);
    await expect.poll(width, { timeout: 30_000 }).toBeGreaterThan(0);
  });

  it('shows a picture as a still, without a timeline', async () => {
    const page = await open();
    await openFile(page, clips().picture);
    const picture = page.getByRole('img', { name: clips().picture });
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(960);
    expect(await page.getByRole('slider', { name: 'Position' }).count()).toBe(0);
  });
});
