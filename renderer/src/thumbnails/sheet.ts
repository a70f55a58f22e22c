import type { ThumbnailSheets } from '../../../electron/engine/api/shapes.ts';

/** Where one cell lies: which sheet, and the two fractions that `background-position` wants. */
export interface Cell {
  readonly sheet: number;
  readonly x: number;
  readonly y: number;
}

/** The number of the cell that shows a time. A picture's only cell has no length. */
export function cellAt(sheets: ThumbnailSheets, seconds: number): number {
  if (sheets.secondsPerCell <= 0) return 0;
  const nearest = Math.round(seconds / sheets.secondsPerCell);
  return Math.min(Math.max(nearest, 0), Math.max(0, sheets.count - 1));
}

/** Where cell `index` lies. Fractions are of the free space, as CSS percentages are: 0 first, 1 last. */
export function locateCell(sheets: ThumbnailSheets, index: number): Cell {
  const perSheet = sheets.columns * sheets.rows;
  const within = index % perSheet;
  const column = within % sheets.columns;
  const row = Math.floor(within / sheets.columns);
  return {
    sheet: Math.floor(index / perSheet),
    x: sheets.columns > 1 ? column / (sheets.columns - 1) : 0,
    y: sheets.rows > 1 ? row / (sheets.rows - 1) : 0,
  };
}

/**
 * The cells that play a moment on hover: those inside it, and as many around it as make at least `least`, so that
 * even a short moment moves.
 */
export function reel(sheets: ThumbnailSheets, start: number, end: number, least = 6): number[] {
  let first = cellAt(sheets, start);
  let last = cellAt(sheets, end);
  while (last - first + 1 < Math.min(least, sheets.count)) {
    if (first > 0) first -= 1;
    if (last - first + 1 < least && last < sheets.count - 1) last += 1;
  }
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}
