/**
 * Which sample of one series belongs to each sample of another.
 *
 * @module
 */

import type { TimeAxis } from "../../time/axis.ts";
import type { Intervals } from "../../time/intervals.ts";
import { rangesOf } from "../../time/ranges.ts";
import { lowerBound } from "../../time/sorted.ts";
import { type Rows, rowsOfRuns } from "../values/rows.ts";

/** Which sample is taken: the nearest (of two equally near the later), the last one up to it, the first one from it. */
export type MatchMode = "closest" | "before" | "after";

/** Samples, and their matches. */
export interface Matches {
  /** The samples that lie in the intervals. */
  readonly rows: Rows;
  /** For each of them, the index of the target's sample, or -1 where there is none in its interval. */
  readonly match: Float64Array;
}

/**
 * Matches samples within each interval.
 *
 * @param times Ascending
 * @param target Ascending
 * @param intervals Sorted and disjoint; both series are looked at within one interval at a time
 * @param mode Which sample is taken
 */
export function matchTimes(
  times: Float64Array,
  target: Float64Array | TimeAxis,
  intervals: Intervals,
  mode: MatchMode,
): Matches {
  if (!["closest", "before", "after"].includes(mode)) {
    throw new TypeError(
      `Cannot match by ${JSON.stringify(mode)}: argument mode should be "closest", "before" or "after"`,
    );
  }
  const ranges = rangesOf(times, intervals);
  const targets = rangesOf(target, intervals);
  const match = new Float64Array(ranges.reduce((sum, { from, to }) => sum + to - from, 0));
  const axis = "listed" in target && target.listed === null ? target : null;
  const listed = "listed" in target ? target.listed! : target;
  let at = 0;
  ranges.forEach((range, k) => {
    const { from, to } = targets[k]!;
    let next = from;
    for (let i = range.from; i < range.to; i++) {
      const time = times[i]!;
      if (axis === null) {
        next = gallop(listed, time, next, to);
        match[at++] = pick(listed, time, next, from, to, mode);
      } else {
        // Of computed times the four about the place where the time belongs tell all.
        next = Math.min(Math.max(axis.lowerBound(time), from), to);
        const base = Math.max(from, next - 1);
        const near = axis.times(base, Math.min(to, next + 2));
        const picked = pick(near, time, next - base, 0, near.length, mode);
        match[at++] = picked < 0 ? -1 : base + picked;
      }
    }
  });
  return { rows: rowsOfRuns(ranges), match };
}

// `next` is the first sample in the range that isn't before `time`.
function pick(target: Float64Array, time: number, next: number, from: number, to: number, mode: MatchMode): number {
  if (mode === "after") return next < to ? next : -1;
  // Of samples of one time, what came last counts.
  let last = next;
  while (last + 1 < to && target[last + 1] === target[last]) last++;
  if (mode === "before") {
    if (next < to && target[next] === time) return last;
    return next > from ? next - 1 : -1;
  }
  if (next === to) return to > from ? to - 1 : -1;
  return next === from || target[next]! - time <= time - target[next - 1]! ? last : next - 1;
}

/** As `lowerBound`, for an index that lies near `from`. */
function gallop(values: Float64Array, x: number, from: number, to: number): number {
  let step = 1;
  let low = from;
  while (low + step < to && values[low + step]! < x) {
    low += step;
    step *= 2;
  }
  return lowerBound(values, x, low, Math.min(low + step + 1, to));
}
