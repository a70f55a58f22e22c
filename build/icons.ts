import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { iconPixels, iconSvg } from './icon-shape.ts';
import { encodePng } from './png.ts';

/** Draws the icons that packaging needs: `node build/icons.ts`. electron-builder makes .icns and .ico of the largest. */
const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];

const folder = join(import.meta.dirname, 'icons');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'icon.svg'), iconSvg());
for (const size of SIZES) {
  await writeFile(join(folder, `${size}x${size}.png`), encodePng(iconPixels(size), size, size));
}
await writeFile(join(import.meta.dirname, 'icon.png'), encodePng(iconPixels(1024), 1024, 1024));
