/** YOLOX-nano (Ge et al. 2021, arXiv 2107.08430; the authors' ONNX export): boxes of the 80 COCO classes in a picture. */
import '../../electron/engine/models/no-telemetry.ts';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FIXTURE_FFMPEG } from '../fixtures/videos.ts';

/** Pixels of the model's sides. The picture lies in the upper left corner; the rest is gray. */
const SIDE = 416;
const GRAY = '0x727272';
const STRIDES = [8, 16, 32] as const;
const CHANNELS = 3;
/** Centre x, centre y, width, height and objectness; the classes follow. */
const BOX_VALUES = 5;
/** Boxes of a class that overlap by more are one thing. */
const SAME_THING = 0.45;

/** A box: its class and score, and its edges in fractions of the picture. */
export interface Detection {
  readonly kind: string;
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The detector. Runs on this thread. */
export class Yolox {
  readonly #session: InferenceSession;
  readonly #kinds: readonly string[];

  private constructor(session: InferenceSession, kinds: readonly string[]) {
    this.#session = session;
    this.#kinds = kinds;
  }

  /** @param folder holds `yolox_nano.onnx` and `coco_classes.txt`. */
  static async open(folder: string): Promise<Yolox> {
    const kinds = readFileSync(path.join(folder, 'coco_classes.txt'), 'utf8').trim().split('\n');
    return new Yolox(await InferenceSession.create(path.join(folder, 'yolox_nano.onnx')), kinds);
  }

  /**
   * Boxes that score at least `floor`, best first.
   * @param width the picture's size in pixels, for its shape.
   */
  async detect(picture: string, width: number, height: number, floor: number): Promise<Detection[]> {
    const images = new Tensor('float32', await letterboxed(picture), [1, CHANNELS, SIDE, SIDE]);
    const outputs = await this.#session.run({ [this.#session.inputNames[0]!]: images });
    const { data } = outputs[this.#session.outputNames[0]!]!;
    if (!(data instanceof Float32Array)) throw new Error('YOLOX does not answer with float32.');
    const ratio = SIDE / Math.max(width, height);
    return suppressed(decodeBoxes(data, this.#kinds, floor, width * ratio, height * ratio));
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** The picture as the model reads it: blue, green and red planes of 0..255. */
async function letterboxed(picture: string): Promise<Float32Array> {
  const fit = `scale=${SIDE}:${SIDE}:force_original_aspect_ratio=decrease:flags=bilinear`;
  const filters = `${fit},pad=${SIDE}:${SIDE}:0:0:color=${GRAY},format=bgr24`;
  const { stdout } = await promisify(execFile)(
    FIXTURE_FFMPEG,
    ['-v', 'error', '-nostdin', '-i', picture, '-vf', filters, '-frames:v', '1', '-f', 'rawvideo', '-'],
    { encoding: 'buffer', maxBuffer: 2 * CHANNELS * SIDE * SIDE },
  );
  const planes = new Float32Array(CHANNELS * SIDE * SIDE);
  if (stdout.length !== planes.length) throw new Error(`${picture} cannot be decoded.`);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      planes[channel * SIDE * SIDE + pixel] = stdout[pixel * CHANNELS + channel]!;
    }
  }
  return planes;
}

/**
 * Boxes from the raw output: for each cell of the three grids, in the order of their strides and row by row, an offset
 * and the logarithm of a size in cells, objectness, and the probability of each class.
 *
 * @param width pixels of the model's input that the picture covers.
 */
export function decodeBoxes(
  output: Float32Array,
  kinds: readonly string[],
  floor: number,
  width: number,
  height: number,
): Detection[] {
  const length = BOX_VALUES + kinds.length;
  const found: Detection[] = [];
  let at = 0;
  for (const stride of STRIDES) {
    const cells = SIDE / stride;
    for (let cell = 0; cell < cells * cells; cell++, at += length) {
      const value = (index: number): number => output[at + index] ?? 0;
      const x = (value(0) + (cell % cells)) * stride;
      const y = (value(1) + Math.floor(cell / cells)) * stride;
      const [w, h] = [Math.exp(value(2)) * stride, Math.exp(value(3)) * stride];
      kinds.forEach((kind, index) => {
        const score = value(4) * value(BOX_VALUES + index);
        if (score < floor) return;
        const within = (fraction: number): number => Math.min(1, Math.max(0, fraction));
        found.push({
          ...{ kind, score },
          ...{ left: within((x - w / 2) / width), right: within((x + w / 2) / width) },
          ...{ top: within((y - h / 2) / height), bottom: within((y + h / 2) / height) },
        });
      });
    }
  }
  return found;
}

/** The best box of each thing: of the boxes of a class that overlap much, the one that scores highest. */
export function suppressed(boxes: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.every((better) => better.kind !== box.kind || overUnion(better, box) < SAME_THING))
      kept.push(box);
  }
  return kept;
}

function overUnion(a: Detection, b: Detection): number {
  const area = ({ left, top, right, bottom }: Detection): number => (right - left) * (bottom - top);
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const shared = Math.max(0, across) * Math.max(0, down);
  return shared / (area(a) + area(b) - shared);
}
