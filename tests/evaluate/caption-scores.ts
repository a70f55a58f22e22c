/**
 * Caption scores as the COCO caption server counts them: corpus BLEU (Papineni et al. 2002) and CIDEr-D (Vedantam et al.
 * 2015, arXiv 1411.5726), over words split in the manner of the Penn Treebank. Pure.
 */

const ORDERS = [1, 2, 3, 4] as const;
/** Width of CIDEr-D's penalty on lengths that differ, in words. */
const SIGMA = 6;
/** CIDEr-D is stretched to 0..10. */
const CIDER_SCALE = 10;

/** A caption and what people wrote about the same picture. */
export interface Scored {
  readonly caption: string;
  readonly references: readonly string[];
}

/**
 * Small words without punctuation: "n't" and "'s" stand alone and words with a hyphen are one, as in the Penn Treebank.
 */
export function captionWords(text: string): string[] {
  const apart = text
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/\bcannot\b/g, 'can not')
    .replace(/n't\b/g, " n't")
    .replace(/'(s|re|ve|ll|d|m)\b/g, " '$1");
  return apart.match(/\bn't|'(?:s|re|ve|ll|d|m)\b|[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+|[.,]\p{N}+)*/gu) ?? [];
}

/** How often each sequence of `order` words occurs. */
function ngrams(words: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + order <= words.length; start++) {
    const gram = words.slice(start, start + order).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** The reference length nearest to a caption's; of two that are as near, the shorter. */
function nearestLength(length: number, references: readonly string[][]): number {
  const lengths = references.map((words) => words.length).sort((a, b) => a - b);
  return lengths.reduce((nearest, other) =>
    Math.abs(other - length) < Math.abs(nearest - length) ? other : nearest,
  );
}

/**
 * Corpus BLEU-1 to BLEU-4, 0 to 1: clipped n-gram precisions over all captions, their geometric mean, and the brevity
 * penalty with the nearest reference's length. Without smoothing: an order that never matches gives 0.
 */
export function bleu(scored: readonly Scored[]): [number, number, number, number] {
  const split = scored.map(({ caption, references }) => ({
    words: captionWords(caption),
    references: references.map(captionWords),
  }));
  const length = sum(split.map(({ words }) => words.length));
  const wanted = sum(split.map(({ words, references }) => nearestLength(words.length, references)));
  const penalty = length >= wanted ? 1 : length === 0 ? 0 : Math.exp(1 - wanted / length);
  const precisions = ORDERS.map((order) => {
    let [matched, total] = [0, 0];
    for (const { words, references } of split) {
      const counted = references.map((reference) => ngrams(reference, order));
      for (const [gram, count] of ngrams(words, order)) {
        total += count;
        matched += Math.min(count, Math.max(0, ...counted.map((counts) => counts.get(gram) ?? 0)));
      }
    }
    return total === 0 ? 0 : matched / total;
  });
  const upTo = (order: number): number =>
    penalty *
    precisions.slice(0, order).reduce((product, precision) => product * precision, 1) ** (1 / order);
  return [upTo(1), upTo(2), upTo(3), upTo(4)];
}

/** Words weighed by how few pictures they are said of: one vector for each order. */
interface Weighed {
  readonly words: number;
  readonly orders: readonly { readonly weights: ReadonlyMap<string, number>; readonly norm: number }[];
}

/**
 * CIDEr-D, 0 to 10 (commonly quoted times 100): the mean over captions, references and orders of the tf-idf cosine, with
 * counts clipped to the reference's and a penalty on lengths that differ. How rare a sequence of words is comes from the
 * references themselves: each picture counts once.
 */
export function ciderD(scored: readonly Scored[]): number {
  const references = scored.map((each) => each.references.map(captionWords));
  const pictures = new Map<string, number>();
  for (const group of references) {
    const said = new Set(
      group.flatMap((words) => ORDERS.flatMap((order) => [...ngrams(words, order).keys()])),
    );
    for (const gram of said) pictures.set(gram, (pictures.get(gram) ?? 0) + 1);
  }
  const rarity = (gram: string): number =>
    Math.log(scored.length) - Math.log(Math.max(1, pictures.get(gram) ?? 0));
  const weigh = (words: readonly string[]): Weighed => ({
    words: words.length,
    orders: ORDERS.map((order) => {
      const weights = new Map([...ngrams(words, order)].map(([gram, count]) => [gram, count * rarity(gram)]));
      return { weights, norm: Math.sqrt(sum([...weights.values()].map((weight) => weight ** 2))) };
    }),
  });
  const scores = scored.map(({ caption }, index) => {
    const mine = weigh(captionWords(caption));
    const others = (references[index] ?? []).map(weigh);
    return sum(others.map((other) => likeness(mine, other))) / others.length;
  });
  return sum(scores) / scores.length;
}

function likeness(caption: Weighed, reference: Weighed): number {
  const penalty = Math.exp(-((caption.words - reference.words) ** 2) / (2 * SIGMA ** 2));
  const each = caption.orders.map(({ weights, norm }, order) => {
    const theirs = reference.orders[order];
    if (!theirs || norm === 0 || theirs.norm === 0) return 0;
    const products = [...weights].map(([gram, weight]) => {
      const their = theirs.weights.get(gram) ?? 0;
      return Math.min(weight, their) * their;
    });
    return sum(products) / (norm * theirs.norm);
  });
  return (CIDER_SCALE * penalty * sum(each)) / each.length;
}
