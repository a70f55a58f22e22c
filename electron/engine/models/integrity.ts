/** Checks that the files of a pack are the ones that its manifest names, byte for byte. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { TubeletError } from '../errors.ts';
import { REINSTALL_HINT } from './reinstall-hint.ts';
import type { VerdictFile } from '../verdict-file.ts';

/** What a manifest says of one file. */
export interface FileSeal {
  readonly sha256: string;
  readonly bytes: number;
}

const remembered = z.object({ sha256: z.string(), bytes: z.number(), modified: z.number() });

/**
 * The sha256 of a file of a pack, in hexadecimal. A verdict of an earlier start is believed while the file's size and
 * time of change are the same.
 *
 * @throws TubeletError `pack-invalid` where the file is not there.
 */
export async function sealOf(directory: string, file: string, verdicts: VerdictFile): Promise<FileSeal> {
  const path = join(directory, file);
  const facts = await stat(path).catch((cause: unknown) => {
    throw new TubeletError(
      'pack-invalid',
      `The model pack "${basename(directory)}" lacks its file ${file}.`,
      {
        path,
        hint: REINSTALL_HINT,
        cause,
      },
    );
  });
  const key = `sha256 ${path}`;
  const known = await verdicts.read(key, remembered);
  if (known?.bytes === facts.size && known.modified === facts.mtimeMs) return known;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const seal = { sha256: hash.digest('hex'), bytes: facts.size };
  await verdicts.write(key, { ...seal, modified: facts.mtimeMs });
  return seal;
}

/**
 * Checks every file that a manifest names.
 *
 * @throws TubeletError `pack-invalid` that names the pack and the first file that is missing or different.
 */
export async function checkFiles(
  directory: string,
  files: Readonly<Record<string, FileSeal>>,
  verdicts: VerdictFile,
): Promise<void> {
  for (const [file, expected] of Object.entries(files)) {
    const found = await sealOf(directory, file, verdicts);
    if (found.bytes === expected.bytes && found.sha256 === expected.sha256) continue;
    const difference =
      found.bytes === expected.bytes
        ? 'its checksum differs'
        : `it has ${found.bytes} bytes instead of ${expected.bytes}`;
    throw new TubeletError(
      'pack-invalid',
      `The file ${file} of the model pack "${basename(directory)}" is damaged: ${difference}.`,
      { path: join(directory, file), hint: REINSTALL_HINT },
    );
  }
}
