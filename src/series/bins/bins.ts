/**
 * Bins of one length along intervals, and which samples lie in which.
 *
 * @module
 */

import type { TimeAxis } from "../../time/axis.ts";
import type { Intervals } from "../../time/intervals.ts";
import { rangesOf } from "../../time/ranges.ts";
import { roundTime } from "../../time/units.ts";
import { checkCountable } from "../values/rows.ts";

/** Bins along intervals, in order. */
export interface Bins {
  /** Centre of each bin, in seconds. */
  readonly centers: Float64Array;
  /** Where each bin ends; a sample there belongs to the next, if there is one. */
  readonly right: Float64Array;
  /** First bin of each interval, and the number of bins. */
  readonly first: Uint32Array;
}

/** Samples of each bin: `from[i]` to, not including, `to[i]`. */
export interface BinnedRows {
  /** First sample of each bin. */
  readonly from: Uint32Array;
  /** First sample after each bin. */
  readonly to: Uint32Array;
}

/** As many bins as an array can have indices for. */
const MOST_BINS = 2 ** 32 - 1;

/**
 * Bins along each interval from its start on. The last one of an interval is kept while its centre lies within.
 *
 * @param intervals Sorted and disjoint
 * @param size Length of a bin in seconds; `null` for one bin per interval
 * @param drift Whether each edge is reckoned from the one before, rounded, so that rounding adds up, as it does in
 * pynapple; else each is a multiple of the length from the interval's start
 * @throws {RangeError} If the length is below a nanosecond, or there would be more bins than can be counted
 */
export function makeBins(intervals: Intervals, size: number | null, drift: boolean = false): Bins {
  const { start, end } = intervals;
  const first = new Uint32Array(start.length + 1);
  if (size === null) {
    first.forEach((_, i) => first[i] = i);
    return { centers: start.map((from, i) => roundTime(from + (end[i]! - from) / 2)), right: end.slice(), first };
  }
  if (!(size >= 1e-9)) throw new RangeError(`Cannot use bins of ${size} s: the bin size must be at least a nanosecond`);
  const most = start.reduce((sum, from, i) => sum + binsWithin(end[i]! - from, size), 0);
  if (!(most <= MOST_BINS)) throw new RangeError(`Cannot use bins of ${size} s: there would be ${most} of them`);
  const centers = new Float64Array(most);
  const right = new Float64Array(most);
  let bin = 0;
  for (let i = 0; i < start.length; i++) {
    const before = bin;
    const last = bin + binsWithin(end[i]! - start[i]!, size);
    for (let left = start[i]!; bin < last && left + size / 2 <= end[i]!; bin++) {
      centers[bin] = roundTime(left + size / 2);
      left = drift ? roundTime(left + size) : roundTime(start[i]! + (bin + 1 - before) * size);
      right[bin] = left;
    }
    first[i + 1] = bin;
  }
  return { centers: centers.slice(0, bin), right: right.slice(0, bin), first };
}

function binsWithin(duration: number, size: number): number {
  return duration > size ? Math.ceil((duration + size) / size) : 1;
}

/**
 * Finds the samples of each bin.
 *
 * @param times Ascending
 * @param intervals What the bins were made along
 * @param bins The bins
 * @param closed Whether a sample at the end of both an interval and its last bin lies in that bin, as in the last bin of
 * a histogram; else it lies in none
 * @param into Written to instead of new memory
 * @throws {LimitError} If there are over 4,294,967,295 times
 */
export function binRows(
  times: Float64Array | TimeAxis,
  intervals: Intervals,
  bins: Bins,
  closed: boolean,
  into: BinnedRows = { from: new Uint32Array(bins.centers.length), to: new Uint32Array(bins.centers.length) },
): BinnedRows {
  checkCountable(times.length);
  const { from, to } = into;
  const { right, first } = bins;
  const axis = "listed" in times && times.listed === null ? times : null;
  const listed = "listed" in times ? times.listed! : times;
  for (const range of rangesOf(times, intervals)) {
    const last = first[range.interval + 1]! - 1;
    const end = intervals.end[range.interval]!;
    let row = range.from;
    for (let bin = first[range.interval]!; bin <= last; bin++) {
      from[bin] = row;
      const edge = right[bin]!;
      if (bin === last && closed && Math.abs(edge - end) < 5e-10) row = range.to;
      else if (axis !== null) row = Math.min(Math.max(row, axis.lowerBound(edge)), range.to);
      else while (row < range.to && listed[row]! < edge) row++;
      to[bin] = row;
    }
  }
  return into;
}

/** Bins with all samples of their intervals, ends included: for `makeBins(…, null)`. */
export function intervalRows(times: Float64Array | TimeAxis, intervals: Intervals): BinnedRows {
  checkCountable(times.length);
  const ranges = rangesOf(times, intervals);
  return { from: Uint32Array.from(ranges, (range) => range.from), to: Uint32Array.from(ranges, (range) => range.to) };
}
