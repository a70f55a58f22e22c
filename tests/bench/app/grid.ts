import type { Browser, Page } from 'playwright-core';
import { goTo, openApp } from '../../e2e/page.ts';
import type { ServedApp } from '../../e2e/served-app.ts';
import { percentile, progress, rounded } from '../timing.ts';

const FRAMES = 600;
/** What a quick turn of the wheel moves in a frame. */
const WHEEL_PIXELS = 100;
/** A long task, as browsers define it, takes more than 50 ms. */
const LONG_TASK_MS = 50;

interface Scrolled {
  readonly frames: readonly number[];
  readonly longTasks: readonly number[];
}

/** Scrolls through the list of all files, frame by frame: as with a wheel, and from its first to its last row. */
export async function scrollThroughLibrary(browser: Browser, app: ServedApp): Promise<object> {
  const page = await openApp(browser, app.url);
  try {
    await goTo(page, 'Library');
    await page.locator('[data-media-index="0"]').waitFor();
    progress('scrolling as with a wheel');
    const wheel = await scroll(page, WHEEL_PIXELS);
    progress('scrolling from the first to the last row');
    const whole = await scroll(page, null);
    progress('scrolling as with a wheel, traced');
    const traced = await processorTimeOfTasks(browser, page);
    return { frames: FRAMES, wheel, fromFirstToLastRow: whole, traced, items: await countItems(page) };
  } finally {
    await page.context().close();
  }
}

/** `pixels` a frame; null: what brings it from top to bottom. */
async function scroll(page: Page, pixels: number | null): Promise<object> {
  const list = page.getByRole('group', { name: 'Files' });
  const { frames, longTasks } = await list.evaluate(scrollInPage, { pixels, frames: FRAMES });
  return {
    frameMilliseconds: {
      p50: percentile(frames, 0.5),
      p95: percentile(frames, 0.95),
      worst: percentile(frames, 1),
    },
    longTasks: longTasks.filter((milliseconds) => milliseconds > LONG_TASK_MS).length,
    longestTaskMilliseconds: longTasks.length === 0 ? null : rounded(Math.max(...longTasks)),
  };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds on the clock, and of the thread's own processor time. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * The same tasks by what the page's thread itself had of the processor: where Chromium paints in software, it is often made
 * to wait in the middle of a task, which then is long without doing much.
 */
async function processorTimeOfTasks(browser: Browser, page: Page): Promise<object> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await scroll(page, WHEEL_PIXELS);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threads = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid }) => name.endsWith('RunTask') && ph === 'X' && threads.has(`${pid} ${tid}`),
  );
  const milliseconds = (times: readonly (number | undefined)[]): object => {
    const all = times.map((time) => (time ?? 0) / 1000);
    return {
      over: all.filter((time) => time > LONG_TASK_MS).length,
      longest: rounded(Math.max(0, ...all)),
    };
  };
  return {
    byTheClock: milliseconds(tasks.map(({ dur }) => dur)),
    byProcessorTime: milliseconds(tasks.map(({ tdur }) => tdur)),
  };
}

/** Runs in the page: one step of scrolling in each frame. */
async function scrollInPage(
  list: HTMLElement | SVGElement,
  { pixels, frames: count }: { pixels: number | null; frames: number },
): Promise<Scrolled> {
  const scroller = [...list.querySelectorAll<HTMLElement>('*')].find(
    ({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1 && clientHeight > 100,
  );
  if (scroller === undefined) throw new Error('The list of files does not scroll.');
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));
  scroller.scrollTop = 0;
  await settle();

  const longTasks: number[] = [];
  const observer = new PerformanceObserver((entries) => {
    longTasks.push(...entries.getEntries().map(({ duration }) => duration));
  });
  observer.observe({ type: 'longtask' });
  const step = pixels ?? (scroller.scrollHeight - scroller.clientHeight) / count;
  const frames: number[] = [];
  let before = await nextFrame();
  for (let frame = 1; frame <= count; frame++) {
    scroller.scrollTop = frame * step;
    const now = await nextFrame();
    frames.push(now - before);
    before = now;
  }
  await settle();
  observer.disconnect();
  return { frames, longTasks };
}

/** As many as the list says that it has. */
async function countItems(page: Page): Promise<number> {
  const name = await page.getByRole('button', { name: /^All \d/ }).innerText();
  return Number(name.replaceAll(/\D/g, ''));
}
