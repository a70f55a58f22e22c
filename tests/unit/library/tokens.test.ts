import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantiseTokens, quantiseTokens } from '../../../electron/engine/library/tokens.ts';

describe('stored vision tokens', () => {
  it('have one scale a token, its largest magnitude divided by 127', () => {
    const stored = quantiseTokens(Float32Array.of(127, -63.5, 0, 0.254, -0.127, 0), 3);
    expect([...stored.values]).toEqual([127, -63, 0, 127, -63, 0]);
    expect(stored.scales[0]).toBe(1);
    expect(stored.scales[1]).toBeCloseTo(0.002, 8);
  });

  it('come back within half a step of their own token, whatever the other tokens hold', () => {
    const value = fc.float({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(value, { maxLength: 60 }), (width, values) => {
        const tokens = Float32Array.from(values.slice(0, values.length - (values.length % width)));
        const stored = quantiseTokens(tokens, width);
        const back = dequantiseTokens(stored);
        expect(back).toHaveLength(tokens.length);
        for (const [index, original] of tokens.entries()) {
          const scale = stored.scales[Math.floor(index / width)]!;
          expect(Math.abs(back[index]! - original)).toBeLessThanOrEqual(scale * 0.5001 + 1e-30);
        }
      }),
    );
  });

  it('of nothing are nothing', () => {
    expect(dequantiseTokens(quantiseTokens(new Float32Array(0), 0))).toHaveLength(0);
  });

  it('are refused where rows do not fit or a value is not finite', () => {
    expect(() => quantiseTokens(new Float32Array(7), 3)).toThrow(RangeError);
    expect(() => quantiseTokens(Float32Array.of(1, Number.NaN), 2)).toThrow(/not a finite number/);
  });
});
