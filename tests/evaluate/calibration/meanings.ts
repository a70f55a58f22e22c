/** Pairs of texts that mean the same, and pairs that do not, with the cosine of their embeddings. */
import type { QuestionKind } from '../../../electron/engine/answers/question.ts';
import { readQuestion } from '../../../electron/engine/answers/question.ts';
import { cosine } from '../../../electron/engine/captions/statements.ts';
import type { LanguageModel } from '../../../electron/engine/models/types.ts';
import { seeded } from '../../unit/vectors/clusters.ts';
import { questionsOf, SYNONYMS, wordsOf } from '../caption-questions.ts';
import { SEED } from '../evaluation.ts';
import type { Photograph } from '../held-out.ts';
import type { Scored } from './curves.ts';
import { meaningWords } from './subjects.ts';

async function scored(
  pairs: readonly { readonly texts: readonly [string, string]; readonly same: boolean }[],
  language: LanguageModel,
): Promise<Scored[]> {
  const texts = [...new Set(pairs.flatMap((pair) => pair.texts))];
  const embeddings = await language.embedTexts(texts);
  const of = new Map(texts.map((text, index) => [text, embeddings[index]!]));
  return pairs.map(({ texts: [one, other], same }) => ({
    score: cosine(of.get(one)!, of.get(other)!),
    right: same,
  }));
}

/**
 * Captions that two people wrote of one photograph, against captions of two photographs that share a word of meaning ("a
 * dog runs", "a dog swims"): the case in which consecutive clips must not be taken for one.
 */
export function captionPairs(photographs: readonly Photograph[], language: LanguageModel): Promise<Scored[]> {
  const random = seeded(SEED);
  const any = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const pairs = photographs.flatMap(({ captions }, index) => {
    const [one, other] = [captions[0], captions[1]];
    if (one === undefined || other === undefined) return [];
    const words = new Set(meaningWords(one));
    const alike = photographs.flatMap((photograph, at) => {
      const caption = photograph.captions[0] ?? '';
      return at !== index && meaningWords(caption).some((word) => words.has(word)) ? [caption] : [];
    });
    const same = { texts: [one, other] as const, same: true };
    return alike.length === 0 ? [same] : [same, { texts: [one, any(alike)] as const, same: false }];
  });
  return scored(pairs, language);
}

/** Kinds of question whose answers are pooled by meaning: the others' answers must be equal. */
const FREE: readonly QuestionKind[] = ['what', 'where', 'doing', 'who'];

/** Answers that are two words for one thing, against answers to questions of the same kind that are not. */
export function answerPairs(photographs: readonly Photograph[], language: LanguageModel): Promise<Scored[]> {
  const random = seeded(SEED);
  const given = new Map<QuestionKind, Set<string>>();
  for (const { captions } of photographs) {
    for (const { question, right } of questionsOf(captions, { affirmed: true, things: [], random })) {
      const { kind } = readQuestion(question);
      if (!FREE.includes(kind)) continue;
      given.set(kind, new Set([...(given.get(kind) ?? []), ...right.flatMap(wordsOf)]));
    }
  }
  const synonyms = [...SYNONYMS].flatMap(([word, others]) => others.map((other) => [word, other] as const));
  const plurals = [...(given.get('what') ?? [])].map((word) => [word, `${word}s`] as const);
  const known = new Set(synonyms.map((pair) => [...pair].sort().join(' ')));
  const different = [...given.values()].flatMap((answers) => {
    const list = [...answers].sort();
    return list.flatMap((one, at) => list.slice(at + 1).map((other) => [one, other] as const));
  });
  const pairs = [
    ...[...synonyms, ...plurals].map((texts) => ({ texts, same: true })),
    ...different
      .filter(([one, other]) => !known.has([one, other].sort().join(' ')) && !other.startsWith(one))
      .map((texts) => ({ texts, same: false })),
  ];
  return scored(pairs, language);
}
