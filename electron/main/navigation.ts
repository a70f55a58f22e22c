import type { WebContents } from 'electron';
import type { Log } from '../hosts/contract/log.ts';
import { isOwnPage } from './address.ts';

/** Keeps a window where it is: it shows the app's page and nothing else, and opens no other window. */
export function forbidNavigation(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>, log: Log): void {
  const refuseForeign = (event: { preventDefault(): void; url: string }): void => {
    if (isOwnPage(event.url)) return;
    event.preventDefault();
    log({ level: 'refused', what: 'navigation', detail: event.url });
  };
  contents.on('will-navigate', refuseForeign);
  contents.on('will-frame-navigate', refuseForeign);
  contents.on('will-redirect', refuseForeign);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log({ level: 'refused', what: 'an embedded page' });
  });
  contents.setWindowOpenHandler(({ url }) => {
    log({ level: 'refused', what: 'new window', detail: url });
    return { action: 'deny' };
  });
}
