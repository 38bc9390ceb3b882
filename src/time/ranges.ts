/**
 * Which samples lie in which intervals, as runs of indices: what a lazy array reads, and nothing beside it.
 *
 * @module
 */

import type { TimeAxis } from "./axis.ts";
import type { Intervals } from "./intervals.ts";
import { lowerBound, upperBound } from "./sorted.ts";

/** Samples `from` to, not including, `to`, that lie in interval `interval`. */
export interface IndexRange {
  /** First sample. */
  readonly from: number;
  /** First sample left out. */
  readonly to: number;
  /** Index of the interval. */
  readonly interval: number;
}

/** Which ends of an interval belong to it. */
export type Closed = "both" | "left";

/**
 * Finds the samples in each interval.
 *
 * @param times Ascending; of an axis that computes its times none is listed
 * @param intervals Sorted and disjoint; a sample on the edge of two belongs to the first
 * @param closed Whether a sample at an interval's end lies in it
 * @returns A run for each interval, empty ones too
 */
export function rangesOf(
  times: ArrayLike<number> | TimeAxis,
  intervals: Intervals,
  closed: Closed = "both",
): IndexRange[] {
  const listed = "listed" in times ? times.listed : times;
  const first = (time: number, from: number) =>
    listed === null ? Math.max(from, (times as TimeAxis).lowerBound(time)) : lowerBound(listed, time, from);
  const behind = (time: number, from: number) =>
    listed === null ? Math.max(from, (times as TimeAxis).upperBound(time)) : upperBound(listed, time, from);
  const ranges: IndexRange[] = [];
  let done = 0;
  for (let interval = 0; interval < intervals.start.length; interval++) {
    const from = first(intervals.start[interval]!, done);
    const to = Math.max(from, (closed === "both" ? behind : first)(intervals.end[interval]!, from));
    ranges.push({ from, to, interval });
    done = to;
  }
  return ranges;
}

/** Number of samples in runs. */
export function countOf(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The samples' values, run by run, in a new array of the same kind. */
export function gather<T extends Float64Array | Uint32Array>(values: T, ranges: readonly IndexRange[]): T {
  const result = new (values.constructor as new (length: number) => T)(countOf(ranges));
  let at = 0;
  for (const { from, to } of ranges) {
    result.set(values.subarray(from, to), at);
    at += to - from;
  }
  return result;
}
