import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readQuestion, statementOf, type QuestionKind } from '../../../electron/engine/answers/question.ts';
import { parseQuery } from '../../../electron/engine/search/query.ts';

const CASES: [question: string, kind: QuestionKind, query: string][] = [
  ['Is there a dog?', 'presence', 'a dog'],
  ['Are there any horses in the video?', 'presence', 'horses'],
  ['Can you see a red car?', 'presence', 'a red car'],
  ['Do I have a bicycle in my videos?', 'presence', 'a bicycle'],
  ['Is the man wearing a hat?', 'yes-no', 'the man wearing a hat'],
  ["Isn't the door open?", 'yes-no', 'the door open'],
  ['Is the car red or blue?', 'choice', 'the car'],
  ['How many people are in the room?', 'count', 'people in the room'],
  ['How many dogs are there?', 'count', 'dogs'],
  ['How many birds can you see on the fence', 'count', 'birds on the fence'],
  ['What colour is the bus?', 'colour', 'the bus'],
  ['what color are the flowers in the picture', 'colour', 'the flowers'],
  ['Where is the cat?', 'where', 'the cat'],
  ['Who is driving the car?', 'who', 'a person driving the car'],
  ['What is the woman doing?', 'doing', 'the woman'],
  ['What are the children doing in the park?', 'doing', 'the children'],
  ['When does the train arrive?', 'when', 'the train arrive'],
  ['At what time is the cake cut?', 'when', 'the cake cut'],
  ['What is the girl holding?', 'what', 'the girl holding'],
  ['What kind of animal is on the sofa?', 'what', 'animal is on the sofa'],
  ['dogs', 'what', 'dogs'],
];

describe('reading a question', () => {
  it.each(CASES)('%s', (question, kind, query) => {
    expect(readQuestion(question)).toMatchObject({ kind, query });
  });

  it('puts it to the decoder in small letters, without a question mark, about the picture', () => {
    expect(readQuestion('What is the man  doing in this Video?!').asked).toBe(
      'what is the man doing in this picture',
    );
  });

  it('offers the answers that the question allows', () => {
    expect(readQuestion('Is the car red or blue?').candidates).toEqual(['red', 'blue']);
    expect(readQuestion('Is it raining?').candidates).toEqual(['yes', 'no']);
    expect(readQuestion('What is it?').candidates).toBeNull();
  });

  it('never turns into the query language by accident, and always looks for something', () => {
    const pieces = fc.constantFrom(
      'where',
      'is',
      'the',
      'in:box',
      '"dog"',
      '-cat',
      'then',
      'when',
      'how many',
      '?',
      '--',
      'a',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), fc.string(), (words, noise) => {
        const { query } = readQuestion(`${words.join(' ')} ${noise}`);
        const parsed = parseQuery(query);
        expect(parsed.chips).toEqual([]);
        expect(parsed.stages).toHaveLength(1);
      }),
    );
    expect(readQuestion('what is it doing?').query).not.toBe('');
  });
});

describe('what an answer says of the picture', () => {
  it.each([
    ['What colour is the car?', 'red', 'red car'],
    ['Where is the dog?', 'grass', 'the dog in the grass'],
    ['What is the dog doing?', 'running', 'the dog running'],
    ['Who is riding the horse?', 'man', 'man riding the horse'],
    ['How many dogs are there?', 'two', 'dogs'],
    ['Is there a dog?', 'yes', 'a dog'],
  ])('%s %s: “%s”', (question, answer, statement) => {
    expect(statementOf(readQuestion(question), answer)).toBe(statement);
  });
});
