import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openableMedia,
  openableSheet,
  type MediaPlace,
  type MediaPlaces,
} from '../../../electron/hosts/media/access.ts';
import { rememberingLog } from '../../integration/hosts/small-engine.ts';

let base: string;
let root: string;
let known: Map<number, MediaPlace>;
const places: MediaPlaces = { place: (id) => Promise.resolve(known.get(id)) };

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'tubelet-access-')));
  root = join(base, 'films');
  await mkdir(join(root, 'deep'), { recursive: true });
  await mkdir(join(base, 'films-secret'));
  await writeFile(join(root, 'deep', 'walk.mp4'), 'moving pictures');
  await writeFile(join(base, 'films-secret', 'secret.mp4'), 'not yours');
  known = new Map();
});

afterEach(async () => {
  await rm(base, { recursive: true });
});

function know(id: number, path: string, at = root): void {
  known.set(id, { id, path, root: at, facts: null, thumbnails: null });
}

describe('a file of the library', () => {
  it('opens by its id, with its size', async () => {
    know(1, join(root, 'deep', 'walk.mp4'));
    const { log, entries } = rememberingLog();
    const file = await openableMedia(places, 1, log);
    expect(file.path).toBe(join(root, 'deep', 'walk.mp4'));
    expect(file.bytes).toBe('moving pictures'.length);
    expect(entries).toEqual([]);
  });

  it('opens where the root is that one file', async () => {
    const path = join(root, 'deep', 'walk.mp4');
    know(1, path, path);
    expect((await openableMedia(places, 1, rememberingLog().log)).path).toBe(path);
  });

  it('opens through a root that is itself a link', async () => {
    await symlink(root, join(base, 'link-to-films'));
    know(1, join(base, 'link-to-films', 'deep', 'walk.mp4'), join(base, 'link-to-films'));
    expect((await openableMedia(places, 1, rememberingLog().log)).path).toBe(join(root, 'deep', 'walk.mp4'));
  });
});

describe('an attack is refused and written down:', () => {
  async function expectRefusal(id: number, code: string, what: string): Promise<void> {
    const { log, entries } = rememberingLog();
    await expect(openableMedia(places, id, log)).rejects.toMatchObject({ name: 'TubeletError', code });
    expect(entries).toMatchObject([{ level: 'refused', what }]);
  }

  it('an id that the library does not have', async () => {
    await expectRefusal(42, 'not-found', 'unknown media');
  });

  it('a path outside its root', async () => {
    know(1, join(base, 'films-secret', 'secret.mp4'));
    await expectRefusal(1, 'outside-library', 'leads out of the library');
  });

  it('a path that climbs out of its root', async () => {
    know(1, `${root}/deep/../../films-secret/secret.mp4`);
    await expectRefusal(1, 'outside-library', 'leads out of the library');
  });

  it('a link to a file outside', async () => {
    await symlink(join(base, 'films-secret', 'secret.mp4'), join(root, 'innocent.mp4'));
    know(1, join(root, 'innocent.mp4'));
    await expectRefusal(1, 'outside-library', 'leads out of the library');
  });

  it('a linked folder that leads outside', async () => {
    await symlink(join(base, 'films-secret'), join(root, 'more'));
    know(1, join(root, 'more', 'secret.mp4'));
    await expectRefusal(1, 'outside-library', 'leads out of the library');
  });

  it('a file that is gone', async () => {
    know(1, join(root, 'gone.mp4'));
    await expectRefusal(1, 'not-found', 'file is gone');
  });

  it('a folder in place of a file', async () => {
    know(1, join(root, 'deep'));
    await expectRefusal(1, 'not-found', 'not a plain file');
  });

  it('a sheet of thumbnails that is a link to somewhere else', async () => {
    const sheets = join(base, 'thumbnails');
    await mkdir(sheets);
    await symlink(join(base, 'films-secret', 'secret.mp4'), join(sheets, 'sheet-00001.jpg'));
    known.set(1, { id: 1, path: join(root, 'deep', 'walk.mp4'), root, facts: null, thumbnails: sheets });
    const { log, entries } = rememberingLog();
    await expect(openableSheet(places, 1, 1, log)).rejects.toMatchObject({
      code: 'outside-library',
    });
    expect(entries).toHaveLength(1);
  });

  it('a sheet of a file that has none', async () => {
    know(1, join(root, 'deep', 'walk.mp4'));
    const { log, entries } = rememberingLog();
    await expect(openableSheet(places, 1, 1, log)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(entries).toMatchObject([{ what: 'no thumbnails' }]);
  });
});
