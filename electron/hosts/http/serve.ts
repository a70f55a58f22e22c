import type { EngineOptions } from '../../engine/engine.ts';
import { streamLog, type Log } from '../contract/log.ts';
import { openApp } from '../dispatch.ts';
import { openInBrowser } from './browser.ts';
import { ensurePage, pagePlaces } from './page-build.ts';
import { startHttpHost } from './server.ts';

/** How the app is served to a browser on this machine. */
export interface ServeOptions extends EngineOptions {
  /** 0 or absent: the system chooses. */
  readonly port?: number;
  /** Opens the address in the person's browser as well. */
  readonly openBrowser?: boolean;
  /** What goes on, in sentences; stderr unless told. */
  readonly say?: (line: string) => void;
  /** What was refused and what failed; stderr unless told. */
  readonly log?: Log;
}

/** The running app. */
export interface Serving {
  readonly port: number;
  /** The address to open; the token in it lets a browser in. */
  readonly url: string;
  /** Stops: connections end, background work stops where it can go on, the library is let go. */
  close(): Promise<void>;
}

/**
 * Serves the app to a browser on this machine. The page is built first where it has to be.
 *
 * @throws TubeletError `library-busy` and its like, or `usage` where the port is taken.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const {
    port = 0,
    openBrowser = false,
    say = (line) => process.stderr.write(`${line}\n`),
    log = streamLog(process.stderr),
    ...engineOptions
  } = options;
  const pageDirectory = await ensurePage(pagePlaces(), say);
  const app = await openApp(engineOptions, log);
  try {
    const host = await startHttpHost({
      dispatcher: app.dispatcher,
      media: app.media,
      pageDirectory,
      port,
      log,
    });
    if (openBrowser) await openInBrowser(host.url, log);
    return {
      port: host.port,
      url: host.url,
      async close() {
        await host.close();
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Resolves when the person asks to stop (Ctrl+C, or the system does). A second time ends at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(130));
      });
    }
  });
}
