/**
 * Short names of dtypes, and the data that each comes in: how types are asked for and narrowed.
 *
 * @module
 */

import { typedArrayOf } from "./dtype.ts";
import { flattenArrayType } from "../codec/decode_elements.ts";
import type { DType, LazyArray, NDArray } from "../types.ts";

/** What the elements of each dtype come in, by its name. */
export interface DTypeData {
  /** Truth values, 0 or 1. */
  bool: Uint8Array;
  /** Signed integers. */
  int8: Int8Array;
  /** Signed integers. */
  int16: Int16Array;
  /** Signed integers. */
  int32: Int32Array;
  /** Signed integers. */
  int64: BigInt64Array;
  /** Unsigned integers. */
  uint8: Uint8Array;
  /** Unsigned integers. */
  uint16: Uint16Array;
  /** Unsigned integers. */
  uint32: Uint32Array;
  /** Unsigned integers. */
  uint64: BigUint64Array;
  /** Floats of half precision, widened. */
  float16: Float32Array;
  /** Floats of single precision. */
  float32: Float32Array;
  /** Floats of double precision. */
  float64: Float64Array;
  /** Pairs of floats of single precision, interleaved. */
  complex64: Float32Array;
  /** Pairs of floats of double precision, interleaved. */
  complex128: Float64Array;
  /** Moments, counted in the dtype's unit. */
  datetime64: BigInt64Array;
  /** Durations, counted in the dtype's unit. */
  timedelta64: BigInt64Array;
  /** Text of any length and encoding. */
  string: string[];
}

/** Name of a dtype, whatever its byte order: `int16`, `float64`, `bool`, `complex64`, `datetime64`, `string`. */
export type DTypeName = keyof DTypeData;

/**
 * The name of a dtype, whatever its byte order or unit. An enumeration has that of its integers, an array type that of its
 * base, as their data has.
 *
 * @param dtype The dtype
 * @returns Its name, `null` for records, references and what else {@linkcode DTypeData} has no name for
 */
export function dtypeName(dtype: DType): DTypeName | null {
  const { base } = flattenArrayType(dtype);
  const held = base.kind === "enum" ? base.base : base;
  if (held.kind === "string" || held.kind === "bool") return held.kind;
  return typedArrayOf(held) === null ? null : `${held.kind}${8 * held.itemsize}` as DTypeName;
}

/**
 * Whether an array's elements are of a dtype; if so, the type of its data is known as well. The methods `is` of datasets and
 * other arrays ask the same.
 *
 * @param array A lazy array, or one in memory
 * @param name Name of the dtype, whatever its byte order
 * @throws {TypeError} If there is no such name
 *
 * @example
 * ```ts
 * import { hasDType } from "./dtype_name.ts";
 * import { memoryArray } from "../memory.ts";
 * import { ndarray } from "../ndarray.ts";
 * import type { LazyArray } from "../types.ts";
 * import assert from "node:assert/strict";
 *
 * const lazy: LazyArray = memoryArray(ndarray(Int16Array.of(1, 2, 3)));
 * assert(hasDType(lazy, "int16"));
 * const { data } = await lazy.read();
 * const sum: number = data.reduce((a, b) => a + b);
 * assert.equal(sum, 6);
 * ```
 */
export function hasDType<N extends DTypeName>(array: LazyArray, name: N): array is LazyArray<DTypeData[N]>;
export function hasDType<N extends DTypeName>(array: NDArray, name: N): array is NDArray<DTypeData[N]>;
export function hasDType(array: { readonly dtype: DType }, name: DTypeName): boolean {
  if (NAMES[name] !== true) {
    throw new TypeError(
      `Cannot ask whether elements are ${JSON.stringify(name)}: expected one of ${Object.keys(NAMES).join(", ")}`,
    );
  }
  return dtypeName(array.dtype) === name;
}

const NAMES: Readonly<Record<DTypeName, true>> = {
  bool: true,
  int8: true,
  int16: true,
  int32: true,
  int64: true,
  uint8: true,
  uint16: true,
  uint32: true,
  uint64: true,
  float16: true,
  float32: true,
  float64: true,
  complex64: true,
  complex128: true,
  datetime64: true,
  timedelta64: true,
  string: true,
};
