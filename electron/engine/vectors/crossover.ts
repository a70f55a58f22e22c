/**
 * Number of vectors from which the graph answers instead of the exact scan.
 *
 * Measured on a busy 2-core x86-64 machine, 256 floats a vector, the 200 nearest asked for: the scan takes about 1.3 ms
 * at 5,000 vectors, 2.5 ms at 10,000, 6.5 ms at 20,000, 24 ms at 50,000 and 65 ms at 100,000. The graph of 5,000 takes
 * under 0.8 ms, but building one costs half a millisecond a vector and more as it grows. Below 20,000 (a day of video)
 * the scan is exact, needs no building, and stays within a fifth of the 50 ms that an answer may take; far above, the
 * rest of a search would no longer fit beside it.
 */
export const CROSSOVER = 20_000;
