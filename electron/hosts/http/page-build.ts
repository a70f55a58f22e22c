import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportOf, TubeletError } from '../../engine/errors.ts';

/** The page's sources and what is made of them. */
export interface PagePlaces {
  /** Folder with the built page. */
  readonly built: string;
  /** Folder with the sources; not there in an installed app. */
  readonly sources: string;
  /** The bundler's configuration. */
  readonly configuration: string;
}

/** The places in the checkout or installation that this file lies in, source or compiled. */
export function pagePlaces(): PagePlaces {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      const sources = join(folder, 'renderer');
      return {
        built: join(folder, 'dist', 'renderer'),
        sources,
        configuration: join(sources, 'vite.config.ts'),
      };
    }
    if (folder === dirname(folder)) {
      throw new TubeletError('internal', 'The folder of the app was not found.', {
        hint: 'Install Tubelet again.',
      });
    }
  }
}

/**
 * The folder of the built page. In a checkout it is built first where it is missing or older than its sources, and
 * `say` is told so.
 *
 * @throws TubeletError `internal` where it is missing and cannot be built.
 */
export async function ensurePage(places: PagePlaces, say: (line: string) => void): Promise<string> {
  const { built, sources, configuration } = places;
  const made = await modifiedAt(join(built, 'index.html'));
  if (existsSync(configuration)) {
    const newest = await newestIn(sources);
    if (made === null || newest > made) {
      say(
        made === null ? 'Building the page (once) …' : 'Building the page anew, its sources have changed …',
      );
      await build(configuration);
    }
    return built;
  }
  if (made === null) {
    throw new TubeletError('internal', 'The page of the app is not there.', {
      path: built,
      hint: 'Run `npm run build`, or install Tubelet again.',
    });
  }
  return built;
}

async function build(configuration: string): Promise<void> {
  try {
    const vite = await import('vite');
    await vite.build({ configFile: configuration, logLevel: 'warn' });
  } catch (error) {
    throw new TubeletError('internal', `The page could not be built: ${reportOf(error).message}`, {
      path: configuration,
      hint: 'Run `npm ci`, then `npm run build` to see the whole message.',
      cause: error,
    });
  }
}

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => modifiedAt(join(entry.parentPath, entry.name))),
  );
  return Math.max(0, ...times.map((time) => time ?? 0));
}

async function modifiedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
