/**
 * Intervals on a grid, and intervals cut by one.
 *
 * @module
 */

import { checkIntervals, checkLength } from "./check_intervals.ts";
import type { DerivedIntervals, Intervals } from "../../time/intervals.ts";

/** More edges than this are no grid that anybody meant: indices of pieces are 32 bits wide. */
const MOST = 2 ** 32 - 1;

/**
 * How far apart two times may be that were meant to be equal: what is lost by rounding the ends of an interval, a length and
 * its multiples.
 *
 * @param start Start of the interval, in seconds
 * @param end Its end
 */
export function timeSlack(start: number, end: number): number {
  return 4 * Number.EPSILON * Math.max(Math.abs(start), Math.abs(end));
}

/**
 * Intervals of equal length, each beginning where the one before it ends.
 *
 * @param start Where the first begins, in seconds
 * @param end Where the last ends, not before `start`
 * @param steps How many, a whole number
 * @throws {RangeError} If a number isn't as above
 */
export function linspaceIntervals(start: number, end: number, steps: number): Intervals {
  checkSpan(start, end);
  if (!(Number.isInteger(steps) && steps >= 0 && steps < MOST)) {
    throw new RangeError(`Cannot make intervals: their count must be a whole number, got ${steps}`);
  }
  const step = (end - start) / steps;
  return grid(start, step, steps, end);
}

/**
 * Intervals of a given length, each beginning where the one before it ends. Where the length goes into the span up to
 * rounding, the last ends at `end`: the original then loses a piece or adds a sliver (it makes 2 whole pieces of 0 to 0.3 by
 * 0.1).
 *
 * @param start Where the first begins, in seconds
 * @param end Where the span ends, not before `start`
 * @param step Length of an interval, in seconds
 * @param includeEnd Whether a rest that is shorter than `step` becomes an interval
 * @throws {RangeError} If a number isn't as above, or `step` is too short for numbers to tell its multiples apart here
 */
export function arangeIntervals(start: number, end: number, step: number, includeEnd: boolean = true): Intervals {
  checkSpan(start, end);
  checkLength(step, "make intervals", "the step");
  const slack = timeSlack(start, end);
  if (end - start > step && step <= slack) {
    throw new RangeError(`Cannot make intervals from ${start} to ${end}: steps of ${step} are lost in rounding`);
  }
  // A span that is shorter than the step by more than rounding has no whole piece; where all is rounding there is none.
  const whole = step > slack ? Math.floor((end - start + slack) / step) : 0;
  const rest = end - (start + whole * step);
  const pieces = whole + (includeEnd && rest > slack ? 1 : 0);
  if (pieces > MOST) throw new RangeError(`Cannot make ${pieces} intervals: at most ${MOST}`);
  const last = pieces > whole || Math.abs(rest) <= slack ? end : start + whole * step;
  return grid(start, step, pieces, last);
}

/**
 * Cuts each interval into pieces of a given length, as {@linkcode arangeIntervals} does. A point is a piece of no length,
 * which the original loses although it keeps all that is short; an interval that ends before it starts has no pieces.
 *
 * @param intervals The intervals
 * @param step Length of a piece, in seconds
 * @param dropShort Whether pieces shorter than `step` are left out
 * @returns The pieces; `parent` is the index of the interval that each comes from
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If `step` isn't positive and finite, or is lost in rounding, or a start or end isn't finite
 */
export function subdivideIntervals(intervals: Intervals, step: number, dropShort: boolean = false): DerivedIntervals {
  checkIntervals(intervals, "subdivide");
  checkLength(step, "make intervals", "the step");
  const parts: Intervals[] = [];
  const parents: number[] = [];
  let count = 0;
  for (const [i, start] of intervals.start.entries()) {
    const end = intervals.end[i]!;
    if (end < start) continue;
    const isPoint = end === start && !dropShort;
    const part = isPoint
      ? { start: Float64Array.of(start), end: Float64Array.of(end) }
      : arangeIntervals(start, end, step, !dropShort);
    parts.push(part);
    parents.push(i);
    count += part.start.length;
  }
  if (count > MOST) throw new RangeError(`Cannot make ${count} intervals: at most ${MOST}`);
  const made = { start: new Float64Array(count), end: new Float64Array(count), parent: new Uint32Array(count) };
  let at = 0;
  for (const [k, part] of parts.entries()) {
    made.start.set(part.start, at);
    made.end.set(part.end, at);
    made.parent.fill(parents[k]!, at, at + part.start.length);
    at += part.start.length;
  }
  return made;
}

/** Intervals between `start + i * step`, the last of which ends at `last`. */
function grid(start: number, step: number, count: number, last: number): Intervals {
  const edge = (i: number) => i === count ? last : start + i * step;
  return {
    start: Float64Array.from({ length: count }, (_, i) => edge(i)),
    end: Float64Array.from({ length: count }, (_, i) => edge(i + 1)),
  };
}

function checkSpan(start: number, end: number): void {
  if (!(Number.isFinite(start) && Number.isFinite(end) && Number.isFinite(end - start) && start <= end)) {
    throw new RangeError(`Cannot make intervals from ${start} to ${end}: both must be finite, and in order`);
  }
}
