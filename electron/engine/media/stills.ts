/**
 * What the first bytes of a photograph say: format, size and orientation, without starting a process.
 * JPEG: ITU-T T.81 B.1; EXIF 2.32 4.6 (orientation 0x0112, original time 0x9003); PNG: ISO 15948; WebP: RFC 9649; BMP:
 * BITMAPINFOHEADER. GIF is left to ffprobe, because only its packets tell a picture from a film.
 */

/** How a still is stored. `demuxer` is the ffmpeg input format that reads exactly this, whatever the file is called. */
export interface StillHeader {
  readonly codec: 'mjpeg' | 'png' | 'webp' | 'bmp';
  readonly demuxer: string;
  /** As stored, before rotation. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8; 1 where nothing is said. */
  readonly orientation: number;
  /** EXIF date of taking, ISO 8601 without a zone; null where nothing is said. */
  readonly takenAt: string | null;
}

/** Bytes of the file's beginning that `readStillHeader` wants to see: EXIF and thumbnails come before a JPEG's size. */
export const STILL_HEADER_BYTES = 256 * 1024;

/** Reads the header of a still; null where the bytes are none of the formats above (or an animation). */
export function readStillHeader(bytes: Uint8Array): StillHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 30) return null;
  if (view.getUint16(0) === 0xffd8) return readJpeg(view);
  if (view.getUint32(0) === 0x89504e47) return readPng(bytes, view);
  const magic = ascii(view, 0, 4);
  if (magic === 'RIFF' && ascii(view, 8, 4) === 'WEBP') return readWebp(view);
  if (magic.startsWith('BM') && view.getUint32(14, true) >= 40) {
    return still('bmp', 'bmp_pipe', view.getInt32(18, true), Math.abs(view.getInt32(22, true)));
  }
  return null;
}

function still(
  codec: StillHeader['codec'],
  demuxer: string,
  width: number,
  height: number,
): StillHeader | null {
  return width > 0 && height > 0 ? { codec, demuxer, width, height, orientation: 1, takenAt: null } : null;
}

function readJpeg(view: DataView): StillHeader | null {
  let exif: Exif = { orientation: 1, takenAt: null };
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    const startOfFrame =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (startOfFrame) {
      const size = still('mjpeg', 'jpeg_pipe', view.getUint16(at + 7), view.getUint16(at + 5));
      return size === null ? null : { ...size, ...exif };
    }
    if (marker === 0xe1 && ascii(view, at + 4, 4) === 'Exif') exif = readExif(view, at + 10, at + 2 + length);
    at += 2 + length;
  }
  return null;
}

interface Exif {
  readonly orientation: number;
  readonly takenAt: string | null;
}

const ORIENTATION = 0x0112;
const EXIF_FOLDER = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;

/** Reads the two entries of a TIFF structure that matter here. Anything out of bounds is taken as not said. */
function readExif(view: DataView, start: number, end: number): Exif {
  const last = Math.min(end, view.byteLength);
  if (start + 8 > last) return { orientation: 1, takenAt: null };
  const little = view.getUint16(start) === 0x4949;
  const entries = (offset: number): Map<number, number> => {
    const found = new Map<number, number>();
    const at = start + offset;
    if (at + 2 > last) return found;
    const count = view.getUint16(at, little);
    for (let i = 0; i < count && at + 14 + i * 12 <= last; i++) {
      found.set(view.getUint16(at + 2 + i * 12, little), at + 10 + i * 12);
    }
    return found;
  };
  const main = entries(view.getUint32(start + 4, little));
  const orientationAt = main.get(ORIENTATION);
  const orientation = orientationAt === undefined ? 1 : view.getUint16(orientationAt, little);
  const folderAt = main.get(EXIF_FOLDER);
  const dateAt =
    folderAt === undefined ? undefined : entries(view.getUint32(folderAt, little)).get(DATE_TIME_ORIGINAL);
  const textAt = dateAt === undefined ? last : start + view.getUint32(dateAt, little);
  const date = textAt + 19 <= last ? ascii(view, textAt, 19) : '';
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(date);
  return {
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    takenAt: parts === null || parts[1] === '0000' ? null : `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`,
  };
}

function readPng(bytes: Uint8Array, view: DataView): StillHeader | null {
  // An animated PNG announces itself by acTL before the first IDAT: that is a film, and ffprobe's to describe.
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const animation = head.indexOf('acTL');
  if (animation !== -1 && animation < head.indexOf('IDAT')) return null;
  return still('png', 'png_pipe', view.getUint32(16), view.getUint32(20));
}

function readWebp(view: DataView): StillHeader | null {
  switch (ascii(view, 12, 4)) {
    case 'VP8 ':
      return still('webp', 'webp_pipe', view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return still('webp', 'webp_pipe', (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X': {
      const animated = (view.getUint8(20) & 0x02) !== 0;
      const size = (at: number): number => (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1;
      return animated ? null : still('webp', 'webp_pipe', size(24), size(27));
    }
    default:
      return null;
  }
}

/** Brands of pictures in an ISO media file (ISO 23008-12, AVIF 1.1). `mif1` and `msf1` leave the codec open. */
const PICTURE_BRANDS: Readonly<Record<string, string>> = {
  avif: 'AVIF',
  avis: 'AVIF',
  heic: 'HEIC',
  heix: 'HEIC',
  hevc: 'HEIC',
  hevx: 'HEIC',
  mif1: 'HEIF',
  msf1: 'HEIF',
};

/**
 * The name of a kind of picture that builds of FFmpeg differ in reading (animated WebP, AVIF, HEIC), by the file's first
 * bytes; null for anything else. Where such a file cannot be read, it need not be damaged.
 */
export function rarePictureOf(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.length)).toString('latin1');
  if (text.startsWith('RIFF') && text.slice(8) === 'WEBPVP8X' && ((bytes[20] ?? 0) & 0x02) !== 0)
    return 'animated WebP';
  return text.slice(4, 8) === 'ftyp' ? (PICTURE_BRANDS[text.slice(8, 12)] ?? null) : null;
}

function ascii(view: DataView, at: number, length: number): string {
  let text = '';
  for (let i = at; i < Math.min(at + length, view.byteLength); i++)
    text += String.fromCharCode(view.getUint8(i));
  return text;
}

/** The clockwise turn of an EXIF orientation; mirrored orientations (2, 4, 5, 7) also flip, see `orientationFilters`. */
export function orientationTurn(orientation: number): 0 | 90 | 180 | 270 {
  if (orientation === 3 || orientation === 4) return 180;
  if (orientation === 6 || orientation === 5) return 90;
  if (orientation === 8 || orientation === 7) return 270;
  return 0;
}

/** ffmpeg filters that put a picture of an EXIF orientation upright. */
export function orientationFilters(orientation: number): string[] {
  const filters: Readonly<Record<number, string[]>> = {
    2: ['hflip'],
    3: ['hflip', 'vflip'],
    4: ['vflip'],
    5: ['transpose=cclock_flip'],
    6: ['transpose=clock'],
    7: ['transpose=clock_flip'],
    8: ['transpose=cclock'],
  };
  return filters[orientation] ?? [];
}
