import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the library lies when nothing else was said: `TUBELET_LIBRARY`, else the system's place for an application's
 * data (on Linux by the XDG base directory specification).
 */
export function defaultLibrary(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  const chosen = environment['TUBELET_LIBRARY'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Tubelet');
  if (platform === 'win32')
    return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Tubelet');
  const data = environment['XDG_DATA_HOME'];
  // The specification: a path that is not absolute is to be ignored.
  return join(data?.startsWith('/') === true ? data : join(home, '.local', 'share'), 'tubelet');
}

/**
 * Where what can be found out again is kept, for all libraries: the devices that proved themselves, the programs that run, the
 * checksums of packs, compiled code. The system's place for caches.
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Tubelet');
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Tubelet', 'Cache');
  const cache = environment['XDG_CACHE_HOME'];
  return join(cache?.startsWith('/') === true ? cache : join(home, '.cache'), 'tubelet');
}
