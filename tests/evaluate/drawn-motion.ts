import { readQuestion } from '../../electron/engine/answers/question.ts';
import { dequantiseTokens, quantiseTokens } from '../../electron/engine/library/tokens.ts';
import type { InputGeometry } from '../../electron/engine/tubelets/geometry.ts';
import { tubeGrid } from '../../electron/engine/tubelets/geometry.ts';
import { seeded } from '../unit/vectors/clusters.ts';
import { drawScene, randomScene, SCENE_QUESTIONS, sceneQuestions } from './drawn-scenes.ts';
import { counting, openEngine, SEED, sampleSize, shareOf, shuffled, type Evaluation } from './evaluation.ts';

const SCENES = 200;
/** There is no end of scenes; this is everything. */
const MOST_SCENES = 1000;

/**
 * Questions about shapes in motion, exact match: asked of the clips as drawn, of the same clips with the frames that only
 * the temporal tubes read in a random order, and of the middle frame alone, which has no temporal tubes. What stays right
 * then was never read from the motion.
 */
export async function evaluateDrawnMotion(evaluation: Evaluation): Promise<object> {
  const engine = openEngine(evaluation, 'drawn');
  try {
    const [encoder, language] = await Promise.all([engine.encoder(), engine.language()]);
    const { geometry, tokenWidth } = encoder.pack;
    const scenes = Math.min(sampleSize(evaluation, SCENES), MOST_SCENES);
    const random = seeded(SEED);
    const tell = counting('drawn scenes', scenes);
    const outcomes: { seen: Seen; about: (typeof SCENE_QUESTIONS)[number]; correct: boolean }[] = [];
    for (let turn = 1; turn <= scenes; turn++) {
      const scene = randomScene(random);
      const drawn = drawScene(scene, geometry.frames, geometry.size, random);
      const clips = {
        ordered: drawn,
        shuffled: reordered(drawn, shuffledFrames(geometry, random)),
        still: middleFrame(drawn, geometry.frames),
      };
      for (const seen of WAYS) {
        const frames = seen === 'still' ? 1 : geometry.frames;
        const { tokens } = await encoder.embedClip(clips[seen].slice(), frames);
        // As a library keeps them.
        const kept = dequantiseTokens(quantiseTokens(tokens, tokenWidth));
        for (const { about, question, answer } of sceneQuestions(scene)) {
          const { text } = await language.answer(kept, readQuestion(question).asked);
          outcomes.push({ seen, about, correct: text.trim() === answer });
        }
      }
      tell(turn);
    }
    const accuracy = (seen: Seen): object =>
      Object.fromEntries(
        SCENE_QUESTIONS.map((about) => [
          about,
          shareOf(outcomes.filter((o) => o.seen === seen && o.about === about).map((o) => o.correct)),
        ]),
      );
    return {
      scenes,
      ordered: accuracy('ordered'),
      shuffled: accuracy('shuffled'),
      still: accuracy('still'),
    };
  } finally {
    await engine.close();
  }
}

const WAYS = ['ordered', 'shuffled', 'still'] as const;
type Seen = (typeof WAYS)[number];

function middleFrame(clip: Uint8Array, frames: number): Uint8Array {
  const bytes = clip.length / frames;
  const first = Math.floor(frames / 2) * bytes;
  return clip.subarray(first, first + bytes);
}

/** A random order of a clip's frames in which those that a still's tubes read keep their place. */
export function shuffledFrames(geometry: InputGeometry, random: () => number): number[] {
  const fixed = new Set(
    geometry.tubes
      .filter(({ name }) => geometry.still.includes(name))
      .flatMap((shape) => {
        const [steps] = tubeGrid(shape, geometry.frames, geometry.size);
        const [depth] = shape.kernel;
        return Array.from(
          { length: steps * depth },
          (_, i) => shape.offset[0] + Math.floor(i / depth) * shape.stride[0] + (i % depth),
        );
      }),
  );
  const frames = Array.from({ length: geometry.frames }, (_, frame) => frame);
  const moved = shuffled(
    frames.filter((frame) => !fixed.has(frame)),
    random,
  );
  let next = 0;
  return frames.map((frame) => (fixed.has(frame) ? frame : moved[next++]!));
}

/** The clip with its frames in another order. */
function reordered(clip: Uint8Array, order: readonly number[]): Uint8Array {
  const bytes = clip.length / order.length;
  const result = new Uint8Array(clip.length);
  order.forEach((from, to) => {
    result.set(clip.subarray(from * bytes, (from + 1) * bytes), to * bytes);
  });
  return result;
}
