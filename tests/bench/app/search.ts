import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { goTo, openApp } from '../../e2e/page.ts';
import type { ServedApp } from '../../e2e/served-app.ts';
import { searches } from '../sentences.ts';
import { percentile, progress, rounded } from '../timing.ts';
import { fromKeyToPaint } from './painted.ts';

const WARM = 5;
const QUERIES = 15;
const BETWEEN_MS = 400;
/** Between two keys of somebody who types quickly: a hundred words a minute. */
const KEY_MS = 110;
/** So many keys of each query are typed; what comes before them is in the box already. */
const TYPED = 5;
const FIRST_MOMENT = '[data-moment-index="0"]';

/**
 * From the last key of a query to the paint of its first moments, not those of the query without that key: the way to
 * the engine, the query's embedding, the search, and the page's own work, while the answers to the keys before are still
 * coming in. No text is one that the engine has met before.
 */
export async function searchByKeys(browser: Browser, app: ServedApp): Promise<object> {
  const page = await openApp(browser, app.url);
  try {
    await goTo(page, 'Search');
    const [first = '', ...texts] = searches(1 + WARM + QUERIES);
    progress('the first search, which reads the vectors');
    const cold = await search(page, first);
    const times: number[] = [];
    progress(`${QUERIES} searches by key`);
    for (const [number, text] of texts.entries()) {
      const milliseconds = await search(page, text);
      if (number >= WARM) times.push(milliseconds);
    }
    return {
      queries: QUERIES,
      keyToResultsMilliseconds: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
      firstSearchMilliseconds: rounded(cold),
    };
  } finally {
    await page.context().close();
  }
}

/** Puts all but the last few letters into an empty box, unseen by the app, and types those. */
async function search(page: Page, text: string): Promise<number> {
  await page.keyboard.press('Escape');
  const box = page.getByRole('searchbox');
  await box.focus();
  await page.keyboard.press('Escape');
  await box.focus();
  await page.locator(FIRST_MOMENT).waitFor({ state: 'detached' });
  await sleep(BETWEEN_MS);
  await box.evaluate(
    (input, start) => {
      if (!(input instanceof HTMLInputElement)) return;
      input.value = start;
      input.setSelectionRange(start.length, start.length);
    },
    text.slice(0, -TYPED),
  );
  return await fromKeyToPaint(page, () => page.keyboard.type(text.slice(-TYPED), { delay: KEY_MS }), {
    selector: `[data-answers="${text}"] ${FIRST_MOMENT}`,
  });
}
