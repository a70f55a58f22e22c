/** Questions that the captions of a photograph settle, by rule: what the rules do not understand is left out. Pure. */

/** `place or action`: where somebody is, or what they do. `yes/no`: as many things that are there as are not. */
export type QuestionType = 'object' | 'number' | 'colour' | 'place or action' | 'yes/no';

export const QUESTION_TYPES = ['object', 'number', 'colour', 'place or action', 'yes/no'] as const;

export interface CaptionQuestion {
  readonly type: QuestionType;
  readonly question: string;
  /** Answers that are right: each is what a caption says. */
  readonly right: readonly string[];
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
/** Who captions are about: one, and many. */
const PLURALS: ReadonlyMap<string, string> = new Map(
  [
    'man men,woman women,boy boys,girl girls,child children,person people,baby babies,player players,kid kids',
    'lady ladies,guy guys,skateboarder skateboarders,surfer surfers,skier skiers,cyclist cyclists',
    'dog dogs,cat cats,horse horses,bird birds,cow cows',
  ]
    .join(',')
    .split(',')
    .map((pair) => pair.split(' ') as [string, string]),
);
const SINGULARS = new Map([...PLURALS].map(([one, many]) => [many, one]));
const ANIMALS = set('dog cat horse bird cow');
const NUMBERS = new Map([
  ...['one', 'two', 'three', 'four', 'five', 'six'].map((word) => [word, word] as const),
  ...['a', 'an'].map((word) => [word, 'one'] as const),
]);
const COLOURS = set('red blue green yellow black white brown orange pink purple gray grey tan');
const THINGS = set(
  'ball shirt hat dress jacket coat collar frisbee stick toy bike bicycle skateboard surfboard snowboard helmet bag ' +
    'camera guitar umbrella rope swing slide motorcycle truck car bus train boat kite bat racket bench chair table ' +
    'sign flower fence wall rock bridge fountain building tent suit shorts jeans pants sunglasses glasses scarf vest ' +
    'uniform costume dog cat horse bird snow grass water beach street field pool',
);
const PLACES = set(
  'grass field water beach street snow park pool road sand ocean woods forest yard river kitchen room lake mountain ' +
    'sidewalk city track stage bench couch bed court hill air dirt bus car boat fence wall rock rocks stairs waves mud',
);
const MASSES = set('snow grass water');
const NO_ACTIONS = set(
  'wearing holding building clothing evening morning wedding string spring something nothing anything everything ceiling ' +
    'painting railing clearing looking being having using parking',
);
const HELD = [...set('wearing holding riding throwing carrying catching chasing')];
const INTO_PLACES = set('in on at through across over');
const ARTICLES = set('a an the');
/** The share of photographs about whose one person is asked how many there are: most captions begin with one. */
const ONES = 0.3;
/** Words between a number, an article or a verb and the noun that it belongs to. */
const NEAR = 3;

/** Small words, in order. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}

/** The first person or animal, and where it stands among the words. */
function subjectOf(words: readonly string[]): { at: number; word: string } | null {
  const at = words.findIndex((word) => PLURALS.has(word) || SINGULARS.has(word));
  return at === -1 ? null : { at, word: words[at]! };
}

const ONE_WITH_S = set('bus dress grass');
const isMany = (thing: string): boolean =>
  SINGULARS.has(thing) || (thing.endsWith('s') && !ONE_WITH_S.has(thing));
const isAre = (thing: string): string => (isMany(thing) ? 'are' : 'is');
const plainColour = (colour: string): string => (colour === 'grey' ? 'gray' : colour);

/** What one caption asks and answers: a question's type and words, and the answer. */
interface Asked {
  readonly type: QuestionType;
  readonly question: string;
  readonly answer: string;
}

function askedOf(caption: string): Asked[] {
  const words = wordsOf(caption);
  const subject = subjectOf(words);
  return [...objects(words, subject), ...numbers(words), ...colours(words), ...doings(words, subject)];
}

function objects(words: readonly string[], subject: ReturnType<typeof subjectOf>): Asked[] {
  if (!subject) return [];
  const type = 'object';
  const single = SINGULARS.get(subject.word) ?? subject.word;
  const animal: Asked[] = ANIMALS.has(single)
    ? [{ type, question: 'What animal is in the picture?', answer: single }]
    : [];
  const held = HELD.flatMap((verb) => {
    const at = words.indexOf(verb);
    const thing = words.slice(at + 1, at + 2 + NEAR).find((word) => THINGS.has(word));
    const question = `What ${isAre(subject.word)} the ${subject.word} ${verb}?`;
    return at > subject.at && thing !== undefined ? [{ type, question, answer: thing } as const] : [];
  });
  return [...animal, ...held];
}

function numbers(words: readonly string[]): Asked[] {
  for (const [at, word] of words.entries()) {
    const answer = NUMBERS.get(word);
    const after = words.slice(at + 1, at + 1 + NEAR);
    const counted = after.find((noun) => (answer === 'one' ? PLURALS : SINGULARS).has(noun));
    // "A man" later in a caption may be one of several.
    if (answer === undefined || counted === undefined || (answer === 'one' && at > 0)) continue;
    return [
      { type: 'number', question: `How many ${PLURALS.get(counted) ?? counted} are there?`, answer } as const,
    ];
  }
  return [];
}

function colours(words: readonly string[]): Asked[] {
  return words.flatMap((word, at) => {
    const thing = words[at + 1] ?? '';
    const [before = ''] = words.slice(Math.max(0, at - 1), at);
    // "Black and white shirt" has no one colour.
    const alone = COLOURS.has(word) && !COLOURS.has(before) && before !== 'and';
    if (!alone || !(THINGS.has(thing) || PLURALS.has(thing))) return [];
    return [
      {
        type: 'colour',
        question: `What color ${isAre(thing)} the ${thing}?`,
        answer: plainColour(word),
      } as const,
    ];
  });
}

function doings(words: readonly string[], subject: ReturnType<typeof subjectOf>): Asked[] {
  if (!subject) return [];
  const type = 'place or action';
  const after = words.slice(subject.at + 1);
  const be = isAre(subject.word);
  const action = after.find((word) => word.length > 4 && word.endsWith('ing') && !NO_ACTIONS.has(word));
  const into = after.findIndex(
    (word, at) => INTO_PLACES.has(word) && ARTICLES.has(after[at + 1] ?? '') && placeAfter(after, at + 2),
  );
  const place = into === -1 ? undefined : placeAfter(after, into + 2);
  return [
    ...(action === undefined
      ? []
      : [{ type, question: `What ${be} the ${subject.word} doing?`, answer: action } as const]),
    ...(place === undefined
      ? []
      : [{ type, question: `Where ${be} the ${subject.word}?`, answer: place } as const]),
  ];
}

function placeAfter(words: readonly string[], from: number): string | undefined {
  return words.slice(from, from + NEAR).find((word) => PLACES.has(word));
}

/** How many captions name a thing, by whatever word. */
function votes(captions: readonly string[]): (thing: string) => number {
  const said = captions.map((caption) => new Set(wordsOf(caption).flatMap(alike)));
  return (thing) => said.filter((words) => words.has(thing)).length;
}

/** The things that at least two of the captions name. */
export function thingsIn(captions: readonly string[]): string[] {
  const named = votes(captions);
  return [...THINGS].filter((thing) => named(thing) >= 2);
}

function isThere(thing: string): string {
  if (MASSES.has(thing)) return `Is there ${thing}`;
  if (isMany(thing)) return `Are there ${thing}`;
  return `Is there ${/^[aeiou]/.test(thing) && thing !== 'uniform' ? 'an' : 'a'} ${thing}`;
}

/** A thing that is there, or one of `things` that no caption names. */
function presence(captions: readonly string[], { affirmed, things, random }: Asking): CaptionQuestion[] {
  const named = votes(captions);
  const fitting = affirmed ? thingsIn(captions) : things.filter((thing) => named(thing) === 0);
  const thing = fitting[Math.floor(random() * fitting.length)];
  if (thing === undefined) return [];
  const question = `${isThere(thing)} in the picture?`;
  return [{ type: 'yes/no', question, right: [affirmed ? 'yes' : 'no'] }];
}

/** A word with the forms of it that name the same thing. */
function alike(word: string): string[] {
  return [word, word.replace(/s$/, ''), SINGULARS.get(word) ?? word, ...(SYNONYMS.get(word) ?? [])];
}

/** Words for a thing that also name it, or what it is part of. */
export const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['bike', ['bicycle']],
  ['bicycle', ['bike']],
  ['bikes', ['bicycle']],
  ['bicycles', ['bike']],
  ['puppy', ['dog']],
  ['ocean', ['water', 'beach']],
  ['sea', ['water', 'beach']],
  ['lake', ['water']],
  ['river', ['water']],
  ['pool', ['water']],
  ['waves', ['water']],
  ['road', ['street']],
  ['lawn', ['grass']],
  ['grassy', ['grass', 'field']],
  ['snowy', ['snow']],
]);

/** How questions are chosen. */
export interface Asking {
  /** Whether the yes/no question is about a thing that is there, or about one that is not. */
  readonly affirmed: boolean;
  /** Things to deny, each as often as it is affirmed: those of all photographs ({@link thingsIn}), one after another. */
  readonly things: readonly string[];
  readonly random: () => number;
}

/**
 * One question of each type that the captions of a photograph settle, chosen at random. What the captions answer to the
 * same question is all right.
 */
export function questionsOf(captions: readonly string[], asking: Asking): CaptionQuestion[] {
  const asked = captions.flatMap(askedOf);
  return QUESTION_TYPES.flatMap((type) => {
    if (type === 'yes/no') return presence(captions, asking);
    const several = type === 'number' && asking.random() >= ONES;
    const fitting = asked.filter((each) => each.type === type && !(several && each.answer === 'one'));
    const questions = [...new Set(fitting.map(({ question }) => question))];
    const question = questions[Math.floor(asking.random() * questions.length)];
    if (question === undefined) return [];
    const answers = asked.filter((each) => each.question === question).map(({ answer }) => answer);
    return [{ type, question, right: [...new Set(answers)] }];
  });
}
