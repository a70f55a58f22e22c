import type { CellPlace } from './pictures.ts';

/** Cuts sheets in the browser: they are decoded in a thread of its own. */
export async function cutSheet(url: string, places: readonly CellPlace[]): Promise<ImageBitmap[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The sheet ${url} was answered with ${response.status}.`);
  const sheet = await response.blob();
  const [only] = places;
  if (only !== undefined && places.length === 1) {
    return [await createImageBitmap(sheet, only.x, only.y, only.width, only.height)];
  }
  const whole = await createImageBitmap(sheet);
  try {
    return await Promise.all(
      places.map(({ x, y, width, height }) => createImageBitmap(whole, x, y, width, height)),
    );
  } finally {
    whole.close();
  }
}
