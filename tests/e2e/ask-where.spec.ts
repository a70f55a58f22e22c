import { expect, it } from 'vitest';
import { goTo, openFile } from './page.ts';
import { describeApp } from './suite.ts';

describeApp('Questions and places', ({ open, clips }) => {
  it('answers about the library or says plainly that it cannot tell', async () => {
    const page = await open();
    await goTo(page, 'Ask');
    await page.getByRole('textbox', { name: 'Your question' }).fill('What is on the table?');
    await page.keyboard.press('Enter');
    const turn = page.getByRole('log').getByRole('article');
    await turn.getByText('about the whole library').waitFor();
    await turn.locator('.answer').waitFor({ timeout: 60_000 });
    const abstains = (await turn.locator('.answer.none').count()) > 0;
    if (abstains) expect(await turn.textContent()).toContain('I can’t tell from what I see.');
    else
      expect(await turn.getByRole('list', { name: 'Seen here' }).getByRole('button').count()).toBeGreaterThan(
        0,
      );
    expect(page.complaints).toEqual([]);
  });

  it('asks about a moment, a video and the library from the player, and keeps the conversation', async () => {
    const page = await open();
    await openFile(page, clips().watched);
    await page.getByRole('tab', { name: 'Ask' }).click();
    for (const scope of ['This moment', 'This video', 'The library']) {
      await page.getByRole('radio', { name: scope }).check();
      await page.getByRole('textbox', { name: 'Your question' }).fill('What is there?');
      await page.keyboard.press('Enter');
    }
    const turns = page.getByRole('log').getByRole('article');
    await expect.poll(() => turns.locator('.answer').count(), { timeout: 60_000 }).toBe(3);
    await goTo(page, 'Ask');
    expect(await turns.count()).toBe(3);
  });

  it('says where a thing is in the frame, or that it does not stand out', async () => {
    const page = await open();
    // What the model can do is known once the page has heard of the models.
    await goTo(page, 'Health');
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    await openFile(page, clips().watched);
    await page.getByRole('tab', { name: 'Where' }).click();
    const phrase = page.getByRole('textbox', { name: 'What to find in this frame' });
    if (await phrase.isDisabled()) {
      // A pack without this ability: the app has to say so.
      await page.getByText('The model in use cannot show where things are.').waitFor();
      return;
    }
    await phrase.fill('a bottle');
    await page.keyboard.press('Enter');
    const said = page
      .getByText(/“a bottle” (is marked on the frame|does not stand out in this frame)\./)
      .first();
    await said.waitFor({ timeout: 60_000 });
    const marked = (await page.getByRole('img', { name: 'Box around a bottle' }).count()) > 0;
    expect((await said.textContent())?.includes('is marked')).toBe(marked);
    await page.getByRole('button', { name: 'Clear the marks' }).click();
    await said.waitFor({ state: 'detached' });
  });
});
