/** A pack runs once through everything that it says it can do: what `doctor` shows of it. */
import { reportOf } from '../errors.ts';
import { openLanguageModel } from './language-model.ts';
import type { ModelPack } from './pack.ts';
import type { SessionOptions } from './session.ts';
import { testClip } from './test-clip.ts';
import type { EncodedClip, LanguageModel, VisionEncoder } from './types.ts';
import { cosine } from './vector.ts';
import { openVisionEncoder } from './vision-encoder.ts';

/** One thing that was tried. */
export interface SelfTestCheck {
  /** "clip", "still", "text", "caption", "answer" or "locate". */
  readonly name: string;
  readonly passed: boolean;
  /** What came out, or why it failed. */
  readonly detail: string;
  readonly milliseconds: number;
}

/** The outcome of a self-test. */
export interface SelfTest {
  readonly passed: boolean;
  readonly checks: readonly SelfTestCheck[];
}

/** Texts of different lengths, so that a batch has to be filled up. */
const TEXTS = ['a dog', 'two people walk along a road beside a river', 'the night sky'] as const;
const UNIT_TOLERANCE = 1e-3;
const SAME = 0.9999;

/** Runs every capability of a pack once. What fails is in the report; nothing is thrown. */
export async function selfTestPack(pack: ModelPack, options: SessionOptions = {}): Promise<SelfTest> {
  const checks: SelfTestCheck[] = [];
  const check = async (name: string, run: () => Promise<string>): Promise<void> => {
    const start = performance.now();
    const outcome = await run().then(
      (detail) => ({ passed: true, detail }),
      (error: unknown) => ({ passed: false, detail: reportOf(error).message }),
    );
    checks.push({ name, ...outcome, milliseconds: performance.now() - start });
  };
  let vision: VisionEncoder | undefined;
  let language: LanguageModel | undefined;
  await check('open', async () => {
    vision = await openVisionEncoder(pack, options);
    language = await openLanguageModel(pack, options);
    return `model pack ${pack.facts.id}, revision ${pack.facts.revision}`;
  });
  if (vision !== undefined && language !== undefined) await exercise(pack, vision, language, check);
  await Promise.all([vision?.close(), language?.close()]);
  return { passed: checks.every(({ passed }) => passed), checks };
}

async function exercise(
  pack: ModelPack,
  vision: VisionEncoder,
  language: LanguageModel,
  check: (name: string, run: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const { geometry, capabilities } = pack.facts;
  let clip: EncodedClip | undefined;
  const encode = async (frameCount: number): Promise<string> => {
    const { frames } = testClip(geometry, frameCount);
    clip = await vision.embedClip(frames, frameCount);
    requireFinite(clip.tokens);
    return `unit embedding of ${requireUnit(clip.embedding)}, ${clip.tokens.length} token values`;
  };
  await check('still', () => encode(1));
  await check('clip', () => encode(geometry.frames));
  await check('text', async () => {
    const [first] = await language.embedTexts([TEXTS[0]]);
    // A space more, so that the batch is computed and not remembered.
    const [again, other] = await language.embedTexts([`${TEXTS[0]} `, TEXTS[1], TEXTS[2]]);
    if (first === undefined || other === undefined || again === undefined)
      throw new Error('A text got no embedding.');
    if (cosine(first, again) < SAME) throw new Error('A text has another embedding in a batch than alone.');
    if (cosine(first, other) > SAME) throw new Error('Different texts have the same embedding.');
    return `unit embedding of ${requireUnit(first)}`;
  });
  const tokens = clip?.tokens;
  if (tokens === undefined) return;
  if (capabilities.includes('caption')) {
    await check('caption', async () => (await language.caption(tokens, { beams: 1 })).text);
  }
  if (capabilities.includes('answer')) {
    await check('answer', async () => (await language.answer(tokens, 'what is in the picture?')).text);
  }
  if (capabilities.includes('locate')) {
    await check('locate', async () => {
      const heat = await language.locate(tokens, TEXTS[0]);
      requireFinite(heat);
      return `${heat.length} cells`;
    });
  }
}

function requireUnit(vector: Float32Array): number {
  requireFinite(vector);
  const length = Math.hypot(...vector);
  if (Math.abs(length - 1) > UNIT_TOLERANCE)
    throw new Error(`An embedding has the length ${length.toFixed(4)}, not 1.`);
  return vector.length;
}

function requireFinite(values: Float32Array): void {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place !== -1) throw new Error(`The value at place ${place} is not a finite number.`);
}
