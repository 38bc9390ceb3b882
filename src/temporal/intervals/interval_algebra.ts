/**
 * Algebra of torch_brain's intervals, which may be points (start equal to end). An interval that ends before it starts
 * holds no time: operations leave it out.
 *
 * @module
 */

import { checkIntervals, checkNonNegative } from "./check_intervals.ts";
import { difference, intersect, type Intervals, takeIntervals, union } from "../../time/intervals.ts";

/**
 * Whether starts and ends are both in order.
 *
 * @param intervals The intervals
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If one is NaN, or there are more starts than ends
 */
export function isSortedIntervals(intervals: Intervals): boolean {
  checkIntervals(intervals, "check");
  return inOrder(intervals);
}

/**
 * Whether no two intervals overlap, in whatever order they stand. Those that touch don't overlap.
 *
 * @param intervals The intervals
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If one is NaN, or there are more starts than ends
 */
export function isDisjointIntervals(intervals: Intervals): boolean {
  const order = sortIntervalOrder(intervals);
  const { start, end } = order === null ? intervals : takeIntervals(intervals, order);
  for (let i = 1; i < start.length; i++) if (end[i - 1]! > start[i]!) return false;
  return true;
}

/**
 * The order that sorts intervals: by start, those that start together by end, equal ones as they stand.
 *
 * @param intervals The intervals
 * @returns Indices; null where the intervals are sorted already
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If one is NaN, or there are more starts than ends
 */
export function sortIntervalOrder(intervals: Intervals): Uint32Array | null {
  checkIntervals(intervals, "sort");
  if (inOrder(intervals)) return null;
  const { start, end } = intervals;
  // Compared, not subtracted: the difference of equal infinities is NaN.
  const compare = (x: number, y: number) => (x < y ? -1 : x > y ? 1 : 0);
  return Uint32Array.from(start.keys()).sort((a, b) =>
    compare(start[a]!, start[b]!) || compare(end[a]!, end[b]!) || a - b
  );
}

/**
 * What lies in both: torch_brain's `a & b`. A point of one is kept where it lies in the other or on its edge; intervals
 * that only touch have nothing in common, and pieces that touch stay apart. Unlike in the original the order of the
 * operands never matters, and a point where two intervals touch is found once, not twice.
 *
 * @param a Sorted and disjoint
 * @param b Sorted and disjoint
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If either isn't disjoint or isn't sorted, or holds NaN
 */
export function andIntervals(a: Intervals, b: Intervals): Intervals {
  checkOperands(a, b, "intersect");
  const { start, end } = intersect(a, b, true);
  return { start, end };
}

/**
 * What lies in either: torch_brain's `a | b`. Intervals that touch become one.
 *
 * @param a Sorted and disjoint
 * @param b Sorted and disjoint
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If either isn't disjoint or isn't sorted, or holds NaN
 */
export function orIntervals(a: Intervals, b: Intervals): Intervals {
  checkOperands(a, b, "unite");
  return union(withTime(a), withTime(b));
}

/**
 * What lies in `a` but not in `b`: torch_brain's `a.difference(b)`. A point of `b` within an interval cuts it in two; a
 * point of `a` goes where it lies in one of `b` or on its edge. Nothing of no length is left over.
 *
 * @param a Sorted and disjoint
 * @param b Sorted and disjoint
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If either isn't disjoint or isn't sorted, or holds NaN
 */
export function differenceIntervals(a: Intervals, b: Intervals): Intervals {
  checkOperands(a, b, "subtract");
  const { start, end } = difference(withTime(a), withTime(b), true);
  return { start, end };
}

/**
 * Joins intervals with less than `eps` between them; a gap of just `eps` stays. They may overlap or lie within one another
 * and come in any order, where the original refuses what isn't disjoint, or ends a group with the last of it and not with
 * the one that reaches furthest. The argument isn't sorted in place, as it is there.
 *
 * @param intervals The intervals
 * @param eps In seconds, not negative
 * @returns Sorted intervals
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If `eps` is negative or NaN, or a start or end is NaN
 */
