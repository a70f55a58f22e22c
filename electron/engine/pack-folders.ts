import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TubeletError } from './errors.ts';
import { loadPack, type ModelPack } from './models/pack.ts';

/** Folder of the packs that come with the app: `native-models/packs` above this file, source or compiled. */
export function builtInPacks(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const packs = join(folder, 'native-models', 'packs');
    if (existsSync(packs)) return packs;
    if (folder === dirname(folder)) {
      throw new TubeletError('pack-missing', 'The model packs that come with Tubelet are not there.', {
        hint: 'Install Tubelet again, or choose a pack with --pack.',
      });
    }
  }
}

/**
 * Opens a pack by its id (a folder inside one of `folders`) or by the path of its own folder.
 *
 * @param verdicts JSON file where checksums are remembered between starts
 * @throws TubeletError `pack-missing` or `pack-invalid`.
 */
export async function openPack(
  choice: string,
  folders: readonly string[],
  verdicts: string,
): Promise<ModelPack> {
  const isPath = isAbsolute(choice) || choice.includes(sep) || choice.startsWith('.');
  const candidates = isPath ? [resolve(choice)] : folders.map((folder) => join(folder, choice));
  const directory = candidates.find((candidate) => existsSync(candidate));
  if (directory === undefined) {
    throw new TubeletError('pack-missing', `There is no model pack "${choice}".`, {
      ...(isPath ? { path: resolve(choice) } : {}),
      hint: `Looked in ${candidates.map((candidate) => dirname(candidate)).join(', ')}. See \`tubelet models\`.`,
    });
  }
  return loadPack(directory, { verdicts });
}
