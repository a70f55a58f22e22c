/** A rectangle in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a picture lies in a room that contains all of it: what `object-fit: contain` does. */
export function containedBox(room: { width: number; height: number }, ratio: number): Box {
  const width = Math.min(room.width, room.height * ratio);
  const height = width / ratio;
  return { left: (room.width - width) / 2, top: (room.height - height) / 2, width, height };
}

/** True where two times, in seconds, show the same frame. */
export function isSameFrame(one: number, other: number, frameRate: number): boolean {
  return Math.abs(one - other) < 0.5 / Math.max(frameRate, 1);
}
