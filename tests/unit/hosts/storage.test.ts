import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Storage } from '../../../electron/hosts/channels/storage.ts';

describe('the room that a library takes', () => {
  let library: string;
  beforeEach(async () => {
    library = await mkdtemp(join(tmpdir(), 'tubelet-storage-'));
  });
  afterEach(async () => {
    await rm(library, { recursive: true });
  });

  it('is counted in the background, and told when it is known', async () => {
    await writeFile(join(library, 'library.sqlite'), 'x'.repeat(100));
    await writeFile(join(library, 'library.sqlite-wal'), 'x'.repeat(20));
    await writeFile(join(library, 'unrelated.txt'), 'x'.repeat(7));
    for (const file of ['a', 'b']) {
      await mkdir(join(library, 'thumbnails', file), { recursive: true });
      await writeFile(join(library, 'thumbnails', file, 'sheet-00000.jpg'), 'x'.repeat(30));
    }
    const counted = Promise.withResolvers<undefined>();
    const storage = new Storage(library, () => {
      counted.resolve(undefined);
    });
    expect(storage.sizes).toEqual({ databaseBytes: 0, thumbnailBytes: 0 });
    await counted.promise;
    expect(storage.sizes).toEqual({ databaseBytes: 120, thumbnailBytes: 60 });
  });
});
