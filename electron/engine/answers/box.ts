/** A box from a heat map whose cells are large: its edges lie between cells. Pure. */

/** Fractions of the frame: left, top, width, height. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Steps that each cell is divided into. */
const STEPS = 8;

/** The heat at a place given in cells (the middle of the first cell is 0.5), linear between the cells' middles. */
function heatAt(heat: readonly (readonly number[])[], x: number, y: number): number {
  const rows = heat.length;
  const columns = heat[0]?.length ?? 0;
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const [column, row] = [clamp(x - 0.5, columns - 1), clamp(y - 0.5, rows - 1)];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const at = (r: number, c: number): number => heat[Math.min(rows - 1, r)]?.[Math.min(columns - 1, c)] ?? 0;
  const [right, down] = [column - left, row - top];
  const upper = at(top, left) * (1 - right) + at(top, left + 1) * right;
  const lower = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
  return upper * (1 - down) + lower * down;
}

/** The heat that separates the thing from what is around it: half way from the coolest quarter of the cells to the peak. */
function edgeLevel(cells: readonly number[], peak: number): number {
  const sorted = [...cells].sort((a, b) => a - b);
  const floor = sorted[Math.floor((sorted.length - 1) / 4)] ?? 0;
  return floor < peak / 2 ? (floor + peak) / 2 : peak / 2;
}

/**
 * The box around the hottest place: the connected region above half way from the background to the peak (its full width
 * at half maximum), with edges found between cells by linear interpolation. A map that is hot throughout gives the whole
 * frame; null for one without any heat.
 */
export function boxOfHeat(heat: readonly (readonly number[])[]): Box | null {
  const rows = heat.length;
  const columns = heat[0]?.length ?? 0;
  const cells = heat.flat();
  const peak = Math.max(...cells);
  if (rows === 0 || columns === 0 || !(peak > 0)) return null;
  const level = edgeLevel(cells, peak);
  const [height, width] = [rows * STEPS, columns * STEPS];
  const hot = (row: number, column: number): boolean =>
    heatAt(heat, (column + 0.5) / STEPS, (row + 0.5) / STEPS) >= level;

  const cell = cells.indexOf(peak);
  const start = [Math.floor(cell / columns), cell % columns].map((at) => at * STEPS + STEPS / 2) as [
    number,
    number,
  ];
  const seen = new Set<number>([start[0] * width + start[1]]);
  const open = [start];
  let [top, left] = start;
  let [bottom, right] = start;
  for (let place = open.pop(); place; place = open.pop()) {
    const [row, column] = place;
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    for (const [r, c] of [
      [row - 1, column],
      [row + 1, column],
      [row, column - 1],
      [row, column + 1],
    ] as const) {
      const id = r * width + c;
      if (r < 0 || c < 0 || r >= height || c >= width || seen.has(id) || !hot(r, c)) continue;
      seen.add(id);
      open.push([r, c]);
    }
  }
  return [left / width, top / height, (right - left + 1) / width, (bottom - top + 1) / height];
}
