/**
 * Means of rows in bins, one bin after the other, without more rows in memory than a block.
 *
 * @module
 */

import type { ArrayReadOptions } from "../../array/types.ts";
import type { IndexRange } from "../../time/ranges.ts";
import type { BinnedRows } from "./bins.ts";
import { rowsOfRuns, type Run } from "../values/rows.ts";
import { blocksOf, rowSize, type Values } from "../values/values.ts";

/** Which rows a bin's mean is taken of. */
export interface PlannedBin extends Run {
  /** Index of the bin. */
  readonly bin: number;
}

/**
 * The rows of each bin that is needed. A bin without rows takes the row before it, if its interval has one: signals are
 * held between samples.
 *
 * @param needed For each bin whether it is
 * @param first First bin of each interval, and the number of bins
 * @param binned Rows of each bin
 * @param runs Rows of each interval
 */
export function planBins(
  needed: Uint8Array,
  first: Uint32Array,
  binned: BinnedRows,
  runs: readonly IndexRange[],
): PlannedBin[] {
  const plan: PlannedBin[] = [];
  for (const { from: start, interval } of runs) {
    for (let bin = first[interval]!; bin < first[interval + 1]!; bin++) {
      if (needed[bin] === 0) continue;
      const from = binned.from[bin]!;
      const to = binned.to[bin]!;
      if (to > from) plan.push({ bin, from, to });
      else if (from > start) plan.push({ bin, from: from - 1, to: from });
    }
  }
  return plan;
}

/**
 * Means of the rows of bins.
 *
 * @param values The rows; only those of the bins are read
 * @param plan The bins, ascending; one may begin with the row that the one before ends with
 * @param visit Given each bin with its mean, which is overwritten afterwards; NaN stays NaN
 * @param options Options
 */
export async function eachMean(
  values: Values,
  plan: readonly PlannedBin[],
  visit: (bin: number, mean: Float64Array) => void,
  options?: ArrayReadOptions,
): Promise<void> {
  const size = rowSize(values);
  const runs: { from: number; to: number }[] = [];
  for (const { from, to } of plan) {
    const last = runs.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else runs.push({ from, to });
  }
  // Places count the rows that are read; `shift` is the place of row 0 of the run at hand.
  const mean = new Float64Array(size);
  let tail = new Float64Array(size);
  let [next, run, shift, added] = [0, 0, runs.length === 0 ? 0 : -runs[0]!.from, 0];
  for await (const block of blocksOf(values, rowsOfRuns(runs), options)) {
    while (next < plan.length) {
      const { bin, from, to } = plan[next]!;
      while (from >= runs[run]!.to) {
        shift += runs[run]!.to - runs[run + 1]!.from;
        run++;
      }
      const end = Math.min(to + shift, block.to);
      for (let place = from + shift + added; place < end; place++, added++) {
        const isBefore = place < block.from;
        const row = isBefore ? tail : block.numbers;
        const base = isBefore ? 0 : (place - block.from) * size;
        for (let j = 0; j < size; j++) mean[j]! += row[base + j]!;
      }
      if (to + shift > block.to) break;
      for (let j = 0; j < size; j++) mean[j]! /= to - from;
      visit(bin, mean);
      mean.fill(0);
      added = 0;
      next++;
    }
    tail = block.numbers.slice(-size);
  }
}
