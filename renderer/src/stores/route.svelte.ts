import { formatRoute, parseRoute, type Route } from './route.ts';

/** Which screen is shown. Kept in the address after '#', so that back and forward work as everywhere. */
export class RouteStore {
  current = $state<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.current = parseRoute(location.hash);
    });
  }

  /** Goes to a screen; `replace` leaves no trace in the history. */
  go(route: Route, options: { replace?: boolean } = {}): void {
    const hash = formatRoute(route);
    if (hash === location.hash) return;
    if (options.replace === true) {
      history.replaceState(null, '', hash);
      this.current = route;
    } else {
      location.hash = hash;
    }
  }
}
