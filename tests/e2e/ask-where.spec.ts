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
    const { seen, watched } = clips();
    await openFile(page, seen?.name ?? watched);
    await page.getByRole('tab', { name: 'Where' }).click();
    const phrase = page.getByRole('textbox', { name: 'What to find in this frame' });
    if (await phrase.isDisabled()) {
      // A pack without this ability: the app has to say so.
      await page.getByText('The model in use cannot show where things are.').waitFor();
      return;
    }
    const panel = page.getByRole('tabpanel', { name: 'Where' });
    const box = (thing: string) => page.getByRole('img', { name: `Box around ${thing}` });
    /** What the panel says of a thing: whether it is marked. */
    async function look(thing: string): Promise<boolean> {
      await phrase.fill(thing);
      await page.keyboard.press('Enter');
      const said = panel.getByText(
        new RegExp(`“${thing}” (is marked on the frame|does not stand out in this frame)\\.`),
      );
      await said.waitFor({ timeout: 60_000 });
      const marked = (await said.innerText()).includes('is marked');
      expect(await box(thing).count()).toBe(marked ? 1 : 0);
      return marked;
    }

    if (seen !== null) {
      // Real clips show something that is known to be there, and certainly no elephant.
      await page.getByRole('slider', { name: 'Position' }).focus();
      await page.keyboard.press('Home');
      for (let second = 0; second < seen.at; second += 1) await page.keyboard.press('Shift+ArrowRight');
      expect(await look(seen.thing)).toBe(true);
      expect(await look('an elephant')).toBe(false);
      await look(seen.thing);
    } else await look('a colourful pattern');

    // The marks belong to this frame: they go with it, and by hand.
    await page.getByRole('slider', { name: 'Position' }).focus();
    await page.keyboard.press('ArrowRight');
    await panel.getByText(/is marked|does not stand out/).waitFor({ state: 'detached' });
    expect(await page.getByRole('img', { name: /^Box around/ }).count()).toBe(0);
    await page.keyboard.press('ArrowLeft');
    await panel.getByRole('button', { name: 'Clear the marks' }).click();
    await panel.getByText(/is marked|does not stand out/).waitFor({ state: 'detached' });
  });
});
