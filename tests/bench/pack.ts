import path from 'node:path';
import { loadPack, type ModelPack } from '../../electron/engine/models/pack.ts';

/** The folder of the pack to measure: the built-in one, unless TUBELET_PACK names another. */
export const PACK_FOLDER =
  process.env['TUBELET_PACK'] ?? path.join(import.meta.dirname, '../../native-models/packs/mammut-ti');

/** Opens the pack to measure. */
export function packUnderTest(): Promise<ModelPack> {
  return loadPack(PACK_FOLDER);
}
