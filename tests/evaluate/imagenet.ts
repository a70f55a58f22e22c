import { readdirSync } from 'node:fs';
import path from 'node:path';
import { unit } from '../../electron/engine/vectors/dot.ts';
import { openEngine, progress, sampleSize, shareOf, shuffled, type Evaluation } from './evaluation.ts';
import { cosines, embedMany, rankOf } from './recall.ts';

/** How a class is put in words; the first alone is the plain measure, the mean of all the other. */
const TEMPLATES = ['a photo of a {}', 'a picture of a {}', 'a close photo of a {}', 'a {}'] as const;

/**
 * One photograph for each ImageNet class, told by the class's name among the names of all 1,000. Two classes of one
 * name ("crane") are both right.
 */
export async function evaluateImagenet(evaluation: Evaluation): Promise<object> {
  const folder = path.join(evaluation.data, 'imagenet1000');
  const files = classFiles(folder);
  const names = files.map(className);
  const engine = openEngine(evaluation, 'imagenet1000');
  try {
    const chosen = shuffled([...files.keys()]).slice(0, sampleSize(evaluation, files.length));
    const whole = chosen.length === files.length;
    progress(`indexing ${chosen.length} photographs of imagenet1000, unless they are`);
    await engine.index(whole ? [folder] : chosen.map((index) => path.join(folder, files[index]!)));
    const { revision } = (await engine.pack()).facts;
    const language = await engine.language();
    const prompts = TEMPLATES.map((template) => names.map((name) => inWords(template, name)));
    const each: Float32Array[][] = [];
    for (const texts of prompts) each.push(await embedMany(language, texts));
    const [plain = []] = each;
    const mean = names.map((_, index) => meanOf(each.map((embeddings) => embeddings[index]!)));
    const { store } = engine;
    const pictures = chosen.map((index) => {
      const media = store.mediaByPath(path.join(folder, files[index]!));
      const [kept] = media ? store.mediaEmbeddings(media.id, revision) : [];
      if (!kept) throw new Error(`${files[index]!} was not indexed.`);
      const right = [...names.keys()].filter((other) => names[other] === names[index]);
      return { embedding: kept.embedding, right };
    });
    const accuracy = (classes: readonly Float32Array[]): object => {
      const ranks = pictures.map(({ embedding, right }) => rankOf(cosines(embedding, classes), right));
      return { top1: shareOf(ranks.map((rank) => rank <= 1)), top5: shareOf(ranks.map((rank) => rank <= 5)) };
    };
    return {
      photographs: chosen.length,
      classes: names.length,
      template: TEMPLATES[0],
      ...accuracy(plain),
      meanOfTemplates: { templates: TEMPLATES, ...accuracy(mean) },
    };
  } finally {
    await engine.close();
  }
}

/** The photographs, one a class, in the order of the classes. */
export function classFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jpg'))
    .sort();
}

/** "n01484850_great_white_shark.jpg" is "great white shark". */
export function className(file: string): string {
  return path
    .basename(file, '.jpg')
    .replace(/^n\d+_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** The name in its place, after the article that fits it. */
export function inWords(template: string, name: string): string {
  const text = template.replace('{}', name);
  return /^[aeiou]/.test(name) ? text.replace(`a ${name}`, `an ${name}`) : text;
}

function meanOf(embeddings: readonly Float32Array[]): Float32Array {
  const [first] = embeddings;
  const sums = new Float32Array(first?.length ?? 0);
  for (const embedding of embeddings) embedding.forEach((value, axis) => (sums[axis]! += value));
  return unit(sums);
}
