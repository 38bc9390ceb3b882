/**
 * Means over bins, and sums, means, extremes over time: read block by block.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, NDArray } from "../../array/types.ts";
import type { BinnedRows } from "./bins.ts";
import { type Rows, rowsOfRuns } from "../values/rows.ts";
import { blocksOf, rowSize, type Values } from "../values/values.ts";

/** What can be computed over time. */
export type Reduction = "sum" | "mean" | "min" | "max";

/**
 * The mean of the rows of each bin.
 *
 * @param values The rows; those in no bin aren't read
 * @param bins Which rows are in which bin: ascending, none in two
 * @param options Options
 * @returns A row of float64 per bin; NaN where it is empty
 */
export async function averageBins(values: Values, bins: BinnedRows, options?: ArrayReadOptions): Promise<NDArray> {
  const count = bins.from.length;
  const size = rowSize(values);
  const means = new Float64Array(count * size);
  const rows = rowsOfRuns(Array.from(bins.from, (from, i) => ({ from, to: bins.to[i]! })));
  // `end` is where the bin ends among the rows that are read.
  let bin = -1;
  let end = 0;
  for await (const { from, to, numbers } of blocksOf(values, rows, options)) {
    for (let row = from, at = 0; row < to; row++) {
      while (row >= end) {
        bin++;
        end += bins.to[bin]! - bins.from[bin]!;
      }
      const target = bin * size;
      for (let j = 0; j < size; j++) means[target + j]! += numbers[at++]!;
    }
  }
  for (let i = 0; i < count; i++) {
    const inBin = bins.to[i]! - bins.from[i]!;
    for (let j = 0; j < size; j++) means[i * size + j] = inBin === 0 ? NaN : means[i * size + j]! / inBin;
  }
  return ndarray(means, [count, ...values.shape.slice(1)]);
}

/**
 * One number per column over all rows.
 *
 * @param values The rows
 * @param rows Which of them
 * @param kind What to compute
 * @param skipNaN Whether NaN is left out; else it makes the result NaN, as in NumPy
 * @param options Options
 * @returns An array of the shape of a row; NaN where there is nothing, but a sum is 0 then
 */
export async function reduceRows(
  values: Values,
  rows: Rows | null,
  kind: Reduction,
  skipNaN: boolean,
  options?: ArrayReadOptions,
): Promise<NDArray> {
  const size = rowSize(values);
  const sums = kind === "sum" || kind === "mean";
  const result = new Float64Array(size).fill(sums ? 0 : NaN);
  const counts = new Float64Array(size);
  for await (const { numbers } of blocksOf(values, rows, options)) {
    for (let i = 0, j = 0; i < numbers.length; i++, j = j + 1 === size ? 0 : j + 1) {
      const value = numbers[i]!;
      if (skipNaN && Number.isNaN(value)) continue;
      if (sums) result[j]! += value;
      else if (counts[j] === 0 || Number.isNaN(value)) result[j] = value;
      // Once NaN, it stays: no comparison with it holds.
      else if (kind === "min" ? value < result[j]! : value > result[j]!) result[j] = value;
      counts[j]!++;
    }
  }
  if (kind === "mean") result.forEach((sum, j) => result[j] = sum / counts[j]!);
  return ndarray(result, values.shape.slice(1));
}
