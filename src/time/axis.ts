/**
 * Time axes: the times of samples, held as numbers or computed from a rate.
 *
 * A day at 30 kHz has 2.6 thousand million samples: their times would take 20 GB, and three numbers tell them.
 *
 * @module
 */

import { closest, lowerBound, upperBound } from "./sorted.ts";
import { roundTime } from "./units.ts";

/** Ascending times in seconds, one per sample. */
export interface TimeAxis {
  /** Number of samples. */
  readonly length: number;
  /** Samples per second, where that was given rather than found. */
  readonly rate: number | null;
  /** The times, where they are held as numbers rather than computed. */
  readonly listed: Float64Array | null;
  /** Time of a sample. @param index From 0 to `length` - 1. */
  at(index: number): number;
  /** Index of the first sample that isn't before `time`; `length` where all are. */
  lowerBound(time: number): number;
  /** Index of the first sample after `time`; `length` where none is. */
  upperBound(time: number): number;
  /** Index of the sample nearest to `time`, of two equally near the later; -1 where there is none. */
  closest(time: number): number;
  /** Samples `from` to, not including, `to`, as an axis. */
  slice(from: number, to: number): TimeAxis;
  /** The times of samples `from` to, not including, `to`, in an array; all by default. */
  times(from?: number, to?: number): Float64Array;
}

/**
 * An axis of times that are there.
 *
 * @param times Ascending; kept, not copied
 */
export function listedAxis(times: Float64Array): TimeAxis {
  return {
    length: times.length,
    rate: null,
    listed: times,
    at: (index) => times[index]!,
    lowerBound: (time) => lowerBound(times, time),
    upperBound: (time) => upperBound(times, time),
    closest: (time) => times.length === 0 ? -1 : closest(times, time),
    slice: (from, to) => listedAxis(times.subarray(from, to)),
    times: (from = 0, to = times.length) => times.subarray(from, to),
  };
}

/**
 * An axis of regular samples: sample i lies at `start + i / rate`, rounded to nanoseconds.
 *
 * @param start Time of sample 0, in seconds
 * @param rate Samples per second, above 0
 * @param length Number of samples
 * @param first Which of them the axis begins with
 * @throws {RangeError} If the rate isn't above 0, or a number isn't finite
 */
export function regularAxis(start: number, rate: number, length: number, first: number = 0): TimeAxis {
  if (!(rate > 0) || !Number.isFinite(rate) || !Number.isFinite(start)) {
    throw new RangeError(
      `Cannot make regular times from ${start} s at ${rate} Hz: both must be finite, the rate above 0`,
    );
  }
  const at = (index: number): number => roundTime(start + (first + index) / rate);
  // The division tells about where; the samples beside it tell where exactly.
  const search = (before: (sample: number) => boolean, time: number): number => {
    let index = Math.min(length, Math.max(0, Math.round((time - start) * rate) - first));
    while (index > 0 && !before(at(index - 1))) index--;
    while (index < length && before(at(index))) index++;
    return index;
  };
  const lower = (time: number) => search((sample) => sample < time, time);
  const axis: TimeAxis = {
    length,
    rate,
    listed: null,
    at,
    lowerBound: lower,
    upperBound: (time) => search((sample) => sample <= time, time),
    closest(time) {
      const after = lower(time);
      if (after === 0) return length === 0 ? -1 : 0;
      return after < length && at(after) - time <= time - at(after - 1) ? after : after - 1;
    },
    slice: (from, to) => regularAxis(start, rate, to - from, first + from),
    times(from = 0, to = length) {
      const times = new Float64Array(to - from);
      for (let i = 0; i < times.length; i++) times[i] = at(from + i);
      return times;
    },
  };
  return axis;
}
