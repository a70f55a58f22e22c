/** A place in the app. */
export type Route =
  | { readonly screen: 'library' | 'search' | 'ask' | 'health' | 'settings' }
  | { readonly screen: 'watch'; readonly mediaId: number; readonly at: number | null };

export type Screen = Route['screen'];

const PLAIN: ReadonlySet<string> = new Set(['library', 'search', 'ask', 'health', 'settings']);

/** Reads `#/watch/12/34.5` and its like; anything else is the library. */
export function parseRoute(hash: string): Route {
  const [screen = '', id = '', at = ''] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'watch' && /^[1-9]\d*$/.test(id)) {
    return { screen, mediaId: Number(id), at: /^\d+(\.\d+)?$/.test(at) ? Number(at) : null };
  }
  return { screen: PLAIN.has(screen) ? (screen as 'library') : 'library' };
}

/** The address of a place, to the millisecond. */
export function formatRoute(route: Route): string {
  if (route.screen !== 'watch') return `#/${route.screen}`;
  const at = route.at === null ? '' : `/${Number(route.at.toFixed(3))}`;
  return `#/watch/${route.mediaId}${at}`;
}
