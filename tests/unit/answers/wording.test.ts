import { describe, expect, it } from 'vitest';
import { sayAnswer } from '../../../electron/engine/answers/wording.ts';

describe('an answer as it is said', () => {
  it.each([
    ['where', 'street', 'On the street'],
    ['where', 'water', 'In the water'],
    ['where', 'on a bench', 'On a bench'],
    ['what', 'ball', 'A ball'],
    ['what', 'umbrella', 'An umbrella'],
    ['what', 'shorts', 'Shorts'],
    ['what', 'grass', 'Grass'],
    ['who', 'man', 'A man'],
    ['who', 'two men', 'Two men'],
    ['doing', 'running', 'Running'],
    ['count', 'two', 'Two'],
    ['colour', 'red', 'Red'],
    ['presence', 'yes', 'Yes'],
  ] as const)('%s, %s: %s', (kind, answer, said) => {
    expect(sayAnswer(kind, answer, 0.9)).toBe(said);
  });

  it('is no surer than it is', () => {
    expect(sayAnswer('what', 'ball', 0.5)).toBe('Probably a ball');
    expect(sayAnswer('what', 'ball', 0.3)).toBe('Perhaps a ball');
    expect(sayAnswer('presence', 'no', 0.6)).toBe('Probably not');
    expect(sayAnswer('presence', 'no', 0.9)).toBe('No');
  });

  it('leaves times as they are', () => {
    expect(sayAnswer('when', '0:04 to 0:08', 0.3)).toBe('0:04 to 0:08');
  });
});
