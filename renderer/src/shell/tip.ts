/** A rectangle on screen, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GAP = 6;
const EDGE = 4;

/** Where a tip goes: centred under what it belongs to, above it where there is no room, always inside the window. */
export function tipPlace(
  anchor: Box,
  tip: { readonly width: number; readonly height: number },
  window: { readonly width: number; readonly height: number },
): { left: number; top: number } {
  const centred = anchor.left + anchor.width / 2 - tip.width / 2;
  const below = anchor.top + anchor.height + GAP;
  return {
    left: Math.max(EDGE, Math.min(centred, window.width - tip.width - EDGE)),
    top: below + tip.height + EDGE <= window.height ? below : anchor.top - GAP - tip.height,
  };
}
