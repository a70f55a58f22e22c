import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VerdictFile } from '../../electron/engine/verdict-file.ts';

describe('remembered verdicts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tubelet-verdicts-'));
  });

  it('are read by another start, of the form that is asked for', async () => {
    const path = join(folder, 'new', 'verdicts.json');
    await new VerdictFile(path).write('a', { bytes: 3 });
    const later = new VerdictFile(path);
    expect(await later.read('a', z.object({ bytes: z.number() }))).toEqual({ bytes: 3 });
    expect(await later.read('a', z.object({ other: z.string() }))).toBeUndefined();
    expect(await later.read('b', z.unknown())).toBeUndefined();
  });

  it('are all kept when many are written at once, and nothing is left beside them', async () => {
    const path = join(folder, 'verdicts.json');
    const file = new VerdictFile(path);
    const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
    await Promise.all(keys.map((key) => file.write(key, key)));
    for (const key of keys) expect(await new VerdictFile(path).read(key, z.string())).toBe(key);
    expect(await readdir(folder)).toEqual(['verdicts.json']);
  });

  it('do not get in each other’s way from two places', async () => {
    const path = join(folder, 'verdicts.json');
    const files = [new VerdictFile(path), new VerdictFile(path), new VerdictFile(path)];
    await Promise.all(
      files.flatMap((file, one) => Array.from({ length: 10 }, (_, i) => file.write(`${one} ${i}`, i))),
    );
    expect(await readdir(folder)).toEqual(['verdicts.json']);
  });

  it('are done without where they can be neither kept nor read', async () => {
    await writeFile(join(folder, 'file'), 'no folder');
    const nowhere = new VerdictFile(join(folder, 'file', 'verdicts.json'));
    await nowhere.write('a', 1);
    expect(await nowhere.read('a', z.number())).toBeUndefined();
    await mkdir(join(folder, 'taken'));
    const taken = new VerdictFile(join(folder, 'taken'));
    await taken.write('a', 1);
    expect(await taken.read('a', z.number())).toBeUndefined();
    await writeFile(join(folder, 'damaged'), '{"a": 1');
    expect(await new VerdictFile(join(folder, 'damaged')).read('a', z.number())).toBeUndefined();
    expect((await readdir(folder)).toSorted()).toEqual(['damaged', 'file', 'taken']);
  });
});
