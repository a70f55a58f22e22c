import { describe, expect, it } from 'vitest';
import { questionsOf, thingsIn, type Asking } from '../../evaluate/caption-questions.ts';

const asking = (affirmed = true, things: readonly string[] = []): Asking => ({
  affirmed,
  things,
  // Below every share: a question about a single person is asked too.
  random: () => 0,
});

const ofType = (type: string, captions: readonly string[], how = asking()): [string, readonly string[]][] =>
  questionsOf(captions, how)
    .filter((each) => each.type === type)
    .map(({ question, right }) => [question, right]);

describe('questions made from captions', () => {
  it.each([
    ['object', 'A man in black wearing a big hat .', 'What is the man wearing?', 'hat'],
    ['object', 'Two brown dogs run .', 'What animal is in the picture?', 'dog'],
    ['number', 'Two black dogs run .', 'How many dogs are there?', 'two'],
    ['number', 'A young girl swims .', 'How many girls are there?', 'one'],
    ['colour', 'The man has a grey jacket .', 'What color is the jacket?', 'gray'],
    ['colour', 'She wears blue shorts .', 'What color are the shorts?', 'blue'],
    ['place or action', 'Two boys are playing .', 'What are the boys doing?', 'playing'],
    ['place or action', 'A woman stands on the sandy beach .', 'Where is the woman?', 'beach'],
  ])('ask about %s: %s', (type, caption, question, answer) => {
    expect(ofType(type, [caption])).toEqual([[question, [answer]]]);
  });

  it('take every answer that a caption gives to the same question', () => {
    expect(ofType('colour', ['a red shirt', 'an orange shirt', 'a red shirt'])).toEqual([
      ['What color is the shirt?', ['red', 'orange']],
    ]);
  });

  it.each(['a black and white dog', 'a blue green car'])('leave out what has two colours: %s', (caption) => {
    const answers = ofType('colour', [caption]).flatMap(([, right]) => right);
    expect(answers).not.toContain('white');
    expect(answers).not.toContain('green');
  });

  it('affirm what two captions name, by whatever word', () => {
    const captions = ['a boy on a bike', 'a child on a bicycle', 'somebody rides'];
    expect(thingsIn(captions)).toEqual(['bike', 'bicycle']);
    expect(ofType('yes/no', captions)[0]?.[1]).toEqual(['yes']);
  });

  it('deny what no caption names, and nothing that one names by another word', () => {
    const captions = ['a puppy by the ocean', 'a dog at the sea'];
    expect(ofType('yes/no', captions, asking(false, ['dog', 'water', 'beach', 'guitar']))).toEqual([
      ['Is there a guitar in the picture?', ['no']],
    ]);
  });

  it('ask how many there are mostly of more than one', () => {
    const numbers = (random: () => number): [string, readonly string[]][] =>
      ofType('number', ['A boy swims .', 'Two kids swim .'], { ...asking(), random });
    expect(numbers(() => 0.9)).toEqual([['How many kids are there?', ['two']]]);
    expect(numbers(() => 0)).toEqual([['How many boys are there?', ['one']]]);
  });

  it.each([
    ['water', 'Is there water in the picture?'],
    ['sunglasses', 'Are there sunglasses in the picture?'],
    ['umbrella', 'Is there an umbrella in the picture?'],
    ['bus', 'Is there a bus in the picture?'],
  ])('say %s as English does', (thing, question) => {
    expect(ofType('yes/no', ['mist'], asking(false, [thing]))[0]?.[0]).toBe(question);
  });

  it('ask nothing where the captions settle nothing', () => {
    expect(questionsOf(['mist'], asking())).toEqual([]);
  });
});
