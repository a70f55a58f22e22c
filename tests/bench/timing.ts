/** Milliseconds of each of `runs` runs, after one that does not count. */
export async function timed(runs: number, work: () => unknown): Promise<number[]> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}

/** The time below which a share of the times lies. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
}

/** Three significant digits are all that a benchmark knows. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Says on the error stream what is being measured; standard output holds the result alone. */
export function progress(what: string): void {
  process.stderr.write(`bench: ${what}\n`);
}

/** What a benchmark gives, or why it could not: one that fails does not take the figures of the others with it. */
export async function measured(name: string, bench: () => object | Promise<object>): Promise<object> {
  try {
    return await bench();
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    progress(`${name} failed: ${failed}`);
    return { failed };
  }
}
