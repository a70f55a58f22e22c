import { describe, expect, it } from 'vitest';
import { generateSequences, logSumExp, repeating } from '../../../electron/engine/models/generate.ts';
import type { Decoding, TokenSequence, Vocabulary } from '../../../electron/engine/models/generate.ts';
import type { GenerateOptions } from '../../../electron/engine/models/types.ts';

const END = 0;
const PLAIN: GenerateOptions = {
  beams: 1,
  maxTokens: 6,
  minTokens: 0,
  lengthPenalty: 0,
  noRepeatNgram: 0,
  repeatPenalty: 0,
};

/** What follows a sequence: the probability of each token, the end token first. */
type Language = (written: readonly number[], sequence: number) => readonly number[];

/** A decoder that knows its probabilities from a table, and keeps what each row has written as a real one would. */
class TableDecoding implements Decoding {
  readonly stepSizes: number[] = [];
  #rows: { written: readonly number[]; sequence: number }[];
  readonly #language: Language;

  constructor(language: Language, count = 1) {
    this.#language = language;
    this.#rows = Array.from({ length: count }, (_, sequence) => ({ written: [], sequence }));
  }

  start(): Promise<Float32Array> {
    return Promise.resolve(this.#scores());
  }

  step(parents: readonly number[], ids: readonly number[]): Promise<Float32Array> {
    this.stepSizes.push(parents.length);
    this.#rows = parents.map((parent, row) => {
      const { written, sequence } = this.#rows[parent]!;
      return { written: [...written, ids[row]!], sequence };
    });
    return Promise.resolve(this.#scores());
  }

  #scores(): Float32Array {
    // Any constant may be added to the scores of a row: probabilities do not change.
    return Float32Array.from(
      this.#rows.flatMap(({ written, sequence }) =>
        this.#language(written, sequence).map((p) => Math.log(p) + 3),
      ),
    );
  }
}

const words = (size: number, blocked: readonly number[] = []): Vocabulary => ({
  size,
  end: END,
  blocked,
  light: new Set(),
});

/** The likely first word (1) leads nowhere; the unlikely one (2) is surely followed by 3 and the end. */
const GARDEN_PATH: Language = (written) => {
  switch (written.join()) {
    case '':
      return [0.01, 0.55, 0.43, 0.01];
    case '1':
      return [0.3, 0.3, 0.2, 0.2];
    case '2':
      return [0.01, 0.01, 0.01, 0.97];
    case '2,3':
      return [0.97, 0.01, 0.01, 0.01];
    default:
      return [0.4, 0.2, 0.2, 0.2];
  }
};

/** The best sequence of each beam. */
async function search(...given: Parameters<typeof generateSequences>): Promise<TokenSequence[]> {
  return (await generateSequences(...given)).map(([best]) => best!);
}

describe('greedy search', () => {
  it('takes the most probable token until the end', async () => {
    const chain: Language = (written) => (written.length < 3 ? [0.1, 0.2, 0.7] : [0.8, 0.1, 0.1]);
    const [sequence] = await search(new TableDecoding(chain), 1, words(3), PLAIN);
    expect(sequence!.tokenIds).toEqual([2, 2, 2]);
    expect(sequence!.logProbability).toBeCloseTo(3 * Math.log(0.7) + Math.log(0.8), 5);
    expect(sequence!.confidence).toBeCloseTo((0.7 ** 3 * 0.8) ** 0.25, 5);
  });

  it('walks up the garden path', async () => {
    const [sequence] = await search(new TableDecoding(GARDEN_PATH), 1, words(4), PLAIN);
    expect(sequence!.tokenIds[0] ?? END).toBe(1);
  });

  it('stops at the longest length without an end', async () => {
    const endless: Language = () => [0.1, 0.9];
    const decoding = new TableDecoding(endless);
    const [sequence] = await search(decoding, 1, words(2), PLAIN);
    expect(sequence!.tokenIds).toEqual([1, 1, 1, 1, 1, 1]);
    expect(decoding.stepSizes).toHaveLength(5);
  });
});

