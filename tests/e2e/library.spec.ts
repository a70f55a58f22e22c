import { expect, it } from 'vitest';
import { goTo } from './page.ts';
import { describeApp } from './suite.ts';

describeApp('The library', ({ open, clips }) => {
  it('shows every file with its state, and the reason of a failure with a retry', async () => {
    const page = await open();
    const failed = page.getByRole('article').filter({ hasText: clips().damaged });
    await failed.getByRole('button', { name: 'Try again' }).waitFor();
    expect((await failed.locator('.reason').textContent())?.length).toBeGreaterThan(5);
    expect(page.complaints).toEqual([]);
  });

  it('shows the poster of each file, and asks for nothing else about it before the pointer comes', async () => {
    const page = await open();
    const asked: string[] = [];
    const sheets: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        asked.push((JSON.parse(payload.toString()) as { channel: string }).channel);
      });
    });
    page.on('request', (request) => {
      if (/\/(sheets|media|preview)\//.test(request.url())) sheets.push(request.url());
    });
    await page.reload();
    const card = page.getByRole('button', { name: new RegExp(`^${clips().watched}`) });
    const poster = card.getByRole('presentation', { includeHidden: true });
    await expect
      .poll(() => poster.evaluate((picture) => picture instanceof HTMLImageElement && picture.naturalWidth))
      .toBeGreaterThan(100);
    expect(await page.locator('[data-media-index] img').count()).toBe(clips().count - 1);
    expect(asked).toContain('library.media');
    expect(asked).not.toContain('library.item');
    expect(sheets).toEqual([]);
    await card.hover();
    await card.locator('.cell').waitFor();
    expect(asked.filter((channel) => channel === 'library.item')).toHaveLength(1);
    expect(page.complaints).toEqual([]);
  });

  it('filters by state, kind and name, and clears the filter', async () => {
    const page = await open();
    const files = page.getByRole('group', { name: 'Files' }).locator('[data-media-index]');
    await expect.poll(() => files.count()).toBe(clips().count);
    await page.getByRole('button', { name: 'Failed 1' }).click();
    await expect.poll(() => files.count()).toBe(1);
    await page.getByRole('button', { name: `All ${clips().count}` }).click();
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('image');
    await expect.poll(() => files.count()).toBe(1);
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('all');
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('no such name');
    await page.getByText('No file matches this filter.').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await expect.poll(() => files.count()).toBe(clips().count);
  });

  it('shows one folder alone, and all of them again', async () => {
    const page = await open();
    const files = page.getByRole('group', { name: 'Files' }).locator('[data-media-index]');
    await page.getByRole('button', { name: 'Only the folder attic' }).click();
    await expect.poll(() => files.count()).toBe(1);
    expect(await files.first().getAttribute('aria-label')).toContain(clips().unplayable);
    await page.getByRole('button', { name: 'All folders' }).click();
    await expect.poll(() => files.count()).toBe(clips().count);
  });

  it('sorts by name both ways', async () => {
    const page = await open();
    const first = page.locator('[data-media-index="0"]');
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('name');
    await page.getByRole('button', { name: 'Newest, longest or Z first' }).click();
    await expect.poll(() => first.getAttribute('aria-label')).toContain('bars.png');
    await page.getByRole('button', { name: 'Oldest, shortest or A first' }).click();
    await expect.poll(() => first.getAttribute('aria-label')).not.toContain('bars.png');
  });

  it('is walked with the arrow keys and opened with Enter', async () => {
    const page = await open();
    await page.locator('[data-media-index="0"]').focus();
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.locator('[data-media-index="1"]').evaluate((card) => card === document.activeElement))
      .toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('main', { name: 'Player' }).waitFor();
  });

  it('keeps the focus while its card is scrolled out of sight, and goes on from there', async () => {
    // A window so low that the files do not fit.
    const page = await open({ viewport: { width: 800, height: 360 } });
    const last = clips().count - 1;
    await page.locator('[data-media-index="0"]').focus();
    await page.keyboard.press('End');
    await expect
      .poll(() =>
        page.locator(`[data-media-index="${last}"]`).evaluate((card) => card === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.press('Home');
    await expect
      .poll(() => page.locator('[data-media-index="0"]').evaluate((card) => card === document.activeElement))
      .toBe(true);
  });

  it('offers what can be done with a file by a right click and by the menu key', async () => {
    const page = await open();
    const card = page.getByRole('button', { name: new RegExp(`^${clips().unplayable}`) });
    await card.click({ button: 'right' });
    const menu = page.getByRole('menu', { name: clips().unplayable });
    await menu.getByRole('menuitem', { name: 'Only the folder attic' }).click();
    await menu.waitFor({ state: 'detached' });
    const files = page.getByRole('group', { name: 'Files' }).locator('[data-media-index]');
    await expect.poll(() => files.count()).toBe(1);
    await files.first().focus();
    await page.keyboard.press('Shift+F10');
    await menu.waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    expect(await files.first().evaluate((element) => element === document.activeElement)).toBe(true);
    await files.first().click({ button: 'right' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText(/^Like /).waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('forgets a folder and takes it back', async () => {
    const page = await open();
    await goTo(page, 'Settings');
    const folder = page.getByRole('listitem').filter({ hasText: clips().folder });
    await folder.getByRole('button', { name: /^Remove/ }).click();
    await folder.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await folder.waitFor();
    await goTo(page, 'Library');
    await page.getByRole('button', { name: `All ${clips().count}` }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: `Ready ${clips().count - 1}` }).waitFor({ timeout: 240_000 });
  });
});
