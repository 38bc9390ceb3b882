/**
 * Rates of change.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";
import type { Run } from "../values/rows.ts";
import { rowSize, toNumbers } from "../values/values.ts";

/**
 * The derivative by time of each column, within each interval, to second order inside and to first at the ends: NumPy's
 * `gradient`. Where an interval has one sample it is NaN.
 *
 * @param rows A row per time
 * @param times Ascending
 * @param runs The rows of each interval
 */
export function differentiate(rows: NDArray, times: Float64Array, runs: readonly Run[]): NDArray {
  const numbers = toNumbers(rows);
  const size = rowSize(rows);
  const result = new Float64Array(numbers.length);
  for (const { from, to } of runs) {
    for (let i = from; i < to; i++) {
      const [low, high] = [Math.max(i - 1, from), Math.min(i + 1, to - 1)];
      const [before, after] = [times[i]! - times[low]!, times[high]! - times[i]!];
      for (let j = 0; j < size; j++) {
        const [y0, y1, y2] = [numbers[low * size + j]!, numbers[i * size + j]!, numbers[high * size + j]!];
        result[i * size + j] = low === i || high === i
          ? (y2 - y0) / (before + after)
          : (before ** 2 * y2 + (after ** 2 - before ** 2) * y1 - after ** 2 * y0) /
            (before * after * (before + after));
      }
    }
  }
  return ndarray(result, rows.shape);
}
