import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSidecar, importSubtitles, sidecarsOf } from '../../../electron/engine/captions/sidecar.ts';
import { addVideo, temporaryFolder, temporaryStore } from './library.ts';

const SRT = '1\n00:00:01,000 --> 00:00:02,000\nA lighthouse keeper speaks\n';

describe('subtitles beside a video', () => {
  it('are found by its name, with or without a language, the plainest first', async () => {
    const folder = temporaryFolder();
    for (const name of [
      'trip.en.srt',
      'trip.SRT',
      'trip.vtt',
      'trip-2.srt',
      'trips.srt',
      'trip.my notes.srt',
      'trip.txt',
    ]) {
      writeFileSync(join(folder, name), SRT);
    }
    const found = await sidecarsOf(join(folder, 'trip.mp4'));
    expect(found.map((path) => path.slice(folder.length + 1))).toEqual([
      'trip.SRT',
      'trip.vtt',
      'trip.en.srt',
    ]);
  });

  it('are read into the library, can be searched by their words, and replace those read before', async () => {
    const folder = temporaryFolder();
    const store = temporaryStore();
    const media = addVideo(store, join(folder, 'trip.mp4'), [{ shows: 'sea' }]);
    expect(await importSidecar({ store, mediaId: media.id })).toBeNull();
    writeFileSync(join(folder, 'trip.srt'), `Made by Ann\n\n${SRT}`);
    for (let time = 0; time < 2; time++) {
      const read = await importSidecar({ store, mediaId: media.id });
      expect(read?.captions.map(({ start, text, source }) => [start, text, source])).toEqual([
        [0, 'Made by Ann', 'file'],
        [1, 'A lighthouse keeper speaks', 'file'],
      ]);
    }
    expect(store.searchCaptions('lighthouse', 5)).toHaveLength(1);
  });

  it('say what is wrong with a file that cannot be used', async () => {
    const folder = temporaryFolder();
    const store = temporaryStore();
    const media = addVideo(store, join(folder, 'trip.mp4'), [{ shows: 'sea' }]);
    const read = (name: string): Promise<unknown> =>
      importSubtitles({ store, mediaId: media.id, path: join(folder, name) });
    await expect(read('none.srt')).rejects.toMatchObject({ code: 'not-found' });
    writeFileSync(join(folder, 'empty.srt'), '\n');
    await expect(read('empty.srt')).rejects.toMatchObject({ code: 'usage' });
    mkdirSync(join(folder, 'folder.srt'));
    await expect(read('folder.srt')).rejects.toMatchObject({ code: 'unreadable' });
  });
});
