/**
 * Picking rows of values, each as often as it is wanted.
 *
 * @module
 */

import { unitsPerElement } from "../../array/dtype/dtype.ts";
import { contiguousStride, ndarray, sizeOf } from "../../array/ndarray.ts";
import type { ArrayReadOptions, NDArray, NumericData } from "../../array/types.ts";
import { DTypeError } from "../../source/errors.ts";
import { checkCountable, rowsOfList } from "./rows.ts";
import { isLazy, loadValues, rowSize, takeRows, toNumbers, type Values } from "./values.ts";

/**
 * Picks rows; of lazy values each row that is wanted is read once, and no other.
 *
 * @param values Where from
 * @param wanted Index of each row, in any order and with repeats; -1 for a row of NaN, which makes integers float64
 * @param options Options
 * @throws {DTypeError} If there is a row of NaN among values that aren't numbers
 */
export async function gatherRows(values: Values, wanted: Float64Array, options?: ArrayReadOptions): Promise<NDArray> {
  if (!isLazy(values)) return pickRows(values, wanted, null);
  const unique = uniqueRows(wanted);
  const read = await loadValues(takeRows(values, rowsOfList(unique)), options);
  return pickRows(read, wanted, unique);
}

/** The rows that are wanted, ascending, each once. */
export function uniqueRows(wanted: Float64Array): Uint32Array {
  const sorted = new Uint32Array(wanted.length);
  let count = 0;
  let ascends = true;
  for (let i = 0; i < wanted.length; i++) {
    const row = wanted[i]!;
    if (row < 0 || (count > 0 && row === sorted[count - 1])) continue;
    checkCountable(row);
    if (count > 0 && row < sorted[count - 1]!) ascends = false;
    sorted[count++] = row;
  }
  const rows = sorted.subarray(0, count);
  if (ascends) return rows.slice();
  rows.sort();
  let unique = 0;
  for (let i = 0; i < count; i++) if (i === 0 || rows[i] !== rows[i - 1]) rows[unique++] = rows[i]!;
  return rows.slice(0, unique);
}

// `present` lists the rows that the array has; all of them if it is null.
function pickRows(array: NDArray, wanted: Float64Array, present: Uint32Array | null): NDArray {
  const shape = [wanted.length, ...array.shape.slice(1)];
  const size = rowSize(array) * unitsPerElement(array.dtype);
  const isMissing = wanted.includes(-1);
  let source = array;
  if (isMissing && array.dtype.kind !== "float") {
    if (!["int", "uint", "bool", "enum"].includes(array.dtype.kind)) {
      throw new DTypeError(`Cannot leave a value of type ${array.dtype.kind} out: only numbers can be NaN`);
    }
    source = ndarray(toNumbers(array), array.shape);
  }
  const from = source.data as NumericData;
  const to = Array.isArray(source.data)
    ? new Array<unknown>(sizeOf(shape))
    : new (from.constructor as new (length: number) => NumericData)(wanted.length * size);
  const target = to as Float64Array;
  let at = 0;
  for (let i = 0; i < wanted.length; i++) {
    const row = wanted[i]!;
    if (row < 0) {
      target.fill(NaN, i * size, (i + 1) * size);
      continue;
    }
    if (present !== null) at = position(present, row, at);
    const base = (present === null ? row : at) * size;
    for (let j = 0; j < size; j++) target[i * size + j] = (from as Float64Array)[base + j]!;
  }
  return { data: to, shape, stride: contiguousStride(shape), dtype: source.dtype };
}

// Where `row` stands in the list; it is there. Rows mostly ascend, so the place before is looked at first.
function position(list: Uint32Array, row: number, near: number): number {
  if (list[near] === row) return near;
  if (list[near + 1] === row) return near + 1;
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
