import type { WebSocketRoute } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { searchFor } from './page.ts';
import { describeApp } from './suite.ts';

describeApp('The connection', ({ browser }) => {
  it('is lost, said to be lost, regained, and the question asked meanwhile is answered', async () => {
    const context = await browser().newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    let up = true;
    const open = new Set<WebSocketRoute>();
    await page.routeWebSocket(/\/engine$/, (socket) => {
      if (!up) {
        void socket.close();
        return;
      }
      socket.connectToServer();
      open.add(socket);
    });
    await page.goto(inject('indexed')?.url ?? '');
    await searchFor(page, 'a person');

    up = false;
    for (const socket of open) await socket.close();
    await page.getByRole('alert').filter({ hasText: 'The engine is away' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search your videos' }).fill('a bottle on a table');

    up = true;
    await page.getByRole('alert').filter({ hasText: 'The engine is away' }).waitFor({ state: 'detached' });
    await page
      .getByRole('list', { name: 'Moments found' })
      .or(page.getByText('Nothing here matches.'))
      .first()
      .waitFor();
    await expect
      .poll(() => page.locator('[role="status"][aria-live="polite"]').textContent())
      .toMatch(/The engine is back|moments?|Nothing here matches/);
    await context.close();
  });
});
