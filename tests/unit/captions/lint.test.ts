import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cue } from '../../../electron/engine/captions/cue.ts';
import { fixAll, lint, quickFix, type LintRule } from '../../../electron/engine/captions/lint.ts';
import { timeCues, type TimingContext } from '../../../electron/engine/captions/timing.ts';
import { cue } from './cues.ts';

const context = (cuts: number[] = [], duration = 600): TimingContext => ({
  frameRate: [25, 1],
  cuts,
  duration,
});
const rules = (cues: Cue[], where = context()): LintRule[] => lint(cues, where).map(({ rule }) => rule);
const LONG = 'A man in a blue shirt is standing on a street in front of a large building with';

const CASES: [LintRule, Cue[], TimingContext][] = [
  ['line-length', [cue(0, 6, LONG)], context()],
  ['line-count', [cue(0, 4, 'One\ntwo\nthree')], context()],
  ['too-short', [cue(0, 0.5, 'Hello')], context()],
  ['too-long', [cue(0, 9, 'Hello')], context()],
  ['reading-speed', [cue(0, 1, 'Thirty characters in a second.')], context()],
  ['gap', [cue(0, 2, 'One'), cue(2.04, 4, 'Two')], context()],
  ['overlap', [cue(0, 3, 'One'), cue(2, 4, 'Two')], context()],
  ['crosses-cut', [cue(0, 4, 'One')], context([3])],
];

describe('the timed-text rules', () => {
  it('find nothing wrong with good cues', () => {
    expect(rules([cue(0, 2, 'One\ntwo'), cue(2.08, 4, 'Three'), cue(5, 7, 'Four')], context([5]))).toEqual(
      [],
    );
  });

  it.each(CASES)('find %s, and its quick fix mends it', (rule, cues, where) => {
    expect(rules(cues, where)).toEqual([rule]);
    expect(lint(cues, where)[0]?.fixable).toBe(true);
    expect(rules(quickFix(cues, 0, rule, where)!, where)).toEqual([]);
  });

  it.each([
    ['too-short', [cue(1, 1.4, 'Hi')], context([1, 1.5])],
    ['reading-speed', [cue(1, 2, LONG.slice(0, 42))], context([1, 2.1])],
    ['line-length', [cue(0, 6, 'x'.repeat(50))], context()],
  ] as [LintRule, Cue[], TimingContext][])(
    'say that %s cannot be mended where there is no room',
    (rule, cues, where) => {
      expect(lint(cues, where).find((finding) => finding.rule === rule)?.fixable).toBe(false);
      expect(quickFix(cues, 0, rule, where)).toBeNull();
    },
  );

  it('split a text of four lines into two cues that share its time', () => {
    const fixed = quickFix([cue(0, 7, `${LONG} ${LONG}`)], 0, 'line-length', context())!;
    expect(fixed).toHaveLength(2);
    expect(fixed[0]?.end).toBeLessThan(fixed[1]!.start);
    expect(fixed.map(({ text }) => text.replaceAll('\n', ' ')).join(' ')).toBe(`${LONG} ${LONG}`);
  });
});

const messy = fc
  .array(
    fc.record({
      start: fc.double({ min: 0, max: 60, noNaN: true }),
      length: fc.double({ min: 0.1, max: 12, noNaN: true }),
      words: fc.array(fc.constantFrom('a', 'dog', 'runs', 'through', 'the', 'grass,', 'happily'), {
        minLength: 1,
        maxLength: 25,
      }),
    }),
    { maxLength: 10 },
  )
  .map((rows) => rows.map(({ start, length, words }) => cue(start, start + length, words.join(' '))));
const cuts = fc.uniqueArray(fc.double({ min: 0.5, max: 60, noNaN: true }), { maxLength: 6 });
const words = (cues: readonly Cue[]): string[] => cues.flatMap(({ text }) => text.split(/\s+/)).sort();

describe('mending everything', () => {
  it('loses no word and never breaks more rules than it mends', () => {
    fc.assert(
      fc.property(messy, cuts, (cues, places) => {
        const where = context(places);
        const ordered = [...cues].sort((a, b) => a.start - b.start || a.end - b.end);
        const fixed = fixAll(cues, where);
        expect(words(fixed)).toEqual(words(cues));
        expect(lint(fixed, where).length).toBeLessThanOrEqual(lint(ordered, where).length);
      }),
    );
  });
});

describe('the model’s statements as cues', () => {
  it('keep every rule, whatever the shots', () => {
    const shots = fc.array(fc.double({ min: 0.2, max: 40, noNaN: true }), { minLength: 1, maxLength: 12 });
    const said = fc.array(
      fc.constantFrom(
        'a man in a blue shirt',
        'is standing',
        'on a street',
        'in front of a building',
        'with a dog',
      ),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(shots, said, (lengths, parts) => {
        let clock = 0;
        const starts = lengths.map((length) => (clock += length) - length);
        const statements = lengths.map((length, index) =>
          cue(starts[index]!, starts[index]! + length, parts.join(' '), { source: 'model' }),
        );
        const where = context(starts.slice(1), clock);
        expect(lint(timeCues(statements, where), where)).toEqual([]);
      }),
    );
  });

  it('make room for what a person wrote, which stays as it is', () => {
    const own = cue(2, 30, 'My own words', { source: 'user' });
    const model = cue(0, 10, 'A dog', { source: 'model' });
    expect(timeCues([model, own], context())).toEqual([{ ...model, end: 1.92 }, own]);
  });

  it('show photographs’ captions, which have no length, as they are', () => {
    const still = cue(0, 0, 'A dog', { source: 'model' });
    expect(timeCues([still], context([], 0))).toEqual([still]);
  });
});
