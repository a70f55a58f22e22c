/** Finds and opens model packs, and refuses what is damaged or newer than this version knows. */
import { access, readFile, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { reportOf, TubeletError } from '../errors.ts';
import type { ErrorReport } from '../errors.ts';
import { readDualEncoder } from './dual-encoder.ts';
import type { DualEncoderLayout } from './dual-encoder.ts';
import { checkFiles } from './integrity.ts';
import { REINSTALL_HINT } from './reinstall-hint.ts';
import { factsOf, MANIFEST_FORMAT, mammutManifest } from './manifest.ts';
import type { MammutManifest } from './manifest.ts';
import type { PackFacts } from './types.ts';
import { VerdictFile } from '../verdict-file.ts';

const MANIFEST = 'manifest.json';
const EXCHANGED_MODEL = 'config.json';

/** A pack in this app's own format, with its manifest. */
export interface MammutPack {
  readonly kind: 'mammut';
  readonly directory: string;
  readonly facts: PackFacts;
  readonly manifest: MammutManifest;
}

/** A pack in the layout of CLIP and its kin. */
export interface DualEncoderPack {
  readonly kind: 'dual-encoder';
  readonly directory: string;
  readonly facts: PackFacts;
  readonly layout: DualEncoderLayout;
}

/** A pack whose files were checked. Plain values: it can be sent to a worker. */
export type ModelPack = MammutPack | DualEncoderPack;

/** How packs are opened. */
export interface PackOptions {
  /** JSON file where checksums are remembered between starts; without it every file is read in full each time. */
  readonly verdicts?: string;
}

/** One folder that holds a pack, usable or not. */
export interface PackListing {
  readonly directory: string;
  readonly pack: ModelPack | null;
  /** Why it cannot be used. */
  readonly error: ErrorReport | null;
}

/**
 * Opens the pack in a folder and checks its format and the checksum of every file.
 *
 * @throws TubeletError `pack-missing` where there is no pack, `pack-invalid` where it is damaged or not understood.
 */
export async function loadPack(directory: string, options: PackOptions = {}): Promise<ModelPack> {
  const folder = resolve(directory);
  const verdicts = new VerdictFile(options.verdicts);
  if (await exists(join(folder, MANIFEST))) {
    const manifest = await readManifest(folder);
    await checkFiles(folder, manifest.files, verdicts);
    return { kind: 'mammut', directory: folder, facts: factsOf(manifest), manifest };
  }
  if (await exists(join(folder, EXCHANGED_MODEL))) {
    return { kind: 'dual-encoder', directory: folder, ...(await readDualEncoder(folder, verdicts)) };
  }
  throw new TubeletError('pack-missing', `There is no model pack in ${folder}.`, {
    path: folder,
    hint: 'A model pack is a folder with a manifest.json, or with the ONNX files of a CLIP-like model.',
  });
}

/** Every pack in the given folders, one folder each below them; the usable and the refused ones, in order of name. */
export async function listPacks(
  directories: readonly string[],
  options: PackOptions = {},
): Promise<PackListing[]> {
  const listings: PackListing[] = [];
  for (const parent of directories) {
    const entries = (await exists(parent)) ? await readdir(parent, { withFileTypes: true }) : [];
    const folders = entries.filter((entry) => !entry.isFile()).map((entry) => resolve(parent, entry.name));
    for (const directory of folders.sort()) {
      try {
        listings.push({ directory, pack: await loadPack(directory, options), error: null });
      } catch (error) {
        if (error instanceof TubeletError && error.code === 'pack-missing') continue;
        listings.push({ directory, pack: null, error: reportOf(error, directory) });
      }
    }
  }
  return listings;
}

async function readManifest(directory: string): Promise<MammutManifest> {
  const path = join(directory, MANIFEST);
  const refuse = (reason: string, cause?: unknown): TubeletError =>
    new TubeletError('pack-invalid', `The model pack "${basename(directory)}" cannot be used: ${reason}.`, {
      path,
      hint: REINSTALL_HINT,
      cause,
    });
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw refuse(
      `${MANIFEST} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    );
  }
  const format = z.object({ format: z.number() }).safeParse(content);
  if (format.success && format.data.format > MANIFEST_FORMAT) {
    throw new TubeletError(
      'pack-invalid',
      `The model pack "${basename(directory)}" has format ${format.data.format}; this version reads ${MANIFEST_FORMAT}.`,
      { path, hint: 'Update Tubelet, or choose another model pack.' },
    );
  }
  const manifest = mammutManifest.safeParse(content);
  if (!manifest.success)
    throw refuse(`${MANIFEST} is not valid. ${z.prettifyError(manifest.error)}`, manifest.error);
  return manifest.data;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
