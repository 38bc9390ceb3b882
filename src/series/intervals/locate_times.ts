/**
 * In which interval a time lies.
 *
 * @module
 */

import type { Intervals } from "../../time/intervals.ts";

/**
 * In which interval each time lies, ends included; one on the common edge of two lies in the first.
 *
 * @param intervals Sorted, none overlaps another
 * @param times Ascending
 * @returns Indices of intervals, NaN where there is none
 */
export function locateTimes({ start, end }: Intervals, times: ArrayLike<number>): Float64Array {
  const found = new Float64Array(times.length).fill(NaN);
  for (let i = 0, k = 0; i < times.length; i++) {
    while (k < end.length && end[k]! < times[i]!) k++;
    if (k === end.length) break;
    if (times[i]! >= start[k]!) found[i] = k;
  }
  return found;
}
