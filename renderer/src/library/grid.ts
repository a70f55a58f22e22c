/** How cards are laid out: as many columns as fit, cards as wide as the room allows. */
export interface GridLayout {
  readonly columns: number;
  /** Rows of item numbers. */
  readonly rows: number;
}

/** Columns for a width, from the narrowest card and the gap, in pixels. */
export function gridLayout(total: number, width: number, card: number, gap: number): GridLayout {
  const columns = Math.max(1, Math.floor((width + gap) / (card + gap)));
  return { columns, rows: Math.ceil(total / columns) };
}

/** Where an arrow key leads in a grid; the same place where there is no way. Null for other keys. */
export function moveInGrid(key: string, index: number, total: number, columns: number): number | null {
  const to = (next: number): number => (next >= 0 && next < total ? next : index);
  switch (key) {
    case 'ArrowLeft':
      return to(index - 1);
    case 'ArrowRight':
      return to(index + 1);
    case 'ArrowUp':
      return to(index - columns);
    case 'ArrowDown':
      // From the last full row down into a shorter one: its last card.
      return index + columns < total || Math.floor(index / columns) === Math.floor((total - 1) / columns)
        ? to(index + columns)
        : total - 1;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

/**
 * `moveInGrid` where a heading stands between the first `before` cards and the rest, so that the rest begins a row of its
 * own.
 */
export function moveInParts(
  key: string,
  index: number,
  total: number,
  columns: number,
  before: number,
): number | null {
  const hole = before < total ? (columns - (before % columns)) % columns : 0;
  const place = index < before ? index : index + hole;
  if (key === 'Home' || key === 'End') return moveInGrid(key, index, total, columns);
  if (key === 'ArrowLeft' || key === 'ArrowRight') return moveInGrid(key, index, total, columns);
  const next = moveInGrid(key, place, total + hole, columns);
  if (next === null) return null;
  if (next < before) return next;
  // Into the empty end of the row above the heading: its last card.
  if (next < before + hole) return before - 1;
  return next - hole;
}

/** So many cards fill a view: what has to be drawn at once. In pixels; at least one row. */
export function cardsInView(width: number, height: number, card: number, row: number): number {
  return Math.max(1, Math.ceil(width / card)) * Math.max(1, Math.ceil(height / row) + 1);
}

/** The rows that are drawn: those in view and a few around them. */
export interface RowWindow {
  readonly first: number;
  readonly count: number;
}

/** Which rows to draw for a view that starts at `top`. The count depends on the view alone, so that rows can be re-used. */
export function rowWindow(
  top: number,
  view: number,
  rowHeight: number,
  rows: number,
  around: number,
): RowWindow {
  if (rowHeight <= 0) return { first: 0, count: Math.min(rows, 1) };
  const count = Math.min(rows, Math.ceil(view / rowHeight) + 1 + 2 * around);
  const first = Math.floor(top / rowHeight) - around;
  return { first: Math.max(0, Math.min(first, rows - count)), count };
}

/**
 * The row that each slot shows. A row keeps its slot for as long as it is drawn; scrolling by one row changes one slot,
 * so that the cards that leave at one end are those that come in at the other.
 */
export function rowsOfSlots({ first, count }: RowWindow): number[] {
  return Array.from({ length: count }, (_, slot) => first + ((((slot - first) % count) + count) % count));
}
