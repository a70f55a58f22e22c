/** What PyTorch gave for the built-in pack, and where both lie. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface EncodedGolden {
  /** The first numbers of the embedding. */
  readonly embedding: readonly number[];
  /** The first numbers of the first and of the last token. */
  readonly tokenZero: readonly number[];
  readonly tokenLast: readonly number[];
  readonly tokensNorm: number;
  readonly greedyCaption: readonly number[];
  readonly greedyAnswer: readonly number[];
}

export interface Golden {
  readonly revision: string;
  readonly clip: EncodedGolden & {
    readonly frames: number;
    readonly size: number;
    /** Sum of the bytes of each tube input. */
    readonly rowSums: readonly number[];
    readonly firstRowStart: readonly (readonly number[])[];
    readonly lastRowEnd: readonly (readonly number[])[];
  };
  readonly still: EncodedGolden;
  readonly question: string;
  readonly texts: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly embedding: readonly number[];
    readonly decoded: string;
  }[];
}

export const PACK = fileURLToPath(new URL('../../../native-models/packs/mammut-ti', import.meta.url));
const GOLDEN = fileURLToPath(new URL('../../fixtures/model/golden.json', import.meta.url));

/** Why the built-in pack cannot be tested here; null where it can. */
export function absence(): string | null {
  if (!existsSync(`${PACK}/manifest.json`))
    return 'the built-in pack is not in native-models/packs/mammut-ti';
  if (!existsSync(GOLDEN)) return 'tests/fixtures/model/golden.json is not there';
  return null;
}

export function readGolden(): Golden {
  return JSON.parse(readFileSync(GOLDEN, 'utf8')) as Golden;
}

/** The clip of the golden numbers: pixel(t, y, x, c) = (7t + 3y + 5x + 11c) mod 256. */
export function goldenClip(frames: number, size: number): Uint8Array {
  const clip = new Uint8Array(frames * size * size * 3);
  let i = 0;
  for (let t = 0; t < frames; t++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        for (let c = 0; c < 3; c++) clip[i++] = (7 * t + 3 * y + 5 * x + 11 * c) % 256;
  return clip;
}
