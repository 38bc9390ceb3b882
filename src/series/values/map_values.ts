/**
 * A function of each value.
 *
 * @module
 */

import { ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, NDArray } from "../../array/types.ts";
import { BOOL, loadValues, rowSize, toNumbers, type Values } from "./values.ts";

/**
 * Calls a function with each value.
 *
 * @param values The values; lazy ones are read
 * @param fn Given a value, its row and its column, a number or a truth value
 * @param options Options
 * @returns Numbers as float64, or bools where there is nothing else
 */
export async function mapValues(
  values: Values,
  fn: (value: number, row: number, column: number) => number | boolean,
  options?: ArrayReadOptions,
): Promise<NDArray> {
  const numbers = toNumbers(await loadValues(values, options));
  const size = rowSize(values);
  const results = new Float64Array(numbers.length);
  let isBool = numbers.length > 0;
  for (let i = 0; i < numbers.length; i++) {
    const result = fn(numbers[i]!, Math.floor(i / size), i % size);
    if (typeof result !== "boolean") isBool = false;
    results[i] = Number(result);
  }
  return isBool ? ndarray(Uint8Array.from(results), values.shape, BOOL) : ndarray(results, values.shape);
}
