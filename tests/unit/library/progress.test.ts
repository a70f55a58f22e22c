import { describe, expect, it } from 'vitest';
import { Estimate, expectedClips } from '../../../electron/engine/library/progress.ts';

describe('the estimate', () => {
  it('takes the pace of the last minute for the rest', () => {
    const estimate = new Estimate();
    estimate.expect(1, 100);
    estimate.expect(2, 100);
    estimate.start(0);
    expect(estimate.secondsLeft).toBeNull();
    for (let second = 1; second <= 10; second += 1) estimate.advance(1, second / 20, second * 1000);
    expect(estimate.clipsPerSecond).toBeCloseTo(5);
    expect(estimate.secondsLeft).toBeCloseTo(150 / 5);
    expect(estimate.fraction).toBeCloseTo(0.25);
  });

  it('says nothing before it has seen enough', () => {
    const estimate = new Estimate();
    estimate.expect(1, 10);
    estimate.start(0);
    estimate.advance(1, 0.5, 500);
    expect(estimate.secondsLeft).toBeNull();
  });

  it('does not count clips that are done before, nor a pause, as speed', () => {
    const estimate = new Estimate();
    estimate.expect(1, 100);
    estimate.start(0);
    estimate.advance(1, 0.1, 5000);
    estimate.start(3_600_000);
    estimate.advance(1, 0.2, 3_605_000);
    expect(estimate.clipsPerSecond).toBeCloseTo(2);
    expect(estimate.secondsLeft).toBeCloseTo(40);
  });

  it('never goes backwards when a file turns out shorter or fails', () => {
    const estimate = new Estimate();
    estimate.start(0);
    estimate.expect(1, 100);
    estimate.expect(2, 10);
    estimate.advance(1, 0.5, 1000);
    const before = estimate.fraction;
    estimate.expect(1, 60);
    expect(estimate.fraction).toBeGreaterThanOrEqual(before);
    estimate.finish(1, 2000);
    estimate.finish(2, 3000);
    expect(estimate).toMatchObject({ fraction: 1, filesDone: 2, filesTotal: 2 });
  });

  it('stands still when a file turns out longer than its size promised, and falls only when files are added', () => {
    const estimate = new Estimate();
    estimate.start(0);
    estimate.expect(1, 10);
    estimate.expect(2, 1);
    estimate.finish(1, 1000);
    const before = estimate.fraction;
    estimate.expect(2, 40);
    expect(estimate.fraction).toBe(before);
    estimate.finish(2, 2000);
    expect(estimate.fraction).toBe(1);
    estimate.expect(3, 50);
    expect(estimate.fraction).toBeCloseTo(0.5);
  });

  it('expects a clip of an image, and of a video by its length or else its size', () => {
    const bytes = 20e6;
    expect(expectedClips({ kind: 'image', bytes, facts: null }, 4)).toBe(1);
    expect(expectedClips({ kind: 'video', bytes, facts: null }, 4)).toBe(5);
    expect(expectedClips({ kind: 'video', bytes, facts: { duration: 61 } }, 4)).toBe(16);
  });
});
