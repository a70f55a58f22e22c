/** Questions made from the captions of held-out photographs, asked through `ask`: accuracy, and the abstention curve. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ABSTAIN_BELOW, ask } from '../../electron/engine/answers/ask.ts';
import { readQuestion, type QuestionKind } from '../../electron/engine/answers/question.ts';
import { Engine } from '../../electron/engine/engine.ts';

/** Photographs asked about; `TUBELET_ASKED` says otherwise. */
const PHOTOGRAPHS = Number(process.env['TUBELET_ASKED'] ?? 300);
const COLOURS = 'red|blue|green|yellow|black|white|brown|orange|pink|purple';
const NUMBERS = 'two|three|four|five|six';
const THINGS =
  'dog|ball|bike|bicycle|horse|car|hat|snow|beach|water|grass|street|camera|bench|guitar|boat'.split('|');
const PEOPLE = 'man|woman|boy|girl|child|dog';

interface Asked {
  readonly file: string;
  readonly question: string;
  /** Answers that are right. */
  readonly right: readonly string[];
}

/** What came of one question. */
interface Outcome {
  readonly kind: QuestionKind;
  readonly confidence: number;
  readonly correct: boolean;
  /** With the thresholds in use. */
  readonly answered: boolean;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/** Questions that the five captions of a photograph settle. `turn` makes as many things absent as present. */
export function questionsOf(file: string, captions: readonly string[], turn: number): Asked[] {
  const text = captions.join(' . ').toLowerCase();
  const words = new Set(wordsOf(text).flatMap((word) => [word, word.replace(/s$/, '')]));
  const asked: Asked[] = [];
  const add = (question: string, ...right: string[]): number => asked.push({ file, question, right });
  const present = THINGS.find(
    (thing) => captions.filter((caption) => wordsOf(caption).includes(thing)).length >= 2,
  );
  if (present !== undefined) add(`Is there a ${present}?`, 'yes');
  const absent = THINGS.filter((thing) => !words.has(thing));
  const denied = absent[turn % absent.length];
  if (denied !== undefined) add(`Is there a ${denied}?`, 'no');
  const colour = new RegExp(String.raw`\b(${COLOURS}) (shirt|dress|jacket|coat|hat|ball|car|dog)\b`).exec(
    text,
  );
  if (colour?.[1] !== undefined) add(`What color is the ${colour[2]}?`, colour[1]);
  const number = new RegExp(
    String.raw`\b(${NUMBERS}) (?:\w+ )?(dogs|men|women|boys|girls|children|people)\b`,
  ).exec(text);
  if (number?.[1] !== undefined) add(`How many ${number[2]} are there?`, number[1]);
  const doing = new RegExp(String.raw`\b(${PEOPLE}) (?:is )?(\w{3,}ing)\b`).exec(text);
  const actions = [...text.matchAll(/\b(\w{3,}ing)\b/g)].flatMap((match) => match[1] ?? []);
  if (doing) add(`What is the ${doing[1]} doing?`, ...actions);
  return asked;
}

/** Accuracy among the questions answered with at least a confidence, for each tenth, and how many that are. */
function curve(outcomes: readonly Outcome[]): object[] {
  return Array.from({ length: 10 }, (_, tenth) => {
    const answered = outcomes.filter(({ confidence }) => confidence >= tenth / 10);
    const correct = answered.filter((outcome) => outcome.correct).length;
    return {
      confidence: tenth / 10,
      coverage: answered.length / outcomes.length,
      accuracy: correct / Math.max(1, answered.length),
    };
  });
}

function summary(outcomes: readonly Outcome[]): object {
  const answered = outcomes.filter((outcome) => outcome.answered);
  return {
    questions: outcomes.length,
    accuracy: outcomes.filter(({ correct }) => correct).length / outcomes.length,
    coverage: answered.length / outcomes.length,
    accuracyOfAnswered: answered.filter(({ correct }) => correct).length / Math.max(1, answered.length),
    curve: curve(outcomes),
  };
}

/** Asks about the photographs of Flickr8k's `val` split, each as a moment of its own, with the built-in pack or another. */
export async function evaluateAnswers(
  dataFolder: string,
  scratch: string,
  packs: { readonly packFolders?: readonly string[] } = {},
): Promise<object> {
  const folder = resolve(dataFolder, 'flickr8k');
  const captions = new Map<string, string[]>();
  for (const line of (await readFile(join(folder, 'captions.tsv'), 'utf8')).split('\n')) {
    const [file, split, caption] = line.split('\t');
    if (file !== undefined && split === 'val' && caption !== undefined)
      captions.set(file, [...(captions.get(file) ?? []), caption]);
  }
  const files = [...captions.keys()].slice(0, PHOTOGRAPHS);
  const engine = Engine.open({ library: join(scratch, 'answers'), ...packs });
  try {
    await engine.index(files.map((file) => join(folder, file)));
    const { store } = engine;
    const [language, searcher] = await Promise.all([engine.language(), engine.searcher()]);
    const never = Object.fromEntries(Object.keys(ABSTAIN_BELOW).map((kind) => [kind, 0])) as Record<
      QuestionKind,
      number
    >;
    const outcomes: Outcome[] = [];
    for (const [turn, file] of files.entries()) {
      const media = store.mediaByPath(join(folder, file));
      if (!media) continue;
      const scope = { kind: 'moment', mediaId: media.id, at: 0 } as const;
      for (const { question, right } of questionsOf(file, captions.get(file) ?? [], turn)) {
        const { answer, confidence } = await ask({
          store,
          language,
          searcher,
          question,
          scope,
          abstainBelow: never,
        });
        const { kind } = readQuestion(question);
        const said = wordsOf(answer ?? '');
        const correct = right.some((word) => said.includes(word));
        outcomes.push({
          kind,
          confidence: answer === null ? 0 : confidence,
          correct,
          answered: answer !== null && confidence >= ABSTAIN_BELOW[kind],
        });
      }
    }
    const kinds = [...new Set(outcomes.map(({ kind }) => kind))];
    return {
      photographs: files.length,
      all: summary(outcomes),
      ...Object.fromEntries(
        kinds.map((kind) => [kind, summary(outcomes.filter((outcome) => outcome.kind === kind))]),
      ),
    };
  } finally {
    await engine.close();
  }
}
