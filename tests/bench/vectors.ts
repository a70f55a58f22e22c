import { ExactIndex } from '../../electron/engine/vectors/exact.ts';
import { HnswIndex } from '../../electron/engine/vectors/hnsw.ts';
import { clustered } from '../unit/vectors/clusters.ts';
import { percentile, progress, rounded } from './timing.ts';

const DIMENSION = 256;
const SIZES = [10_000, 100_000];
const QUERIES = 200;
/** What recall is counted over, and what a search fetches before it merges moments. */
const COUNTED = 10;
const FETCHED = 200;

/**
 * The exact scan and the graph over made vectors in clusters, at two sizes: times of one query that fetches as many
 * neighbours as a search does, and of one that fetches ten, and how many of the ten true neighbours the graph finds.
 */
export function benchVectors(): object {
  const make = clustered(DIMENSION, 2000, 1, 17);
  const exact = new ExactIndex(DIMENSION);
  const graph = HnswIndex.empty(DIMENSION, SIZES.at(-1));
  const queries = Array.from({ length: QUERIES }, make);
  let buildMilliseconds = 0;
  return Object.fromEntries(
    SIZES.map((size) => {
      progress(`building a graph of ${size} vectors`);
      const begun = performance.now();
      while (exact.size < size) {
        const vector = make();
        exact.add(exact.size, vector);
        graph.add(graph.size, vector);
      }
      buildMilliseconds += performance.now() - begun;
      return [
        `${size}`,
        { buildSeconds: rounded(buildMilliseconds / 1000), ...compare(exact, graph, queries) },
      ];
    }),
  );
}

function compare(exact: ExactIndex, graph: HnswIndex, queries: readonly Float32Array[]): object {
  const times = { exact: [] as number[], graph: [] as number[], graphTen: [] as number[] };
  const time = <T>(list: number[], work: () => T): T => {
    const begun = performance.now();
    const result = work();
    list.push(performance.now() - begun);
    return result;
  };
  let hits = 0;
  let hitsOfTen = 0;
  for (const query of queries) {
    const truth = new Set(
      time(times.exact, () => exact.search(query, FETCHED))
        .slice(0, COUNTED)
        .map(({ id }) => id),
    );
    const found = time(times.graph, () => graph.search(query, FETCHED));
    const ten = time(times.graphTen, () => graph.search(query, COUNTED));
    hits += found.slice(0, COUNTED).filter(({ id }) => truth.has(id)).length;
    hitsOfTen += ten.filter(({ id }) => truth.has(id)).length;
  }
  const both = (list: readonly number[]): object => ({
    p50: percentile(list, 0.5),
    p95: percentile(list, 0.95),
  });
  return {
    exactMilliseconds: both(times.exact),
    graphMilliseconds: both(times.graph),
    graphMillisecondsForTen: both(times.graphTen),
    recallAt10: rounded(hits / (COUNTED * queries.length)),
    recallAt10FetchingTen: rounded(hitsOfTen / (COUNTED * queries.length)),
    exactToGraph: rounded(percentile(times.exact, 0.5) / percentile(times.graph, 0.5)),
  };
}