describe('beam search', () => {
  it('finds the path that greedy search misses', async () => {
    const options = { ...PLAIN, beams: 2 };
    const [sequence] = await search(new TableDecoding(GARDEN_PATH), 1, words(4), options);
    expect(sequence!.tokenIds).toEqual([2, 3]);
    expect(sequence!.logProbability).toBeCloseTo(Math.log(0.43 * 0.97 * 0.97), 5);
  });

  it('finds the best of all sequences where the beam is as wide as the language', async () => {
    const language: Language = (written) => {
      const turn = written.reduce((sum, id) => sum * 3 + id, written.length);
      const weights = [1 + (turn % 3), 1 + (turn % 5), 1 + (turn % 7)];
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    };
    const complete: { ids: number[]; log: number }[] = [];
    const walk = (ids: number[], log: number): void => {
      language(ids, 0).forEach((p, id) => {
        if (id === END) complete.push({ ids, log: log + Math.log(p) });
        else if (ids.length < 3) walk([...ids, id], log + Math.log(p));
      });
    };
    walk([], 0);
    const best = complete.reduce((leader, other) => (other.log > leader.log ? other : leader));
    const options = { ...PLAIN, beams: 16, maxTokens: 4 };
    const [sequence] = await search(new TableDecoding(language), 1, words(3), options);
    expect(sequence!.tokenIds).toEqual(best.ids);
    expect(sequence!.logProbability).toBeCloseTo(best.log, 5);
  });

  it('prefers a longer sentence when the length penalty says so', async () => {
    const language: Language = (written) => (written.length < 4 ? [0.5, 0.5] : [0.99, 0.01]);
    const short = await search(new TableDecoding(language), 1, words(2), { ...PLAIN, beams: 3 });
    const long = await search(new TableDecoding(language), 1, words(2), {
      ...PLAIN,
      beams: 6,
      lengthPenalty: 1,
    });
    expect(short[0]!.tokenIds).toEqual([]);
    expect(long[0]!.tokenIds).toHaveLength(4);
  });

  it('keeps the beams of several sequences apart and drops those that are done', async () => {
    const language: Language = (written, sequence) => {
      const done = written.length > sequence;
      const word = sequence + 1;
      return [0, 1, 2, 3].map((id) => ((done ? id === END : id === word) ? 0.97 : 0.01));
    };
    const decoding = new TableDecoding(language, 3);
    const sequences = await search(decoding, 3, words(4), { ...PLAIN, beams: 2 });
    expect(sequences.map(({ tokenIds }) => tokenIds)).toEqual([[1], [2, 2], [3, 3, 3]]);
    expect(decoding.stepSizes[0]).toBe(6);
    expect(decoding.stepSizes.at(-1)).toBeLessThan(6);
  });
});

describe('rules of writing', () => {
  it('never write a blocked token, nor an end before the shortest length', async () => {
    const language: Language = () => [0.6, 0.3, 0.1];
    const options = { ...PLAIN, minTokens: 4 };
    const [sequence] = await search(new TableDecoding(language), 1, words(3, [1]), options);
    expect(sequence!.tokenIds).toEqual([2, 2, 2]);
    expect(sequence!.logProbability).toBeCloseTo(3 * Math.log(0.1) + Math.log(0.6), 5);
  });

  it('never repeat a sequence of the given length', async () => {
    const language: Language = () => [0.05, 0.5, 0.45];
    const options = { ...PLAIN, maxTokens: 5, noRepeatNgram: 2 };
    const [sequence] = await search(new TableDecoding(language), 1, words(3), options);
    expect(sequence!.tokenIds).toEqual([1, 1, 2, 1]);
  });

  it('say a word of meaning again only where nothing else comes near', async () => {
    const language: Language = () => [0.1, 0.5, 0.4];
    const options = { ...PLAIN, maxTokens: 3, repeatPenalty: 1 };
    const [varied] = await search(new TableDecoding(language), 1, words(3), options);
    expect(varied!.tokenIds).toEqual([1, 2, 1]);
    expect(varied!.logProbability).toBeCloseTo(Math.log(0.5 * 0.4 * 0.5), 5);
    const light = { ...words(3), light: new Set([1]) };
    const [free] = await search(new TableDecoding(language), 1, light, options);
    expect(free!.tokenIds).toEqual([1, 1, 1]);
  });

  it('give every sentence that the search finished, best first', async () => {
    const [found] = await generateSequences(new TableDecoding(GARDEN_PATH), 1, words(4), {
      ...PLAIN,
      beams: 3,
    });
    const worth = found!.map(({ logProbability }) => logProbability);
    expect(found!.length).toBeGreaterThan(1);
    expect(worth).toEqual([...worth].sort((a, b) => b - a));
  });

  it.each([
    { written: [5, 6, 5], size: 2, refused: [6] },
    { written: [5, 6, 7, 5, 6], size: 3, refused: [7] },
    { written: [5, 6, 5, 7, 5], size: 2, refused: [6, 7] },
    { written: [5, 6], size: 1, refused: [5, 6] },
    { written: [5, 5], size: 3, refused: [] },
    { written: [5, 5, 5], size: 0, refused: [] },
  ])(
    'after $written refuse $refused where $size tokens in a row must not recur',
    ({ written, size, refused }) => {
      expect(repeating(written, size)).toEqual(refused);
    },
  );

  it('turn large scores into probabilities without overflow', () => {
    expect(logSumExp(Float32Array.of(1000, 1000))).toBeCloseTo(1000 + Math.log(2), 6);
    expect(logSumExp(Float32Array.of(-1000, 0))).toBeCloseTo(0, 6);
  });
});
