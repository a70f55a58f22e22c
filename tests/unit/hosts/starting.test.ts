import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findElectron,
  obtainElectron,
  windowObstacle,
  type Surroundings,
} from '../../../electron/hosts/electron-program.ts';
import { openCommand } from '../../../electron/hosts/http/browser.ts';
import { ensurePage, pagePlaces, type PagePlaces } from '../../../electron/hosts/http/page-build.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tubelet-starting-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('Electron’s program', () => {
  it('is found where its package has put it', async () => {
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'path.txt'), 'electron');
    await writeFile(join(folder, 'dist', 'electron'), '');
    expect(findElectron(folder)).toEqual({ path: join(folder, 'dist', 'electron') });
  });

  it('is missing, with the reason, where it was not fetched', async () => {
    expect(findElectron(folder)).toMatchObject({
      path: null,
      reason: expect.stringContaining('not been fetched') as string,
    });
    await writeFile(join(folder, 'path.txt'), 'electron');
    expect(findElectron(folder)).toMatchObject({ path: null });
    expect(findElectron(null)).toEqual({ path: null, reason: 'the electron package is not installed' });
  });

  describe('where a window can be shown', () => {
    const desk: Surroundings = { platform: 'linux', environment: { DISPLAY: ':0' }, user: 1000 };
    const said: string[] = [];
    const obtain = (surroundings = desk): ReturnType<typeof obtainElectron> =>
      obtainElectron((line) => said.push(line), folder, surroundings);

    it('is fetched by its package’s own installer', async () => {
      const program = join(folder, 'dist', 'electron');
      await writeFile(
        join(folder, 'install.js'),
        `const fs = require('fs'); fs.mkdirSync(__dirname + '/dist');
         fs.writeFileSync(__dirname + '/path.txt', 'electron'); fs.writeFileSync(__dirname + '/dist/electron', '');`,
      );
      expect(await obtain()).toEqual({ path: program });
      expect(said.join()).toContain('Fetching Electron');
    });

    it('is missing with the installer’s own words where it cannot be fetched', async () => {
      await writeFile(join(folder, 'install.js'), `console.error('no route to host'); process.exit(1);`);
      expect(await obtain()).toEqual({
        path: null,
        reason: 'its program could not be fetched (no route to host)',
      });
    });

    it('is not fetched where no window could be shown', async () => {
      expect(await obtain({ ...desk, environment: {} })).toEqual({
        path: null,
        reason: 'there is no display',
      });
      expect(windowObstacle({ ...desk, user: 0 })).toContain('root');
      expect(windowObstacle({ ...desk, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull();
      expect(windowObstacle({ platform: 'darwin', environment: {}, user: 0 })).toBeNull();
    });
  });
});

describe('the browser', () => {
  it('is opened by the system’s own way, where there is something to show it on', () => {
    expect(openCommand('darwin', {})).toEqual({ command: 'open', args: [] });
    expect(openCommand('win32', {})?.command).toBe('rundll32');
    expect(openCommand('linux', { DISPLAY: ':0' })?.command).toBe('xdg-open');
    expect(openCommand('linux', { WAYLAND_DISPLAY: 'wayland-0' })?.command).toBe('xdg-open');
    expect(openCommand('linux', {})).toBeNull();
  });
});

describe('the page', () => {
  let places: PagePlaces;
  let said: string[];
  const say = (line: string): void => {
    said.push(line);
  };

  /** Sources whose build is a file with one line; real Vite builds it. */
  beforeEach(async () => {
    said = [];
    const sources = join(folder, 'renderer');
    places = { built: join(folder, 'built'), sources, configuration: join(sources, 'vite.config.mjs') };
    await mkdir(sources);
    await writeFile(join(sources, 'index.html'), '<!doctype html><title>A page</title>');
    await writeFile(
      places.configuration,
      `export default ${JSON.stringify({ root: sources, build: { outDir: places.built, emptyOutDir: true } })};`,
    );
  });

  it('is built when it is not there, once', async () => {
    expect(await ensurePage(places, say)).toBe(places.built);
    expect(said).toEqual(['Building the page (once) …']);
    await ensurePage(places, say);
    expect(said).toHaveLength(1);
  });

  it('is built anew when its sources are newer', async () => {
    await ensurePage(places, say);
    const later = new Date(Date.now() + 60_000);
    await utimes(join(places.sources, 'index.html'), later, later);
    await ensurePage(places, say);
    expect(said.at(-1)).toBe('Building the page anew, its sources have changed …');
  });

  it('that cannot be built says why', async () => {
    await writeFile(places.configuration, 'export default { root: missing }');
    await expect(ensurePage(places, say)).rejects.toMatchObject({
      name: 'TubeletError',
      message: expect.stringContaining('missing') as string,
    });
  });

  it('of an installed app is taken as it is, or its absence is said', async () => {
    const installed = { ...places, configuration: join(folder, 'none') };
    await expect(ensurePage(installed, say)).rejects.toMatchObject({
      message: 'The page of the app is not there.',
    });
    await mkdir(places.built);
    await writeFile(join(places.built, 'index.html'), '');
    expect(await ensurePage(installed, say)).toBe(places.built);
    expect(said).toEqual([]);
  });

  it('has its sources in this checkout', () => {
    expect(pagePlaces().sources.endsWith('renderer')).toBe(true);
  });
});
