import { describe, expect, it } from 'vitest';
import { fuzz } from '../../fuzz/subtitles.ts';

describe('damaged subtitle files', () => {
  it('never crash the reader and never lose a word', () => {
    expect(fuzz(20_000, 7)).toMatchObject({ inputs: 20_000, fault: null, input: null });
  });
});
