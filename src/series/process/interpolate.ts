/**
 * Values between samples.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, NDArray } from "../../array/types.ts";
import type { Intervals } from "../../time/intervals.ts";
import { rangesOf } from "../../time/ranges.ts";
import { upperBound } from "../../time/sorted.ts";
import { gatherRows } from "../values/gather.ts";
import { rowSize, toNumbers, type Values } from "../values/values.ts";

/** What stands before the first and behind the last sample of an interval. */
export interface InterpolateEdges {
  /** Before the first. By default its value. */
  readonly left?: number | undefined;
  /** Behind the last. By default its value. */
  readonly right?: number | undefined;
}

/**
 * Values at other times, on straight lines between samples, within each interval: NumPy's `interp`.
 *
 * @param wanted Ascending
 * @param times Of the samples; ascending
 * @param values Of the samples; of lazy ones only the two rows beside each time wanted are read
 * @param intervals Sorted and disjoint
 * @param options Options
 * @returns A row of float64 for each time wanted that lies in an interval; NaN where that has no sample
 */
export async function interpolateRows(
  wanted: Float64Array,
  times: Float64Array,
  values: Values,
  intervals: Intervals,
  options: InterpolateEdges & ArrayReadOptions,
): Promise<NDArray> {
  const ranges = rangesOf(wanted, intervals);
  const samples = rangesOf(times, intervals);
  const count = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  // First the rows before, then those after. Where both are -1 and `fixed` is a number, the value is that.
  const rows = new Float64Array(2 * count).fill(-1);
  const at = new Float64Array(count);
  const fixed = new Float64Array(count).fill(NaN);
  let i = 0;
  ranges.forEach(({ from, to }, k) => {
    const { from: first, to: end } = samples[k]!;
    for (let w = from; w < to; w++, i++) {
      const time = wanted[w]!;
      at[i] = time;
      if (first === end) continue;
      const after = upperBound(times, time, first, end);
      const edge = after === first ? options.left : after === end && time > times[end - 1]! ? options.right : undefined;
      if (edge !== undefined) {
        fixed[i] = edge;
        continue;
      }
      rows[i] = Math.max(after - 1, first);
      rows[count + i] = after === first || after === end || times[after - 1] === time ? rows[i]! : after;
    }
  });
  const numbers = toNumbers(await gatherRows(values, rows, options));
  const size = rowSize(values);
  const result = new Float64Array(count * size);
  for (i = 0; i < count; i++) {
    const [before, after] = [rows[i]!, rows[count + i]!];
    for (let j = 0; j < size; j++) {
      const [low, high] = [numbers[i * size + j]!, numbers[(count + i) * size + j]!];
      if (before < 0) result[i * size + j] = fixed[i]!;
      else if (before === after) result[i * size + j] = low;
      else result[i * size + j] = between(at[i]!, times[before]!, times[after]!, low, high);
    }
  }
  return ndarray(result, [count, ...values.shape.slice(1)]);
}

function between(x: number, x0: number, x1: number, y0: number, y1: number): number {
  const slope = (y1 - y0) / (x1 - x0);
  const value = slope * (x - x0) + y0;
  // Beside an infinite value the line from the other side may still have one.
  if (!Number.isNaN(value)) return value;
  const other = slope * (x - x1) + y1;
  return Number.isNaN(other) && y0 === y1 ? y0 : other;
}
