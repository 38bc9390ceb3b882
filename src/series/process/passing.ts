/**
 * Where samples pass a test: the runs of them, as intervals.
 *
 * @module
 */

import { rangesOf } from "../../time/ranges.ts";
import { roundTime } from "../../time/units.ts";
import { SortedIntervals } from "../intervals/interval_input.ts";
import { IntervalSet } from "../intervals/interval_set.ts";

/**
 * The intervals in which samples pass: from midway between the first that passes and the one before to midway between the
 * last and the one after; at the ends of an interval of the time support, from or to the sample.
 *
 * @param times Ascending
 * @param passed For each 1 if it passed, else 0
 * @param support Within whose intervals samples are neighbours
 */
export function passingIntervals(times: Float64Array, passed: Uint8Array, support: IntervalSet): IntervalSet {
  const midway = (i: number) => roundTime(times[i]! - (times[i]! - times[i - 1]!) / 2);
  const start: number[] = [];
  const end: number[] = [];
  for (const { from, to } of rangesOf(times, support)) {
    for (let i = from; i < to; i++) {
      if (passed[i] === 0) continue;
      if (i === from || passed[i - 1] === 0) start.push(i === from ? times[i]! : midway(i));
      if (i === to - 1 || passed[i + 1] === 0) end.push(i === to - 1 ? times[i]! : midway(i + 1));
    }
  }
  return new IntervalSet(new SortedIntervals(Float64Array.from(start), Float64Array.from(end)));
}

/**
 * The intervals from the first to the last of each run of samples that pass; one of a single sample ends `single` later.
 *
 * @param times Ascending
 * @param passed For each 1 if it passed, else 0
 * @param support Within whose intervals samples are neighbours, or `null` where all are
 * @param single Length of the interval of one sample, in seconds
 */
export function runsOf(
  times: Float64Array,
  passed: Uint8Array,
  support: IntervalSet | null,
  single: number,
): IntervalSet {
  const start: number[] = [];
  const end: number[] = [];
  for (const { from, to } of support === null ? [{ from: 0, to: times.length }] : rangesOf(times, support)) {
    for (let i = from; i < to; i++) {
      if (passed[i] === 0) continue;
      if (i === from || passed[i - 1] === 0) start.push(times[i]!);
      if (i < to - 1 && passed[i + 1] === 1) continue;
      end.push(times[i]! === start.at(-1) ? roundTime(times[i]! + single) : times[i]!);
    }
  }
  return new IntervalSet(start, end);
}

/** Whether a row has a value everywhere. */
export function isFull(numbers: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (Number.isNaN(numbers[i])) return false;
  return true;
}
