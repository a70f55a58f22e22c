import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openFile } from './page.ts';
import { temporaryFolder } from './served-app.ts';
import { describeApp } from './suite.ts';

const SUBTITLES = `1
00:00:00,500 --> 00:00:02,500
The table is empty.

2
00:00:03,000 --> 00:00:05,000
Somebody brings a bottle and puts it down.
`;

describeApp('Captions', ({ open, clips }) => {
  /** The watched file with two captions read from a subtitle file. */
  async function withCaptions(): ReturnType<typeof open> {
    const page = await open();
    await openFile(page, clips().watched);
    const file = join(await temporaryFolder('subtitles'), 'captions.srt');
    await writeFile(file, SUBTITLES);
    await page.locator('input[type=file][accept=".srt,.vtt"]').setInputFiles(file);
    await cue(page, 'The table is empty.').waitFor();
    return page;
  }
  function cue(page: Page, text: string): ReturnType<Page['getByRole']> {
    return page.getByRole('list', { name: 'Captions' }).getByRole('listitem').filter({ hasText: text });
  }
  async function exportSrt(page: Page): Promise<string> {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save captions' }).click();
    await page.getByRole('menuitem', { name: 'SubRip (SRT)' }).click();
    return readFile(await (await download).path(), 'utf8');
  }

  it('are edited in place, kept as mine, undone and redone', async () => {
    const page = await withCaptions();
    await cue(page, 'The table is empty.').getByRole('button').first().dblclick();
    await page.getByRole('textbox', { name: 'Caption at 0:00' }).fill('Nothing is on the table.');
    await page.keyboard.press('Control+Enter');
    const edited = cue(page, 'Nothing is on the table.');
    await edited.waitFor();
    expect(await edited.getAttribute('data-source')).toBe('user');
    await page.getByRole('button', { name: 'Undo' }).click();
    await cue(page, 'The table is empty.').waitFor();
    await page.getByRole('button', { name: 'Redo' }).click();
    await cue(page, 'Nothing is on the table.').waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('come back from an exported SRT as they are on screen', async () => {
    const page = await withCaptions();
    const srt = await exportSrt(page);
    expect(srt).toContain('00:00:03,000 --> 00:00:05,000');
    expect(srt.replaceAll('\n', ' ')).toContain('Somebody brings a bottle and puts it down.');
  });

  it('seek by a click and follow the video', async () => {
    const page = await withCaptions();
    await cue(page, 'Somebody brings').getByRole('button').first().click();
    await expect
      .poll(() => page.getByRole('slider', { name: 'Position' }).getAttribute('aria-valuenow'))
      .toBe('3');
    expect(await cue(page, 'Somebody brings').getAttribute('aria-current')).toBe('true');
  });

  it('are split at the cursor, joined and deleted, and all of it can be undone', async () => {
    const page = await withCaptions();
    const cues = page.getByRole('list', { name: 'Captions' }).getByRole('listitem');
    const before = await cues.count();
    await cue(page, 'Somebody brings').getByRole('button').first().dblclick();
    const area = page.getByRole('textbox', { name: 'Caption at 0:03' });
    await area.evaluate((element: HTMLTextAreaElement) => {
      element.setSelectionRange(24, 24);
    });
    await page.getByRole('button', { name: 'Split at the cursor' }).click();
    await expect.poll(() => cues.count()).toBe(before + 1);
    const first = cue(page, 'Somebody brings');
    await first.getByRole('button', { name: /^Actions/ }).click();
    await page.getByRole('menuitem', { name: 'Join with the next' }).click();
    await expect.poll(() => cues.count()).toBe(before);
    await cue(page, 'The table is empty.').getByRole('button').first().focus();
    await page.keyboard.press('Delete');
    await expect.poll(() => cues.count()).toBe(before - 1);
    for (let step = 0; step < 3; step += 1) await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => cues.count()).toBe(before);
    await cue(page, 'Somebody brings a bottle and puts it down.').waitFor();
  });

  it('are written by the model when asked, with progress', async () => {
    const page = await open();
    await openFile(page, clips().picture);
    const write = page.getByRole('button', { name: 'Write captions' });
    await write.click();
    await page
      .getByRole('list', { name: 'Captions' })
      .getByRole('listitem')
      .first()
      .waitFor({ timeout: 60_000 });
  });
});
