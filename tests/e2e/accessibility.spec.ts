import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { goTo, openApp, openFile, searchFor } from './page.ts';
import { serveApp } from './served-app.ts';
import { describeApp } from './suite.ts';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical, as readable lines. The script runs outside of the page's policy. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

describeApp('For everyone', ({ open, clips, browser }) => {
  for (const colorScheme of ['dark', 'light'] as const) {
    it(`has no serious fault on any screen, in the ${colorScheme} theme`, async () => {
      const page = await open({ colorScheme });
      const found: Record<string, string[]> = {};
      const look = async (screen: string): Promise<void> => {
        found[screen] = await seriousFaults(page);
      };
      await page.locator('[data-media-index]').first().waitFor();
      await look('library');
      await goTo(page, 'Search');
      await look('search, empty');
      await searchFor(page, 'a person');
      await look('search');
      await page.locator('[data-moment-index="0"]').click({ button: 'right' });
      await page.getByRole('menu').waitFor();
      await look('menu');
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await page.locator('[data-moment-index="0"]').focus();
      await page.keyboard.press('Space');
      await page.getByRole('dialog').locator('video, img').waitFor();
      await look('peek');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await goTo(page, 'Ask');
      await look('ask');
      await goTo(page, 'Health');
      await page.getByRole('heading', { name: 'Checks' }).waitFor();
      await look('health');
      await goTo(page, 'Settings');
      await look('settings');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await look('keys');
      await page.keyboard.press('Escape');
      await openFile(page, clips().watched);
      for (const panel of ['Captions', 'Ask', 'Where', 'Info']) {
        await page.getByRole('tab', { name: panel }).click();
        await look(`player, ${panel}`);
      }
      expect(Object.entries(found).filter(([, faults]) => faults.length > 0)).toEqual([]);
    });
  }

  it('has no serious fault at the first run, in both themes', async () => {
    const app = await serveApp();
    try {
      for (const colorScheme of ['dark', 'light'] as const) {
        const page = await openApp(browser(), app.url, { colorScheme });
        await page.getByRole('heading', { name: 'Find any moment in your own videos' }).waitFor();
        expect(await seriousFaults(page), `first run, ${colorScheme}`).toEqual([]);
        await page.getByRole('button', { name: 'Choose folders' }).click();
        await page.getByRole('dialog').getByText('directly in it').waitFor();
        expect(await seriousFaults(page), `choosing a folder, ${colorScheme}`).toEqual([]);
        await page.context().close();
      }
    } finally {
      await app.close();
    }
  });

  it('loses nothing at 200 % text', async () => {
    const page = await open({ viewport: { width: 1280, height: 800 } });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '162.5%';
    });
    for (const screen of ['Library', 'Search', 'Ask', 'Health', 'Settings'] as const) {
      await goTo(page, screen);
      const sideways = await page.getByRole('main').evaluate((main) => main.scrollWidth - main.clientWidth);
      expect(sideways, screen).toBeLessThanOrEqual(0);
    }
  });

  it('stands still under reduced motion', async () => {
    const page = await open({ reducedMotion: 'reduce' });
    await searchFor(page, 'a bottle');
    const card = page.getByRole('button', { name: new RegExp(`^${clips().watched}`) }).first();
    await card.waitFor();
    await card.locator('.still.drawn').waitFor();
    await card.hover();
    await page.waitForTimeout(600);
    expect(await card.locator('.cell').count()).toBe(0);
  });

  it('reaches every part of the player by Tab, with the focus in sight', async () => {
    const page = await open();
    await openFile(page, clips().watched);
    const names = new Set<string>();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? '';
      });
      names.add(name);
    }
    for (const part of ['Search your videos', 'Back', 'Find in this video', 'Position', 'Play', 'Captions']) {
      expect([...names], part).toContain(part);
    }
  });
});
