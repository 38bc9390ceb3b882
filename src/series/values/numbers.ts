/**
 * Numbers in whatever callers have them.
 *
 * @module
 */

import { describeValue } from "../../source/describe_value.ts";
import { flatten, isNDArray } from "../../array/ndarray.ts";
import type { NDArray } from "../../array/types.ts";

/** A list of numbers: a plain or typed array, a one-dimensional array in memory, or a single number. */
export type Numbers = number | ArrayLike<number | bigint> | NDArray;

/**
 * A list of numbers as float64. Large integers lose what float64 can't hold.
 *
 * @param input The numbers
 * @param what What they are, for the error
 * @returns An array that may be the input's own
 * @throws {TypeError} If it isn't a list of numbers
 */
export function toFloat64(input: Numbers, what: string): Float64Array {
  if (input instanceof Float64Array) return input;
  if (typeof input === "number") return Float64Array.of(input);
  const list: unknown = isNDArray(input) && input.shape.length === 1 ? flatten(input).data : input;
  const isTyped = ArrayBuffer.isView(list) && !(list instanceof DataView);
  if (!isTyped && !Array.isArray(list)) {
    throw new TypeError(
      `Cannot use ${describe(input)} as ${what}: accepted formats are a number, a list of numbers, a typed array ` +
        "or a one-dimensional array in memory",
    );
  }
  const numbers = list as ArrayLike<unknown>;
  const result = new Float64Array(numbers.length);
  for (let i = 0; i < result.length; i++) {
    const value = numbers[i];
    if (typeof value !== "number" && typeof value !== "bigint") {
      throw new TypeError(`Cannot use ${what}: entry ${i} is ${describe(value)}, expected a number`);
    }
    result[i] = Number(value);
  }
  return result;
}

/** What a value is, for an error's text. */
export function describe(value: unknown): string {
  return isNDArray(value) ? `an array of shape (${value.shape.join(", ")})` : describeValue(value);
}

/** The index that `index` means in a list: negative ones count from the end. @throws {RangeError} If out of range. */
export function wrapIndex(index: number, length: number, what: string): number {
  const wrapped = index < 0 ? index + length : index;
  if (!Number.isInteger(index) || wrapped < 0 || wrapped >= length) {
    throw new RangeError(`Cannot take ${what} ${index}: there are ${length}`);
  }
  return wrapped;
}
