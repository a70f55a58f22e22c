import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../electron/engine/search/query.ts';
import { parseDay, parseLength } from '../../../electron/engine/search/values.ts';

function only(query: string): { text: string; without: readonly string[]; phrases: readonly string[] } {
  const { stages } = parseQuery(query);
  expect(stages).toHaveLength(1);
  return stages[0]!;
}

describe('plain language', () => {
  test.each([
    'a dog runs on the grass',
    'a well-known man',
    'minus -5 degrees',
    'a - b -- c',
    'the 5" screen',
    'https://example.org/in:side',
    'then',
    'what happens then?',
    '3:30 in the morning',
    'ein Hund läuft — über die Straße',
    'собака на траве',
    '犬が走る',
  ])('is taken as it is: %s', (query) => {
    expect(only(query)).toEqual({ text: query, without: [], phrases: [] });
  });

  test('is never refused, whatever is typed', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'then',
        'within',
        '10s',
        '-',
        '"',
        '-"',
        'in:',
        'in:x',
        'type:image',
        'longer:',
        ' ',
        'and',
        ',',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join(' ')),
        (query) => {
          const parsed = parseQuery(query);
          expect(parsed.source).toBe(query);
          expect(parsed.stages.length).toBeGreaterThan(0);
          for (const { from, to } of parsed.notes) {
            expect(from).toBeGreaterThanOrEqual(0);
            expect(to).toBeGreaterThan(from);
            expect(to).toBeLessThanOrEqual(query.length);
          }
          for (const { text } of parsed.chips) expect(query).toContain(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('loses no word: each one is in the text, in what is taken away, in the phrases or in a chip', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => text !== 'and' && text !== 'within');
    const part = fc.oneof(
      word,
      word.map((text) => `-${text}`),
      word.map((text) => `"${text}"`),
      fc.constantFrom('in:x', 'type:image', 'then'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const { stages, chips } = parseQuery(parts.join(' '));
        const kept = [
          ...stages.flatMap(({ text, without, phrases }) => [text, ...without, ...phrases]),
          ...chips.map(({ text }) => text),
        ].join(' ');
        for (const bare of parts.map((text) => text.replace(/^-|"/gu, ''))) expect(kept).toContain(bare);
      }),
    );
  });
});

describe('what is taken away', () => {
  test('is a word or a phrase after a minus', () => {
    expect(only('dog -grass -"tall trees"')).toEqual({
      text: 'dog',
      without: ['grass', 'tall trees'],
      phrases: [],
    });
  });

  test('becomes a chip that tells what to cut out again', () => {
    expect(parseQuery('dog -grass').chips).toEqual([{ kind: 'without', label: 'not grass', text: '-grass' }]);
  });
});

describe('quotes', () => {
  test('ask for words in captions, also with curly quotes and before a full stop', () => {
    expect(only('“happy birthday” cake')).toEqual({ text: 'cake', without: [], phrases: ['happy birthday'] });
    expect(only('a speech "thank you".').phrases).toEqual(['thank you']);
  });

  test('that are not closed are plain words, with a note at their place', () => {
    const { stages, notes } = parseQuery('the "box');
    expect(stages[0]?.text).toBe('the "box');
    expect(notes).toEqual([{ from: 4, to: 8, message: expect.stringContaining('not closed') as string }]);
  });
});

describe('sequences', () => {
  test('are parted by then, however it is joined', () => {
    const { stages, within } = parseQuery('a man sits down, then he laughs and then leaves');
    expect(stages.map(({ text }) => text)).toEqual(['a man sits down', 'he laughs', 'leaves']);
    expect(within).toBe(30);
  });

  test('say themselves within what time', () => {
    const { stages, within, chips } = parseQuery('a car stops then within 1m a man gets out');
    expect(stages.map(({ text }) => text)).toEqual(['a car stops', 'a man gets out']);
    expect(within).toBe(60);
    expect(chips).toEqual([{ kind: 'then', label: 'then, within 60 s', text: 'then within 1m' }]);
  });

  test('without an end are plain words, with a note', () => {
    const { stages, notes } = parseQuery('what then');
    expect(stages.map(({ text }) => text)).toEqual(['what then']);
    expect(notes).toHaveLength(1);
  });
});

describe('filters', () => {
  test('are read with their values', () => {
    const { stages, filters, notes } = parseQuery(
      'dog in:"my folder" in:other longer:10s shorter:1:30 after:2024-05 before:2025-01-15 type:photos',
    );
    expect(stages[0]?.text).toBe('dog');
    expect(filters).toEqual({
      folders: ['my folder', 'other'],
      longer: 10,
      shorter: 90,
      after: new Date(2024, 4, 1).getTime(),
      before: new Date(2025, 0, 15).getTime(),
      type: 'image',
    });
    expect(notes).toEqual([]);
  });

  test.each([
    ["what's in: the box?", 'names no folder', 7],
    ['longer:soon', 'a length', 0],
    ['a dog after:2024-13', 'a month', 6],
    ['before:noon we met', 'a day', 0],
    ['type:cat', 'video or image', 0],
  ])('with a value that is none are plain words: %s', (query, reason, from) => {
    const { stages, filters, notes } = parseQuery(query);
    expect(stages[0]?.text).toBe(query);
    expect(filters).toEqual({});
    expect(notes).toEqual([
      { from, to: expect.any(Number) as number, message: expect.stringContaining(reason) as string },
    ]);
  });
});

test.each([
  ['10', 10],
  ['10s', 10],
  ['1.5m', 90],
  ['2min', 120],
  ['1h', 3600],
  ['1:30', 90],
  ['1:02:03', 3723],
  ['soon', null],
  ['', null],
  ['10 apples', null],
  ['-3', null],
])('the length %s is %s seconds', (text, seconds) => {
  expect(parseLength(text)).toBe(seconds);
});

test.each([
  ['2024', new Date(2024, 0, 1)],
  ['2024-5', new Date(2024, 4, 1)],
  ['2024-02-29', new Date(2024, 1, 29)],
  ['2023-02-29', null],
  ['2024-13', null],
  ['yesterday', null],
])('the day %s', (text, day) => {
  expect(parseDay(text)).toBe(day === null ? null : day.getTime());
});
