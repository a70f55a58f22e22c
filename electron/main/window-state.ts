import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Rectangle } from 'electron';
import { z } from 'zod';
import type { Log } from '../hosts/contract/log.ts';

/** Where the window was, in the screen's points. */
const windowState = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).nullable(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowState>;

/** The least size at which every screen of the app can be used. */
export const LEAST_SIZE = { width: 800, height: 560 };
const FIRST_SIZE = { width: 1280, height: 840 };
/** A window shows at least this much of itself on some display, or it is put back in the middle. */
const LEAST_VISIBLE = 120;

/** What was kept from last time; the first size where nothing was, or where it cannot be read. */
export function readWindowState(path: string, log: Log): WindowState {
  const first: WindowState = { bounds: null, maximized: false };
  try {
    return windowState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      log({ level: 'info', what: 'the kept window place is not usable', detail: String(error) });
    }
    return first;
  }
}

/** Keeps the state: written beside and renamed, so that no half of it is ever read. */
export function writeWindowState(path: string, state: WindowState): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}

/**
 * Where to open the window, given the displays that there are now: as it was where that can still be seen, otherwise
 * the same size (or the first one) left to the system to place.
 */
export function placeWindow(state: WindowState, workAreas: readonly Rectangle[]): Partial<Rectangle> {
  if (state.bounds === null) return FIRST_SIZE;
  const width = Math.max(LEAST_SIZE.width, Math.round(state.bounds.width));
  const height = Math.max(LEAST_SIZE.height, Math.round(state.bounds.height));
  const bounds = { x: Math.round(state.bounds.x), y: Math.round(state.bounds.y), width, height };
  const visible = workAreas.some((area) => {
    const across = Math.min(bounds.x + width, area.x + area.width) - Math.max(bounds.x, area.x);
    const down = Math.min(bounds.y + height, area.y + area.height) - Math.max(bounds.y, area.y);
    // The title bar must be within reach, or the window cannot be moved.
    return across >= LEAST_VISIBLE && down >= LEAST_VISIBLE && bounds.y >= area.y - 1;
  });
  return visible ? bounds : { width, height };
}
