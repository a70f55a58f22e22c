import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { lane as laneShape, type Lane } from '../../../electron/engine/api/shapes.ts';
import type * as drawing from '../../../renderer/src/player/drawing.ts';
import type * as columns from '../../../renderer/src/player/lane.ts';
import { openApp } from '../../e2e/page.ts';
import type { ServedApp } from '../../e2e/served-app.ts';
import type { MadeLibrary } from '../made-library.ts';
import { searches } from '../sentences.ts';
import { percentile, progress } from '../timing.ts';
import { fromKeyToPaint } from './painted.ts';

const LANES = 8;
const DRAWINGS = 200;
/** What a lane says until its scores are there. */
const BUSY = 'looking…';
const TARGET_MS = 16;
const PATIENCE_MS = 10_000;
/** The page's own drawing functions, served from their sources to a page that is otherwise empty. */
const SOURCES = new URL('../../../', import.meta.url);
const EMPTY_PAGE = 'http://sources.test/';

/**
 * The lane of a film of three hours: from Enter to its paint in the player, and the drawing alone, by the page's own
 * functions from a lane that the engine gave, at the width that it has there.
 */
export async function drawLanes(browser: Browser, app: ServedApp, made: MadeLibrary): Promise<object> {
  const page = await openApp(browser, app.url);
  try {
    const replies = watchLanes(page);
    // The socket is opened by the page's scripts: only from here on is it watched.
    await page.reload();
    await page.getByRole('navigation').waitFor();
    await page.evaluate((id) => {
      location.hash = `#/watch/${id}`;
    }, made.longFilm);
    const askedToDrawn: number[] = [];
    const input = page.getByRole('textbox', { name: 'Find in this video' });
    progress(`asking for ${LANES} lanes`);
    for (const text of searches(LANES + 1)) {
      await removeOldest(page);
      await input.fill(text);
      const expected = { selector: `.labels [title="${text}"]`, gone: BUSY };
      askedToDrawn.push(await fromKeyToPaint(page, () => input.press('Enter'), expected));
    }
    const lane = await longLane(page, replies, made.longFilmClips);
    const width = await page
      .locator('.track canvas')
      .first()
      .evaluate((canvas) => canvas.clientWidth);
    progress('drawing a lane');
    const drawn = await drawAlone(browser, lane, width, made.longFilmClips * 4);
    // The first one also reads the vectors.
    const [first = Number.NaN, ...later] = askedToDrawn;
    return {
      clips: lane.clips.length,
      width,
      drawMilliseconds: summary(drawn.draw),
      drawAndRasterMilliseconds: summary(drawn.raster),
      targetMilliseconds: TARGET_MS,
      askedToDrawnMilliseconds: summary(later),
      firstAskedToDrawnMilliseconds: percentile([first], 0.5),
    };
  } finally {
    await page.context().close();
  }
}

function summary(times: readonly number[]): object {
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

type OpenedPage = Awaited<ReturnType<typeof openApp>>;

/** Lanes as they come over the page's socket. */
function watchLanes(page: Page): Lane[] {
  const lanes: Lane[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(payload.toString()) as { reply?: unknown };
      const reply = laneShape.safeParse(message.reply);
      if (reply.success) lanes.push(reply.data);
    });
  });
  return lanes;
}

/** A lane of so many clips among those that came; the socket's frames may be told a little later than they came. */
async function longLane(page: OpenedPage, replies: readonly Lane[], clips: number): Promise<Lane> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const lane = replies.find((reply) => reply.clips.length === clips);
    if (lane !== undefined) return lane;
    if (performance.now() > until) break;
    await sleep(100);
  }
  const came = replies.map((reply) => reply.clips.length).join(', ');
  const said = await page.locator('.track .words').allInnerTexts();
  throw new Error(
    `No lane of ${clips} clips came, but of: ${came}. ${[...said, ...page.complaints].join('; ')}`,
  );
}

/** Keeps room for one more lane. */
async function removeOldest(page: Page): Promise<void> {
  const remove = page.locator('.labels .label button');
  if ((await remove.count()) > 0) await remove.first().click();
}

/** Times of what an effect of the page does: columns from the scores, then the drawing; and with the pixels read back. */
async function drawAlone(
  browser: Browser,
  lane: Lane,
  width: number,
  duration: number,
): Promise<{ draw: number[]; raster: number[] }> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route(`${EMPTY_PAGE}**`, async (route) => {
      const path = new URL(route.request().url()).pathname.slice(1);
      if (path === '') await route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
      else {
        const source = await readFile(fileURLToPath(new URL(path, SOURCES)), 'utf8');
        await route.fulfill({ contentType: 'text/javascript', body: stripTypeScriptTypes(source) });
      }
    });
    await page.goto(EMPTY_PAGE);
    return await page.evaluate(drawInPage, { lane, width, duration, times: DRAWINGS });
  } finally {
    await context.close();
  }
}

/** Runs in the empty page. */
async function drawInPage(given: {
  lane: Lane;
  width: number;
  duration: number;
  times: number;
}): Promise<{ draw: number[]; raster: number[] }> {
  const { lane, width, duration, times } = given;
  const folder = '/renderer/src/player';
  const [{ drawLane }, { laneColumns }] = (await Promise.all([
    import(`${folder}/drawing.ts`),
    import(`${folder}/lane.ts`),
  ])) as [Pick<typeof drawing, 'drawLane'>, Pick<typeof columns, 'laneColumns'>];
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  const result = { draw: [] as number[], raster: [] as number[] };
  for (let number = 0; number < times; number++) {
    // Each time another stretch, as while zooming out to the whole.
    const view = { from: 0, to: duration * (1 - (times - 1 - number) / (4 * times)) };
    const begun = performance.now();
    drawLane(canvas, {
      columns: laneColumns(lane.clips, view, width),
      peaks: lane.peaks,
      view,
      width,
      height: 27,
      hue: '#f0a030',
      pattern: 'diagonal',
    });
    result.draw.push(performance.now() - begun);
    canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
    result.raster.push(performance.now() - begun);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return result;
}
