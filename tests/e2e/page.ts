import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Indexing of the test clips on a slow machine. */
const INDEXED_MS = 240_000;
/** Anything else, on the same machine while it does other work. */
const PATIENCE_MS = 20_000;

/** Opens the app in a context of its own. Anything that the page complains about fails the test that reads it. */
export async function openApp(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page & { complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    acceptDownloads: true,
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  await page.getByRole('navigation').waitFor();
  return Object.assign(page, { complaints });
}

/** Goes to a screen by the rail. */
export async function goTo(
  page: Page,
  screen: 'Library' | 'Search' | 'Ask' | 'Health' | 'Settings',
): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen }).click();
  await page.getByRole('main', { name: screen }).waitFor();
}

/** Adds a folder as a person in a browser does: the chooser, its path typed. */
export async function addFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: /^(Choose|Add) folders$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await dialog.getByRole('button', { name: 'Go' }).click();
  await dialog.getByText('directly in it').waitFor();
  await dialog.getByRole('button', { name: 'Add this folder' }).click();
}

/** Waits until every file was looked at, with success or not, and no work is under way. */
export async function waitUntilReady(page: Page, files: number): Promise<void> {
  await page.getByRole('button', { name: `All ${files}` }).waitFor({ timeout: INDEXED_MS });
  await page.getByRole('button', { name: /^Waiting/ }).waitFor({ state: 'detached', timeout: INDEXED_MS });
  await page
    .getByRole('region', { name: 'Work under way' })
    .waitFor({ state: 'detached', timeout: INDEXED_MS });
}

/** Types into the search box and waits for an answer, whatever it is. */
export async function searchFor(page: Page, words: string): Promise<void> {
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Search your videos' }).fill(words);
  await page
    .getByRole('list', { name: 'Moments found' })
    .or(page.getByText('Nothing here matches.'))
    .first()
    .waitFor();
}

/** Opens a file from the library by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await goTo(page, 'Library');
  await page.getByRole('button', { name: new RegExp(`^${name.replaceAll('.', '\\.')}, `) }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}
