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
