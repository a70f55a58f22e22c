import { unit } from '../../../electron/engine/vectors/dot.ts';

/** Pseudo-random numbers in 0..1 that are the same for one seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A maker of normally distributed numbers (Box and Muller) from a maker of uniform ones. */
export function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * A maker of unit vectors that fall into clusters, as the clips of a library do: `clusters` directions, and around each
 * one noise whose length is `spread` times that of the direction.
 */
export function clustered(
  dimension: number,
  clusters: number,
  spread: number,
  seed: number,
): () => Float32Array {
  const random = seeded(seed);
  const normal = gaussian(random);
  const centres = Array.from({ length: clusters }, () =>
    unit(Float32Array.from({ length: dimension }, normal)),
  );
  return () => {
    const centre = centres[Math.floor(random() * clusters)] ?? new Float32Array(dimension);
    return unit(centre.map((value) => value + (spread / Math.sqrt(dimension)) * normal()));
  };
}
