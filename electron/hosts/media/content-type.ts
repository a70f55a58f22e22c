import { extname } from 'node:path';

/** Types by file extension: what the page itself consists of, and what libraries hold. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.bmp': 'image/bmp',
  '.avif': 'image/avif',
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/mp4',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.ogv': 'video/ogg',
  '.avi': 'video/x-msvideo',
};

/** What a file of the page is, or undefined where the page has no such files: those are not served. */
export function pageContentType(path: string): string | undefined {
  const extension = extname(path).toLowerCase();
  return /^\.(html|js|css|json|svg|woff2|ico|png|jpg|webp)$/.test(extension) ? TYPES[extension] : undefined;
}

/**
 * What a library's file is. QuickTime is told as MP4, which Chromium plays as the same thing; SVG and HTML are never
 * told, so that no file of a library can run as a page.
 */
export function mediaContentType(path: string): string {
  const type = TYPES[extname(path).toLowerCase()];
  return type !== undefined && /^(video|image)\//.test(type) && type !== 'image/svg+xml'
    ? type
    : 'application/octet-stream';
}
