/** The page's own scheme and host: everything the window ever shows. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://tubelet';
export const APP_PAGE = `${APP_ORIGIN}/index.html`;
/** Media by id: `media://file/7`, `media://preview/7?from=12.5`, `media://sheet/7/0`. */
export const MEDIA_SCHEME = 'media';

/** Only the page itself, at any of its places (`#/…`). */
export function isOwnPage(url: string): boolean {
  return url === APP_PAGE || url.startsWith(`${APP_PAGE}#`);
}

/** The address of a place in the app. */
export function placeUrl(place: string): string {
  return `${APP_PAGE}#/${place}`;
}
