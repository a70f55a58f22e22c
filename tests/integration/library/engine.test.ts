import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { examine } from '../../../electron/engine/doctor.ts';
import { Engine } from '../../../electron/engine/engine.ts';
import type { PathOutcome } from '../../../electron/engine/library/outcomes.ts';
import { builtInPacks } from '../../../electron/engine/pack-folders.ts';
import { DEFAULT_SETTINGS } from '../../../electron/engine/settings.ts';
import { temporaryFolder } from '../../unit/library/fixtures.ts';
import { drawFilm, drawPhoto } from './films.ts';

/** Another pack to test with: its id or folder. */
const PACK = process.env['TUBELET_TEST_PACK'] ?? 'mammut-ti';
const hasPack = existsSync(PACK) || existsSync(join(builtInPacks(), PACK, 'manifest.json'));
if (!hasPack) console.log(`Skipped in part: the pack ${PACK} is not there.`);

function openEngine(library = temporaryFolder(), pack = PACK): Engine {
  const engine = Engine.open({ library, pack });
  onTestFinished(() => engine.close());
  return engine;
}

function folderOfFilms(): string {
  const folder = join(temporaryFolder(), 'films');
  mkdirSync(folder);
  drawFilm(join(folder, 'film.mp4'), 16);
  drawPhoto(join(folder, 'photo.png'), 'purple');
  return folder;
}

describe('an engine', () => {
  it('opens at once, without programs or packs, and says what is wrong with them only when asked', async () => {
    const engine = openEngine(temporaryFolder(), 'no-such-pack');
    await engine.changeSettings({ ffmpegPath: '/nowhere/ffmpeg' });
    expect(await engine.status()).toMatchObject({
      pack: null,
      packError: { code: 'pack-missing' },
      totals: { media: 0 },
    });
    const { ok, checks } = await examine(engine);
    expect(ok).toBe(false);
    const failed = checks.filter(({ state }) => state === 'failed').map(({ id }) => id);
    expect(failed).toEqual(['ffmpeg', 'pack', 'device', 'vision', 'language']);
    await engine.changeSettings({ ffmpegPath: null });
    expect((await engine.binaries()).ffmpeg.version).toBeTruthy();
  });

  it('keeps settings in the library, and passes over what it does not understand', async () => {
    const library = temporaryFolder();
    const first = Engine.open({ library });
    expect(first.settings()).toEqual(DEFAULT_SETTINGS);
    await first.changeSettings({ theme: 'dark', mode: 'fast' });
    first.store.setSetting('settings', { theme: 'dark', mode: 'sideways', future: 1 });
    await first.close();
    expect(openEngine(library).settings()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
  });
});

describe.skipIf(!hasPack)('an engine with its pack', () => {
  it('answers searches while it is indexing', async () => {
    const engine = openEngine();
    const folder = folderOfFilms();
    await engine.index([join(folder, 'photo.png')]);
    const searcher = await engine.searcher();
    const ended = new AbortController();
    const done = engine.index([folder]).finally(() => {
      ended.abort();
    });
    let answers = 0;
    while (!ended.signal.aborted) {
      const reply = await searcher.moments(`a purple picture, time ${answers}`);
      expect(reply.moments[0]?.path).toContain(folder);
      answers += 1;
    }
    expect(await done).toMatchObject({ files: 2, indexed: 2, failed: 0 });
    expect(answers).toBeGreaterThan(1);
    const after = await searcher.moments('anything');
    expect(after.clips).toBe(engine.store.totals((await engine.pack()).facts.revision).clips);
  });

  it('indexes a second time without work, and forgets a folder with its thumbnails', async () => {
    const engine = openEngine();
    const folder = folderOfFilms();
    await engine.index([folder]);
    const outcomes: PathOutcome[] = [];
    const again = await engine.index([folder, join(folder, 'film.mp4')], {
      onFile: (outcome) => outcomes.push(outcome),
    });
    expect(again).toMatchObject({ files: 2, indexed: 2 });
    expect(outcomes.map(({ state }) => state)).toEqual(['indexed', 'indexed']);
    const thumbnails = join(engine.store.directory, 'thumbnails');
    expect(readdirSync(thumbnails)).toHaveLength(2);
    rmSync(join(folder, 'photo.png'));
    expect((await engine.look(folder)).missing).toHaveLength(1);
    await engine.removeRoot(engine.store.roots()[0]!.id);
    expect(readdirSync(thumbnails)).toEqual([]);
    expect(engine.store.totals('any')).toMatchObject({ media: 0, clips: 0, thumbnailBytes: 0 });
  });
});
