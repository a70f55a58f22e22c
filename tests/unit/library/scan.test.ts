import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindOfName } from '../../../electron/engine/library/formats.ts';
import { walk } from '../../../electron/engine/library/scan.ts';
import { temporaryFolder } from './fixtures.ts';

function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  return folder;
}

describe('walking a folder', () => {
  it('finds videos and images at every depth in the order of their paths', async () => {
    const folder = folderWith('b.MP4', 'a/deep/c.mkv', 'a/photo.JPG', 'notes.txt', 'a/x.srt');
    const { files, problems } = await walk(folder, []);
    expect(files.map((file) => [file.path.slice(folder.length + 1), file.kind])).toEqual([
      ['a/deep/c.mkv', 'video'],
      ['a/photo.JPG', 'image'],
      ['b.MP4', 'video'],
    ]);
    expect(files[2]).toMatchObject({ bytes: 5, modifiedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string });
    expect(problems).toEqual([]);
  });

  it('passes over hidden names, links and the folders it is told to', async () => {
    const folder = folderWith('.hidden/a.mp4', '.b.mp4', 'own/thumb.jpg', 'kept.mp4');
    const outside = folderWith('secret.mp4');
    symlinkSync(outside, join(folder, 'link'));
    symlinkSync(join(outside, 'secret.mp4'), join(folder, 'link.mp4'));
    symlinkSync(folder, join(folder, 'loop'));
    const { files } = await walk(folder, [join(folder, 'own')]);
    expect(files.map((file) => file.path)).toEqual([join(folder, 'kept.mp4')]);
  });

  it('takes a single file as it is, whatever its name', async () => {
    const folder = folderWith('film.unknown');
    expect((await walk(join(folder, 'film.unknown'), [])).files).toHaveLength(1);
  });

  it('says what is wrong with a path that is not there', async () => {
    const path = join(temporaryFolder(), 'nothing');
    await expect(walk(path, [])).rejects.toMatchObject({
      code: 'not-found',
      path,
      hint: expect.any(String) as string,
    });
  });

  it.skipIf(process.getuid?.() === 0 ? skipReason('root reads every folder') : false)(
    'reports an unreadable folder and goes on',
    async () => {
      const folder = folderWith('closed/a.mp4', 'open/b.mp4');
      chmodSync(join(folder, 'closed'), 0);
      const { files, problems } = await walk(folder, []);
      chmodSync(join(folder, 'closed'), 0o700);
      expect(files).toHaveLength(1);
      expect(problems).toMatchObject([{ code: 'unreadable', path: join(folder, 'closed') }]);
    },
  );

  it('stops when it is told to', async () => {
    const folder = folderWith('a.mp4');
    await expect(walk(folder, [], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('names', () => {
  it('tell videos from images from everything else', () => {
    expect(['a.mov', 'B.MKV', 'c.heic', 'd.tar.gz', 'mp4', '.mp4'].map(kindOfName)).toEqual([
      'video',
      'video',
      'image',
      null,
      null,
      null,
    ]);
  });
});

function skipReason(reason: string): true {
  console.log(`Skipped: ${reason}.`);
  return true;
}
