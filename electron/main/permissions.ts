import type { Session } from 'electron';
import { APP_ORIGIN } from './address.ts';

/** The player's full screen is the one thing that the page may ask for. */
const ALLOWED = 'fullscreen';

/** Denies every permission to everyone, save full screen to the app's own page. Devices are never handed out. */
export function denyPermissions(
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    decide(permission === ALLOWED && isOwnOrigin(details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return permission === ALLOWED && isOwnOrigin(origin);
  });
  session.setDevicePermissionHandler(() => false);
}

function isOwnOrigin(url: string | undefined): boolean {
  return url === APP_ORIGIN || url?.startsWith(`${APP_ORIGIN}/`) === true;
}
