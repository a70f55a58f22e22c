import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { goTo, searchFor } from './page.ts';
import { describeApp } from './suite.ts';

describeApp('Search', ({ open, clips }) => {
  it('finds moments as one types and opens one with the keyboard alone', async () => {
    const page = await open();
    await searchFor(page, 'a person');
    const cards = page.locator('[data-moment-index]');
    await cards.first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    const focused = page.locator('[data-moment-index="1"]');
    expect(await focused.evaluate((card) => card === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('slider', { name: 'Position' }).or(page.getByRole('img')).first().waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('goes to a moment of what was typed, not of the words before, however soon Enter follows', async () => {
    const page = await open();
    await searchFor(page, 'a person');
    await page.locator('[data-moment-index="0"]').waitFor();
    const box = page.getByRole('searchbox', { name: 'Search your videos' });
    await box.fill('');
    await box.pressSequentially('a bottle');
    await page.keyboard.press('Enter');
    const first = page.locator('[data-answers="a bottle"] [data-moment-index="0"]');
    await expect
      .poll(() => first.evaluate((card) => card === document.activeElement).catch(() => false))
      .toBe(true);
  });

  it('keeps the results and the place in them when one comes back from a moment', async () => {
    const page = await open();
    await searchFor(page, 'a bottle');
    await page.locator('[data-moment-index="1"]').click();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.locator('[data-moment-index="1"]').waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search your videos' }).inputValue()).toBe('a bottle');
    expect(await page.locator('[data-moment-index="1"]').getAttribute('tabindex')).toBe('0');
  });

  it('peeks with Space and closes with Escape, back on the same card', async () => {
    const page = await open();
    await searchFor(page, 'people in a classroom');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    const dialog = page.getByRole('dialog');
    await dialog.locator('video, img').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(() => page.locator('[data-moment-index="0"]').evaluate((card) => card === document.activeElement))
      .toBe(true);
  });

  it('plays a moment under the pointer from its sheet, without opening the video', async () => {
    const page = await open();
    const opened: string[] = [];
    page.on('request', (request) => {
      if (/\/(media|preview)\//.test(request.url())) opened.push(request.url());
    });
    await searchFor(page, 'a bottle');
    const card = page.getByRole('button', { name: new RegExp(`^${clips().watched}`) }).first();
    await card.locator('.still.drawn').waitFor();
    await card.hover();
    const cell = card.locator('.cell');
    const first = await cell.evaluate((element) => (element as HTMLElement).style.backgroundPosition);
    await expect
      .poll(() => cell.evaluate((element) => (element as HTMLElement).style.backgroundPosition))
      .not.toBe(first);
    expect(opened.filter((url) => !url.endsWith('png'))).toEqual([]);
  });

  it('turns parts of a query into chips that can be removed', async () => {
    const page = await open();
    await searchFor(page, 'a person type:video');
    const chip = page.getByRole('button', { name: /^Remove: / }).first();
    await chip.click();
    await expect
      .poll(() => page.getByRole('searchbox', { name: 'Search your videos' }).inputValue())
      .toBe('a person');
  });

  it('finds more like a moment', async () => {
    const page = await open();
    await searchFor(page, 'a bottle');
    await page.locator('article').first().hover();
    await page.getByRole('button', { name: 'More like this' }).first().click();
    await page.getByText(/^Like /).waitFor();
    await page.locator('[data-moment-index]').first().waitFor();
  });

  it('takes a picture as the question, and finds that picture first', async () => {
    const page = await open();
    await goTo(page, 'Search');
    await page
      .locator('input[type=file][accept="image/*"]')
      .setInputFiles(join(clips().folder, clips().picture));
    const first = page.locator('[data-moment-index="0"]');
    await first.waitFor();
    expect(await first.getAttribute('aria-label')).toContain(clips().picture);
  });

  it('hands over what was found as a list', async () => {
    const page = await open();
    await goTo(page, 'Search');
    await page
      .locator('input[type=file][accept="image/*"]')
      .setInputFiles(join(clips().folder, clips().picture));
    await page.locator('[data-moment-index="0"]').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save this list' }).click();
    await page.getByRole('menuitem', { name: 'Spreadsheet (CSV)' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain(clips().picture);
  });

  it('says plainly that nothing matches, and still offers a way on', async () => {
    const page = await open();
    await searchFor(page, 'a dog in:no-such-folder');
    await page.getByText('Nothing here matches.').waitFor();
  });
});
