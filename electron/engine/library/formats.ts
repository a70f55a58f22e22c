import { extname } from 'node:path';

/** Endings of the files that a scan takes for videos. What a file really is, the probe says. */
const VIDEO = new Set(
  (
    '.3g2 .3gp .asf .avi .divx .dv .f4v .flv .m2ts .m2v .m4v .mkv .mov .mp4 .mpeg .mpg .mts .mxf .ogm .ogv ' +
    '.rm .rmvb .ts .vob .webm .wmv'
  ).split(' '),
);

/** Endings of the files that a scan takes for still images. */
const IMAGE = new Set('.avif .bmp .gif .heic .heif .jfif .jpe .jpeg .jpg .png .tif .tiff .webp'.split(' '));

/** What a file's name says that it holds; null for a name that is neither a video's nor an image's. */
export function kindOfName(path: string): 'video' | 'image' | null {
  const ending = extname(path).toLowerCase();
  if (VIDEO.has(ending)) return 'video';
  return IMAGE.has(ending) ? 'image' : null;
}
