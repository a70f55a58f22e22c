/** What captions are about: which of their words mean something, and whether they tell of what a question asks about. */
import { wordsOf } from '../caption-questions.ts';

const SMALL = new Set(
  (
    'a an the and or of in on at to with for by from into over near is are was were be being has have while as his her ' +
    'their its this that there up down out off who which one two three some other another front next'
  ).split(' '),
);

const PEOPLE = new Set(
  (
    'man men woman women boy boys girl girls child children person people baby babies player players kid kids lady ladies ' +
    'guy guys skateboarder skateboarders surfer surfers skier skiers cyclist cyclists toddler crowd team someone'
  ).split(' '),
);

/** A word without its plural: "dogs" and "dog" are one. */
const single = (word: string): string => (word.length > 3 ? word.replace(/s$/, '') : word);

/** The words of a caption that mean something, each without its plural. */
export function meaningWords(caption: string): string[] {
  return wordsOf(caption)
    .filter((word) => !SMALL.has(word))
    .map(single);
}

/**
 * False where no caption tells of anything that the words name, so that a question about them has no answer there. Of
 * people, any word for people counts: who is a "man" to one is a "player" to another.
 */
export function isAnswerable(words: string, captions: readonly string[]): boolean {
  const asked = meaningWords(words);
  const said = new Set(captions.flatMap(meaningWords));
  const people = (word: string): boolean => PEOPLE.has(word) || PEOPLE.has(`${word}s`);
  if (asked.some(people)) return [...said].some(people);
  return asked.length === 0 || asked.some((word) => said.has(word));
}
