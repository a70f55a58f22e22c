import { appendFileSync, copyFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, fingerprintOf } from '../../../electron/engine/library/fingerprint.ts';
import { temporaryFolder } from './fixtures.ts';

describe('the fingerprint of a file', () => {
  it('reads the whole of a small file and three blocks of a large one', () => {
    const block = 64 * 1024;
    expect(blocksOf(0)).toEqual([]);
    expect(blocksOf(10)).toEqual([{ from: 0, bytes: 10 }]);
    expect(blocksOf(3 * block)).toEqual([{ from: 0, bytes: 3 * block }]);
    expect(blocksOf(10 * block).map((read) => read.from)).toEqual([0, 4.5 * block, 9 * block]);
  });

  it('stays when the file is renamed, copied or touched', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.mp4');
    writeFileSync(path, Buffer.alloc(500_000, 'film'));
    const before = await fingerprintOf(path);
    copyFileSync(path, join(folder, 'copy.mp4'));
    renameSync(path, join(folder, 'b.mp4'));
    utimesSync(join(folder, 'b.mp4'), 1, 1);
    expect(await fingerprintOf(join(folder, 'b.mp4'))).toBe(before);
    expect(await fingerprintOf(join(folder, 'copy.mp4'))).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{32}$/);
  });

  it('differs for a change of length, head, middle or tail', async () => {
    const path = join(temporaryFolder(), 'a.mp4');
    const content = Buffer.alloc(500_000, 'film');
    const prints = new Set<string>();
    for (const at of [null, 5, 250_000, 499_999]) {
      const changed = Buffer.from(content);
      if (at !== null) changed[at] = 0;
      writeFileSync(path, changed);
      prints.add(await fingerprintOf(path));
    }
    writeFileSync(path, content);
    appendFileSync(path, 'f');
    prints.add(await fingerprintOf(path));
    expect(prints.size).toBe(5);
  });
});
