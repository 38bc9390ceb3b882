/**
 * Masks: truth values that select, in every form that they come in.
 *
 * @module
 */

import { DTypeError, SelectionError } from "../../source/errors.ts";
import { describeDType } from "../dtype/dtype.ts";
import { contiguousStride, flatten, isNDArray } from "../ndarray.ts";
import type { BoolDType, Mask, NDArray, NumericData } from "../types.ts";

/** What a list that selects turned out to be: a truth value for each element, or indices. */
export type SelectedList =
  | { readonly kind: "mask"; readonly flags: Uint8Array; readonly shape: readonly number[] }
  | { readonly kind: "indices"; readonly indices: ArrayLike<unknown>; readonly shape: readonly number[] };

/**
 * A mask out of zeros and ones, or out of anything that is one already: what turns bytes, which might as well be indices,
 * into what selects. A dataset of booleans needs none of it: what it reads is a mask.
 *
 * @param values Booleans, or numbers that are 0 or 1
 * @returns The mask, an array of bools of the same shape
 * @throws {DTypeError} If a value is something else
 *
 * @example Usage
 * ```ts
 * import { memoryArray, ndarray, toMask } from "../../../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = Uint8Array.of(0, 1, 1);
 * const { data } = await memoryArray(ndarray(Int16Array.of(5, 6, 7))).read([toMask(bytes)]);
 * assert.deepEqual(data, Int16Array.of(6, 7));
 * ```
 */
export function toMask(values: Mask | ArrayLike<number | bigint | boolean>): NDArray<Uint8Array> {
  const array = isNDArray(values) ? flatten(values) : null;
  const list = array === null ? values as ArrayLike<unknown> : array.data;
  if (typeof list !== "object" || list === null || typeof list.length !== "number") {
    throw new TypeError("Cannot make a mask: expected an array of booleans, or of zeros and ones");
  }
  const data = new Uint8Array(list.length);
  for (let i = 0; i < data.length; i++) {
    const value = list[i];
    if (value === true || value === 1 || value === 1n) data[i] = 1;
    else if (value !== false && value !== 0 && value !== 0n) {
      throw new DTypeError(`Cannot make a mask: entry ${i} is ${String(value)}, expected true, false, 1 or 0`);
    }
  }
  const shape = array?.shape ?? [data.length];
  return { data, shape, stride: contiguousStride(shape), dtype: BOOL };
}

/**
 * Tells masks from indices, by NumPy's rules: an array of bools is a mask, one of integers indices; a plain list is a mask
 * where it holds booleans.
 *
 * @param selected What was given, if it is a list at all
 * @param action What is being done, for messages, such as `select along axis 0`
 * @returns What it is; `null` if it is no list
 * @throws {TypeError} If it is bare bytes, which can't be told apart, or an array of something else
 * @throws {SelectionError} If it mixes booleans with something else
 */
export function selectedList(selected: unknown, action: string): SelectedList | null {
  if (isNDArray(selected)) return fromArray(selected, action);
  if (Array.isArray(selected)) {
    const shape = [selected.length];
    if (!selected.some((entry) => typeof entry === "boolean")) return { kind: "indices", indices: selected, shape };
    return { kind: "mask", flags: flagsOf(selected, action), shape };
  }
  if (!ArrayBuffer.isView(selected) || selected instanceof DataView) return null;
  if (selected instanceof Uint8Array || selected instanceof Uint8ClampedArray) {
    throw new TypeError(
      `Cannot ${action} by a ${selected.constructor.name}: its bytes may be a mask or indices; give a mask as the ` +
        "array that was read (an NDArray of bools, not its data) or as toMask(bytes), and indices as Array.from(bytes)",
    );
  }
  const indices = selected as unknown as ArrayLike<unknown>;
  return { kind: "indices", indices, shape: [indices.length] };
}

const BOOL: BoolDType = { kind: "bool", itemsize: 1, byteOrder: "|" };

function fromArray(array: NDArray, action: string): SelectedList {
  const { dtype, shape } = array;
  if (dtype?.kind === "bool") {
    const { data } = flatten(array);
    return { kind: "mask", flags: Array.isArray(data) ? flagsOf(data, action) : truths(data), shape };
  }
  if (dtype?.kind === "int" || dtype?.kind === "uint") {
    return { kind: "indices", indices: flatten(array).data, shape };
  }
  const held = dtype === undefined ? "values of an unknown type" : describeDType(dtype);
  throw new TypeError(
    `Cannot ${action} by an array of ${held}: arrays that select hold booleans (a mask) or integers (indices)`,
  );
}

/** A bool is any byte that isn't 0, as in NumPy. */
function truths(data: NumericData): Uint8Array {
  const flags = new Uint8Array(data.length);
  for (let i = 0; i < flags.length; i++) flags[i] = data[i] ? 1 : 0;
  return flags;
}

function flagsOf(list: readonly unknown[], action: string): Uint8Array {
  const flags = new Uint8Array(list.length);
  for (let i = 0; i < flags.length; i++) {
    if (list[i] === true) flags[i] = 1;
    else if (list[i] !== false) {
      throw new SelectionError(
        `Cannot ${action} by a mask: entry ${i} is ${String(list[i])}, expected true or false`,
      );
    }
  }
  return flags;
}

/** Where a mask holds. */
export function flaggedIndices(flags: Uint8Array): Float64Array {
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i]!;
  const indices = new Float64Array(count);
  for (let i = 0, at = 0; at < count; i++) if (flags[i] === 1) indices[at++] = i;
  return indices;
}
