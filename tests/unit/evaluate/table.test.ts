import { describe, expect, it } from 'vitest';
import { tableOf } from '../../evaluate/table.ts';

describe('the table of results', () => {
  const share = (right: number, of: number): object => ({ right, of, perCent: (100 * right) / of });
  const lineOf = (results: unknown, what: string): string | undefined =>
    tableOf(results)
      .split('\n')
      .find((line) => line.includes(what));

  it('shows a share with both of its sides beside what is asked of it', () => {
    const results = { flickr8k: { textToImage: { r10: share(2865, 5000) } } };
    expect(lineOf(results, 'text to image, R@10 |')).toBe(
      '| Flickr8k `val`, text to image, R@10 | 57.3 % (2,865 of 5,000) | 57 % | 70 % |',
    );
  });

  it('shows how far pans are from stills', () => {
    const results = { pans: { pans: { r10: share(96, 100) }, stills: { r10: share(98, 100) } } };
    expect(lineOf(results, 'as pans')).toContain('| −2.0 points (96.0 % against 98.0 %) |');
  });

  it('shows a plain number in its unit', () => {
    expect(lineOf({ encoder: { millisecondsPerClip: 61.2 } }, 'Encoder')).toContain('| 61.2 ms |');
  });

  it('says what was not measured', () => {
    const lines = tableOf({ locate: { leftOut: 'no places' } })
      .trimEnd()
      .split('\n')
      .slice(2);
    expect(lines.every((line) => line.includes('| not measured |'))).toBe(true);
    expect(lines.length).toBeGreaterThan(10);
  });
});
