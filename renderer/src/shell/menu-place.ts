/** What a menu hangs from. */
export interface MenuAnchor {
  /** A button's box or a point, in pixels of the window. */
  readonly at: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  /** Which edge of `at` it hangs from. */
  readonly align: 'start' | 'end';
}

const EDGE = 6;

/** Where an open menu goes: below what it belongs to, above it where there is no room, always inside the window. */
export function menuPlace(
  { at, align }: MenuAnchor,
  size: { readonly width: number; readonly height: number },
  window: { readonly width: number; readonly height: number },
): { left: number; top: number } {
  const left = align === 'start' ? at.left : at.right - size.width;
  const fitsBelow = at.bottom + size.height + EDGE <= window.height;
  const top = fitsBelow ? at.bottom : at.top - size.height;
  return {
    left: Math.max(EDGE, Math.min(left, window.width - size.width - EDGE)),
    top: Math.max(EDGE, Math.min(top, window.height - size.height - EDGE)),
  };
}

/** Which item a key leads to among those that can be chosen; null for other keys. */
export function moveInMenu(key: string, index: number, usable: readonly number[]): number | null {
  const place = usable.indexOf(index);
  switch (key) {
    case 'ArrowDown':
      return usable[(place + 1) % usable.length] ?? null;
    case 'ArrowUp':
      return usable[(Math.max(place, 0) - 1 + usable.length) % usable.length] ?? null;
    case 'Home':
      return usable[0] ?? null;
    case 'End':
      return usable.at(-1) ?? null;
    default:
      return null;
  }
}
