import type { Intervals } from "../../time/intervals.ts";

/**
 * Checks that something is intervals: as many starts as ends, none of them NaN.
 *
 * @param intervals What was given
 * @param action What can't be done without, for the message: "sort", "sample"
 * @param side Which argument it is, for the message, ending in a space: "left "
 * @throws {TypeError} If starts or ends aren't a `Float64Array`
 * @throws {RangeError} If one is NaN, or there are more starts than ends
 */
export function checkIntervals(intervals: Intervals, action: string, side: string = ""): void {
  const { start, end } = intervals ?? {};
  if (!(start instanceof Float64Array && end instanceof Float64Array)) {
    throw new TypeError(`Cannot ${action} ${side}intervals: start and end must be Float64Arrays`);
  }
  if (start.length !== end.length) {
    throw new RangeError(`Cannot ${action} ${side}intervals: ${start.length} starts, but ${end.length} ends`);
  }
  for (let i = 0; i < start.length; i++) {
    if (Number.isNaN(start[i]) || Number.isNaN(end[i])) {
      throw new RangeError(`Cannot ${action} ${side}intervals: interval ${i} has NaN for a time`);
    }
  }
}

/**
 * Checks that something is a number that isn't negative.
 *
 * @param value What was given
 * @param action What can't be done without, for the message: "coalesce intervals"
 * @param name What the number is called
 * @throws {TypeError} If it isn't a number
 * @throws {RangeError} If it is negative or NaN
 */
export function checkNonNegative(value: number, action: string, name: string): void {
  if (typeof value !== "number") {
    throw new TypeError(`Cannot ${action}: ${name} must be a number, got ${String(value)}`);
  }
  if (!(value >= 0)) throw new RangeError(`Cannot ${action}: ${name} must be non-negative, got ${value}`);
}

/**
 * Checks that something is a length of time: a positive, finite number.
 *
 * @param value What was given, in seconds
 * @param action What can't be done without, for the message: "make intervals"
 * @param name What the number is called
 * @throws {TypeError} If it isn't a number
 * @throws {RangeError} If it isn't positive and finite
 */
export function checkLength(value: number, action: string, name: string): void {
  if (typeof value !== "number") {
    throw new TypeError(`Cannot ${action}: ${name} must be a number, got ${String(value)}`);
  }
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(`Cannot ${action}: ${name} must be positive and finite, got ${value}`);
  }
}
