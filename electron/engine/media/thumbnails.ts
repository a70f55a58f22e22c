import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TubeletError } from '../errors.ts';
import type { MediaFacts } from './types.ts';

/**
 * Contents of `sheets.json` beside the thumbnail sheets of one file. Video: `sheet-00000.jpg`, `sheet-00001.jpg` …, each
 * `columns` x `rows` cells, row by row, one cell for every `secondsPerCell` from `start` on. A still: `thumb.jpg`, one
 * cell, `secondsPerCell` 0.
 */
export interface ThumbnailSheets {
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly columns: number;
  readonly rows: number;
  readonly secondsPerCell: number;
  /** Cells in all sheets together. */
  readonly count: number;
  /** Time of the first cell on the player's clock. */
  readonly start: number;
}

/** One thumbnail: a rectangle of pixels of a sheet in the thumbnail folder. */
export interface ThumbnailPlace {
  readonly sheet: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const SHEETS_FILE = 'sheets.json';
/** The longer side of a cell. Pixels. */
const CELL_SIDE = 256;
const COLUMNS = 5;
const ROWS = 5;
const SECONDS_PER_CELL = 1;
/** JPEG quantiser, 2 (best) to 31. */
const QUALITY = '5';

/** How the thumbnails of a file lie, from what is known before it is decoded. */
export function planSheets(facts: MediaFacts): ThumbnailSheets {
  const scale = CELL_SIDE / Math.max(1, facts.width, facts.height);
  const even = (pixels: number): number => Math.max(2, Math.round((pixels * scale) / 2) * 2);
  const video = facts.kind === 'video';
  return {
    cellWidth: even(facts.width),
    cellHeight: even(facts.height),
    columns: video ? COLUMNS : 1,
    rows: video ? ROWS : 1,
    secondsPerCell: video ? SECONDS_PER_CELL : 0,
    count: video ? Math.max(1, Math.round(facts.duration / SECONDS_PER_CELL)) : 1,
    start: facts.start,
  };
}

/** The thumbnail nearest to a time on the player's clock; times outside the file give the first or the last one. */
export function thumbnailAt(sheets: ThumbnailSheets, seconds: number): ThumbnailPlace {
  const { cellWidth: width, cellHeight: height } = sheets;
  if (sheets.secondsPerCell === 0) return { sheet: stillSheet, x: 0, y: 0, width, height };
  const wanted = Math.floor((seconds - sheets.start) / sheets.secondsPerCell);
  const cell = Math.min(Math.max(0, wanted), sheets.count - 1);
  const perSheet = sheets.columns * sheets.rows;
  const within = cell % perSheet;
  return {
    sheet: sheetName(Math.floor(cell / perSheet)),
    x: (within % sheets.columns) * width,
    y: Math.floor(within / sheets.columns) * height,
    width,
    height,
  };
}

const stillSheet = 'thumb.jpg';

/** File name of the n-th sheet of a file, from 0. A still has one. */
export function sheetFileName(kind: 'video' | 'image', number: number): string {
  return kind === 'image' ? stillSheet : sheetName(number);
}

function sheetName(number: number): string {
  return `sheet-${String(number).padStart(5, '0')}.jpg`;
}

/** Seconds that one full sheet covers. */
export function secondsPerSheet(sheets: ThumbnailSheets): number {
  return sheets.columns * sheets.rows * sheets.secondsPerCell;
}

/**
 * Filters and muxer options that write the sheets from `firstSheet` on.
 * @param offset seconds from that sheet's first cell to where the decoded timestamps count from 0 (0 or negative)
 * @param keyFramesOnly scale before the rate is raised, so that no frame is scaled twice
 */
export function sheetOutput(
  sheets: ThumbnailSheets,
  firstSheet: number,
  offset: number,
  keyFramesOnly: boolean,
): { filters: string[]; options: string[] } {
  const scale = `scale=${sheets.cellWidth}:${sheets.cellHeight}:flags=bilinear`;
  const rate = [
    `setpts=PTS+(${offset.toFixed(6)})/TB`,
    `fps=1/${sheets.secondsPerCell}:eof_action=pass`,
    'select=gte(pts\\,0)',
  ];
  return {
    filters: [
      ...(keyFramesOnly ? [scale, ...rate] : [...rate, scale]),
      'setsar=1',
      'format=yuvj420p',
      `tile=${sheets.columns}x${sheets.rows}`,
    ],
    options: ['-c:v', 'mjpeg', '-q:v', QUALITY, '-start_number', `${firstSheet}`, '-f', 'image2'],
  };
}

/** Target of `sheetOutput`, relative to the thumbnail folder (a folder's name may hold what image2 takes for a pattern). */
export const SHEET_PATTERN = 'sheet-%05d.jpg';

/** Filters and options that write the one thumbnail of a still. */
export function stillOutput(sheets: ThumbnailSheets): { filters: string[]; options: string[]; file: string } {
  return {
    filters: [`scale=${sheets.cellWidth}:${sheets.cellHeight}:flags=bicubic`, 'setsar=1', 'format=yuvj420p'],
    options: ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', QUALITY, '-update', '1', '-f', 'image2'],
    file: stillSheet,
  };
}

/**
 * The number of the first sheet that has to be made when reading goes on at `seconds` from the first frame: sheets
 * before it are whole on disk and stay.
 */
export async function firstMissingSheet(
  folder: string,
  sheets: ThumbnailSheets,
  seconds: number,
): Promise<number> {
  const open = Math.floor(seconds / secondsPerSheet(sheets));
  for (let number = 0; number < open; number++) {
    if (!(await isWholeJpeg(join(folder, sheetName(number))))) return number;
  }
  return open;
}

async function isWholeJpeg(path: string): Promise<boolean> {
  try {
    const { size } = await stat(path);
    if (size < 4) return false;
    const file = await open(path, 'r');
    try {
      const { buffer } = await file.read(new Uint8Array(2), 0, 2, size - 2);
      return buffer[0] === 0xff && buffer[1] === 0xd9;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Writes `sheets.json`, whole or not at all. */
export async function writeSheets(folder: string, sheets: ThumbnailSheets): Promise<void> {
  const temporary = join(folder, `${SHEETS_FILE}.part`);
  await writeFile(temporary, JSON.stringify(sheets));
  await rename(temporary, join(folder, SHEETS_FILE));
}

/**
 * Reads `sheets.json` of a thumbnail folder.
 * @throws TubeletError `not-found` where the file has no thumbnails yet
 */
export async function readSheets(folder: string): Promise<ThumbnailSheets> {
  try {
    return JSON.parse(await readFile(join(folder, SHEETS_FILE), 'utf8')) as ThumbnailSheets;
  } catch (error) {
    throw new TubeletError('not-found', 'There are no thumbnails yet.', { path: folder, cause: error });
  }
}