export function coalesceIntervals(intervals: Intervals, eps: number = 1e-6): Intervals {
  checkNonNegative(eps, "coalesce intervals", "eps");
  const order = sortIntervalOrder(intervals);
  const sorted = withTime(order === null ? intervals : takeIntervals(intervals, order));
  const start: number[] = [];
  const end: number[] = [];
  for (let i = 0; i < sorted.start.length; i++) {
    const last = end.length - 1;
    if (last >= 0 && sorted.start[i]! < end[last]! + eps) end[last] = Math.max(end[last]!, sorted.end[i]!);
    else {
      start.push(sorted.start[i]!);
      end.push(sorted.end[i]!);
    }
  }
  return { start: Float64Array.from(start), end: Float64Array.from(end) };
}

/**
 * Makes intervals longer at both ends, as far as the middle of the gap to the next. A negative size makes them shorter; one
 * that is shorter than twice the size then ends before it starts, and holds no time. With `maxLen` nothing becomes shorter.
 * The original also takes intervals that overlap; here they're refused.
 *
 * @param intervals Sorted and disjoint
 * @param size Seconds at each end
 * @param maxLen No interval grows beyond this many seconds; those that are longer stay as they are
 * @returns As many intervals
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If the intervals aren't disjoint or aren't sorted, or one ends before it starts; or if a size is NaN,
 * or `maxLen` negative
 */
export function dilateIntervals(intervals: Intervals, size: number, maxLen: number = Infinity): Intervals {
  checkOperand(intervals, "dilate", "");
  if (typeof size !== "number") {
    throw new TypeError(`Cannot dilate intervals: size must be a number, got ${String(size)}`);
  }
  if (Number.isNaN(size)) throw new RangeError("Cannot dilate intervals: size is NaN, expected seconds");
  checkNonNegative(maxLen, "dilate intervals", "maxLen");
  const reversed = intervals.start.findIndex((time, i) => time > intervals.end[i]!);
  if (reversed >= 0) throw new RangeError(`Cannot dilate intervals: interval ${reversed} ends before it starts`);
  const start = intervals.start.slice();
  const end = intervals.end.slice();
  const count = start.length;
  // Middles are taken between the intervals as they came, so that neighbours meet and don't race.
  const middle = (i: number) => (intervals.end[i]! + intervals.start[i + 1]!) / 2;
  const grow = (i: number, sides: number) =>
    maxLen === Infinity ? size : Math.max(0, Math.min(size, (maxLen - (end[i]! - start[i]!)) / sides));
  for (let i = 0; i < count; i++) {
    const before = grow(i, 2);
    start[i] = Math.max(start[i]! - before, i === 0 ? -Infinity : middle(i - 1));
    const after = grow(i, 1);
    end[i] = Math.min(end[i]! + after, i === count - 1 ? Infinity : middle(i));
  }
  return { start, end };
}

function checkOperands(a: Intervals, b: Intervals, action: string): void {
  checkOperand(a, action, "left ");
  checkOperand(b, action, "right ");
}

function checkOperand(intervals: Intervals, action: string, side: string): void {
  checkIntervals(intervals, action, side);
  if (!isDisjointIntervals(intervals)) {
    throw new RangeError(`Cannot ${action}: ${side}Interval object must be disjoint`);
  }
  if (!inOrder(intervals)) throw new RangeError(`Cannot ${action}: ${side}Interval object must be sorted`);
}

function inOrder({ start, end }: Intervals): boolean {
  for (let i = 1; i < start.length; i++) if (start[i]! < start[i - 1]! || end[i]! < end[i - 1]!) return false;
  return true;
}

/** Those that don't end before they start. */
function withTime(intervals: Intervals): Intervals {
  const { start, end } = intervals;
  if (start.every((time, i) => time <= end[i]!)) return intervals;
  return takeIntervals(intervals, [...start.keys()].filter((i) => start[i]! <= end[i]!));
}
